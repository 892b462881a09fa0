// The structs of the models, and what becomes of a tape, of issues and of JSON in them.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "chatwire/chatwire.hpp"
#include "models/contracts.hpp"
#include "structs/description.hpp"
#include "structs/from_tape.hpp"
#include "structs/generated/descriptions.hpp"
#include "structs/open_value.hpp"
#include "tape/tape.hpp"
#include "tape/view.hpp"

using namespace chatwire;
using nlohmann::json;

namespace {

/// A tape written by hand.
class hand_tape {
 public:
  hand_tape() { words_.resize(2); }  // word 0 is nobody's

  std::uint32_t end() const { return static_cast<std::uint32_t>(words_.size()); }

  std::uint32_t cell(std::uint32_t first, std::uint32_t second) {
    words_.insert(words_.end(), {first, second});
    return end() - 2;
  }
  std::uint32_t tagged(tape::tag what, std::uint32_t count = 0) {
    return cell(count, static_cast<std::uint32_t>(what));
  }
  std::uint32_t number(double value) {
    std::uint32_t halves[2];
    std::memcpy(halves, &value, sizeof value);
    return cell(halves[0], halves[1]);
  }
  std::uint32_t text(std::string_view value) {
    pool_ += value;
    const auto length = static_cast<std::uint32_t>(value.size());
    return cell(static_cast<std::uint32_t>(pool_.size()) - length, length << 3U);
  }
  std::uint32_t open_text(std::string_view value) {
    const std::uint32_t at = tagged(tape::tag::text);
    text(value);
    return at;
  }

  /// The header of an object and room for its slots.
  std::uint32_t object(std::uint32_t slots) {
    const std::uint32_t at = end();
    words_.resize(words_.size() + tape::header_words + tape::slot_words * slots);
    words_[at + 3] = end();
    return at;
  }
  void set(std::uint32_t object, std::uint32_t slot, std::uint32_t first, std::uint32_t second) {
    words_[object] |= 1U << slot;
    const std::uint32_t at = object + tape::header_words + tape::slot_words * slot;
    words_[at] = first;
    words_[at + 1] = second;
  }
  void set_number(std::uint32_t object, std::uint32_t slot, double value) {
    std::uint32_t halves[2];
    std::memcpy(halves, &value, sizeof value);
    set(object, slot, halves[0], halves[1]);
  }
  void set_text(std::uint32_t object, std::uint32_t slot, std::string_view value) {
    pool_ += value;
    const auto length = static_cast<std::uint32_t>(value.size());
    set(object, slot, static_cast<std::uint32_t>(pool_.size()) - length, length << 3U);
  }
  void set_null(std::uint32_t object, std::uint32_t slot) {
    words_[object] |= 1U << slot;
    words_[object + 1] |= 1U << slot;
  }
  void set_open(std::uint32_t object, std::uint32_t slot, std::uint32_t value) {
    set(object, slot, value, 0);
    words_[object] &= ~(1U << slot);
    words_[object + 1] |= 1U << slot;
  }
  /// Where the next value is an extra member's.
  void extra(std::uint32_t object, std::string_view name, std::uint32_t original = 0) {
    const std::uint32_t at = cell(words_[object + 2], original);
    text(name);
    words_[object + 2] = at;
  }

  tape::view view() const { return {words_.data(), pool_, {}, words}; }

 private:
  static constexpr std::string_view words[] = {"", "stop", "assistant"};
  std::vector<std::uint32_t> words_;
  std::string pool_;
};

template <class Model>
Model read(const hand_tape& tape, std::uint32_t at) {
  Model read{};
  structs::read_object(tape.view(), at, read);
  return read;
}

constexpr std::uint32_t slot_of(const models::object_schema& of, std::string_view wire) {
  return of.find(wire)->slot;
}

/// Every slot, name and flag of a struct's description against the merged model.
template <class Model>
void check_description(const models::object_schema& merged) {
  CAPTURE(merged.name);
  REQUIRE(structs::member_count<Model> == merged.count);
  structs::for_each_member<Model>([&](auto slot, const auto& one) {
    CHECK(one.wire == merged.fields[slot()].name());
    CHECK(slot() == merged.fields[slot()].slot);
  });
  std::size_t flags = 0;
  structs::for_each_flag<Model>([&](auto slot, const auto& one) {
    ++flags;
    const std::string name(merged.fields[slot()].name());
    if (one.about >= 0) {
      CHECK(name ==
            std::string(merged.fields[static_cast<std::size_t>(one.about)].name()) + "_synthetic");
    }
  });
  CHECK(structs::member_count<Model> + flags == merged.slots);
}

}  // namespace

TEST_CASE("a field is absent, null or has a value") {
  // In a vector, where g++ does not see through it and warn of what it thinks it sees.
  std::vector<field<std::string>> fields(1);
  field<std::string>& text = fields.front();
  CHECK(text.is_absent());
  CHECK_FALSE(text.is_null());
  CHECK_FALSE(text.has_value());

  text = nullptr;
  CHECK(text.is_null());
  CHECK(text == nullptr);
  CHECK_FALSE(text.has_value());

  text = "";
  CHECK(text.has_value());
  CHECK(text == "");
  CHECK_FALSE(text.is_null());
  CHECK_FALSE(text.is_absent());

  text = nullptr;
  text.reset();
  CHECK(text.is_absent());
  text = nullptr;
  text = std::nullopt;
  CHECK(text.is_absent());

  CHECK(field<std::string>() != field<std::string>(nullptr));
  CHECK(field<std::string>(nullptr) == field<std::string>(nullptr));
  CHECK(field<std::string>("a") == field<std::string>("a"));
  CHECK(field<std::string>("a") != field<std::string>("b"));
  CHECK(field<double>(1) == 1);
}

TEST_CASE("large values lie outside of their fields, and belong to them all the same") {
  static_assert(sizeof(usage) > 64 && sizeof(field<usage>) <= 2 * sizeof(void*));
  usage given;
  given.prompt_tokens = 1.0;
  field<usage> one = given;
  field<usage> other = one;
  other->prompt_tokens = 2.0;
  CHECK(one->prompt_tokens == 1.0);
  one = other;
  CHECK(one == other);
  other.reset();
  CHECK(other.is_absent());
  CHECK_THROWS_AS(static_cast<void>(other.value()), std::bad_optional_access);
  CHECK(one.value().prompt_tokens == 2.0);
  CHECK(other.value_or(usage{}) == usage{});
  one = given;
  one->prompt_tokens = 2.0;
  CHECK(given.prompt_tokens == 1.0);
  field<usage> moved = std::move(one);
  CHECK(moved->prompt_tokens == 2.0);
  moved = nullptr;
  CHECK(moved.is_null());
  CHECK(moved != other);
}

TEST_CASE("a list remembers that there was none") {
  list<choice> choices;
  CHECK_FALSE(choices.is_absent());
  list<choice> absent;
  absent.set_absent();
  CHECK(absent.is_absent());
  CHECK(absent != choices);
  choices.set_null();
  CHECK(choices.is_null());
  CHECK(absent != choices);
  choices.emplace_back();
  CHECK_FALSE(choices.is_null());
}

TEST_CASE("structs are described slot by slot as the models are") {
#define CHATWIRE_MODEL(name) check_description<chatwire::name>(models::merged::name);
  CHATWIRE_MODELS(CHATWIRE_MODEL)
#undef CHATWIRE_MODEL
}

TEST_CASE("the contracts have the same numbers for users as inside") {
  CHECK(static_cast<int>(contract::none) == static_cast<int>(models::contract_id::none));
  CHECK(static_cast<int>(contract::atoma) == static_cast<int>(models::contract_id::atoma));
  CHECK(static_cast<int>(contract::log10) == static_cast<int>(models::contract_id::log10));
  CHECK(static_cast<int>(contract::argot) == static_cast<int>(models::contract_id::argot));
  CHECK(static_cast<int>(contract::sudo) == static_cast<int>(models::contract_id::sudo));
  CHECK(static_cast<int>(contract::openai) == static_cast<int>(models::contract_id::openai));
  CHECK(static_cast<int>(contract::openrouter) ==
        static_cast<int>(models::contract_id::openrouter));
  CHECK(static_cast<int>(contract::mistral) == static_cast<int>(models::contract_id::mistral));
  CHECK(static_cast<int>(contract::groq) == static_cast<int>(models::contract_id::groq));
}

TEST_CASE("cells are texts of all kinds") {
  const std::uint32_t words[] = {1, 3 << 3 | 0, 2, 2 << 3 | 1, 1, 4 << 3 | 5, 0, 9 << 3 | 7};
  const std::string_view vocabulary[] = {"", "stop"};
  const tape::view tape{words, "abcdef", "uvwxyz", vocabulary};
  CHECK(tape.text(0) == "bcd");
  CHECK(tape.text(2) == "wx");
  CHECK(tape.text(4) == "stop");
  CHECK(tape.text(6) == "__proto__");
}

// Looking for the member again reads names, for which the text may move.
TEST_CASE("the type of an unknown part is told, however long the names beside it are") {
  for (std::size_t size = 16; size < 3000; size += 64) {
    CAPTURE(size);
    const std::string name = "\\u0061" + std::string(size, 'n');
    const std::string body =
        R"({"choices":[{"index":0,"finish_reason":"stop","message":{"content":[{")" + name +
        R"(":1,"type":"holo\u0067ram"}]}}]})";
    const auto made = chatwire::decode(body);
    REQUIRE(made.issues().size() == 1);
    CHECK(made.issues()[0].code == issue_code::UNKNOWN_PART_TYPE);
    CHECK(made.issues()[0].message.find("hologram") != std::string::npos);
  }
}

TEST_CASE("open values of every kind become JSON") {
  hand_tape tape;
  const std::uint32_t at = tape.tagged(tape::tag::object, 5);
  tape.text("list");
  tape.tagged(tape::tag::array, 6);
  tape.tagged(tape::tag::null);
  tape.tagged(tape::tag::no);
  tape.tagged(tape::tag::yes);
  tape.number(1.5);
  tape.tagged(tape::tag::array, 0);
  tape.open_text("text");
  tape.text("empty");
  tape.tagged(tape::tag::object, 0);
  tape.text("big");
  tape.tagged(tape::tag::big);
  tape.text("9007199254740993");
  tape.text("bigger");
  tape.tagged(tape::tag::big);
  tape.text("18446744073709551615");
  tape.text("__proto__");
  tape.number(-3);
  CHECK(structs::open_value(tape.view(), at) ==
        json::parse(R"({"list": [null, false, true, 1.5, [], "text"], "empty": {},
                        "big": 9007199254740993, "bigger": 18446744073709551615,
                        "__proto__": -3})"));
}

TEST_CASE("numbers of open values are what nlohmann parses them to") {
  for (const char* text : {"0", "1", "-1", "1.5", "-0.0", "9007199254740991", "1e300", "-1e-7"}) {
    CAPTURE(text);
    const json parsed = json::parse(text);
    const json made = structs::number_value(parsed.get<double>());
    CHECK(made == parsed);
    CHECK(made.type() == parsed.type());
  }
  CHECK(std::signbit(structs::number_value(-0.0).get<double>()));
}

TEST_CASE("deep open values are built without recursion") {
  constexpr std::uint32_t depth = 200'000;
  hand_tape tape;
  const std::uint32_t at = tape.end();
  for (std::uint32_t i = 0; i < depth; ++i) tape.tagged(tape::tag::array, 1);
  tape.tagged(tape::tag::null);
  json value = structs::open_value(tape.view(), at);
  std::uint32_t found = 0;
  for (const json* inner = &value; inner->is_array(); inner = &inner->front()) ++found;
  CHECK(found == depth);
}

TEST_CASE("integers that no std::int64_t holds are kept under extra") {
  const std::uint32_t created = slot_of(models::merged::chat_completion, "created");
  for (const double number : {1e300, -1e19, 0x1p63}) {
    hand_tape tape;
    const std::uint32_t at = tape.object(models::merged::chat_completion.slots);
    tape.set_number(at, created, number);
    const auto completion = read<chat_completion>(tape, at);
    CHECK(completion.created.is_absent());
    CHECK(completion.extra == json{{"created", number}});
  }
  hand_tape tape;
  const std::uint32_t at = tape.object(models::merged::chat_completion.slots);
  tape.set_number(at, created, -0x1p63);
  CHECK(read<chat_completion>(tape, at).created == std::numeric_limits<std::int64_t>::min());

  hand_tape list;
  const std::uint32_t token = list.object(models::merged::top_logprob.slots);
  const std::uint32_t first = list.number(72);
  list.number(1e300);
  list.set(token, slot_of(models::merged::top_logprob, "bytes"), first, 2);
  const auto logprob = read<top_logprob>(list, token);
  CHECK(logprob.bytes.is_absent());
  CHECK(logprob.extra == json{{"bytes", {72, 1e300}}});
}

TEST_CASE("a value in another form than its member's stays what it is") {
  const std::uint32_t reason = slot_of(models::merged::chunk_choice, "stop_reason");
  const auto with = [&](auto put) {
    hand_tape tape;
    const std::uint32_t at = tape.object(models::merged::chunk_choice.slots);
    put(tape, at);
    return read<chunk_choice>(tape, at);
  };
  const chunk_choice text = with([&](hand_tape& tape, std::uint32_t at) {
    tape.set_open(at, reason, tape.open_text("</s>"));
  });
  REQUIRE(text.stop_reason.has_value());
  CHECK(std::get<std::string>(*text.stop_reason) == "</s>");

  const chunk_choice number = with(
      [&](hand_tape& tape, std::uint32_t at) { tape.set_open(at, reason, tape.number(128009)); });
  REQUIRE(number.stop_reason.has_value());
  CHECK(std::get<double>(*number.stop_reason) == 128009);

  const chunk_choice other = with([&](hand_tape& tape, std::uint32_t at) {
    tape.set_open(at, reason, tape.tagged(tape::tag::yes));
  });
  CHECK(other.stop_reason.is_absent());
  CHECK(other.extra == json{{"stop_reason", true}});

  const chunk_choice delta = with([&](hand_tape& tape, std::uint32_t at) {
    tape.set_open(at, slot_of(models::merged::chunk_choice, "delta"), tape.number(1));
  });
  CHECK(delta.delta.is_absent());
  CHECK(delta.extra == json{{"delta", 1}});
}

TEST_CASE("extra members are read, stale originals are not") {
  hand_tape tape;
  const std::uint32_t at = tape.object(models::merged::tool_call.slots);
  tape.set_text(at, slot_of(models::merged::tool_call, "id"), "call_1");
  tape.set_null(at, slot_of(models::merged::tool_call, "type"));
  tape.set(at, models::merged::tool_call.count, 1, 0);  // the first flag
  tape.extra(at, "a");
  tape.number(1);
  tape.extra(at, "b", tape::stale_original);
  tape.number(2);
  tape.extra(at, "type", 2);
  tape.open_text("original");
  const auto call = read<tool_call>(tape, at);
  CHECK(call.id == "call_1");
  CHECK(call.id_synthetic);
  CHECK_FALSE(call.type_synthetic);
  CHECK(call.type.is_null());
  CHECK(call.function.is_absent());
  CHECK(call.extra == json{{"a", 1}, {"type", "original"}});
}

TEST_CASE("a body becomes a completion") {
  const auto result = decode(R"({"id": "chatcmpl-1", "object": "chat.completion", "created": 7,
      "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message":
      {"role": "assistant", "content": "Hello", "refusal": null}}],
      "usage": {"prompt_tokens": 9, "completion_tokens": 12.5, "total_tokens": 21.5},
      "x-ray": {"b": [1, "two"]}})");
  REQUIRE(result.ok());
  CHECK(static_cast<bool>(result));
  CHECK(result->id == "chatcmpl-1");
  CHECK(result->created == 7);
  REQUIRE(result->choices.size() == 1);
  const message& said = *result->choices[0].message;
  CHECK(said.role == "assistant");
  CHECK(std::get<std::string>(*said.content) == "Hello");
  CHECK(said.refusal.is_null());
  CHECK(said.tool_calls.is_absent());
  CHECK(result->usage->completion_tokens == 12.5);
  CHECK(result->extra == json{{"x-ray", {{"b", {1, "two"}}}}});
  REQUIRE(result.issues().size() == 2);
  const issue& fraction = result.issues()[0];
  CHECK(fraction.code == issue_code::NOT_INTEGER);
  CHECK(fraction.severity == severity::warning);
  CHECK(path_text(fraction.path) == "usage.completion_tokens");
  CHECK(fraction.received == "12.5");
  CHECK(fraction.offset != 0);
}

TEST_CASE("parts of a message are structs") {
  const auto result = decode(R"({"choices": [{"index": 0, "finish_reason": "stop", "message":
      {"role": "assistant", "content": [{"type": "text", "text": "a"},
      {"type": "image_url", "image_url": "https://example.com/a.png"},
      {"type": "image_url", "image_url": {"url": "https://example.com/b.png"}}]}}]})");
  REQUIRE(result.ok());
  const auto& parts = std::get<std::vector<content_part>>(*result->choices[0].message->content);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].text == "a");
  CHECK(std::get<std::string>(*parts[1].image_url) == "https://example.com/a.png");
  CHECK(std::get<image_url>(*parts[2].image_url).url == "https://example.com/b.png");
}

TEST_CASE("a chunk becomes a chunk") {
  const auto result = decode_chunk(R"({"id": "1", "choices": [{"index": 0, "delta":
      {"content": "Hel"}, "finish_reason": null, "stop_reason": {"Int": 5}}]})");
  REQUIRE(result.ok());
  CHECK(std::get<std::string>(*result->choices[0].delta->content) == "Hel");
  CHECK(result->choices[0].finish_reason.is_null());
  CHECK(std::get<stop_reason>(*result->choices[0].stop_reason).int_value == 5);
}

TEST_CASE("a failure says why, where, and what there is") {
  const auto cut = decode(R"({"id": "chatcmpl-1", "choices": [{"index": 0, "message": {"con)");
  CHECK_FALSE(cut.ok());
  CHECK(cut.error().code == issue_code::TRUNCATED);
  CHECK_FALSE(cut.error().message.empty());
  CHECK(cut->id == "chatcmpl-1");
  CHECK_FALSE(cut.issues().empty());

  const auto strict = decode(R"({"id": "1", "choices": []})", {.contract = contract::atoma});
  CHECK_FALSE(strict.ok());
  CHECK(strict.error().code == issue_code::MISSING);
  CHECK(strict.issues().size() >= 3);

  const auto nothing = decode("");
  CHECK(nothing.error().code == issue_code::EMPTY_BODY);
  CHECK(nothing->choices.empty());
}

TEST_CASE("a provider's error is readable") {
  const auto result = decode(R"({"error": {"message": "Rate limit", "code": 429, "type": "limit",
      "more": true}, "user_id": "u"})");
  CHECK_FALSE(result.ok());
  CHECK(result.error().code == issue_code::PROVIDER_ERROR);
  REQUIRE(result.error().provider.has_value());
  CHECK(result.error().provider->message == "Rate limit");
  CHECK(result.error().provider->code == json(429));
  CHECK(result.error().provider->extra == json{{"more", true}});
  CHECK(result.error().body["user_id"] == "u");
}

TEST_CASE("what a contract leaves open is kept under extra") {
  const std::string_view body = R"({"id":"1","object":"chat.completion","created":1,"model":"m",)"
                                R"("choices":[{"index":0,"message":{"role":"assistant","audio":5},)"
                                R"("logprobs":["odd"],"finish_reason":"stop"}],"usage":)"
                                R"({"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,)"
                                R"("prompt_tokens_details":{"cached_tokens":0}}})";
  const auto sudo = decode(body, {.contract = contract::sudo});
  REQUIRE_MESSAGE(sudo.ok(), sudo.error().message);
  CHECK(sudo->choices[0].logprobs.is_absent());
  CHECK(sudo->choices[0].extra == json{{"logprobs", {"odd"}}});
  CHECK(sudo->choices[0].message->extra == json{{"audio", 5}});
  CHECK(sudo->usage->extra == json{{"prompt_tokens_details", {{"cached_tokens", 0}}}});
  CHECK(json::parse(encode(*sudo)) == json::parse(body));

  const auto mistral = decode_chunk(R"({"id": "1", "model": "m", "choices": [{"index": 0,
      "finish_reason": null, "delta": {"tool_calls": [{"function": {"name": "f",
      "arguments": {"x": 1}}}]}}]})",
                                    {.contract = contract::mistral});
  REQUIRE_MESSAGE(mistral.ok(), mistral.error().message);
  const tool_call_delta& call = mistral->choices[0].delta->tool_calls->front();
  CHECK(call.function->name == "f");
  CHECK(call.function->extra == json{{"arguments", {{"x", 1}}}});
}

TEST_CASE("one decoder serves many inputs") {
  body_decoder decoder;
  for (int i = 0; i < 3; ++i) {
    CHECK(decoder.decode(R"({"choices": [{"index": 0, "message": {}, "finish_reason": "stop"}]})"));
    CHECK_FALSE(decoder.decode("{").ok());
    CHECK(decoder.decode_chunk(R"({"choices": []})"));
  }
  body_decoder moved = std::move(decoder);
  CHECK(moved.decode_chunk(R"({"choices": []})"));
}

TEST_CASE("structs go to nlohmann::json and back") {
  const char* body = R"({"id": "1", "created": 1700000000, "choices": [{"index": 0, "message":
      {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function",
      "function": {"name": "f", "arguments": "{}"}}], "own": 1}, "logprobs": {"content":
      [{"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}]},
      "finish_reason": "tool_calls"}], "usage": {"prompt_tokens": 1, "cost": 0.25},
      "metadata": {"a": "b"}, "unknown": [{}]})";
  const auto result = decode(body);
  REQUIRE(result.ok());
  const json value = *result;
  CHECK(value == json::parse(body));
  CHECK(value.dump() == json::parse(body).dump());
  CHECK(value.get<chat_completion>() == *result);
  CHECK(json::parse(body).get<chat_completion>() == *result);
  const json usage_alone = *result->usage;
  CHECK(usage_alone == json{{"prompt_tokens", 1}, {"cost", 0.25}});
}

TEST_CASE("what JSON has in the wrong form is kept under extra") {
  const json in = {{"id", 5},
                   {"created", "soon"},
                   {"model", nullptr},
                   {"choices", {{{"index", 0.5}, {"message", {{"content", 1}}}}, "odd"}},
                   {"usage", {{"prompt_tokens", -1}, {"total_tokens", true}}}};
  const auto read = in.get<chat_completion>();
  CHECK(read.id.is_absent());
  CHECK(read.model.is_null());
  CHECK(read.choices.is_absent());
  CHECK(read.usage->prompt_tokens == -1);
  CHECK(read.usage->extra == json{{"total_tokens", true}});
  CHECK(read.extra == json{{"id", 5}, {"created", "soon"}, {"choices", in["choices"]}});
  CHECK(json(read) == in);
  CHECK(json("text").get<chat_completion>().id.is_absent());
}

TEST_CASE("integers of JSON fit where 64 bits hold them") {
  const auto created = [](const json& value) {
    return json{{"created", value}}.get<chat_completion>().created;
  };
  CHECK(created(5) == 5);
  CHECK(created(5.0) == 5);
  CHECK(created(std::numeric_limits<std::int64_t>::max()) ==
        std::numeric_limits<std::int64_t>::max());
  CHECK(created(std::numeric_limits<std::uint64_t>::max()).is_absent());
  CHECK(created(1e300).is_absent());
  CHECK(created(std::nan("")).is_absent());
}
