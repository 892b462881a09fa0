// UTF-8 as UTF-16, sixteen bytes at a time.
#pragma once

#include <cstdint>
#include <cstring>

#include "text/simd.hpp"

namespace chatwire::text {

/// Reads the two-byte sequences at the beginning of sixteen bytes, and writes eight code units to
/// `to`. Returns how many of them count.
[[gnu::always_inline]] inline std::uint32_t widen_pairs(const std::uint8_t* from, char16_t* to) {
  using lanes = std::uint16_t __attribute__((vector_size(block::size)));
  lanes pairs;  // the first byte is the lower half
  std::memcpy(&pairs, from, sizeof pairs);
  const lanes units = (pairs & 0x1F) << 6 | (pairs >> 8 & 0x3F);
  std::memcpy(to, &units, sizeof units);
  const lanes are_right = ((pairs & 0xC0E0) == 0x80C0) & (units >= 0x80);
  std::uint8_t bytes[block::size];
  std::memcpy(bytes, &are_right, sizeof bytes);
  return first_bit(~block::load(bytes).below(0)) / 2;
}

}  // namespace chatwire::text
