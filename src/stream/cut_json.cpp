#include "stream/cut_json.hpp"

#include <string_view>

#include "assembly/raw.hpp"
#include "text/escape.hpp"

namespace chatwire {
namespace {

// Where the text that begins at `at` and has no quote after it can end: not within a character, nor
// between the halves of one.
std::uint32_t end_text(const std::uint8_t* bytes, std::uint32_t at, std::uint32_t to) {
  while (at != to) {
    std::uint32_t length = 1;
    if (bytes[at] == '\\') {
      length = to - at > 1 && bytes[at + 1] == 'u' ? 6 : 2;
      const bool is_first_half = length == 6 && to - at >= 6 && to - at < 12 &&
                                 (text::read_hex4(bytes + at + 2) & 0xFC00) == 0xD800;
      if (is_first_half) return at;
    } else if (bytes[at] >= 0xC0) {
      length = bytes[at] < 0xE0 ? 2 : bytes[at] < 0xF0 ? 3 : 4;
    }
    if (length > to - at) return at;
    at += length;
  }
  return to;
}

}  // namespace

bool end_cut_json(std::uint8_t* bytes, std::uint32_t from, std::uint32_t& to) {
  std::uint8_t closers[deepest_cut];
  std::uint32_t depth = 0;
  std::uint32_t whole = from;  // up to here it can be closed
  std::string_view name;
  const auto give_up = [&] {
    to = from;
    return true;
  };
  bool is_value = true;
  bool is_cut = false;
  for (std::uint32_t at = from; at != to && !is_cut;) {
    const std::uint8_t byte = bytes[at];
    const std::uint32_t start = at++;
    if (byte == '"') {
      while (at < to && bytes[at] != '"') at += bytes[at] == '\\' ? 2 : 1;
      const std::string_view inside(reinterpret_cast<const char*>(bytes) + start + 1,
                                    (at < to ? at : to) - start - 1);
      is_cut = at >= to;
      if (!is_cut) {
        ++at;
        if (is_value) whole = at;
        if (!is_value) name = inside;
      } else if (is_value &&
                 (assembly::is_piece_of_text(name) || assembly::same(name, "message"))) {
        whole = end_text(bytes, start + 1, to);
        bytes[whole++] = '"';
      }
    } else if ((byte | 0x20U) == '{') {
      if (depth == deepest_cut) return give_up();
      closers[depth++] = static_cast<std::uint8_t>(byte + 2);
      is_value = byte == '[';
      whole = at;
    } else if ((byte | 0x20U) == '}') {
      if (depth == 0 || closers[--depth] != byte) return give_up();
      whole = at;
      is_value = depth == 0 || closers[depth - 1] == ']';
    } else if (byte == ',') {
      is_value = depth == 0 || closers[depth - 1] == ']';
    } else if (byte == ':') {
      is_value = true;
    } else if (!assembly::is_space(static_cast<char>(byte))) {
      while (at != to && bytes[at] != ',' && (bytes[at] | 0x20U) != '}' &&
             !assembly::is_space(static_cast<char>(bytes[at])))
        ++at;
      is_cut = at == to;
      if (!is_cut) whole = at;
    }
  }
  if (depth == 0 && !is_cut) return false;
  while (depth != 0) bytes[whole++] = closers[--depth];
  to = whole;
  return true;
}

}  // namespace chatwire
