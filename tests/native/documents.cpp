#include "documents.hpp"

#include <algorithm>
#include <cstdio>

#include "texts.hpp"

namespace chatwire::test {

using models::kind;
using models::model;
using models::open_rule;
using models::table_field;
using models::table_object;

namespace {

std::string quoted(std::string_view text) { return join({"\"", text, "\""}); }

}  // namespace

// ---- Any JSON -----------------------------------------------------------------------------------

std::string documents::any() { return join({space(), value(0), space()}); }

std::string documents::space() {
  if (!one_in(6)) return {};
  std::string made;
  for (std::uint32_t left = 1 + below(20); left != 0; --left) made += " \n\r\t"[below(4)];
  return made;
}

std::string documents::plain(std::uint32_t length) {
  const std::string_view pattern =
      pick({"a", "ab, []{}:", "0123456789", "the quick brown fox ", "\x7f~ !#"});
  std::string made;
  while (made.size() < length) made += pattern;
  made.resize(length);
  return made;
}

std::string documents::piece() {
  char digits[8];
  switch (below(14)) {
    case 0:
    case 1:
    case 2:
      return plain(below(40));
    case 3:
      return plain(120 + below(20));
    case 4:
      return one_in(8) ? plain(2030 + below(30)) : plain(14 + below(4));
    case 5:
    case 6:
      return std::string(pick({"\\n", "\\t", "\\r", "\\b", "\\f", "\\\"", "\\\\", "\\/"}));
    case 7:
      return std::string(pick({"\\u0000", "\\u0041", "\\u007f", "\\u0080", "\\u00E9", "\\uFFff"}));
    case 8:
      return std::string(pick({"\\ud83d\\ude00", "\\uD800\\uDC00", "\\uDbFf\\uDfFf"}));
    case 9:
      if (one_in(30)) return std::string(pick({"\\ud800", "\\udc00", "\\ud83d\\n", "\\udbffx"}));
      std::snprintf(digits, sizeof digits, "\\u%04x", below(0xD800));
      return digits;
    case 10:
    case 11:
      return std::string(pick({"\xC3\xA9", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xE4\xB8\xAD",
                               "\xEF\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}));
    case 12:
      return std::string(pick({"\xF0\x9F\x98\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}));
    default: {
      std::string made;
      for (std::uint32_t left = below(60); left != 0; --left) made += "\xE4\xB8\xAD";
      return made;
    }
  }
}

std::string documents::string() {
  std::string made = "\"";
  for (std::uint32_t left = below(5); left != 0; --left) made += piece();
  return made + '"';
}

std::string documents::integer(bool negative) {
  std::string made;
  if (negative && one_in(3)) made += '-';
  const std::uint32_t digits = 1 + (one_in(4) ? below(16) : below(4));
  made += static_cast<char>('1' + below(9));
  for (std::uint32_t i = 1; i < digits; ++i) made += static_cast<char>('0' + below(10));
  return one_in(12) ? "0" : made;
}

std::string documents::number() {
  if (one_in(12)) {
    return std::string(pick({"-0", "-0.0", "0e0", "1e-999", "9007199254740993", "5e-324",
                             "18446744073709551616", "1.7976931348623157e308", "1e23",
                             "9007199254740993.00000000000000000000000000000001"}));
  }
  std::string made = integer(true);
  if (made != "0" && one_in(8)) made += "00000000000000000000";
  if (made == "0" || one_in(2)) {
    made += '.';
    for (std::uint32_t left = 1 + below(one_in(4) ? 40 : 17); left != 0; --left)
      made += static_cast<char>('0' + below(10));
  }
  if (one_in(4)) {
    made += one_in(2) ? 'e' : 'E';
    made += pick({"", "+", "-"});
    made += std::to_string(below(one_in(5) ? 250 : 25));
  }
  return made;
}

std::string documents::name() {
  if (one_in(2)) return string();
  return std::string(
      pick({"\"\"", "\"a\"", "\"\\u0061\"", "\"__proto__\"", "\"\\u005f_proto__\"", "\"b\""}));
}

std::string documents::value(std::uint32_t depth) {
  const std::uint32_t which = below(depth > 4 ? 5 : 8);
  if (which < 2) return string();
  if (which < 4) return number();
  if (which == 4) return std::string(pick({"true", "false", "null"}));
  const bool is_object = which == 5;
  std::string made = is_object ? "{" : "[";
  made += space();
  for (std::uint32_t left = below(5); left != 0; --left) {
    if (is_object) made += join({name(), space(), ":", space()});
    made += join({value(depth + 1), space()});
    if (left > 1) made += join({",", space()});
  }
  return made + (is_object ? '}' : ']');
}

std::string documents::list(std::uint32_t most, std::string (documents::*item)()) {
  std::string made = join({"[", space()});
  for (std::uint32_t left = below(most + 1); left != 0; --left) {
    made += join({(this->*item)(), space()});
    if (left > 1) made += join({",", space()});
  }
  return made + ']';
}

std::string documents::map(std::string (documents::*item)()) {
  std::string made = join({"{", space()});
  for (std::uint32_t left = below(4); left != 0; --left) {
    made += join({name(), ":", space(), (this->*item)(), space()});
    if (left > 1) made += join({",", space()});
  }
  return made + '}';
}

// ---- Bodies -------------------------------------------------------------------------------------

std::string documents::body(model root) { return join({space(), object(root, 0), space()}); }

std::string documents::object(model which, std::uint32_t depth) {
  std::string known = members(models::merged_object(which), depth);
  if (one_in(4)) {
    if (!known.empty()) known += ',';
    known += join({"\"x_", std::to_string(below(100)), "\"", space(), ":", value(3)});
  }
  return join({"{", space(), known, space(), "}"});
}

std::string documents::members(const table_object& schema, std::uint32_t depth) {
  std::vector<std::string> made;
  for (std::uint32_t i = 0; i < schema.count; ++i) {
    const table_field& of = models::table_fields[schema.field + i];
    const std::string_view field_name = name_of(of);
    // What lenient decoding would add is there, and errors are for other tests.
    const bool is_tool_call = schema.id == model::tool_call;
    const bool is_choice = schema.id == model::choice || schema.id == model::chunk_choice;
    const bool needed = field_name == "choices" || (is_choice && field_name == "index") ||
                        (is_tool_call && (field_name == "id" || field_name == "type"));
    if (field_name == "error" && schema.id == model::chat_completion_chunk) continue;
    if (!needed && below(10) >= (depth < 4 ? 5U : 3U)) continue;
    const bool null = !needed && one_in(10);
    made.push_back(join({quoted(field_name), space(), ":", space(),
                         null ? "null" : member_value(schema, of, depth), space()}));
  }
  std::shuffle(made.begin(), made.end(), random_);
  std::string joined;
  for (const std::string& member : made) {
    if (!joined.empty()) joined += join({",", space()});
    joined += member;
  }
  return joined;
}

std::string documents::member_value(const table_object& schema, const table_field& of,
                                    std::uint32_t depth) {
  if (one_in(4)) {
    if ((of.other & models::also_text) != 0) return string();
    if ((of.other & models::also_number) != 0) return number();
  }
  switch (of.of) {
    case kind::text:
      return text(of);
    case kind::integer:
      return integer(true);
    case kind::count:
      return integer(false);
    case kind::number:
      return number();
    case kind::boolean:
      return boolean();
    case kind::object:
      return object(models::table_objects[of.object].id, depth + 1);
    case kind::objects:
      return objects(of, depth);
    case kind::integers:
      return list(5, &documents::whole);
    case kind::numbers:
      return list(5, &documents::number);
    case kind::texts:
      return list(4, &documents::string);
    case kind::content:
      return schema.id == model::message && one_in(3) ? objects(of, depth) : text(of);
    case kind::open:
      return open(of.rule);
  }
  return {};
}

// An empty string is no id and no finish reason.
std::string documents::text(const table_field& of) {
  if (of.known_count != 0 && !one_in(4)) {
    const models::table_value& known = models::table_values[of.known + below(of.known_count)];
    return quoted(text_of(known));
  }
  std::string made = string();
  return made.size() == 2 ? quoted("x") : made;
}

std::string documents::objects(const table_field& of, std::uint32_t depth) {
  std::string made = join({"[", space()});
  for (std::uint32_t left = 1 + below(2); left != 0; --left) {
    made += join({object(models::table_objects[of.object].id, depth + 1), space()});
    if (left > 1) made += join({",", space()});
  }
  return made + ']';
}

std::string documents::open(open_rule rule) {
  switch (rule) {
    case open_rule::anything:
      return value(2);
    case open_rule::map:
      return map(&documents::some_value);
    case open_rule::map_of_text:
      return map(&documents::string);
    case open_rule::map_of_bools:
      return map(&documents::boolean);
    case open_rule::map_of_numbers:
      return map(&documents::number);
    case open_rule::map_of_texts:
      return map(&documents::strings);
    case open_rule::scalar:
      return scalar();
    case open_rule::list:
      return list(4, &documents::some_value);
    case open_rule::list_of_scalars:
      return list(4, &documents::scalar);
    case open_rule::list_of_numbers:
      return list(3, &documents::numbers);
  }
  return {};
}

// ---- Damage -------------------------------------------------------------------------------------

std::string documents::damaged(std::string bytes) {
  constexpr std::string_view telling = "\"\\{}[]:,0123456789-+.eEtfn /u\n";
  constexpr std::string_view edges = "\x01\t\x1F\x7F\x80\xBF\xC0\xC2\xE0\xED\xF0\xF4\xFF";
  for (std::uint32_t left = 1 + below(3); left != 0; --left) {
    const std::size_t at = below(static_cast<std::uint32_t>(bytes.size()) + 1);
    const std::size_t length = 1 + below(8);
    char byte = telling[below(static_cast<std::uint32_t>(telling.size()))];
    if (one_in(4)) byte = edges[below(static_cast<std::uint32_t>(edges.size()))];
    if (one_in(4)) byte = static_cast<char>(below(256));
    switch (below(6)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = byte;
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, 1, byte);
        break;
      case 4:
        bytes.insert(at, bytes.substr(at, length));
        break;
      default:
        bytes.resize(at);
        break;
    }
  }
  return bytes;
}

}  // namespace chatwire::test
