// From nlohmann::json to structs. Nothing is repaired: what does not fit is kept under `extra`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "chatwire/field.hpp"
#include "structs/description.hpp"
#include "structs/open_value.hpp"

namespace chatwire::structs {

template <described Model>
void from_value(const nlohmann::json& in, Model& out);

// Each `fit` tells whether the C++ type can hold the value.
bool fit(const nlohmann::json& in, nlohmann::json& out);
bool fit(const nlohmann::json& in, std::string& out);
bool fit(const nlohmann::json& in, double& out);
bool fit(const nlohmann::json& in, std::int64_t& out);
bool fit(const nlohmann::json& in, bool& out);

template <described Model>
bool fit(const nlohmann::json& in, Model& out) {
  if (!in.is_object()) return false;
  from_value(in, out);
  return true;
}
template <class Item>
bool fit(const nlohmann::json& in, std::vector<Item>& out) {
  const auto* items = in.get_ptr<const nlohmann::json::array_t*>();
  if (items == nullptr) return false;
  out.resize(items->size());
  std::size_t next = 0;
  for (Item& item : out)
    if (!fit((*items)[next++], item)) return false;
  return true;
}
template <class... Form>
bool fit(const nlohmann::json& in, std::variant<Form...>& out) {
  return (fit(in, out.template emplace<Form>()) || ...);
}

template <class Value>
bool fit_member(const nlohmann::json* in, field<Value>& out) {
  out.reset();
  if (in == nullptr) return true;
  if (in->is_null()) {
    out = nullptr;
    return true;
  }
  if (fit(*in, out.emplace())) return true;
  out.reset();
  return false;
}
template <class Item>
bool fit_member(const nlohmann::json* in, list<Item>& out) {
  out.set_absent();
  if (in == nullptr) return true;
  if (in->is_null()) {
    out.set_null();
    return true;
  }
  out = {};
  if (fit(*in, static_cast<std::vector<Item>&>(out))) return true;
  out.set_absent();
  return false;
}

/// Keeps the members whose names are not among the known ones.
void keep_unknown(const nlohmann::json& in, std::span<const std::string_view> known,
                  nlohmann::json& extra);

template <described Model>
void from_value(const nlohmann::json& in, Model& out) {
  out.extra = nullptr;
  for_each_member<Model>([&](auto, const auto& one) {
    const nlohmann::json* value = find_member(in, one.wire);
    if (!fit_member(value, out.*one.pointer)) keep(out.extra, one.wire, *value);
  });
  for_each_flag<Model>([&](auto, const auto& one) { out.*one.pointer = false; });
  keep_unknown(in, wire_names<Model>, out.extra);
}

}  // namespace chatwire::structs
