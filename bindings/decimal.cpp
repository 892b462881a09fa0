// The rare decimals that text/number.cpp cannot tell go to the JavaScript engine: its conversion is
// the one that JSON.parse has.
#include "text/decimal.hpp"

#include <emscripten/emscripten.h>

EM_JS(double, chatwire_convert_decimal, (const char* from, int length), {
  var digits = "";
  // Not letter by letter: there may be millions. Not all at once: they are arguments of a call.
  for (var end = from + length; from < end; from += 4096)
    digits += String.fromCharCode.apply(null, HEAPU8.subarray(from, Math.min(from + 4096, end)));
  return Number(digits);
});

namespace chatwire::text {

double convert_decimal(const std::uint8_t* from, const std::uint8_t* to) {
  return chatwire_convert_decimal(reinterpret_cast<const char*>(from), static_cast<int>(to - from));
}

}  // namespace chatwire::text
