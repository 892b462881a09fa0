#include "tape_json.hpp"

#include <cstring>

#include <doctest/doctest.h>

#include "decode/vocabulary.hpp"

namespace chatwire::test {

using models::kind;
using nlohmann::json;
using tape::tag;
using tape::text_kind;

namespace {

std::string utf8_of(const char16_t* units, std::uint32_t length) {
  std::string made;
  for (std::uint32_t i = 0; i < length; ++i) {
    std::uint32_t point = units[i];
    const bool pair = point >> 10U == 0x36 && i + 1 < length && units[i + 1] >> 10U == 0x37;
    if (pair) point = 0x10000 + ((point & 0x3FFU) << 10U) + (units[++i] & 0x3FFU);
    const auto put = [&made](std::uint32_t byte) { made += static_cast<char>(byte); };
    const auto tail = [&](std::uint32_t shift) { put(0x80 + (point >> shift) % 64); };
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xC0 + point / 64);
      tail(0);
    } else if (point < 0x10000) {
      put(0xE0 + point / 4096);
      tail(6);
      tail(0);
    } else {
      put(0xF0 + point / 262144);
      tail(12);
      tail(6);
      tail(0);
    }
  }
  return made;
}

bool all_ascii(std::string_view text) {
  for (const char byte : text)
    if (static_cast<unsigned char>(byte) >= 0x80) return false;
  return true;
}

}  // namespace

std::string text_of(const text::text_store& store, std::string_view input, text::cell cell) {
  const std::size_t end = std::size_t{cell.position} + cell.length();
  switch (cell.kind()) {
    case text_kind::constant:
      REQUIRE(cell.position < vocabulary_size);
      REQUIRE(cell.length() == vocabulary[cell.position].size());
      return std::string(vocabulary[cell.position]);
    case text_kind::pool16:
      REQUIRE(end <= store.pool16_size());
      return utf8_of(store.pool16() + cell.position, cell.length());
    case text_kind::text16:
      return utf8_of(store.text16() + cell.position, cell.length());
    case text_kind::pool8:
      REQUIRE((end <= store.pool8_size() || cell.position >= tape::first_name));
      break;
    case text_kind::input8:
      REQUIRE(end <= input.size());
      break;
    case text_kind::proto:
      REQUIRE(cell.length() == 9);
      break;
    default:
      REQUIRE(cell.kind() == text_kind::text8);
      break;
  }
  std::string made(store.narrow(cell));
#if CHATWIRE_UTF16_TEXT
  REQUIRE(all_ascii(made));
#else
  static_cast<void>(all_ascii);
#endif
  return made;
}

decoder_options options_for(body_kind kind) {
  decoder_options options;
  options.kind = kind;
  return options;
}

const decoded& tape_json::decode(std::string_view bytes, const decoder_options& options) {
  input_ = std::make_unique<exact_copy>(bytes);
  result_ = decoder_.decode(input_->view(), options);
  return result_;
}

bool tape_json::has_issue(std::string_view code) {
  for (const json& issue : issues())
    if (issue["code"] == code) return true;
  return false;
}

std::string tape_json::text(std::uint32_t word) const {
  const std::uint32_t* words = decoder_.words();
  return text_of(decoder_.text(), input_->view(), {words[word], words[word + 1]});
}

double tape_json::number(std::uint32_t word) const {
  double value = 0;
  std::memcpy(&value, decoder_.words() + word, sizeof value);
  return value;
}

json tape_json::value(std::uint32_t at) const { return open(at); }

// Leaves `at` behind the value.
json tape_json::open(std::uint32_t& at) const {
  const std::uint32_t* cell = decoder_.words() + at;
  at += tape::slot_words;
  if (cell[1] < tape::tag_base) return number(at - tape::slot_words);
  switch (static_cast<tag>(cell[1])) {
    case tag::null:
      return nullptr;
    case tag::no:
      return false;
    case tag::yes:
      return true;
    case tag::text:
    case tag::big:
      at += tape::slot_words;
      return text(at - tape::slot_words);
    case tag::array: {
      json made = json::array();
      for (std::uint32_t left = cell[0]; left != 0; --left) made.push_back(open(at));
      return made;
    }
    case tag::object: {
      json made = json::object();
      for (std::uint32_t left = cell[0]; left != 0; --left) {
        const std::string name = text(at);
        at += tape::slot_words;
        made[name] = open(at);
      }
      return made;
    }
  }
  REQUIRE_MESSAGE(false, "no tag: " << cell[1]);
  return nullptr;
}

json tape_json::object(std::uint32_t at, models::model which) const {
  const models::table_object& schema = models::merged_object(which);
  const std::uint32_t* header = decoder_.words() + at;
  REQUIRE(header[3] >= at + tape::header_words + tape::slot_words * schema.slots);
  json made = json::object();
  for (std::uint32_t i = 0; i < schema.count; ++i) {
    const models::table_field& of = models::table_fields[schema.field + i];
    const bool present = (header[0] >> of.slot & 1U) != 0;
    const bool null = (header[1] >> of.slot & 1U) != 0;
    if (!present && !null) continue;
    const std::uint32_t slot = at + tape::header_words + tape::slot_words * of.slot;
    json& member_made = made[std::string(name_of(of))];
    if (present && null) continue;
    member_made = present ? member(slot, of) : value(decoder_.words()[slot]);
  }
  if (header[2] != 0) add_extras(header[2], made);
  return made;
}

json tape_json::member(std::uint32_t slot, const models::table_field& of) const {
  const std::uint32_t first = decoder_.words()[slot];
  const std::uint32_t second = decoder_.words()[slot + 1];
  const auto each = [&](auto item) {
    json made = json::array();
    for (std::uint32_t i = 0; i < second; ++i) made.push_back(item(first + tape::slot_words * i));
    return made;
  };
  switch (of.of) {
    case kind::text:
      return text(slot);
    case kind::integer:
    case kind::count:
    case kind::number:
      return number(slot);
    case kind::boolean:
      REQUIRE(first <= 1);
      return first == 1;
    case kind::object:
      return object(first, models::table_objects[of.object].id);
    case kind::objects:
      return objects(first, second, models::table_objects[of.object].id);
    case kind::integers:
    case kind::numbers:
      return each([this](std::uint32_t word) { return number(word); });
    case kind::texts:
      return each([this](std::uint32_t word) { return text(word); });
    case kind::open:
      return value(first);
    case kind::content:
      if ((second & 7U) != static_cast<std::uint32_t>(text_kind::parts)) return text(slot);
      return objects(first, second >> 3U, models::table_objects[of.object].id);
  }
  return nullptr;
}

json tape_json::objects(std::uint32_t first, std::uint32_t count, models::model which) const {
  json made = json::array();
  for (std::uint32_t at = first; count != 0; --count, at = decoder_.words()[at + 3])
    made.push_back(object(at, which));
  return made;
}

void tape_json::add_extras(std::uint32_t entry, json& to) const {
  for (const std::uint32_t* words = decoder_.words(); entry != 0; entry = words[entry]) {
    REQUIRE((words[entry] == 0 || words[entry] > entry));
    if (words[entry + 1] == tape::stale_original) continue;
    to[text(entry + 2)] = value(entry + tape::extra_words);
  }
}

bool same(const json& ours, const json& theirs) {
  if (theirs.is_number()) {
    if (!ours.is_number()) return false;
    const auto a = ours.get<double>();
    const auto b = theirs.get<double>();
    if (!theirs.is_number_float()) return a == b;
    return std::memcmp(&a, &b, sizeof a) == 0;
  }
  if (ours.type() != theirs.type() || ours.size() != theirs.size()) return false;
  if (!theirs.is_structured()) return ours == theirs;
  for (auto [one, other] = std::pair(ours.begin(), theirs.begin()); one != ours.end();
       ++one, ++other) {
    if (theirs.is_object() && one.key() != other.key()) return false;
    if (!same(*one, *other)) return false;
  }
  return true;
}

json outcome(tape_json& decoder, std::string_view body, const decoder_options& options) {
  const decoded& result = decoder.decode(body, options);
  json made = {{"ok", result.ok}, {"issues", decoder.issues()}};
  if (result.root != 0) made["value"] = decoder.object(result.root, models::model::chat_completion);
  if (result.error != 0) made["error"] = decoder.object(result.error, models::model::error_payload);
  if (result.raw != 0) made["raw"] = decoder.value(result.raw);
  return made;
}

std::string repaired(std::string_view bytes) {
  const json text = std::string(bytes);
  return json::parse(text.dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

oracle::oracle(std::string_view bytes) {
  try {
    value = json::parse(repaired(bytes));
    if (bytes.find('\0') != std::string_view::npos) said = refused;
  } catch (const json::out_of_range&) {
    said = beyond;
  } catch (const json::parse_error& error) {
    said = std::strstr(error.what(), "surrogate") == nullptr ? refused : beyond;
  }
}

bool compare_json(tape_json& decoder, std::string_view bytes) {
  CAPTURE(bytes);
  const decoded& result = decoder.decode(bytes, any_json);
  const oracle theirs(bytes);
  if (result.ok) {
    CHECK(theirs.said != oracle::refused);
    const json ours = decoder.value(result.root);
    if (theirs.said == oracle::accepted) CHECK(same(ours, theirs.value));
    return true;
  }
  // Only the decoder has limits.
  CHECK((theirs.said != oracle::accepted || result.failure == issue_code::LIMIT));
  const json issues = decoder.issues();
  CHECK(issues.back()["severity"] == "error");
  CHECK(issues.back()["offset"] <= bytes.size());
  return false;
}

}  // namespace chatwire::test
