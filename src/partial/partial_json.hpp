// The best JSON value so far of a text that is still coming: tool arguments, structured output. The
// text is read once, piece by piece; what a piece adds is written as operations, by which whoever
// holds the tree (JavaScript objects, nlohmann::json) brings it up to date. So a look at the value
// costs what came since the last one.
#pragma once

#include <cstdint>
#include <string_view>

#include "tape/growable.hpp"

#ifndef CHATWIRE_UTF16_TEXT
#define CHATWIRE_UTF16_TEXT 0
#endif

namespace chatwire {

/// What to do to the tree. An operation is one word, its operands follow. "The place at hand" is
/// where the next value goes: the root, the end of the innermost array, or the innermost object's
/// member of the name that came last.
enum class partial_op : std::uint32_t {
  begin_object = 1,  // an object, at the place at hand; it is the innermost from now on
  begin_array,       // the same with an array
  end,               // the innermost object or array is complete
  key,               // + text: the beginning of a member's name; it shows when its value begins
  more_key,          // + text: the name goes on
  text,              // + text: the beginning of a string, at the place at hand
  more_text,         // + text: the string goes on
  number,            // + a double: a number that is complete, at the place at hand
  provisional,  // + a double: a number that may go on; the `number` or `provisional` that comes
                // next takes its place
  yes,          // true, false, null; their first letters are enough
  no,
  null_value,
  complete,  // the root is complete: nothing but white space may follow
  broken,    // what follows is not JSON: the tree stays as it is, and is not complete
  restart,   // another text follows, the first value of which takes the place of the root
};
// Operands are two words: of a text its position and length in units of `partial_output::text()`,
// of a number its double, the lower half first.

/// Operations and the text that they speak of. One serves any number of `partial_json`.
class partial_output {
 public:
#if CHATWIRE_UTF16_TEXT
  using unit = char16_t;  // UTF-16 as JavaScript has it: halves of surrogate pairs may stand alone
#else
  using unit = std::uint8_t;  // UTF-8; halves that stand alone as WTF-8 has them
#endif

  const std::uint32_t* operations() const { return operations_.data(); }
  /// How many words the operations are.
  std::uint32_t size() const { return operations_.size(); }
  const unit* text() const { return text_.data(); }

  /// To be called when the operations were carried out.
  void clear() {
    operations_.clear();
    text_.clear();
  }
  /// Gives back memory beyond `keep` words and units. Only when clear.
  void shrink(std::uint32_t keep) {
    operations_.shrink(keep);
    text_.shrink(keep);
  }

 private:
  friend class partial_json;

  tape::growable<std::uint32_t> operations_;
  tape::growable<unit> text_;
};

/// Reads one text. What it has told is what the longest beginning of the text says that may be the
/// beginning of JSON: names without a value, half an escape, half a surrogate pair and half a
/// UTF-8 sequence are held back; of a number its longest beginning that is one counts.
class partial_json {
 public:
  /// How many objects and arrays may be open at a time. Deeper ones break the text.
  static constexpr std::uint32_t deepest = 128;

  /// Takes the next piece of the text as it stands between the quotes of an event's string, where
  /// it is JSON-escaped once more. Pieces may be cut anywhere. False: no memory; the text counts as
  /// broken then, and the operations are worth nothing.
  [[nodiscard]] bool feed(std::string_view escaped, partial_output& to);

  /// No more text will come: a number that may have gone on is complete, half a surrogate pair is
  /// shown. False: no memory.
  [[nodiscard]] bool end(partial_output& to);

  /// Forgets the text; another one comes in its place. False: no memory.
  [[nodiscard]] bool restart(partial_output& to);

  /// The root is complete, and nothing but white space has followed. A number that stands alone is
  /// not, until white space or `end` comes.
  bool complete() const { return state_ == state::done; }
  /// The text is not JSON from some point on.
  bool broken() const { return state_ == state::broken; }

 private:
  /// What comes next.
  enum class state : std::uint8_t {
    value,
    first_element,  // a value or the end of the array
    first_key,      // a key or the end of the object
    key,
    colon,
    after_value,  // a comma or the end of the container
    string,
    escape,  // what follows a backslash
    hex,     // digits of \uXXXX
    literal,
    number,
    done,  // white space
    broken
  };
  /// What a number's last character was.
  enum class part : std::uint8_t { none, minus, zero, whole, point, fraction, e, sign, exponent };

  static part next_part(part last, std::uint32_t character);
  static bool may_end(part last);

  bool take_carried(const std::uint8_t*& at, const std::uint8_t* end, partial_output& to);
  bool take(std::uint32_t character, partial_output& to);
  bool take_value(std::uint32_t character, partial_output& to);
  bool take_structure(std::uint32_t character, partial_output& to);
  bool take_number(std::uint32_t character, partial_output& to);
  bool take_literal(std::uint32_t character, partial_output& to);
  bool take_in_string(std::uint32_t character, partial_output& to);
  bool take_hex(std::uint32_t character, partial_output& to);
  bool begin_container(bool is_object, partial_output& to);
  bool begin_literal(const char* rest, partial_op what, partial_output& to);
  bool begin_string(partial_output& to);
  bool keep_digit(std::uint32_t character);
  bool end_container(partial_output& to);
  bool end_string(partial_output& to);
  bool end_number(partial_output& to);
  bool end_value(partial_output& to);
  bool keep_text(std::uint32_t character, partial_output& to);
  bool show(partial_output& to);
  bool show_all(partial_output& to);
  bool show_text(partial_output& to);
  bool show_number(partial_op as, partial_output& to);
  bool break_off(partial_output& to);
  bool give_up();

  bool in_object() const { return (objects_[(depth_ - 1) / 32] >> (depth_ - 1) % 32 & 1U) != 0; }

  state state_ = state::value;
  part part_ = part::none;
  bool in_key_ = false;           // the string is a name
  bool shown_ = false;            // the beginning of the string was told
  std::uint8_t digits_left_ = 0;  // of \uXXXX
  std::uint8_t carried_size_ = 0;
  std::uint8_t carried_[6] = {};  // half an escape of the event, or half a UTF-8 sequence
  std::uint16_t hex_ = 0;         // the digits so far
  std::uint16_t high_ = 0;        // the first half of a surrogate pair, or 0
  const char* rest_ = nullptr;    // of a literal
  std::uint32_t depth_ = 0;
  std::uint32_t objects_[deepest / 32] = {};  // a bit for each container that is open
  std::uint32_t run_ = 0;                     // where the text of the string begins in the output
  std::uint32_t number_end_ = 0;              // the longest beginning of the number that is one
  std::uint32_t number_shown_ = 0;            // the one that was told
  tape::growable<std::uint8_t, 64> number_;
};

}  // namespace chatwire
