// The rare decimals that text/number.cpp cannot tell, by long multiplication and division: at a
// tenth of the size of the tables that a faster way takes.
#include "text/decimal.hpp"

#include <cstring>

namespace chatwire::text {
namespace {

// How exact to be: how many digits are read, and how many words are kept of what they come to.
struct precision {
  std::uint32_t digits;
  std::uint32_t words;
};
// What comes of the first one differs from the true value by less than one part in 2^100. Of the
// second one, nothing is left out: no double, and no number half-way between two, has more digits
// than 767.
constexpr precision precisions[] = {{36, 5}, {800, 180}};
constexpr std::uint32_t least_words = precisions[0].words;

// Where the point stands, counted from the first digit: beyond, a number is infinite, or zero.
constexpr std::int32_t highest_point = 309;
constexpr std::int32_t lowest_point = -323;

// A number, whose lowest word comes first: what the words say, and maybe more, but less than one in
// the lowest word; times 2^exponent.
struct long_number {
  std::uint32_t words[precisions[1].words + 1];
  std::uint32_t most;  // words that are kept
  std::uint32_t count = 0;
  std::int32_t exponent = 0;
  bool is_more = false;

  void multiply(std::uint32_t factor, std::uint32_t summand) {
    std::uint64_t carry = summand;
    for (std::uint32_t i = 0; i < count; ++i, carry >>= 32U) {
      carry += static_cast<std::uint64_t>(words[i]) * factor;
      words[i] = static_cast<std::uint32_t>(carry);
    }
    if (carry != 0) words[count++] = static_cast<std::uint32_t>(carry);
    if (count <= most) return;
    is_more = is_more || words[0] != 0;
    std::memmove(words, words + 1, --count * sizeof *words);
    exponent += 32;
  }

  // Adds low words, until there are `wanted` or as many as are kept.
  void fill(std::uint32_t wanted) {
    if (wanted > most) wanted = most;
    if (count >= wanted) return;
    const std::uint32_t added = wanted - count;
    std::memmove(words + added, words, count * sizeof *words);
    std::memset(words, 0, added * sizeof *words);
    count = wanted;
    exponent -= static_cast<std::int32_t>(added * 32);
  }

  void divide(std::uint32_t divisor) {
    fill(least_words);
    std::uint64_t rest = 0;
    for (std::uint32_t i = count; i-- > 0; rest %= divisor) {
      rest = rest << 32U | words[i];
      words[i] = static_cast<std::uint32_t>(rest / divisor);
    }
    is_more = is_more || rest != 0;
    if (words[count - 1] == 0) --count;
  }

  void multiply_by_power_of_ten(std::int32_t power) {
    exponent += power;  // of two; the rest is a power of five
    const bool is_up = power > 0;
    // What the division takes away, which is 2.33 bits for each five.
    if (!is_up) fill(count + static_cast<std::uint32_t>(-power) * 7 / 96 + least_words);
    for (std::int32_t left = is_up ? power : -power; left > 0;) {
      std::uint32_t factor = 1;
      for (std::uint32_t i = 0; i < 13 && left > 0; ++i, --left) factor *= 5;
      is_up ? multiply(factor, 0) : divide(factor);
    }
  }
};

// The double nearest to a number. False: it cannot tell, unless what the number has more is nothing
// next to its words.
bool nearest(long_number& number, double& value) {
  number.fill(least_words);
  const std::uint32_t* top = number.words + number.count - 3;
  const auto zeros = static_cast<std::uint32_t>(__builtin_clz(top[2]));
  const std::uint64_t high =
      (std::uint64_t{top[2]} << 32U | top[1]) << zeros | std::uint64_t{top[0]} >> (32 - zeros);
  bool is_more = number.is_more || top[0] << zeros != 0;
  for (const std::uint32_t* word = number.words; word != top; ++word)
    is_more = is_more || *word != 0;

  const std::int32_t exponent =
      number.exponent + static_cast<std::int32_t>(number.count * 32 - zeros - 1);
  value = __builtin_inf();
  if (exponent > 1023) return true;
  std::uint32_t dropped = 11;  // of the 64 bits; more where the double is a subnormal one
  std::uint64_t bits = 0;
  if (exponent >= -1022) {
    bits = static_cast<std::uint64_t>(exponent + 1022) << 52U;
  } else {
    dropped += static_cast<std::uint32_t>(-1022 - exponent);
    value = 0;
    if (dropped > 64) return dropped > 65;
  }
  // The bit above all others adds one to the exponent, and so does what is carried out of them.
  bits += high >> 1U >> (dropped - 1);
  const std::uint64_t half = std::uint64_t{1} << (dropped - 1);
  const std::uint64_t rest = high & (half * 2 - 1);
  if (rest > half || (rest == half && (is_more || (bits & 1U) != 0))) ++bits;
  std::memcpy(&value, &bits, sizeof value);
  return !is_more || rest != half - 1;
}

double convert(const std::uint8_t* from, const std::uint8_t* to) {
  double value = 0;
  for (const precision& how : precisions) {
    long_number number;
    number.most = how.words;
    std::uint32_t digits = 0;
    std::int64_t power = 0;
    bool is_fraction = false;
    std::uint32_t chunk = 0;
    std::uint32_t factor = 1;
    const std::uint8_t* at = from;
    for (; at != to && (*at | 0x20) != 'e'; ++at) {
      if (*at == '.') {
        is_fraction = true;
        continue;
      }
      const std::uint32_t digit = *at - '0';
      if (digits == how.digits) {
        number.is_more = number.is_more || digit != 0;
        if (!is_fraction) ++power;
        continue;
      }
      if (is_fraction) --power;
      if (digits == 0 && digit == 0) continue;
      chunk = chunk * 10 + digit;
      factor *= 10;
      if (++digits % 9 != 0) continue;
      number.multiply(factor, chunk);
      chunk = 0;
      factor = 1;
    }
    number.multiply(factor, chunk);
    if (at != to) {
      const bool is_down = *++at == '-';
      if (is_down || *at == '+') ++at;
      std::int64_t written = 0;
      for (; at != to; ++at)
        if (written < std::int64_t{1} << 40U) written = written * 10 + (*at - '0');
      power += is_down ? -written : written;
    }
    const std::int64_t point = power + digits;
    if (point > highest_point) return __builtin_inf();
    if (point < lowest_point) return 0;
    number.multiply_by_power_of_ten(static_cast<std::int32_t>(power));
    if (nearest(number, value)) break;
  }
  return value;
}

}  // namespace

double convert_decimal(const std::uint8_t* from, const std::uint8_t* to) {
  return *from == '-' ? -convert(from + 1, to) : convert(from, to);
}

}  // namespace chatwire::text
