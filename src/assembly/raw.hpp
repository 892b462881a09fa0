// Looks at JSON as it stands in events: values that the decoder has found to be JSON already.
#pragma once

#include <cstdint>
#include <string_view>

namespace chatwire::assembly {

inline bool is_space(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/// Without white space around it.
std::string_view trim(std::string_view text);

/// What kind of value it is: its first character; 'n' where there is none.
inline char kind_of(std::string_view value) { return value.empty() ? 'n' : value[0]; }

/// What is between the quotes, brackets or braces of a value.
inline std::string_view inside(std::string_view value) {
  if (value.size() < 2) return {};
  return {value.data() + 1, value.size() - 2};
}

bool same(std::string_view a, std::string_view b);
bool starts_with(std::string_view text, std::string_view start);
/// The rest of a text; `at` is within it.
inline std::string_view from(std::string_view text, std::size_t at) {
  return {text.data() + at, text.size() - at};
}

/// A member of an object as it stands on the wire.
struct raw_member {
  std::string_view name;  // inside of its quotes
  std::string_view value;
};
raw_member split(std::string_view source);

/// Whether a value says nothing: null, "", [] or {}.
bool is_empty(std::string_view value);

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

/// Whether members of this name bring a text piece by piece. That is told by their names alone,
/// since servers also repeat words.
bool is_piece_of_text(std::string_view name);

/// What some servers send before they know the arguments of a tool call.
bool is_placeholder(std::string_view arguments);

/// Whether text that is inside of a string begins as an object or an array does, white space left
/// out.
bool begins_json(std::string_view escaped);

}  // namespace chatwire::assembly
