// Inputs that end where their memory ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace chatwire::test {

/// Bytes in a block of memory of exactly their size, so that the address sanitizer sees one byte
/// of overread.
class exact_copy {
 public:
  explicit exact_copy(std::string_view bytes)
      : bytes_(std::make_unique<char[]>(bytes.size())), size_(bytes.size()) {
    if (size_ != 0) std::memcpy(bytes_.get(), bytes.data(), size_);
  }
  std::string_view view() const { return {bytes_.get(), size_}; }
  const std::uint8_t* begin() const { return reinterpret_cast<const std::uint8_t*>(bytes_.get()); }
  const std::uint8_t* end() const { return begin() + size_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace chatwire::test
