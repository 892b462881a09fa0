#include "models/tables.hpp"

#include <cstring>

namespace chatwire::models {
namespace {

constexpr std::size_t most_objects = 255;
constexpr std::size_t most_fields = 1400;
constexpr std::size_t most_names = 600;
constexpr std::size_t merged_count = static_cast<std::size_t>(model::count_);
constexpr std::size_t contract_count = static_cast<std::size_t>(contract_id::count_);

// The tables as the binary holds them are one sequence of bytes, each of which says what does not
// follow from those before it. Of every object, in the order of their numbers: how many members it
// has, then its notes, then its members. Of every member:
//
//   slot      how many slots after the one before, with `has_more`
//   kind      of a contract's member as its difference (xor) from the merged one, with flags
//   rule      open_rule and `other`, the same; 0 without `has_more`
//   list      the strings that it is known to take (see below); 0 without `has_more`
//   object    where its kind has one: its number, or 0 for the first that no byte has named yet
//   name      of a merged member
//
// Names and the strings of lists stand in the text in the order in which bytes name them first, and
// go by 0 then; afterwards by their number.
constexpr std::uint8_t slot_bits = 0x1F;
constexpr std::uint8_t has_more = 0x20;
constexpr std::uint8_t required_flag = 0x80;
constexpr std::uint8_t nullable_flag = 0x40;
constexpr std::uint8_t closed_flag = 0x20;
constexpr std::uint8_t kind_bits = 0x1F;
constexpr std::uint8_t tolerant_flag =
    0x80;                                // of an object's notes, beside the number of its rules
constexpr std::uint8_t own_shift = 4;    // ... and of the slots that only chatwire sets
constexpr std::uint8_t far_name = 0x80;  // a number of two bytes
// Of a list: a new one, the number of whose strings and these follow; and the first one before.
constexpr std::uint8_t unlisted = 1;  // it is only known that there is a list
constexpr std::uint8_t new_list = 2;
constexpr std::uint8_t first_list = 3;

constexpr bool has_object(kind of) {
  return of == kind::object || of == kind::objects || of == kind::content;
}
constexpr std::uint8_t rule_and_other(const table_field& of) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(of.rule) | of.other << 4U);
}

/// The sizes of the tables.
struct sizes {
  std::size_t objects = 0;
  std::size_t fields = 0;
  std::size_t text = 0;
  std::size_t names = 0;
  std::size_t values = 0;
  std::size_t lists = 0;
  std::size_t rules = 0;
  std::size_t bytes = 0;
};

/// Room to collect in; what was collected is then copied to tables of the right size.
class workshop {
 public:
  sizes used{};
  const object_schema* schemas[most_objects]{};
  table_object objects[most_objects]{};
  table_field fields[most_fields]{};
  std::uint8_t bytes[4 * most_fields]{};
  char text[16384]{};
  const char* names[most_names]{};
  table_value name_entries[most_names]{};
  const char* const* lists[most_names]{};
  table_rule rules[64]{};
  table_contract roots[contract_count]{};

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
    made.id = of.id;
    made.field = static_cast<std::uint16_t>(used.fields);
    for (const object_rule& rule : of.rules)
      if (rule.members != 0) ++made.rules;
    const int own = number < merged_count ? of.slots - of.count : 0;
    put(of.count);
    put(made.rules | own << own_shift | (of.tolerant ? tolerant_flag : 0));
    // In the order of the merged model, which is that of servers, whatever that of the document.
    int last = -1;
    for (int slot = 0; slot < of.slots; ++slot) {
      for (std::size_t i = 0; i < of.count; ++i) {
        if (of.fields[i].slot != slot) continue;
        add_field(of.fields[i], number, last);
        last = slot;
      }
    }
  }

  // Only when all is filled in: what they name is not named by bytes.
  constexpr void add_rules(std::size_t number) {
    for (const object_rule& rule : schemas[number]->rules) {
      if (rule.members == 0) continue;
      table_rule& entry = rules[used.rules++];
      entry.members = rule.members;
      entry.tagged = rule.tag != nullptr;
      entry.tag_slot = rule.tag_slot;
      if (rule.value == nullptr) continue;
      const table_value value = name_entries[name(rule.value)];
      entry.value = value.name;
      entry.value_length = value.length;
    }
  }

 private:
  constexpr void put(int byte) { bytes[used.bytes++] = static_cast<std::uint8_t>(byte); }

  constexpr std::size_t name(std::string_view wanted) {
    for (std::size_t i = 0; i < used.names; ++i) {
      if (name_entries[i].length == wanted.size() &&
          std::string_view(names[i], wanted.size()) == wanted)
        return i;
    }
    if (wanted.size() >= longest_name) does_not_compile("longest_name is too short");
    names[used.names] = wanted.data();
    name_entries[used.names] = {static_cast<std::uint16_t>(used.text),
                                static_cast<std::uint8_t>(wanted.size())};
    for (const char letter : wanted) text[used.text++] = letter;
    text[used.text++] = '"';
    return used.names++;
  }

  constexpr void put_name(std::string_view wanted) {
    const std::size_t known = used.names;
    const int number = static_cast<int>(name(wanted)) + 1;
    if (used.names != known) return put(0);
    if (number >= far_name) put(far_name | number >> 8);
    put(number);
  }

  constexpr void put_list(const value_list& of) {
    for (std::size_t i = 0; i < used.lists; ++i)
      if (lists[i] == of.items) return put(first_list + static_cast<int>(i));
    lists[used.lists++] = of.items;
    put(new_list);
    put(of.count);
    for (std::size_t i = 0; i < of.count; ++i) put_name(of.items[i]);
    used.values += of.count;
  }

  constexpr void add_field(const field& from, std::size_t number, int last_slot) {
    const bool whole = number < merged_count;
    const table_field twin =
        whole ? table_field{}
              : fields[objects[static_cast<std::size_t>(objects[number].id)].field + from.slot];
    table_field& to = fields[used.fields++];
    to.of = from.value.of;
    to.rule = from.value.rule;
    to.other = from.value.other;
    const value_list& known = from.value.known;
    const int rule = rule_and_other(to) ^ rule_and_other(twin);
    const bool more = rule != 0 || known.count != 0;
    put(((from.slot - last_slot - 1) & slot_bits) | (more ? has_more : 0));
    put((static_cast<int>(to.of) ^ static_cast<int>(twin.of)) |
        (from.required ? required_flag : 0) | (from.nullable ? nullable_flag : 0) |
        (known.closed ? closed_flag : 0));
    if (more) {
      put(rule);
      // Open lists are for documents; that there is one tells that the words are worth recognising.
      const bool listed = known.closed || from.name() == "type";
      if (known.count == 0 || !listed) {
        put(known.count == 0 ? 0 : unlisted);
      } else {
        put_list(known);
      }
    }
    if (has_object(to.of)) {
      const std::size_t objects_before = used.objects;
      const std::uint8_t inner = number_of(*from.value.object);
      if (used.objects != objects_before && from.value.object->id != fields_model(twin))
        does_not_compile("an object of another model than the merged member's");
      put(used.objects == objects_before ? inner : 0);
      to.object = inner;
    }
    if (whole) put_name(from.name());
  }

  static constexpr model fields_model(const table_field& twin) {
    return static_cast<model>(twin.object);
  }
};

constexpr workshop collect() {
  workshop all;
  for (const object_schema* schema : merged::all) all.number_of(*schema);
  for (std::size_t i = 0; i < contract_count; ++i) {
    all.roots[i] = {all.number_of(*contracts[i].completion), all.number_of(*contracts[i].chunk)};
  }
  // What is filled in adds what it refers to.
  for (std::size_t i = 0; i < all.used.objects; ++i) all.fill(i);
  for (std::size_t i = 0; i < all.used.objects; ++i) all.add_rules(i);
  return all;
}

constexpr sizes needed = collect().used;

struct folded_tables {
  std::uint8_t bytes[needed.bytes]{};
  char text[needed.text + sizeof(std::uint64_t)]{};  // names are read by whole words
  table_rule rules[needed.rules]{};
  table_contract roots[contract_count]{};

  consteval folded_tables() {
    const workshop all = collect();
    for (std::size_t i = 0; i < needed.bytes; ++i) bytes[i] = all.bytes[i];
    for (std::size_t i = 0; i < needed.text; ++i) text[i] = all.text[i];
    for (std::size_t i = 0; i < needed.rules; ++i) rules[i] = all.rules[i];
    for (std::size_t i = 0; i < contract_count; ++i) roots[i] = all.roots[i];
  }
};
constexpr folded_tables folded;

table_field unfolded_fields[needed.fields];
table_object unfolded_objects[needed.objects];
table_value unfolded_values[needed.values];

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

/// Reads the bytes. The merged models come first, so what a contract's member shares with one is
/// there already.
class unfolding {
 public:
  void all() {
    for (std::size_t i = 0; i < contract_count; ++i) {
      unfolded_objects[folded.roots[i].completion].id = model::chat_completion;
      unfolded_objects[folded.roots[i].chunk].id = model::chat_completion_chunk;
      if (folded.roots[i].chunk >= objects_) objects_ = folded.roots[i].chunk + 1U;
    }
    for (std::size_t number = 0; number < needed.objects; ++number)
      object(unfolded_objects[number], number);
  }

 private:
  void object(table_object& made, std::size_t number) {
    const bool whole = number < merged_count;
    if (whole) made.id = static_cast<model>(number);
    const table_object& of = unfolded_objects[static_cast<std::size_t>(made.id)];
    made.count = *at_++;
    const std::uint8_t notes = *at_++;
    made.slots =
        whole ? static_cast<std::uint8_t>(made.count + (notes >> own_shift & 0x7U)) : of.slots;
    made.tolerant = (notes & tolerant_flag) != 0;
    made.rules = notes & 0xFU;
    made.rule = rule_;
    made.field = field_;
    rule_ = static_cast<std::uint8_t>(rule_ + made.rules);
    std::uint8_t slot = slot_bits;
    for (std::uint8_t i = 0; i < made.count; ++i) {
      slot = (slot + 1U + *at_) & slot_bits;
      table_field& field = unfolded_fields[field_++];
      field.slot = slot;
      member(field, whole ? nullptr : &unfolded_fields[of.field + slot]);
      if (field.required) made.required |= 1U << slot;
    }
  }

  // `twin`: the merged member; null where this is one.
  void member(table_field& made, const table_field* twin) {
    static constexpr table_field nothing{};
    const table_field& of = twin == nullptr ? nothing : *twin;
    const bool more = (*at_++ & has_more) != 0;
    const std::uint8_t flags = *at_++;
    made.of = static_cast<kind>((flags & kind_bits) ^ static_cast<std::uint8_t>(of.of));
    made.required = (flags & required_flag) != 0;
    made.nullable = (flags & nullable_flag) != 0;
    made.closed = (flags & closed_flag) != 0;
    const auto rule = static_cast<std::uint8_t>((more ? *at_++ : 0) ^ rule_and_other(of));
    made.rule = static_cast<open_rule>(rule & 0xFU);
    made.other = static_cast<std::uint8_t>(rule >> 4U);
    if (more) list(made, *at_++);
    if (has_object(made.of)) {
      made.object = *at_++;
      if (made.object == 0) {
        made.object = static_cast<std::uint8_t>(objects_);
        unfolded_objects[objects_++].id = static_cast<model>(of.object);
      }
    }
    const table_value called = twin == nullptr ? name() : table_value{of.name, of.name_length};
    made.name = called.name;
    made.name_length = called.length;
    made.twin = twin == nullptr ? made.of : of.of;
    // The closing quote is in the text.
    constexpr std::size_t most = sizeof made.name_start;
    const std::size_t compared = called.length < most ? called.length + 1U : most;
    std::memcpy(made.name_start, folded.text + called.name, compared);
    std::memset(made.name_mask, 0xFF, compared);
    // What the merged model leaves open is open on the tape, whatever a contract says of it.
    made.way = made.twin == kind::open ? usual::none : usual_way(made.of);
  }

  void list(table_field& made, std::uint8_t which) {
    if (which < new_list) {
      made.known_count = which;
      return;
    }
    if (which == new_list) {
      which = static_cast<std::uint8_t>(first_list + lists_count_);
      list_of_strings& added = lists_[lists_count_++];
      added = {values_, *at_++};
      for (std::uint8_t i = 0; i < added.count; ++i) unfolded_values[values_++] = name();
    }
    made.known = lists_[which - first_list].start;
    made.known_count = lists_[which - first_list].count;
  }

  table_value name() {
    std::uint32_t number = *at_++;
    if (number >= far_name) number = (number ^ far_name) << 8U | *at_++;
    if (number != 0) return names_[number - 1];
    table_value& made = names_[names_count_++];
    made.name = text_;
    while (folded.text[text_++] != '"') ++made.length;
    return made;
  }

  struct list_of_strings {
    std::uint16_t start = 0;
    std::uint8_t count = 0;
  };

  const std::uint8_t* at_ = folded.bytes;
  std::size_t objects_ = 0;  // numbers that bytes have named
  std::uint16_t field_ = 0;
  std::uint16_t text_ = 0;
  std::uint16_t values_ = 0;
  std::uint8_t rule_ = 0;
  std::size_t lists_count_ = 0;
  std::size_t names_count_ = 0;
  list_of_strings lists_[needed.lists];
  table_value names_[needed.names];
};

}  // namespace

const char* const table_names = folded.text;
const table_field* const table_fields = unfolded_fields;
const table_object* const table_objects = unfolded_objects;
const table_value* const table_values = unfolded_values;
const table_rule* const table_rules = folded.rules;
const table_contract* const table_contracts = folded.roots;

void load_tables() {
  static const bool loaded = [] {
    unfolding().all();
    return true;
  }();
  static_cast<void>(loaded);
}

}  // namespace chatwire::models
