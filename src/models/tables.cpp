#include "models/tables.hpp"

namespace chatwire::models {
namespace {

constexpr std::size_t most_objects = 255;
constexpr std::size_t most_fields = 1400;
constexpr std::size_t most_names = 600;

/// The sizes of the tables.
struct sizes {
  std::size_t objects = 0;
  std::size_t fields = 0;
  std::size_t text = 0;
  std::size_t values = 0;
  std::size_t rules = 0;
};

/// Room to collect in; what was collected is then copied to tables of the right size.
class workshop {
 public:
  sizes used{};
  const object_schema* schemas[most_objects]{};
  table_object objects[most_objects]{};
  table_field fields[most_fields]{};
  char text[16384]{};
  const char* names[most_names]{};
  table_value name_entries[most_names]{};
  std::size_t name_count = 0;
  const char* const* lists[most_names]{};
  std::uint16_t list_starts[most_names]{};
  std::size_t list_count = 0;
  table_value values[most_names]{};
  table_rule rules[64]{};
  table_contract roots[static_cast<std::size_t>(contract_id::count_)]{};

  constexpr table_value name(std::string_view wanted) {
    for (std::size_t i = 0; i < name_count; ++i) {
      if (name_entries[i].length == wanted.size() &&
          std::string_view(names[i], wanted.size()) == wanted)
        return name_entries[i];
    }
    table_value made{static_cast<std::uint16_t>(used.text),
                     static_cast<std::uint8_t>(wanted.size())};
    for (const char letter : wanted) text[used.text++] = letter;
    names[name_count] = wanted.data();
    name_entries[name_count++] = made;
    return made;
  }

  constexpr std::uint16_t list(const value_list& of) {
    for (std::size_t i = 0; i < list_count; ++i)
      if (lists[i] == of.items) return list_starts[i];
    const auto start = static_cast<std::uint16_t>(used.values);
    lists[list_count] = of.items;
    list_starts[list_count++] = start;
    for (std::size_t i = 0; i < of.count; ++i) values[used.values++] = name(of.items[i]);
    return start;
  }

  /// The number of an object; a new one is filled in later.
  constexpr std::uint8_t number_of(const object_schema& of) {
    for (std::size_t i = 0; i < used.objects; ++i)
      if (schemas[i] == &of) return static_cast<std::uint8_t>(i);
    schemas[used.objects] = &of;
    return static_cast<std::uint8_t>(used.objects++);
  }

  constexpr void fill(std::size_t number) {
    const object_schema& of = *schemas[number];
    table_object& made = objects[number];
    made = {of.id,
            of.count,
            of.slots,
            of.tolerant,
            static_cast<std::uint8_t>(used.rules),
            0,
            static_cast<std::uint16_t>(used.fields),
            of.required};
    for (const object_rule& rule : of.rules)
      if (rule.members != 0) add_rule(made, rule);
    for (std::size_t i = 0; i < of.count; ++i) fields[used.fields++] = compact(of.fields[i]);
  }

 private:
  constexpr void add_rule(table_object& of, const object_rule& rule) {
    ++of.rules;
    table_rule& entry = rules[used.rules++];
    entry.members = rule.members;
    entry.tagged = rule.tag != nullptr;
    entry.tag_slot = rule.tag_slot;
    if (rule.value == nullptr) return;
    const table_value value = name(rule.value);
    entry.value = value.name;
    entry.value_length = value.length;
  }

  constexpr table_field compact(const field& from) {
    table_field to;
    const table_value wire = name(from.name());
    to.name = wire.name;
    to.name_length = wire.length;
    to.slot = from.slot;
    to.of = from.value.of;
    to.twin = from.twin;
    to.rule = from.value.rule;
    to.other = from.value.other;
    if (from.value.object != nullptr) to.object = number_of(*from.value.object);
    if (from.value.known.count != 0) {
      to.known_count = from.value.known.count;
      to.known = list(from.value.known);
    }
    to.required = from.required;
    to.nullable = from.nullable;
    to.closed = from.value.known.closed;
    return to;
  }
};

constexpr workshop collect() {
  workshop all;
  for (const object_schema* schema : merged::all) all.number_of(*schema);
  for (std::size_t i = 0; i < static_cast<std::size_t>(contract_id::count_); ++i) {
    all.roots[i] = {all.number_of(*contracts[i].completion), all.number_of(*contracts[i].chunk)};
  }
  // What is filled in adds what it refers to.
  for (std::size_t i = 0; i < all.used.objects; ++i) all.fill(i);
  return all;
}

constexpr sizes needed = collect().used;

/// The tables at their right size.
struct tables {
  char text[needed.text + 1]{};
  table_field fields[needed.fields]{};
  table_object objects[needed.objects]{};
  table_value values[needed.values]{};
  table_rule rules[needed.rules]{};
  table_contract roots[static_cast<std::size_t>(contract_id::count_)]{};

  constexpr tables() {
    const workshop all = collect();
    for (std::size_t i = 0; i < needed.text; ++i) text[i] = all.text[i];
    for (std::size_t i = 0; i < needed.fields; ++i) fields[i] = all.fields[i];
    for (std::size_t i = 0; i < needed.objects; ++i) objects[i] = all.objects[i];
    for (std::size_t i = 0; i < needed.values; ++i) values[i] = all.values[i];
    for (std::size_t i = 0; i < needed.rules; ++i) rules[i] = all.rules[i];
    for (std::size_t i = 0; i < static_cast<std::size_t>(contract_id::count_); ++i)
      roots[i] = all.roots[i];
  }
};
constexpr tables made;

}  // namespace

const char* const table_names = made.text;
const table_field* const table_fields = made.fields;
const table_object* const table_objects = made.objects;
const table_value* const table_values = made.values;
const table_rule* const table_rules = made.rules;
const table_contract* const table_contracts = made.roots;

}  // namespace chatwire::models
