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

decoder::cursor decoder::open_value(cursor at, std::uint32_t depth, const place* where,
                                    std::uint32_t& index) {
  index = words_.size();
  const std::uint32_t base = open_stack_.size();
  // A value that breaks off leaves what was read of it well-formed.
  const auto give_up = [&](bool last_too = false) -> cursor {
    const std::uint32_t open = open_stack_.size() - base;
    const std::uint32_t counted = base + (last_too || open == 0 ? open : open - 1);
    for (std::uint32_t i = base; i < counted; ++i) ++words_[open_stack_[i]];
    open_stack_.resize_within(base);
    if (words_.size() == index) {
      const std::uint32_t cell = allocate(tape::slot_words);
      if (cell != 0) put(cell, 0, code(tag::null));
    }
    return nullptr;
  };
  const auto member_name = [&](cursor name_at) -> cursor {
    if (name_at == end_ || *name_at != '"') return fail_syntax(where, name_at, "a member's name");
    text::cell name;
    cursor after = string(name_at + 1, where, name);
    if (after == nullptr) return nullptr;
    if (name.length() == 9 && text_.narrow(name) == "__proto__")
      name = text::make_cell(tape::text_kind::proto, name.position, 9);
    const std::uint32_t cell = allocate(tape::slot_words);
    if (cell == 0) return fail_memory(where, name_at);
    put(cell, name);
    after = space(after);
    if (after == end_ || *after != ':') {
      words_.resize_within(cell);
      return fail_syntax(where, after, "a colon");
    }
    after = space(after + 1);
    if (after == end_) {
      words_.resize_within(cell);
      return fail_syntax(where, after, "a value");
    }
    return after;
  };

  for (;;) {
    if (at == end_) {
      fail_syntax(where, at, "a value");
      return give_up();
    }
    if (*at == '{' || *at == '[') {
      const bool object = *at == '{';
      if (depth + (open_stack_.size() - base) + 1 > options_.limits.depth) {
        fail_limit(where, at, "depth");
        return give_up();
      }
      const std::uint32_t cell = allocate(tape::slot_words);
      if (cell == 0 || !open_stack_.push(cell)) {
        fail_memory(where, at);
        return give_up();
      }
      put(cell, 0, code(object ? tag::object : tag::array));
      at = space(at + 1);
      if (at == end_ || *at != (object ? '}' : ']')) {
        if (object) at = member_name(at);
        if (at == nullptr) return give_up();
        continue;
      }
      ++at;
      open_stack_.resize_within(open_stack_.size() - 1);
    } else {
      const bool text = *at == '"';
      const std::uint32_t size = words_.size();
      at = open_scalar(at, where);
      // Of a string that is cut off there is a beginning.
      if (at == nullptr) return give_up(text && words_.size() != size && open_stack_.size() > base);
    }
    // A value is complete: on to the next one, out of what it was the last of.
    for (;;) {
      if (open_stack_.size() == base) return at;
      const std::uint32_t cell = open_stack_[open_stack_.size() - 1];
      const bool object = words_[cell + 1] == code(tag::object);
      ++words_[cell];
      at = space(at);
      if (at != end_ && *at == ',') {
        at = space(at + 1);
        if (object) at = member_name(at);
        if (at == nullptr) return give_up();
        break;
      }
      if (at == end_ || *at != (object ? '}' : ']')) {
        fail_syntax(
            where, at,
            object ? "a comma or the end of the object" : "a comma or the end of the array");
        return give_up();
      }
      ++at;
      open_stack_.resize_within(open_stack_.size() - 1);
    }
  }
}

decoder::cursor decoder::open_scalar(cursor at, const place* where) {
  if (*at == '"') {
    const std::uint32_t word = allocate(2 * tape::slot_words);
    if (word == 0) return fail_memory(where, at);
    put(word, 0, code(tag::text));
    text::cell cell;
    at = string(at + 1, where, cell);
    put(word + tape::slot_words, cell);
    return at;
  }
  if (starts_number(*at)) {
    const text::number number = text::read_number(at, end_);
    if (number.end != nullptr) {
      // A number that the input ends in is complete only where nothing need follow it.
      if (number.end == end_ && (options_.kind != body_kind::json || open_stack_.size() != 0))
        return fail_syntax(where, end_, "a number");
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
  }
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
    bool cut = *at == '-' || starts_number(*at);
    for (cursor byte = at; cut && byte != end_; ++byte)
      cut = starts_number(*byte) || *byte == '+' || *byte == '.' || (*byte | 0x20) == 'e';
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

bool decoder::fits(models::open_rule rule, std::uint32_t index) const {
  using models::open_rule;
  const auto is_number = [this](std::uint32_t at) { return words_[at + 1] < tape::tag_base; };
  const auto is = [this](std::uint32_t at, tag what) { return words_[at + 1] == code(what); };
  // The rules look at most two levels deep, so what follows a value is known from its kind.
  const auto flat_end = [&](std::uint32_t at) {
    return at + (is(at, tag::text) ? 2 : 1) * tape::slot_words;
  };
  const auto all_flat = [&](std::uint32_t at, auto fitting) -> std::uint32_t {
    std::uint32_t item = at + tape::slot_words;
    for (std::uint32_t left = words_[at]; left != 0; --left) {
      if (!fitting(item)) return 0;
      item = flat_end(item);
    }
    return item;
  };
  const auto every_member = [&](auto fitting) {
    if (!is(index, tag::object)) return false;
    std::uint32_t value = index + 2 * tape::slot_words;
    for (std::uint32_t left = words_[index]; left != 0; --left) {
      const std::uint32_t end = fitting(value);
      if (end == 0) return false;
      value = end + tape::slot_words;
    }
    return true;
  };
  switch (rule) {
    case open_rule::anything:
      return true;
    case open_rule::map:
      return is(index, tag::object);
    case open_rule::map_of_text:
      return every_member([&](std::uint32_t at) { return is(at, tag::text) ? flat_end(at) : 0; });
    case open_rule::map_of_bools:
      return every_member(
          [&](std::uint32_t at) { return is(at, tag::yes) || is(at, tag::no) ? flat_end(at) : 0; });
    case open_rule::map_of_numbers:
      return every_member([&](std::uint32_t at) { return is_number(at) ? flat_end(at) : 0; });
    case open_rule::map_of_texts:
      return every_member([&](std::uint32_t at) {
        if (!is(at, tag::array)) return std::uint32_t{0};
        return all_flat(at, [&](std::uint32_t item) { return is(item, tag::text); });
      });
    case open_rule::scalar:
      return is_number(index) || is(index, tag::text);
    case open_rule::list:
      return is(index, tag::array);
    case open_rule::list_of_scalars:
      return is(index, tag::array) && all_flat(index, [&](std::uint32_t item) {
                                        return is_number(item) || is(item, tag::text);
                                      }) != 0;
    case open_rule::list_of_numbers: {
      if (!is(index, tag::array)) return false;
      std::uint32_t list = index + tape::slot_words;
      for (std::uint32_t left = words_[index]; left != 0; --left) {
        if (!is(list, tag::array)) return false;
        list = all_flat(list, is_number);
        if (list == 0) return false;
      }
      return true;
    }
  }
  return false;
}

// Whether an open value is of the kind that a contract gives the member.
bool decoder::fits(const models::table_field& of, std::uint32_t index) const {
  const std::uint32_t second = words_[index + 1];
  switch (of.of) {
    case models::kind::text:
      return second == code(tag::text);
    case models::kind::boolean:
      return second == code(tag::yes) || second == code(tag::no);
    case models::kind::number:
      return second < tape::tag_base;
    case models::kind::integer:
    case models::kind::count: {
      double value = 0;
      std::memcpy(&value, words_.data() + index, sizeof value);
      return second < tape::tag_base && value == std::floor(value);
    }
    case models::kind::object:
      return second == code(tag::object);
    default:
      return second == code(tag::array);
  }
}

// Where the value of a member begins, read from the source again; null where there is none.
decoder::cursor decoder::member_value(cursor object_start, std::string_view name) {
  cursor found = nullptr;
  const std::uint32_t size = words_.size();
  const bool was_quiet = quiet_;
  quiet_ = true;  // what is wrong with the input was reported when it was read first
  cursor at = space(object_start + 1);
  while (at != end_ && *at == '"') {
    text::cell cell;
    at = text_.scan(at + 1, cell);
    if (at == nullptr) break;
    at = space(at);
    if (at == end_ || *at != ':') break;
    at = space(at + 1);
    if (at == end_) break;
    if (text_.narrow(cell) == name) found = at;
    std::uint32_t index = 0;
    at = open_value(at, 1, nullptr, index);
    if (at == nullptr) break;
    at = space(at);
    if (at == end_ || *at != ',') break;
    at = space(at + 1);
  }
  words_.resize_within(size);
  quiet_ = was_quiet;
  return found;
}

}  // namespace chatwire
