#include "session.hpp"

namespace chatwire {
namespace {

std::uint32_t address(const void* of) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(of));
}

}  // namespace

std::uint32_t session::input(std::uint32_t bytes) {
  input_.clear();
  return input_.room(bytes) ? address(input_.data()) : 0;
}

void session::limit(std::uint32_t body_bytes, std::uint32_t event_bytes, std::uint32_t depth,
                    std::uint32_t choices, std::uint32_t tool_calls) {
  limits_ = {body_bytes, event_bytes, depth, choices, tool_calls};
}

std::uint32_t session::decode(std::uint32_t length, std::uint32_t packed) {
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
  const decoded result =
      decoder_.decode({reinterpret_cast<const char*>(input_.data()), length}, options);
  const text::text_store& text = decoder_.text();
  const std::string_view issues = result.issue_count == 0 ? std::string_view() : decoder_.issues();
  outcome = {result.issue_count,
             result.root,
             result.error,
             result.raw,
             text.has_lone_surrogates() ? 1U : 0U,
             address(decoder_.words()),
             address(input_.data()),
             address(text.pool8()),
             text.pool8_size(),
             address(text.text8()),
             address(text.pool16()),
             text.pool16_size(),
             address(text.text16()),
             address(issues.data()),
             static_cast<std::uint32_t>(issues.size())};
  return result.ok ? 1 : 0;
}

void session::shrink(std::uint32_t bytes) {
  input_.shrink(bytes);
  decoder_.shrink(bytes);
}

}  // namespace chatwire
