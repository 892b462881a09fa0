// The decoder against nlohmann/json: the same verdict and the same value for any document, whole,
// damaged, or a part of a body. Runs with both kinds of text, UTF-8 and what JavaScript wants.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "documents.hpp"
#include "tape_json.hpp"
#include "texts.hpp"

using namespace chatwire;
using namespace chatwire::test;
using models::contract_id;
using nlohmann::json;

namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string nested(std::string_view open, std::string_view close, std::uint32_t depth) {
  return join({repeat(open, depth), "0", repeat(close, depth)});
}

}  // namespace

TEST_CASE("documents have the value that nlohmann/json gives them") {
  tape_json decoder;
  for (std::uint32_t seed = 1; seed <= 4000; ++seed) {
    CAPTURE(seed);
    CHECK(compare_json(decoder, documents(seed).any()));
  }
}

TEST_CASE("damaged documents have the verdict that nlohmann/json gives them") {
  tape_json decoder;
  std::uint32_t taken = 0;
  for (std::uint32_t seed = 1; seed <= 10000; ++seed) {
    CAPTURE(seed);
    documents from(seed);
    if (compare_json(decoder, from.damaged(from.any()))) ++taken;
  }
  CHECK(taken > 1000);
  CHECK(taken < 9000);
}

TEST_CASE("documents end too early wherever they are cut") {
  tape_json decoder;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    const std::string whole = documents(seed).any();
    for (std::size_t size = 0; size < whole.size() && size < 600; ++size) {
      const std::string_view part(whole.data(), size);
      if (decoder.decode(part, any_json).ok) continue;
      CAPTURE(part);
      const json issue = decoder.issues().back();
      const bool early = issue["code"] == "TRUNCATED" || issue["code"] == "EMPTY_BODY";
      CHECK(early);
      CHECK(issue["offset"] == size);
    }
  }
}

TEST_CASE("bodies are on the tape as they came") {
  tape_json decoder;
  for (std::uint32_t seed = 1; seed <= 1500; ++seed) {
    CAPTURE(seed);
    documents from(seed);
    const bool whole = from.one_in(2);
    const models::model root =
        whole ? models::model::chat_completion : models::model::chat_completion_chunk;
    models::load_tables();
    const std::string bytes = from.body(root);
    const oracle theirs(bytes);
    CAPTURE(bytes);
    const decoded& result =
        decoder.decode(bytes, options_for(whole ? body_kind::completion : body_kind::chunk));
    CHECK_MESSAGE(result.ok, decoder.issues().dump());
    const json ours = decoder.object(result.root, root);
    CHECK(theirs.said != oracle::refused);
    if (theirs.said == oracle::accepted)
      CHECK_MESSAGE(same(ours, theirs.value), json::diff(theirs.value, ours).dump());
  }
}

TEST_CASE("damaged bodies leave a tape that can be read, under every contract") {
  models::load_tables();
  tape_json decoder;
  std::uint32_t refused = 0;
  for (std::uint32_t seed = 1; seed <= 4000; ++seed) {
    CAPTURE(seed);
    documents from(seed);
    const bool whole = from.one_in(2);
    const models::model root =
        whole ? models::model::chat_completion : models::model::chat_completion_chunk;
    decoder_options options = options_for(whole ? body_kind::completion : body_kind::chunk);
    const auto contracts = static_cast<std::uint32_t>(contract_id::count_);
    if (from.one_in(2)) options.contract = static_cast<contract_id>(from.below(contracts));
    options.keep_non_finite = from.one_in(2);
    const std::string bytes = from.damaged(from.body(root));
    CAPTURE(bytes);
    const decoded& result = decoder.decode(bytes, options);
    if (result.root != 0) CHECK(decoder.object(result.root, root).is_object());
    if (result.ok) {
      const bool forgiven =
          decoder.has_issue("TRAILING_BYTES") || decoder.has_issue("NON_FINITE_NUMBER");
      CHECK((forgiven || oracle(bytes).said != oracle::refused));
    } else {
      ++refused;
      CHECK(decoder.issues().size() == result.issue_count);
    }
    if (result.error != 0)
      CHECK(decoder.object(result.error, models::model::error_payload).is_object());
    if (result.raw != 0) CHECK(decoder.value(result.raw).is_structured());
  }
  CHECK(refused > 500);
}

TEST_CASE("values nest as deep as the limit and no deeper") {
  tape_json decoder;
  for (const std::uint32_t depth : {0U, 1U, 2U, 7U, 128U, 2000U}) {
    decoder_options options = any_json;
    options.limits.depth = depth;
    for (const auto& [open, close] : {std::pair{"[", "]"}, {" { \"a\" : ", " } "}}) {
      CHECK(decoder.decode(nested(open, close, depth), options).ok);
      const decoded& result = decoder.decode(nested(open, close, depth + 1), options);
      CHECK_FALSE(result.ok);
      CHECK(result.failure == issue_code::LIMIT);
      CHECK(decoder.issues()[0]["expected"] == "depth");
    }
  }
}

TEST_CASE("nesting takes no stack") {
  decoder_options options = any_json;
  options.limits.depth = 3000000;
  decoder one;
  CHECK(one.decode(nested("[", "]", 3000000), options).ok);
  CHECK(one.decode(nested("{\"a\":", "}", 1000000), options).ok);
  CHECK(one.decode(std::string(3000000, '['), options).failure == issue_code::TRUNCATED);
}

TEST_CASE("limits are what an input may reach") {
  tape_json decoder;
  decoder_options options;
  const auto failure_of = [&](std::string_view body) {
    const decoded& result = decoder.decode(body, options);
    if (result.ok) return std::string("none");
    return result.failure == issue_code::LIMIT ? decoder.issues()[0]["expected"].get<std::string>()
                                               : std::string("another");
  };
  const std::string choice = R"({"index":0,"finish_reason":"stop"})";
  const std::string two = join({"{\"choices\":[", choice, ",", choice, "]}"});
  options.limits.choices = 2;
  CHECK(failure_of(two) == "none");
  options.limits.choices = 1;
  CHECK(failure_of(two) == "choices");
  options.limits = {};
  options.limits.body_bytes = static_cast<std::uint32_t>(two.size());
  CHECK(failure_of(two) == "none");
  --options.limits.body_bytes;
  CHECK(failure_of(two) == "bodyBytes");
  options.limits = {};
  const std::string calls =
      R"({"choices":[{"index":0,"message":{"tool_calls":[{"id":"a"},{"id":"b"}]}}]})";
  options.limits.tool_calls = 2;
  CHECK(failure_of(calls) == "none");
  options.limits.tool_calls = 1;
  CHECK(failure_of(calls) == "toolCalls");
  options.limits = {};
  options.limits.depth = 6;  // body, choices, choice, message, calls, call
  CHECK(failure_of(calls) == "none");
  for (options.limits.depth = 0; options.limits.depth < 6; ++options.limits.depth)
    CHECK(failure_of(calls) == "depth");
  // Arrays count though they are empty.
  for (const std::string_view array : {"text_offset", "tokens", "content", "other"}) {
    CAPTURE(array);
    const std::string logprobs =
        join({R"({"choices":[{"index":0,"logprobs":{")", array, R"(":[]}}]})"});
    options.limits.depth = 5;
    CHECK(failure_of(logprobs) == "none");
    options.limits.depth = 4;
    CHECK(failure_of(logprobs) == "depth");
  }
}

TEST_CASE("integers beyond 2^53 keep their digits where that is asked for") {
  tape_json decoder;
  decoder_options options = any_json;
  options.keep_big_integers = true;
  const decoded& result = decoder.decode(
      "[9007199254740991,9007199254740993,-18446744073709551616,1e300,9007199254740993.0,12]",
      options);
  CHECK(result.ok);
  const json expected = {9007199254740991.0,      "9007199254740993",
                         "-18446744073709551616", 1e300,
                         9007199254740992.0,      12};
  CHECK(decoder.value(result.root) == expected);
}

TEST_CASE("a decoder gives memory back and goes on") {
  decoder one;
  const std::string large = join({"[\"", repeat("x", 1 << 20), "\\n\xC3\xA9\"]"});
  CHECK(one.decode(large, any_json).ok);
  one.shrink(1024);
  CHECK(one.decode("[1,\"a\\nb\",\"\xC3\xA9\"]", any_json).ok);
}

TEST_CASE("cases by name have the verdicts that are written down") {
  const json cases = json::parse(
      file_text(std::filesystem::path(CHATWIRE_ROOT) / "tests/fixtures/json/cases.json"));
  tape_json decoder;
  const auto check = [&](const json& one, bool accepted) {
    const std::string name = one["name"];
    CAPTURE(name);
    const std::string source = one[one.contains("hex") ? "hex" : "text"];
    const std::string bytes = one.contains("hex") ? bytes_of_hex(source) : source;
    CHECK(compare_json(decoder, bytes) == accepted);
  };
  for (const json& one : cases["accepted"]) check(one, true);
  for (const json& one : cases["refused"]) check(one, false);
  for (const json& one : cases["decided"]) check(one, one["accepted"]);
}

TEST_CASE("JSONTestSuite has the verdicts that it asks for") {
  const auto folder = std::filesystem::path(CHATWIRE_ROOT) / "../shared/corpus/json-test-suite";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: there is no " << folder.string());
    return;
  }
  const json decided = json::parse(
      file_text(std::filesystem::path(CHATWIRE_ROOT) / "tests/fixtures/json/suite-decisions.json"));
  tape_json decoder;
  std::uint32_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".json") continue;
    CAPTURE(name);
    const std::string bytes = file_text(entry.path());
    const bool accepted = compare_json(decoder, bytes);
    std::string verdict = name[0] == 'y' ? "accepted" : "refused";
    if (name[0] == 'i') verdict = decided["decisions"].at(name)["verdict"];
    CHECK(accepted == (verdict == "accepted"));
    if (verdict == "limited") {
      CHECK(decoder.result().failure == issue_code::LIMIT);
      decoder_options deeper = any_json;
      deeper.limits.depth = 500;
      CHECK(decoder.decode(bytes, deeper).ok);
    }
    ++count;
  }
  CHECK(count > 300);
}
