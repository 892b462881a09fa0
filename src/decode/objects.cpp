// Objects of models: which member it is, whether its value fits, what a contract requires.
#include <cmath>
#include <cstring>

#include "decode/decoder.hpp"
#include "decode/vocabulary.hpp"
#include "text/bytes.hpp"
#include "text/number.hpp"

namespace chatwire {

using models::kind;
using models::table_field;
using models::table_object;

namespace {

// Whether the name of a member, and its closing quote, stands at `at`. Longer names than the
// longest can be read there.
bool stands_at(const std::uint8_t* at, const table_field& of) {
  std::uint64_t start;
  std::memcpy(&start, at, sizeof start);
  if ((start & of.name_mask) != of.name_start) return false;
  const std::uint32_t length = of.name_length;
  if (length < 8) return true;
  return at[length] == '"' && text::same_bytes(at + 8, name_at(of) + 8, length - 8);
}

// The member whose name stands at `at`, after its opening quote. Members come mostly in the order
// of the model, so the search begins after the one found last.
const table_field* find_member(const std::uint8_t* at, const std::uint8_t* end,
                               const table_object& schema, std::uint32_t& next) {
  const auto left = static_cast<std::size_t>(end - at);
  const table_field* fields = models::table_fields + schema.field;
  std::uint32_t i = next;
  for (std::uint32_t tries = schema.count; tries != 0; --tries, ++i) {
    if (i >= schema.count) i = 0;
    const table_field& candidate = fields[i];
    const std::uint32_t length = candidate.name_length;
    if (left > models::longest_name ? stands_at(at, candidate)
                                    : length < left && at[length] == '"' &&
                                          text::same_bytes(at, name_at(candidate), length)) {
      next = i + 1;
      return &candidate;
    }
  }
  return nullptr;
}

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

}  // namespace

decoder::cursor decoder::object(cursor at, object_state& o) {
  at = members(at, o);
  if (at == nullptr) {
    write_header(o);  // what was read so far is worth keeping
    return nullptr;
  }
  close(o);
  if (options_.keep_sources) {
    put(source_word(o.index, o.schema, o.schema.slots),
        static_cast<std::uint32_t>(o.start - begin_), static_cast<std::uint32_t>(at - begin_));
  }
  return failed_ ? nullptr : at;
}

// From the byte after the opening brace to the one after the closing brace.
inline decoder::cursor decoder::members(cursor at, object_state& o) {
  if (o.depth > options_.limits.depth) return fail_limit(o.where, o.start, "depth");
  std::uint32_t next = 0;
  at = space(at);
  if (at != end_ && *at == '}') return at + 1;
  for (;;) {
    if (at == end_ || *at != '"') return fail_syntax(o.where, at, "a member's name");
    const table_field* known = find_member(at + 1, end_, o.schema, next);
    if (known != nullptr) {
      at = value_after(at + known->name_length + 2);
      at = at == nullptr ? fail_value(o, *known) : known_member(at, o, *known);
    } else {
      at = other_member(at + 1, o);
    }
    if (at == nullptr) return nullptr;
    at = space(at);
    if (at == end_ || *at != ',') break;
    at = space(at + 1);
  }
  if (at != end_ && *at == '}') return at + 1;
  return fail_syntax(o.where, at, "a comma or the end of the object");
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

void decoder::write_header(const object_state& o) {
  std::uint32_t* header = words_.data() + o.index;
  header[0] = o.present;
  header[1] = o.nulls;
  header[2] = o.first_extra;
  header[3] = words_.size();
}

void decoder::close(object_state& o) {
  if (o.has_stale_originals) drop_stale_originals(o);
  if (strict()) {
    check_required(o);
  } else {
    repair(o);
  }
  write_header(o);
}

decoder::cursor decoder::known_member(cursor at, object_state& o, const table_field& of) {
  if (((o.present | o.nulls | o.misfits) >> of.slot & 1U) != 0) return duplicate_member(at, o, of);
  const cursor stop = value(at, o, of);
  if (options_.keep_sources && stop != nullptr) note_source(o, of, at, stop);
  return stop;
}

// The usual ways; `other_value` has the rest.
decoder::cursor decoder::value(cursor at, object_state& o, const table_field& of) {
  const std::uint8_t byte = *at;
  switch (of.way) {
    case models::usual::is_text:
      if (byte == '"') return text_value(at, o, of);
      if (byte == '[' && of.of == kind::content) return objects_value(at, o, of);
      break;
    case models::usual::is_number:
      if (starts_number(byte)) return number_value(at, o, of);
      break;
    case models::usual::is_object:
      if (byte == '{') return object_value(at, o, of);
      break;
    case models::usual::is_objects:
      if (byte == '[') return objects_value(at, o, of);
      break;
    case models::usual::is_numbers:
      if (byte == '[') return numbers_value(at, o, of);
      break;
    case models::usual::none:
      if (of.of == kind::texts && of.twin == kind::texts && byte == '[')
        return texts_value(at, o, of);
      break;
  }
  return other_value(at, o, of);
}

inline decoder::cursor decoder::text_value(cursor at, object_state& o, const table_field& of) {
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

inline decoder::cursor decoder::number_value(cursor at, object_state& o, const table_field& of) {
  const text::number number = text::read_number(at, end_);
  if (number.end == nullptr || number.end == end_) return odd_number(at, o, of);
  if (of.of != kind::number && (!number.integral || number.value < 0)) return odd_number(at, o, of);
  put_double(slot(o, of), number.value);
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
  object_state inner{schema, child, at, &where, o.depth + 1, &o};
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
      object_state inner{schema, child, at, &element, o.depth + 2, &o};
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
  if (misfits && keep_original(start, o, of, where, true) == nullptr) return nullptr;
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
  // Token bytes: integers of a few digits without white space.
  while (end_ - at >= 16 && o.depth < options_.limits.depth) {
    std::uint32_t value = *at - std::uint32_t{'0'};
    if (value == 0 || value > 9) break;
    cursor digit = at + 1;
    for (std::uint32_t next = 0; (next = *digit - std::uint32_t{'0'}) <= 9 && digit < at + 9;
         ++digit)
      value = value * 10 + next;
    if (*digit != ',' && *digit != ']') break;
    const std::uint32_t word = allocate(tape::slot_words);
    if (word == 0) break;
    put_double(word, value);
    ++count;
    at = digit + 1;
    if (*digit == ',') continue;
    put(slot(o, of), first, count);
    mark(o, of);
    return at;
  }
  at = space(at);
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

}  // namespace chatwire
