// The names that users see, made from those on the wire.
#pragma once

#include <string>
#include <string_view>

namespace chatwire::models {

/// "finish_reason" becomes "finishReason", "Int" becomes "int". There are no exceptions.
inline std::string camel_case(std::string_view wire) {
  const auto is = [](char c, char first, char last) { return first <= c && c <= last; };
  std::string camel;
  bool upper = false;
  for (const char c : wire) {
    if (c == '_') {
      upper = true;
      continue;
    }
    const bool flip = camel.empty() ? is(c, 'A', 'Z') : upper && is(c, 'a', 'z');
    camel += flip ? static_cast<char>(c ^ 0x20) : c;
    upper = false;
  }
  return camel;
}

}  // namespace chatwire::models
