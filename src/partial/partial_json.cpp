#include "partial/partial_json.hpp"

#include <cstring>

#include "text/escape.hpp"
#include "text/number.hpp"
#include "text/simd.hpp"
#include "text/utf8.hpp"

namespace chatwire {
namespace {

using output_unit = partial_output::unit;

// Beyond this length a number that goes on is not told with every piece, but when it has grown by a
// quarter: so the work stays in proportion to its digits.
constexpr std::uint32_t short_number = 64;

/// One character of the text, read from what an event has.
struct event_character {
  static constexpr std::uint32_t bad = 0xFFFFFFFF;

  std::uint32_t character = 0;  // a code point, half a surrogate pair, or `bad`
  std::uint32_t length = 0;     // bytes; 0: the piece ends inside it
};

event_character read_character(const std::uint8_t* at, const std::uint8_t* end) {
  if (*at >= 0x80) {
    const text::sequence read = text::read_sequence(at, end, true);
    return {read.code_point, read.length};
  }
  if (*at != '\\') return {*at, 1};
  if (end - at < 2) return {};
  if (const std::uint8_t meant = text::short_escape(at[1]); meant != 0) return {meant, 2};
  if (at[1] != 'u') return {event_character::bad, 2};
  if (end - at < 6) return {};
  const std::int32_t unit = text::read_hex4(at + 2);
  return {unit < 0 ? event_character::bad : static_cast<std::uint32_t>(unit), 6};
}

// No code point but the halves themselves, which `text::is_high_surrogate` does not care for.
bool is_high_half(std::uint32_t character) { return (character & 0x1FFC00U) == 0xD800; }
bool is_low_half(std::uint32_t character) { return (character & 0x1FFC00U) == 0xDC00; }

bool is_white(std::uint32_t character) {
  return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

[[nodiscard]] bool put(std::uint32_t character, tape::growable<output_unit>& to) {
  if (!to.room(4)) return false;
  output_unit* here = to.data() + to.size();
#if CHATWIRE_UTF16_TEXT
  const std::uint32_t written = text::write_utf16(character, here);
#else
  const std::uint32_t written = text::write_utf8(character, here);
#endif
  to.resize_within(to.size() + written);
  return true;
}

/// Copies what is plain. Returns where it ends, or null: no memory.
const std::uint8_t* copy_plain(const std::uint8_t* at, const std::uint8_t* end,
                               tape::growable<output_unit>& to) {
  while (static_cast<std::size_t>(end - at) >= text::block::size) {
    if (!to.room(text::block::size)) return nullptr;
    const text::block next = text::block::load(at);
#if CHATWIRE_UTF16_TEXT
    next.store_wide(to.data() + to.size());
#else
    next.store(to.data() + to.size());
#endif
    const std::uint32_t special = next.not_plain();
    const auto plain =
        special != 0 ? text::first_bit(special) : static_cast<std::uint32_t>(text::block::size);
    to.resize_within(to.size() + plain);
    at += plain;
    if (special != 0) return at;
  }
  while (at != end && text::is_plain(*at))
    if (!to.push(*at++)) return nullptr;
  return at;
}

[[nodiscard]] bool tell(partial_op what, tape::growable<std::uint32_t>& to) {
  return to.push(static_cast<std::uint32_t>(what));
}

// With both operands or not at all.
[[nodiscard]] bool tell(partial_op what, std::uint32_t first, std::uint32_t second,
                        tape::growable<std::uint32_t>& to) {
  return to.room(3) && tell(what, to) && to.push(first) && to.push(second);
}

}  // namespace

bool partial_json::feed(std::string_view escaped, partial_output& to) {
  const auto* at = reinterpret_cast<const std::uint8_t*>(escaped.data());
  const std::uint8_t* end = at + escaped.size();
  run_ = to.text_.size();
  if (carried_size_ != 0 && !take_carried(at, end, to)) return give_up();
  while (at != end && state_ != state::broken) {
    // Text in strings is the bulk of most values.
    if (state_ == state::string && high_ == 0 && text::is_plain(*at)) {
      at = copy_plain(at, end, to.text_);
      if (at == nullptr) return give_up();
      continue;
    }
    const event_character next = read_character(at, end);
    if (next.length == 0) {
      carried_size_ = static_cast<std::uint8_t>(end - at);
      std::memcpy(carried_, at, carried_size_);
      break;
    }
    at += next.length;
    if (!take(next.character, to)) return give_up();
  }
  return show(to) || give_up();
}

bool partial_json::end(partial_output& to) {
  run_ = to.text_.size();
  if (state_ == state::number) return (may_end(part_) ? end_number(to) : show_all(to)) || give_up();
  if (high_ == 0 || broken()) return true;
  const std::uint32_t half = high_;
  high_ = 0;
  return (put(half, to.text_) && show_text(to)) || give_up();
}

bool partial_json::restart(partial_output& to) {
  state_ = state::value;
  depth_ = 0;
  high_ = 0;
  carried_size_ = 0;
  number_.clear();
  return tell(partial_op::restart, to.operations_) || give_up();
}

// The rest of what the piece before cut. It may turn out not to be UTF-8 one byte late, which is
// then read again.
bool partial_json::take_carried(const std::uint8_t*& at, const std::uint8_t* end,
                                partial_output& to) {
  while (at != end) {
    carried_[carried_size_++] = *at++;
    const event_character next = read_character(carried_, carried_ + carried_size_);
    if (next.length == 0) continue;
    at -= carried_size_ - next.length;
    carried_size_ = 0;
    return take(next.character, to);
  }
  return true;
}

// Reads one character of the text. False: no memory.
bool partial_json::take(std::uint32_t character, partial_output& to) {
  switch (state_) {
    case state::string:
    case state::escape:
      return take_in_string(character, to);
    case state::hex:
      return take_hex(character, to);
    case state::number:
      return take_number(character, to);
    case state::literal:
      return take_literal(character, to);
    case state::broken:
      return true;
    default:
      return is_white(character) || take_structure(character, to);
  }
}

bool partial_json::take_structure(std::uint32_t character, partial_output& to) {
  switch (state_) {
    case state::value:
      return take_value(character, to);
    case state::first_element:
      return character == ']' ? end_container(to) : take_value(character, to);
    case state::first_key:
      if (character == '}') return end_container(to);
      [[fallthrough]];
    case state::key:
      if (character != '"') break;
      in_key_ = true;
      return begin_string(to);
    case state::colon:
      if (character != ':') break;
      state_ = state::value;
      return true;
    case state::after_value:
      if (character == (in_object() ? '}' : ']')) return end_container(to);
      if (character != ',') break;
      state_ = in_object() ? state::key : state::value;
      return true;
    default:
      break;
  }
  return break_off(to);
}

bool partial_json::take_value(std::uint32_t character, partial_output& to) {
  switch (character) {
    case '{':
      return begin_container(true, to);
    case '[':
      return begin_container(false, to);
    case '"':
      in_key_ = false;
      return begin_string(to);
    case 't':
      return begin_literal("rue", partial_op::yes, to);
    case 'f':
      return begin_literal("alse", partial_op::no, to);
    case 'n':
      return begin_literal("ull", partial_op::null_value, to);
    default:
      break;
  }
  part_ = next_part(part::none, character);
  if (part_ == part::none) return break_off(to);
  state_ = state::number;
  number_.clear();
  number_end_ = number_shown_ = 0;
  return keep_digit(character);
}

bool partial_json::begin_container(bool is_object, partial_output& to) {
  if (depth_ == deepest) return break_off(to);
  std::uint32_t& objects = objects_[depth_ / 32];
  const std::uint32_t bit = 1U << depth_ % 32;
  objects = is_object ? objects | bit : objects & ~bit;
  ++depth_;
  state_ = is_object ? state::first_key : state::first_element;
  return tell(is_object ? partial_op::begin_object : partial_op::begin_array, to.operations_);
}

bool partial_json::end_container(partial_output& to) {
  --depth_;
  return tell(partial_op::end, to.operations_) && end_value(to);
}

bool partial_json::end_value(partial_output& to) {
  state_ = depth_ == 0 ? state::done : state::after_value;
  return depth_ != 0 || tell(partial_op::complete, to.operations_);
}

// ---- Literals and numbers -----------------------------------------------------------------------

bool partial_json::begin_literal(const char* rest, partial_op what, partial_output& to) {
  rest_ = rest;
  state_ = state::literal;
  return tell(what, to.operations_);
}

bool partial_json::take_literal(std::uint32_t character, partial_output& to) {
  if (character != static_cast<std::uint8_t>(*rest_)) return break_off(to);
  return *++rest_ != '\0' || end_value(to);
}

partial_json::part partial_json::next_part(part last, std::uint32_t character) {
  if (character >= '0' && character <= '9') {
    switch (last) {
      case part::none:
      case part::minus:
        return character == '0' ? part::zero : part::whole;
      case part::zero:
        return part::none;
      case part::point:
        return part::fraction;
      case part::e:
      case part::sign:
        return part::exponent;
      default:
        return last;
    }
  }
  const bool whole = last == part::zero || last == part::whole;
  if (character == '.') return whole ? part::point : part::none;
  if (character == 'e' || character == 'E')
    return whole || last == part::fraction ? part::e : part::none;
  if (last == part::e) return character == '-' || character == '+' ? part::sign : part::none;
  return last == part::none && character == '-' ? part::minus : part::none;
}

bool partial_json::may_end(part last) {
  return last == part::zero || last == part::whole || last == part::fraction ||
         last == part::exponent;
}

bool partial_json::keep_digit(std::uint32_t character) {
  if (!number_.push(static_cast<std::uint8_t>(character))) return false;
  if (may_end(part_)) number_end_ = number_.size();
  return true;
}

bool partial_json::take_number(std::uint32_t character, partial_output& to) {
  const part next = next_part(part_, character);
  if (next != part::none) {
    part_ = next;
    return keep_digit(character);
  }
  if (!may_end(part_)) return break_off(to);
  return end_number(to) && (is_white(character) || take_structure(character, to));
}

bool partial_json::end_number(partial_output& to) {
  if (!show_number(partial_op::number, to)) return false;
  number_.shrink(short_number);
  return end_value(to);
}

bool partial_json::show_number(partial_op as, partial_output& to) {
  const std::uint8_t* digits = number_.data();
  const double value = text::read_number(digits, digits + number_end_).value;
  std::uint32_t halves[2];
  std::memcpy(halves, &value, sizeof halves);
  number_shown_ = number_end_;
  return tell(as, halves[0], halves[1], to.operations_);
}

// ---- Strings ------------------------------------------------------------------------------------

bool partial_json::begin_string(partial_output& to) {
  state_ = state::string;
  shown_ = false;
  run_ = to.text_.size();
  return true;
}

bool partial_json::take_in_string(std::uint32_t character, partial_output& to) {
  if (state_ == state::escape) {
    if (character == 'u') {
      state_ = state::hex;
      digits_left_ = 4;
      hex_ = 0;
      return true;
    }
    const std::uint8_t meant =
        character < 0x80 ? text::short_escape(static_cast<std::uint8_t>(character)) : 0;
    if (meant == 0) return break_off(to);
    state_ = state::string;
    return keep_text(meant, to);
  }
  if (character == '"') return end_string(to);
  if (character == '\\') {
    state_ = state::escape;
    return true;
  }
  if (character < 0x20 || character == event_character::bad) return break_off(to);
  return keep_text(character, to);
}

bool partial_json::take_hex(std::uint32_t character, partial_output& to) {
  const std::uint32_t digit = character < 0x80 ? text::escapes.hex[character] : 16;
  if (digit >= 16) return break_off(to);
  hex_ = static_cast<std::uint16_t>(std::uint32_t{hex_} << 4U | digit);
  if (--digits_left_ != 0) return true;
  state_ = state::string;
  return keep_text(hex_, to);
}

// The halves of a pair may come in any way: from an escape of the event, of the text, or raw.
bool partial_json::keep_text(std::uint32_t character, partial_output& to) {
  const std::uint32_t high = high_;
  high_ = 0;
  if (high != 0) {
    if (is_low_half(character))
      return put(0x10000U + ((high & 0x3FFU) << 10U) + (character & 0x3FFU), to.text_);
    if (!put(high, to.text_)) return false;
  }
  if (!is_high_half(character)) return put(character, to.text_);
  high_ = static_cast<std::uint16_t>(character);
  return true;
}

bool partial_json::end_string(partial_output& to) {
  if (high_ != 0 && !put(high_, to.text_)) return false;
  high_ = 0;
  if (!show_text(to)) return false;
  if (!in_key_) return end_value(to);
  state_ = state::colon;
  return true;
}

bool partial_json::show_text(partial_output& to) {
  const std::uint32_t from = run_;
  const std::uint32_t length = to.text_.size() - from;
  run_ = to.text_.size();
  if (shown_ && length == 0) return true;
  const partial_op first = in_key_ ? partial_op::key : partial_op::text;
  const partial_op more = in_key_ ? partial_op::more_key : partial_op::more_text;
  const bool go_on = shown_;
  shown_ = true;
  return tell(go_on ? more : first, from, length, to.operations_);
}

// ---- What there is so far -----------------------------------------------------------------------

// Tells what has come of a string or a number that is not complete.
bool partial_json::show(partial_output& to) {
  if (state_ == state::number && number_end_ > short_number &&
      number_end_ - number_shown_ < number_shown_ / 4) {
    return true;
  }
  return show_all(to);
}

bool partial_json::show_all(partial_output& to) {
  switch (state_) {
    case state::string:
    case state::escape:
    case state::hex:
      return show_text(to);
    case state::number:
      return number_end_ == number_shown_ || show_number(partial_op::provisional, to);
    default:
      return true;
  }
}

bool partial_json::break_off(partial_output& to) {
  if (!show_all(to)) return false;
  state_ = state::broken;
  return tell(partial_op::broken, to.operations_);
}

bool partial_json::give_up() {
  state_ = state::broken;
  return false;
}

}  // namespace chatwire
