#include "structs/from_value.hpp"

#include <cmath>
#include <limits>

namespace chatwire::structs {

using nlohmann::json;

bool fit(const json& in, json& out) {
  out = in;
  return true;
}

bool fit(const json& in, std::string& out) {
  const auto* text = in.get_ptr<const json::string_t*>();
  if (text == nullptr) return false;
  out = *text;
  return true;
}

bool fit(const json& in, double& out) {
  if (!in.is_number()) return false;
  out = in.get<double>();
  return true;
}

bool fit(const json& in, std::int64_t& out) {
  if (in.is_number_float()) {
    const auto number = in.get<double>();
    // The limits are powers of two, so they are doubles. The comparison refuses NaN, too.
    if (!(number >= -0x1p63 && number < 0x1p63) || number != std::floor(number)) return false;
    out = static_cast<std::int64_t>(number);
    return true;
  }
  if (in.is_number_unsigned()) {
    const auto number = in.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
    out = static_cast<std::int64_t>(number);
    return true;
  }
  if (!in.is_number_integer()) return false;
  out = in.get<std::int64_t>();
  return true;
}

bool fit(const json& in, bool& out) {
  if (!in.is_boolean()) return false;
  out = in.get<bool>();
  return true;
}

void keep_unknown(const json& in, std::span<const std::string_view> known, json& extra) {
  const auto* members = in.get_ptr<const json::object_t*>();
  if (members == nullptr) return;
  for (const auto& [name, value] : *members)
    if (!is_one_of(name, known)) keep(extra, name, value);
}

}  // namespace chatwire::structs
