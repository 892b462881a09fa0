// What of a struct goes on the wire, and in which order: shared by JSON text and nlohmann::json.
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

template <class Sink, described Model>
void put_object(Sink& to, const Model& model);

template <class Sink>
void put(Sink& to, const std::string& text) {
  to.text(text);
}
template <class Sink>
void put(Sink& to, double number) {
  to.number(number);
}
template <class Sink>
void put(Sink& to, std::int64_t integer) {
  to.integer(integer);
}
template <class Sink>
void put(Sink& to, bool yes) {
  to.boolean(yes);
}
template <class Sink>
void put(Sink& to, const nlohmann::json& value) {
  to.open(value);
}
template <class Sink, described Model>
void put(Sink& to, const Model& model) {
  put_object(to, model);
}
template <class Sink, class Item>
void put(Sink& to, const std::vector<Item>& items) {
  to.begin_array();
  for (const Item& item : items) put(to, item);
  to.end_array();
}
template <class Sink, class... Form>
void put(Sink& to, const std::variant<Form...>& value) {
  // Not std::visit, which may throw.
  const auto try_form = [&](const auto* form) {
    if (form != nullptr) put(to, *form);
  };
  (try_form(std::get_if<Form>(&value)), ...);
}

template <class Sink, class Value>
void put_member(Sink& to, std::string_view wire, const field<Value>& value) {
  if (value.is_absent()) return;
  to.name(wire);
  if (value.is_null()) {
    to.null();
  } else {
    put(to, *value);
  }
}
template <class Sink, class Item>
void put_member(Sink& to, std::string_view wire, const list<Item>& value) {
  if (value.is_absent()) return;
  to.name(wire);
  if (value.is_null()) {
    to.null();
  } else {
    put(to, static_cast<const std::vector<Item>&>(value));
  }
}

/// Puts the original of a member that was repaired or did not fit, if there is one.
template <class Sink>
bool put_original(Sink& to, std::string_view wire, const nlohmann::json& extra) {
  const nlohmann::json* original = find_member(extra, wire);
  if (original == nullptr) return false;
  to.name(wire);
  to.open(*original);
  return true;
}

/// Puts the members that the model does not know.
template <class Sink>
void put_unknown(Sink& to, const nlohmann::json& extra, std::span<const std::string_view> known) {
  const auto* members = extra.get_ptr<const nlohmann::json::object_t*>();
  if (members == nullptr) return;
  for (const auto& [name, value] : *members) {
    if (is_one_of(name, known)) continue;
    to.unknown_name(name);
    to.open(value);
  }
}

/// The members in the order of the model, then the unknown ones. An original under `extra` stands
/// in the place of what it was repaired to; what chatwire made up does not travel.
template <class Sink, described Model>
void put_object(Sink& to, const Model& model) {
  const bool has_extra = !model.extra.empty();
  to.begin_object();
  for_each_member<Model>([&](auto slot, const auto& one) {
    if (has_extra && put_original(to, one.wire, model.extra)) return;
    if (!is_made_up(model, slot())) put_member(to, one.wire, model.*one.pointer);
  });
  if (has_extra) put_unknown(to, model.extra, wire_names<Model>);
  to.end_object();
}

}  // namespace chatwire::structs
