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

// A chunk is an object in which choices are an array of objects that have log-probabilities.
constexpr std::uint32_t logprobs_depth = 4;
constexpr std::uint32_t usage_depth = 2;

// Members that may have a value in an event that repeats; others must be absent or null.
constexpr std::uint32_t chunk_members =
    bit(merged::chat_completion_chunk, "id") | bit(merged::chat_completion_chunk, "object") |
    bit(merged::chat_completion_chunk, "created") | bit(merged::chat_completion_chunk, "model") |
    bit(merged::chat_completion_chunk, "choices") | bit(merged::chat_completion_chunk, "usage") |
    bit(merged::chat_completion_chunk, "service_tier") |
    bit(merged::chat_completion_chunk, "system_fingerprint") |
    bit(merged::chat_completion_chunk, "obfuscation");
constexpr std::uint32_t needed_of_choice =
    bit(merged::chunk_choice, "index") | bit(merged::chunk_choice, "delta");
constexpr std::uint32_t choice_members = needed_of_choice | bit(merged::chunk_choice, "logprobs");
constexpr std::uint32_t delta_members =
    bit(merged::delta, "role") | bit(merged::delta, "content") | bit(merged::delta, "refusal") |
    bit(merged::delta, "reasoning") | bit(merged::delta, "reasoning_content") |
    bit(merged::delta, "tool_calls");
constexpr std::uint32_t call_members =
    bit(merged::tool_call_delta, "index") | bit(merged::tool_call_delta, "id") |
    bit(merged::tool_call_delta, "type") | bit(merged::tool_call_delta, "function");

constexpr std::uint32_t calls_slot = slot(merged::delta, "tool_calls");

// Whether all that an object has is among `members`, and it has all of `needed`.
bool has_no_other(const decoder& from, std::uint32_t object, std::uint32_t members,
                  std::uint32_t needed) {
  const std::uint32_t present = from.words()[object];
  const std::uint32_t nulls = from.words()[object + 1];
  const std::uint32_t held = present & ~nulls;
  return (held & ~members) == 0 && (nulls & ~present) == 0 && (held & needed) == needed;
}

// Whether each chunk may have a copy of the members that no model knows: what is long or adds
// something to the completion each time needs a closer look.
bool has_plain_extras(const decoder& from, std::uint32_t object) {
  for (std::uint32_t entry = from.words()[object + 2]; entry != 0; entry = from.words()[entry]) {
    const std::uint32_t tag = from.words()[entry + 5];
    if (tag == static_cast<std::uint32_t>(tape::tag::array) ||
        tag == static_cast<std::uint32_t>(tape::tag::object)) {
      constexpr std::size_t most_copied = 1024;
      const auto [name, value] = assembly::split(from.extra_source(entry));
      if (value.size() > most_copied || from.words()[entry + 1] != 0 ||
          assembly::assembly::adds_up(name))
        return false;
    }
  }
  return true;
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

}  // namespace

bool likeness::add(varying what, std::string_view source, const std::uint8_t* event) {
  if (count_ == most_parts || source.size() < 2 || source[0] != (is_object(what) ? '{' : '"'))
    return false;
  if (!is_object(what)) source = source.substr(1, source.size() - 2);
  const auto from =
      static_cast<std::uint32_t>(reinterpret_cast<const std::uint8_t*>(source.data()) - event);
  // In the order of the bytes.
  std::uint32_t at = count_++;
  for (; at != 0 && parts_[at - 1].from > from; --at) parts_[at] = parts_[at - 1];
  parts_[at] = {what, from, from + static_cast<std::uint32_t>(source.size())};
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

bool likeness::learn(const decoder& from, std::uint32_t root, const std::uint8_t* bytes,
                     std::uint32_t start, std::uint32_t end, bool pads) {
  forget();
  const table_object& chunk = merged_object(model::chat_completion_chunk);
  const std::uint32_t choices = slot(merged::chat_completion_chunk, "choices");
  if (!has_no_other(from, root, chunk_members, 1U << choices) || !has_plain_extras(from, root) ||
      from.words()[decoder::slot_word(root, choices) + 1] != 1)
    return false;
  const std::uint32_t choice = child(from, root, choices);
  if (!has_no_other(from, choice, choice_members, needed_of_choice) ||
      !has_plain_extras(from, choice))
    return false;
  const std::uint32_t delta = child(from, choice, slot(merged::chunk_choice, "delta"));
  if (!has_no_other(from, delta, delta_members, 0) || from.words()[delta + 2] != 0) return false;

  const std::uint8_t* event = bytes + start;
  const table_object& delta_schema = merged_object(model::delta);
  constexpr std::uint32_t texts[] = {
      slot(merged::delta, "content"), slot(merged::delta, "reasoning"),
      slot(merged::delta, "reasoning_content"), slot(merged::delta, "refusal")};
  bool added = true;
  for (std::uint32_t i = 0; i < 4; ++i) {
    if (!from.holds(delta, texts[i])) continue;
    added =
        added && add(static_cast<varying>(i), from.source(delta, delta_schema, texts[i]), event);
  }
  // One reasoning under two names is told once, by what each of them says.
  if (from.holds(delta, texts[1]) && from.holds(delta, texts[2])) added = false;
  if (from.holds(delta, calls_slot)) added = added && add_arguments(from, delta, event);
  if (added && count_ == 0) added = false;  // nothing varies
  constexpr std::uint32_t obfuscation = slot(merged::chat_completion_chunk, "obfuscation");
  if (added && from.holds(root, obfuscation))
    added = add(varying::obfuscation, from.source(root, chunk, obfuscation), event);
  constexpr std::uint32_t logprobs = slot(merged::chunk_choice, "logprobs");
  if (added && from.holds(choice, logprobs)) {
    logprobs_ = &schema_in(schema_in(from.event_schema(), choices), logprobs);
    added = add(varying::logprobs,
                from.source(choice, merged_object(model::chunk_choice), logprobs), event);
  }
  constexpr std::uint32_t usage = slot(merged::chat_completion_chunk, "usage");
  if (added && from.holds(root, usage)) {
    usage_ = &schema_in(from.event_schema(), usage);
    added = add(varying::usage, from.source(root, chunk, usage), event);
  }
  const std::uint32_t unknown = from.words()[root + 2];
  if (added && pads && unknown != 0 && from.words()[unknown] == 0 && from.words()[unknown + 1] == 0)
    add(varying::padding, assembly::split(from.extra_source(unknown)).value, event);
  // An event of several lines is not told from two by its bytes alone.
  const std::uint8_t* at = event;
  while (at != bytes + end && *at >= 0x20) ++at;
  if (at != bytes + end) added = false;
  bytes_.size = 0;
  if (!added || !bytes_.append({reinterpret_cast<const char*>(event), end - start})) {
    forget();
    return false;
  }
  return true;
}

std::uint32_t likeness::match(decoder& with, const std::uint8_t* bytes, std::uint32_t start,
                              std::uint32_t limit, bool is_whole, varying_part* parts) const {
  const std::uint8_t* at = bytes + start;
  const std::uint8_t* const stop = bytes + limit;
  const std::uint8_t* known = static_cast<const std::uint8_t*>(bytes_.data);
  std::uint32_t from = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint32_t length = parts_[i].from - from;
    if (static_cast<std::size_t>(stop - at) <= length || !same(at, known + from, length)) return 0;
    at += length;
    from = parts_[i].to;
    if (is_object(parts_[i].what)) {
      const bool is_usage = parts_[i].what == varying::usage;
      // What is read of an event that is not whole is read in vain.
      const std::uint8_t* const end = is_whole ? stop : line_end(at, stop);
      const auto first = static_cast<std::uint32_t>(at - bytes);
      std::uint32_t last = 0;
      if (end == nullptr || *at != '{') return 0;
      // Nor is anything read of one that goes on in another way.
      const std::uint32_t rest = bytes_.size - from;
      if (i + 1 == count_ &&
          (end - at < static_cast<std::ptrdiff_t>(rest) || !same(end - rest, known + from, rest)))
        return 0;
      const std::uint32_t object = with.object_within(
          first, static_cast<std::uint32_t>(end - bytes), is_usage ? *usage_ : *logprobs_,
          is_usage ? usage_depth : logprobs_depth, last);
      if (object == 0) return 0;
      parts[i] = {parts_[i].what, first, last, true, object};
      at = bytes + last;
      continue;
    }
    const std::uint8_t* quote = text::skip_plain(at, stop);
    const bool is_plain = quote != stop && *quote == '"';
    if (!is_plain) {
      quote = text_end(quote, stop);
      if (quote == nullptr) return 0;
    }
    parts[i] = {parts_[i].what, static_cast<std::uint32_t>(at - bytes),
                static_cast<std::uint32_t>(quote - bytes), is_plain};
    at = quote;
  }
  const std::uint32_t length = bytes_.size - from;
  if (static_cast<std::size_t>(stop - at) < length || !same(at, known + from, length)) return 0;
  return static_cast<std::uint32_t>(at - bytes) + length;
}

}  // namespace chatwire
