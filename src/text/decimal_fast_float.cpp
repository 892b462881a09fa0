#include "text/decimal.hpp"

#ifndef __wasm__

#include <fast_float/fast_float.h>

namespace chatwire::text {

double convert_decimal(const std::uint8_t* from, const std::uint8_t* to) {
  double value = 0;
  // Out of range is no error: the value is then infinity or zero, as JSON.parse has it.
  static_cast<void>(fast_float::from_chars(reinterpret_cast<const char*>(from),
                                           reinterpret_cast<const char*>(to), value));
  return value;
}

}  // namespace chatwire::text

#endif
