// Events that differ in some members only from one that was added before: what they add goes where
// those of that one went.
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

bool assembly::repeat(decoder& from, const repeat_target& to, const repeated& parts,
                      const assembly_options& options) {
  const place whole;
  begin(from, options, whole);
  if (parts.is_text) {
    choice_ = to.choice;
    repeat_texts(to, parts);
    return !failed_;
  }
  const place list{&whole, "choices"};
  const place where{&list, {}, 0};
  // At the top it counts before Groq's.
  if (parts.usage != 0 && !is_empty(parts.at(parts.usage_source))) {
    usage_ = parts.at(parts.usage_source);
    usage_word_ = parts.usage;
  }
  if (parts.members[0] != 0)
    join_object(top, parts.members[0], models::model::chat_completion_chunk);
  repeat_unknown(parts, 0, top);
  choice_ = to.choice;
  where_ = &where;
  reasoned_ = events_.size();
  repeat_texts(to, parts);
  const std::uint32_t message = to.choice + message_node;
  if (parts.members[2] != 0) join_object(message, parts.members[2], models::model::delta);
  repeat_unknown(parts, 2, message);
  if (parts.logprobs != 0) join_object(to.logprobs, parts.logprobs, models::model::logprobs);
  if (parts.members[1] != 0) join_object(to.choice, parts.members[1], models::model::chunk_choice);
  repeat_unknown(parts, 1, to.choice);
  where_ = &whole;
  join_usage();
  return !failed_;
}

// In the order in which a delta is taken apart.
void assembly::repeat_texts(const repeat_target& to, const repeated& parts) {
  for (const std::uint32_t what : {0U, 3U, 1U, 2U}) {
    if ((parts.texts >> what & 1U) == 0) continue;
    const view text = parts.at(parts.text[what]);
    append(to.text[what], text);
    // Of several names for reasoning the first one is told.
    if (!text.empty() && !(what == 2 && to.text[1] != 0)) tell(kinds[what], parts.word[what]);
    if (what == 0 || what == 3) reasoned_ = events_.size();
  }
  if ((parts.texts >> arguments_number & 1U) == 0) return;
  const view arguments = parts.at(parts.text[arguments_number]);
  const std::uint32_t call = to.text[arguments_number];
  append(call + arguments_node, arguments);
  if (!options_.events) return;
  const std::uint32_t list = find(to.choice + message_node, calls_slot);
  tell_call(call, position_of(list, call), static_cast<std::uint32_t>(arguments.size()),
            parts.word[arguments_number], false, false);
}

void assembly::repeat_unknown(const repeated& parts, std::uint32_t of, std::uint32_t into) {
  for (std::uint32_t i = 0; i < parts.unknown_count; ++i)
    if (parts.unknown[i].of == of)
      join_unknown(into, parts.at(parts.unknown[i].source), of == 2, parts.unknown[i].node);
}

std::uint32_t assembly::unknown_of(std::uint32_t choice, std::uint32_t which, view name,
                                   bool& adds_up) const {
  const std::uint32_t objects[] = {top, choice, choice + message_node};
  const std::uint32_t at = find(objects[which], unknown, name);
  adds_up = nodes_[at].as == form::text || nodes_[at].as == form::list ||
            (which == 1 && (same(name, whole_message) || same(name, usage_of_choice)));
  return at;
}

}  // namespace chatwire::assembly
