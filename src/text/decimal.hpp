// Decimal to double where the short ways of number.cpp cannot tell: very long or very large or
// small numbers, and those that lie as good as half-way between two doubles. Who builds the core
// provides it: decimal_fast_float.cpp natively; bindings/decimal.cpp in WebAssembly, where the
// tables that it takes would be a fifth of the module.
#pragma once

#include <cstdint>

namespace chatwire::text {

/// The double nearest to the JSON number that stands in [from, to); infinity where it is too large.
double convert_decimal(const std::uint8_t* from, const std::uint8_t* to);

}  // namespace chatwire::text
