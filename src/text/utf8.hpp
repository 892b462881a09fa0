// UTF-8, read as WHATWG decoders read it: what is not UTF-8 becomes U+FFFD, one for each maximal
// part of a sequence.
#pragma once

#include <cstdint>

namespace chatwire::text {

inline constexpr std::uint32_t replacement = 0xFFFD;

/// One code point read from bytes.
struct sequence {
  std::uint32_t code_point = 0;
  std::uint32_t length = 0;  // bytes read, at least 1; 0 where the input ended inside a sequence
  bool valid = true;         // false: not UTF-8, and `code_point` is U+FFFD
};

/// Reads one sequence; `*at` is not ASCII. With `surrogates`, WTF-8's encoded surrogates are valid.
/// Not inline: the sequences that are frequent are read without it.
[[gnu::noinline]] inline sequence read_sequence(const std::uint8_t* at, const std::uint8_t* end,
                                                bool surrogates) {
  const std::uint32_t first = *at;
  const auto left = static_cast<std::uint32_t>(end - at < 4 ? end - at : 4);
  std::uint32_t low = 0x80;
  std::uint32_t high = 0xBF;
  std::uint32_t needed = 0;
  std::uint32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    needed = 1;
    value = first & 0x1FU;
  } else if (first >= 0xE0 && first <= 0xEF) {
    needed = 2;
    value = first & 0xFU;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED && !surrogates) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    needed = 3;
    value = first & 0x7U;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {replacement, 1, false};
  }
  for (std::uint32_t i = 1; i <= needed; ++i) {
    if (i >= left) return {replacement, 0, false};
    const std::uint32_t next = at[i];
    if (next < low || next > high) return {replacement, i, false};
    low = 0x80;
    high = 0xBF;
    value = value << 6U | (next & 0x3FU);
  }
  return {value, needed + 1, true};
}

/// Writes a code point, or a lone surrogate as WTF-8 does. Returns the bytes written, at most 4.
inline std::uint32_t write_utf8(std::uint32_t code_point, std::uint8_t* to) {
  const auto tail = [code_point](std::uint32_t shift) {
    return static_cast<std::uint8_t>(0x80U | (code_point >> shift & 0x3FU));
  };
  if (code_point < 0x80) {
    to[0] = static_cast<std::uint8_t>(code_point);
    return 1;
  }
  if (code_point < 0x800) {
    to[0] = static_cast<std::uint8_t>(0xC0U | code_point >> 6U);
    to[1] = tail(0);
    return 2;
  }
  if (code_point < 0x10000) {
    to[0] = static_cast<std::uint8_t>(0xE0U | code_point >> 12U);
    to[1] = tail(6);
    to[2] = tail(0);
    return 3;
  }
  to[0] = static_cast<std::uint8_t>(0xF0U | code_point >> 18U);
  to[1] = tail(12);
  to[2] = tail(6);
  to[3] = tail(0);
  return 4;
}

/// Writes a code point as UTF-16. Returns the code units written, 1 or 2.
inline std::uint32_t write_utf16(std::uint32_t code_point, char16_t* to) {
  if (code_point < 0x10000) {
    to[0] = static_cast<char16_t>(code_point);
    return 1;
  }
  to[0] = static_cast<char16_t>(0xD7C0U + (code_point >> 10U));
  to[1] = static_cast<char16_t>(0xDC00U | (code_point & 0x3FFU));
  return 2;
}

inline bool is_high_surrogate(std::uint32_t unit) { return (unit & 0xFC00U) == 0xD800; }
inline bool is_low_surrogate(std::uint32_t unit) { return (unit & 0xFC00U) == 0xDC00; }

}  // namespace chatwire::text
