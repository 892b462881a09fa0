#include "assembly/assembly.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>

#include "text/utf8.hpp"

namespace chatwire::assembly {
namespace {

using models::model;

constexpr std::uint32_t choices_slot = slot_of(merged::chat_completion_chunk, "choices");
constexpr std::uint32_t usage_slot = slot_of(merged::chat_completion_chunk, "usage");
constexpr std::uint32_t index_slot = slot_of(merged::chunk_choice, "index");
constexpr std::uint32_t delta_slot = slot_of(merged::chunk_choice, "delta");
constexpr std::uint32_t reason_slot = slot_of(merged::chunk_choice, "finish_reason");
constexpr std::uint32_t role_slot = slot_of(merged::delta, "role");
constexpr std::uint32_t content_slot = slot_of(merged::delta, "content");
constexpr std::uint32_t calls_slot = slot_of(merged::delta, "tool_calls");
// An unknown member of which each one counts, not only the last.
constexpr std::string_view token_ids = "token_ids";
// Flags that chatwire sets come after the members that travel.
constexpr std::uint32_t index_synthetic_slot = merged::chunk_choice.count;
static_assert(merged::chunk_choice.fields[index_synthetic_slot].name() == "index_synthetic");

const model_rules& rules_of(model of) {
  const model_rules* rules = all_rules;
  while (rules->of != of) ++rules;
  return *rules;
}

}  // namespace

void assembly::clear() {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].text.release();
    nodes_[i].name.release();
  }
  nodes_.shrink(0);
  events_.shrink(0);
  scratch_.shrink(0);
  held_ = 0;
  usage_updates_ = 0;
  told_id_ = false;
  failed_ = false;
}

void assembly::begin(decoder& from, const assembly_options& options, const place& where) {
  from_ = &from;
  options_ = options;
  where_ = &where;
  source_ = {};
  usage_ = choice_usage_ = {};
  choice_ = 0;
  quiet_ = false;
}

bool assembly::add(decoder& from, std::uint32_t root, const limits& most,
                   const assembly_options& options) {
  const place whole;
  begin(from, options, whole);
  most_ = &most;
  source_ = from.source(root, merged_object(model::chat_completion_chunk));
  if (nodes_.size() == 0) {
    if (!nodes_.room(1 + choices)) {
      fail(whole, "memory", source_);
      return false;
    }
    push(element, form::none);
    push(element, form::object);
    push(choices_slot, form::items);
  }
  join_object(top, root, model::chat_completion_chunk);
  if (from.holds(root, choices_slot))
    join_elements(choices, decoder::slot_word(root, choices_slot), model::chunk_choice);
  join_usage();
  if (held_ > most.body_bytes)
    fail(whole, "bodyBytes", from.source(root, merged_object(model::chat_completion_chunk)));
  return !failed_;
}

// ---- Choices ------------------------------------------------------------------------------------

void assembly::join_choice(std::uint32_t object, std::uint32_t position) {
  const place* const around = where_;
  const place list{around, "choices"};
  const place where{&list, {}, position};
  where_ = &where;
  source_ = from_->source(object, merged_object(model::chunk_choice));
  const double index = number(object, index_slot);
  choice_ =
      find_choice(std::isnan(index) ? position : index, from_->holds(object, index_synthetic_slot));
  if (!failed_) join_object(choice_, object, model::chunk_choice);
  where_ = around;
}

// Choices are in the order of their indices.
std::uint32_t assembly::find_choice(double index, bool made_up) {
  if (const std::uint32_t at = choice_at(index); at != 0) return at;
  std::uint32_t before = 0;
  std::uint32_t count = 0;
  for (std::uint32_t at = first_choice(); at != 0; at = nodes_[at].next, ++count)
    if (nodes_[at].index < index) before = at;
  if (count >= most_->choices) fail(*where_, "choices", source_);
  if (!nodes_.room(1 + role_node)) fail(*where_, "memory", source_);
  if (failed_) return 0;
  const std::uint32_t made = push(element, form::object);
  std::uint32_t& link = before == 0 ? nodes_[choices].first : nodes_[before].next;
  nodes_[made].next = link;
  nodes_[made].index = index;
  link = made;
  make(made, index_slot, made_up ? form::none : form::value);
  append_number(made + index_node, index);
  const std::uint32_t message = make(made, delta_slot, form::object);
  make(message, unknown, form::none);
  make(message, role_slot, form::value);
  append(made + role_node, R"("assistant")");
  return made;
}

// The index is an integer, of which JSON has the shortest form; what is beyond all indices becomes
// the largest one.
void assembly::append_number(std::uint32_t at, double value) {
  constexpr double most = 9007199254740991;
  char digits[24];
  std::size_t from = sizeof digits;
  auto left = static_cast<std::uint64_t>(std::min(std::fabs(value), most));
  do {
    digits[--from] = static_cast<char>('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (value < 0) digits[--from] = '-';
  append(at, {digits + from, sizeof digits - from});
}

// The delta of the choice at hand.
void assembly::join_delta(std::uint32_t at, std::uint32_t object, view source) {
  const bool was_over = nodes_[choice_].is_over;
  const std::uint64_t before = held_;
  reasoned_ = events_.size();
  join_object(at, object, model::delta);
  if (!was_over || held_ == before || nodes_[choice_].is_told) return;
  nodes_[choice_].is_told = true;
  report(issue_code::DELTA_AFTER_FINISH, "delta", source);
}

void assembly::join_reason(std::uint32_t at, view reason) {
  node& now = nodes_[at];
  if (kind_of(reason) == 'n' && now.as == form::none) now.as = form::value;
  if (is_empty(reason) || same(reason, R"("null")")) return;
  nodes_[choice_].is_over = true;
  if (!now.is_told) {
    now.is_told = true;
    become(at, form::value);
    assign(at, reason);
    return tell_held(choice_);
  }
  if (same(reason, now.text.view())) return;
  report(issue_code::FINISH_REASON_CHANGED, "finish_reason", reason);
  // That a choice stopped says the least, so what comes later says more.
  if (same(now.text.view(), R"("stop")")) assign(at, reason);
}

bool assembly::is_over(double choice_index) const {
  return nodes_.size() != 0 && nodes_[choice_at(choice_index)].is_over;
}

bool assembly::is_cut(double choice_index) const {
  return nodes_.size() != 0 && has_text(choice_at(choice_index), reason_slot, R"("length")");
}

bool assembly::is_over() const {
  std::uint32_t at = first_choice();
  const bool any = at != 0;
  while (at != 0 && nodes_[at].is_over) at = nodes_[at].next;
  return any && at == 0;
}

std::uint32_t assembly::choice_at(double index) const {
  std::uint32_t at = first_choice();
  while (at != 0 && nodes_[at].index != index) at = nodes_[at].next;
  return at;
}

assembly::coming_text assembly::text_of(double choice_index, std::uint32_t tool_call) const {
  const std::uint32_t choice = choice_at(choice_index);
  if (choice == 0) return {};
  std::uint32_t at = 0;
  if (tool_call == content) {
    at = find(choice + message_node, content_slot);
  } else {
    const std::uint32_t list = find(choice + message_node, calls_slot);
    at = list == 0 ? 0 : nodes_[list].first;
    while (at != 0 && tool_call-- != 0) at = nodes_[at].next;
    if (at != 0) at += arguments_node;
  }
  if (at == 0 || nodes_[at].as != form::text) return {};
  const view text = text_at(at);
  return {text.data() == nullptr ? view("") : text, nodes_[at].restarts};
}

// ---- Members ------------------------------------------------------------------------------------

void assembly::join_object(std::uint32_t into, std::uint32_t object, model of) {
  const model_rules& rules = rules_of(of);
  const models::table_object& schema = merged_object(of);
  const std::uint32_t nulls = word(object + 1);
  const std::uint32_t there = word(object) | nulls;
  std::uint32_t next = nodes_[into].first;  // they mostly come in the same order
  for (std::uint32_t left = there & ((1U << schema.count) - 1); left != 0; left &= left - 1) {
    const auto slot = static_cast<std::uint32_t>(__builtin_ctz(left));
    const rule by = rules.by[slot];
    const bool holds = (nulls >> slot & 1U) == 0;
    if (by == rule::ignore || (by >= rule::object && !holds)) continue;
    const std::uint32_t at = nodes_[next].slot == slot ? next : member(into, slot);
    join_member(at, into == top, object, schema, slot, by, holds);
    if (failed_) return;
    next = nodes_[at].next;
  }
  for (std::uint32_t entry = word(object + 2); entry != 0 && !failed_; entry = word(entry)) {
    const std::uint32_t slot = word(entry + 1) - 1;
    if (word(entry + 1) == 0) {
      join_unknown(into, from_->extra_source(entry), rules.unknown_pieces);
    } else if (slot < schema.count && (there >> slot & 1U) == 0 && rules.by[slot] < rule::ignore) {
      // A known member whose value does not fit: it counts where nothing else comes.
      const std::uint32_t at = member(into, slot);
      if (nodes_[at].said || nodes_[at].as >= form::object) continue;
      nodes_[at].as = form::value;
      assign(at, from_->source(object, schema, slot));
    }
  }
}

void assembly::join_member(std::uint32_t at, bool is_top, std::uint32_t object,
                           const models::table_object& schema, std::uint32_t slot, rule by,
                           bool holds) {
  const models::table_field& field = models::table_fields[schema.field + slot];
  const auto of = static_cast<model>(field.object);
  const view value = from_->source(object, schema, slot);
  const std::uint32_t at_word = decoder::slot_word(object, slot);
  switch (by) {
    case rule::identity:
      if (!told_id_ && holds && nodes_[at].said && !is_empty(value) && !same(value, text_at(at))) {
        told_id_ = true;
        report(issue_code::STREAM_ID_CHANGED, name_of(field), value);
      }
      break;
    case rule::usage:
      // In one chunk, that at the top counts before Groq's.
      if (holds && !is_empty(value) && (is_top || usage_.empty())) {
        usage_ = value;
        usage_word_ = word(at_word);
      }
      if (is_top && holds) return;
      break;
    case rule::expiry:
      if (holds) nodes_[choice_].is_over = true;
      break;
    case rule::reason:
      return join_reason(at, holds ? value : view());
    case rule::told:
      return join_text(at, slot, at_word, value);
    case rule::object_or_null:
      if (!holds) break;
      [[fallthrough]];
    case rule::object:
    case rule::delta:
      become(at, form::object);
      if (by == rule::delta) return join_delta(at, word(at_word), value);
      return join_object(at, word(at_word), of);
    case rule::items:
    case rule::tool_calls:
      become(at, form::items);
      quiet_ = by == rule::items && events_.size() != reasoned_;
      join_elements(at, at_word, of);
      quiet_ = false;
      return;
    default:
      break;
  }
  join_value(at, by, value);
}

// The elements of an array of objects.
void assembly::join_elements(std::uint32_t list, std::uint32_t at_word, model of) {
  std::uint32_t object = word(at_word);
  const std::uint32_t count = word(at_word + 1);
  ++arrays_;
  for (std::uint32_t i = 0; i < count && !failed_; ++i, object = word(object + 3)) {
    if (of == model::chunk_choice) {
      join_choice(object, i);
    } else if (of == model::tool_call_delta) {
      join_tool_call(list, object, i);
    } else {
      join_item(list, object, of);
    }
  }
}

// Goes to the node `at`; 0: to that of its name.
void assembly::join_unknown(std::uint32_t into, view source, bool pieces, std::uint32_t at) {
  const auto [name, value] = split(source);
  const char kind = kind_of(value);
  if (into == choice_) {
    if (same(name, whole_message)) return kind == '{' ? join_message(value) : void();
    if (same(name, usage_of_choice) && kind == '{' && !is_empty(value)) choice_usage_ = value;
  }
  if (at == 0) at = member(into, unknown, name);
  rule by = rule::last;
  const node& now = nodes_[at];
  if (now.said) {
    if (now.as == form::text) by = rule::text;
    if (now.as == form::list) by = rule::list;
  } else if (kind == '[' && (pieces || same(name, token_ids))) {
    by = rule::list;
  } else if (kind == '"' && pieces && is_piece_of_text(name)) {
    by = rule::text;
  }
  join_value(at, by, value);
}

// Some servers send the message so far in each chunk, beside the deltas or in their place.
void assembly::join_message(view message) {
  const std::uint32_t at = choice_ + whole_node;
  if (nodes_[at].as == form::none) report(issue_code::MESSAGE_IN_CHUNK, "message", message);
  nodes_[at].as = form::whole;
  assign(at, message);
}

// The usage is where its server puts it: at the top, in Groq's own member, in a choice. The last
// one counts.
void assembly::join_usage() {
  if (usage_.empty()) {
    if (is_empty(choice_usage_)) return;
    usage_ = choice_usage_;
    usage_word_ = options_.events ? from_->object_at(usage_, model::usage) : 0;
  }
  ++usage_updates_;
  choice_ = 0;
  tell(event_kind::usage, usage_word_);
  const std::uint32_t at = member(top, usage_slot);
  become(at, form::value);
  assign(at, usage_);
}

// What a value adds to those that came before it.
void assembly::join_value(std::uint32_t at, rule by, view value) {
  node& to = nodes_[at];
  const char kind = kind_of(value);
  const char wanted = by == rule::text ? '"' : by == rule::list ? '[' : '\0';
  if (kind == wanted) {
    if (by == rule::text) return append_text(at, inside(value));
    become(at, form::list);
    const view elements = trim(inside(value));
    if (elements.empty()) return;
    if (nodes_[at].text.size != 0) append(at, ",");
    return append(at, elements);
  }
  // A time of 0 is none (Azure).
  const bool says = !is_empty(value) && (by <= rule::last || !same(value, "0"));
  if (to.as != form::none && (!says || (by > rule::last && to.said))) return;
  to.said = to.said || says;
  to.as = form::value;
  assign(at, kind == 'n' ? view() : value);
}

std::uint32_t assembly::find(std::uint32_t in, std::uint32_t slot, view name) const {
  const node* const all = nodes_.data();
  std::uint32_t at = all[in].first;
  // A name that is far down a long list is added again: the last of equal names counts in JSON.
  std::uint32_t tries = 256;
  for (; at != 0; at = all[at].next) {
    if (all[at].slot != slot) continue;
    if (slot != unknown || same(all[at].name.view(), name)) break;
    if (--tries == 0) return 0;
  }
  return at;
}

/// The same, of which there is one then; 0: there is no memory.
std::uint32_t assembly::member(std::uint32_t in, std::uint32_t slot, view name) {
  std::uint32_t at = find(in, slot, name);
  if (at != 0) return at;
  at = make(in, slot);
  if (at != 0 && !nodes_[at].name.append(name)) fail(*where_, "memory", source_);
  held_ += name.size();
  return at;
}

std::uint32_t assembly::push(std::uint32_t slot, form as) {
  const std::uint32_t made = nodes_.size();
  if (!nodes_.room(1)) {
    fail(*where_, "memory", source_);
    return 0;
  }
  nodes_.resize_within(made + 1);
  node* const one = new (nodes_.data() + made) node;
  one->slot = static_cast<std::uint8_t>(slot);
  one->as = as;
  return made;
}

/// At the end of an object or an array.
std::uint32_t assembly::make(std::uint32_t in, std::uint32_t slot, form as) {
  const std::uint32_t made = push(slot, as);
  if (failed_) return 0;
  (nodes_[in].first == 0 ? nodes_[in].first : nodes_[nodes_[in].last].next) = made;
  nodes_[in].last = made;
  return made;
}

void assembly::become(std::uint32_t at, form as) {
  nodes_[at].said = true;
  if (nodes_[at].as == as) return;
  restart(at);
  nodes_[at].as = as;
}

void assembly::append(std::uint32_t at, view more) {
  held_ += more.size();
  if (!nodes_[at].text.append(more)) fail(*where_, "memory", source_);
}

/// Forgets its text; another one comes.
void assembly::restart(std::uint32_t at) {
  held_ -= nodes_[at].text.size;
  nodes_[at].text.size = 0;
  ++nodes_[at].restarts;
}

// ---- Shared -------------------------------------------------------------------------------------

double assembly::number(std::uint32_t object, std::uint32_t slot) const {
  double number = NAN;
  if (from_->holds(object, slot))
    std::memcpy(&number, from_->words() + decoder::slot_word(object, slot), sizeof number);
  return number;
}

void assembly::report(issue_code code, view name, view source) {
  report(code, severity::warning, {where_, name}, source, nullptr);
}

void assembly::report(issue_code code, severity grade, const place& where, view source,
                      const char* limit) {
  from_->report_event(code, grade, offset_of(source), where, limit,
                      limit == nullptr ? view() : "more");
}

// Where in the chunk's bytes something stands.
std::uint32_t assembly::offset_of(view source) const {
  const char* begin = from_->input().data();
  return source.data() == nullptr ? 0 : static_cast<std::uint32_t>(source.data() - begin);
}

void assembly::fail(const place& where, const char* limit, view source) {
  if (!failed_) report(issue_code::LIMIT, severity::error, where, source, limit);
  failed_ = true;
}

// Bytes that are not UTF-8 are replaced at once: those of two deltas do not become one character.
assembly::view assembly::clean(view value) {
  if (!from_->had_invalid_text()) return value;
  scratch_.clear();
  if (!scratch_.room(static_cast<std::uint32_t>(value.size()) * 3 + 4)) {
    fail(*where_, "memory", source_);
    return {};
  }
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

}  // namespace chatwire::assembly
