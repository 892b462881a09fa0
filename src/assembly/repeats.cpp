// Events that differ in texts only from one that was added before: what they add goes where its
// texts went.
#include "assembly/context.hpp"
#include "assembly/raw.hpp"
#include "assembly/rules.hpp"

namespace chatwire::assembly {
namespace {

constexpr std::uint32_t arguments_number = 4;
// By their numbers: content has a place of its own.
constexpr std::uint32_t text_slots[] = {
    merged::delta.find("content")->slot, merged::delta.find("reasoning")->slot,
    merged::delta.find("reasoning_content")->slot, merged::delta.find("refusal")->slot};

}  // namespace

bool assembly::begins_arguments(std::string_view text) {
  const char first = first_character(text);
  return first == '{' || first == '[';
}

bool assembly::find_target(const decoder& from, std::uint32_t root, std::uint32_t with,
                           repeat_target& to) const {
  constexpr std::uint32_t choices_slot = merged::chat_completion_chunk.find("choices")->slot;
  constexpr std::uint32_t index_slot = merged::chunk_choice.find("index")->slot;
  constexpr std::uint32_t delta_slot = merged::chunk_choice.find("delta")->slot;
  constexpr std::uint32_t calls_slot = merged::delta.find("tool_calls")->slot;
  constexpr std::uint32_t call_index_slot = merged::tool_call_delta.find("index")->slot;
  const auto number_at = [&](std::uint32_t object, std::uint32_t slot) {
    double number = 0;
    std::memcpy(&number, from.words() + decoder::slot_word(object, slot), sizeof number);
    return number;
  };
  const std::uint32_t object = from.words()[decoder::slot_word(root, choices_slot)];
  const choice* of = choice_at(number_at(object, index_slot));
  if (of == nullptr || of->is_over) return false;
  to.choice = static_cast<std::uint32_t>(of - choices_.data());
  if ((with & 1U) != 0 && !of->text.has_text()) return false;
  for (std::uint32_t i = 1; i < arguments_number; ++i) {
    to.text[i] = (with >> i & 1U) == 0 ? 0 : members_.find(of->message, text_slots[i]);
    if ((with >> i & 1U) != 0 && (to.text[i] == 0 || members_[to.text[i]].how != join::text))
      return false;
  }
  if ((with >> arguments_number & 1U) == 0) return true;
  const std::uint32_t delta = from.words()[decoder::slot_word(object, delta_slot)];
  const std::uint32_t call = from.words()[decoder::slot_word(delta, calls_slot)];
  constexpr std::uint32_t call_id_slot = merged::tool_call_delta.find("id")->slot;
  // An id tells more than an index, which several calls may share.
  to.tool_call = 0;
  if (from.holds(call, call_id_slot)) {
    const std::string_view id =
        from.source(call, merged_object(models::model::tool_call_delta), call_id_slot);
    if (!is_empty(id)) to.tool_call = tools_.find_id(of->tools, inside(id));
  }
  if (to.tool_call == 0)
    to.tool_call = tools_.find_last(of->tools, number_at(call, call_index_slot));
  return to.tool_call != 0;
}

bool assembly::repeat(decoder& from, const repeat_target& to, std::uint32_t what,
                      std::string_view text, std::uint32_t word, const assembly_options& options) {
  const limits most;
  context at{from, most, options};
  choice& now = choices_[to.choice];
  at.now = &now;
  if (what == 0) {
    held_ += text.size();
    if (!now.text.add_text(text)) return false;
    if (options.events && !text.empty()) tell(at, event_kind::text, word);
    return true;
  }
  if (what < arguments_number) {
    if (!members_.append_text(to.text[what], text)) return false;
    // Of several names for reasoning the first one is told.
    const bool is_second = what == 2 && to.text[1] != 0;
    if (options.events && !text.empty() && !is_second)
      tell(at, what == 3 ? event_kind::refusal : event_kind::reasoning, word);
    return true;
  }
  if (!tools_.append_arguments(to.tool_call, text)) return false;
  placed made;
  made.call = to.tool_call;
  made.added = text;
  if (options.events) tell_tool_call(at, made, word);
  return true;
}

}  // namespace chatwire::assembly
