// The limits of a decode: one place, all of them options.
#pragma once

#include <cstdint>

namespace chatwire {

/// What an input may ask of the decoder. Passing one is an issue with code LIMIT.
struct limits {
  std::uint32_t body_bytes = 64U << 20U;   ///< bytes of a body
  std::uint32_t event_bytes = 64U << 20U;  ///< bytes of one event of a stream
  std::uint32_t depth = 128;               ///< nesting of objects and arrays
  std::uint32_t choices = 1024;            ///< choices of a completion
  std::uint32_t tool_calls = 1024;         ///< tool calls of a message
};

}  // namespace chatwire
