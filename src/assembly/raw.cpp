#include "assembly/raw.hpp"

#include <cstring>
#include <initializer_list>

#include "text/escape.hpp"

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

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && same({text.data(), start.size()}, start);
}

bool is_piece_of_text(std::string_view name) {
  for (const std::string_view end : {"text", "content", "thinking", "reasoning", "summary",
                                     "transcript", "arguments", "refusal"})
    if (name.size() >= end.size() && same(from(name, name.size() - end.size()), end)) return true;
  return false;
}

bool is_placeholder(std::string_view arguments) {
  return same(arguments, "{}") || same(arguments, "null");
}

raw_member split(std::string_view source) {
  const char* const start = source.data() + 1;
  const char* const end = source.data() + source.size();
  const char* quote = start;
  while (*quote != '"') quote += *quote == '\\' ? 2 : 1;
  const char* colon = quote + 1;
  while (*colon != ':') ++colon;
  return {{start, static_cast<std::size_t>(quote - start)},
          trim({colon + 1, static_cast<std::size_t>(end - colon - 1)})};
}

bool is_empty(std::string_view value) {
  const char kind = kind_of(value);
  if (kind == '"') return value.size() == 2;
  return kind == 'n' || ((kind | 0x20) == '{' && trim(inside(value)).empty());
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

bool begins_json(std::string_view escaped) {
  const std::uint8_t* at = bytes_of(escaped);
  const std::uint8_t* end = at + escaped.size();
  while (at < end) {
    const character next = read_character(at, end);
    if (next.code_point > ' ') return next.code_point == '{' || next.code_point == '[';
    at += next.length;
  }
  return false;
}

}  // namespace chatwire::assembly
