// What a decode has to report.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chatwire/issue_codes.hpp"

namespace chatwire {

/// The name of a member or the position of an element.
using path_step = std::variant<std::string, std::size_t>;

/// One thing that is not as it should be.
struct issue {
  issue_code code{};
  chatwire::severity severity{};
  std::vector<path_step> path{};  ///< from the root of the body or chunk to the value
  std::size_t offset = 0;  ///< of the value in the input, in bytes; of a stream from its start
  std::optional<std::size_t> event{};  ///< of a stream: which event it is about, counted from 0
  std::string message{};               ///< what is wrong, where, and what was expected
  std::string expected{};              ///< may be empty
  std::string received{};  ///< the value as it stands in the input, cut if long; may be empty

  bool operator==(const issue&) const = default;
};

/// The path as it is written in code: `choices[0].message.content`.
std::string path_text(const std::vector<path_step>& path);

}  // namespace chatwire
