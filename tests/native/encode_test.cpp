// Encoding: wire JSON that loses nothing.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "chatwire/chatwire.hpp"
#include "models/merged.hpp"
#include "structs/description.hpp"
#include "structs/generated/descriptions.hpp"
#include "structs/json_text.hpp"

using namespace chatwire;
using nlohmann::json;

namespace {

std::string text_of(std::string_view value) {
  structs::json_text sink;
  sink.text(value);
  return sink.take();
}
std::string number_of(double value) {
  structs::json_text sink;
  sink.number(value);
  return sink.take();
}
std::string json_of(const json& value) {
  structs::json_text sink;
  sink.open(value);
  return sink.take();
}

/// A completion with one choice, which decodes without a repair.
chat_completion plain_completion() {
  chat_completion made;
  choice& only = made.choices.emplace_back();
  only.index = 0;
  only.finish_reason = "stop";
  only.message.emplace().role = "assistant";
  return made;
}

/// What decoding and encoding make of a body.
std::string there_and_back(std::string_view body) { return encode(*decode(body)); }

/// Values of structs at random, such that decoding has nothing to repair.
class random_values {
 public:
  explicit random_values(std::uint32_t seed) : random_(seed) {}

  template <structs::described Model>
  void fill(Model& model, const models::object_schema& schema) {
    structs::for_each_member<Model>([&](auto slot, const auto& one) {
      const models::field& field = schema.fields[slot()];
      // Members that decoding would make up, and the one that makes a chunk an error.
      const bool sure = one.wire == "index" || one.wire == "id" || one.wire == "type" ||
                        one.wire == "function" || one.wire == "message" ||
                        one.wire == "finish_reason" || one.wire == "arguments";
      if (one.wire != "error") fill_member(model.*one.pointer, field, sure);
    });
    if (pick(4) == 0) model.extra = json{{text(), open(models::open_rule::anything)}};
  }

 private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_()) % below; }

  template <class Value>
  void fill_member(field<Value>& member, const models::field& field, bool sure) {
    const std::uint32_t what = pick(6);
    if (!sure && what < 3) return;
    if (!sure && what == 3) {
      member = nullptr;
      return;
    }
    value(member.emplace(), field);
  }
  template <class Item>
  void fill_member(list<Item>& member, const models::field& field, bool) {
    value(static_cast<std::vector<Item>&>(member), field);
  }

  void value(std::string& out, const models::field& field) {
    const auto& known = field.value.known;
    out = known.count != 0 && pick(4) != 0 ? std::string(known.items[pick(known.count)]) : text();
    // Decoding warns of it where there are no calls, and nothing more.
    if (out.empty() || out == "null") out.assign(1, 'x');
  }
  void value(double& out, const models::field&) {
    constexpr double numbers[] = {
        0, 1, 12, 0.1, 1e21, 1e-7, 1.5, 123456, 1e300, 5e-324, 1.7976931348623157e308};
    out = numbers[pick(std::size(numbers))];
  }
  void value(std::int64_t& out, const models::field&) {
    out = static_cast<std::int64_t>(random_()) - (pick(2) == 0 ? 0 : 0x80000000LL);
  }
  void value(bool& out, const models::field&) { out = pick(2) == 0; }
  void value(json& out, const models::field& field) { out = open(field.value.rule); }
  template <structs::described Model>
  void value(Model& out, const models::field& field) {
    fill(out, *field.value.object);
  }
  template <class Item>
  void value(std::vector<Item>& out, const models::field& field) {
    out.resize(1 + pick(3));
    for (Item& item : out) value(item, field);
  }
  template <structs::described Part>
  void value(std::variant<std::string, std::vector<Part>>& out, const models::field& field) {
    if (pick(2) == 0) {
      out = text();
    } else {
      value(out.template emplace<std::vector<Part>>(), field);
    }
  }
  template <structs::described Model, class... Other>
  void value(std::variant<Model, Other...>& out, const models::field& field) {
    if (pick(2) == 0) {
      out = text();
    } else {
      value(out.template emplace<Model>(), field);
    }
  }

  json open(models::open_rule rule) {
    using models::open_rule;
    switch (rule) {
      case open_rule::map:
        return {{text(), open(open_rule::anything)}};
      case open_rule::map_of_text:
        return {{text(), text()}};
      case open_rule::map_of_bools:
        return {{text(), pick(2) == 0}};
      case open_rule::map_of_numbers:
        return {{text(), 0.5}};
      case open_rule::map_of_texts:
        return {{text(), json::array({text()})}};
      case open_rule::scalar:
        return pick(2) == 0 ? json(text()) : json(pick(1000));
      case open_rule::list:
        return json::array({open(open_rule::anything)});
      case open_rule::list_of_scalars:
        return json::array({1, text()});
      case open_rule::list_of_numbers:
        return json::array({json::array({1, 2.5}), json::array()});
      case open_rule::anything:
        break;
    }
    if (pick(2) == 0) return text();
    return {{"a", {1, -2.5, true}}, {text(), json::object()}};
  }

  std::string text() {
    constexpr std::string_view texts[] = {
        "a",
        "Hello, world!",
        "\"quoted\" \\ back",
        "line\nfeed\ttab\r\b\f",
        "\x01\x1f\x7f",
        "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
        "\xED\xA0\xBD",
        "\xED\xB8\x80 low",
        "__proto__",
        "a rather long text that goes on for more than thirty-two bytes, plain"};
    return std::string(texts[pick(std::size(texts))]);
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("strings are escaped where JSON asks for it") {
  CHECK(text_of("") == R"("")");
  CHECK(text_of("plain / text") == R"("plain / text")");
  CHECK(text_of("\"\\") == R"("\"\\")");
  CHECK(text_of("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(text_of(std::string_view("\0\x01\x1f", 3)) == R"("\u0000\u0001\u001f")");
  CHECK(text_of("\x7f") == "\"\x7f\"");
  CHECK(text_of("\xC3\xA9\xF0\x9F\x98\x80") == "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST_CASE("lone surrogates become escapes, other bytes that are not UTF-8 become U+FFFD") {
  CHECK(text_of("\xED\xA0\xBD") == R"("\ud83d")");
  CHECK(text_of("a\xED\xB8\x80z") == R"("a\ude00z")");
  CHECK(text_of("\xFF") == "\"\xEF\xBF\xBD\"");
  CHECK(text_of("a\xE2\x82") == "\"a\xEF\xBF\xBD\"");
  CHECK(text_of("\xC0\x80z") == "\"\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST_CASE("numbers are as short as they can be read back from") {
  CHECK(number_of(0) == "0");
  CHECK(number_of(-0.0) == "-0");
  CHECK(number_of(1) == "1");
  CHECK(number_of(100000) == "100000");
  CHECK(number_of(1677652288) == "1677652288");
  CHECK(number_of(-0.31725305) == "-0.31725305");
  CHECK(number_of(14417.92) == "14417.92");
  CHECK(number_of(1e20) == "100000000000000000000");
  CHECK(number_of(1e21) == "1e+21");
  CHECK(number_of(5e-324) == "5e-324");
  CHECK(number_of(std::numeric_limits<double>::infinity()) == "1e999");
  CHECK(number_of(-std::numeric_limits<double>::infinity()) == "-1e999");
  CHECK(number_of(std::nan("")) == "null");
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (!std::isfinite(number)) continue;
    CHECK(json::parse(number_of(number)).get<double>() == number);
  }
}

TEST_CASE("any JSON is written as it is") {
  const char* text = R"({"a":[1,-2,2.5,18446744073709551615,true,false,null,"x"],"b":{},"c":[[]]})";
  CHECK(json_of(json::parse(text)) == text);
  CHECK(json_of(json::binary({1, 2})) == "null");
}

TEST_CASE("deep values are written without recursion") {
  constexpr int depth = 200'000;
  json deep;
  json* inner = &deep;
  for (int i = 0; i < depth; ++i) {
    *inner = json::array();
    inner = &inner->get_ref<json::array_t&>().emplace_back();
  }
  CHECK(json_of(deep) == std::string(depth, '[') + "null" + std::string(depth, ']'));
}

TEST_CASE("absent, null and empty stay apart") {
  chat_completion completion = plain_completion();
  CHECK(encode(completion) ==
        R"({"choices":[{"index":0,"message":{"role":"assistant"},"finish_reason":"stop"}]})");
  completion.choices[0].message->content = nullptr;
  completion.choices[0].message->refusal = "";
  CHECK(encode(completion) ==
        R"({"choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":""},)"
        R"("finish_reason":"stop"}]})");

  chat_completion_chunk chunk;
  CHECK(encode(chunk) == R"({"choices":[]})");
  chunk.choices.set_null();
  CHECK(encode(chunk) == R"({"choices":null})");
  chunk.choices.set_absent();
  CHECK(encode(chunk) == "{}");
}

TEST_CASE("unknown members stay in place, originals go before repaired values") {
  chat_completion completion = plain_completion();
  completion.created = 1700000000;
  completion.extra = {{"created", "1700000000"}, {"zone", {{"deep", 1}}}, {"\"", 2}};
  CHECK(encode(completion) ==
        R"({"created":"1700000000","choices":[{"index":0,"message":{"role":"assistant"},)"
        R"("finish_reason":"stop"}],"\"":2,"zone":{"deep":1}})");
  completion.extra = "not an object";
  completion.created.reset();
  CHECK(encode(completion) == encode(plain_completion()));
}

TEST_CASE("what chatwire made up does not travel") {
  chat_completion completion = plain_completion();
  completion.choices[0].index_synthetic = true;
  tool_call& call =
      completion.choices[0].message->tool_calls.emplace(std::vector<tool_call>(1)).front();
  call.id = "call_made_up";
  call.id_synthetic = true;
  call.type = "function";
  call.function.emplace().name = "f";
  CHECK(encode(completion) ==
        R"({"choices":[{"message":{"role":"assistant","tool_calls":[{"type":"function",)"
        R"("function":{"name":"f"}}]},"finish_reason":"stop"}]})");
  call.type_synthetic = true;
  call.extra = {{"type", ""}};
  CHECK(encode(completion) ==
        R"({"choices":[{"message":{"role":"assistant","tool_calls":[{"type":"",)"
        R"("function":{"name":"f"}}]},"finish_reason":"stop"}]})");
}

TEST_CASE("bodies that need repair come back as they came") {
  for (const char* body : {
           R"({"created":1700000000.25,"choices":[{"message":{"content":"hi"}}]})",
           R"({"created":"1700000000","choices":[{"index":null,"message":{"tool_calls":[]}}]})",
           R"({"id":7,"model":["m"],"choices":[{"index":0,"message":{"tool_calls":)"
           R"([{"function":{"name":"f","arguments":{"x":1}}},{"id":"","type":""}]}}]})",
           R"({"choices":[{"index":0,"message":null,"finish_reason":"null"}],)"
           R"("usage":{"prompt_tokens":-4,"completion_tokens":14417.92,"total_tokens":"5"}})",
       }) {
    CAPTURE(body);
    REQUIRE(decode(body).ok());
    CHECK(json::parse(there_and_back(body)) == json::parse(body));
    CHECK(*decode(there_and_back(body)) == *decode(body));
  }
}

TEST_CASE("lone surrogates and infinities survive") {
  const std::string body =
      R"({"choices":[{"index":0,"message":{"content":"\ud83d and \ude00"},"finish_reason":"stop",)"
      R"("logprobs":{"content":[{"token":"\ud83d","logprob":-1e999}]}}]})";
  const auto result = decode(body);
  REQUIRE(result.ok());
  CHECK(std::get<std::string>(*result->choices[0].message->content) ==
        "\xED\xA0\xBD and \xED\xB8\x80");
  CHECK(result->choices[0].logprobs->content->front().logprob ==
        -std::numeric_limits<double>::infinity());
  CHECK(*decode(encode(*result)) == *result);
}

TEST_CASE("random completions and chunks survive encoding and decoding") {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    random_values values(seed);
    chat_completion completion;
    values.fill(completion, models::merged::chat_completion);
    const std::string body = encode(completion);
    CAPTURE(body);
    const auto decoded = decode(body);
    REQUIRE_MESSAGE(decoded.ok(), decoded.error().message);
    CHECK(*decoded == completion);
    CHECK(encode(*decoded) == body);

    chat_completion_chunk chunk;
    values.fill(chunk, models::merged::chat_completion_chunk);
    const std::string event = encode(chunk);
    CAPTURE(event);
    const auto chunk_decoded = decode_chunk(event);
    REQUIRE_MESSAGE(chunk_decoded.ok(), chunk_decoded.error().message);
    CHECK(*chunk_decoded == chunk);

    const json value = completion;
    CHECK(value.get<chat_completion>() == completion);
  }
}
