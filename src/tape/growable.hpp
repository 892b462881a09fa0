// An array that grows and tells when it cannot. `std::vector` would end the WebAssembly instance
// when memory runs out; here the decode fails and the instance goes on.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <type_traits>

namespace chatwire::tape {

/// `Step`: how many elements there is room for at least, once there are any.
template <class T, std::uint32_t Step = 256>
class growable {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  growable() = default;
  growable(const growable&) = delete;
  growable& operator=(const growable&) = delete;
  ~growable() { std::free(data_); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::uint32_t size() const { return size_; }
  std::uint32_t capacity() const { return capacity_; }
  T& operator[](std::uint32_t index) { return data_[index]; }
  const T& operator[](std::uint32_t index) const { return data_[index]; }

  /// The elements stay where they are; only their number changes. `size` is within the capacity.
  void resize_within(std::uint32_t size) { size_ = size; }
  void clear() { size_ = 0; }

  /// Makes room for `more` further elements. False: there is no memory for them.
  [[nodiscard]] bool room(std::uint32_t more) { return more <= capacity_ - size_ || grow(more); }

  [[nodiscard]] bool push(T value) {
    if (!room(1)) return false;
    data_[size_++] = value;
    return true;
  }

  void swap(growable& with) {
    T* const data = data_;
    const std::uint32_t size = size_;
    const std::uint32_t capacity = capacity_;
    data_ = with.data_;
    size_ = with.size_;
    capacity_ = with.capacity_;
    with.data_ = data;
    with.size_ = size;
    with.capacity_ = capacity;
  }

  /// Leaves its elements to another one, which loses its own.
  template <std::uint32_t OtherStep>
  void move_to(growable<T, OtherStep>& to) {
    to.shrink(0);
    to.data_ = data_;
    to.size_ = size_;
    to.capacity_ = capacity_;
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

  /// Gives memory back where more than `keep` elements are held.
  void shrink(std::uint32_t keep) {
    if (capacity_ <= keep) return;
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

 private:
  template <class, std::uint32_t>
  friend class growable;

  [[nodiscard]] bool grow(std::uint32_t more) {
    const std::uint64_t needed = std::uint64_t{size_} + more;
    std::uint64_t wanted = std::uint64_t{capacity_} + capacity_ / 2 + Step;
    if (wanted < needed) wanted = needed;
    if (wanted * sizeof(T) > most_bytes) wanted = needed;
    if (wanted * sizeof(T) > most_bytes) return false;
    void* moved = std::realloc(data_, static_cast<std::size_t>(wanted * sizeof(T)));
    if (moved == nullptr) return false;
    data_ = static_cast<T*>(moved);
    capacity_ = static_cast<std::uint32_t>(wanted);
    return true;
  }

  // What 32-bit offsets and a WebAssembly memory can hold of one array.
  static constexpr std::uint64_t most_bytes = 0x7FFF0000U;

  T* data_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace chatwire::tape
