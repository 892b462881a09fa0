#include "session.hpp"

#include <new>

namespace chatwire {
namespace {

std::uint32_t address(const void* of) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(of));
}

}  // namespace

std::uint32_t session::input(std::uint32_t bytes) {
  work_.input.clear();
  return work_.input.room(stream_workspace::lead + bytes)
             ? address(work_.input.data() + stream_workspace::lead)
             : 0;
}

void session::limit(std::uint32_t body_bytes, std::uint32_t event_bytes, std::uint32_t depth,
                    std::uint32_t choices, std::uint32_t tool_calls) {
  limits_ = {body_bytes, event_bytes, depth, choices, tool_calls};
}

decoder_options session::unpack(std::uint32_t packed) const {
  const auto is_set = [packed](std::uint32_t flag) { return (packed & flag) != 0; };
  decoder_options options;
  options.contract = static_cast<models::contract_id>(packed & packed_options::contract_bits);
  options.kind =
      static_cast<body_kind>(packed >> packed_options::kind_shift & packed_options::kind_bits);
  options.allow_empty_choices = is_set(packed_options::allow_empty_choices);
  options.keep_non_finite = is_set(packed_options::keep_non_finite);
  options.surrogates_in_input = is_set(packed_options::surrogates_in_input);
  options.keep_big_integers = is_set(packed_options::keep_big_integers);
  options.repair_json = is_set(packed_options::repair_json);
  options.limits = limits_;
  return options;
}

void session::tell(const decoded& result) {
  decoder& from = work_.decode;
  const text::text_store& text = from.text();
  const std::string_view issues = from.issue_count() == 0 ? std::string_view() : from.issues();
  outcome = {from.issue_count(),
             result.root,
             result.error,
             result.raw,
             text.has_lone_surrogates() ? 1U : 0U,
             address(from.words()),
             address(from.input().data()),
             address(text.pool8()),
             text.pool8_size(),
             address(text.text8()),
             address(text.pool16()),
             text.pool16_size(),
             address(text.text16()),
             address(issues.data()),
             static_cast<std::uint32_t>(issues.size()),
             address(text.names()),
             text.names_version()};
}

std::uint32_t session::decode(std::uint32_t length, std::uint32_t packed) {
  const auto* bytes = reinterpret_cast<const char*>(work_.input.data()) + stream_workspace::lead;
  const decoded result = work_.decode.decode({bytes, length}, unpack(packed));
  tell(result);
  return result.ok ? 1 : 0;
}

void session::shrink(std::uint32_t bytes) { work_.shrink(bytes); }

// ---- Streams ------------------------------------------------------------------------------------

stream* session::open_stream(std::uint32_t packed) const {
  stream_options options;
  options.decode = unpack(packed);
  options.skip_bad_events = (packed & packed_options::skip_bad_events) != 0;
  options.cumulative = (packed & packed_options::cumulative_deltas) != 0;
  return new (std::nothrow) stream(options);
}

void session::close_stream(stream* of) { delete of; }

std::uint32_t session::stream_input(stream& of, std::uint32_t bytes) {
  return address(of.input(work_, bytes));
}

std::uint32_t session::tell(const stream& of) {
  tell(of.failure());
  outcome.chunks = address(of.chunks().data());
  outcome.chunk_count = of.chunks().size();
  outcome.events = address(of.events().data());
  outcome.event_count = of.events().size();
  outcome.heartbeats = of.heartbeats();
  outcome.usage_updates = of.usage_updates();
  outcome.stream_events = of.event_count();
  return static_cast<std::uint32_t>(of.state()) | (of.is_done() ? stream_status::done : 0) |
         (of.holds_much() ? stream_status::holds_much : 0) |
         (of.knows_likes() ? stream_status::knows_likes : 0);
}

std::uint32_t session::feed(stream& of, std::uint32_t length, std::uint32_t wants) {
  of.feed(work_, length, static_cast<stream_wants>(wants));
  const std::uint32_t status = tell(of);
  // Small reads come in rows: after a large one nothing needs to be known.
  if (length >= 2 * stream_status::quiet || !of.is_quiet()) return status;
  return status | stream_status::quiet | (of.is_in_values() ? stream_status::in_values : 0);
}

std::uint32_t session::finish(stream& of, std::uint32_t wants) {
  const bool broken = (wants & stream_broken) != 0;
  of.finish(work_, static_cast<stream_wants>(wants & ~stream_broken), broken);
  return tell(of);
}

std::uint32_t session::complete(stream& of, bool final) {
  const decoded result = of.complete(work_, final);
  tell(result);
  return result.ok ? 1 : 0;
}

std::uint32_t session::partial(stream& of, std::int32_t choice_index, std::uint32_t tool_call) {
  const partial_json* tree = tool_call == 0xFFFFFFFFU
                                 ? of.partial_content(work_, choice_index)
                                 : of.partial_arguments(work_, choice_index, tool_call);
  outcome.operations = address(work_.partial.operations());
  outcome.operations_size = work_.partial.size();
  outcome.operations_text = address(work_.partial.text());
  return tree == nullptr ? 0 : tree->complete() && of.is_final(choice_index) ? 2 : 1;
}

}  // namespace chatwire
