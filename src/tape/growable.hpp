// An array that grows and tells when it cannot. `std::vector` would end the WebAssembly instance
// when memory runs out; here the decode fails and the instance goes on.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <type_traits>

namespace chatwire::tape {

/// What an array has of memory. Plain data.
struct memory {
  void* data = nullptr;
  std::uint32_t size = 0;      // elements
  std::uint32_t capacity = 0;  // the same

  /// Makes room for `more` elements of `bytes` bytes, and some at will. False: there is no memory.
  // NOLINTNEXTLINE(misc-definitions-in-headers): one for all types; it is small, and runs seldom
  [[nodiscard, gnu::noinline]] bool grow(std::uint32_t more, std::uint32_t bytes,
                                         std::uint32_t spare) {
    // What 32-bit offsets and a WebAssembly memory can hold of one array.
    constexpr std::uint64_t most_bytes = 0x7FFF0000U;
    const std::uint64_t needed = std::uint64_t{size} + more;
    std::uint64_t wanted = std::uint64_t{capacity} + spare;
    if (wanted < needed || wanted * bytes > most_bytes) wanted = needed;
    if (wanted * bytes > most_bytes) return false;
    void* moved = std::realloc(data, static_cast<std::size_t>(wanted * bytes));
    if (moved == nullptr) return false;
    data = moved;
    capacity = static_cast<std::uint32_t>(wanted);
    return true;
  }
};

/// `Step`: how many elements there is room for at least, once there are any.
template <class T, std::uint32_t Step = 256>
class growable {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  growable() = default;
  growable(const growable&) = delete;
  growable& operator=(const growable&) = delete;
  ~growable() { std::free(memory_.data); }

  T* data() { return static_cast<T*>(memory_.data); }
  const T* data() const { return static_cast<const T*>(memory_.data); }
  std::uint32_t size() const { return memory_.size; }
  std::uint32_t capacity() const { return memory_.capacity; }
  T& operator[](std::uint32_t index) { return data()[index]; }
  const T& operator[](std::uint32_t index) const { return data()[index]; }

  /// The elements stay where they are; only their number changes. `size` is within the capacity.
  void resize_within(std::uint32_t size) { memory_.size = size; }
  void clear() { memory_.size = 0; }

  /// Makes room for `more` further elements. False: there is no memory for them.
  [[nodiscard]] bool room(std::uint32_t more) {
    return more <= memory_.capacity - memory_.size ||
           memory_.grow(more, sizeof(T), memory_.capacity / 2 + Step);
  }

  [[nodiscard]] bool push(const T& value) {
    if (!room(1)) return false;
    data()[memory_.size++] = value;
    return true;
  }

  void swap(growable& with) {
    const memory held = memory_;
    memory_ = with.memory_;
    with.memory_ = held;
  }

  /// Leaves its elements to another one, which loses its own.
  template <std::uint32_t OtherStep>
  void move_to(growable<T, OtherStep>& to) {
    to.shrink(0);
    to.memory_ = memory_;
    memory_ = {};
  }

  /// Gives memory back where more than `keep` elements are held.
  void shrink(std::uint32_t keep) {
    if (memory_.capacity <= keep) return;
    std::free(memory_.data);
    memory_ = {};
  }

 private:
  template <class, std::uint32_t>
  friend class growable;

  memory memory_;
};

}  // namespace chatwire::tape
