// The completion so far, as the JSON that a server would have sent had it not streamed.
#include "assembly/assembly.hpp"
#include "assembly/raw.hpp"
#include "assembly/rules.hpp"

namespace chatwire::assembly {
namespace {

constexpr std::uint32_t object_slot = merged::chat_completion_chunk.find("object")->slot;
constexpr std::uint32_t error_slot = merged::chat_completion_chunk.find("error")->slot;
constexpr std::uint32_t role_slot = merged::delta.find("role")->slot;

[[nodiscard]] bool begin_member(piece& to, bool& first, std::string_view name) {
  const bool done = to.append(first ? "\"" : ",\"") && to.append(name) && to.append("\":");
  first = false;
  return done;
}

[[nodiscard]] bool write_string(piece& to, std::string_view escaped) {
  return to.append("\"") && to.append(escaped) && to.append("\"");
}

// The choice's index, of which the wire has the shortest form.
[[nodiscard]] bool write_integer(piece& to, double value) {
  char digits[24];
  std::size_t at = sizeof digits;
  auto left = static_cast<std::uint64_t>(value < 0 ? -value : value);
  do {
    digits[--at] = static_cast<char>('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (value < 0) digits[--at] = '-';
  return to.append({digits + at, sizeof digits - at});
}

[[nodiscard]] bool write_value(piece& to, const member& of) {
  if (of.how == join::text && of.said) return write_string(to, of.value.view());
  if (of.how == join::list && of.said)
    return to.append("[") && to.append(of.value.view()) && to.append("]");
  return to.append(of.value.size == 0 ? std::string_view("null") : of.value.view());
}

}  // namespace

bool assembly::write_members(piece& to, const member_list& list, const models::table_object& schema,
                             bool& first) const {
  for (std::uint32_t at = list.first; at != 0; at = members_[at].next) {
    const member& one = members_[at];
    // A choice's message was taken apart.
    if (schema.id == models::model::chunk_choice && one.name.view() == "message") continue;
    const std::string_view name = one.slot == member::unknown_slot
                                      ? one.name.view()
                                      : name_of(models::table_fields[schema.field + one.slot]);
    if (!begin_member(to, first, name) || !write_value(to, one)) return false;
  }
  return true;
}

bool assembly::write(piece& to, bool makes_ids) const {
  to.size = 0;
  const models::table_object& schema = merged_object(models::model::chat_completion_chunk);
  bool first = true;
  if (!to.append("{")) return false;
  for (std::uint32_t at = top_.first; at != 0; at = members_[at].next) {
    const member& one = members_[at];
    if (one.slot == error_slot) continue;
    const std::string_view name = one.slot == member::unknown_slot
                                      ? one.name.view()
                                      : name_of(models::table_fields[schema.field + one.slot]);
    if (!begin_member(to, first, name)) return false;
    const bool written =
        one.slot == object_slot ? to.append(R"("chat.completion")") : write_value(to, one);
    if (!written) return false;
  }
  if (!begin_member(to, first, "choices") || !to.append("[")) return false;
  std::uint32_t written = 0;
  for (const choice* one = choice_after(nullptr); one != nullptr; one = choice_after(one))
    if (!write_choice(to, *one, written++ == 0, makes_ids)) return false;
  if (!to.append("]")) return false;
  if ((has_usage_ || usage_.size != 0) &&
      (!begin_member(to, first, "usage") ||
       !to.append(usage_.size == 0 ? std::string_view("null") : usage_.view())))
    return false;
  if (has_x_groq_) {
    bool first_inside = true;
    if (!begin_member(to, first, "x_groq") || !to.append("{") ||
        !write_members(to, x_groq_, merged_object(models::model::x_groq), first_inside) ||
        !to.append("}"))
      return false;
  }
  return to.append("}");
}

// The choice with the next higher index.
const choice* assembly::choice_after(const choice* before) const {
  const choice* next = nullptr;
  for (std::uint32_t i = 0; i < choices_.size(); ++i) {
    if (before != nullptr && choices_[i].index <= before->index) continue;
    if (next == nullptr || choices_[i].index < next->index) next = &choices_[i];
  }
  return next;
}

void assembly::mark_made_up(decoder& decoded, std::uint32_t root) const {
  constexpr std::uint32_t choices_slot = merged::chat_completion.find("choices")->slot;
  constexpr std::uint32_t message_slot = merged::choice.find("message")->slot;
  constexpr std::uint32_t calls_slot = merged::message.find("tool_calls")->slot;
  constexpr std::uint32_t flag_slot = merged::tool_call.count;  // the first that never travels
  static_assert(merged::tool_call.fields[flag_slot].name() == "id_synthetic");
  if (root == 0 || !decoded.holds(root, choices_slot)) return;
  const std::uint32_t* list = decoded.tape_at(decoder::slot_word(root, choices_slot));
  std::uint32_t left = list[1];
  std::uint32_t object = list[0];
  for (const choice* one = choice_after(nullptr); one != nullptr && left != 0;
       one = choice_after(one), --left, object = decoded.words()[object + 3]) {
    if (!decoded.holds(object, message_slot)) continue;
    const std::uint32_t message = decoded.words()[decoder::slot_word(object, message_slot)];
    if (!decoded.holds(message, calls_slot)) continue;
    const std::uint32_t* calls = decoded.tape_at(decoder::slot_word(message, calls_slot));
    std::uint32_t calls_left = calls[1];
    std::uint32_t call = calls[0];
    for (std::uint32_t at = one->tools.first; at != 0 && calls_left != 0;
         at = tools_[at].next, --calls_left, call = decoded.words()[call + 3]) {
      if (tools_[at].id.size != 0) continue;
      *decoded.tape_at(call) |= 1U << flag_slot;
      *decoded.tape_at(decoder::slot_word(call, flag_slot)) = 1;
    }
  }
}

bool assembly::write_choice(piece& to, const choice& of, bool first, bool makes_ids) const {
  if (!to.append(first ? "{" : ",{")) return false;
  bool first_member = true;
  if (!of.made_up_index &&
      (!begin_member(to, first_member, "index") || !write_integer(to, of.index)))
    return false;
  if (!begin_member(to, first_member, "message") || !write_message(to, of, makes_ids)) return false;
  if (of.has_logprobs || of.null_logprobs) {
    bool first_inside = true;
    if (!begin_member(to, first_member, "logprobs")) return false;
    if (of.has_logprobs
            ? !to.append("{") ||
                  !write_members(to, of.logprobs, merged_object(models::model::logprobs),
                                 first_inside) ||
                  !to.append("}")
            : !to.append("null"))
      return false;
  }
  if (of.sent_finish_reason &&
      (!begin_member(to, first_member, "finish_reason") ||
       !to.append(of.finish_reason.size == 0 ? std::string_view("null") : of.finish_reason.view())))
    return false;
  return write_members(to, of.members, merged_object(models::model::chunk_choice), first_member) &&
         to.append("}");
}

bool assembly::write_message(piece& to, const choice& of, bool makes_ids) const {
  bool first = true;
  if (!to.append("{")) return false;
  const std::uint32_t role = members_.find(of.message, role_slot);
  const bool has_role = role != 0 && members_[role].said;
  if (!has_role && of.whole_message.size == 0 &&
      (!begin_member(to, first, "role") || !to.append(R"("assistant")")))
    return false;
  if (of.text.was_sent() && (of.whole_message.size == 0 || of.text.is_set()) &&
      (!begin_member(to, first, "content") || !of.text.write(to)))
    return false;
  const models::table_object& delta = merged_object(models::model::delta);
  for (std::uint32_t at = of.message.first; at != 0; at = members_[at].next) {
    const member& one = members_[at];
    if (one.slot == role_slot && !has_role) continue;
    if (!one.said && of.whole_message.size != 0) continue;
    const std::string_view name = one.slot == member::unknown_slot
                                      ? one.name.view()
                                      : name_of(models::table_fields[delta.field + one.slot]);
    if (!begin_member(to, first, name) || !write_value(to, one)) return false;
  }
  const auto write_list = [&](std::string_view name, const member_list& list, models::model model) {
    if (list.first == 0) return true;
    bool first_inside = true;
    return begin_member(to, first, name) && to.append("{") &&
           write_members(to, list, merged_object(model), first_inside) && to.append("}");
  };
  if (!write_list("audio", of.audio, models::model::audio) ||
      !write_list("function_call", of.function_call, models::model::function_call))
    return false;
  if (of.tools.first != 0 &&
      (!begin_member(to, first, "tool_calls") || !write_tool_calls(to, of.tools, makes_ids)))
    return false;
  if (of.reasoning_details.first != 0 &&
      (!begin_member(to, first, "reasoning_details") ||
       !write_items(to, of.reasoning_details, models::model::reasoning_detail)))
    return false;
  if (of.executed_tools.first != 0 &&
      (!begin_member(to, first, "executed_tools") ||
       !write_items(to, of.executed_tools, models::model::executed_tool)))
    return false;
  return write_rest_of_message(to, of, first) && to.append("}");
}

// A message that came whole counts where no delta said the same.
bool assembly::write_rest_of_message(piece& to, const choice& of, bool& first) const {
  if (of.whole_message.size == 0) return true;
  const models::table_object& delta = merged_object(models::model::delta);
  const auto is_written = [&](std::string_view name) {
    if (name == "content") return of.text.is_set();
    if (name == "tool_calls") return of.tools.first != 0;
    if (name == "audio") return of.audio.first != 0;
    if (name == "function_call") return of.function_call.first != 0;
    if (name == "reasoning_details") return of.reasoning_details.first != 0;
    if (name == "executed_tools") return of.executed_tools.first != 0;
    for (std::uint32_t at = of.message.first; at != 0; at = members_[at].next) {
      const member& one = members_[at];
      const std::string_view known = one.slot == member::unknown_slot
                                         ? one.name.view()
                                         : name_of(models::table_fields[delta.field + one.slot]);
      if (known == name) return one.said;
    }
    return false;
  };
  raw_members members(of.whole_message.view());
  for (raw_member one = members.next(); !one.value.empty(); one = members.next())
    if (!is_written(one.name) && (!begin_member(to, first, one.name) || !to.append(one.value)))
      return false;
  return true;
}

bool assembly::write_tool_calls(piece& to, const tool_list& list, bool makes_ids) const {
  if (!to.append("[")) return false;
  for (std::uint32_t at = list.first; at != 0; at = tools_[at].next) {
    const tool_call& call = tools_[at];
    if (!to.append(at == list.first ? "{" : ",{")) return false;
    bool first = true;
    char made_up[5 + 16] = {'c', 'a', 'l', 'l', '_'};
    for (std::size_t i = 0; i < 16; ++i)
      made_up[5 + i] = "0123456789abcdef"[call.made_up_id >> (4 * i) & 15U];
    const std::string_view id =
        call.id.size != 0 ? call.id.view() : std::string_view(made_up, sizeof made_up);
    if ((call.id.size != 0 || makes_ids) &&
        (!begin_member(to, first, "id") || !write_string(to, id)))
      return false;
    if (call.type.size != 0 &&
        (!begin_member(to, first, "type") || !write_string(to, call.type.view())))
      return false;
    bool first_inside = true;
    if (!begin_member(to, first, call.is_custom ? "custom" : "function") || !to.append("{"))
      return false;
    if (call.name.size != 0 &&
        (!begin_member(to, first_inside, "name") || !write_string(to, call.name.view())))
      return false;
    if (!begin_member(to, first_inside, call.is_custom ? "input" : "arguments") ||
        !write_string(to, call.arguments.view()) ||
        !write_members(to, call.function_members, merged_object(models::model::tool_function),
                       first_inside) ||
        !to.append("}") ||
        !write_members(to, call.members, merged_object(models::model::tool_call_delta), first) ||
        !to.append("}"))
      return false;
  }
  return to.append("]");
}

bool assembly::write_items(piece& to, const item_list& list, models::model of) const {
  if (!to.append("[")) return false;
  for (std::uint32_t at = list.first; at != 0; at = items_[at].next) {
    bool first = true;
    if (!to.append(at == list.first ? "{" : ",{") ||
        !write_members(to, items_[at].members, merged_object(of), first) || !to.append("}"))
      return false;
  }
  return to.append("]");
}

}  // namespace chatwire::assembly
