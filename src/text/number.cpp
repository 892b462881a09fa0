#include "text/number.hpp"

#include <cstring>

#include "text/decimal.hpp"

namespace chatwire::text {
namespace {

__extension__ using wide = unsigned __int128;

// Powers of ten that a double holds exactly.
constexpr std::int32_t largest_exact = 22;
constexpr std::uint64_t largest_whole = std::uint64_t{1} << 53U;

// The powers of ten that numbers in chat completions have, to 128 bits, rounded down.
constexpr std::int32_t lowest_power = -25;
constexpr std::int32_t highest_power = 4;
struct power {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};
struct powers_of_ten {
  double exact[largest_exact + 1]{};
  power of[highest_power - lowest_power + 1]{};

#if defined(__wasm__)
  powers_of_ten(){// when the module starts: as data, they would be a hundredth of it
#else
  consteval powers_of_ten() {
#endif
                  double ten = 1;
  for (double& value : exact) {
    value = ten;
    ten *= 10;
  }
  std::uint64_t five = 1;
  for (std::int32_t n = 0; n <= highest_power; ++n, five *= 5)
    set(n, static_cast<wide>(five) << (64 + __builtin_clzll(five)));
  five = 5;
  for (std::int32_t n = 1; n <= -lowest_power; ++n, five *= 5) {
    // 1 / 5^n, four bits at a time, from the first one that is set.
    wide mantissa = 0;
    std::uint64_t rest = std::uint64_t{1} << (63 - __builtin_clzll(five));
    for (std::uint32_t i = 0; i < 32; ++i) {
      rest <<= 4U;
      mantissa = mantissa << 4U | rest / five;
      rest %= five;
    }
    set(-n, mantissa);
  }
} constexpr void set(std::int32_t exponent, wide mantissa) {
  of[exponent - lowest_power] = {static_cast<std::uint64_t>(mantissa >> 64U),
                                 static_cast<std::uint64_t>(mantissa)};
}
};  // namespace
const powers_of_ten powers;

// The algorithm of Eisel and Lemire ("Number parsing at a gigabyte per second", 2021): the product
// of the digits and the power of ten, as far as is needed to know how it rounds. False: it cannot
// tell.
bool multiply(std::uint64_t digits, std::int32_t exponent, double& value) {
  if (exponent < lowest_power || exponent > highest_power) return false;
  const power& ten = powers.of[exponent - lowest_power];
  const auto zeros = static_cast<std::uint32_t>(__builtin_clzll(digits));
  digits <<= zeros;
  const wide product = static_cast<wide>(digits) * ten.high;
  auto high = static_cast<std::uint64_t>(product >> 64U);
  auto low = static_cast<std::uint64_t>(product);
  if ((high & 0x1FFU) == 0x1FF && low + digits < digits) {
    const wide more = static_cast<wide>(digits) * ten.low;
    const std::uint64_t sum = low + static_cast<std::uint64_t>(more >> 64U);
    if (sum < low) ++high;
    if ((high & 0x1FFU) == 0x1FF && sum + 1 == 0 &&
        static_cast<std::uint64_t>(more) + digits < digits) {
      return false;
    }
    low = sum;
  }
  const std::uint64_t top = high >> 63U;
  std::uint64_t mantissa = high >> (top + 9);
  // 217706 / 2^16 is the logarithm of ten to base two. No sum here leaves the range of normal
  // doubles, since the exponents are small.
  std::uint64_t two = static_cast<std::uint64_t>((217706 * exponent >> 16) + 64 + 1023) - zeros;
  two -= 1 ^ top;
  if (low == 0 && (high & 0x1FFU) == 0 && (mantissa & 3U) == 1) return false;
  mantissa += mantissa & 1U;
  mantissa >>= 1U;
  if (mantissa >> 53U != 0) {
    mantissa >>= 1U;
    ++two;
  }
  const std::uint64_t bits = two << 52U | (mantissa & ((std::uint64_t{1} << 52U) - 1));
  std::memcpy(&value, &bits, sizeof value);
  return true;
}

// Up to eight digits at once, each of them a byte of a word: how many the first ones are.
std::uint32_t count_digits(std::uint64_t bytes) {
  constexpr std::uint64_t high = 0xF0F0F0F0F0F0F0F0U;
  constexpr std::uint64_t zeros = 0x3030303030303030U;
  const std::uint64_t others =
      ((bytes & high) ^ zeros) | (((bytes + 0x0606060606060606U) & high) ^ zeros);
  return others == 0 ? 8 : static_cast<std::uint32_t>(__builtin_ctzll(others)) / 8;
}
std::uint64_t read_digits(std::uint64_t bytes) {
  bytes = (bytes & 0x0F0F0F0F0F0F0F0FU) * 2561 >> 8U;  // pairs, then fours, then all
  bytes = (bytes & 0x00FF00FF00FF00FFU) * 6553601 >> 16U;
  return (bytes & 0x0000FFFF0000FFFFU) * 42949672960001U >> 32U;
}

bool is_digit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

// The digits after a point, as many as `digits` has room for.
const std::uint8_t* read_fraction(const std::uint8_t* at, const std::uint8_t* end,
                                  std::uint64_t& digits, std::int32_t& significant) {
  if (digits == 0)
    while (at != end && *at == '0') ++at;
  while (significant <= 11 && end - at >= 8) {
    constexpr std::uint64_t tens[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, sizeof eight);
    const std::uint32_t count = count_digits(eight);
    if (count == 0) return at;
    digits = digits * tens[count] + read_digits(eight << (64 - 8 * count));
    significant += static_cast<std::int32_t>(count);
    at += count;
    if (count != 8) return at;
  }
  for (; significant < 19 && at != end && is_digit(*at); ++at, ++significant)
    digits = digits * 10 + (*at - '0');
  return at;
}

// Fractions, exponents, many digits, and the end of the input.
number read_long_number(const std::uint8_t* at, const std::uint8_t* end) {
  const bool negative = at != end && *at == '-';
  const std::uint8_t* stop = at + (negative ? 1 : 0);
  const std::uint8_t* first = stop;
  std::uint64_t digits = 0;
  std::int32_t significant = 0;  // digits in `digits`, at most 19
  std::int64_t exponent = 0;
  bool dropped = false;  // digits that `digits` has no room for
  const auto take = [&](std::uint8_t byte) {
    if (significant == 19) {
      dropped = dropped || byte != '0';
      return false;
    }
    digits = digits * 10 + (byte - '0');
    if (digits != 0) ++significant;
    return true;
  };
  for (; stop != end && is_digit(*stop); ++stop)
    if (!take(*stop)) ++exponent;
  if (stop == first || (*first == '0' && stop - first > 1)) return {};
  bool integral = true;
  if (stop != end && *stop == '.') {
    integral = false;
    const std::uint8_t* point = stop++;
    stop = read_fraction(stop, end, digits, significant);
    exponent -= stop - point - 1;
    for (; stop != end && is_digit(*stop); ++stop) dropped = dropped || *stop != '0';
    if (stop == point + 1) return {};
  }
  if (stop != end && (*stop | 0x20) == 'e') {
    integral = false;
    ++stop;
    const bool down = stop != end && *stop == '-';
    if (stop != end && (*stop == '-' || *stop == '+')) ++stop;
    const std::uint8_t* exponent_at = stop;
    // Only so far that no number of zeros before it could make up for the rest.
    std::int64_t written = 0;
    for (; stop != end && is_digit(*stop); ++stop)
      if (written < std::int64_t{1} << 40U) written = written * 10 + (*stop - '0');
    if (stop == exponent_at) return {};
    exponent += down ? -written : written;
  }
  const auto signed_value = [negative](double value) { return negative ? -value : value; };
  if (digits == 0) return {signed_value(0), stop, integral};
  double value = 0;
  if (!dropped && exponent >= -largest_exact && exponent <= largest_exact) {
    // Whole and power are exact, so there is one rounding, and it is the right one.
    if (digits <= largest_whole) {
      value = static_cast<double>(digits);
      value = exponent < 0 ? value / powers.exact[-exponent] : value * powers.exact[exponent];
      return {signed_value(value), stop, integral};
    }
  }
  if (!dropped && exponent >= lowest_power && exponent <= highest_power &&
      multiply(digits, static_cast<std::int32_t>(exponent), value)) {
    return {signed_value(value), stop, integral};
  }
  return {convert_decimal(at, stop), stop, integral};
}

}  // namespace chatwire::text

number read_number(const std::uint8_t* at, const std::uint8_t* end) {
  // A few digits are the rule.
  if (end - at > 9) {
    const std::uint8_t* first = at + (*at == '-' ? 1 : 0);
    std::uint64_t eight = 0;
    std::memcpy(&eight, first, sizeof eight);
    const std::uint32_t digits = count_digits(eight);
    const std::uint8_t next = first[digits];
    if (digits - 1 < 7 && next != '.' && (next | 0x20) != 'e' && (*first != '0' || digits == 1)) {
      const auto value = static_cast<double>(read_digits(eight << (64 - 8 * digits)));
      return {first == at ? value : -value, first + digits, true};
    }
  }
  return read_long_number(at, end);
}

}  // namespace chatwire::text
