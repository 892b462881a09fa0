// JSON that its stream cut off, closed where it ends.
#include "stream/cut_json.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "assembly/raw.hpp"

using chatwire::cut_room;
using chatwire::end_cut_json;
using nlohmann::json;

namespace {

/// What is left of it, or "whole".
std::string closed(std::string_view text) {
  // Exactly as much room as it may take, for the address sanitizer.
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  bytes.resize(text.size() + cut_room, 0xAA);
  auto to = static_cast<std::uint32_t>(text.size());
  const bool cut = end_cut_json(bytes.data(), 0, to);
  CHECK(to <= text.size() + cut_room);
  return cut ? std::string(bytes.begin(), bytes.begin() + to) : "whole";
}

/// Whether all that one value has the other one has, too; texts may be the beginnings of others.
bool is_part(const json& part, const json& of, std::string_view name) {
  if (part.is_string() && of.is_string()) {
    const auto text = part.get<std::string>();
    if (text == of) return true;
    const bool may_be_cut = chatwire::assembly::is_piece_of_text(name) || name == "message";
    return may_be_cut && of.get<std::string>().starts_with(text);
  }
  if (part.is_object() && of.is_object()) {
    for (const auto& [key, value] : part.items())
      if (!of.contains(key) || !is_part(value, of[key], key)) return false;
    return true;
  }
  if (part.is_array() && of.is_array()) {
    if (part.size() > of.size()) return false;
    for (std::size_t i = 0; i < part.size(); ++i)
      if (!is_part(part[i], of[i], name)) return false;
    return true;
  }
  return part == of;
}

}  // namespace

TEST_CASE("what is whole stays as it is") {
  for (const std::string_view text : {R"({"a":1})", R"([])", R"("a")", R"({"a":1}{"b":[2]})",
                                      R"( {"a":"\"}"} )", R"({"a":1}, [DONE])", "{}"})
    CHECK(closed(text) == "whole");
}

TEST_CASE("what is not whole goes, but for texts that come piece by piece") {
  CHECK(closed(R"({"a":1,"b":tru)") == R"({"a":1})");
  CHECK(closed(R"({"a":1,"b":12)") == R"({"a":1})");
  CHECK(closed(R"({"a":1,"b)") == R"({"a":1})");
  CHECK(closed(R"({"a":1,"b":"x)") == R"({"a":1})");
  CHECK(closed(R"({"a":1,"b":"x")") == R"({"a":1,"b":"x"})");
  CHECK(closed(R"({"finish_reason":"sto)") == "{}");
  CHECK(closed(R"({"content":"Hel)") == R"({"content":"Hel"})");
  CHECK(closed(R"({"a":[{"arguments":"{\"b\)") == R"({"a":[{"arguments":"{\"b"}]})");
  CHECK(closed(R"({"error":{"message":"over)") == R"({"error":{"message":"over"}})");
  CHECK(closed(R"({"a":1}{"content":"b)") == R"({"a":1}{"content":"b"})");
  CHECK(closed("{") == "{}");
  CHECK(closed(R"({"content)") == "{}");
}

TEST_CASE("texts end between characters") {
  CHECK(closed("{\"text\":\"a\xC3") == R"({"text":"a"})");
  CHECK(closed("{\"text\":\"a\xF0\x9F\x98") == R"({"text":"a"})");
  for (const std::string_view cut : {R"(\)", R"(\u)", R"(\u00e)", R"(\ud83d)", R"(\ud83d\ude0)"})
    CHECK(closed(std::string(R"({"text":"a)") + std::string(cut)) == R"({"text":"a"})");
  CHECK(closed(R"({"text":"a\u00e4)") == R"({"text":"a\u00e4"})");
  CHECK(closed(R"({"text":"a\ud83d\ude00)") == R"({"text":"a\ud83d\ude00"})");
}

TEST_CASE("what is no JSON, or too deep, is given up") {
  CHECK(closed(R"({"a":1]})").empty());
  CHECK(closed("}").empty());
  CHECK(closed(std::string(1000, '[')).empty());
  CHECK(closed(std::string(256, '[')) == std::string(256, '[') + std::string(256, ']'));
}

TEST_CASE("cut anywhere, it is JSON, and has nothing that the whole does not have") {
  const std::string_view whole =
      R"({"id":"c\u00e41","choices":[ {"index":0,"delta":{"role":"assistant","content":"Gr)"
      "\xC3\xBC\xC3\x9F"
      R"(e \ud83d\ude00 \"x\" )"
      "\xF0\x9F\x98\x80"
      R"(","tool_calls":[{"index":)"
      R"(0,"id":"a","function":{"name":"f","arguments":"{\"a\": [1, \"\\u00e4\"]}"}},)"
      R"({"index":1}]},"logprobs":{"content":[{"token":" a","logprob":-0.5,"bytes":[32,97]}]},)"
      R"("finish_reason":null}],"usage":{"prompt_tokens":12,"details":{}}, "x":[true,false,-1e5]})";
  const json all = json::parse(whole);
  std::size_t longest = 0;
  for (std::size_t at = 1; at < whole.size(); ++at) {
    CAPTURE(at);
    const std::string left = closed(whole.substr(0, at));
    const json part = json::parse(left, nullptr, false);
    REQUIRE_FALSE(part.is_discarded());
    CHECK(is_part(part, all, ""));
    longest = std::max(longest, part.dump().size());
  }
  CHECK(longest == all.dump().size());
  CHECK(closed(whole) == "whole");
}
