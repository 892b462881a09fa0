// Encoding: structs to the JSON that servers and clients exchange.
#pragma once

#include <string>

#include "chatwire/models.hpp"

namespace chatwire {

/// The completion as wire JSON, with nothing lost: decoding it gives an equal value. Unknown
/// members stand where they were, originals under `extra` go before what they were repaired to, and
/// what chatwire made up is left out. Numbers are as short as they can be read back from.
[[nodiscard]] std::string encode(const chat_completion& completion);
[[nodiscard]] std::string encode(const chat_completion_chunk& chunk);

}  // namespace chatwire
