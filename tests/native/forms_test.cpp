// Bodies that have the form of one that came before: what a decoder makes of them that knows forms,
// and one that knows none, is the same. Runs with both kinds of text.
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

const std::string openai =
    R"({"id":"chatcmpl-ZAZ1WTfFi78t15pvUf8BXs17qmYuC","object":"chat.completion",)"
    R"("created":1775327876,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":)"
    R"({"role":"assistant","content":"Yes, and \"no\".","refusal":null,"annotations":[]},)"
    R"("logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,)"
    R"("completion_tokens":5948,"total_tokens":5949,"prompt_tokens_details":{"cached_tokens":0,)"
    R"("audio_tokens":0}},"service_tier":"default","system_fingerprint":"fp_18b3d12ddf"})";
const std::string calls =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,)"
    R"("message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",)"
    R"("function":{"name":"find","arguments":"{\"q\":1}"}},{"id":"call_2","type":"function",)"
    R"("function":{"name":"find","arguments":"{}"}}]},"finish_reason":"tool_calls"}]})"
    "\n";
const std::string unknown =
    R"({"id":"0123456789abcdef","object":"chat.completion","created":2,"model":"m","choices":[)"
    R"({"index":0,"message":{"role":"assistant","content":"Gr\u00fcezi","mood":"good"},)"
    R"("stop_reason":null,"finish_reason":"length"}],"usage":{"prompt_tokens":3,)"
    R"("completion_tokens":4,"total_tokens":7,"queue_time":0.25,"hits":12,"miss_rate":-1.5e-3},)"
    R"("seed":7,"traces":[],"__proto__":1})";
const std::string parts =
    "{\n  \"id\": \"b\",\n  \"model\": \"magistral-small\",\n  \"choices\": [\n    {\"index\": 0, "
    "\"message\": {\"role\": \"assistant\", \"content\": [{\"type\": \"text\", \"text\": \"Hi\"}, "
    "{\"type\": \"text\", \"text\": \"there\"}]}, \"finish_reason\": \"stop\"}\n  ]\n}";

/// The body with other texts and numbers in some of its places.
std::string varied(documents& from, std::string_view body) {
  std::string made;
  for (std::size_t at = 0; at < body.size();) {
    std::size_t stop = at + 1;
    const bool text = body[at] == '"';
    const bool number = (body[at] >= '0' && body[at] <= '9') || body[at] == '-';
    if (text) {
      for (; body[stop] != '"'; ++stop) stop += body[stop] == '\\' ? 1 : 0;
      ++stop;
    } else if (number) {
      stop = body.find_first_of(",}] \n", at);
    }
    const bool is_name = text && stop < body.size() && body[stop] == ':';
    if (text && !is_name && from.one_in(4)) {
      made += from.string();
    } else if (number && from.one_in(4)) {
      made += from.one_in(2) ? std::to_string(from.below(100000)) : from.number();
    } else {
      made += body.substr(at, stop - at);
    }
    at = stop;
  }
  return made;
}

std::string without_proto(std::string body) {
  return body.replace(body.find("__proto__"), 9, "prototype");
}

/// Has a decoder note the form of a body.
void teach(tape_json& decoder, std::string_view body, const decoder_options& options) {
  for (int i = 0; i < 3; ++i) decoder.decode(body, options);
}

/// Decodes by one that may know the form and one that knows none. Whether it was known.
bool compare(tape_json& knowing, std::string_view body, const decoder_options& options) {
  tape_json fresh;
  const json expected = outcome(fresh, body, options);
  CHECK_FALSE(fresh.result().had_form);
  const json made = outcome(knowing, body, options);
  CAPTURE(std::string(body));
  CHECK_MESSAGE(made == expected, json::diff(expected, made).dump());
  return knowing.result().had_form;
}

}  // namespace

TEST_CASE("bodies of the services have a form from the third on") {
  const decoder_options options;
  for (const std::string& body : {openai, calls, unknown, parts}) {
    tape_json decoder;
    CAPTURE(body);
    CHECK_FALSE(compare(decoder, body, options));
    CHECK_FALSE(compare(decoder, body, options));
    // The name __proto__ has a text of its own, so a form has no such member.
    CHECK(compare(decoder, body, options) == (body != unknown));
  }
}

TEST_CASE("members that no model knows have a form") {
  const std::string body = without_proto(unknown);
  tape_json decoder;
  teach(decoder, body, {});
  CHECK(compare(decoder, body, {}));
  documents from(1);
  std::uint32_t known = 0;
  for (int i = 0; i < 400; ++i) known += compare(decoder, varied(from, body), {}) ? 1 : 0;
  CHECK(known > 20);
}

TEST_CASE("eight forms are known at a time, in whatever order they come") {
  std::vector<std::string> bodies = {openai, calls, parts};
  for (const std::string_view id : {"a-", "of-", "run-", "gen--", "trace-"}) {
    bodies.push_back(openai);
    bodies.back().replace(openai.find("chatcmpl-"), 9, id);
  }
  tape_json decoder;
  for (const std::string& body : bodies) teach(decoder, body, {});
  constexpr std::size_t order[] = {0, 1, 2, 3, 7, 7, 0, 4, 3, 5, 1, 6, 2, 0, 7};
  for (const std::size_t number : order) CHECK(compare(decoder, bodies[number], {}));
}

TEST_CASE("other texts and numbers are read as without the form") {
  std::uint32_t known = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    documents from(seed);
    tape_json decoder;
    decoder_options options;
    if (from.one_in(3))
      options.contract =
          static_cast<contract_id>(from.below(static_cast<std::uint32_t>(contract_id::count_)));
    const std::string bodies[] = {openai, calls, parts};
    const std::string& body = bodies[from.below(3)];
    teach(decoder, body, options);
    for (int i = 0; i < 20; ++i) {
      std::string other = varied(from, body);
      if (from.one_in(3)) other = from.damaged(other);
      known += compare(decoder, other, options) ? 1 : 0;
    }
  }
  CHECK(known > 200);
}

TEST_CASE("bodies of any kind are read as without a form") {
  models::load_tables();
  for (std::uint32_t seed = 1; seed <= 600; ++seed) {
    CAPTURE(seed);
    documents from(seed);
    const std::string body = from.body(models::model::chat_completion);
    tape_json decoder;
    teach(decoder, body, {});
    for (int i = 0; i < 6; ++i) {
      const std::string other = i == 0 ? body : varied(from, body);
      compare(decoder, i == 5 ? from.damaged(other) : other, {});
    }
  }
}

TEST_CASE("what needs a closer look gets it, though the form is known") {
  struct change {
    const std::string& body;
    std::string_view from;
    std::string_view to;
  };
  const std::string hits = without_proto(unknown);
  const change changes[] = {
      {openai, "\"stop\"", "\"null\""},
      {openai, "\"stop\"", "\"\""},
      {openai, "\"stop\"", "\"tool_calls\""},
      {openai, "\"stop\"", "\"weird\""},
      {openai, "\"stop\"", "null"},
      {openai, "1775327876", "-3"},
      {openai, "1775327876", "1.5"},
      {openai, "1775327876", "\"1775327876\""},
      {openai, "1775327876", "01"},
      {openai, "1775327876", "NaN"},
      {openai, "1775327876", "1e400"},
      {openai, "\"gpt-4o-2024-08-06\"", "7"},
      {openai, "\"gpt-4o-2024-08-06\"", "\"\""},
      {openai, "gpt-4o", "\xFFgpt"},
      {openai, "gpt-4o", "a\nb"},
      {openai, "gpt-4o", "\\q"},
      {openai, "Yes", "\\ud83d"},
      {openai, "\"content\"", "\"context\""},
      {openai, "\"refusal\"", "\"content\""},
      {openai, "\"index\":0", "\"index\":null"},
      {openai, "\"annotations\":[]", "\"annotations\":[1]"},
      {openai, "fp_18b3d12ddf\"}", "fp_18b3d12ddf\"}}"},
      {openai, "fp_18b3d12ddf\"}", "fp_18b3d12ddf\""},
      {openai, "fp_18b3d12ddf\"}", "fp_18b3d12ddf\",\"error\":{\"message\":\"no\"}}"},
      {calls, "call_1", ""},
      {calls, "{}", ""},
      {calls, "\"{}\"", "{}"},
      {calls, "\"function\",", "\"\","},
      {calls, "}]}\n", "}]}\ndata: [DONE]"},
      {hits, "hits", "hits_and_misses"},
      {hits, "hits", "model"},
      {hits, "hits", "h\\u0069ts"},
      {hits, "hits", "\xC3\xA9ts"},
      {hits, "12", "[12]"},
      {hits, "12", "1,\"hits\":2"},
      {hits, "\"hits\":12", "\"error\":\"Out of credits\""},
      {hits, "0.25", "\"0.25\""},
      {parts, "\"type\": \"text\"", "\"type\": \"song\""},
  };
  for (const change& one : changes) {
    CAPTURE(std::string(one.from));
    CAPTURE(std::string(one.to));
    tape_json decoder;
    teach(decoder, one.body, {});
    std::string other = one.body;
    REQUIRE(other.find(one.from) != std::string::npos);
    other.replace(other.find(one.from), one.from.size(), one.to);
    compare(decoder, other, {});
    CHECK(compare(decoder, one.body, {}));  // nothing of it is left
  }
}

TEST_CASE("a form holds under the terms that it came under") {
  decoder_options options;
  const auto is_refused = [&](const decoder_options& under) {
    tape_json decoder;
    teach(decoder, calls, options);
    compare(decoder, calls, under);
    return !decoder.result().ok;
  };
  CHECK_FALSE(is_refused(options));
  decoder_options under = options;
  under.limits.depth = 4;
  CHECK(is_refused(under));
  under = options;
  under.limits.choices = 0;
  CHECK(is_refused(under));
  under = options;
  under.limits.tool_calls = 1;
  CHECK(is_refused(under));
  under = options;
  under.limits.body_bytes = 10;
  CHECK(is_refused(under));
  under = options;
  under.contract = static_cast<contract_id>(5);
  CHECK(is_refused(under));
  tape_json decoder;
  options.allow_empty_choices = true;
  const std::string_view none = R"({"id":"abc","model":"a model of some","choices":[]})";
  teach(decoder, none, options);
  CHECK_FALSE(compare(decoder, none, options));
  compare(decoder, none, {});
  CHECK_FALSE(decoder.result().ok);
}
