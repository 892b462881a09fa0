// How the members of each model are joined when its objects come in pieces.
#pragma once

#include <string_view>

#include "assembly/members.hpp"
#include "models/merged.hpp"

namespace chatwire::assembly {

namespace merged = models::merged;

/// A member that is not joined as most of its model's are.
struct exception_to_rule {
  std::string_view name;
  join how;
};

template <std::size_t N>
consteval join_rules make_rules(const models::object_schema& of, join most, bool unknown_pieces,
                                const exception_to_rule (&exceptions)[N]) {
  join_rules made;
  made.unknown_pieces = unknown_pieces;
  for (std::size_t slot = 0; slot < of.count; ++slot) made.of[slot] = most;
  for (const exception_to_rule& one : exceptions) {
    std::size_t slot = 0;
    while (slot < of.count && of.fields[slot].name() != one.name) ++slot;
    if (slot == of.count) models::does_not_compile("no such member");
    made.of[slot] = one.how;
  }
  return made;
}

// Usage and Groq's own member come when they come; what hides the length of a chunk is not of the
// completion.
inline constexpr join_rules chunk_rules =
    make_rules(merged::chat_completion_chunk, join::last, false,
               {{"id", join::first},
                {"object", join::first},
                {"created", join::first},
                {"model", join::first},
                {"choices", join::other},
                {"obfuscation", join::ignore},
                {"usage", join::ignore},
                {"x_groq", join::other}});
inline constexpr join_rules x_groq_rules =
    make_rules(merged::x_groq, join::last, false, {{"id", join::first}});
inline constexpr join_rules choice_rules = make_rules(merged::chunk_choice, join::last, false,
                                                      {{"index", join::ignore},
                                                       {"delta", join::other},
                                                       {"logprobs", join::other},
                                                       {"finish_reason", join::other}});
inline constexpr join_rules delta_rules = make_rules(merged::delta, join::last, true,
                                                     {{"role", join::first},
                                                      {"content", join::other},
                                                      {"refusal", join::other},
                                                      {"reasoning", join::other},
                                                      {"reasoning_content", join::other},
                                                      {"tool_calls", join::other},
                                                      {"function_call", join::other},
                                                      {"audio", join::other},
                                                      {"annotations", join::list},
                                                      {"reasoning_details", join::other},
                                                      {"images", join::list},
                                                      {"executed_tools", join::other},
                                                      {"index", join::ignore}});
inline constexpr join_rules logprobs_rules =
    make_rules(merged::logprobs, join::list, true, {{"content", join::list}});
inline constexpr join_rules audio_rules =
    make_rules(merged::audio, join::last, true,
               {{"id", join::first}, {"data", join::text}, {"transcript", join::text}});
inline constexpr join_rules function_call_rules =
    make_rules(merged::function_call, join::text, true, {{"name", join::first}});
inline constexpr join_rules tool_call_rules =
    make_rules(merged::tool_call_delta, join::ignore, false, {{"index", join::ignore}});
inline constexpr join_rules tool_function_rules =
    make_rules(merged::tool_function, join::ignore, false, {{"name", join::ignore}});
inline constexpr join_rules reasoning_detail_rules =
    make_rules(merged::reasoning_detail, join::last, false,
               {{"text", join::text}, {"summary", join::text}, {"data", join::text}});
inline constexpr join_rules executed_tool_rules =
    make_rules(merged::executed_tool, join::last, false, {{"index", join::first}});

}  // namespace chatwire::assembly
