#include "chatwire/decode.hpp"

#include <array>
#include <utility>

#include "decode/decoder.hpp"
#include "decode/vocabulary.hpp"
#include "structs/from_tape.hpp"
#include "structs/generated/descriptions.hpp"
#include "structs/issues.hpp"
#include "structs/open_value.hpp"
#include "tape/view.hpp"

namespace chatwire {
namespace {

tape::view view_of(const decoder& from) {
  const text::text_store& text = from.text();
  return {from.words(),
          {reinterpret_cast<const char*>(text.pool8()), text.pool8_size()},
          from.input(),
          vocabulary};
}

failure failure_of(const decoded& outcome, const tape::view& tape,
                   const std::vector<issue>& issues) {
  failure why;
  why.code = outcome.failure;
  for (const issue& one : issues) {
    if (one.severity != severity::error) continue;
    why.offset = one.offset;
    why.message = one.message;
    break;
  }
  if (outcome.error != 0) structs::read_object(tape, outcome.error, why.provider.emplace());
  if (outcome.raw != 0) why.body = structs::open_value(tape, outcome.raw);
  return why;
}

template <class Model>
result<Model> decode_as(decoder& with, body_kind kind, std::string_view bytes,
                        const decode_options& options) {
  decoder_options how;
  how.contract = static_cast<models::contract_id>(options.contract);
  how.kind = kind;
  how.allow_empty_choices = options.allow_empty_choices;
  how.keep_non_finite = options.keep_non_finite;
  how.limits = options.limits;
  const decoded outcome = with.decode(bytes, how);
  const tape::view tape = view_of(with);

  result<Model> made;
  if (outcome.root != 0) structs::read_object(tape, outcome.root, made.value());
  if (outcome.issue_count != 0) made.set_issues(structs::read_issues(with.issues()));
  if (!outcome.ok) made.fail(failure_of(outcome, tape, made.issues()));
  return made;
}

}  // namespace

result<chat_completion> decode(std::string_view body, const decode_options& options) {
  decoder with;
  return decode_as<chat_completion>(with, body_kind::completion, body, options);
}

result<chat_completion_chunk> decode_chunk(std::string_view event, const decode_options& options) {
  decoder with;
  return decode_as<chat_completion_chunk>(with, body_kind::chunk, event, options);
}

body_decoder::body_decoder(const decode_options& options)
    : decoder_(std::make_unique<decoder>()), options_(options) {}
body_decoder::~body_decoder() = default;
body_decoder::body_decoder(body_decoder&&) noexcept = default;
body_decoder& body_decoder::operator=(body_decoder&&) noexcept = default;

result<chat_completion> body_decoder::decode(std::string_view body) {
  return decode_as<chat_completion>(*decoder_, body_kind::completion, body, options_);
}

result<chat_completion_chunk> body_decoder::decode_chunk(std::string_view event) {
  return decode_as<chat_completion_chunk>(*decoder_, body_kind::chunk, event, options_);
}

}  // namespace chatwire
