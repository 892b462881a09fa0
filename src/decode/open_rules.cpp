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

}  // namespace

bool decoder::fits(models::open_rule rule, std::uint32_t index) const {
  using models::open_rule;
  const auto is_number = [this](std::uint32_t at) { return words_[at + 1] < tape::tag_base; };
  const auto is = [this](std::uint32_t at, tag what) { return words_[at + 1] == code(what); };
  // The rules look at most two levels deep, so what follows a value is known from its kind.
  const auto flat_end = [&](std::uint32_t at) {
    return at + (is(at, tag::text) ? 2 : 1) * tape::slot_words;
  };
  const auto all_flat = [&](std::uint32_t at, auto fitting) -> std::uint32_t {
    std::uint32_t item = at + tape::slot_words;
    for (std::uint32_t left = words_[at]; left != 0; --left) {
      if (!fitting(item)) return 0;
      item = flat_end(item);
    }
    return item;
  };
  const auto every_member = [&](auto fitting) {
    if (!is(index, tag::object)) return false;
    std::uint32_t value = index + 2 * tape::slot_words;
    for (std::uint32_t left = words_[index]; left != 0; --left) {
      const std::uint32_t end = fitting(value);
      if (end == 0) return false;
      value = end + tape::slot_words;
    }
    return true;
  };
  switch (rule) {
    case open_rule::anything:
      return true;
    case open_rule::map:
      return is(index, tag::object);
    case open_rule::map_of_text:
      return every_member([&](std::uint32_t at) { return is(at, tag::text) ? flat_end(at) : 0; });
    case open_rule::map_of_bools:
      return every_member(
          [&](std::uint32_t at) { return is(at, tag::yes) || is(at, tag::no) ? flat_end(at) : 0; });
    case open_rule::map_of_numbers:
      return every_member([&](std::uint32_t at) { return is_number(at) ? flat_end(at) : 0; });
    case open_rule::map_of_texts:
      return every_member([&](std::uint32_t at) {
        if (!is(at, tag::array)) return std::uint32_t{0};
        return all_flat(at, [&](std::uint32_t item) { return is(item, tag::text); });
      });
    case open_rule::scalar:
      return is_number(index) || is(index, tag::text);
    case open_rule::list:
      return is(index, tag::array);
    case open_rule::list_of_scalars:
      return is(index, tag::array) && all_flat(index, [&](std::uint32_t item) {
                                        return is_number(item) || is(item, tag::text);
                                      }) != 0;
    case open_rule::list_of_numbers: {
      if (!is(index, tag::array)) return false;
      std::uint32_t list = index + tape::slot_words;
      for (std::uint32_t left = words_[index]; left != 0; --left) {
        if (!is(list, tag::array)) return false;
        list = all_flat(list, is_number);
        if (list == 0) return false;
      }
      return true;
    }
  }
  return false;
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

}  // namespace chatwire
