#include "structs/issues.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "structs/open_value.hpp"

namespace chatwire {
namespace structs {

using nlohmann::json;

namespace {

constexpr std::array code_names = {
#define CHATWIRE_ISSUE(code, severity, meaning) std::string_view(#code),
    CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
};
constexpr std::array<std::string_view, 3> severity_names = {"info", "warning", "error"};

template <std::size_t N>
std::uint8_t place_of(std::string_view name, const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<std::uint8_t>(i);
  return 0;
}

std::string text_member(const json& of, std::string_view name) {
  const json* member = find_member(of, name);
  const auto* text = member == nullptr ? nullptr : member->get_ptr<const json::string_t*>();
  return text == nullptr ? std::string() : *text;
}

std::vector<path_step> path_member(const json& of) {
  std::vector<path_step> path;
  const json* steps = find_member(of, "path");
  if (steps == nullptr || !steps->is_array()) return path;
  for (const json& step : *steps) {
    if (step.is_string()) {
      path.emplace_back(step.get<std::string>());
    } else if (step.is_number()) {
      path.emplace_back(step.get<std::size_t>());
    }
  }
  return path;
}

issue read_issue(const json& from) {
  issue read;
  read.code = static_cast<issue_code>(place_of(text_member(from, "code"), code_names));
  read.severity = static_cast<severity>(place_of(text_member(from, "severity"), severity_names));
  read.path = path_member(from);
  if (const json* offset = find_member(from, "offset"); offset != nullptr && offset->is_number())
    read.offset = offset->get<std::size_t>();
  read.message = text_member(from, "message");
  read.expected = text_member(from, "expected");
  read.received = text_member(from, "received");
  return read;
}

}  // namespace

std::vector<issue> read_issues(std::string_view text) {
  std::vector<issue> issues;
  const json all = json::parse(text, nullptr, false);
  if (!all.is_array()) return issues;
  issues.reserve(all.size());
  for (const json& one : all) issues.push_back(read_issue(one));
  return issues;
}

}  // namespace structs

std::string path_text(const std::vector<path_step>& path) {
  std::string text;
  for (const path_step& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step); index != nullptr) {
      text += '[' + std::to_string(*index) + ']';
    } else if (const auto* name = std::get_if<std::string>(&step); name != nullptr) {
      if (!text.empty()) text += '.';
      text += *name;
    }
  }
  return text;
}

}  // namespace chatwire
