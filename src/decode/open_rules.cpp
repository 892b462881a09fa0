// What open values must look like, and finding members of objects in the source again.
#include <cmath>
#include <cstring>

#include "decode/decoder.hpp"

namespace chatwire {

using tape::tag;

namespace {

constexpr std::uint32_t code(tag of) { return static_cast<std::uint32_t>(of); }

// From the byte after a quote to the byte after the closing one; null where that is not there.
const std::uint8_t* skip_string(const std::uint8_t* at, const std::uint8_t* end) {
  for (;;) {
    at = text::skip_plain(at, end);
    while (at != end && *at >= 0x80) ++at;
    if (at == end) return nullptr;
    const std::uint8_t byte = *at++;
    if (byte == '"') return at;
    if (byte != '\\') continue;
    if (at == end) return nullptr;
    ++at;
  }
}

// What the values of each open_rule look like: the container, and the scalars in it.
constexpr std::uint32_t any = 0;
constexpr std::uint8_t texts = 1;
constexpr std::uint8_t numbers = 2;
constexpr std::uint8_t booleans = 4;
struct rule_shape {
  std::uint32_t outer = any;
  std::uint8_t items = 0;  // 0: anything
  bool of_arrays = false;  // the scalars are one level further down
};
constexpr rule_shape shapes[] = {
    {},                                   // anything
    {code(tag::object)},                  // map
    {code(tag::object), texts},           // map_of_text
    {code(tag::object), booleans},        // map_of_bools
    {code(tag::object), numbers},         // map_of_numbers
    {code(tag::object), texts, true},     // map_of_texts
    {any, texts | numbers},               // scalar
    {code(tag::array)},                   // list
    {code(tag::array), texts | numbers},  // list_of_scalars
    {code(tag::array), numbers, true},    // list_of_numbers
};
static_assert(static_cast<std::size_t>(models::open_rule::list_of_numbers) + 1 ==
              sizeof shapes / sizeof *shapes);

}  // namespace

// The end of a scalar of one of the kinds of `items`, or 0.
std::uint32_t decoder::scalar_end(std::uint32_t at, std::uint8_t items) const {
  const std::uint32_t second = words_[at + 1];
  std::uint8_t is = 0;
  if (second < tape::tag_base) is = numbers;
  if (second == code(tag::text)) is = texts;
  if (second == code(tag::yes) || second == code(tag::no)) is = booleans;
  if ((is & items) == 0) return 0;
  return at + (is == texts ? 2 : 1) * tape::slot_words;
}

// The end of an array of such scalars, or 0.
std::uint32_t decoder::array_end(std::uint32_t at, std::uint8_t items) const {
  if (words_[at + 1] != code(tag::array)) return 0;
  std::uint32_t item = at + tape::slot_words;
  for (std::uint32_t left = words_[at]; left != 0 && item != 0; --left)
    item = scalar_end(item, items);
  return item;
}

bool decoder::fits(models::open_rule rule, std::uint32_t index) const {
  const rule_shape& shape = shapes[static_cast<std::size_t>(rule)];
  if (shape.items == 0) return shape.outer == any || words_[index + 1] == shape.outer;
  if (shape.outer == any) return scalar_end(index, shape.items) != 0;
  if (words_[index + 1] != shape.outer) return false;
  const std::uint32_t name = shape.outer == code(tag::object) ? tape::slot_words : 0;
  std::uint32_t item = index + tape::slot_words;
  for (std::uint32_t left = words_[index]; left != 0; --left) {
    item = shape.of_arrays ? array_end(item + name, shape.items)
                           : scalar_end(item + name, shape.items);
    if (item == 0) return false;
  }
  return true;
}

// Whether an open value is of the kind that a contract gives the member.
bool decoder::fits(const models::table_field& of, std::uint32_t index) const {
  const std::uint32_t second = words_[index + 1];
  switch (of.of) {
    case models::kind::text:
      return second == code(tag::text);
    case models::kind::boolean:
      return second == code(tag::yes) || second == code(tag::no);
    case models::kind::number:
      return second < tape::tag_base;
    case models::kind::integer:
    case models::kind::count: {
      double value = 0;
      std::memcpy(&value, words_.data() + index, sizeof value);
      return second < tape::tag_base && value == std::floor(value);
    }
    case models::kind::object:
      return second == code(tag::object);
    default:
      return second == code(tag::array);
  }
}

// Where a value ends, as far as its brackets tell; null where that is not before `end`. It is read
// from the source again, so it keeps nothing and reports nothing.
decoder::cursor decoder::skip_value(cursor at, cursor end) {
  std::uint32_t depth = 0;
  while (at != end) {
    switch (*at++) {
      case '"':
        at = skip_string(at, end);
        if (at == nullptr || depth == 0) return at;
        break;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (depth == 0) return at - 1;
        if (--depth == 0) return at;
        break;
      case ',':
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        if (depth == 0) return at - 1;
        break;
      default:
        break;
    }
  }
  return depth == 0 ? end : nullptr;
}

// Where the value of a member begins, read from the source again; null where there is none.
decoder::cursor decoder::member_value(cursor object_start, std::string_view name) {
  cursor found = nullptr;
  cursor at = space(object_start + 1);
  while (at != end_ && *at == '"') {
    const cursor start = at + 1;
    const cursor stop = skip_string(start, end_);
    if (stop == nullptr) break;
    const std::string_view source(reinterpret_cast<const char*>(start),
                                  static_cast<std::size_t>(stop - 1 - start));
    at = space(stop);
    if (at == end_ || *at != ':') break;
    at = space(at + 1);
    if (at == end_) break;
    text::cell cell;
    if (source == name || (source.size() > name.size() && source.find('\\') != source.npos &&
                           text_.scan(start, cell) != nullptr && text_.narrow(cell) == name)) {
      found = at;
    }
    at = skip_value(at, end_);
    if (at == nullptr) break;
    at = space(at);
    if (at == end_ || *at != ',') break;
    at = space(at + 1);
  }
  return found;
}

// A value that breaks off leaves what was read of it well-formed. `last_too`: what was read last is
// complete enough to be an element of what it is in.
decoder::cursor decoder::abandon_open(std::uint32_t base, std::uint32_t index, bool last_too) {
  const std::uint32_t open = open_stack_.size() - base;
  const std::uint32_t counted = base + (last_too || open == 0 ? open : open - 1);
  for (std::uint32_t i = base; i < counted; ++i) ++words_[open_stack_[i]];
  open_stack_.resize_within(base);
  if (words_.size() == index) {
    const std::uint32_t cell = allocate(tape::slot_words);
    if (cell != 0) put(cell, 0, code(tag::null));
  }
  return nullptr;
}

}  // namespace chatwire
