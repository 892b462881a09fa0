// The rare decimals that text/number.cpp cannot tell go to the JavaScript engine: its conversion is
// the one that JSON.parse has.
#include "text/decimal.hpp"

#include <emscripten/emscripten.h>

EM_JS(double, chatwire_convert_decimal, (const char* from, int length), {
  var digits = "";
  for (var i = 0; i < length; i++) digits += String.fromCharCode(HEAPU8[from + i]);
  return Number(digits);
});

namespace chatwire::text {

double convert_decimal(const std::uint8_t* from, const std::uint8_t* to) {
  return chatwire_convert_decimal(reinterpret_cast<const char*>(from), static_cast<int>(to - from));
}

}  // namespace chatwire::text
