// Bytes that are appended to: what a stream brings of one text, list or value. Plain data, so that
// it can live in arrays that grow; whoever holds it releases it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "tape/growable.hpp"

namespace chatwire::assembly {

struct piece : tape::memory {
  std::string_view view() const { return {static_cast<const char*>(data), size}; }

  /// False: no memory.
  [[nodiscard]] bool append(std::string_view more) {
    const auto length = static_cast<std::uint32_t>(more.size());
    if (length == 0) return true;
    if (length > capacity - size && !grow(length, 1, size / 2)) return false;
    std::memcpy(static_cast<std::uint8_t*>(data) + size, more.data(), length);
    size += length;
    return true;
  }
  void release() {
    std::free(data);
    *this = {};
  }
};

}  // namespace chatwire::assembly
