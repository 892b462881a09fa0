// The escapes of JSON strings.
#pragma once

#include <cstdint>

namespace chatwire::text {

/// What `\x` stands for where it is one character, or 0.
inline std::uint8_t short_escape(std::uint8_t letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return 0;
  }
}

/// The value of four hexadecimal digits, or -1.
inline std::int32_t read_hex4(const std::uint8_t* at) {
  std::int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const std::uint8_t byte = at[i];
    std::int32_t digit = -1;
    if (byte >= '0' && byte <= '9') digit = byte - '0';
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') digit = (byte | 0x20) - 'a' + 10;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

/// One `\uXXXX`, or a surrogate pair of two.
struct unicode_escape {
  std::uint32_t code_point = 0;
  std::uint32_t length = 0;  // bytes read; 0: not an escape
  bool cut = false;          // the input ends inside it
};

/// Reads the escape at the backslash `at`, whose next byte is `u`.
inline unicode_escape read_unicode_escape(const std::uint8_t* at, const std::uint8_t* end) {
  if (end - at < 6) {
    for (const std::uint8_t* digit = at + 2; digit != end; ++digit) {
      const std::uint8_t low = *digit | 0x20;
      const bool hex = (*digit >= '0' && *digit <= '9') || (low >= 'a' && low <= 'f');
      if (!hex) return {};
    }
    return {0, 0, true};
  }
  const std::int32_t first = read_hex4(at + 2);
  if (first < 0) return {};
  const auto unit = static_cast<std::uint32_t>(first);
  if ((unit & 0xFC00U) == 0xD800 && end - at >= 12 && at[6] == '\\' && at[7] == 'u') {
    const std::int32_t second = read_hex4(at + 8);
    if (second >= 0xDC00 && second <= 0xDFFF) {
      return {0x10000U + ((unit & 0x3FFU) << 10U) + (static_cast<std::uint32_t>(second) & 0x3FFU),
              12};
    }
  }
  return {unit, 6};
}

}  // namespace chatwire::text
