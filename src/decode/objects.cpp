// Objects of models: which member it is, whether its value fits, what a contract requires.
#include <cmath>
#include <cstring>

#include "decode/decoder.hpp"
#include "decode/vocabulary.hpp"
#include "text/bytes.hpp"
#include "text/number.hpp"

namespace chatwire {

using models::also;
using models::kind;
using models::table_field;
using models::table_object;

namespace {

const table_field& field_at(const table_object& of, std::uint32_t number) {
  return models::table_fields[of.field + number];
}

const table_field* find_member(const table_object& schema, std::string_view name) {
  for (std::uint32_t i = 0; i < schema.count; ++i)
    if (name_of(field_at(schema, i)) == name) return &field_at(schema, i);
  return nullptr;
}

// The member whose name stands at `at`, before its closing quote. Members come mostly in the order
// of the model, so the search begins after the one found last.
const table_field* find_member(const std::uint8_t* at, const std::uint8_t* end,
                               const table_object& schema, std::uint32_t& next) {
  const auto left = static_cast<std::size_t>(end - at);
  std::uint32_t i = next;
  for (std::uint32_t tries = schema.count; tries != 0; --tries, ++i) {
    if (i >= schema.count) i = 0;
    const table_field& candidate = field_at(schema, i);
    const std::uint32_t length = candidate.name_length;
    if (length < left && at[length] == '"' && text::same_bytes(at, name_at(candidate), length)) {
      next = i + 1;
      return &candidate;
    }
  }
  return nullptr;
}

// By kind and by open_rule.
constexpr const char* kind_expectations[] = {
    "a string",
    "an integer",
    "a count",
    "a number",
    "true or false",
    "an object",
    "an array of objects",
    "an array of integers",
    "an array of numbers",
    "an array of strings",
    "any value",
    "a string or an array of content parts",
};
constexpr const char* rule_expectations[] = {
    "any value",
    "an object",
    "an object of strings",
    "an object of booleans",
    "an object of numbers",
    "an object of arrays of strings",
    "a string or a number",
    "an array",
    "an array of strings and numbers",
    "an array of arrays of numbers",
};

const char* expectation(const table_field& of) {
  return of.of == kind::open ? rule_expectations[static_cast<std::size_t>(of.rule)]
                             : kind_expectations[static_cast<std::size_t>(of.of)];
}

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

}  // namespace

decoder::cursor decoder::object(cursor at, object_state& o) {
  if (o.depth > options_.limits.depth) {
    write_header(o);
    return fail_limit(o.where, o.start, "depth");
  }
  std::uint32_t next = 0;
  at = space(at);
  if (at != end_ && *at == '}') {
    close(o);
    return failed_ ? nullptr : at + 1;
  }
  for (;;) {
    if (at == end_ || *at != '"') {
      write_header(o);
      return fail_syntax(o.where, at, "a member's name");
    }
    const table_field* known = find_member(at + 1, end_, o.schema, next);
    if (known != nullptr) {
      at = value_after(at + known->name_length + 2);
      at = at == nullptr ? fail_value(o, *known) : known_member(at, o, *known);
    } else {
      at = other_member(at + 1, o);
    }
    if (at == nullptr) {
      write_header(o);
      return nullptr;
    }
    at = space(at);
    if (at != end_ && *at == ',') {
      at = space(at + 1);
      continue;
    }
    if (at != end_ && *at == '}') break;
    write_header(o);
    return fail_syntax(o.where, at, "a comma or the end of the object");
  }
  close(o);
  return failed_ ? nullptr : at + 1;
}

// From the end of a name to the value; null where that is not there.
decoder::cursor decoder::value_after(cursor at) {
  // Servers that write no white space are the rule.
  if (static_cast<std::size_t>(end_ - at) >= 2 && *at == ':' && at[1] > ' ') return at + 1;
  at = space(at);
  if (at == end_ || *at != ':') {
    name_end_ = at;
    return nullptr;
  }
  at = space(at + 1);
  name_end_ = at;
  return at == end_ ? nullptr : at;
}

decoder::cursor decoder::fail_value(const object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  return fail_syntax(&where, name_end_, name_end_ == end_ ? "a value" : "a colon");
}

// A member whose name is not written as the model's are.
decoder::cursor decoder::other_member(cursor name_at, object_state& o) {
  const cursor stop = text::skip_plain(name_at, end_);
  text::cell name;
  cursor at = string(name_at, o.where, name);
  if (at == nullptr) return nullptr;
  std::string_view name_text = text_.narrow(name);
  // A name with escapes may be a known one all the same.
  const table_field* known = *stop == '"' ? nullptr : find_member(o.schema, name_text);
  if (name_text.empty()) {
    name_text = {reinterpret_cast<const char*>(name_at),
                 static_cast<std::size_t>(at - 1 - name_at)};
  }
  at = value_after(at);
  if (at == nullptr) {
    const place where{o.where, name_text};
    return fail_syntax(&where, name_end_, name_end_ == end_ ? "a value" : "a colon");
  }
  return known != nullptr ? known_member(at, o, *known) : unknown_member(at, o, name, name_text);
}

void decoder::write_header(const object_state& o) {
  std::uint32_t* header = words_.data() + o.index;
  header[0] = o.present;
  header[1] = o.nulls;
  header[2] = o.first_extra;
  header[3] = words_.size();
}

void decoder::close(object_state& o) {
  if (strict()) {
    check_required(o);
  } else {
    repair(o);
  }
  write_header(o);
}

void decoder::check_required(const object_state& o) {
  const std::uint32_t there = o.present | o.nulls | o.misfits;
  if ((o.schema.required & ~there) != 0) report_missing(o, o.schema.required & ~there);
  for (std::uint32_t i = 0; i < o.schema.rules; ++i) {
    const models::table_rule& rule = models::table_rules[o.schema.rule + i];
    if (!rule.tagged) {
      // One of these members tells which variant the object is.
      if ((there & rule.members) == 0) report_missing(o, rule.members);
      continue;
    }
    if ((rule.members & ~there) == 0 || !(o.present >> rule.tag_slot & 1U)) continue;
    const text::cell tag = cell_at(slot_word(o.index, rule.tag_slot));
    const std::string_view value =
        tag.kind() == tape::text_kind::constant ? vocabulary[tag.position] : text_.narrow(tag);
    if (value == std::string_view(models::table_names + rule.value, rule.value_length))
      report_missing(o, rule.members & ~there);
  }
}

void decoder::report_missing(const object_state& o, std::uint32_t slots) {
  for (std::uint32_t i = 0; i < o.schema.count; ++i) {
    const table_field& of = field_at(o.schema, i);
    if ((slots >> of.slot & 1U) == 0) continue;
    const place where{o.where, name_of(of)};
    report_as(issue_code::MISSING, departure(issue_code::MISSING, o), &where, o.start,
              expectation(of), "nothing");
  }
}

// The common cases of each kind; `other_value` has the rest.
decoder::cursor decoder::known_member(cursor at, object_state& o, const table_field& of) {
  if (((o.present | o.nulls | o.misfits) >> of.slot & 1U) != 0) return duplicate_member(at, o, of);
  return value(at, o, of);
}

decoder::cursor decoder::value(cursor at, object_state& o, const table_field& of) {
  // A contract may type what the merged model leaves open; the slot is open all the same.
  if (of.twin == kind::open && of.of != kind::open) return other_value(at, o, of);
  const std::uint8_t byte = *at;
  switch (of.of) {
    case kind::text:
    case kind::content:
      if (byte == '"') return text_value(at, o, of);
      if (byte == '[' && of.of == kind::content) return objects_value(at, o, of);
      break;
    case kind::integer:
    case kind::count:
    case kind::number:
      if (starts_number(byte)) return number_value(at, o, of);
      break;
    case kind::object:
      if (byte == '{') return object_value(at, o, of);
      break;
    case kind::objects:
      if (byte == '[') return objects_value(at, o, of);
      break;
    case kind::integers:
    case kind::numbers:
      if (byte == '[') return numbers_value(at, o, of);
      break;
    case kind::texts:
      if (byte == '[') return texts_value(at, o, of);
      break;
    default:
      break;
  }
  return other_value(at, o, of);
}

decoder::cursor decoder::duplicate_member(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const std::uint32_t bit = 1U << of.slot;
  report(issue_code::DUPLICATE_KEY, severity::warning, &where, at);
  // The last one counts, as in JSON.parse; but a null does not undo what was said (Q38).
  const bool had_value = (((o.present & ~o.nulls) | (o.nulls & ~o.present)) & bit) != 0;
  if (!strict() && *at == 'n' && had_value) return skip(at, o, where);
  mark_absent(o, of.slot);
  o.misfits &= ~bit;
  // An original kept for the first value is nobody's any more.
  for (std::uint32_t entry = o.first_extra; entry != 0; entry = words_[entry])
    if (words_[entry + 1] == of.slot + 1U) words_[entry + 1] = tape::stale_original;
  return value(at, o, of);
}

decoder::cursor decoder::other_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  if (*at == 'n') return null_value(at, o, of, where);
  if (of.of == kind::open || of.twin == kind::open) return open_member(at, o, of, where);
  if (of.of == kind::boolean && end_ - at >= 5) {
    const bool yes = std::memcmp(at, "true", 4) == 0;
    if (yes || std::memcmp(at, "false", 5) == 0) {
      put(slot(o, of), yes ? 1 : 0, 0);
      mark(o, of);
      return at + (yes ? 4 : 5);
    }
  }
  if ((*at == '"' && (of.other & also::also_text) != 0) ||
      (*at == '{' && (of.other & also::also_map) != 0) ||
      (starts_number(*at) && (of.other & also::also_number) != 0)) {
    return open_member(at, o, of, where);
  }
  return misfit(at, o, of, where, issue_code::BAD_TYPE);
}

decoder::cursor decoder::null_value(cursor at, object_state& o, const table_field& of,
                                    const place& where) {
  if (end_ - at < 4 || std::memcmp(at, "null", 4) != 0) {
    const cursor left =
        end_ - at < 4 && std::memcmp(at, "null", static_cast<std::size_t>(end_ - at)) == 0 ? end_
                                                                                           : at;
    return fail_syntax(&where, left, "a value");
  }
  mark_null(o, of.slot);
  if (!of.nullable) {
    depart(issue_code::NULL_VALUE, o, &where, at, expectation(of));
  }
  return at + 4;
}

decoder::cursor decoder::text_value(cursor at, object_state& o, const table_field& of) {
  const cursor start = at + 1;
  const cursor stop = text::skip_plain(start, end_);
  if (stop == end_ || *stop != '"') return long_text_value(at, o, of);
  text::cell cell;
  const auto length = static_cast<std::uint32_t>(stop - start);
  const std::int32_t word = of.known_count == 0 ? -1 : find_word(start, length);
  if (word >= 0) {
    cell = text::make_cell(tape::text_kind::constant, static_cast<std::uint32_t>(word), length);
  } else if (!text_.keep_plain(start, stop, cell)) {
    return long_text_value(at, o, of);
  }
  put(slot(o, of), cell);
  mark(o, of);
  if (of.closed && is_closed_out(of, cell)) report_value(at, o, of);
  return stop + 1;
}

// Text with escapes or beyond ASCII, and all that can be wrong with text.
decoder::cursor decoder::long_text_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  text::cell cell;
  const cursor stop = string(at + 1, &where, cell);
  // What was read of a string that is cut off is worth keeping.
  put(slot(o, of), cell);
  mark(o, of);
  if (stop == nullptr) return nullptr;
  if (of.closed && is_closed_out(of, cell)) report_value(at, o, of);
  return stop;
}

void decoder::report_value(cursor at, const object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  depart(issue_code::BAD_VALUE, o, &where, at, "one of the strings that the contract lists");
}

bool decoder::is_closed_out(const table_field& of, text::cell cell) const {
  if (cell.kind() == tape::text_kind::pool16 || cell.kind() == tape::text_kind::text16) return true;
  const std::string_view text =
      cell.kind() == tape::text_kind::constant ? vocabulary[cell.position] : text_.narrow(cell);
  for (std::uint32_t i = 0; i < of.known_count; ++i)
    if (text == text_of(models::table_values[of.known + i])) return false;
  return true;
}

decoder::cursor decoder::number_value(cursor at, object_state& o, const table_field& of) {
  const text::number number = text::read_number(at, end_);
  if (number.end == nullptr || number.end == end_) return odd_number(at, o, of);
  if (of.of != kind::number && (!number.integral || number.value < 0)) return odd_number(at, o, of);
  put_double(slot(o, of), number.value);
  mark(o, of);
  return number.end;
}

// A number that is cut off, malformed, or not what the member takes.
decoder::cursor decoder::odd_number(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const text::number number = text::read_number(at, end_);
  if (number.end == nullptr || number.end == end_) {
    if (*at == '-' && number.end == nullptr) return repair_number(at, o, of, where);
    // A number that the input ends in may be cut off, so it is not taken for what it seems.
    const cursor stop = number.end == nullptr ? at : number.end;
    bool cut = true;
    for (cursor byte = stop; byte != end_; ++byte)
      cut = cut && (starts_number(*byte) || *byte == '+' || *byte == '.' || (*byte | 0x20) == 'e');
    return fail_syntax(&where, cut ? end_ : at, "a number");
  }
  double value = number.value;
  if (value != std::floor(value) || std::isinf(value)) {
    depart(issue_code::NOT_INTEGER, o, &where, at, expectation(of));
    if (of.of == kind::integer && !strict()) {
      if (keep_original(at, o, of, where) == nullptr) return nullptr;
      value = std::floor(value);
    }
  }
  if (of.of == kind::count && value < 0)
    return misfit(at, o, of, where, issue_code::NEGATIVE_COUNT);
  put_double(slot(o, of), value);
  mark(o, of);
  return number.end;
}

decoder::cursor decoder::object_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const table_object& schema = models::table_objects[of.object];
  const std::uint32_t child = allocate_object(schema);
  if (child == 0) return fail_memory(&where, at);
  put(slot(o, of), child, 0);
  mark(o, of);
  object_state inner{schema, child, at, &where, o.depth + 1};
  return object(at + 1, inner);
}

decoder::cursor decoder::objects_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const table_object& schema = models::table_objects[of.object];
  const cursor start = at;
  std::uint32_t count = 0;
  std::uint32_t first = words_.size();
  bool misfits = false;
  std::uint32_t most = UINT32_MAX;
  const bool choices =
      schema.id == models::model::choice || schema.id == models::model::chunk_choice;
  if (choices) most = options_.limits.choices;
  if (schema.id == models::model::tool_call || schema.id == models::model::tool_call_delta)
    most = options_.limits.tool_calls;
  // The slot always tells what is there, also of an array that is cut off.
  const std::uint32_t slot_at = slot(o, of);
  const bool content = of.of == kind::content;
  const auto tell = [&] {
    put(slot_at, first,
        content ? text::make_cell(tape::text_kind::parts, first, count).meta : count);
  };
  tell();
  mark(o, of);
  if (o.depth + 1 > options_.limits.depth) return fail_limit(&where, at, "depth");
  at = space(at + 1);
  if (at != end_ && *at == ']') return at + 1;
  place element{&where, {}, 0};
  for (;; ++element.index) {
    if (at != end_ && *at == '{') {
      if (count == most) return fail_limit(&element, at, choices ? "choices" : "toolCalls");
      const std::uint32_t child = allocate_object(schema);
      if (child == 0) return fail_memory(&element, at);
      if (count == 0) first = child;
      ++count;
      tell();
      object_state inner{schema, child, at, &element, o.depth + 2};
      at = object(at + 1, inner);
    } else {
      if (at == end_) return fail_syntax(&element, at, "a value");
      depart(issue_code::BAD_TYPE, o, &element, at, "an object");
      misfits = true;
      at = skip(at, o, element);
    }
    if (at == nullptr) return nullptr;
    at = space(at);
    if (at != end_ && *at == ',') {
      at = space(at + 1);
      continue;
    }
    if (at != end_ && *at == ']') break;
    return fail_syntax(&where, at, "a comma or the end of the array");
  }
  // The elements that are objects stay typed; the array as it came is kept beside them.
  if (misfits && keep_original(start, o, of, where) == nullptr) return nullptr;
  return at + 1;
}

decoder::cursor decoder::numbers_value(cursor at, object_state& o, const table_field& of) {
  const cursor start = at;
  const std::uint32_t first = words_.size();
  std::uint32_t count = 0;
  at = space(at + 1);
  if (at != end_ && *at == ']' && o.depth < options_.limits.depth) {
    put(slot(o, of), first, 0);
    mark(o, of);
    return at + 1;
  }
  while (at != end_ && starts_number(*at) && o.depth < options_.limits.depth) {
    const text::number number = text::read_number(at, end_);
    if (number.end == nullptr || number.end == end_) break;
    if (!number.integral && of.of == kind::integers && number.value != std::floor(number.value))
      break;
    const std::uint32_t word = allocate(tape::slot_words);
    if (word == 0) break;
    put_double(word, number.value);
    ++count;
    at = number.end;
    if (*at == ',') {
      ++at;
      if (at != end_ && *at <= ' ') at = space(at);
      continue;
    }
    at = space(at);
    if (at != end_ && *at == ',') {
      at = space(at + 1);
      continue;
    }
    if (at == end_ || *at != ']') break;
    put(slot(o, of), first, count);
    mark(o, of);
    return at + 1;
  }
  put(slot(o, of), first, count);
  mark(o, of);
  return odd_numbers(start, at, count, o, of);
}

// An array that is not all numbers: `at` is where that shows.
decoder::cursor decoder::odd_numbers(cursor start, cursor at, std::uint32_t count, object_state& o,
                                     const table_field& of) {
  const place where{o.where, name_of(of)};
  const place element{&where, {}, count};
  if (o.depth + 1 > options_.limits.depth) return fail_limit(&where, start, "depth");
  // Read as any JSON, it is either kept as it is, or the place where it is none is told; the numbers
  // up to there stay.
  const std::uint32_t size = words_.size();
  std::uint32_t index = 0;
  if (open_value(start, o.depth, &element, index) == nullptr) return nullptr;
  words_.resize_within(size);
  mark_absent(o, of.slot);
  depart(issue_code::BAD_TYPE, o, &element, at, of.of == kind::integers ? "an integer" : "a number");
  return keep_original(start, o, of, where);
}

decoder::cursor decoder::texts_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const cursor start = at;
  const std::uint32_t first = words_.size();
  std::uint32_t count = 0;
  if (o.depth + 1 > options_.limits.depth) return fail_limit(&where, at, "depth");
  at = space(at + 1);
  if (at != end_ && *at == ']') {
    put(slot(o, of), first, 0);
    mark(o, of);
    return at + 1;
  }
  for (;;) {
    const place element{&where, {}, count};
    if (at == end_) return fail_syntax(&element, at, "a string");
    if (*at != '"') {
      words_.resize_within(first);
      depart(issue_code::BAD_TYPE, o, &element, at, "a string");
      return keep_original(start, o, of, where);
    }
    text::cell cell;
    at = string(at + 1, &element, cell);
    if (at == nullptr) return nullptr;
    const std::uint32_t word = allocate(tape::slot_words);
    if (word == 0) return fail_memory(&element, at);
    put(word, cell);
    ++count;
    at = space(at);
    if (at != end_ && *at == ',') {
      at = space(at + 1);
      continue;
    }
    if (at != end_ && *at == ']') break;
    return fail_syntax(&where, at, "a comma or the end of the array");
  }
  put(slot(o, of), first, count);
  mark(o, of);
  return at + 1;
}

decoder::cursor decoder::open_member(cursor at, object_state& o, const table_field& of,
                                     const place& where) {
  std::uint32_t index = 0;
  const std::uint32_t size = words_.size();
  const cursor stop = open_value(at, o.depth, &where, index);
  if (stop == nullptr) return nullptr;
  const bool fitting =
      of.of == kind::open ? fits(of.rule, index) : of.twin != kind::open || fits(of, index);
  if (!fitting) {
    words_.resize_within(size);
    return misfit(at, o, of, where, issue_code::BAD_TYPE);
  }
  put(slot(o, of), index, 0);
  if (of.twin == kind::open) {
    mark(o, of);
  } else {
    mark_open(o, of.slot);
  }
  return stop;
}

decoder::cursor decoder::unknown_member(cursor at, object_state& o, text::cell name,
                                        std::string_view name_text) {
  const place where{o.where, name_text};
  const std::uint32_t entry = add_extra(o, name, false);
  if (entry == 0) return fail_memory(&where, at);
  std::uint32_t index = 0;
  return open_value(at, o.depth, &where, index);
}

decoder::cursor decoder::misfit(cursor at, object_state& o, const table_field& of,
                                const place& where, issue_code code) {
  const std::uint8_t byte = *at;
  if (!strict()) {
    if (byte == '"' && (of.of == kind::integer || of.of == kind::count || of.of == kind::number)) {
      return repair_number(at, o, of, where);
    }
    if ((byte == '{' || byte == '[') && of.of == kind::text &&
        (o.schema.id == models::model::tool_function ||
         o.schema.id == models::model::function_call) &&
        name_of(of) == "arguments") {
      return repair_arguments(at, o, of, where);
    }
  }
  const cursor stop = keep_original(at, o, of, where);
  // Syntax errors were reported already, and are what counts.
  if (stop == nullptr) return nullptr;
  depart(code, o, &where, at, expectation(of));
  return stop;
}

decoder::cursor decoder::keep_original(cursor at, object_state& o, const table_field& of,
                                       const place& where) {
  if (add_original(o, {name_of(of), of.slot}) == 0) return fail_memory(&where, at);
  std::uint32_t index = 0;
  return open_value(at, o.depth, &where, index);
}

decoder::cursor decoder::skip(cursor at, const object_state& o, const place& where) {
  const std::uint32_t size = words_.size();
  std::uint32_t index = 0;
  at = open_value(at, o.depth + 1, &where, index);
  words_.resize_within(size);
  return at;
}

}  // namespace chatwire
