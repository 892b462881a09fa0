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
[[gnu::always_inline]] inline bool stands_at(const std::uint8_t* at, const table_field& of) {
  using text::block;
  if (!block::load(at).is_same(block::load(of.name_start), block::load(of.name_mask))) return false;
  const std::size_t length = of.name_length;
  if (length < block::size) return true;
  const auto* name = reinterpret_cast<const std::uint8_t*>(name_at(of));
  for (std::size_t i = block::size; i + block::size < length; i += block::size)
    if (!block::load(at + i).is_same(block::load(name + i))) return false;
  const std::size_t last = length - block::size;
  return at[length] == '"' && block::load(at + last).is_same(block::load(name + last));
}

// The member whose name stands at `at`, after its opening quote, or null. Members come mostly in
// the order of the model, so the search begins at `next`.
const table_field* find_member(const std::uint8_t* at, const std::uint8_t* end,
                               const table_object& schema, const table_field* next) {
  const auto left = static_cast<std::size_t>(end - at);
  const table_field* const first = models::table_fields + schema.field;
  const table_field* const last = first + schema.count;
  for (std::uint32_t tries = schema.count; tries != 0; --tries, ++next) {
    if (next == last) next = first;
    const std::uint32_t length = next->name_length;
    if (left > models::longest_name
            ? stands_at(at, *next)
            : length < left && at[length] == '"' && text::same_bytes(at, name_at(*next), length))
      return next;
  }
  return nullptr;
}

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

// So much of the input is left that a name, and a short value after it, can be read without asking.
constexpr std::ptrdiff_t ahead = models::longest_name + 32;

}  // namespace

decoder::cursor decoder::object(cursor at, object_state& o) {
  at = members(at, o);
  if (at == nullptr) {
    write_header(o);  // what was read so far is worth keeping
    return nullptr;
  }
  if (o.is_part) {
    write_header(o);
    return failed_ ? nullptr : at;
  }
  close(o);
  if (options_.keep_sources) {
    put(source_word(o.index, o.schema, o.schema.slots),
        static_cast<std::uint32_t>(o.start - begin_), static_cast<std::uint32_t>(at - begin_));
  }
  return failed_ ? nullptr : at;
}

// From the byte after the opening brace to the one after the closing brace.
[[gnu::always_inline]] inline decoder::cursor decoder::members(cursor at, object_state& o) {
  if (o.depth > options_.limits.depth) return fail_limit(o.where, o.start, "depth");
  at = space(at);
  if (at != end_ && *at == '}') return at + 1;
  const table_field* const first = models::table_fields + o.schema.field;
  const table_field* const last = first + o.schema.count;
  const table_field* next = first;
  for (;;) {
    if (at == end_ || *at != '"') return fail_syntax(o.where, at, "a member's name");
    // Mostly it is the next one of the model, with its value right behind it.
    const table_field* known = next;
    if (end_ - at <= ahead || next == last || !stands_at(at + 1, *next))
      known = find_member(at + 1, end_, o.schema, next);
    if (known != nullptr) {
      next = known + 1;
      at = value_after(at + known->name_length + 2);
      if (at == nullptr) return fail_value(o, *known);
    } else {
      const other_name other = other_member(at + 1, o);
      at = other.at;
      known = other.known;
    }
    if (known != nullptr) {
      const cursor start = at;
      if (!has_come(o, *known) || forget_member(at, o, *known)) {
        at = value(at, o, *known);
        if (notes_ && at != nullptr) {
          if (options_.keep_sources) {
            note_source(o, *known, start, at);
          } else {
            note_value(o, *known, start, at);
          }
        }
      } else {
        const place where{o.where, name_of(*known)};
        at = skip(at, o, where);
      }
    }
    if (at == nullptr || o.is_part) return at;
    if (end_ - at > 1 && at[0] == ',' && at[1] == '"') {
      ++at;
      continue;
    }
    at = space(at);
    if (at == end_ || *at != ',') break;
    at = space(at + 1);
  }
  if (at != end_ && *at == '}') return at + 1;
  return fail_syntax(o.where, at, "a comma or the end of the object");
}

decoder::cursor decoder::skip_space(cursor at) const {
  // Line breaks and what they indent.
  while (end_ - at >= static_cast<std::ptrdiff_t>(text::block::size)) {
    const std::uint32_t others = ~text::block::load(at).either(' ', '\n') & 0xFFFFU;
    at += others == 0 ? text::block::size : text::first_bit(others);
    if (others != 0) break;
  }
  while (at != end_ && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
  return at;
}

// From the end of a name to the value; null where that is not there.
decoder::cursor decoder::value_after(cursor at) {
  // Servers that write no white space are the rule.
  if (end_ - at > 2 && *at == ':') {
    if (at[1] > ' ') return at + 1;
    if (at[1] == ' ' && at[2] > ' ') return at + 2;
  }
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

// The usual ways; `other_value` has the rest.
[[gnu::always_inline]] inline decoder::cursor decoder::value(cursor at, object_state& o,
                                                             const table_field& of) {
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

[[gnu::always_inline]] inline decoder::cursor decoder::text_value(cursor at, object_state& o,
                                                                  const table_field& of) {
  text::cell cell;
  cursor stop = of.known_count == 0 ? nullptr : word_value(at + 1, cell);
  if (stop == nullptr) stop = text_.take_plain(at + 1, cell);
  if (stop == nullptr) return long_text_value(at, o, of);
  put(slot(o, of), cell);
  o.present |= 1U << of.slot;
  if (of.closed && is_closed_out(of, cell)) report_value(at, o, of);
  return stop + 1;
}

// A string that servers send over and over: its closing quote, or null where it is another one.
[[gnu::always_inline]] inline decoder::cursor decoder::word_value(cursor start,
                                                                  text::cell& kept) const {
  const cursor stop = text::skip_plain(start, end_);
  if (stop == end_ || *stop != '"') return nullptr;
  const auto length = static_cast<std::uint32_t>(stop - start);
  const std::int32_t word = find_word(start, length);
  if (word < 0) return nullptr;
  kept = text::make_cell(tape::text_kind::constant, static_cast<std::uint32_t>(word), length);
  return stop;
}

[[gnu::always_inline]] inline decoder::cursor decoder::number_value(cursor at, object_state& o,
                                                                    const table_field& of) {
  // Counts and indices: a few digits, which a comma or brace follows.
  if (end_ - at > 16) {
    std::uint32_t digit = *at - std::uint32_t{'0'};
    std::int64_t whole = digit;
    cursor stop = at + 1;
    if (digit - 1 < 9) {
      for (; (digit = *stop - std::uint32_t{'0'}) <= 9 && stop != at + 15; ++stop)
        whole = whole * 10 + digit;
    }
    if ((whole <= 9 || stop != at + 1) && (*stop == ',' || *stop == '}')) {
      put_double(slot(o, of), static_cast<double>(whole));
      o.present |= 1U << of.slot;
      return stop;
    }
  }
  return other_number(at, o, of);
}

decoder::cursor decoder::other_number(cursor at, object_state& o, const table_field& of) {
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

// Token bytes, as many as there are: integers of up to three digits without white space, several
// for one look at the room that there is. Up to the byte after the last one's comma or bracket.
inline decoder::cursor decoder::token_bytes(cursor at, std::uint32_t& count) {
  constexpr std::uint32_t most = 16;
  const auto is_digit = [](std::uint8_t byte) { return byte >= '0' && byte <= '9'; };
  while (end_ - at > std::ptrdiff_t{4 * most} && words_.room(most * tape::slot_words)) {
    const std::uint32_t first = words_.size();
    std::uint32_t word = first;
    for (std::uint32_t left = most; left != 0 && is_digit(*at); --left) {
      std::int32_t value = *at - '0';
      cursor stop = at + 1;
      if (value != 0 && is_digit(*stop)) {
        value = value * 10 + (*stop++ - '0');
        if (is_digit(*stop)) value = value * 10 + (*stop++ - '0');
      }
      if (*stop != ',' && *stop != ']') break;
      put_double(word, value);
      word += tape::slot_words;
      at = stop + 1;
      if (*stop == ']') break;
    }
    words_.resize_within(word);
    count += (word - first) / tape::slot_words;
    if (word != first + most * tape::slot_words || at[-1] == ']') break;
  }
  return at;
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
  if (o.depth < options_.limits.depth) at = token_bytes(at, count);
  if (count != 0 && at[-1] == ']') {
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
