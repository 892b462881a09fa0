// Making texts for tests.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace chatwire::test {

/// Not `a + b`, where g++ 12 warns of overlaps that cannot be.
inline std::string join(std::initializer_list<std::string_view> parts) {
  std::string made;
  for (const std::string_view part : parts) made += part;
  return made;
}

inline std::string repeat(std::string_view part, std::size_t times) {
  std::string made;
  while (times-- != 0) made += part;
  return made;
}

inline std::string bytes_of_hex(std::string_view hex) {
  std::string made;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    made += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return made;
}

}  // namespace chatwire::test
