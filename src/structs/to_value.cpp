#include "structs/to_value.hpp"

#include <string>

#include "structs/open_value.hpp"

namespace chatwire::structs {

using nlohmann::json;

void json_value::begin_object() { open_.push_back(&place(json::object())); }
void json_value::begin_array() { open_.push_back(&place(json::array())); }
void json_value::text(std::string_view value) { place(std::string(value)); }
void json_value::number(double value) { place(number_value(value)); }
void json_value::integer(std::int64_t value) {
  // As when it is parsed: only what is negative is signed.
  place(value < 0 ? json(value) : json(static_cast<std::uint64_t>(value)));
}
void json_value::boolean(bool value) { place(value); }
void json_value::null() { place(nullptr); }
void json_value::open(const json& value) { place(value); }

/// Puts a value where the next one belongs. Containers do not move while they are open.
json& json_value::place(json value) {
  if (open_.empty()) return root_ = std::move(value);
  json& parent = *open_.back();
  if (auto* items = parent.get_ptr<json::array_t*>(); items != nullptr)
    return items->emplace_back(std::move(value));
  auto& members = *parent.get_ptr<json::object_t*>();
  return members[std::string(name_)] = std::move(value);
}

}  // namespace chatwire::structs
