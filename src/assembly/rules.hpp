// How the values of each member become one where its objects come in pieces.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/merged.hpp"

namespace chatwire::assembly {

namespace merged = models::merged;

/// The slot of a member; at compile time only, so that the models' descriptions stay out of what
/// is shipped.
consteval std::uint32_t slot_of(const models::object_schema& of, std::string_view name) {
  return of.find(name)->slot;
}

enum class rule : std::uint8_t {
  usage,     // the last value that says something, wherever it comes
  expiry,    // the same, with which a choice is over
  last,      // the last value that says something
  identity,  // the first value that says something; that it changes is reported
  first,     // the first value that says something
  text,      // texts, one after the other
  list,      // the elements of arrays, one after the other
  // Of values that do not fit the others, the first one counts.
  reason,          // why a choice is over
  told,            // texts that events tell, or parts
  object_or_null,  // by the rules of its own model
  // Null says nothing:
  object,
  delta,  // the object that all of it is about
  items,  // objects that are told apart by their index
  tool_calls,
  ignore,  // it is of the chunk, or somebody else's
};

/// The rules of a model's members, by their slots.
struct model_rules {
  models::model of{};
  bool unknown_pieces = false;  // unknown members may be pieces of something longer
  rule by[16]{};
};

/// A member that is not joined as most of its model's are.
struct exception_to_rule {
  std::string_view name;
  rule by;
};

template <std::size_t N>
consteval model_rules make_rules(const models::object_schema& of, rule most, bool unknown_pieces,
                                 const exception_to_rule (&exceptions)[N]) {
  model_rules made{of.id, unknown_pieces, {}};
  for (std::size_t slot = 0; slot < of.count; ++slot) made.by[slot] = most;
  for (const exception_to_rule& one : exceptions) made.by[slot_of(of, one.name)] = one.by;
  return made;
}

inline constexpr model_rules all_rules[] = {
    // What hides the length of a chunk is not of the completion, nor is an error.
    make_rules(merged::chat_completion_chunk, rule::last, false,
               {{"id", rule::identity},
                {"object", rule::first},
                {"created", rule::first},
                {"model", rule::identity},
                {"choices", rule::ignore},
                {"usage", rule::usage},
                {"obfuscation", rule::ignore},
                {"error", rule::ignore},
                {"x_groq", rule::object}}),
    make_rules(merged::x_groq, rule::last, false, {{"id", rule::first}, {"usage", rule::usage}}),
    make_rules(merged::chunk_choice, rule::last, false,
               {{"index", rule::ignore},
                {"delta", rule::delta},
                {"logprobs", rule::object_or_null},
                {"finish_reason", rule::reason}}),
    make_rules(merged::delta, rule::last, true,
               {{"role", rule::first},
                {"content", rule::told},
                {"refusal", rule::told},
                {"reasoning", rule::told},
                {"reasoning_content", rule::told},
                {"tool_calls", rule::tool_calls},
                {"function_call", rule::object},
                {"audio", rule::object},
                {"annotations", rule::list},
                {"reasoning_details", rule::items},
                {"images", rule::list},
                {"executed_tools", rule::items},
                {"index", rule::ignore}}),
    make_rules(merged::logprobs, rule::list, true, {{"content", rule::list}}),
    make_rules(merged::audio, rule::last, true,
               {{"id", rule::first},
                {"data", rule::text},
                {"transcript", rule::text},
                {"expires_at", rule::expiry}}),
    make_rules(merged::function_call, rule::text, true, {{"name", rule::first}}),
    make_rules(merged::tool_call_delta, rule::ignore, false, {{"index", rule::ignore}}),
    make_rules(merged::tool_function, rule::ignore, false, {{"name", rule::ignore}}),
    make_rules(merged::custom_tool, rule::ignore, false, {{"name", rule::ignore}}),
    make_rules(merged::reasoning_detail, rule::last, false,
               {{"text", rule::text}, {"summary", rule::text}, {"data", rule::text}}),
    make_rules(merged::executed_tool, rule::last, false, {{"index", rule::first}}),
};

}  // namespace chatwire::assembly
