// Any JSON value, as cells of the tape in the order of the document. No recursion: input decides
// how deep it is.
#include <cmath>
#include <cstring>

#include "decode/decoder.hpp"
#include "text/number.hpp"

namespace chatwire {

using tape::tag;

namespace {

constexpr std::uint32_t code(tag of) { return static_cast<std::uint32_t>(of); }

// The largest integer below which every integer is a double.
constexpr double exact_integers = 9007199254740991.0;

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

}  // namespace

// NOLINTNEXTLINE(readability-function-size): one loop, which calls would slow down
decoder::cursor decoder::open_value(cursor at, std::uint32_t depth, const place* where,
                                    std::uint32_t& index) {
  index = words_.size();
  const std::uint32_t base = open_stack_.size();
  // Of the innermost array or object: how many values it has so far, and which of the two it is.
  std::uint32_t count = 0;
  bool object = false;
  const auto give_up = [&](bool last_too = false) {
    if (open_stack_.size() > base) words_[open_stack_[open_stack_.size() - 1]] = count;
    return abandon_open(base, index, last_too);
  };
  const auto member_name = [&](cursor name_at) -> cursor {
    if (name_at == end_ || *name_at != '"') return fail_syntax(where, name_at, "a member's name");
    text::cell name;
    cursor after = this->name(name_at + 1, where, name);
    if (after == nullptr) return nullptr;
    if (name.length() == 9 && text_.narrow(name) == "__proto__")
      name = text::make_cell(tape::text_kind::proto, name.position, 9);
    const std::uint32_t cell = allocate(tape::slot_words);
    if (cell == 0) return fail_memory(where, name_at);
    put(cell, name);
    const cursor value = value_after(after);
    if (value != nullptr) return value;
    words_.resize_within(cell);
    after = space(after);
    const bool colon = after != end_ && *after == ':';
    return fail_syntax(where, name_end_, colon ? "a value" : "a colon");
  };

  for (bool named = false;; named = object) {
    if (named) {
      at = member_name(at);
      if (at == nullptr) return give_up();
    }
    if (at == end_) {
      fail_syntax(where, at, "a value");
      return give_up();
    }
    bool empty = false;
    if (*at == '{' || *at == '[') {
      if (depth + (open_stack_.size() - base) + 1 > options_.limits.depth) {
        fail_limit(where, at, "depth");
        return give_up();
      }
      const std::uint32_t cell = allocate(tape::slot_words);
      if (cell == 0 || !open_stack_.push(cell)) {
        fail_memory(where, at);
        return give_up();
      }
      if (cell != index) words_[open_stack_[open_stack_.size() - 2]] = count;
      object = *at == '{';
      count = 0;
      put(cell, 0, code(object ? tag::object : tag::array));
      at = space(at + 1);
      empty = at != end_ && *at == (object ? '}' : ']');
      if (!empty) {
        if (!object) at = quick_numbers(at, count);
        continue;
      }
    } else {
      const bool text = *at == '"';
      const std::uint32_t size = words_.size();
      at = open_scalar(at, where);
      // Of a string that is cut off there is a beginning.
      if (at == nullptr) return give_up(text && words_.size() != size && open_stack_.size() > base);
    }
    // A value is complete, or the innermost has none: on to the next one, out of what it was the
    // last of.
    if (open_stack_.size() == base) return at;
    for (;;) {
      if (!empty) {
        ++count;
        at = space(at);
        if (at != end_ && *at == ',') {
          const cursor comma = at;
          at = space(at + 1);
          if (!options_.repair_json || at == end_ || *at != (object ? '}' : ']')) break;
          report(issue_code::TRAILING_COMMA, severity::warning, where, comma);
        }
        if (at == end_ || *at != (object ? '}' : ']')) {
          fail_syntax(
              where, at,
              object ? "a comma or the end of the object" : "a comma or the end of the array");
          return give_up();
        }
      }
      empty = false;
      ++at;
      words_[open_stack_[open_stack_.size() - 1]] = count;
      open_stack_.resize_within(open_stack_.size() - 1);
      if (open_stack_.size() == base) return at;
      const std::uint32_t outer = open_stack_[open_stack_.size() - 1];
      count = words_[outer];
      object = words_[outer + 1] == code(tag::object);
    }
  }
}

// Elements of an array that are numbers, up to the last one, or one that needs a closer look.
decoder::cursor decoder::quick_numbers(cursor at, std::uint32_t& count) {
  while (at != end_ && starts_number(*at)) {
    const text::number number = text::read_number(at, end_);
    const bool big = options_.keep_big_integers && std::fabs(number.value) > exact_integers;
    if (number.end == nullptr || end_ - number.end < 4 || *number.end != ',' || big) break;
    const cursor next = number.end + (number.end[1] == ' ' ? 2 : 1);
    const std::uint32_t word = starts_number(*next) ? allocate(tape::slot_words) : 0;
    if (word == 0) break;
    put_double(word, number.value);
    ++count;
    at = next;
  }
  return at;
}

decoder::cursor decoder::name(cursor at, const place* where, text::cell& to) {
  const cursor stop = text::skip_plain(at, end_);
  if (stop != end_ && *stop == '"' && text_.keep_name(at, stop, to)) return stop + 1;
  return string(at, where, to);
}

decoder::cursor decoder::open_scalar(cursor at, const place* where) {
  if (*at == '"') {
    const std::uint32_t word = allocate(2 * tape::slot_words);
    if (word == 0) return fail_memory(where, at);
    put(word, 0, code(tag::text));
    text::cell cell;
    const cursor stop = text_.take_plain(at + 1, cell);
    at = stop != nullptr ? stop + 1 : string(at + 1, where, cell);
    put(word + tape::slot_words, cell);
    return at;
  }
  if (starts_number(*at)) {
    const text::number number = text::read_number(at, end_);
    if (number.end != nullptr) return open_number(at, number, where);
  }
  return open_literal(at, where);
}

inline decoder::cursor decoder::open_number(cursor at, const text::number& number,
                                            const place* where) {
  // A number that the input ends in is complete only where nothing need follow it.
  const bool whole = open_stack_.size() == 0 && where != nullptr && where->parent == nullptr;
  if (number.end == end_ && !whole) return fail_syntax(where, end_, "a number");
  const bool big =
      options_.keep_big_integers && number.integral && std::fabs(number.value) > exact_integers;
  const std::uint32_t word = allocate((big ? 2 : 1) * tape::slot_words);
  if (word == 0) return fail_memory(where, at);
  if (!big) {
    put_double(word, number.value);
    return number.end;
  }
  text::cell digits;
  const std::string_view source(reinterpret_cast<const char*>(at),
                                static_cast<std::size_t>(number.end - at));
  if (!text_.keep_ascii(source, digits)) return fail_memory(where, at);
  put(word, 0, code(tag::big));
  put(word + tape::slot_words, digits);
  return number.end;
}

// null, true and false; and what is none of the values that JSON has.
decoder::cursor decoder::open_literal(cursor at, const place* where) {
  struct literal {
    std::string_view text;
    tag value;
  };
  constexpr literal literals[] = {{"null", tag::null}, {"true", tag::yes}, {"false", tag::no}};
  const auto left = static_cast<std::size_t>(end_ - at);
  for (const literal& one : literals) {
    if (*at != static_cast<std::uint8_t>(one.text[0])) continue;
    if (left < one.text.size() && std::memcmp(at, one.text.data(), left) == 0)
      return fail_syntax(where, end_, "a value");
    if (left < one.text.size() || std::memcmp(at, one.text.data(), one.text.size()) != 0) break;
    const std::uint32_t word = allocate(tape::slot_words);
    if (word == 0) return fail_memory(where, at);
    put(word, 0, code(one.value));
    return at + one.text.size();
  }
  double value = 0;
  const cursor stop = non_finite(at, value);
  if (stop == nullptr) {
    bool cut = starts_number(*at);
    for (cursor byte = at; cut && byte != end_; ++byte)
      cut = starts_number(*byte) || *byte == '+' || *byte == '.' || (*byte | 0x20) == 'e';
    cut = cut || is_cut_non_finite(at);
    return fail_syntax(where, cut ? end_ : at, "a value");
  }
  report(issue_code::NON_FINITE_NUMBER, severity::warning, where, at, "a number");
  const std::uint32_t word = allocate(tape::slot_words);
  if (word == 0) return fail_memory(where, at);
  if (options_.keep_non_finite) {
    put_double(word, value);
  } else {
    put(word, 0, code(tag::null));
  }
  return stop;
}

}  // namespace chatwire
