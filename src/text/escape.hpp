// The escapes of JSON strings.
#pragma once

#include <cstdint>
#include <string_view>

namespace chatwire::text {

/// What the letters of escapes stand for: by letter, `\x` as one character (0: it is none), and the
/// value of a hexadecimal digit (16 and more: it is none).
struct escape_table {
  std::uint8_t short_escape[256]{};
  std::uint8_t hex[256]{};

  consteval escape_table() {
    constexpr std::string_view letters = "\"\\/ntrbf";
    constexpr std::string_view meanings = "\"\\/\n\t\r\b\f";
    for (std::size_t i = 0; i < letters.size(); ++i)
      short_escape[static_cast<std::uint8_t>(letters[i])] = static_cast<std::uint8_t>(meanings[i]);
    for (std::uint8_t& value : hex) value = 0xFF;
    constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
    for (std::size_t i = 0; i < digits.size(); ++i)
      hex[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i % 16);
  }
};
inline constexpr escape_table escapes{};

/// What `\x` stands for where it is one character, or 0.
inline std::uint8_t short_escape(std::uint8_t letter) { return escapes.short_escape[letter]; }

/// The value of four hexadecimal digits, or -1.
inline std::int32_t read_hex4(const std::uint8_t* at) {
  const std::uint32_t a = escapes.hex[at[0]];
  const std::uint32_t b = escapes.hex[at[1]];
  const std::uint32_t c = escapes.hex[at[2]];
  const std::uint32_t d = escapes.hex[at[3]];
  if ((a | b | c | d) >= 16) return -1;
  return static_cast<std::int32_t>(a << 12U | b << 8U | c << 4U | d);
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
    for (const std::uint8_t* digit = at + 2; digit != end; ++digit)
      if (escapes.hex[*digit] >= 16) return {};
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
