#include "text/number.hpp"

#include <fast_float/fast_float.h>

#include <limits>

namespace chatwire::text {
namespace {

const std::uint8_t* skip_digits(const std::uint8_t* at, const std::uint8_t* end) {
  while (at != end && *at >= '0' && *at <= '9') ++at;
  return at;
}

// Powers of ten that a double holds exactly.
constexpr double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// A whole of at most 53 bits divided by an exact power of ten is rounded once, so it is right.
bool divide_exactly(const std::uint8_t* at, const std::uint8_t* point, const std::uint8_t* end,
                    double& value) {
  if (end - at > 16 || end - point - 1 > 22) return false;  // 15 digits and the point
  std::uint64_t whole = 0;
  for (; at != end; ++at)
    if (at != point) whole = whole * 10 + (*at - '0');
  value = static_cast<double>(whole) / exact_powers[end - point - 1];
  return true;
}

}  // namespace

number read_long_number(const std::uint8_t* at, const std::uint8_t* end) {
  const std::uint8_t* first = at;
  if (first != end && *first == '-') ++first;
  const std::uint8_t* stop = skip_digits(first, end);
  if (stop == first || (*first == '0' && stop - first > 1)) return {};
  bool integral = true;
  const std::uint8_t* point = nullptr;
  if (stop != end && *stop == '.') {
    integral = false;
    point = stop;
    stop = skip_digits(point + 1, end);
    if (stop == point + 1) return {};
  }
  const bool exponent = stop != end && (*stop | 0x20) == 'e';
  if (exponent) {
    integral = false;
    ++stop;
    if (stop != end && (*stop == '+' || *stop == '-')) ++stop;
    const std::uint8_t* digits = stop;
    stop = skip_digits(digits, end);
    if (stop == digits) return {};
  }
  double value = 0;
  if (point != nullptr && !exponent && divide_exactly(first, point, stop, value))
    return {*at == '-' ? -value : value, stop, false};
  const auto* text = reinterpret_cast<const char*>(at);
  const auto result = fast_float::from_chars(text, reinterpret_cast<const char*>(stop), value);
  // Out of range is no error: JSON.parse gives infinity and zero there, and so do the values.
  static_cast<void>(result);
  return {value, stop, integral};
}

}  // namespace chatwire::text
