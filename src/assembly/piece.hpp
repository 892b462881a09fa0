// Bytes that are appended to: what a stream brings of one text, list or value. Plain data, so that
// it can live in arrays that grow; whoever holds it releases it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace chatwire::assembly {

struct piece {
  std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;

  std::string_view view() const { return {reinterpret_cast<const char*>(data), size}; }

  /// False: no memory.
  [[nodiscard]] bool append(std::string_view more) {
    if (more.size() > capacity - size && !grow(more.size())) return false;
    if (!more.empty()) std::memcpy(data + size, more.data(), more.size());
    size += static_cast<std::uint32_t>(more.size());
    return true;
  }
  [[nodiscard]] bool assign(std::string_view text) {
    size = 0;
    return append(text);
  }
  void release() {
    std::free(data);
    *this = {};
  }

 private:
  [[nodiscard]] bool grow(std::size_t more) {
    constexpr std::uint64_t most = 0x7FFF0000U;
    const std::uint64_t needed = std::uint64_t{size} + more;
    if (needed > most) return false;
    std::uint64_t wanted = needed + size / 2;
    if (wanted > most) wanted = most;
    void* moved = std::realloc(data, static_cast<std::size_t>(wanted));
    if (moved == nullptr) return false;
    data = static_cast<std::uint8_t*>(moved);
    capacity = static_cast<std::uint32_t>(wanted);
    return true;
  }
};

}  // namespace chatwire::assembly
