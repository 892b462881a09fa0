// The models as the decoder reads them: made from the descriptions at compile time. Names stand
// once in one text, objects and lists of values refer to each other by number. What a contract's
// member has in common with the merged one is not stored again; the tables are unfolded when they
// are first used, which keeps them small in what a browser loads.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/contracts.hpp"
#include "models/describe.hpp"

namespace chatwire::models {

/// The way that a member's value usually takes through the decoder.
enum class usual : std::uint8_t {
  none,  // any other way
  is_text,
  is_number,
  is_object,
  is_objects,
  is_numbers,
};

/// One member of an object.
struct table_field {
  // The first bytes of the name and its closing quote, and which of sixteen bytes those are.
  std::uint8_t name_start[16]{};
  std::uint8_t name_mask[16]{};
  std::uint16_t name = 0;  // where it begins in table_names
  std::uint8_t name_length = 0;
  usual way{};
  std::uint8_t slot = 0;
  kind of{};
  kind twin{};
  open_rule rule{};
  std::uint8_t other = also_nothing;
  std::uint8_t object = 0;  // number of the object of kinds object, objects and content
  std::uint8_t known_count =
      0;                    // strings that it is known to take (listed: closed ones, and types)
  std::uint16_t known = 0;  // the first of them in table_values
  bool required = false;
  bool nullable = false;
  bool closed = false;
};

/// One rule of an object.
struct table_rule {
  std::uint32_t members = 0;
  std::uint16_t value = 0;  // in table_names
  std::uint8_t value_length = 0;
  std::uint8_t tag_slot = 0;
  bool tagged = false;
};

/// One object.
struct table_object {
  model id{};
  std::uint8_t count = 0;
  std::uint8_t slots = 0;
  bool tolerant = false;
  std::uint8_t rule = 0;  // the first of its rules
  std::uint8_t rules = 0;
  std::uint16_t field = 0;  // the first of its members
  std::uint32_t required = 0;
};

/// A string of a list of values.
struct table_value {
  std::uint16_t name = 0;
  std::uint8_t length = 0;
};

/// The numbers of a contract's roots.
struct table_contract {
  std::uint8_t completion = 0;
  std::uint8_t chunk = 0;
};

// The merged models come first, so a merged model's number is its `model`. Valid once `load_tables`
// has returned.
extern const char* const table_names;
extern const table_field* const table_fields;
extern const table_object* const table_objects;
extern const table_value* const table_values;
extern const table_rule* const table_rules;
extern const table_contract* const table_contracts;

/// Unfolds the tables, once in a process.
void load_tables();

/// No name of a member is longer (tables.cpp checks it).
inline constexpr std::size_t longest_name = 48;

inline const char* name_at(const table_field& of) { return table_names + of.name; }
inline std::string_view name_of(const table_field& of) { return {name_at(of), of.name_length}; }
inline std::string_view text_of(const table_value& of) {
  return {table_names + of.name, of.length};
}
inline const table_object& merged_object(model which) {
  return table_objects[static_cast<std::size_t>(which)];
}

}  // namespace chatwire::models
