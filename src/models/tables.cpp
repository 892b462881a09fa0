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

constexpr std::size_t merged_fields = [] {
  std::size_t count = 0;
  for (const object_schema* schema : merged::all) count += schema->count;
  return count;
}();

/// A member of a merged model: optional and nullable, its slot is its place.
struct merged_member {
  std::uint16_t name = 0;
  std::uint16_t known = 0;
  std::uint8_t name_length = 0;
  std::uint8_t of = 0;
  std::uint8_t rule_and_other = 0;
  std::uint8_t object = 0;
  std::uint8_t known_count = 0;
};

/// A member of a contract's model: what it does not share with the merged one.
struct contract_member {
  std::uint16_t twin = 0;  // in the merged members
  std::uint16_t known = 0;
  std::uint8_t of_and_flags = 0;
  std::uint8_t rule_and_other = 0;
  std::uint8_t object = 0;
  std::uint8_t known_count = 0;
};
constexpr std::uint8_t required_flag = 0x80;
constexpr std::uint8_t nullable_flag = 0x40;
constexpr std::uint8_t closed_flag = 0x20;

constexpr std::uint8_t pack_rule(const table_field& from) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(from.rule) | from.other << 4U);
}

/// The tables as the binary holds them.
struct folded_tables {
  char text[needed.text + 1]{};
  merged_member merged[merged_fields]{};
  contract_member members[needed.fields - merged_fields]{};
  table_object objects[needed.objects]{};
  table_value values[needed.values]{};
  table_rule rules[needed.rules]{};
  table_contract roots[static_cast<std::size_t>(contract_id::count_)]{};

  consteval folded_tables() {
    const workshop all = collect();
    for (std::size_t i = 0; i < needed.text; ++i) text[i] = all.text[i];
    for (std::size_t i = 0; i < needed.objects; ++i) objects[i] = all.objects[i];
    for (std::size_t i = 0; i < needed.values; ++i) values[i] = all.values[i];
    for (std::size_t i = 0; i < needed.rules; ++i) rules[i] = all.rules[i];
    for (std::size_t i = 0; i < static_cast<std::size_t>(contract_id::count_); ++i)
      roots[i] = all.roots[i];
    for (std::size_t i = 0; i < merged_fields; ++i) {
      const table_field& from = all.fields[i];
      merged[i] = {
          from.name,       from.known,  from.name_length, static_cast<std::uint8_t>(from.of),
          pack_rule(from), from.object, from.known_count};
    }
    for (std::size_t number = static_cast<std::size_t>(model::count_); number < needed.objects;
         ++number) {
      const table_object& object = objects[number];
      const std::size_t twins = objects[static_cast<std::size_t>(object.id)].field;
      for (std::size_t i = object.field; i < std::size_t{object.field} + object.count; ++i) {
        const table_field& from = all.fields[i];
        std::uint8_t flags = static_cast<std::uint8_t>(from.of);
        if (from.required) flags |= required_flag;
        if (from.nullable) flags |= nullable_flag;
        if (from.closed) flags |= closed_flag;
        members[i - merged_fields] = {static_cast<std::uint16_t>(twins + from.slot),
                                      from.known,
                                      flags,
                                      pack_rule(from),
                                      from.object,
                                      from.known_count};
      }
    }
  }
};
constexpr folded_tables folded;

table_field unfolded[needed.fields];

table_field unfold(std::uint8_t of, std::uint8_t rule_and_other, std::uint8_t object,
                   std::uint16_t known, std::uint8_t known_count) {
  table_field made;
  made.of = static_cast<kind>(of);
  made.rule = static_cast<open_rule>(rule_and_other & 0xFU);
  made.other = static_cast<std::uint8_t>(rule_and_other >> 4U);
  made.object = object;
  made.known = known;
  made.known_count = known_count;
  return made;
}

bool unfold_all() {
  for (std::size_t number = 0; number < static_cast<std::size_t>(model::count_); ++number) {
    const table_object& object = folded.objects[number];
    for (std::uint8_t slot = 0; slot < object.count; ++slot) {
      const merged_member& from = folded.merged[object.field + slot];
      table_field made =
          unfold(from.of, from.rule_and_other, from.object, from.known, from.known_count);
      made.name = from.name;
      made.name_length = from.name_length;
      made.slot = slot;
      made.twin = made.of;
      made.nullable = true;
      unfolded[object.field + slot] = made;
    }
  }
  for (std::size_t number = static_cast<std::size_t>(model::count_); number < needed.objects;
       ++number) {
    const table_object& object = folded.objects[number];
    for (std::size_t i = object.field; i < std::size_t{object.field} + object.count; ++i) {
      const contract_member& from = folded.members[i - merged_fields];
      const table_field& twin = unfolded[from.twin];
      table_field made = unfold(from.of_and_flags & 0x1FU, from.rule_and_other, from.object,
                                from.known, from.known_count);
      made.name = twin.name;
      made.name_length = twin.name_length;
      made.slot = twin.slot;
      made.twin = twin.of;
      made.required = (from.of_and_flags & required_flag) != 0;
      made.nullable = (from.of_and_flags & nullable_flag) != 0;
      made.closed = (from.of_and_flags & closed_flag) != 0;
      unfolded[i] = made;
    }
  }
  return true;
}

}  // namespace

const char* const table_names = folded.text;
const table_field* const table_fields = unfolded;
const table_object* const table_objects = folded.objects;
const table_value* const table_values = folded.values;
const table_rule* const table_rules = folded.rules;
const table_contract* const table_contracts = folded.roots;

void load_tables() {
  static const bool loaded = unfold_all();
  static_cast<void>(loaded);
}

}  // namespace chatwire::models
