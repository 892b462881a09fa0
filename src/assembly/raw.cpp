#include "assembly/raw.hpp"

#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace chatwire::assembly {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// One character of a string's inside.
struct character {
  std::uint32_t code_point = 0;  // of bytes beyond ASCII: one of the bytes
  std::uint32_t length = 1;
};

character read_character(const std::uint8_t* at, const std::uint8_t* end) {
  if (*at != '\\' || end - at < 2) return {*at, 1};
  if (at[1] != 'u') return {text::short_escape(at[1]), 2};
  const text::unicode_escape escape = text::read_unicode_escape(at, end);
  return {escape.code_point, escape.length == 0 ? 2 : escape.length};
}

// Where a string ends, the closing quote included.
std::size_t string_end(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at < text.size() ? at + 1 : text.size();
}

// Where a value ends that is followed by a comma or by nothing.
std::size_t value_end(std::string_view text) {
  std::size_t depth = 0;
  std::size_t at = 0;
  while (at < text.size() && (depth != 0 || text[at] != ',')) {
    const char byte = text[at];
    if (byte == '{' || byte == '[') ++depth;
    if ((byte == '}' || byte == ']') && depth != 0) --depth;
    at += byte == '"' ? string_end(text.substr(at)) : 1;
  }
  return at;
}

}  // namespace

raw_member raw_members::next() {
  left_ = trim(left_);
  if (!left_.empty() && left_[0] == ',') left_ = trim(left_.substr(1));
  if (left_.empty()) return {};
  const std::size_t name_end = string_end(left_);
  const std::string_view name = left_.substr(1, name_end - 2);
  left_ = trim(trim(left_.substr(name_end)).substr(1));
  const std::size_t end = value_end(left_);
  const std::string_view value = trim(left_.substr(0, end));
  left_ = left_.substr(end);
  return {name, value};
}

std::string_view raw_elements::next() {
  left_ = trim(left_);
  if (!left_.empty() && left_[0] == ',') left_ = trim(left_.substr(1));
  const std::size_t end = value_end(left_);
  const std::string_view value = trim(left_.substr(0, end));
  left_ = left_.substr(end);
  return value;
}

bool unescape(std::string_view escaped, tape::growable<std::uint8_t>& to) {
  to.clear();
  if (!to.room(static_cast<std::uint32_t>(escaped.size()) + 4)) return false;
  const std::uint8_t* at = bytes_of(escaped);
  const std::uint8_t* end = at + escaped.size();
  std::uint32_t size = 0;
  while (at < end) {
    const character next = read_character(at, end);
    if (*at == '\\') {
      size += text::write_utf8(next.code_point, to.data() + size);
    } else {
      to[size++] = *at;
    }
    at += next.length;
  }
  to.resize_within(size);
  return true;
}

void json_progress::look(std::string_view escaped) {
  const std::uint8_t* at = bytes_of(escaped) + seen_;
  const std::uint8_t* end = bytes_of(escaped) + escaped.size();
  while (at < end && !whole_) {
    const character next = read_character(at, end);
    at += next.length;
    const std::uint32_t byte = next.code_point;
    if (after_backslash_) {
      after_backslash_ = false;
    } else if (in_string_) {
      after_backslash_ = byte == '\\';
      in_string_ = byte != '"';
    } else if (byte == '"') {
      in_string_ = true;
    } else if (byte == '{' || byte == '[') {
      ++depth_;
    } else if ((byte == '}' || byte == ']') && depth_ != 0) {
      whole_ = --depth_ == 0;
    }
  }
  seen_ = static_cast<std::uint32_t>(escaped.size());
}

namespace {

/// The characters of JSON that is inside of a string, without white space between its tokens.
class tokens {
 public:
  explicit tokens(std::string_view escaped) : at_(bytes_of(escaped)), end_(at_ + escaped.size()) {}

  /// The next character, or 0 at the end.
  std::uint32_t next() {
    while (at_ < end_) {
      const character found = read_character(at_, end_);
      at_ += found.length;
      const std::uint32_t byte = found.code_point;
      if (after_backslash_) {
        after_backslash_ = false;
      } else if (in_string_) {
        after_backslash_ = byte == '\\';
        in_string_ = byte != '"';
      } else if (byte <= ' ') {
        continue;
      } else {
        in_string_ = byte == '"';
      }
      return byte;
    }
    return 0;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool in_string_ = false;
  bool after_backslash_ = false;
};

}  // namespace

bool is_same_json(std::string_view a, std::string_view b) {
  tokens left(a);
  tokens right(b);
  for (;;) {
    const std::uint32_t one = left.next();
    if (one != right.next()) return false;
    if (one == 0) return true;
  }
}

char first_character(std::string_view escaped) {
  const std::uint8_t* at = bytes_of(escaped);
  const std::uint8_t* end = at + escaped.size();
  while (at < end) {
    const character next = read_character(at, end);
    if (next.code_point > ' ')
      return static_cast<char>(next.code_point < 0x80 ? next.code_point : 0x7F);
    at += next.length;
  }
  return 0;
}

}  // namespace chatwire::assembly
