// JSON numbers to doubles, with the very values of `JSON.parse`.
#pragma once

#include <cstdint>

namespace chatwire::text {

/// A number that was read.
struct number {
  double value = 0;
  const std::uint8_t* end = nullptr;  // the byte after it; null: no number
  bool integral = false;              // written without fraction and exponent
};

/// Reads the number at `at`, which is a digit or a minus.
number read_number(const std::uint8_t* at, const std::uint8_t* end);

}  // namespace chatwire::text
