#include "structs/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <vector>

#include "text/utf8.hpp"

namespace chatwire::structs {

using nlohmann::json;

namespace {

// Below it, integers are written without an exponent, as JavaScript does it.
constexpr double plain_integers = 1e21;

// Bytes that stand for themselves in a JSON string of ASCII.
constexpr auto plain_bytes = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

bool is_plain(char byte) { return plain_bytes[static_cast<unsigned char>(byte)]; }

char short_escape_of(char byte) {
  switch (byte) {
    case '"':
    case '\\':
      return byte;
    case '\n':
      return 'n';
    case '\t':
      return 't';
    case '\r':
      return 'r';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    default:
      return 0;
  }
}

}  // namespace

void json_text::number(double value) {
  if (std::isnan(value)) return null();
  if (std::isinf(value)) return word(value > 0 ? "1e999" : "-1e999");
  separate();
  std::array<char, 40> digits{};
  const bool plain = std::fabs(value) < plain_integers && value == std::floor(value);
  const auto [end, error] =
      plain ? std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed)
            : std::to_chars(digits.begin(), digits.end(), value);
  text_.append(digits.data(), end);
}

void json_text::integer(std::int64_t value) {
  separate();
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), value);
  text_.append(digits.data(), end);
}

void json_text::unsigned_integer(std::uint64_t value) {
  separate();
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), value);
  text_.append(digits.data(), end);
}

void json_text::quote(std::string_view value) {
  text_ += '"';
  const char* at = value.data();
  const char* const end = at + value.size();
  while (at != end) {
    const char* const run = at;
    while (at != end && is_plain(*at)) ++at;
    text_.append(run, at);
    if (at != end) at = escape(at, end);
  }
  text_ += '"';
}

/// Writes the character at `at`, which is not plain, and returns the byte after it.
const char* json_text::escape(const char* at, const char* end) {
  const auto byte = static_cast<unsigned char>(*at);
  if (byte < 0x80) {
    if (const char letter = short_escape_of(*at); letter != 0) {
      text_ += '\\';
      text_ += letter;
    } else if (byte < 0x20) {
      escape_unit(byte);
    } else {
      text_ += *at;
    }
    return at + 1;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(at);
  const text::sequence next =
      text::read_sequence(bytes, reinterpret_cast<const std::uint8_t*>(end), true);
  // A sequence that the text ends in the middle of has no length.
  const std::size_t length = next.length == 0 ? static_cast<std::size_t>(end - at) : next.length;
  if (!next.valid) {
    text_ += "\xEF\xBF\xBD";
  } else if ((next.code_point & 0x1FF800U) == 0xD800) {
    escape_unit(next.code_point);
  } else {
    text_.append(at, length);
  }
  return at + length;
}

void json_text::escape_unit(std::uint32_t unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  text_ += "\\u";
  for (const std::uint32_t shift : {12U, 8U, 4U, 0U}) text_ += digits[unit >> shift & 15U];
}

void json_text::scalar(const json& value) {
  switch (value.type()) {
    case json::value_t::string:
      return text(*value.get_ptr<const json::string_t*>());
    case json::value_t::boolean:
      return boolean(*value.get_ptr<const json::boolean_t*>());
    case json::value_t::number_integer:
      return integer(*value.get_ptr<const json::number_integer_t*>());
    case json::value_t::number_unsigned:
      return unsigned_integer(*value.get_ptr<const json::number_unsigned_t*>());
    case json::value_t::number_float:
      return number(*value.get_ptr<const json::number_float_t*>());
    default:
      return null();  // and what JSON does not have: binary values
  }
}

void json_text::open(const json& value) {
  struct container {
    const json* value;
    json::const_iterator next;
  };
  std::vector<container> containers;
  const auto enter = [&](const json& one) {
    if (!one.is_structured()) return scalar(one);
    if (one.is_object()) {
      begin_object();
    } else {
      begin_array();
    }
    containers.push_back({&one, one.begin()});
  };
  enter(value);
  while (!containers.empty()) {
    container& inner = containers.back();
    const bool object = inner.value->is_object();
    if (inner.next == inner.value->end()) {
      if (object) {
        end_object();
      } else {
        end_array();
      }
      containers.pop_back();
      continue;
    }
    if (object) unknown_name(inner.next.key());
    const json& item = *inner.next;
    ++inner.next;
    enter(item);
  }
}

}  // namespace chatwire::structs
