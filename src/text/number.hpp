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

/// Reads any number. For fractions, exponents and more than 15 digits, which `read_number` leaves
/// to it, and for numbers that come seldom.
number read_long_number(const std::uint8_t* at, const std::uint8_t* end);

/// Reads the number at `at`, which is a digit or a minus.
inline number read_number(const std::uint8_t* at, const std::uint8_t* end) {
  const std::uint8_t* digit = at;
  const bool negative = *digit == '-';
  if (negative) ++digit;
  const std::uint8_t* first = digit;
  std::uint64_t whole = 0;
  while (digit != end && *digit >= '0' && *digit <= '9') whole = whole * 10 + (*digit++ - '0');
  const auto digits = digit - first;
  const bool more = digit != end && (*digit == '.' || (*digit | 0x20) == 'e');
  if (digits == 0 || digits > 15 || more || (*first == '0' && digits > 1))
    return read_long_number(at, end);
  const auto value = static_cast<double>(whole);
  return {negative ? -value : value, digit, true};
}

}  // namespace chatwire::text
