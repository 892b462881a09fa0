// JSON that the end of its stream cut off.
#pragma once

#include <cstdint>

namespace chatwire {

/// As deep as such JSON may be; what is deeper is given up.
inline constexpr std::uint32_t deepest_cut = 256;
/// How much room `end_cut_json` needs behind the JSON.
inline constexpr std::uint32_t cut_room = deepest_cut + 2;

/// Where JSON, one value or several, ends within a value: leaves out what is not whole, but for the
/// beginnings of texts that come piece by piece, and closes what is open, in place.
///
/// @param to where it ends, and where it ends then: at `from` where nothing is left
/// @returns whether anything was cut
bool end_cut_json(std::uint8_t* bytes, std::uint32_t from, std::uint32_t& to);

}  // namespace chatwire
