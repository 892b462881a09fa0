// Comparing short runs of bytes, inline: names of members, words.
#pragma once

#include <cstdint>
#include <cstring>

#include "text/simd.hpp"

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

/// The same for runs of any length, by whole blocks.
inline bool same_run(const std::uint8_t* a, const std::uint8_t* b, std::uint32_t length) {
  constexpr auto step = static_cast<std::uint32_t>(block::size);
  if (length < step) return same_bytes(a, reinterpret_cast<const char*>(b), length);
  for (std::uint32_t at = 0; at + step < length; at += step)
    if (!block::load(a + at).is_same(block::load(b + at))) return false;
  return block::load(a + (length - step)).is_same(block::load(b + (length - step)));
}

}  // namespace chatwire::text
