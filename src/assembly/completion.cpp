// The completion so far, as the JSON that a server would have sent had it not streamed.
#include "assembly/assembly.hpp"

namespace chatwire::assembly {
namespace {

using models::model;

constexpr std::uint32_t object_slot = slot_of(merged::chat_completion_chunk, "object");
constexpr std::uint32_t delta_slot = slot_of(merged::chunk_choice, "delta");
constexpr std::uint32_t reason_slot = slot_of(merged::chunk_choice, "finish_reason");
constexpr std::uint32_t content_slot = slot_of(merged::delta, "content");
constexpr std::uint32_t calls_slot = slot_of(merged::delta, "tool_calls");
constexpr std::uint32_t audio_slot = slot_of(merged::delta, "audio");
constexpr std::uint32_t type_slot = slot_of(merged::tool_call_delta, "type");
constexpr std::uint32_t custom_slot = slot_of(merged::tool_call_delta, "custom");

}  // namespace

/// Where the JSON goes. Once there is no memory, nothing more is written.
struct assembly::writer {
  piece& to;
  bool makes_ids;
  bool ok = true;

  void put(view text) { ok = ok && to.append(text); }
  void separate() {
    const char last = to.size == 0 ? '{' : to.view().back();
    if (last != '{' && last != '[') put(",");
  }
};

bool assembly::write(piece& to, bool makes_ids) const {
  to.size = 0;
  writer out{to, makes_ids};
  if (nodes_.size() == 0) {
    out.put(R"({"choices":[]})");
  } else {
    write(out, top, merged_object(model::chat_completion_chunk));
  }
  return out.ok;
}

// A member with its name, or an element. `schema` is what it is in; of an element, what it is.
// Models nest as deep as this does.
void assembly::write(writer& to, std::uint32_t at, const models::table_object& schema) const {
  const node& of = nodes_[at];
  const models::table_field& field = models::table_fields[schema.field + of.slot];
  const bool is_object = of.as == form::object;
  // Only ids have text that nobody said.
  if (of.as == form::text && !of.said && !to.makes_ids) return;
  if (of.as == form::none || (of.as >= form::object && of.first == 0 && schema.id == model::delta))
    return;
  to.separate();
  if (of.as == form::whole) return to.put(trim(inside(of.text.view())));
  if (of.slot != element) {
    to.put("\"");
    to.put(of.slot == unknown                                          ? of.name.view()
           : of.slot == delta_slot && schema.id == model::chunk_choice ? "message"
                                                                       : name_of(field));
    to.put("\":");
  }
  const view text = of.text.view();
  if (of.as == form::value) {
    const bool is_kind = of.slot == object_slot && schema.id == model::chat_completion_chunk;
    return to.put(is_kind ? R"("chat.completion")" : text.empty() ? "null" : text);
  }
  to.put(of.as == form::text ? "\"" : is_object ? "{" : "[");
  to.put(text);
  to.put(end_of(of.open));
  const models::table_object& inner =
      of.slot == element ? schema : models::table_objects[field.object];
  // A message that came whole counts where no delta says the same: the last member of a name does.
  bool is_whole = false;
  for (std::uint32_t each = of.first; each != 0; each = nodes_[each].next) {
    const node& one = nodes_[each];
    is_whole = is_whole || one.as == form::whole;
    if (is_whole && one.as != form::whole &&
        (!one.said || (one.slot == content_slot && one.text.size == 0)))
      continue;
    write(to, each, inner);
  }
  if (at == top) write(to, choices, inner);  // the rest is worth having where they pass a limit
  to.put(of.as == form::text ? "\"" : is_object ? "}" : "]");
}

// ---- The end ------------------------------------------------------------------------------------

void assembly::report_end(decoder& to, std::uint64_t offset) {
  const place root;
  const place list{&root, "choices"};
  place where{&list, {}, 0};
  for (std::uint32_t at = first_choice(); at != 0; at = nodes_[at].next, ++where.index) {
    const place reason_place{&where, "finish_reason"};
    const std::uint32_t message = at + message_node;
    const std::uint32_t reason = find(at, reason_slot);
    const bool is_told = reason != 0 && nodes_[reason].is_told;
    if (!is_told) {
      if (!has_members(message, audio_slot))
        to.report_whole(issue_code::FINISH_REASON_MISSING, offset, reason_place);
    } else if (same(text_at(reason), R"("tool_calls")") && !has_members(message, calls_slot)) {
      to.report_whole(issue_code::FINISH_TOOLS_WITHOUT_CALLS, offset, reason_place);
    }
    if (has_members(message, calls_slot))
      report_calls(to, offset, find(message, calls_slot),
                   is_told && same(text_at(reason), R"("length")"), where);
  }
}

bool assembly::has_members(std::uint32_t in, std::uint32_t slot) const {
  const std::uint32_t at = find(in, slot);
  return at != 0 && nodes_[at].first != 0;
}

void assembly::report_calls(decoder& to, std::uint64_t offset, std::uint32_t list, bool is_cut,
                            const place& where_choice) {
  const place message{&where_choice, "message"};
  const place calls{&message, "tool_calls"};
  place where{&calls, {}, 0};
  const auto tell = [&](issue_code code) { to.report_whole(code, offset, where); };
  for (std::uint32_t at = nodes_[list].first; at != 0; at = nodes_[at].next, ++where.index) {
    const bool is_custom = nodes_[at + function_node].slot == custom_slot;
    if (!nodes_[at + id_node].said) tell(issue_code::TOOL_CALL_ID_MISSING);
    if (is_custom) continue;
    if (find(at, type_slot) == 0) tell(issue_code::TOOL_CALL_TYPE_MISSING);
    if (is_cut && !is_whole(at + arguments_node)) {
      tell(issue_code::ARGUMENTS_NOT_COMPLETE);
    } else if (text_at(at + arguments_node).empty()) {
      tell(issue_code::EMPTY_ARGUMENTS);
    }
  }
}

void assembly::mark_made_up(decoder& decoded, std::uint32_t root) const {
  constexpr std::uint32_t choices_slot = slot_of(merged::chat_completion, "choices");
  constexpr std::uint32_t message_slot = slot_of(merged::choice, "message");
  constexpr std::uint32_t message_calls_slot = slot_of(merged::message, "tool_calls");
  constexpr std::uint32_t flag_slot = merged::tool_call.count;  // the first that never travels
  static_assert(merged::tool_call.fields[flag_slot].name() == "id_synthetic");
  const std::uint32_t* const words = decoded.words();
  const auto held = [&](std::uint32_t object, std::uint32_t slot) -> std::uint32_t {
    return object != 0 && decoded.holds(object, slot) ? decoder::slot_word(object, slot) : 0;
  };
  const std::uint32_t list = held(root, choices_slot);
  std::uint32_t left = list == 0 ? 0 : words[list + 1];
  std::uint32_t object = words[list];
  for (std::uint32_t at = first_choice(); at != 0 && left != 0;
       at = nodes_[at].next, --left, object = words[object + 3]) {
    const std::uint32_t message = held(object, message_slot);
    const std::uint32_t calls = held(message == 0 ? 0 : words[message], message_calls_slot);
    const std::uint32_t nodes = find(at + message_node, calls_slot);
    if (calls == 0 || nodes == 0) continue;
    std::uint32_t calls_left = words[calls + 1];
    std::uint32_t call = words[calls];
    for (std::uint32_t one = nodes_[nodes].first; one != 0 && calls_left != 0;
         one = nodes_[one].next, --calls_left, call = words[call + 3]) {
      if (nodes_[one + id_node].said) continue;
      *decoded.tape_at(call) |= 1U << flag_slot;
      *decoded.tape_at(decoder::slot_word(call, flag_slot)) = 1;
    }
  }
}

}  // namespace chatwire::assembly
