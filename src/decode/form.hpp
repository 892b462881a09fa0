// What the bodies of one server have in common: all of their bytes but texts and numbers.
#pragma once

#include <cstdint>

#include "models/describe.hpp"
#include "tape/growable.hpp"

namespace chatwire {

/// Under other terms than these, a body of the same form may be none that is without an issue.
struct form_terms {
  std::uint32_t contract = 0;
  std::uint32_t depth = 0;
  std::uint32_t choices = 0;
  std::uint32_t tool_calls = 0;
};

/// A body as it came once: its tape, and where on it that goes in which others differ.
struct form {
  struct value {
    std::uint32_t before = 0;  ///< bytes of the form between the value before and this one
    std::uint32_t word = 0;    ///< where it goes on the tape
    /// Of a name that no model knows, which does not differ, but is kept as text: the last so many
    /// of those bytes are the name and its quote.
    std::uint32_t name_length = 0;
    models::kind as{};  ///< text, count or number; open: it is the end
  };

  tape::growable<std::uint8_t> bytes;   // what stands between the values, one after the other
  tape::growable<std::uint32_t> words;  // the tape; empty: there is no form
  tape::growable<value> values;
  std::uint32_t second = 0;  // where in the body its second run of bytes began
  std::uint32_t root = 0;
  bool was_followed = true;

  void forget() {
    bytes.clear();
    words.clear();
    values.clear();
  }
};

}  // namespace chatwire
