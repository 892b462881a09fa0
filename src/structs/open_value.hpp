// JSON of any form: from the tape, and between C++ numbers and nlohmann::json.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tape/view.hpp"

namespace chatwire::structs {

/// The open value at `word`.
nlohmann::json open_value(const tape::view& tape, std::uint32_t word);

/// Adds the members at `entry` and after: those that the model does not know and originals.
void add_extra_members(const tape::view& tape, std::uint32_t entry, nlohmann::json& extra);

/// A number as nlohmann::json has it when it parses one: an integer where it is one.
nlohmann::json number_value(double number);
nlohmann::json number_values(const std::vector<double>& numbers);

/// The member of this name, or null.
const nlohmann::json* find_member(const nlohmann::json& object, std::string_view name);

/// Puts a member under `extra`.
void keep(nlohmann::json& extra, std::string_view name, nlohmann::json value);

bool is_one_of(std::string_view name, std::span<const std::string_view> names);

}  // namespace chatwire::structs
