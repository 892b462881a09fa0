// Reads a tape in C++: what its words mean, with text as UTF-8.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "tape/tape.hpp"

namespace chatwire::tape {

/// A tape and the texts that its cells point to. Words are counted from the start of the tape.
struct view {
  const std::uint32_t* words = nullptr;
  std::string_view pool;
  std::string_view input;
  std::span<const std::string_view> vocabulary;

  /// The text of the cell at `word`. Empty where the cell does not hold one.
  std::string_view text(std::uint32_t word) const {
    const std::uint32_t position = words[word];
    const std::uint32_t length = words[word + 1] >> 3U;
    switch (static_cast<text_kind>(words[word + 1] & 7U)) {
      case text_kind::pool8:
        return part(pool, position, length);
      case text_kind::input8:
        return part(input, position, length);
      case text_kind::constant:
        return position < vocabulary.size() ? vocabulary[position] : std::string_view{};
      case text_kind::proto:
        return "__proto__";
      default:
        return {};  // kinds that native builds do not write
    }
  }

  double number(std::uint32_t word) const {
    double value = 0;
    std::memcpy(&value, words + word, sizeof value);
    return value;
  }

  bool holds_parts(std::uint32_t word) const {
    return (words[word + 1] & 7U) == static_cast<std::uint32_t>(text_kind::parts);
  }

  bool is_number(std::uint32_t word) const { return words[word + 1] < tag_base; }
  tag tag_at(std::uint32_t word) const { return static_cast<tag>(words[word + 1]); }

 private:
  static std::string_view part(std::string_view whole, std::uint32_t position,
                               std::uint32_t length) {
    return position <= whole.size() ? whole.substr(position, length) : std::string_view{};
  }
};

}  // namespace chatwire::tape
