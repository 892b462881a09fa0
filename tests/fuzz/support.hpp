// What fuzzers share: how they take an input apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chatwire::fuzz {

/// An input: a document, and behind it the bytes that choose what is done with it. So files of the
/// corpus begin as what they are, and words of the dictionary fall where they mean something.
class input {
 public:
  input(const std::uint8_t* data, std::size_t size)
      : bytes_(reinterpret_cast<const char*>(data), size) {}

  /// The next choice, from the end; 0 where there is none left.
  std::uint32_t choice() {
    if (bytes_.empty()) return 0;
    const auto last = static_cast<std::uint8_t>(bytes_.back());
    bytes_.remove_suffix(1);
    return last;
  }
  /// The same of 0 to 65,535.
  std::uint32_t long_choice() {
    const std::uint32_t low = choice();
    return choice() << 8U | low;
  }

  /// What is left: the document.
  std::string_view document() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace chatwire::fuzz
