// Events that differ in texts only from one that was added before: what they add goes where its
// texts went.
#include "assembly/assembly.hpp"

namespace chatwire::assembly {
namespace {

constexpr std::uint32_t choices_slot = slot_of(merged::chat_completion_chunk, "choices");
constexpr std::uint32_t index_slot = slot_of(merged::chunk_choice, "index");
constexpr std::uint32_t delta_slot = slot_of(merged::chunk_choice, "delta");
constexpr std::uint32_t logprobs_slot = slot_of(merged::chunk_choice, "logprobs");
constexpr std::uint32_t calls_slot = slot_of(merged::delta, "tool_calls");
constexpr std::uint32_t call_id_slot = slot_of(merged::tool_call_delta, "id");
constexpr std::uint32_t call_index_slot = slot_of(merged::tool_call_delta, "index");
// By their numbers, and what is told of them.
constexpr std::uint32_t text_slots[] = {
    slot_of(merged::delta, "content"), slot_of(merged::delta, "reasoning"),
    slot_of(merged::delta, "reasoning_content"), slot_of(merged::delta, "refusal")};
constexpr event_kind kinds[] = {event_kind::text, event_kind::reasoning, event_kind::reasoning,
                                event_kind::refusal};
constexpr std::uint32_t arguments_number = sizeof text_slots / sizeof *text_slots;

}  // namespace

std::uint32_t assembly::choice_of(const decoder& from, std::uint32_t root) const {
  const std::uint32_t list = decoder::slot_word(root, choices_slot);
  if (!from.holds(root, choices_slot) || from.words()[list + 1] != 1) return 0;
  const std::uint32_t object = from.words()[list];
  if (!from.holds(object, index_slot)) return 0;
  double index = 0;
  std::memcpy(&index, from.words() + decoder::slot_word(object, index_slot), sizeof index);
  return choice_at(index);
}

bool assembly::find_target(decoder& from, std::uint32_t root, std::uint32_t with,
                           repeat_target& to) {
  from_ = &from;
  const std::uint32_t object = child(root, choices_slot);
  to.choice = choice_at(number(object, index_slot));
  if (to.choice == 0 || nodes_[to.choice].is_over) return false;
  to.logprobs = find(to.choice, logprobs_slot);
  if (const std::uint32_t entry = word(root + 2); entry != 0)
    to.padding = find(top, unknown, split(from.extra_source(entry)).name);
  for (std::uint32_t i = 0; i < arguments_number; ++i) {
    if ((with >> i & 1U) == 0) {
      to.text[i] = 0;
      continue;
    }
    to.text[i] = find(to.choice + message_node, text_slots[i]);
    if (to.text[i] == 0 || nodes_[to.text[i]].as != form::text) return false;
  }
  if ((with >> arguments_number & 1U) == 0) return true;
  const std::uint32_t call = child(child(object, delta_slot), calls_slot);
  const std::uint32_t list = find(to.choice + message_node, calls_slot);
  // An id tells more than an index, which several calls may share.
  std::uint32_t& found = to.text[arguments_number];
  found = find_call_by_id(list, text_in(call, models::model::tool_call_delta, call_id_slot));
  if (found == 0) found = find_last_call(list, number(call, call_index_slot));
  return to.text[arguments_number] != 0;
}

bool assembly::go_on(const repeat_target& to) {
  const std::uint32_t at = to.text[arguments_number] + arguments_node;
  return begins_json(text_at(at)) && !is_placeholder(text_at(at)) && !is_whole(at);
}

bool assembly::repeat(decoder& from, const repeat_target& to, std::uint32_t what, view text,
                      std::uint32_t at_word, const assembly_options& options) {
  const place whole;
  begin(from, options, whole);
  choice_ = to.choice;
  const std::uint32_t at = to.text[what];
  if (what == arguments_number) {
    append(at + arguments_node, text);
    const std::uint32_t list = find(to.choice + message_node, calls_slot);
    if (options.events)
      tell_call(at, position_of(list, at), static_cast<std::uint32_t>(text.size()), at_word, false,
                false);
  } else {
    append(at, text);
    // Of several names for reasoning the first one is told.
    if (!text.empty() && !(what == 2 && to.text[1] != 0)) tell(kinds[what], at_word);
  }
  return !failed_;
}

bool assembly::repeat_logprobs(decoder& from, const repeat_target& to, std::uint32_t object,
                               const assembly_options& options) {
  const place whole;
  begin(from, options, whole);
  join_object(to.logprobs, object, models::model::logprobs);
  return !failed_;
}

bool assembly::repeat_usage(decoder& from, view source, std::uint32_t object,
                            const assembly_options& options) {
  const place whole;
  begin(from, options, whole);
  if (is_empty(source)) return true;
  usage_ = source;
  usage_word_ = object;
  join_usage();
  return !failed_;
}

bool assembly::repeat_padding(decoder& from, const repeat_target& to, view source) {
  const place whole;
  begin(from, {}, whole);
  join_value(to.padding, rule::last, source);
  return !failed_;
}

}  // namespace chatwire::assembly
