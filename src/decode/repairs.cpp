// What servers get wrong and how it is put right, when decoding without a contract. Each repair
// reports an issue and keeps what came under `extra`, so nothing is lost and encoding gives the
// original back.
#include <cmath>
#include <cstring>

#include "decode/decoder.hpp"
#include "decode/vocabulary.hpp"
#include "text/number.hpp"
#include "text/utf8.hpp"

namespace chatwire {

using models::kind;
using models::model;
using models::table_field;
using models::table_object;
namespace merged = models::merged;

namespace {

consteval member_id member(const models::object_schema& of, std::string_view wire) {
  for (std::uint32_t i = 0; i < of.slots; ++i)
    if (of.fields[i].name() == wire) return {of.fields[i].name(), i};
  models::does_not_compile("no such member");
  return {};
}

constexpr member_id choice_index = member(merged::choice, "index");
constexpr member_id choice_message = member(merged::choice, "message");
constexpr member_id choice_finish_reason = member(merged::choice, "finish_reason");
constexpr member_id choice_index_synthetic = member(merged::choice, "index_synthetic");
constexpr member_id chunk_finish_reason = member(merged::chunk_choice, "finish_reason");
constexpr member_id chunk_index_synthetic = member(merged::chunk_choice, "index_synthetic");
constexpr member_id message_tool_calls = member(merged::message, "tool_calls");
constexpr member_id call_id = member(merged::tool_call, "id");
constexpr member_id call_type = member(merged::tool_call, "type");
constexpr member_id call_function = member(merged::tool_call, "function");
constexpr member_id call_id_synthetic = member(merged::tool_call, "id_synthetic");
constexpr member_id call_type_synthetic = member(merged::tool_call, "type_synthetic");
constexpr member_id function_arguments = member(merged::tool_function, "arguments");
constexpr member_id part_type = member(merged::content_part, "type");
static_assert(choice_index.slot == member(merged::chunk_choice, "index").slot);

bool holds_value(std::uint32_t present, std::uint32_t nulls, const member_id& of) {
  return (present & ~nulls) >> of.slot & 1U;
}

// Numbers that JSON does not have, as Python writes them.
struct non_finite_token {
  std::string_view text;
  double value;
};
constexpr non_finite_token non_finite_tokens[] = {
    {"NaN", __builtin_nan("")}, {"Infinity", __builtin_inf()}, {"-Infinity", -__builtin_inf()}};

}  // namespace

void decoder::repair(object_state& o) {
  switch (o.schema.id) {
    case model::choice:
    case model::chunk_choice:
      return repair_choice(o);
    case model::message:
      return repair_message(o);
    case model::tool_call:
      return repair_tool_call(o);
    case model::tool_function:
      if (options_.kind == body_kind::completion &&
          (o.present >> function_arguments.slot & 1U) != 0 &&
          ((o.nulls >> function_arguments.slot & 1U) != 0 ||
           cell_at(slot(o, function_arguments)).length() == 0)) {
        const place where{o.where, function_arguments.name};
        report(issue_code::EMPTY_ARGUMENTS, severity::info, &where,
               value_at(o, function_arguments));
      }
      return;
    case model::content_part:
      return repair_content_part(o);
    default:
      return;
  }
}

void decoder::repair_choice(object_state& o) {
  const bool whole = o.schema.id == model::choice;
  // A choice without an index is the one at its position (Q32).
  if (!holds_value(o.present, o.nulls, choice_index) && o.where->is_element()) {
    const place where{o.where, choice_index.name};
    report(issue_code::CHOICE_INDEX_MISSING, severity::warning, &where, value_at(o, choice_index));
    put_double(slot(o, choice_index), o.where->index);
    if ((o.present >> choice_index.slot & 1U) != 0 && !keep_original_null(o, choice_index)) return;
    mark(o, choice_index);
    const member_id& flag = whole ? choice_index_synthetic : chunk_index_synthetic;
    put(slot(o, flag), 1, 0);
    mark(o, flag);
  }
  const member_id& reason = whole ? choice_finish_reason : chunk_finish_reason;
  const place where{o.where, reason.name};
  if (holds_value(o.present, o.nulls, reason)) {
    const text::cell cell = cell_at(slot(o, reason));
    // "null" and "" are how some servers write that there is none (Q31, Q97).
    if (cell.length() == 0 || text_.narrow(cell) == "null") {
      if (whole) {
        report(issue_code::FINISH_REASON_NOT_A_REASON, severity::warning, &where,
               value_at(o, reason));
      }
      if (!keep_original_text(o, reason, cell)) return;
      mark_null(o, reason.slot);
    }
  }
  if (!whole) return;
  if (!holds_value(o.present, o.nulls, reason)) {
    if ((o.misfits >> reason.slot & 1U) == 0)
      report(issue_code::FINISH_REASON_MISSING, severity::warning, &where, value_at(o, reason));
    return;
  }
  const text::cell cell = cell_at(slot(o, reason));
  if (cell.kind() != tape::text_kind::constant || cell.position != word("tool_calls")) return;
  std::uint32_t calls = 0;
  if (holds_value(o.present, o.nulls, choice_message)) {
    const std::uint32_t message = words_[slot(o, choice_message)];
    if (holds(message, message_tool_calls.slot))
      calls = words_[slot_word(message, message_tool_calls.slot) + 1];
  }
  if (calls == 0)
    report(issue_code::FINISH_TOOLS_WITHOUT_CALLS, severity::warning, &where, value_at(o, reason));
}

void decoder::repair_message(object_state& o) {
  // `tool_calls: []` means none; echoed as it is, other servers refuse it (Q18).
  if (!holds_value(o.present, o.nulls, message_tool_calls)) return;
  if (words_[slot(o, message_tool_calls) + 1] != 0) return;
  if ((o.misfits >> message_tool_calls.slot & 1U) == 0) {
    const std::uint32_t entry = add_original(o, message_tool_calls);
    const std::uint32_t cell = entry == 0 ? 0 : allocate(tape::slot_words);
    if (cell == 0) return;
    put(cell, 0, static_cast<std::uint32_t>(tape::tag::array));
  }
  mark_absent(o, message_tool_calls.slot);
}

void decoder::repair_tool_call(object_state& o) {
  const bool has_id = holds_value(o.present, o.nulls, call_id);
  if (!has_id || cell_at(slot(o, call_id)).length() == 0) {
    const place where{o.where, call_id.name};
    report(issue_code::TOOL_CALL_ID_MISSING, severity::warning, &where, value_at(o, call_id));
    if (has_id && !keep_original_text(o, call_id, cell_at(slot(o, call_id)))) return;
    if ((o.present & o.nulls) >> call_id.slot & 1U && !keep_original_null(o, call_id)) return;
    // The same answer gives the same id, and two calls of one message never share one (Q25).
    constexpr char digits[] = "0123456789abcdef";
    std::uint64_t hash =
        body_hash() ^ (static_cast<std::uint64_t>(o.start - begin_) * 0x9E3779B97F4A7C15U);
    char id[5 + 16] = {'c', 'a', 'l', 'l', '_'};
    for (std::size_t i = 0; i < 16; ++i, hash >>= 4U) id[5 + i] = digits[hash & 15U];
    text::cell cell;
    if (!text_.keep_ascii({id, sizeof id}, cell)) return;
    put(slot(o, call_id), cell);
    mark(o, call_id);
    put(slot(o, call_id_synthetic), 1, 0);
    mark(o, call_id_synthetic);
  }
  const bool has_type = holds_value(o.present, o.nulls, call_type);
  if ((has_type && cell_at(slot(o, call_type)).length() != 0) ||
      !holds_value(o.present, o.nulls, call_function)) {
    return;
  }
  const place where{o.where, call_type.name};
  report(issue_code::TOOL_CALL_TYPE_MISSING, severity::info, &where, value_at(o, call_type));
  if (has_type && !keep_original_text(o, call_type, cell_at(slot(o, call_type)))) return;
  if ((o.present & o.nulls) >> call_type.slot & 1U && !keep_original_null(o, call_type)) return;
  put(slot(o, call_type), text::make_cell(tape::text_kind::constant, word("function"), 8));
  mark(o, call_type);
  put(slot(o, call_type_synthetic), 1, 0);
  mark(o, call_type_synthetic);
}

void decoder::repair_content_part(object_state& o) {
  if (!holds_value(o.present, o.nulls, part_type)) return;
  const text::cell cell = cell_at(slot(o, part_type));
  const std::string_view type = narrow(cell);
  const table_object& model = merged_object(models::model::content_part);
  const table_field& of = models::table_fields[model.field + part_type.slot];
  for (std::uint32_t i = 0; i < of.known_count; ++i)
    if (type == text_of(models::table_values[of.known + i])) return;
  const place where{o.where, part_type.name};
  const cursor at = value_at(o, part_type);  // first: looking for it may move the text
  report_as(issue_code::UNKNOWN_PART_TYPE, severity::warning, &where, at, nullptr, narrow(cell));
}

// A value that is no number where one belongs: a number in a string (Q10, Q14), NaN (Q33).
decoder::cursor decoder::repair_number(cursor at, object_state& o, const table_field& of,
                                       const place& where) {
  double value = 0;
  if (const cursor stop = non_finite(at, value); stop != nullptr) {
    report(issue_code::NON_FINITE_NUMBER, severity::warning, &where, at, "a number");
    put_double(slot(o, of), value);
    if (options_.keep_non_finite) {
      mark(o, of);
    } else {
      mark_null(o, of.slot);
    }
    return stop;
  }
  if (*at != '"' || strict()) {
    if (*at == '"' || *at == '{' || *at == '[' || *at == 't' || *at == 'f') {
      const cursor stop = keep_original(at, o, of, where);
      if (stop == nullptr) return nullptr;
      depart(issue_code::BAD_TYPE, o, &where, at,
             of.of == kind::number ? "a number" : "an integer");
      return stop;
    }
    std::uint32_t index = 0;
    return open_value(at, o.depth, &where, index);  // reports what is wrong with it
  }
  const cursor stop = keep_original(at, o, of, where);
  if (stop == nullptr) return nullptr;
  const cursor digits = at + 1;
  const cursor quote = stop - 1;
  text::number number;
  if (digits != quote && (*digits == '-' || (*digits >= '0' && *digits <= '9')))
    number = text::read_number(digits, quote);
  const bool whole = number.end == quote;
  if (!whole || (of.of == kind::count && number.value < 0)) {
    report(issue_code::BAD_TYPE, severity::warning, &where, at,
           of.of == kind::number ? "a number" : "an integer");
    return stop;
  }
  report(issue_code::NUMBER_FROM_STRING, severity::warning, &where, at, "a number");
  if (of.of != kind::number && number.value != std::floor(number.value)) {
    report(issue_code::NOT_INTEGER, severity::warning, &where, at, "an integer");
    if (of.of == kind::integer) number.value = std::floor(number.value);
  }
  put_double(slot(o, of), number.value);
  mark(o, of);
  return stop;
}

// Tool arguments that are JSON instead of a string of JSON (Q21). The text is the source without
// its white space, so no number goes through a double on the way (Q126).
decoder::cursor decoder::repair_arguments(cursor at, object_state& o, const table_field& of,
                                          const place& where) {
  const cursor stop = keep_original(at, o, of, where);
  if (stop == nullptr) return nullptr;
  report(issue_code::ARGUMENTS_NOT_STRING, severity::warning, &where, at, "a string");
  text::cell kept;
  if (!minify(at, stop, kept)) return fail_memory(&where, at);
  put(slot(o, of), kept);
  mark(o, of);
  return stop;
}

bool decoder::minify(cursor from, cursor to, text::cell& kept) {
  scratch_.clear();
  if (!scratch_.room(static_cast<std::uint32_t>(to - from))) return false;
  std::uint32_t size = 0;
  bool in_string = false;
  for (cursor at = from; at != to; ++at) {
    if (!in_string && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) continue;
    if (*at == '"') in_string = !in_string;
    scratch_[size++] = *at;
    if (in_string && *at == '\\') scratch_[size++] = *++at;
  }
  return text_.keep_utf8(scratch_.data(), scratch_.data() + size, kept);
}

// Where NaN, Infinity or -Infinity ends. Null: it is none of these.
decoder::cursor decoder::non_finite(cursor at, double& value) const {
  if (strict() || options_.kind == body_kind::json) return nullptr;
  for (const non_finite_token& one : non_finite_tokens) {
    if (static_cast<std::size_t>(end_ - at) < one.text.size() ||
        std::memcmp(at, one.text.data(), one.text.size()) != 0) {
      continue;
    }
    value = one.value;
    return at + one.text.size();
  }
  return nullptr;
}

// Whether the input ends in the beginning of one of them.
bool decoder::is_cut_non_finite(cursor at) const {
  const auto left = static_cast<std::size_t>(end_ - at);
  if (strict() || options_.kind == body_kind::json) return false;
  for (const non_finite_token& one : non_finite_tokens)
    if (left < one.text.size() && std::memcmp(at, one.text.data(), left) == 0) return true;
  return false;
}

// Where the value of a member stands that is there; its object where it is not.
decoder::cursor decoder::value_at(const object_state& o, const member_id& of) {
  const bool there = ((o.present | o.nulls | o.misfits) >> of.slot & 1U) != 0;
  const cursor at = there ? member_value(o.start, of.name) : nullptr;
  return at != nullptr ? at : o.start;
}

std::uint64_t decoder::body_hash() {
  if (body_hash_ == 0) {
    body_hash_ = 0xCBF29CE484222325U;  // FNV-1a
    for (cursor at = begin_; at != end_; ++at) body_hash_ = (body_hash_ ^ *at) * 0x100000001B3U;
  }
  return body_hash_;
}

std::uint32_t decoder::add_original(object_state& o, const member_id& of) {
  text::cell name;
  if (!text_.keep_ascii(of.name, name)) return 0;
  const std::uint32_t entry = add_extra(o, name, true);
  if (entry == 0) return 0;
  words_[entry + 1] = of.slot + 1U;
  o.misfits |= 1U << of.slot;
  return entry;
}

bool decoder::keep_original_text(object_state& o, const member_id& of, text::cell value) {
  if (add_original(o, of) == 0) return false;
  const std::uint32_t cell = allocate(2 * tape::slot_words);
  if (cell == 0) return false;
  put(cell, 0, static_cast<std::uint32_t>(tape::tag::text));
  put(cell + tape::slot_words, value);
  return true;
}

bool decoder::keep_original_null(object_state& o, const member_id& of) {
  if (add_original(o, of) == 0) return false;
  const std::uint32_t cell = allocate(tape::slot_words);
  if (cell == 0) return false;
  put(cell, 0, static_cast<std::uint32_t>(tape::tag::null));
  return true;
}

}  // namespace chatwire
