#include "chatwire/decode.hpp"

#include <array>
#include <utility>

#include "decode/decoder.hpp"
#include "decode/vocabulary.hpp"
#include "structs/from_tape.hpp"
#include "structs/generated/descriptions.hpp"
#include "structs/issues.hpp"
#include "structs/open_value.hpp"
#include "structs/outcome.hpp"
#include "tape/view.hpp"

namespace chatwire {
namespace structs {

tape::view view_of(const decoder& from) {
  const text::text_store& text = from.text();
  return {from.words(),
          {reinterpret_cast<const char*>(text.pool8()), text.pool8_size()},
          from.input(),
          vocabulary};
}

decoder_options decoder_options_of(const decode_options& options, body_kind kind) {
  decoder_options how;
  how.contract = static_cast<models::contract_id>(options.contract);
  how.kind = kind;
  how.allow_empty_choices = options.allow_empty_choices;
  how.keep_non_finite = options.keep_non_finite;
  how.limits = options.limits;
  return how;
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
  if (outcome.error != 0) read_object(tape, outcome.error, why.provider.emplace());
  if (outcome.raw != 0) why.body = open_value(tape, outcome.raw);
  return why;
}

}  // namespace structs

namespace {

template <class Model>
result<Model> decode_as(decoder& with, body_kind kind, std::string_view bytes,
                        const decode_options& options) {
  const decoded outcome = with.decode(bytes, structs::decoder_options_of(options, kind));
  const tape::view tape = structs::view_of(with);

  result<Model> made;
  if (outcome.root != 0) structs::read_object(tape, outcome.root, made.value());
  if (outcome.issue_count != 0) made.set_issues(structs::read_issues(with.issues()));
  if (!outcome.ok) made.fail(structs::failure_of(outcome, tape, made.issues()));
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
