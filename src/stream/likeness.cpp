#include "stream/likeness.hpp"

#include <cstring>

#include "assembly/assembly.hpp"
#include "assembly/raw.hpp"
#include "text/bytes.hpp"
#include "text/simd.hpp"

namespace chatwire {
namespace {

namespace merged = models::merged;
using models::model;
using models::table_object;

consteval std::uint32_t bit(const models::object_schema& of, std::string_view name) {
  return 1U << of.find(name)->slot;
}
consteval std::uint32_t slot(const models::object_schema& of, std::string_view name) {
  return of.find(name)->slot;
}

constexpr std::uint32_t choices_slot = slot(merged::chat_completion_chunk, "choices");
constexpr std::uint32_t usage_slot = slot(merged::chat_completion_chunk, "usage");
constexpr std::uint32_t obfuscation_slot = slot(merged::chat_completion_chunk, "obfuscation");
constexpr std::uint32_t delta_slot = slot(merged::chunk_choice, "delta");
constexpr std::uint32_t logprobs_slot = slot(merged::chunk_choice, "logprobs");
constexpr std::uint32_t calls_slot = slot(merged::delta, "tool_calls");
// Texts by their numbers.
constexpr std::uint32_t text_slots[] = {
    slot(merged::delta, "content"), slot(merged::delta, "reasoning"),
    slot(merged::delta, "reasoning_content"), slot(merged::delta, "refusal")};

// How deep in an event the objects are, and members that no model knows in theirs: a chunk is an
// object in which choices are an array.
constexpr std::uint32_t depths[] = {4, 2, 1, 3, 4, 1, 3, 4};

// Members that say the same once or many times.
constexpr std::uint32_t steady_of_chunk =
    bit(merged::chat_completion_chunk, "id") | bit(merged::chat_completion_chunk, "object") |
    bit(merged::chat_completion_chunk, "created") | bit(merged::chat_completion_chunk, "model") |
    bit(merged::chat_completion_chunk, "service_tier") |
    bit(merged::chat_completion_chunk, "system_fingerprint");
constexpr std::uint32_t steady_of_delta =
    bit(merged::delta, "role") | bit(merged::delta, "tool_call_id") | bit(merged::delta, "index");
// Those of which each event has its own.
constexpr std::uint32_t others_of_chunk =
    bit(merged::chat_completion_chunk, "moderation") |
    bit(merged::chat_completion_chunk, "openrouter_metadata") |
    bit(merged::chat_completion_chunk, "x_groq");
constexpr std::uint32_t others_of_delta =
    bit(merged::delta, "function_call") | bit(merged::delta, "annotations") |
    bit(merged::delta, "reasoning_details") | bit(merged::delta, "images") |
    bit(merged::delta, "executed_tools") | bit(merged::delta, "metadata");
// Those that are looked at on their own. Any others must be absent or null.
constexpr std::uint32_t own_of_chunk =
    1U << choices_slot | 1U << usage_slot | 1U << obfuscation_slot;
constexpr std::uint32_t needed_of_choice = bit(merged::chunk_choice, "index") | 1U << delta_slot;
constexpr std::uint32_t own_of_choice = needed_of_choice | 1U << logprobs_slot;
constexpr std::uint32_t own_of_delta = 1U << text_slots[0] | 1U << text_slots[1] |
                                       1U << text_slots[2] | 1U << text_slots[3] | 1U << calls_slot;
constexpr std::uint32_t call_members =
    bit(merged::tool_call_delta, "index") | bit(merged::tool_call_delta, "id") |
    bit(merged::tool_call_delta, "type") | bit(merged::tool_call_delta, "function");

// Whether all that an object has is among `members`, and it has all of `needed`.
bool has_no_other(const decoder& from, std::uint32_t object, std::uint32_t members,
                  std::uint32_t needed) {
  const std::uint32_t present = from.words()[object];
  const std::uint32_t nulls = from.words()[object + 1];
  const std::uint32_t held = present & ~nulls;
  return (held & ~members) == 0 && (nulls & ~present) == 0 && (held & needed) == needed;
}

// Whether members of an object that no model knows may differ: there are not many, each has its own
// name, which no escape hides, and JavaScript keeps their order, which it does not where a name is
// a number.
constexpr std::uint32_t most_unknown = 32;
bool may_differ(const decoder& from, std::uint32_t object) {
  std::string_view names[most_unknown];
  std::uint32_t count = 0;
  for (std::uint32_t entry = from.words()[object + 2]; entry != 0; entry = from.words()[entry]) {
    if (from.words()[entry + 1] != 0) continue;
    const std::string_view name = assembly::split(from.extra_source(entry)).name;
    if (count == most_unknown || name.find('\\') != std::string_view::npos) return false;
    if (!name.empty() && name[0] >= '0' && name[0] <= '9') return false;
    for (std::uint32_t i = 0; i < count; ++i)
      if (assembly::same(names[i], name)) return false;
    names[count++] = name;
  }
  return true;
}

// Whether one of this name may: it is no error, and not what JavaScript must not assign by.
bool may_differ(std::string_view name) {
  return !assembly::same(name, "error") && !assembly::same(name, "__proto__");
}

bool contains(std::string_view source, const std::uint8_t* at) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(source.data());
  return from != nullptr && from <= at && at <= from + source.size();
}

std::uint32_t child(const decoder& from, std::uint32_t object, std::uint32_t in) {
  return from.words()[decoder::slot_word(object, in)];
}

// What the objects in a slot are.
const table_object& schema_in(const table_object& of, std::uint32_t slot) {
  const models::table_field* field = models::table_fields + of.field;
  while (field->slot != slot) ++field;
  return models::table_objects[field->object];
}

// The end of the line, or null where it has not come.
const std::uint8_t* line_end(const std::uint8_t* at, const std::uint8_t* end) {
  constexpr auto step = static_cast<std::ptrdiff_t>(text::block::size);
  for (; end - at >= step; at += step) {
    const std::uint32_t found = text::block::load(at).either('\n', '\r');
    if (found != 0) return at + text::first_bit(found);
  }
  while (at != end && *at != '\n' && *at != '\r') ++at;
  return at == end ? nullptr : at;
}

// Where a string ends of which `at` is the first byte that is not plain; null: nowhere.
const std::uint8_t* text_end(const std::uint8_t* at, const std::uint8_t* end) {
  while (at < end && *at != '"') {
    if (*at < 0x20) return nullptr;
    at += *at == '\\' ? 2 : 1;
    if (at < end && text::is_plain(*at)) at = text::skip_plain(at, end);
  }
  return at < end ? at : nullptr;
}

// Whether two runs of bytes are the same.
bool same(const std::uint8_t* a, const std::uint8_t* b, std::uint32_t length) {
  std::uint32_t at = 0;
  constexpr auto step = static_cast<std::uint32_t>(text::block::size);
  for (; at + step <= length; at += step)
    if (!text::block::load(a + at).is_same(text::block::load(b + at))) return false;
  if (at == length) return true;
  if (length >= step) {
    at = length - step;
    return text::block::load(a + at).is_same(text::block::load(b + at));
  }
  return text::same_bytes(a, reinterpret_cast<const char*>(b), length);
}

// Whether bytes end in these.
bool ends_alike(const std::uint8_t* at, const std::uint8_t* end, const std::uint8_t* known,
                std::uint32_t length) {
  return end - at >= static_cast<std::ptrdiff_t>(length) && same(end - length, known, length);
}

}  // namespace

/// An object of an event, and which of its members may be in it.
struct likeness::level {
  varying what{};
  std::uint32_t object = 0;
  const table_object& schema;  // merged
  std::uint32_t own = 0;
  std::uint32_t steady = 0;
  std::uint32_t others = 0;
};

bool likeness::add(varying what, std::string_view source, const std::uint8_t* event,
                   const char* name, std::uint32_t order, std::uint32_t node) {
  if (count_ == most_parts || source.empty() ||
      (name == nullptr && source[0] != (is_object(what) ? '{' : '"')))
    return false;
  const auto before = static_cast<std::uint32_t>(name == nullptr ? 0 : source.data() - name);
  if (!is_object(what)) source = assembly::inside(source);
  const auto from =
      static_cast<std::uint32_t>(reinterpret_cast<const std::uint8_t*>(source.data()) - event);
  // In the order of the bytes.
  std::uint32_t at = count_++;
  for (; at != 0 && parts_[at - 1].from > from; --at) parts_[at] = parts_[at - 1];
  parts_[at] = {what, from, from + static_cast<std::uint32_t>(source.size()), before, order, node};
  return true;
}

// Those of the tool call that the delta has, if it has one.
bool likeness::add_arguments(const decoder& from, std::uint32_t delta, const std::uint8_t* event) {
  constexpr std::uint32_t function_slot = slot(merged::tool_call_delta, "function");
  constexpr std::uint32_t arguments = slot(merged::tool_function, "arguments");
  constexpr std::uint32_t name = slot(merged::tool_function, "name");
  const std::uint32_t call = child(from, delta, calls_slot);
  if (from.words()[decoder::slot_word(delta, calls_slot) + 1] != 1 ||
      !has_no_other(from, call, call_members,
                    bit(merged::tool_call_delta, "index") | 1U << function_slot) ||
      from.words()[call + 2] != 0)
    return false;
  const std::uint32_t function = child(from, call, function_slot);
  // A name that comes again may be more of it.
  return has_no_other(from, function, 3, 1U << arguments) &&
         (!from.holds(function, name) ||
          from.cell_at(decoder::slot_word(function, name)).length() == 0) &&
         from.words()[function + 2] == 0 &&
         add(varying::arguments,
             from.source(function, merged_object(model::tool_function), arguments), event);
}

// Those that each event has its own of, and those that were found to differ. False: there are some
// that no event may have.
bool likeness::add_members(const decoder& from, const level& of, const std::uint8_t* event,
                           const assembly::assembly& assembly, std::uint32_t choice) {
  const std::uint32_t which = static_cast<std::uint32_t>(of.what) - first_level;
  const std::uint32_t present = from.words()[of.object];
  const std::uint32_t held = present & ~from.words()[of.object + 1];
  if (!has_no_other(from, of.object, of.own | of.steady | of.others, 0)) return false;
  const std::uint32_t count = count_;
  const std::uint32_t known = (held & of.others) | (present & known_[which]);
  for (std::uint32_t slot = 0; known >> slot != 0; ++slot) {
    if ((known >> slot & 1U) == 0) continue;
    const std::string_view value = from.source(of.object, of.schema, slot);
    const char* name = value.data();
    for (std::uint32_t quotes = 0; quotes != 2;) quotes += *--name == '"' ? 1 : 0;
    if (!add(of.what, value, event, name)) return false;
  }
  std::uint32_t number = 0;
  for (std::uint32_t at = from.words()[of.object + 2]; at != 0; at = from.words()[at], ++number) {
    const std::uint32_t tag = from.words()[at + 5];
    const bool is_deep = tag == static_cast<std::uint32_t>(tape::tag::array) ||
                         tag == static_cast<std::uint32_t>(tape::tag::object);
    const bool is_original = from.words()[at + 1] != 0;
    if (is_original && is_deep) return false;
    if (is_original) continue;
    const std::string_view source = from.extra_source(at);
    const auto [name, value] = assembly::split(source);
    bool adds_up = false;
    const std::uint32_t node = assembly.unknown_of(choice, which, name, adds_up);
    if (adds_up || (number < most_unknown && (unknown_[which] >> number & 1U) != 0)) {
      const auto what = static_cast<varying>(which + first_unknown);
      if (may_differ(name) && may_differ(from, of.object)) {
        if (!add(what, value, event, source.data(), number, node)) return false;
        continue;
      }
      if (adds_up) return false;
    }
    // Each chunk gets a copy of it.
    constexpr std::size_t most_copied = 1024;
    if (is_deep && value.size() > most_copied) return false;
  }
  // What a rule asks for may depend on them.
  return count_ == count ||
         schemas_[static_cast<std::uint32_t>(of.what) - first_object]->rules == 0;
}

// Where an event first differs from the one that was learnt, beside its parts; null: nowhere.
const std::uint8_t* likeness::difference(const std::uint8_t* at, const std::uint8_t* end) const {
  const auto* known = static_cast<const std::uint8_t*>(bytes_.data);
  std::uint32_t from = 0;
  for (std::uint32_t i = 0;; ++i) {
    const std::uint32_t to = i == count_ ? bytes_.size : parts_[i].from;
    for (; from != to; ++from, ++at)
      if (at == end || *at != known[from]) return at;
    if (i == count_) return nullptr;
    const std::uint32_t quote = is_object(parts_[i].what) ? 0 : 1;
    at = decoder::skip_value(at - quote, end);
    if (at == nullptr) return nullptr;
    at -= quote;
    from = parts_[i].to;
  }
}

// Takes the member whose value is there as one that differs.
void likeness::learn_member(const decoder& from, const level& of, const std::uint8_t* at) {
  const std::uint32_t which = static_cast<std::uint32_t>(of.what) - first_level;
  for (std::uint32_t slot = 0; slot < of.schema.count; ++slot)
    if ((of.steady | of.others) >> slot & from.words()[of.object] >> slot & 1U &&
        contains(from.source(of.object, of.schema, slot), at))
      known_[which] |= 1U << slot;
  std::uint32_t number = 0;
  for (std::uint32_t entry = from.words()[of.object + 2]; entry != 0 && number < most_unknown;
       entry = from.words()[entry], ++number)
    if (from.words()[entry + 1] == 0 &&
        contains(assembly::split(from.extra_source(entry)).value, at))
      unknown_[which] |= 1U << number;
}

bool likeness::learn(const decoder& from, std::uint32_t root, const std::uint8_t* bytes,
                     std::uint32_t start, std::uint32_t end, const assembly::assembly& assembly,
                     std::uint32_t choice) {
  const std::uint8_t* const event = bytes + start;
  // What differs once in a while is not worth reading each time.
  const std::uint8_t* const differs =
      knows_any() && hits_ < few_hits ? difference(event, bytes + end) : nullptr;
  if (learn_parts(from, root, event, differs, assembly, choice)) {
    // An event of several lines is not told from two by its bytes alone.
    const std::uint8_t* at = event;
    while (at != bytes + end && *at >= 0x20) ++at;
    bytes_.size = 0;
    hits_ = 0;
    if (at == bytes + end && bytes_.append({reinterpret_cast<const char*>(event), end - start}))
      return true;
  }
  forget();
  return false;
}

bool likeness::learn_parts(const decoder& from, std::uint32_t root, const std::uint8_t* event,
                           const std::uint8_t* differs, const assembly::assembly& assembly,
                           std::uint32_t node) {
  forget();
  if (!from.holds(root, choices_slot) ||
      from.words()[decoder::slot_word(root, choices_slot) + 1] != 1)
    return false;
  const std::uint32_t choice = child(from, root, choices_slot);
  if (!has_no_other(from, choice, own_of_choice, needed_of_choice)) return false;
  const std::uint32_t delta = child(from, choice, delta_slot);
  const std::string_view list =
      from.source(root, merged_object(model::chat_completion_chunk), choices_slot);
  choices_from_ =
      static_cast<std::uint32_t>(reinterpret_cast<const std::uint8_t*>(list.data()) - event);
  choices_to_ = choices_from_ + static_cast<std::uint32_t>(list.size());
  const level levels[] = {
      {varying::chunk, root, merged_object(model::chat_completion_chunk), own_of_chunk,
       steady_of_chunk, others_of_chunk},
      {varying::choice, choice, merged_object(model::chunk_choice), own_of_choice, 0, 0},
      {varying::delta, delta, merged_object(model::delta), own_of_delta, steady_of_delta,
       others_of_delta}};
  const table_object& chunk_schema = from.event_schema();
  const table_object& choice_schema = schema_in(chunk_schema, choices_slot);
  schemas_[2] = &chunk_schema;
  schemas_[3] = &choice_schema;
  schemas_[4] = &schema_in(choice_schema, delta_slot);
  const auto add_value = [&](varying what, const level& of, std::uint32_t slot) {
    return !from.holds(of.object, slot) ||
           add(what, from.source(of.object, of.schema, slot), event);
  };

  for (std::uint32_t i = 0; i < 4; ++i)
    if (!add_value(static_cast<varying>(i), levels[2], text_slots[i])) return false;
  // One reasoning under two names is told once, by what each of them says.
  if (from.holds(delta, text_slots[1]) && from.holds(delta, text_slots[2])) return false;
  if (from.holds(delta, calls_slot) && !add_arguments(from, delta, event)) return false;
  for (const level& of : levels) {
    if (differs != nullptr) learn_member(from, of, differs);
    if (!add_members(from, of, event, assembly, node)) return false;
  }
  if (count_ == 0) return false;  // nothing varies
  if (from.holds(choice, logprobs_slot)) schemas_[0] = &schema_in(choice_schema, logprobs_slot);
  if (from.holds(root, usage_slot)) schemas_[1] = &schema_in(chunk_schema, usage_slot);
  return add_value(varying::obfuscation, levels[0], obfuscation_slot) &&
         add_value(varying::logprobs, levels[1], logprobs_slot) &&
         add_value(varying::usage, levels[0], usage_slot);
}

bool likeness::is_same_around(const likeness& other) const {
  std::uint32_t at[2] = {};
  std::uint32_t part[2] = {};
  for (;;) {
    const std::uint32_t next = next_around(at[0], part[0]);
    if (next != other.next_around(at[1], part[1])) return false;
    if (next == no_byte) return true;
  }
}

// The byte there, or beyond bytes the kind of the part that begins there.
std::uint32_t likeness::next_around(std::uint32_t& at, std::uint32_t& part) const {
  if (at == choices_from_) at = choices_to_;
  while (part != count_ && parts_[part].from < at) ++part;
  if (part != count_ && parts_[part].from == at) {
    at = parts_[part].to;
    return 0x100U + static_cast<std::uint32_t>(parts_[part++].what);
  }
  return at == bytes_.size ? no_byte : static_cast<const std::uint8_t*>(bytes_.data)[at++];
}

std::uint32_t likeness::match(decoder& with, const std::uint8_t* bytes, std::uint32_t start,
                              std::uint32_t limit, bool is_whole, std::uint32_t number,
                              varying_part* parts) const {
  const std::uint8_t* at = bytes + start;
  const std::uint8_t* const stop = bytes + limit;
  const std::uint8_t* end = nullptr;  // of the line
  const auto* known = static_cast<const std::uint8_t*>(bytes_.data);
  std::uint32_t members[level_count] = {};
  std::uint32_t from = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const known_part& part = parts_[i];
    const std::uint32_t length = part.from - from;
    if (static_cast<std::size_t>(stop - at) <= length || !same(at, known + from, length)) return 0;
    at += length;
    from = part.to;
    const auto first = static_cast<std::uint32_t>(at - bytes);
    if (part.what >= varying::kinds_ && *at == '"') {
      const std::uint8_t* const quote = text::skip_plain(at + 1, stop);
      if (quote != stop && *quote == '"') {
        at = quote + 1;
        parts[i] = {part.what, true, first, static_cast<std::uint32_t>(at - bytes), 0};
        continue;
      }
    }
    if (is_object(part.what)) {
      // What is read of an event that is not whole is read in vain.
      if (end == nullptr) {
        end = is_whole ? stop : line_end(at, stop);
        if (end == nullptr ||
            !with.begin_values(start, static_cast<std::uint32_t>(end - bytes), number))
          return 0;
      }
      if (part.name == 0 && *at != '{') return 0;
      // Nor is anything read of one that goes on in another way.
      if (i + 1 == count_ && !ends_alike(at, end, known + from, bytes_.size - from)) return 0;
      const std::uint32_t which = static_cast<std::uint32_t>(part.what) - first_object;
      const bool is_unknown = part.what >= varying::kinds_;
      const bool is_member = part.what >= varying::chunk && !is_unknown;
      std::uint32_t* const into =
          is_member ? &members[which + first_object - first_level] : nullptr;
      std::uint32_t last = 0;
      const std::uint32_t value = with.value_within(is_member ? first - part.name : first,
                                                    is_unknown ? nullptr : schemas_[which],
                                                    depths[which], is_member ? *into : 0, last);
      if (value == 0) return 0;
      if (is_member) *into = value;
      parts[i] = {part.what, false, first, last, value};
      at = bytes + last;
      continue;
    }
    const std::uint8_t* quote = text::skip_plain(at, stop);
    const bool is_plain = quote != stop && *quote == '"';
    if (!is_plain) {
      quote = text_end(quote, stop);
      if (quote == nullptr) return 0;
    }
    parts[i] = {part.what, is_plain, first, static_cast<std::uint32_t>(quote - bytes), 0};
    at = quote;
  }
  const std::uint32_t length = bytes_.size - from;
  if (static_cast<std::size_t>(stop - at) < length || !same(at, known + from, length)) return 0;
  return static_cast<std::uint32_t>(at - bytes) + length;
}

}  // namespace chatwire
