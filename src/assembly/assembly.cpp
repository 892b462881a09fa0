#include "assembly/context.hpp"
#include "assembly/raw.hpp"
#include "assembly/rules.hpp"
#include "decode/vocabulary.hpp"
#include "text/utf8.hpp"

namespace chatwire::assembly {
namespace {

constexpr std::uint32_t id_slot = merged::chat_completion_chunk.find("id")->slot;
constexpr std::uint32_t model_slot = merged::chat_completion_chunk.find("model")->slot;
constexpr std::uint32_t choices_slot = merged::chat_completion_chunk.find("choices")->slot;
constexpr std::uint32_t usage_slot = merged::chat_completion_chunk.find("usage")->slot;
constexpr std::uint32_t x_groq_slot = merged::chat_completion_chunk.find("x_groq")->slot;
constexpr std::uint32_t groq_usage_slot = merged::x_groq.find("usage")->slot;
constexpr std::uint32_t index_slot = merged::chunk_choice.find("index")->slot;
constexpr std::uint32_t delta_slot = merged::chunk_choice.find("delta")->slot;
constexpr std::uint32_t logprobs_slot = merged::chunk_choice.find("logprobs")->slot;
constexpr std::uint32_t finish_reason_slot = merged::chunk_choice.find("finish_reason")->slot;
// Flags that chatwire sets come after the members that travel.
constexpr std::uint32_t index_synthetic_slot = merged::chunk_choice.count;
static_assert(merged::chunk_choice.fields[index_synthetic_slot].name() == "index_synthetic");

bool is_null_slot(const decoder& from, std::uint32_t object, std::uint32_t slot) {
  return (from.words()[object] & from.words()[object + 1]) >> slot & 1U;
}

// The value of a member that no model knows, or nothing.
std::string_view unknown_value(const decoder& from, std::uint32_t object, std::string_view name) {
  for (std::uint32_t entry = from.words()[object + 2]; entry != 0; entry = from.words()[entry]) {
    if (from.words()[entry + 1] != 0 || from.text().narrow(from.cell_at(entry + 2)) != name)
      continue;
    const std::string_view source = from.extra_source(entry);
    const std::size_t colon = source.find(':', source.find('"', 1));
    return trim(source.substr(colon + 1));
  }
  return {};
}

}  // namespace

void assembly::clear() {
  for (std::uint32_t i = 0; i < choices_.size(); ++i) {
    choices_[i].text.release();
    choices_[i].finish_reason.release();
    choices_[i].whole_message.release();
  }
  choices_.shrink(0);
  items_.shrink(0);
  events_.shrink(0);
  scratch_.shrink(0);
  usage_.release();
  has_usage_ = false;
  members_.clear();
  tools_.clear();
  top_ = {};
  x_groq_ = {};
  usage_updates_ = 0;
  has_x_groq_ = false;
  told_id_ = false;
  held_ = 0;
}

std::uint64_t assembly::held() const { return held_ + members_.held() + tools_.held(); }

bool assembly::add(decoder& from, std::uint32_t root, const limits& most,
                   const assembly_options& options) {
  context at{from, most, options};
  const models::table_object& schema = merged_object(models::model::chat_completion_chunk);
  const auto changes = [&](std::uint32_t slot) {
    const std::uint32_t before = members_.find(top_, slot);
    if (before == 0 || !members_[before].said || !from.holds(root, slot)) return false;
    const std::string_view now = from.source(root, schema, slot);
    return !is_empty(now) && now != members_[before].value.view();
  };
  for (const std::uint32_t slot : {id_slot, model_slot}) {
    if (told_id_ || !changes(slot)) continue;
    told_id_ = true;
    const place where{&at.root, name_of(models::table_fields[schema.field + slot])};
    at.report(issue_code::STREAM_ID_CHANGED, where, from.source(root, schema, slot));
  }
  if (!members_.add(top_, from, root, schema, chunk_rules)) return fail_memory(at);
  if (from.holds(root, x_groq_slot)) {
    has_x_groq_ = true;
    const std::uint32_t x_groq = from.words()[decoder::slot_word(root, x_groq_slot)];
    if (!members_.add(x_groq_, from, x_groq, merged_object(models::model::x_groq), x_groq_rules))
      return fail_memory(at);
  }
  if (from.holds(root, choices_slot) && !add_choices(at, root)) return false;
  if (!add_usage(at, root)) return false;
  if (held() <= most.body_bytes) return true;
  return at.fail_limit(at.root, "bodyBytes", from.source(root, schema));
}

// The usage is where its server puts it: at the top, in Groq's own member, in a choice. The last
// one counts.
bool assembly::add_usage(context& at, std::uint32_t root) {
  decoder& from = at.from;
  const models::table_object& schema = merged_object(models::model::chat_completion_chunk);
  std::string_view usage;
  std::uint32_t word = 0;
  if (from.holds(root, usage_slot)) {
    usage = from.source(root, schema, usage_slot);
    word = from.words()[decoder::slot_word(root, usage_slot)];
  }
  has_usage_ = has_usage_ || is_null_slot(from, root, usage_slot);
  if (is_empty(usage) && from.holds(root, x_groq_slot)) {
    const std::uint32_t x_groq = from.words()[decoder::slot_word(root, x_groq_slot)];
    if (from.holds(x_groq, groq_usage_slot)) {
      usage = from.source(x_groq, merged_object(models::model::x_groq), groq_usage_slot);
      word = from.words()[decoder::slot_word(x_groq, groq_usage_slot)];
    }
  }
  if (is_empty(usage) && !at.choice_usage.empty()) {
    usage = at.choice_usage;
    word = at.options.events ? from.object_at(usage, models::model::usage) : 0;
  }
  if (is_empty(usage)) return true;
  ++usage_updates_;
  at.now = nullptr;
  tell(at, event_kind::usage, word);
  return usage_.assign(usage) || fail_memory(at);
}

bool assembly::add_choices(context& at, std::uint32_t root) {
  const std::uint32_t slot = decoder::slot_word(root, choices_slot);
  std::uint32_t object = at.from.words()[slot];
  const std::uint32_t count = at.from.words()[slot + 1];
  const place choices{&at.root, "choices"};
  place where{&choices, {}, 0};
  at.where = &where;
  bool added = true;
  for (; added && where.index < count; ++where.index, object = at.from.words()[object + 3])
    added = add_choice(at, object);
  at.where = &at.root;
  return added;
}

choice* assembly::find_choice(context& at, double index, bool made_up) {
  for (std::uint32_t i = 0; i < choices_.size(); ++i)
    if (choices_[i].index == index) return &choices_[i];
  if (choices_.size() >= at.most.choices) {
    at.fail_limit(*at.where, "choices", at.choice_source);
    return nullptr;
  }
  choice made;
  made.index = index;
  made.made_up_index = made_up;
  if (choices_.push(made)) return &choices_[choices_.size() - 1];
  fail_memory(at);
  return nullptr;
}

bool assembly::add_choice(context& at, std::uint32_t object) {
  const decoder& from = at.from;
  const models::table_object& schema = merged_object(models::model::chunk_choice);
  at.choice_source = from.source(object, schema);
  double index = at.where->index;
  if (from.holds(object, index_slot))
    std::memcpy(&index, from.words() + decoder::slot_word(object, index_slot), sizeof index);
  choice* now = find_choice(at, index, from.holds(object, index_synthetic_slot));
  if (now == nullptr) return false;
  at.now = now;
  if (!members_.add(now->members, from, object, schema, choice_rules)) return fail_memory(at);
  const std::string_view usage = unknown_value(from, object, "usage");
  if (is_object(usage) && !is_empty(usage)) at.choice_usage = usage;
  if (from.holds(object, delta_slot)) {
    const bool was_over = now->is_over;
    const std::uint64_t before = held();
    if (!add_delta(at, from.words()[decoder::slot_word(object, delta_slot)])) return false;
    if (was_over && held() != before && !now->told_late) {
      now->told_late = true;
      const place where{at.where, "delta"};
      at.report(issue_code::DELTA_AFTER_FINISH, where, from.source(object, schema, delta_slot));
    }
  }
  if (!add_whole_message(at, object)) return false;
  if (from.holds(object, logprobs_slot)) {
    now->has_logprobs = true;
    const std::uint32_t logprobs = from.words()[decoder::slot_word(object, logprobs_slot)];
    if (!members_.add(now->logprobs, from, logprobs, merged_object(models::model::logprobs),
                      logprobs_rules))
      return fail_memory(at);
  } else if (is_null_slot(from, object, logprobs_slot)) {
    now->null_logprobs = true;
  }
  return add_finish_reason(at, object);
}

bool assembly::add_finish_reason(context& at, std::uint32_t object) {
  const decoder& from = at.from;
  choice& now = *at.now;
  if (is_null_slot(from, object, finish_reason_slot)) now.sent_finish_reason = true;
  if (!from.holds(object, finish_reason_slot)) return true;
  const std::string_view reason =
      from.source(object, merged_object(models::model::chunk_choice), finish_reason_slot);
  if (is_empty(reason) || reason == R"("null")") return true;
  now.is_over = true;
  now.sent_finish_reason = true;
  if (now.finish_reason.size == 0) {
    if (!now.finish_reason.assign(reason)) return fail_memory(at);
    tell_held(at, now);
    return true;
  }
  if (now.finish_reason.view() == reason) return true;
  const place where{at.where, "finish_reason"};
  at.report(issue_code::FINISH_REASON_CHANGED, where, reason);
  // That a choice stopped says the least, so what comes later says more.
  if (now.finish_reason.view() != R"("stop")") return true;
  return now.finish_reason.assign(reason) || fail_memory(at);
}

// Some servers send the message so far in each chunk, beside the deltas or in their place. It is
// the first member of the choice that no model knows by this name.
bool assembly::add_whole_message(context& at, std::uint32_t object) {
  const std::string_view message = unknown_value(at.from, object, "message");
  if (!is_object(message)) return true;
  choice& now = *at.now;
  if (now.whole_message.size == 0) {
    const place where{at.where, "message"};
    at.report(issue_code::MESSAGE_IN_CHUNK, where, message);
  }
  held_ -= now.whole_message.size;
  held_ += message.size();
  return now.whole_message.assign(message) || fail_memory(at);
}

bool assembly::is_over() const {
  for (std::uint32_t i = 0; i < choices_.size(); ++i)
    if (!choices_[i].is_over) return false;
  return choices_.size() != 0;
}

bool assembly::is_over(double choice_index) const {
  const choice* of = choice_at(choice_index);
  return of != nullptr && of->is_over;
}

bool assembly::is_cut(double choice_index) const {
  const choice* of = choice_at(choice_index);
  return of != nullptr && of->finish_reason.view() == R"("length")";
}

const choice* assembly::choice_at(double index) const {
  for (std::uint32_t i = 0; i < choices_.size(); ++i)
    if (choices_[i].index == index) return &choices_[i];
  return nullptr;
}

assembly::coming_text assembly::content_of(double choice_index) const {
  const choice* of = choice_at(choice_index);
  if (of == nullptr || !of->text.has_text()) return {};
  const std::string_view text = of->text.text();
  return {text.data() == nullptr ? std::string_view("") : text, of->text.restarts()};
}

assembly::coming_text assembly::arguments_of(double choice_index, std::uint32_t tool_call) const {
  const choice* of = choice_at(choice_index);
  const std::uint32_t call = of == nullptr ? 0 : tools_.at(of->tools, tool_call);
  if (call == 0) return {};
  const std::string_view text = tools_[call].arguments.view();
  return {text.data() == nullptr ? std::string_view("") : text, tools_[call].restarts};
}

void assembly::report_end(decoder& to, std::uint64_t offset) {
  const place root;
  const place choices{&root, "choices"};
  place where{&choices, {}, 0};
  for (choice* one = choice_after(nullptr); one != nullptr;
       one = choice_after(one), ++where.index) {
    const place reason{&where, "finish_reason"};
    if (one->finish_reason.size == 0) {
      if (one->audio.first == 0) to.report_whole(issue_code::FINISH_REASON_MISSING, offset, reason);
    } else if (one->finish_reason.view() == R"("tool_calls")" && one->tools.first == 0) {
      to.report_whole(issue_code::FINISH_TOOLS_WITHOUT_CALLS, offset, reason);
    }
    report_tool_calls(to, offset, *one, where);
  }
}

void assembly::report_tool_calls(decoder& to, std::uint64_t offset, const choice& of,
                                 const place& where_choice) {
  const place message{&where_choice, "message"};
  const place calls{&message, "tool_calls"};
  place where{&calls, {}, 0};
  const bool cut = of.finish_reason.view() == R"("length")";
  for (std::uint32_t at = of.tools.first; at != 0; at = tools_[at].next, ++where.index) {
    tool_call& call = tools_[at];
    if (call.id.size == 0) to.report_whole(issue_code::TOOL_CALL_ID_MISSING, offset, where);
    if (call.type.size == 0 && !call.is_custom)
      to.report_whole(issue_code::TOOL_CALL_TYPE_MISSING, offset, where);
    if (call.is_custom) continue;
    call.progress.look(call.arguments.view());
    if (cut && !call.progress.is_whole()) {
      to.report_whole(issue_code::ARGUMENTS_NOT_COMPLETE, offset, where);
    } else if (call.arguments.size == 0) {
      to.report_whole(issue_code::EMPTY_ARGUMENTS, offset, where);
    }
  }
}

// ---- Shared -------------------------------------------------------------------------------------

bool assembly::fail_memory(context& at) {
  return at.fail_limit(*at.where, "memory", at.choice_source);
}

// Bytes that are not UTF-8 are replaced at once: those of two deltas do not become one character.
std::string_view assembly::clean(context& at, std::string_view value) {
  if (!at.from.had_invalid_text()) return value;
  scratch_.clear();
  if (!scratch_.room(static_cast<std::uint32_t>(value.size()) * 3 + 4)) return {};
  const auto* byte = reinterpret_cast<const std::uint8_t*>(value.data());
  const std::uint8_t* end = byte + value.size();
  std::uint32_t size = 0;
  while (byte != end) {
    if (*byte < 0x80) {
      scratch_[size++] = *byte++;
      continue;
    }
    const text::sequence next = text::read_sequence(byte, end, false);
    size += text::write_utf8(next.code_point, scratch_.data() + size);
    byte += next.length == 0 ? static_cast<std::uint32_t>(end - byte) : next.length;
  }
  return {reinterpret_cast<const char*>(scratch_.data()), size};
}

// ---- Events -------------------------------------------------------------------------------------

void assembly::tell(context& at, event_kind kind, std::uint32_t word, std::uint32_t tool_call,
                    std::uint32_t name) {
  if (!at.options.events) return;
  const double index = at.now == nullptr ? 0 : at.now->index;
  const auto number = index > -2147483648.0 && index < 2147483648.0
                          ? static_cast<std::int32_t>(index)
                          : std::int32_t{-1};
  if (!events_.push({kind, number, tool_call, word, name})) fail_memory(at);
}

// Text that is not a value of the chunk at hand, as a cell on its tape. 0: no memory.
std::uint32_t assembly::text_word(decoder& on, std::string_view escaped) {
  text::cell cell;
  if (!unescape(escaped, scratch_) ||
      !on.text_keeper().keep_utf8(scratch_.data(), scratch_.data() + scratch_.size(), cell))
    return 0;
  const std::uint32_t word = on.extend_tape(tape::slot_words);
  if (word == 0) return 0;
  on.tape_at(word)[0] = cell.position;
  on.tape_at(word)[1] = cell.meta;
  return word;
}

// Calls are told when their name is known; arguments when they are no mere placeholder.
void assembly::tell_tool_call(context& at, const placed& made, std::uint32_t arguments_word) {
  tool_call& call = tools_[made.call];
  std::uint32_t position = 0;
  for (std::uint32_t each = at.now->tools.first; each != made.call; each = tools_[each].next)
    ++position;
  if (call.name.size != 0 && (made.renamed || !call.is_told)) {
    call.is_told = true;
    tell(at, event_kind::tool_call, call.id.size == 0 ? 0 : text_word(at.from, call.id.view()),
         position, text_word(at.from, call.name.view()));
  }
  const std::string_view arguments = call.arguments.view();
  if (!call.is_told || call.told >= arguments.size() || arguments == "{}" || arguments == "null")
    return;
  const std::string_view untold = arguments.substr(call.told);
  const bool is_delta = untold.size() == made.added.size() && arguments_word != 0;
  tell(at, event_kind::tool_call_arguments, is_delta ? arguments_word : text_word(at.from, untold),
       position);
  call.told = call.arguments.size;
}

// Where deltas may repeat what came before, one that seems to is told when the next one shows it.
void assembly::tell_new(context& at, event_kind kind, repetition& state, std::string_view all,
                        bool is_end) {
  if (!at.options.events || (state.count != 0 && !is_end && !state.is_certain)) return;
  if (state.told < all.size()) tell(at, kind, text_word(at.from, all.substr(state.told)));
  state.told = static_cast<std::uint32_t>(all.size());
}

void assembly::tell_held(context& at, choice& of) {
  if (!at.options.events) return;
  at.now = &of;
  if (at.options.cumulative) {
    tell_new(at, event_kind::text, of.text_repetition, of.text.text(), true);
    const auto tell_reasoning = [&](repetition& state, std::uint32_t slot) {
      const std::uint32_t known = members_.find(of.message, slot);
      if (known != 0)
        tell_new(at, event_kind::reasoning, state, members_[known].value.view(), true);
    };
    constexpr std::uint32_t reasoning_slot = merged::delta.find("reasoning")->slot;
    constexpr std::uint32_t content_slot = merged::delta.find("reasoning_content")->slot;
    tell_reasoning(of.reasoning_repetition, reasoning_slot);
    tell_reasoning(of.reasoning_content_repetition, content_slot);
  }
  std::uint32_t position = 0;
  for (std::uint32_t each = of.tools.first; each != 0; each = tools_[each].next, ++position) {
    tool_call& call = tools_[each];
    if (!call.is_told) {
      call.is_told = true;
      tell(at, event_kind::tool_call, call.id.size == 0 ? 0 : text_word(at.from, call.id.view()),
           position);
    }
    if (call.told == call.arguments.size) continue;
    tell(at, event_kind::tool_call_arguments,
         text_word(at.from, call.arguments.view().substr(call.told)), position);
    call.told = call.arguments.size;
  }
}

void assembly::finish(decoder& from, const assembly_options& options) {
  const limits most;
  context at{from, most, options};
  for (std::uint32_t i = 0; i < choices_.size(); ++i) tell_held(at, choices_[i]);
}

}  // namespace chatwire::assembly
