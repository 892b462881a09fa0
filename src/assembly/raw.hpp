// Looks at JSON as it stands in events: values that the decoder has found to be JSON already.
#pragma once

#include <cstdint>
#include <string_view>

#include "tape/growable.hpp"

namespace chatwire::assembly {

inline bool is_space(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/// Without white space around it.
inline std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

inline bool is_null(std::string_view value) { return value.empty() || value[0] == 'n'; }
inline bool is_text(std::string_view value) { return !value.empty() && value[0] == '"'; }
inline bool is_array(std::string_view value) { return !value.empty() && value[0] == '['; }
inline bool is_object(std::string_view value) { return !value.empty() && value[0] == '{'; }

/// What is between the quotes, brackets or braces of a value.
inline std::string_view inside(std::string_view value) {
  if (value.size() < 2) return {};
  return {value.data() + 1, value.size() - 2};
}

/// Whether a value says nothing: null, "", [] or {}.
inline bool is_empty(std::string_view value) {
  if (is_null(value)) return true;
  if (is_text(value)) return value.size() == 2;
  return (is_array(value) || is_object(value)) && trim(inside(value)).empty();
}

/// The text of a string whose inside is `escaped`, as UTF-8. Half surrogate pairs are written as
/// WTF-8 does. False: no memory.
[[nodiscard]] bool unescape(std::string_view escaped, tape::growable<std::uint8_t>& to);

/// A member of an object as it stands on the wire.
struct raw_member {
  std::string_view name;   // inside of its quotes
  std::string_view value;  // empty: there are no more
};

/// The members of an object, one after the other.
class raw_members {
 public:
  explicit raw_members(std::string_view object) : left_(inside(object)) {}
  raw_member next();

 private:
  std::string_view left_;
};

/// The elements of an array, one after the other; empty: there are no more.
class raw_elements {
 public:
  explicit raw_elements(std::string_view array) : left_(inside(array)) {}
  std::string_view next();

 private:
  std::string_view left_;
};

/// JSON that comes in pieces, inside of strings: is it whole? Looks at its structure only.
class json_progress {
 public:
  /// Looks at what has come of it since the last call; `escaped` is all of it.
  void look(std::string_view escaped);
  /// An object or an array, to its last bracket. (More text may follow all the same.)
  bool is_whole() const { return whole_; }
  void reset() { *this = {}; }

 private:
  std::uint32_t seen_ = 0;
  std::uint32_t depth_ = 0;
  bool in_string_ = false;
  bool after_backslash_ = false;
  bool whole_ = false;
};

/// Whether two texts, insides of strings both, are one JSON, whatever their white space and
/// escapes.
bool is_same_json(std::string_view a, std::string_view b);

/// The first character of text that is inside of a string, white space left out; 0: there is none.
char first_character(std::string_view escaped);

}  // namespace chatwire::assembly
