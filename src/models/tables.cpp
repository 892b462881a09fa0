#include "models/tables.hpp"

#include <cstring>

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
      // Open lists are for documents; that there is one tells that the words are worth recognising.
      const bool listed = from.value.known.closed || from.name() == "type";
      to.known_count = listed ? from.value.known.count : 1;
      if (listed) to.known = list(from.value.known);
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

constexpr std::size_t merged_count = static_cast<std::size_t>(model::count_);
constexpr std::size_t contract_count = static_cast<std::size_t>(contract_id::count_);
constexpr std::uint8_t required_flag = 0x80;
constexpr std::uint8_t nullable_flag = 0x40;
constexpr std::uint8_t closed_flag = 0x20;
constexpr std::uint8_t kind_bits = 0x1F;
constexpr std::uint8_t tolerant_flag = 0x80;
constexpr std::uint8_t own_shift = 4;

/// The tables as the binary holds them: column by column, which compresses best, and without what
/// follows from the rest.
struct folded_tables {
  char text[needed.text + 1]{};
  table_value values[needed.values]{};
  table_rule rules[needed.rules]{};
  table_contract roots[contract_count]{};
  struct {
    std::uint8_t model[needed.objects]{};
    std::uint8_t count[needed.objects]{};
    std::uint8_t notes[needed.objects]{};  // how many rules, members of chatwire's own, tolerant
  } objects{};
  struct {
    std::uint16_t name[merged_fields]{};
    std::uint8_t name_length[merged_fields]{};
  } merged{};
  struct {
    std::uint8_t slot[needed.fields]{};
    std::uint8_t kind_and_flags[needed.fields]{};
    std::uint8_t rule_and_other[needed.fields]{};
    std::uint8_t object[needed.fields]{};
    std::uint8_t known_count[needed.fields]{};
    std::uint16_t known[needed.fields]{};
  } members{};

  consteval folded_tables() {
    const workshop all = collect();
    for (std::size_t i = 0; i < needed.text; ++i) text[i] = all.text[i];
    for (std::size_t i = 0; i < needed.values; ++i) values[i] = all.values[i];
    for (std::size_t i = 0; i < needed.rules; ++i) rules[i] = all.rules[i];
    for (std::size_t i = 0; i < contract_count; ++i) roots[i] = all.roots[i];
    for (std::size_t i = 0; i < needed.objects; ++i) {
      const table_object& from = all.objects[i];
      objects.model[i] = static_cast<std::uint8_t>(from.id);
      objects.count[i] = from.count;
      const int own = i < merged_count ? from.slots - from.count : 0;
      objects.notes[i] = static_cast<std::uint8_t>(from.rules | own << own_shift |
                                                   (from.tolerant ? tolerant_flag : 0));
    }
    for (std::size_t i = 0; i < needed.fields; ++i) {
      const table_field& from = all.fields[i];
      if (from.name_length >= longest_name) does_not_compile("longest_name is too short");
      if (i < merged_fields) {
        merged.name[i] = from.name;
        merged.name_length[i] = from.name_length;
      }
      std::uint8_t flags = static_cast<std::uint8_t>(from.of);
      if (from.required) flags |= required_flag;
      if (from.nullable) flags |= nullable_flag;
      if (from.closed) flags |= closed_flag;
      members.slot[i] = from.slot;
      members.kind_and_flags[i] = flags;
      members.rule_and_other[i] =
          static_cast<std::uint8_t>(static_cast<std::uint8_t>(from.rule) | from.other << 4U);
      members.object[i] = from.object;
      members.known_count[i] = from.known_count;
      members.known[i] = from.known;
    }
  }
};
constexpr folded_tables folded;

table_field unfolded_fields[needed.fields];
table_object unfolded_objects[needed.objects];

usual usual_way(kind of) {
  switch (of) {
    case kind::text:
    case kind::content:
      return usual::is_text;
    case kind::integer:
    case kind::count:
    case kind::number:
      return usual::is_number;
    case kind::object:
      return usual::is_object;
    case kind::objects:
      return usual::is_objects;
    case kind::integers:
    case kind::numbers:
      return usual::is_numbers;
    default:
      return usual::none;
  }
}

// The merged models come first, so that what a contract's member shares with one is there already.
void unfold_field(table_field& made, std::size_t number, const table_object& of) {
  const std::uint8_t flags = folded.members.kind_and_flags[number];
  made.slot = folded.members.slot[number];
  made.of = static_cast<kind>(flags & kind_bits);
  made.required = (flags & required_flag) != 0;
  made.nullable = (flags & nullable_flag) != 0;
  made.closed = (flags & closed_flag) != 0;
  made.rule = static_cast<open_rule>(folded.members.rule_and_other[number] & 0xFU);
  made.other = static_cast<std::uint8_t>(folded.members.rule_and_other[number] >> 4U);
  made.object = folded.members.object[number];
  made.known_count = folded.members.known_count[number];
  made.known = folded.members.known[number];
  if (number < merged_fields) {
    made.name = folded.merged.name[number];
    made.name_length = folded.merged.name_length[number];
    made.twin = made.of;
  } else {
    const table_object& whole = unfolded_objects[static_cast<std::size_t>(of.id)];
    const table_field& twin = unfolded_fields[whole.field + made.slot];
    made.name = twin.name;
    made.name_length = twin.name_length;
    made.twin = twin.of;
  }
  char start[8]{};
  char mask[8]{};
  for (std::uint32_t i = 0; i < 8 && i <= made.name_length; ++i) {
    start[i] = i == made.name_length ? '"' : folded.text[made.name + i];
    mask[i] = static_cast<char>(0xFF);
  }
  std::memcpy(&made.name_start, start, 8);
  std::memcpy(&made.name_mask, mask, 8);
  // What the merged model leaves open is open on the tape, whatever a contract says of it.
  made.way = made.twin == kind::open ? usual::none : usual_way(made.of);
}

bool unfold_all() {
  std::uint16_t field = 0;
  std::uint8_t rule = 0;
  for (std::size_t number = 0; number < needed.objects; ++number) {
    table_object& made = unfolded_objects[number];
    made.id = static_cast<model>(folded.objects.model[number]);
    made.count = folded.objects.count[number];
    const std::uint8_t notes = folded.objects.notes[number];
    made.slots = number < merged_count
                     ? static_cast<std::uint8_t>(made.count + (notes >> own_shift & 0x7U))
                     : unfolded_objects[static_cast<std::size_t>(made.id)].slots;
    made.tolerant = (notes & tolerant_flag) != 0;
    made.rules = notes & 0xFU;
    made.rule = rule;
    made.field = field;
    rule = static_cast<std::uint8_t>(rule + made.rules);
    for (std::uint8_t i = 0; i < made.count; ++i, ++field) {
      unfold_field(unfolded_fields[field], field, made);
      if (unfolded_fields[field].required) made.required |= 1U << unfolded_fields[field].slot;
    }
  }
  return true;
}

}  // namespace

const char* const table_names = folded.text;
const table_field* const table_fields = unfolded_fields;
const table_object* const table_objects = unfolded_objects;
const table_value* const table_values = folded.values;
const table_rule* const table_rules = folded.rules;
const table_contract* const table_contracts = folded.roots;

void load_tables() {
  static const bool loaded = unfold_all();
  static_cast<void>(loaded);
}

}  // namespace chatwire::models
