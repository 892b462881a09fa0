// Issues as the decoder writes them, read back.
#pragma once

#include <string_view>
#include <vector>

#include "chatwire/issue.hpp"

namespace chatwire::structs {

/// The issues in a JSON array of {code, severity, path, offset, event?, expected?,
/// received?, message}.
std::vector<issue> read_issues(std::string_view json);

}  // namespace chatwire::structs
