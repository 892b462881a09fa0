// Passes over UTF-8 text sixteen bytes at a time.
#pragma once

#include <cstdint>

#include "text/simd.hpp"

namespace chatwire::text {

/// Where the plain characters and whole sequences of UTF-8 that begin at `at` end, or a byte before
/// that: at a quote, a backslash, a control, a sequence that is not valid, or the last few bytes
/// before `end`. `at` is not inside a sequence.
inline const std::uint8_t* skip_utf8(const std::uint8_t* at, const std::uint8_t* end) {
  // As signed numbers, which is how bytes are compared: 0x80 is -128, 0xC0 is -64.
  constexpr std::int8_t two = -64;
  constexpr std::int8_t first_two = -62;  // 0xC2: what comes before it would be too long
  constexpr std::int8_t three = -32;
  constexpr std::int8_t four = -16;
  constexpr std::int8_t past_four = -11;  // 0xF5: beyond the last code point
  while (static_cast<std::size_t>(end - at) >= block::size) {
    const block bytes = block::load(at);
    const std::uint32_t not_plain = bytes.not_plain();
    if (not_plain == 0) {
      at += block::size;
      continue;
    }
    const std::uint32_t high = bytes.below(0);
    const std::uint32_t tails = bytes.below(two);
    const std::uint32_t heads3 = high & ~bytes.below(three);
    const std::uint32_t heads4 = high & ~bytes.below(four);
    // Where sequences go on, also beyond the block.
    const std::uint32_t due = (high & ~tails) << 1U | heads3 << 2U | heads4 << 3U;
    std::uint32_t wrong = (due ^ tails) | (not_plain & ~high) | (bytes.below(first_two) & ~tails) |
                          (high & ~bytes.below(past_four));
    // After some heads not every tail is right: the sequence would be too long, half a surrogate
    // pair, or beyond the last code point.
    if (const std::uint32_t some = bytes.either(0xE0, 0xED) << 1U; some != 0) {
      const std::uint32_t from_a0 = ~bytes.below(-96);
      const std::uint32_t after_ed = bytes.either(0xED, 0xED) << 1U;
      wrong |= some & (after_ed ^ ~from_a0);
    }
    if (const std::uint32_t some = bytes.either(0xF0, 0xF4) << 1U; some != 0) {
      const std::uint32_t from_90 = ~bytes.below(-112);
      const std::uint32_t after_f4 = bytes.either(0xF4, 0xF4) << 1U;
      wrong |= some & (after_f4 ^ ~from_90);
    }
    wrong &= 0xFFFFU;
    const std::uint32_t length = wrong == 0 ? block::size : first_bit(wrong);
    // A sequence that is wrong there, or goes on beyond the block, is yet to be read.
    const bool is_inside = (due >> length & 1U) != 0;
    at += is_inside ? last_bit(high & ~tails & ((1U << length) - 1)) : length;
    if (wrong != 0) return at;
  }
  return at;
}

}  // namespace chatwire::text
