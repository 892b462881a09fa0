// What is told to those who follow the stream.
#include "assembly/assembly.hpp"

namespace chatwire::assembly {
namespace {

constexpr std::uint32_t content_slot = slot_of(merged::delta, "content");
constexpr std::uint32_t calls_slot = slot_of(merged::delta, "tool_calls");
constexpr std::uint32_t cumulative_slots[] = {content_slot, slot_of(merged::delta, "reasoning"),
                                              slot_of(merged::delta, "reasoning_content")};

}  // namespace

void assembly::tell(event_kind kind, std::uint32_t at_word, std::uint32_t tool_call,
                    std::uint32_t name) {
  if (!options_.events || quiet_) return;
  const double index = nodes_[choice_].index;
  const auto number = index > -2147483648.0 && index < 2147483648.0
                          ? static_cast<std::int32_t>(index)
                          : std::int32_t{-1};
  if (!events_.push({kind, number, tool_call, at_word, name})) fail(*where_, "memory", source_);
}

// Text that is not a value of the chunk at hand, as a cell on its tape. 0: no memory, or no text.
std::uint32_t assembly::text_word(view escaped) {
  text::cell cell;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(escaped.data());
  if (!options_.events || escaped.empty() ||
      !from_->text_keeper().keep_inside(bytes, bytes + escaped.size(), cell))
    return 0;
  const std::uint32_t made = from_->extend_tape(tape::slot_words);
  if (made == 0) return 0;
  from_->tape_at(made)[0] = cell.position;
  from_->tape_at(made)[1] = cell.meta;
  return made;
}

// Calls are told when their name is known, arguments when they are no mere placeholder; at the end
// in any case. `added` is how much of the arguments came last, `at_word` where they are.
void assembly::tell_call(std::uint32_t call, std::uint32_t position, std::uint32_t added,
                         std::uint32_t at_word, bool is_due, bool is_end) {
  if (!options_.events) return;
  const view name = text_at(call + name_node);
  if (is_due || (!nodes_[call].is_told && (is_end || !name.empty()))) {
    nodes_[call].is_told = true;
    const view id = nodes_[call + id_node].said ? text_at(call + id_node) : view();
    const std::uint32_t id_word = text_word(id);
    tell(event_kind::tool_call, id_word, position, text_word(name));
  }
  node& arguments = nodes_[call + arguments_node];
  const view all = arguments.text.view();
  if (!nodes_[call].is_told || arguments.told >= all.size() || (!is_end && is_placeholder(all)))
    return;
  const view untold = from(all, arguments.told);
  tell(event_kind::tool_call_arguments,
       untold.size() == added && at_word != 0 ? at_word : text_word(untold), position);
  arguments.told = arguments.text.size;
}

// Where deltas may repeat what came before, one that seems to is told when the next one shows it.
void assembly::tell_untold(std::uint32_t at, event_kind kind, bool is_end) {
  node& of = nodes_[at];
  if (!options_.events || quiet_ || (of.repeats != 0 && !is_end && !of.cumulates)) return;
  if (of.told < of.text.size) tell(kind, text_word(from(of.text.view(), of.told)));
  of.told = of.text.size;
}

void assembly::tell_held(std::uint32_t choice) {
  if (!options_.events) return;
  choice_ = choice;
  const std::uint32_t message = choice + message_node;
  for (const std::uint32_t slot : cumulative_slots) {
    const std::uint32_t at = options_.cumulative ? find(message, slot) : 0;
    if (at != 0 && nodes_[at].as == form::text)
      tell_untold(at, slot == content_slot ? event_kind::text : event_kind::reasoning, true);
  }
  const std::uint32_t list = find(message, calls_slot);
  std::uint32_t position = 0;
  for (std::uint32_t at = list == 0 ? 0 : nodes_[list].first; at != 0; at = nodes_[at].next)
    tell_call(at, position++, 0, 0, false, true);
}

void assembly::finish(decoder& from, const assembly_options& options) {
  const place whole;
  begin(from, options, whole);
  for (std::uint32_t at = first_choice(); at != 0; at = nodes_[at].next) tell_held(at);
}

}  // namespace chatwire::assembly
