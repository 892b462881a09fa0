// Comparing short runs of bytes, inline: names of members, words.
#pragma once

#include <cstdint>
#include <cstring>

namespace chatwire::text {

template <class Word>
bool same_word(const std::uint8_t* a, const char* b) {
  Word left;
  Word right;
  std::memcpy(&left, a, sizeof left);
  std::memcpy(&right, b, sizeof right);
  return left == right;
}

/// By whole words, the last one overlapping the one before.
inline bool same_bytes(const std::uint8_t* a, const char* b, std::uint32_t length) {
  if (length >= 8) {
    for (std::uint32_t i = 0; i + 8 < length; i += 8)
      if (!same_word<std::uint64_t>(a + i, b + i)) return false;
    return same_word<std::uint64_t>(a + length - 8, b + length - 8);
  }
  if (length >= 4) {
    return same_word<std::uint32_t>(a, b) &&
           same_word<std::uint32_t>(a + length - 4, b + length - 4);
  }
  for (std::uint32_t i = 0; i < length; ++i)
    if (a[i] != static_cast<std::uint8_t>(b[i])) return false;
  return true;
}

}  // namespace chatwire::text
