// Text in tests as JavaScript has it, and as the core has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exact_copy.hpp"
#include "text/utf8.hpp"

namespace chatwire::test {

inline bool is_high(char16_t unit) { return (unit & 0xFC00) == 0xD800; }
inline bool is_low(char16_t unit) { return (unit & 0xFC00) == 0xDC00; }

/// UTF-8; halves of surrogate pairs that stand alone as WTF-8 has them.
inline std::string narrow(std::u16string_view units) {
  std::string made;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::uint32_t character = units[i];
    if (is_high(units[i]) && i + 1 < units.size() && is_low(units[i + 1]))
      character = 0x10000 + ((character & 0x3FFU) << 10U) + (units[++i] & 0x3FFU);
    std::uint8_t bytes[4];
    const std::uint32_t length = text::write_utf8(character, bytes);
    made.append(reinterpret_cast<const char*>(bytes), length);
  }
  return made;
}

/// UTF-16. A character that the end cuts is left out.
inline std::u16string widen(std::string_view utf8) {
  std::u16string made;
  const exact_copy bytes(utf8);
  for (const std::uint8_t* at = bytes.begin(); at != bytes.end();) {
    const text::sequence next =
        *at < 0x80 ? text::sequence{*at, 1, true} : text::read_sequence(at, bytes.end(), true);
    if (next.length == 0) break;
    char16_t units[2];
    made.append(units, text::write_utf16(next.code_point, units));
    at += next.length;
  }
  return made;
}

}  // namespace chatwire::test
