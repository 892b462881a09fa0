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
    copy(static_cast<char*>(data) + size, more.data(), length);
    size += length;
    return true;
  }
  void release() {
    std::free(data);
    *this = {};
  }

 private:
  // Most are words and parts of words, for which a call would take longer: two halves that overlap.
  static void copy(char* to, const char* from, std::uint32_t length) {
    if (length > 16) {
      std::memcpy(to, from, length);
    } else if (length >= 8) {
      std::uint64_t halves[2];
      std::memcpy(halves, from, 8);
      std::memcpy(halves + 1, from + length - 8, 8);
      std::memcpy(to, halves, 8);
      std::memcpy(to + length - 8, halves + 1, 8);
    } else {
      for (std::uint32_t i = 0; i < length; ++i) to[i] = from[i];
    }
  }
};

}  // namespace chatwire::assembly
