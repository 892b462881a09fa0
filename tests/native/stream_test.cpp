// Streams as C++ callers read them: what comes of them does not depend on how the network cuts
// them, and is what the simplest reader makes of their events. Names of cases tell which quirks
// they are for.
#include "chatwire/stream.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "chatwire/chatwire.hpp"
#include "stream_outcome.hpp"
#include "texts.hpp"
#include "utf16.hpp"

using namespace chatwire;
using namespace chatwire::test;
using nlohmann::json;
using status = stream_decoder::status;
using code = issue_code;

namespace {

// ---- Streams ------------------------------------------------------------------------------------

std::string event(std::string_view data) { return join({"data: ", data, "\n\n"}); }

/// A chunk of one choice; `choice` and `more` are further members, each after a comma.
std::string chunk(std::string_view members, std::string_view choice = "",
                  std::string_view more = "", std::string_view index = "0") {
  return join({R"({"id":"c1","choices":[{"index":)", index, R"(,"delta":)", members, choice, "}]",
               more, "}"});
}

std::string said(std::string_view text) { return chunk(join({R"({"content":")", text, R"("})"})); }

/// The chunk that finishes a choice.
std::string finish(std::string_view reason = "stop", std::string_view more = "",
                   std::string_view index = "0") {
  return chunk("{}", join({R"(,"finish_reason":")", reason, "\""}), more, index);
}

/// A stream that stops after these events.
std::string cut_off(const std::vector<std::string>& events) {
  std::string made;
  for (const std::string& one : events) made += event(one);
  return made;
}
/// A stream of these events, and [DONE].
std::string stream_of(const std::vector<std::string>& events) {
  return cut_off(events) + event("[DONE]");
}

/// A stream of these deltas of one choice, which then finishes.
std::string answer(std::initializer_list<std::string_view> deltas) {
  std::vector<std::string> events;
  for (const std::string_view one : deltas) events.push_back(chunk(one));
  events.push_back(finish());
  return stream_of(events);
}

/// A stream with a fragment of a tool call in each chunk.
std::string calling(std::initializer_list<std::string_view> fragments) {
  std::vector<std::string> events;
  for (const std::string_view one : fragments)
    events.push_back(chunk(join({R"({"tool_calls":[)", one, "]}"})));
  events.push_back(finish("tool_calls"));
  return stream_of(events);
}

// ---- What comes of one --------------------------------------------------------------------------

/// What a decoder makes of a stream, which must be the same however it is cut and read.
outcome decoded(std::string_view bytes, const stream_decode_options& options = {},
                std::size_t most_cuts = 2000) {
  outcome made = run(bytes, options);
  CAPTURE(bytes.substr(0, 2000));
  CHECK(run(bytes, options, everywhere(bytes)) == made);
  CHECK(run(bytes, options, everywhere(bytes), telling::each) == made);
  stream_decoder again(options);  // one decoder for all of these
  const std::size_t step = 1 + bytes.size() / most_cuts;
  for (std::size_t at = 0; at <= bytes.size(); at += step) {
    CAPTURE(at);
    CHECK(run(again, bytes, {at}, at % 2 == 0 ? telling::chunks : telling::each) == made);
    again.reset();
  }
  // The rest is the same where events are told, or nothing.
  outcome rest = made;
  rest.chunks.clear();
  stream_decode_options collecting = options;
  collecting.collect = true;
  CHECK(run(bytes, collecting) == rest);
  CHECK(run(bytes, collecting, everywhere(bytes)) == rest);
  outcome told = run(bytes, options, {}, telling::events);
  CHECK(run(bytes, options, everywhere(bytes), telling::events) == told);
  made.events = std::move(told.events);
  told.events.clear();
  CHECK(told == rest);
  return made;
}

std::set<code> codes_of(const std::vector<issue>& issues) {
  std::set<code> made;
  for (const issue& one : issues) made.insert(one.code);
  return made;
}

/// The names of codes, as they are told where a test fails.
std::string names_of(const std::set<code>& codes) {
  constexpr const char* names[] = {
#define CHATWIRE_ISSUE(name, severity, words, meaning) #name,
      CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
  };
  std::string made;
  for (const code one : codes) made += join({names[static_cast<std::size_t>(one)], " "});
  return made;
}

/// A stream that completes, with issues of exactly these codes.
outcome completes(std::string_view bytes, const std::set<code>& codes = {},
                  const stream_decode_options& options = {}) {
  outcome made = decoded(bytes, options);
  CHECK_MESSAGE(made.state == status::complete, made.message);
  CHECK(made.completion.has_value());
  CHECK(names_of(codes_of(made.issues)) == names_of(codes));
  return made;
}

/// A stream that fails for this reason.
outcome fails(std::string_view bytes, code why, const stream_decode_options& options = {}) {
  outcome made = decoded(bytes, options);
  CHECK(made.state == (why == code::TRUNCATED ? status::truncated : status::failed));
  CHECK(made.failure == why);
  CHECK_FALSE(made.message.empty());
  CHECK_FALSE(made.completion.has_value());
  CHECK(codes_of(made.issues).count(why) == 1);
  return made;
}

json choice_of(const outcome& made, std::size_t position = 0) {
  const json completion = json::parse(made.snapshot);
  REQUIRE(completion["choices"].size() > position);
  return completion["choices"][position];
}
json message_of(const outcome& made, std::size_t position = 0) {
  return choice_of(made, position)["message"];
}
json content_of(const outcome& made, std::size_t position = 0) {
  return message_of(made, position)["content"];
}

/// The texts of the events of one kind, of the first choice.
template <class Event>
std::string told(const outcome& made) {
  std::string all;
  for (const stream_event& one : made.events)
    if (const auto* event = std::get_if<Event>(&one)) all += event->choice == 0 ? event->text : "";
  return all;
}

const std::string hello = said("Hello");
const std::string hi = stream_of({said("Hi"), finish()});

// ---- Text ---------------------------------------------------------------------------------------

/// With the halves joined that have come next to each other.
std::string well_formed(std::string_view text) { return narrow(widen(text)); }

}  // namespace

// ---- Framing ------------------------------------------------------------------------------------

TEST_CASE("Q63 to Q69: any framing that is allowed, and some that is not") {
  const auto replaced = [](std::string text, std::string_view what, std::string_view with) {
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
      const bool found = text.compare(at, what.size(), what) == 0;
      made += found ? with : std::string_view(text).substr(at, 1);
      at += found ? what.size() : 1;
    }
    return made;
  };
  const outcome usual = completes(hi);
  CHECK(content_of(usual) == "Hi");
  CHECK(usual.done);
  CHECK(usual.chunks.size() == 2);
  for (const std::string& same : {
           replaced(hi, "\n", "\r\n"),
           replaced(hi, "\n", "\r"),
           replaced(hi, "data: ", "data:"),
           "\xEF\xBB\xBF" + hi,
           "event: message\nid: 1\nretry: 10\n" + hi,
           replaced(hi, "\"choices\"", "\ndata: \"choices\""),
           hi.substr(0, hi.size() - 1),
           hi.substr(0, hi.size() - 2),
       }) {
    const outcome made = completes(same);
    CHECK(made.completion == usual.completion);
    CHECK(made.chunks == usual.chunks);
    CHECK(made.heartbeats == 0);
  }
}

TEST_CASE("Q64 to Q66: what only says that the server is there") {
  const outcome made =
      completes(": one\n\n:\ndata:\n\ndata:  \n\nevent: ping\ndata: {}\n\n" + hi + ": late\n\n");
  CHECK(made.heartbeats == 6);
  CHECK(made.chunks.size() == 2);
}

TEST_CASE("Q70, Q71: the last event without its blank line, and no [DONE]") {
  const std::string whole = cut_off({hello, finish()});
  const outcome made = completes(whole.substr(0, whole.size() - 2), {code::LAST_EVENT_CUT});
  CHECK(content_of(made) == "Hello");
  CHECK_FALSE(made.done);
  completes(whole);
  fails(whole.substr(0, whole.size() - 4), code::TRUNCATED);
  completes(whole + "data: [DO");
}

TEST_CASE("Q72 to Q74: [DONE] in other forms, and what follows it") {
  completes(cut_off({said("Hi"), finish()}) + "data:   [DONE]  \n\n");
  const outcome made = completes(hi + event(said("more")) + event("{"), {code::DATA_AFTER_DONE});
  CHECK(content_of(made) == "Hi");
  CHECK(made.chunks.size() == 2);
}

TEST_CASE("Q78, Q79: JSON without the framing of events") {
  const outcome lines =
      completes(join({said("Hi"), "\n", finish(), "\n"}), {code::NOT_EVENT_STREAM});
  CHECK(content_of(lines) == "Hi");
  const outcome list =
      completes(join({"[", said("Hi"), ",\n", finish(), "]"}), {code::NOT_EVENT_STREAM});
  CHECK(content_of(list) == "Hi");
  constexpr std::string_view body =
      R"({"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},)"
      R"("finish_reason":"stop"}]})";
  const outcome whole = completes(body, {code::BODY_IN_STREAM});
  CHECK(json::parse(*whole.completion) ==
        json::parse(R"({"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},
                        "finish_reason":"stop"}]})"));
  CHECK(whole.done);
  completes(join({R"({"success":true,"result":)", body, "}"}),
            {code::BODY_IN_STREAM, code::ENVELOPE_UNWRAPPED});
}

TEST_CASE("Q51 to Q53, Q88: what is no stream") {
  fails("", code::EMPTY_BODY);
  fails(" \r\n\n ", code::EMPTY_BODY);
  fails("<html><head><title>Sign in</title></head></html>", code::HTML_BODY);
  fails("upstream connect error", code::NOT_JSON);
  fails("\x1F\x8B\x08 compressed", code::NOT_JSON);
  fails(": only\n\n: comments\n\n", code::TRUNCATED);
  fails("data: [DONE]\n\n", code::NO_CHOICES);
}

TEST_CASE("Q81, Q82: characters that are cut, and bytes that are none") {
  const outcome made =
      completes(answer({"{\"content\":\"\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\"}"}));
  CHECK(content_of(made) == "\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
  const outcome bad = completes(
      answer({"{\"content\":\"a\xFF\xE4\xB8\"}", "{\"content\":\"\xAD\"}"}), {code::INVALID_UTF8});
  CHECK(content_of(bad) == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("Q87: an event as long as it likes") {
  const std::string text = repeat("0123456789", 30000);
  const std::string long_one = answer({join({R"({"content":")", text, R"("})"})});
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, text.size()}) {
    const outcome made = run(long_one, {}, {cut});
    CHECK(made.state == status::complete);
    CHECK(content_of(made) == text);
  }
  std::vector<std::size_t> reads;
  for (std::size_t at = 1000; at < long_one.size(); at += 1000) reads.push_back(at);
  CHECK(run(long_one, {}, reads) == run(long_one));
}

// ---- Assembly -----------------------------------------------------------------------------------

TEST_CASE("a choice whose index is beyond all numbers of choices") {
  constexpr std::string_view choice = R"({"choices":[{"index":%,"delta":{"content":"Hi"}}]})";
  for (const std::string_view index : {"1e300", "1e9990", "9007199254740991"}) {
    const std::string first = join({choice.substr(0, 21), index, choice.substr(22)});
    const outcome made = decoded(stream_of({first}));
    CHECK(json::parse(made.snapshot)["choices"][0]["index"] == 9007199254740991);
  }
}

TEST_CASE("Q101: several choices, each by itself") {
  const outcome made = completes(
      stream_of({said("a"), chunk(R"({"content":"x"})", "", "", "2"), said("b"),
                 chunk(R"({"content":"y"})", "", "", "2"), finish("length", "", "2"), finish()}));
  CHECK(content_of(made, 0) == "ab");
  CHECK(content_of(made, 1) == "xy");
  CHECK(choice_of(made, 1)["index"] == 2);
  CHECK(choice_of(made, 1)["finish_reason"] == "length");
}

TEST_CASE("Q83: a surrogate pair in two deltas") {
  const outcome made = completes(answer({R"({"content":"a\ud83d"})", R"({"content":"\ude00b"})"}));
  CHECK(content_of(made) ==
        "a\xF0\x9F\x98\x80"
        "b");
  CHECK(made.events == std::vector<stream_event>{text_event{0, "a"}, text_event{0,
                                                                                "\xF0\x9F\x98\x80"
                                                                                "b"}});
  // Halves that stay alone: each channel has its own.
  const outcome alone = completes(answer({R"({"content":"\ud83d","reasoning":"\ud83e"})",
                                          R"({"content":"x\udc00"})", R"({"refusal":"\ude00"})"}));
  CHECK(alone.snapshot.find(R"("content":"\ud83dx\udc00")") != std::string::npos);
  CHECK(alone.events == std::vector<stream_event>{text_event{0, "\xED\xA0\xBDx\xED\xB0\x80"},
                                                  refusal_event{0, "\xED\xB8\x80"},
                                                  reasoning_event{0, "\xED\xA0\xBE"}});
}

TEST_CASE("Q36 to Q39: reasoning in its several forms") {
  const outcome made = completes(answer(
      {R"({"reasoning_content":"Let "})", R"({"reasoning_content":"me"})", R"({"content":"4"})"}));
  CHECK(message_of(made)["reasoning_content"] == "Let me");
  CHECK(told<reasoning_event>(made) == "Let me");
  const outcome both = completes(answer({R"({"reasoning":"a","reasoning_content":"a"})"}));
  CHECK(told<reasoning_event>(both) == "a");
  const outcome details = completes(answer(
      {R"({"reasoning_details":[{"type":"reasoning.text","text":"one ","index":0}]})",
       R"({"reasoning_details":[{"type":"reasoning.text","text":"two","index":0,"signature":"s"}]})"}));
  CHECK(message_of(details)["reasoning_details"] ==
        json::parse(R"([{"type":"reasoning.text","text":"one two","index":0,"signature":"s"}])"));
  CHECK(told<reasoning_event>(details) == "one two");
}

TEST_CASE("Q6: content in parts") {
  const outcome made = completes(
      answer({R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"h"}]}]})",
              R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"m"}]}]})",
              R"({"content":[{"type":"text","text":"4"}]})", R"({"content":"2"})",
              R"({"content":[{"type":"image_url","image_url":{"url":"u"}}]})"}));
  CHECK(content_of(made) == json::parse(R"([
      {"type":"thinking","thinking":[{"type":"text","text":"hm"}]},
      {"type":"text","text":"42"}, {"type":"image_url","image_url":{"url":"u"}}])"));
  CHECK(told<text_event>(made) == "42");
  CHECK(told<reasoning_event>(made) == "hm");
  const outcome late =
      completes(answer({R"({"content":"a"})", R"({"content":[{"type":"text","text":""}]})"}));
  CHECK(content_of(late) == json::parse(R"([{"type":"text","text":"a"}])"));
}

TEST_CASE("lists and pieces of messages") {
  const outcome made = completes(stream_of(
      {chunk(
           R"({"role":"assistant","content":null,"refusal":"I "})",
           R"(,"logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[]}]})"),
       chunk(
           R"({"refusal":"can't","images":[{"type":"image_url","image_url":{"url":"1"}}]})",
           R"(,"logprobs":{"content":[{"token":"b","logprob":-1e-7,"bytes":null,"top_logprobs":[]}]})"),
       chunk(R"({"images":[{"type":"image_url","image_url":{"url":"2"}}]})", R"(,"logprobs":null)"),
       finish()}));
  CHECK(message_of(made)["refusal"] == "I can't");
  CHECK(message_of(made)["content"].is_null());
  CHECK(message_of(made)["images"].size() == 2);
  CHECK(choice_of(made)["logprobs"]["content"].size() == 2);
  CHECK(told<refusal_event>(made) == "I can't");

  const outcome sound =
      completes(stream_of({chunk(R"({"audio":{"id":"au","data":"QQ==","transcript":"H"}})"),
                           chunk(R"({"audio":{"data":"Qg==","transcript":"i"}})"),
                           chunk(R"({"audio":{"expires_at":99}})")}));
  CHECK(message_of(sound)["audio"] ==
        json::parse(R"({"id":"au","data":"QQ==Qg==","transcript":"Hi","expires_at":99})"));
}

TEST_CASE("Q92 to Q95: usage, wherever and however often it comes") {
  constexpr std::string_view usage =
      R"("usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7})";
  const json expected = json::parse(join({"{", usage, "}"}))["usage"];
  const outcome last =
      completes(stream_of({hello, finish(), join({R"({"choices":[],)", usage, "}"}),
                           R"({"choices":[],"usage":null})"}));
  CHECK(json::parse(*last.completion)["usage"] == expected);
  CHECK(last.usage_updates == 1);
  const outcome often =
      completes(stream_of({chunk(R"({"content":"a"})", "", R"(,"usage":{"total_tokens":1})"),
                           chunk("{}", R"(,"finish_reason":"stop")", join({",", usage}))}));
  CHECK(often.usage_updates == 2);
  CHECK(json::parse(*often.completion)["usage"] == expected);
  REQUIRE(often.events.size() == 3);
  CHECK(std::get<usage_event>(often.events[1]).usage.total_tokens == 1);
  CHECK(std::get<usage_event>(often.events[2]).usage.prompt_tokens == 3);
  const outcome inside =
      completes(stream_of({hello, chunk("{}", join({R"(,"finish_reason":"stop",)", usage}))}));
  CHECK(json::parse(*inside.completion)["usage"] == expected);
  const outcome groq =
      completes(stream_of({hello, finish("stop", join({R"(,"x_groq":{"id":"r",)", usage, "}"}))}));
  CHECK(json::parse(*groq.completion)["usage"] == expected);
  // In one chunk that at the top counts, wherever it stands.
  const std::string top = join({",", usage});
  constexpr std::string_view below = R"(,"x_groq":{"usage":{"total_tokens":1}})";
  for (const std::string& both : {join({top, below}), join({below, top})}) {
    const outcome made = completes(stream_of({hello, finish("stop", both)}));
    CHECK(json::parse(*made.completion)["usage"] == expected);
  }
}

TEST_CASE("Q97, Q98: finish reasons that are none, or not the last word") {
  const outcome made = completes(
      stream_of({chunk(R"({"content":"a"})", R"(,"finish_reason":"")"), finish("length")}));
  CHECK(choice_of(made)["finish_reason"] == "length");
  const outcome twice = completes(stream_of({hello, finish("stop"), said("!"), finish("length")}),
                                  {code::DELTA_AFTER_FINISH, code::FINISH_REASON_CHANGED});
  CHECK(choice_of(twice)["finish_reason"] == "length");
  CHECK(content_of(twice) == "Hello!");
}

TEST_CASE("Q99: messages beside deltas, and in their place") {
  constexpr std::string_view message = R"(,"message":{"role":"assistant","content":"Hello"})";
  const outcome beside =
      completes(stream_of({hello, chunk("{}", message), finish()}), {code::MESSAGE_IN_CHUNK});
  CHECK(content_of(beside) == "Hello");
  const outcome instead = completes(
      stream_of(
          {R"({"choices":[{"index":0,"message":{"content":"He"}}]})",
           R"({"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]})"}),
      {code::MESSAGE_IN_CHUNK});
  CHECK(content_of(instead) == "Hello");
}

TEST_CASE("Q100: deltas that repeat all that came before them") {
  const std::string bytes =
      answer({R"({"content":"Hel"})", R"({"content":"Hello"})", R"({"content":"Hello!"})"});
  CHECK(content_of(completes(bytes)) == "HelHelloHello!");
  stream_decode_options options;
  options.cumulative_deltas = true;
  const outcome made = completes(bytes, {code::CUMULATIVE_DELTAS}, options);
  CHECK(content_of(made) == "Hello!");
  CHECK(told<text_event>(made) == "Hello!");
  CHECK(content_of(completes(answer({R"({"content":"ha"})", R"({"content":"haha"})"}), {},
                             options)) == "hahaha");
}

TEST_CASE("Q102: ids that change, and ids that come late") {
  const outcome late = completes(stream_of({R"({"id":"","model":"","created":0,"choices":[]})",
                                            R"({"id":"a","model":"m","created":5,"choices":[]})",
                                            chunk("{}", R"(,"finish_reason":"stop")")}),
                                 {code::STREAM_ID_CHANGED});
  const json made = json::parse(*late.completion);
  CHECK(made["id"] == "a");
  CHECK(made["model"] == "m");
  CHECK(made["created"] == 5);
}

TEST_CASE("members that no model knows are kept") {
  const outcome made = completes(stream_of({chunk(R"({"content":"a","own":"p"})", R"(,"mine":1)",
                                                  R"(,"x_own":[1,{"":null}],"__proto__":{"x":1})"),
                                            chunk(R"({"own":"q"})", R"(,"mine":-0.5)"), finish()}));
  const json completion = json::parse(*made.completion);
  CHECK(completion["x_own"] == json::parse(R"([1,{"":null}])"));
  CHECK(completion["__proto__"] == json::parse(R"({"x":1})"));
  CHECK(choice_of(made)["mine"] == -0.5);
  CHECK(message_of(made)["own"] == "q");
}

// ---- Tool calls ---------------------------------------------------------------------------------

namespace {

/// The calls of a message: id, name, arguments. Empty where the id was made up.
using call_list = std::vector<std::vector<std::string>>;
call_list calls_of(const outcome& made) {
  call_list list;
  for (const streamed_tool_call& one : made.calls)
    list.push_back({one.id, one.name, one.arguments});
  return list;
}

constexpr std::string_view begin_f = R"({"index":0,"id":"a","type":"function","function":)"
                                     R"({"name":"f","arguments":""}})";

std::string piece(std::string_view arguments) {
  return join({R"({"index":0,"function":{"arguments":")", arguments, R"("}})"});
}

}  // namespace

TEST_CASE("tool calls in pieces") {
  const outcome made = completes(calling(
      {begin_f, piece(R"({\"x)"), piece(R"(\":1})"),
       R"({"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}})"}));
  CHECK(calls_of(made) == call_list{{"a", "f", R"({"x":1})"}, {"b", "g", "{}"}});
  CHECK(made.calls[0].state == arguments_state::complete);
  CHECK(made.calls[1].tool_call == 1);
  CHECK(made.events == std::vector<stream_event>{tool_call_event{0, 0, "a", "f"},
                                                 tool_call_arguments_event{0, 0, R"({"x)"},
                                                 tool_call_arguments_event{0, 0, R"(":1})"},
                                                 tool_call_event{0, 1, "b", "g"},
                                                 tool_call_arguments_event{0, 1, "{}"}});
  CHECK(message_of(made)["tool_calls"] == json::parse(R"([
      {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
      {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}])"));
}

TEST_CASE("Q108 to Q113: which call a fragment is of") {
  const auto call = [](std::string_view head, std::string_view name, std::string_view arguments) {
    return join({"{", head, R"("type":"function","function":{"name":")", name, R"(","arguments":")",
                 arguments, R"("}})"});
  };
  const std::string x = R"({\"x\":1})";
  const std::string y = R"({\"y\":2})";
  const call_list both = {{"a", "f", R"({"x":1})"}, {"b", "g", R"({"y":2})"}};
  // Without indices.
  CHECK(calls_of(completes(
            calling({call(R"("id":"a",)", "f", x), call(R"("id":"b",)", "g", y)}))) == both);
  // One index for all of them.
  CHECK(calls_of(completes(calling({call(R"("index":0,"id":"a",)", "f", x),
                                    call(R"("index":0,"id":"b",)", "g", y)}),
                           {code::TOOL_CALL_INDEX_REUSED})) == both);
  // Another call without a word.
  CHECK(calls_of(completes(calling({call(R"("index":0,"id":"a",)", "f", x), piece(y)}),
                           {code::AMBIGUOUS_TOOL_CALL, code::TOOL_CALL_ID_MISSING,
                            code::TOOL_CALL_TYPE_MISSING})) ==
        call_list{{"a", "f", R"({"x":1})"}, {"", "", R"({"y":2})"}});
  // Ids that are empty, and ids that change.
  CHECK(calls_of(completes(calling({begin_f, call(R"("index":0,"id":"",)", "", "{"),
                                    piece("}")}))) == call_list{{"a", "f", "{}"}});
  CHECK(calls_of(completes(
            calling({begin_f, piece("{"), R"({"index":0,"id":"z","function":{"arguments":"}"}})"}),
            {code::TOOL_CALL_ID_CHANGED})) == call_list{{"a", "f", "{}"}});
}

TEST_CASE("Q114 to Q119: names and arguments that come again") {
  const auto named = [](std::string_view name, std::string_view arguments) {
    return join(
        {R"({"index":0,"function":{"name":")", name, R"(","arguments":")", arguments, R"("}})"});
  };
  CHECK(calls_of(completes(calling({begin_f, named("f", "{"), named("f", "}")}))) ==
        call_list{{"a", "f", "{}"}});
  const outcome split =
      completes(calling({R"({"index":0,"id":"a","type":"function","function":{"name":"edit_ex"}})",
                         named("isting", "{}")}));
  CHECK(calls_of(split) == call_list{{"a", "edit_existing", "{}"}});
  CHECK(split.events == std::vector<stream_event>{tool_call_event{0, 0, "a", "edit_ex"},
                                                  tool_call_event{0, 0, "a", "edit_existing"},
                                                  tool_call_arguments_event{0, 0, "{}"}});
  const std::string x = R"({\"x\":1})";
  CHECK(calls_of(completes(calling({begin_f, piece("{}"), piece(x)}),
                           {code::ARGUMENTS_PLACEHOLDER})) == call_list{{"a", "f", R"({"x":1})"}});
  CHECK(calls_of(completes(calling({begin_f, piece(x), piece(x)}), {code::ARGUMENTS_RESENT})) ==
        call_list{{"a", "f", R"({"x":1})"}});
  CHECK(calls_of(completes(calling({begin_f, R"({"index":0,"function":null})", piece("{}")}))) ==
        call_list{{"a", "f", "{}"}});
  const outcome object = completes(
      calling(
          {R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":{"x":1}}})"}),
      {code::ARGUMENTS_NOT_STRING});
  CHECK(calls_of(object) == call_list{{"a", "f", R"({"x":1})"}});
}

TEST_CASE("Q123, Q124: how far arguments came") {
  const auto state_of = [](std::string_view arguments, std::string_view reason) {
    const outcome made = decoded(
        stream_of({chunk(join({R"({"tool_calls":[)", begin_f, "]}"})),
                   chunk(join({R"({"tool_calls":[)", piece(arguments), "]}"})), finish(reason)}));
    REQUIRE(made.calls.size() == 1);
    return made.calls[0].state;
  };
  CHECK(state_of("{}", "tool_calls") == arguments_state::complete);
  CHECK(state_of(R"({\"x\":\"\\ud83d\"})", "tool_calls") == arguments_state::complete);
  CHECK(state_of(R"({\"x\":)", "length") == arguments_state::truncated);
  CHECK(state_of("", "length") == arguments_state::truncated);
  CHECK(state_of("12", "tool_calls") == arguments_state::truncated);
  CHECK(state_of("{'x': 1}", "tool_calls") == arguments_state::invalid);
  // What might have gone on is not complete.
  const outcome cut = fails(
      cut_off(
          {chunk(join({R"({"tool_calls":[)", begin_f, "]}"})),
           chunk(join({R"({"tool_calls":[)", piece("{}"), "]}"})),
           chunk(
               R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"[]"}}]})")}),
      code::TRUNCATED);
  REQUIRE(cut.calls.size() == 2);
  CHECK(cut.calls[0].state == arguments_state::complete);
  CHECK(cut.calls[1].state == arguments_state::truncated);
  const outcome custom = completes(
      calling({R"({"index":0,"id":"a","type":"custom","custom":{"name":"c","input":"in"}})",
               R"({"index":0,"custom":{"input":"put"}})"}));
  CHECK(calls_of(custom) == call_list{{"a", "c", "input"}});
  CHECK(custom.calls[0].state == arguments_state::complete);
}

// ---- Ends and errors ----------------------------------------------------------------------------

TEST_CASE("Q84, Q85: what is the end, and what breaks off") {
  const outcome cut = fails(cut_off({hello, said(" you")}), code::TRUNCATED);
  CHECK(content_of(cut) == "Hello you");
  CHECK(cut.chunks.size() == 2);
  const std::string whole = cut_off({hello, said(" you")});
  const outcome inside = fails(whole.substr(0, whole.size() - 9), code::TRUNCATED);
  CHECK(content_of(inside) == "Hello y");
  CHECK(inside.chunks.size() == 1);
  CHECK(inside.issues.back().event == std::nullopt);
  completes(stream_of({hello}), {code::FINISH_REASON_MISSING});
  fails(cut_off({hello, chunk(R"({"content":"x"})", "", "", "1"), finish()}), code::TRUNCATED);
  completes(stream_of({hello, finish("tool_calls")}), {code::FINISH_TOOLS_WITHOUT_CALLS});
}

TEST_CASE("Q54 to Q61, Q76 to Q78, Q103, Q104: the provider's error, in its own words") {
  const auto refuses = [](std::string_view bytes, std::string_view words) {
    const outcome made = fails(bytes, code::PROVIDER_ERROR);
    REQUIRE(made.provider.has_value());
    CHECK(made.provider->message == std::string(words));
    return made;
  };
  const outcome json_event =
      refuses("event: error\ndata: {\"message\":\"Busy\",\"code\":503}\n\n", "Busy");
  CHECK(json_event.provider->code == json(503));
  const outcome text = refuses("event: error\ndata: Too many requests\n\n", "Too many requests");
  CHECK(text.body == "Too many requests");
  refuses(event(hello) + "error: {\"code\":500,\"message\":\"broken\"}\n\n", "broken");
  refuses(R"({"error":{"message":"too long"}})", "too long");
  refuses(event(hello) + "data: error: slow down\n\n", "slow down");
  const outcome late =
      refuses(cut_off({hello, R"({"error":{"message":"no","own":[1]}})", said("!")}), "no");
  CHECK(content_of(late) == "Hello");
  CHECK(late.chunks.size() == 1);
  CHECK(late.provider->extra == json{{"own", {1}}});
  CHECK(late.body == json::parse(R"({"error":{"message":"no","own":[1]}})"));
  CHECK(late.issues.back().event == 1U);
  const outcome beside =
      refuses(cut_off({hello, chunk(R"({"content":" x"})", R"(,"finish_reason":"error")",
                                    R"(,"error":{"message":"upstream"})")}),
              "upstream");
  CHECK(content_of(beside) == "Hello x");
  CHECK(beside.chunks.size() == 2);
}

TEST_CASE("Q86: an event that cannot be decoded") {
  const std::string bytes = stream_of({hello, "{oops}", said(" you"), finish()});
  const outcome failed = fails(bytes, code::NOT_JSON);
  CHECK(failed.chunks.size() == 1);
  CHECK(content_of(failed) == "Hello");
  CHECK(failed.issues.back().event == 1U);
  CHECK(bytes.substr(failed.offset, 4) == "oops");
  stream_decode_options options;
  options.skip_bad_events = true;
  const outcome made = completes(bytes, {code::NOT_JSON}, options);
  CHECK(content_of(made) == "Hello you");
  CHECK(made.issues[0].severity == severity::warning);
  CHECK(made.chunks.size() == 3);
  // The provider's error and limits end a stream all the same; but for them, errors are warnings.
  const outcome refused =
      fails(cut_off({"{oops}", R"({"error":"no"})"}), code::PROVIDER_ERROR, options);
  CHECK(refused.issues.front().severity == severity::warning);
  CHECK(refused.issues.back().severity == severity::error);
  completes(stream_of({hello, "{}", finish()}), {code::EMPTY_EVENT});
}

TEST_CASE("under a contract every chunk must be what it says, and so must the completion") {
  stream_decode_options options;
  options.contract = contract::openai;
  constexpr std::string_view head =
      R"(,"object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":"f")";
  const std::string first =
      chunk(R"({"role":"assistant","content":"Hi"})", R"(,"finish_reason":null)", head);
  const std::string last = chunk("{}", R"(,"finish_reason":"stop")", head);
  const outcome made = completes(stream_of({first, last}), {}, options);
  CHECK(message_of(made)["refusal"].is_null());
  const outcome bad = fails(stream_of({first, finish()}), code::MISSING, options);
  CHECK(bad.chunks.size() == 1);
  CHECK(bad.issues.size() >= 3);
  // Nothing in the chunks tells that the completion will not do.
  options.contract = contract::sudo;
  const std::string sudo = chunk("{}", R"(,"finish_reason":"stop")",
                                 R"(,"object":"chat.completion.chunk","created":1,"model":"m")");
  stream_decoder decoder(options);
  CHECK(decoder.feed(stream_of({sudo})));
  CHECK(decoder.finish());
  CHECK(decoder.state() == status::complete);
  const auto completion = decoder.completion();
  CHECK_FALSE(completion);
  CHECK(completion.error().code == code::MISSING);
  CHECK(completion->id == "c1");
  CHECK_FALSE(completion.issues().empty());
}

TEST_CASE("no choices, and what may be done about it") {
  const std::string bytes = stream_of({R"({"id":"c","choices":[],"usage":{"total_tokens":1}})"});
  const outcome made = fails(bytes, code::NO_CHOICES);
  CHECK(json::parse(made.snapshot)["usage"]["total_tokens"] == 1);
  stream_decode_options options;
  options.allow_empty_choices = true;
  completes(bytes, {}, options);
}

// ---- Limits -------------------------------------------------------------------------------------

TEST_CASE("an event that is too long is refused as soon as that is clear") {
  stream_decode_options options;
  options.limits.event_bytes = 300;
  const std::size_t most = 300 - said("").size();
  for (const std::string& before :
       {said("Hello"), join({said("Hello"), "\n\ndata: ", chunk("{}")})}) {
    const std::string fits = stream_of({before, said(repeat("x", most)), finish()});
    CHECK(content_of(completes(fits, {}, options)) == "Hello" + repeat("x", most));
    const std::string long_one = stream_of({before, said(repeat("x", most + 1)), finish()});
    const outcome made = fails(long_one, code::LIMIT, options);
    CHECK(made.issues.back().expected == "eventBytes");
    CHECK(content_of(made) == "Hello");
    const outcome much = fails(stream_of({before, said(repeat("x", 900))}), code::LIMIT, options);
    CHECK(content_of(much) == "Hello");
  }
  const std::string endless = join({event(hello), "data: {", repeat("x", 900)});
  CHECK(fails(endless, code::LIMIT, options).offset == event(hello).size() + 6);
}

TEST_CASE("an event may be cut off in a member whose name is empty") {
  fails(R"({"choices":[{"delta":{"":[{)", code::TRUNCATED);
}

TEST_CASE("what stands beside an event's data does not make it too long, wherever reads are cut") {
  stream_decode_options options;
  options.limits.event_bytes = 300;
  const std::string line = repeat("x", 290) + "\n";
  const std::string blanks(290, ' ');
  for (const std::string& stream : {
           // Text that turns out to be nothing, before and between events.
           join({line, line, hi}),
           join({event(hello), line, line, hi}),
           // Other lines of the event, white space around its data, comments.
           join({"id: ", line, "event: ", line, "data: ", hello, "\nid: ", line, "\n", hi}),
           join({"data: ", blanks, hello, blanks, "\n\n", hi}),
           join({"data: ", hello, "\n:", line, "\n", hi}),
           // Heartbeats.
           join({"event: ping\ndata: ", line, "data: ", line, "\n", hi}),
           join({"data: ", line, "event: ping\ndata: ", line, "event: ping\n\n", hi}),
       }) {
    CAPTURE(stream);
    CHECK(decoded(stream, options).state == status::complete);
  }
}

TEST_CASE("lines without end behind an event's data are not held without end") {
  stream_decode_options options;
  options.limits.event_bytes = 300;
  stream_decoder decoder(options);
  CHECK(decoder.feed(join({"data: ", hello, "\n"})));
  std::size_t held = 0;
  for (; decoder.state() == status::open && held < 100'000; held += 100)
    static_cast<void>(decoder.feed("id: " + repeat("x", 95) + "\n"));
  CHECK(decoder.state() == status::failed);
  CHECK(decoder.issues().back().expected == "eventBytes");
  CHECK(held > 8192);
}

TEST_CASE("an event that is too long is refused before what stands behind its data is told") {
  stream_decode_options options;
  options.limits.event_bytes = 300;
  const std::string line = join({"data: {\"x\":\"", repeat("x", 300), "\"}\n"});
  for (const std::string_view behind : {": comment\n", "no field\n", "event: ping\n"}) {
    const outcome made = fails(join({event(hello), line, behind, "\n"}), code::LIMIT, options);
    CHECK(made.heartbeats == 0);
    CHECK(made.issues.size() == 1);
  }
}

TEST_CASE("JSON without framing that is too long is refused once, whatever its contract") {
  stream_decode_options options;
  options.limits.event_bytes = 300;
  const std::string bytes = join({"{\"x\":\"", repeat("x", 300), "\"}\n", said("a")});
  for (const contract each : {contract::none, contract::openai}) {
    options.contract = each;
    CHECK(fails(bytes, code::LIMIT, options).issues.size() == 1);
  }
}

TEST_CASE("what is odd about JSON without framing is reported once under a contract") {
  stream_decode_options options;
  options.contract = contract::openai;
  const outcome made = fails("{\"x\":\"\xFF\"}", code::NOT_JSON, options);
  CHECK(std::count_if(made.issues.begin(), made.issues.end(),
                      [](const issue& one) { return one.code == code::INVALID_UTF8; }) == 1);
}

TEST_CASE("a line that is no field, behind an event that is cut off and like the one before") {
  const std::string cut = said("b").substr(0, said("b").size() - 2);
  const outcome made =
      fails(join({event(said("a")), "data: ", cut, "\nno field"}), code::TRUNCATED);
  CHECK(content_of(made) == "ab");
  CHECK(made.issues.size() == 2);
}

TEST_CASE("a line of blanks and JSON is no data, though an event of two lines was like it") {
  constexpr std::string_view start = R"(data: {"choices":[{"index":0,)";
  constexpr std::string_view rest = R"("delta":{"content":"a"}}]})";
  const std::string two_lines = join({start, "\ndata: ", rest, "\n\n"});
  const std::string one_line = join({start, "\n      ", rest, "\n\n"});
  const outcome made = decoded(two_lines + one_line);
  CHECK(made.state == status::failed);
  CHECK(content_of(made) == "a");
}

TEST_CASE("several chunks in one event, where the first is like the one before") {
  const outcome made = completes(join({event(said("a")), "data: ", said("b"), "\ndata: ", said("c"),
                                       "\n\ndata: ", said("d"), "\ndata: [DONE]\n\n"}),
                                 {code::FINISH_REASON_MISSING});
  CHECK(content_of(made) == "abcd");
  const outcome odd = completes(join({event(said("a")), event(said("b") + "x"), event("[DONE]")}),
                                {code::FINISH_REASON_MISSING, code::TRAILING_BYTES});
  CHECK(content_of(odd) == "ab");
}

TEST_CASE("the last event without its blank line, where it is like the one before") {
  const std::string bytes = cut_off({said("a"), said("b")});
  const outcome made = fails(bytes.substr(0, bytes.size() - 2), code::TRUNCATED);
  CHECK(content_of(made) == "ab");
  CHECK(made.issues[0].event == 1U);
}

constexpr std::string_view various_logprobs[] = {
    R"({"content":[{"token":"a","logprob":-1.5,"bytes":[97],"top_logprobs":[]}]})",
    R"({"content":[{"token":"\u00e9","logprob":0,"bytes":[195,169]},{"token":"\"","odd":[1]}]})",
    R"({"content":[],"refusal":null})",
    R"({"refusal":[{"token":"no","logprob":-1}]})",
    R"({"content":[null,{"logprob":"-1","bytes":[0.5]}],"more":{"a":{}}})",
    R"({})",
    "null",
    R"( { "tokens" : [ "a" ] , "token_logprobs" : [ null ] } )"};
constexpr std::string_view various_usage[] = {
    R"({"total_tokens":1})",
    R"({"total_tokens":2,"prompt_tokens_details":{"cached_tokens":1}})",
    R"( { "odd" : [ 1 ] , "cost" : 0.5 } )",
    R"({"odd":[1],"cost":0.5})",
    R"({"total_tokens":"3"})",
    "{}",
    "null"};

TEST_CASE("chunks that are alike but for what differs in each are those that come alone") {
  const auto hidden = [](std::string_view delta, std::string_view obfuscation) {
    return chunk(delta, R"(,"logprobs":null)",
                 join({R"(,"usage":null,"x":1,"obfuscation":")", obfuscation, "\""}));
  };
  const auto calls = [](std::string_view text) {
    return chunk(join({R"({"tool_calls":[{"index":0,"function":{"arguments":")", text, "\"}}]}"}));
  };
  std::vector<std::string> events;
  for (const std::string_view text :
       {"a", "b", "", R"(\n\u00e9)", "\xC3\xA9", "a text of some length"}) {
    events.push_back(said(text));
    events.push_back(chunk(join({R"({"role":"assistant","refusal":")", text, "\"}"}), "", "", "1"));
    events.push_back(hidden(join({R"({"reasoning":")", text, "\"}"}), "xy"));
    events.push_back(hidden(join({R"({"reasoning":"go on","content":null})"}), text));
    events.push_back(
        hidden(join({R"({"reasoning_content":")", text, R"(","content":")", text, "\"}"}), text));
  }
  events.push_back(
      chunk(R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]})"));
  for (const std::string_view text : {"{", "", R"(\"a\":)", "1", "}"})
    events.push_back(calls(text));
  for (const std::string_view logprobs : various_logprobs)
    events.push_back(chunk(R"({"content":"a"})", join({R"(,"logprobs":)", logprobs})));
  for (const std::string_view usage : various_usage)
    events.push_back(chunk(R"({"content":"a"})", "", join({R"(,"usage":)", usage})));
  for (const std::string_view padding : {"", "a", "abc", R"(\u00e9)", "\xC3\xA9", R"(\")"})
    for (const std::string_view more : {"", R"(,"usage":{"total_tokens":4})"})
      events.push_back(chunk(R"({"content":"a"})", "", join({R"(,"p":")", padding, "\"", more})));
  std::vector<std::string> alone;
  for (const std::string& one : events) alone.push_back(encode(*decode_chunk(one)));
  // One after the other, and side by side with those of other choices.
  for (int round = 0; round < 50; ++round) {
    std::string bytes;
    std::vector<std::string> expected;
    std::mt19937 random(static_cast<std::uint32_t>(round));
    for (int i = 0; i < 120; ++i) {
      const std::size_t which = random() % events.size();
      const std::size_t times = 1 + random() % 3;
      for (std::size_t time = 0; time < times; ++time) {
        bytes += event(events[which]);
        expected.push_back(alone[which]);
      }
    }
    CHECK(run(bytes).chunks == expected);
    CHECK(run(bytes, {}, {}, telling::each).chunks == expected);
  }
}

TEST_CASE("nothing of a chunk is left in those that are shown in its place") {
  const auto check = [](const auto& all, const auto& of) {
    for (const std::string_view one : all) {
      for (const std::string_view other : all) {
        std::string bytes;
        std::vector<std::string> expected;
        for (int i = 0; i < 12; ++i) {
          const std::string made = of(i % 3 == 2 ? other : one);
          bytes += event(made);
          expected.push_back(encode(*decode_chunk(made)));
        }
        CHECK(run(bytes, {}, {}, telling::each).chunks == expected);
      }
    }
  };
  check(various_logprobs, [](std::string_view logprobs) {
    return chunk(R"({"content":"a"})", join({R"(,"logprobs":)", logprobs}));
  });
  check(various_usage, [](std::string_view usage) {
    return chunk(R"({"content":"a"})", "", join({R"(,"usage":)", usage}));
  });
}

TEST_CASE("log-probabilities of an event that is like another are as deep as they may be") {
  stream_decode_options options;
  const auto passes = [&options](const std::vector<std::string>& events) {
    return run(stream_of(events), options).failure == code::LIMIT;
  };
  for (std::uint32_t depth = 4; depth != 12; ++depth) {
    options.limits.depth = depth;
    for (std::size_t deep = 1; deep != 12; ++deep) {
      const auto with = [](std::size_t nested) {
        const std::string value = repeat("[", nested) + repeat("]", nested);
        return chunk(R"({"content":"a"})",
                     join({R"(,"logprobs":{"content":[{"odd":)", value, "}]}"}));
      };
      CHECK(passes({with(deep)}) == (deep + 6 > depth));
      if (depth > 6) CHECK(passes({with(1), with(deep)}) == passes({with(deep)}));
    }
  }
}

TEST_CASE("Q82: bytes that are no UTF-8 are reported once, for their event") {
  const outcome made = fails(cut_off({"{\"\\u006f\xFF\":null}", "\"x\""}), code::BAD_TYPE);
  CHECK(made.issues.size() == 2);
}

TEST_CASE("as many issues are kept, however the bytes are cut") {
  stream_decode_options options;
  options.skip_bad_events = true;
  options.contract = contract::openai;
  std::string bytes;
  for (int i = 0; i < 200; ++i) bytes += event(i % 3 == 0 ? R"({"id":"c1",})" : said("a"));
  const std::size_t all = run(bytes, options).issues.size();
  CHECK(all >= 256);
  CHECK(all <= 260);
  for (const std::string& one : {bytes, bytes + "data: {", bytes + event(R"({"error":{}})")}) {
    const outcome whole = run(one, options);
    CHECK(whole.issues.back().severity == severity::error);
    CHECK(run(one, options, everywhere(one)) == whole);
    CHECK(run(one, options, {one.size() / 2, one.size() - 1}) == whole);
  }
}

TEST_CASE("limits, however the bytes are cut") {
  stream_decode_options options;
  const auto passes = [&](std::string_view bytes, const char* limit) {
    const outcome made = fails(bytes, code::LIMIT, options);
    CHECK(made.issues.back().expected == limit);
    return made;
  };
  const std::string text = repeat("x", 500);
  options.limits.body_bytes = 1200;
  passes(stream_of({said(text), said(text), said(text), finish()}), "bodyBytes");
  options.limits = {};
  options.limits.depth = 6;
  passes(stream_of({hello, R"({"choices":[],"own":[[[[[[1]]]]]]})"}), "depth");
  options.limits = {};
  options.limits.choices = 2;
  passes(stream_of({chunk("{}"), chunk("{}", "", "", "1"), chunk("{}", "", "", "2")}), "choices");
  options.limits = {};
  options.limits.tool_calls = 2;
  passes(calling({begin_f, R"({"index":1,"id":"b"})", R"({"index":2,"id":"c"})"}), "toolCalls");
}

// ---- JSON that is still coming ------------------------------------------------------------------

TEST_CASE("the arguments of a tool call, as far as they came") {
  stream_decoder decoder;
  CHECK_FALSE(decoder.partial_arguments(0, 0).has_value());
  const auto take = [&](std::string_view fragment) {
    CHECK(decoder.feed(event(chunk(join({R"({"tool_calls":[)", fragment, "]}"})))));
    const auto now = decoder.partial_arguments(0, 0);
    REQUIRE(now.has_value());
    return *now;
  };
  CHECK_FALSE(take(begin_f).has_begun);
  CHECK(take(piece(R"({\"ci)")).value == json::object());
  const partial_json_view text = take(piece(R"(ty\":\"Zu)"));
  CHECK(text.value == json{{"city", "Zu"}});
  CHECK_FALSE(text.complete);
  const partial_json_view number = take(piece(R"(g\",\"n\":12)"));
  CHECK(number.value == json{{"city", "Zug"}, {"n", 12}});
  CHECK(&number.value == &text.value);  // it grows in place
  CHECK(take(piece("3}")).complete);
  CHECK(number.value["n"] == 123);
  CHECK_FALSE(decoder.partial_arguments(0, 1).has_value());
  CHECK_FALSE(decoder.partial_arguments(1, 0).has_value());
  CHECK_FALSE(decoder.partial_arguments(0, ~std::size_t{0}).has_value());
  CHECK_FALSE(decoder.partial_content(0).has_value());
  // Where it is looked at for the first time after the end, it is all there.
  stream_decoder late;
  CHECK(late.feed(calling({begin_f, piece("[1"), piece(",2]")})));
  CHECK(late.finish());
  CHECK(late.partial_arguments(0, 0)->value == json{1, 2});
  late.reset();
  CHECK_FALSE(late.partial_arguments(0, 0).has_value());
}

TEST_CASE("Q117: the arguments begin anew after a placeholder") {
  stream_decoder decoder;
  CHECK(decoder.feed(cut_off({chunk(join({R"({"tool_calls":[)", begin_f, "]}"})),
                              chunk(join({R"({"tool_calls":[)", piece("{}"), "]}"}))})));
  CHECK(decoder.partial_arguments(0, 0)->value == json::object());
  CHECK(decoder.feed(event(chunk(join({R"({"tool_calls":[)", piece(R"({\"x\":[tr)"), "]}"})))));
  const auto now = decoder.partial_arguments(0, 0);
  CHECK(now->value == json{{"x", {true}}});
  CHECK_FALSE(now->complete);
}

TEST_CASE("content that is JSON, and content that is none") {
  stream_decoder decoder;
  CHECK(decoder.feed(event(said(R"([\"\ud83d)"))));
  CHECK(decoder.partial_content(0)->value == json{""});
  CHECK(decoder.feed(event(said(R"(\ude00\"])"))));
  CHECK(decoder.partial_content(0)->value == json{"\xF0\x9F\x98\x80"});
  CHECK(decoder.partial_content(0)->complete);
  CHECK(decoder.feed(event(chunk(R"({"content":"12"})", "", "", "1"))));
  CHECK(decoder.partial_content(1)->value == 12);
  CHECK_FALSE(decoder.partial_content(1)->complete);
  CHECK(decoder.feed(cut_off({finish(), finish("stop", "", "1")})));
  CHECK(decoder.finish());
  CHECK(decoder.partial_content(1)->complete);  // nothing more can come

  stream_decoder prose;
  CHECK(prose.feed(event(said("Hello"))));
  CHECK_FALSE(prose.partial_content(0)->has_begun);
  CHECK_FALSE(prose.partial_content(0)->complete);
}

// ---- The decoder itself -------------------------------------------------------------------------

TEST_CASE("a failure is told again, and bytes after the end are one") {
  stream_decoder decoder;
  CHECK(decoder.feed(event(hello)));
  const auto failed = decoder.feed(cut_off({said(" you"), R"({"error":{"message":"no"}})"}));
  CHECK_FALSE(failed);
  CHECK(failed->size() == 1);
  CHECK(failed.issues().size() == 1);
  CHECK(decoder.state() == status::failed);
  const auto check_again = [&failed](const auto& again) {
    CHECK_FALSE(again);
    CHECK(again->empty());
    CHECK(again.issues().empty());
    CHECK(again.error().code == code::PROVIDER_ERROR);
    CHECK(again.error().message == failed.error().message);
    CHECK(again.error().provider->message == "no");
  };
  check_again(decoder.feed(event(said("!"))));
  check_again(decoder.feed_events(event(said("!"))));
  check_again(decoder.finish());
  check_again(decoder.finish_events());
  CHECK(std::get<std::string>(*decoder.snapshot().choices[0].message->content) == "Hello you");
  CHECK_FALSE(decoder.completion());
  CHECK(decoder.completion().error().provider->message == "no");
  CHECK(decoder.issues().size() == 1);

  stream_decoder complete;
  CHECK(complete.feed(hi));
  CHECK(complete.finish());
  CHECK(complete.finish()->empty());
  CHECK(complete.feed(""));
  for (const auto& over : {complete.feed(event("{")), complete.feed(event(hello))}) {
    CHECK(over->empty());
    CHECK(over.error().code == code::STREAM_OVER);
    CHECK(over.error().offset == hi.size());
  }
  CHECK(complete.feed_events(event(hello)).error().code == code::STREAM_OVER);
  CHECK(complete.finish());
  CHECK(complete.state() == status::complete);
  CHECK(complete.completion());
}

TEST_CASE(
    "what chunks are shown to may throw: the read is taken in, its later chunks are not shown") {
  stream_decoder decoder;
  std::string shown;
  const auto show = [&shown](const chat_completion_chunk& one) {
    const std::string text = std::get<std::string>(*one.choices[0].delta->content);
    shown += text;
    if (text == "b") throw std::string("enough");
  };
  const std::string bytes = cut_off({said("a"), said("b"), said("c"), hello, said("d")});
  CHECK_THROWS_AS(static_cast<void>(decoder.feed_each(bytes, show)), std::string);
  CHECK(shown == "ab");
  CHECK(decoder.state() == status::open);
  CHECK(std::get<std::string>(*decoder.snapshot().choices[0].message->content) == "abcHellod");
  const auto next = decoder.feed_each(cut_off({said("e"), said("f")}), show);
  CHECK(next);
  CHECK(*next == 2);
  CHECK(shown == "abef");
}

void ignore(const chat_completion_chunk&) {}

TEST_CASE("chunks that are shown may be copied, and a function object keeps what it counts") {
  struct counter {
    std::vector<chat_completion_chunk> kept{};
    void operator()(const chat_completion_chunk& one) { kept.push_back(one); }
  };
  counter count;
  stream_decoder decoder;
  const std::string bytes = cut_off({said("a"), said("b"), said("c")});
  CHECK(*decoder.feed_each(bytes, count) == 3);
  CHECK(count.kept == *stream_decoder().feed(bytes));
  CHECK(*decoder.finish_each(ignore) == 0);
}

TEST_CASE("a line that is no field may be longer than an event") {
  stream_decode_options options;
  options.limits.event_bytes = 1000;
  const std::string line(2000, 'x');
  const outcome made = decoded(event(hello) + line + "\n" + stream_of({finish()}), options, 40);
  CHECK(made.state == status::complete);
  REQUIRE(made.issues.size() == 1);
  CHECK(made.issues[0].code == code::LINE_WITHOUT_FIELD);
  CHECK(made.issues[0].received.size() < line.size());
}

TEST_CASE("a connection that breaks before [DONE] cuts the stream off") {
  for (const bool events : {false, true}) {
    stream_decoder decoder;
    const std::string whole = cut_off({hello, said(" you"), finish()});
    CHECK(decoder.feed(whole));
    const auto why =
        events ? decoder.finish_events(true).error().code : decoder.finish(true).error().code;
    CHECK(why == code::TRUNCATED);
    CHECK(decoder.state() == status::truncated);
    CHECK(decoder.snapshot().choices[0].finish_reason.has_value());
  }
  stream_decoder done;
  CHECK(done.feed(hi));
  CHECK(done.finish(true));
  CHECK(done.state() == status::complete);
}

TEST_CASE("before the end there is what came so far") {
  stream_decoder decoder;
  CHECK(decoder.state() == status::open);
  CHECK(decoder.snapshot().choices.empty());
  CHECK(decoder.completion());
  CHECK(decoder.tool_calls().empty());
  CHECK(decoder.feed(""));
  const std::string bytes = event(hello) + event(said(" you")).substr(0, 30);
  CHECK(decoder.feed(bytes)->size() == 1);
  const auto so_far = decoder.completion();
  CHECK(so_far);
  CHECK(std::get<std::string>(*so_far->choices[0].message->content) == "Hello");
  CHECK(decoder.feed(event(said(" you")).substr(30))->size() == 1);
  CHECK(std::get<std::string>(*decoder.snapshot().choices[0].message->content) == "Hello you");
}

TEST_CASE("one decoder serves many streams, and many decoders one thread") {
  stream_decoder decoder;
  const outcome expected = run(hi);
  const std::string cut = cut_off({said(repeat("x", 100)), "{"});
  for (int i = 0; i < 3; ++i) {
    CHECK(run(decoder, hi, {}) == expected);
    decoder.reset();
    CHECK(decoder.state() == status::open);
    CHECK(decoder.issues().empty());
    CHECK_FALSE(decoder.feed(cut));
    decoder.reset();
    CHECK(decoder.feed(event(hello).substr(0, 40)));  // half an event is forgotten, too
    decoder.reset();
  }
  std::vector<stream_decoder> all(5);
  for (std::size_t at = 0; at < hi.size(); ++at)
    for (stream_decoder& one : all) CHECK(one.feed(std::string_view(hi).substr(at, 1)));
  for (stream_decoder& one : all) CHECK(run(one, "", {}).completion == expected.completion);

  stream_decoder first;
  CHECK(first.feed(event(said("[1"))));
  const nlohmann::json& tree = first.partial_content(0)->value;
  stream_decoder moved = std::move(first);
  CHECK(moved.feed(event(said(",2]"))));
  CHECK(moved.partial_content(0)->complete);
  CHECK(tree == json{1, 2});
  first = stream_decoder();
  CHECK(run(first, hi, {}) == expected);
}

TEST_CASE("reads of any size, and results that outlive them") {
  std::vector<std::string> events;
  for (std::size_t i = 0; i < 5000; ++i) events.push_back(said(repeat("word ", 1 + i % 7)));
  events.push_back(finish());
  const std::string bytes = stream_of(events);
  stream_decoder decoder;
  const auto all = decoder.feed(bytes);  // more than a slice
  const std::vector<chat_completion_chunk> kept = *all;
  CHECK(kept.size() == events.size());
  CHECK(decoder.finish());
  const chat_completion completion = *decoder.completion();
  decoder.reset();
  CHECK(decoder.feed(bytes)->size() == kept.size());
  std::string text;
  for (const chat_completion_chunk& one : kept)
    if (const auto& content = one.choices[0].delta->content; content.has_value())
      text += std::get<std::string>(*content);
  CHECK(std::get<std::string>(*completion.choices[0].message->content) == text);
}

TEST_CASE("issues say which event they are about, and where in the stream") {
  const std::string bytes =
      stream_of({hello, R"({"choices":[{"index":"0","delta":{}}]})", finish()});
  const outcome made = completes(bytes, {code::NUMBER_FROM_STRING});
  const issue& one = made.issues[0];
  CHECK(one.event == 1U);
  CHECK(bytes.substr(one.offset, 3) == "\"0\"");
  CHECK(path_text(one.path) == "choices[0].index");
  CHECK(decode(R"({"choices":[{"index":"0","message":{}}]})").issues().at(0).event == std::nullopt);
}

TEST_CASE("names in issues, however they are spelled") {
  const auto result =
      decode_chunk("{\"choices\":[],\"a\\u0062\\n\\u00e9\\u4e2d\\ud83d\\ude00\\\"\" 1}");
  REQUIRE(result.issues().size() == 1);
  CHECK(path_text(result.issues()[0].path) == "ab\n\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\"");
}

// ---- Recorded streams ---------------------------------------------------------------------------

namespace {

struct recorded {
  std::string name;
  std::string bytes;
};

/// Streams of real providers, where they are at hand.
std::vector<recorded> recorded_streams() {
  const std::filesystem::path folder =
      std::filesystem::path(CHATWIRE_ROOT) / ".." / "shared" / "corpus" / "streams";
  std::vector<recorded> made;
  if (!std::filesystem::is_directory(folder)) {
    MESSAGE("there is no " << folder.string());
    return made;
  }
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream from(file.path(), std::ios::binary);
    made.push_back({file.path().filename().string(),
                    {std::istreambuf_iterator<char>(from), std::istreambuf_iterator<char>()}});
  }
  return made;
}

}  // namespace

TEST_CASE("recorded streams, however they are cut") {
  for (const recorded& one : recorded_streams()) {
    CAPTURE(one.name);
    const outcome made = decoded(one.bytes, {}, 40);
    CHECK(made.state == status::complete);
    REQUIRE(made.completion.has_value());
    for (const issue& odd : made.issues) CHECK(odd.severity == severity::info);
    CHECK_FALSE(made.events.empty());
    const auto again = decode(*made.completion);
    CHECK(again);
    CHECK(encode(*again) == made.completion);
    // Broken off anywhere it is truncated, or whole.
    for (std::size_t at = one.bytes.size() / 7; at < one.bytes.size(); at += one.bytes.size() / 7) {
      const outcome part = run(std::string_view(one.bytes).substr(0, at));
      CHECK((part.state == status::truncated || part.state == status::complete));
      CHECK(std::equal(part.chunks.begin(), part.chunks.end(), made.chunks.begin()));
    }
  }
}

// ---- Any stream of a server that behaves --------------------------------------------------------

namespace {

/// Makes streams: what they say is in no doubt, but they say it in pieces of any size, in any
/// order, in any spelling of JSON, framed in any way that is allowed. Strings are WTF-8, as pieces
/// of texts are cut between surrogates, too.
class stream_maker {
 public:
  explicit stream_maker(std::uint32_t seed) : random_(seed) { make_chunks(); }

  const std::vector<json>& chunks() const { return chunks_; }
  /// What the arguments of the calls are, by their choices and positions.
  const std::map<std::pair<int, int>, json>& arguments() const { return arguments_; }
  std::string bytes();
  /// Places to cut the bytes at.
  std::vector<std::size_t> cuts(std::size_t size);
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool one_in(std::size_t many) { return below(many) == 0; }

 private:
  /// The pieces of one choice, in order: members of choices.
  using steps = std::vector<json>;

  std::u16string text(std::size_t most);
  std::vector<std::string> pieces(std::u16string_view all);
  json value(int depth);
  void add_texts(std::vector<steps>& channels, const char* name);
  void add_calls(std::vector<steps>& channels, int choice);
  steps make_choice(int index);
  void make_chunks();
  steps in_turns(std::vector<steps> lists);

  std::string spelled_text(std::u16string_view units);
  std::string spelled(const json& value);
  std::string space(bool lines);

  std::mt19937 random_;
  std::vector<json> chunks_;
  std::map<std::pair<int, int>, json> arguments_;
  bool plain_ = false;  // JSON is spelled as everybody spells it
};

std::u16string stream_maker::text(std::size_t most) {
  constexpr std::u16string_view words[] = {
      u"a",          u" the",   u"\n\n",   u"\"\\/",          u"caf\u00e9",   u"\u4e2d\u6587",
      u"\U0001f600", u"\xD800", u"\xDFFF", u"0123456789abcd", u"\u2028\u0001"};
  std::u16string made;
  for (std::size_t left = below(most); left != 0; --left) made += words[below(std::size(words))];
  return made;
}

std::vector<std::string> stream_maker::pieces(std::u16string_view all) {
  std::vector<std::string> made;
  do {
    const std::size_t size = one_in(4) ? all.size() : std::min(all.size(), below(8));
    made.push_back(narrow(all.substr(0, size)));
    all.remove_prefix(size);
  } while (!all.empty() || one_in(5));
  return made;
}

json stream_maker::value(int depth) {
  switch (below(depth > 2 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return one_in(2);
    case 2:
      return static_cast<int>(below(2000)) - 1000;
    case 3:
      return static_cast<double>(below(1000)) / 8 + 0.0625;
    case 4:
      return narrow(text(5));
    case 5: {
      json made = json::array();
      for (std::size_t left = below(4); left != 0; --left) made.push_back(value(depth + 1));
      return made;
    }
    default: {
      json made = json::object();
      for (std::size_t left = below(4); left != 0; --left) made[narrow(text(3))] = value(depth + 1);
      return made;
    }
  }
}

void stream_maker::add_texts(std::vector<steps>& channels, const char* name) {
  steps made;
  for (const std::string& one : pieces(text(12))) {
    json step = {{"delta", {{name, one}}}};
    if (one_in(6)) {
      step["logprobs"] = {{"content", json::array({{{"token", one},
                                                    {"logprob", -0.25},
                                                    {"bytes", nullptr},
                                                    {"top_logprobs", json::array()}}})}};
    }
    made.push_back(std::move(step));
  }
  channels.push_back(std::move(made));
}

void stream_maker::add_calls(std::vector<steps>& channels, int choice) {
  steps made;
  const int count = static_cast<int>(below(4));
  const int first = static_cast<int>(below(2));  // some servers count from 1
  for (int call = 0; call < count; ++call) {
    json of = value(0);
    while (!of.is_object()) of = json::object({{narrow(text(3)), std::move(of)}});
    const auto fragment = [&](json members) {
      members["index"] = first + call;
      made.push_back({{"delta", {{"tool_calls", json::array({std::move(members)})}}}});
    };
    fragment({{"id", join({"call-", std::to_string(choice), std::to_string(call)})},
              {"type", "function"},
              {"function", {{"name", join({"f", std::to_string(call)})}, {"arguments", ""}}}});
    for (const std::string& one : pieces(widen(spelled(of))))
      fragment({{"function", {{"arguments", one}}}});
    arguments_[{choice, call}] = std::move(of);
  }
  if (count != 0) channels.push_back(std::move(made));
}

// Takes from the lists, from each in its order.
stream_maker::steps stream_maker::in_turns(std::vector<steps> lists) {
  steps made;
  for (steps& one : lists) std::reverse(one.begin(), one.end());
  std::erase_if(lists, [](const steps& one) { return one.empty(); });
  while (!lists.empty()) {
    steps& from = lists[below(lists.size())];
    for (std::size_t left = 1 + below(3); left != 0 && !from.empty(); --left) {
      made.push_back(std::move(from.back()));
      from.pop_back();
    }
    std::erase_if(lists, [](const steps& one) { return one.empty(); });
  }
  return made;
}

stream_maker::steps stream_maker::make_choice(int index) {
  std::vector<steps> channels;
  add_texts(channels, "content");
  if (one_in(2)) add_texts(channels, one_in(2) ? "reasoning" : "reasoning_content");
  if (one_in(4)) add_texts(channels, "refusal");
  if (one_in(2)) add_calls(channels, index);
  steps made = in_turns(std::move(channels));
  json first = {{"role", "assistant"}};
  if (one_in(2)) first["content"] = one_in(2) ? json(nullptr) : json("");
  made.insert(made.begin(), json::object({{"delta", std::move(first)}}));
  const bool nulls = one_in(2);
  for (json& step : made)
    if (nulls) step["finish_reason"] = nullptr;
  json last = {{"delta", json::object()}, {"finish_reason", one_in(2) ? "stop" : "content_filter"}};
  if (one_in(3)) last["native_finish_reason"] = narrow(text(3));
  made.push_back(std::move(last));
  for (json& step : made) step["index"] = index;
  return made;
}

void stream_maker::make_chunks() {
  plain_ = one_in(2);
  const int count = one_in(3) ? 1 + static_cast<int>(below(3)) : 1;
  std::vector<steps> choices;
  for (int index = 0; index < count; ++index) choices.push_back(make_choice(index));
  json head = {{"id", "id-1"}, {"object", "chat.completion.chunk"}, {"created", 1}, {"model", "m"}};
  if (one_in(3)) head["usage"] = nullptr;
  if (one_in(3)) head["provider"] = narrow(text(3));
  if (one_in(3)) head["service_tier"] = nullptr;
  const bool obfuscated = one_in(4);
  for (json& step : in_turns(std::move(choices))) {
    json made = head;
    made["choices"] = json::array({std::move(step)});
    if (obfuscated) made["obfuscation"] = repeat("x", below(9));
    chunks_.push_back(std::move(made));
  }
  if (one_in(2)) {
    head["choices"] = json::array();
    head["usage"] = {{"prompt_tokens", 3}, {"completion_tokens", 4}, {"total_tokens", 7}};
    chunks_.push_back(std::move(head));
  }
}

std::string stream_maker::spelled_text(std::u16string_view units) {
  std::string made = "\"";
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::size_t size =
        is_high(units[i]) && i + 1 < units.size() && is_low(units[i + 1]) ? 2 : 1;
    const char16_t unit = units[i];
    const bool half = size == 1 && (is_high(unit) || is_low(unit));
    if (half || unit < 0x20 || (!plain_ && one_in(4))) {
      for (std::size_t each = 0; each < size; ++each) {
        char escape[8];
        std::snprintf(escape, sizeof escape, one_in(2) ? "\\u%04x" : "\\u%04X",
                      static_cast<unsigned>(units[i + each]));
        made += escape;
      }
    } else if (unit == '"' || unit == '\\') {
      made += {'\\', static_cast<char>(unit)};
    } else {
      made += narrow(units.substr(i, size));
    }
    i += size - 1;
  }
  made += '"';
  return made;
}

std::string stream_maker::space(bool lines) {
  if (plain_ || !one_in(4)) return "";
  constexpr std::string_view some[] = {" ", "\t", "  ", "\n", " \n\t"};
  return std::string(some[below(lines ? std::size(some) : 3)]);
}

std::string stream_maker::spelled(const json& value) {
  if (value.is_string()) return spelled_text(widen(value.get_ref<const std::string&>()));
  if (!value.is_structured()) return value.dump();
  std::string made(1, value.is_object() ? '{' : '[');
  for (auto member = value.begin(); member != value.end(); ++member) {
    if (member != value.begin()) made += ',';
    made += space(true);
    if (value.is_object()) made += join({spelled_text(widen(member.key())), space(true), ":"});
    made += join({space(true), spelled(*member), space(true)});
  }
  made += value.is_object() ? '}' : ']';
  return made;
}

std::string stream_maker::bytes() {
  std::string made = one_in(5) ? "\xEF\xBB\xBF" : "";
  constexpr const char* all_ends[] = {"\n", "\n", "\r\n", "\r"};
  const bool mixed = one_in(5);
  const std::string start = one_in(2) ? "data: " : "data:";
  const bool comments = one_in(3);
  std::string end = all_ends[below(std::size(all_ends))];
  const auto add = [&](const std::string& data) {
    if (mixed) end = all_ends[below(std::size(all_ends))];
    if (comments && one_in(3)) made += join({": PROCESSING", end, end});
    if (comments && one_in(4)) made += join({"event: message", end, "id: 5", end});
    made += start;
    for (const char byte : data) {
      if (byte == '\n') {
        made += end;
        made += start;
      } else {
        made += byte;
      }
    }
    made += end;
    made += end;
  };
  for (const json& one : chunks_) {
    // What pieces are known by is always spelled the same.
    json rest = one;
    rest.erase("id");
    rest.erase("model");
    add(join({R"({"id":"id-1","model":"m",)", std::string_view(spelled(rest)).substr(1)}));
  }
  if (!one_in(3)) add("[DONE]");
  return made;
}

std::vector<std::size_t> stream_maker::cuts(std::size_t size) {
  std::vector<std::size_t> made;
  if (one_in(3)) {
    const std::size_t step = 1 + below(200);
    for (std::size_t at = step; at < size; at += step) made.push_back(at);
    return made;
  }
  for (std::size_t left = below(10); left != 0; --left) made.push_back(below(size + 1));
  std::sort(made.begin(), made.end());
  return made;
}

// ---- What such a stream comes to ----------------------------------------------------------------

void append(json& to, const std::string& name, const json& value) {
  if (value.is_string() && to.contains(name) && to[name].is_string()) {
    to[name].get_ref<std::string&>() += value.get_ref<const std::string&>();
  } else if (!value.is_null() || !to.contains(name)) {
    to[name] = value;
  }
}

void add_call(json& message, std::map<int, std::size_t>& places, json fragment) {
  json& calls = message["tool_calls"];
  const int index = fragment["index"];
  fragment.erase("index");
  if (places.count(index) == 0) {
    places[index] = calls.size();
    calls.push_back(std::move(fragment));
    return;
  }
  json& call = calls[places[index]];
  append(call["function"], "arguments", fragment["function"]["arguments"]);
}

/// Texts and lists put together by choice and tool call, and nothing else.
json completion_of(const std::vector<json>& chunks) {
  json made = {{"object", "chat.completion"}};
  std::map<int, json> choices;
  std::map<int, std::map<int, std::size_t>> places;
  for (const json& one : chunks) {
    for (const auto& [name, value] : one.items())
      if (name != "choices" && name != "object" && name != "obfuscation")
        append(made, name, made.contains(name) && value.is_string() ? json(nullptr) : value);
    for (const json& step : one["choices"]) {
      const int index = step["index"];
      json& choice = choices.try_emplace(index, json{{"index", index}}).first->second;
      for (const auto& [name, value] : step["delta"].items()) {
        if (name != "tool_calls") append(choice["message"], name, value);
        if (name != "tool_calls") continue;
        for (const json& fragment : value) add_call(choice["message"], places[index], fragment);
      }
      for (const char* name : {"finish_reason", "native_finish_reason"})
        if (step.contains(name)) append(choice, name, step[name]);
      if (!step.contains("logprobs")) continue;
      json& list = choice["logprobs"]["content"];
      for (const json& token : step["logprobs"]["content"]) list.push_back(token);
    }
  }
  made["choices"] = json::array();
  for (auto& [index, choice] : choices) made["choices"].push_back(std::move(choice));
  return made;
}

/// The same value with the halves joined that have come next to each other.
json with_whole_texts(const json& value) {
  if (value.is_string()) return well_formed(value.get_ref<const std::string&>());
  json made = value;
  if (value.is_object())
    for (const auto& [name, of] : value.items()) made[name] = with_whole_texts(of);
  if (value.is_array())
    for (json& of : made) of = with_whole_texts(of);
  return made;
}

/// Whether a value may be what there is of another one so far.
bool may_become(const json& part, const json& whole) {
  if (part.is_number()) return whole.is_number();
  if (part.type() != whole.type()) return false;
  if (part.is_string()) return whole.get<std::string>().rfind(part.get<std::string>(), 0) == 0;
  if (!part.is_structured()) return part == whole;
  if (part.is_array() && part.size() > whole.size()) return false;
  for (auto member = part.begin(); member != part.end(); ++member) {
    if (part.is_object() && !whole.contains(member.key())) return false;
    const json& other = part.is_object()
                            ? whole[member.key()]
                            : whole[static_cast<std::size_t>(std::distance(part.begin(), member))];
    if (!may_become(*member, other)) return false;
  }
  return true;
}

/// Looks at all arguments, which must be the beginning of what they will be.
void look(stream_decoder& decoder, const stream_maker& of, bool at_end) {
  for (const auto& [place, whole] : of.arguments()) {
    const auto [choice, call] = place;
    const auto now = decoder.partial_arguments(choice, static_cast<std::size_t>(call));
    if (at_end) REQUIRE(now.has_value());
    if (!now.has_value() || !now->has_begun) continue;
    CHECK(may_become(now->value, with_whole_texts(whole)));
    if (at_end || now->complete) CHECK(now->value == with_whole_texts(whole));
    if (at_end) CHECK(now->complete);
  }
}

/// The texts of events, by what they are of.
std::map<std::string, std::string> texts_of(const std::vector<stream_event>& events) {
  std::map<std::string, std::string> made;
  for (const stream_event& one : events) {
    std::visit(
        [&](const auto& is) {
          std::string key = std::to_string(one.index());
          if constexpr (requires { is.choice; }) key += ' ' + std::to_string(is.choice);
          if constexpr (requires { is.tool_call; }) key += ' ' + std::to_string(is.tool_call);
          if constexpr (requires { is.text; }) made[key] += is.text;
        },
        one);
  }
  return made;
}

/// The same of a completion.
std::map<std::string, std::string> texts_of(const json& completion) {
  std::map<std::string, std::string> made;
  for (const json& choice : completion["choices"]) {
    const std::string index = std::to_string(choice["index"].get<int>());
    const auto add = [&](const std::string& key, const json& from, const char* name) {
      if (!from.contains(name) || !from[name].is_string() || from[name] == "") return;
      made[key] = from[name].get<std::string>();
    };
    const json& message = choice["message"];
    add("0 " + index, message, "content");
    add("1 " + index, message, "reasoning");
    add("1 " + index, message, "reasoning_content");
    add("2 " + index, message, "refusal");
    if (!message.contains("tool_calls")) continue;
    for (std::size_t call = 0; call < message["tool_calls"].size(); ++call)
      add(join({"4 ", index, " ", std::to_string(call)}), message["tool_calls"][call]["function"],
          "arguments");
  }
  return made;
}

}  // namespace

TEST_CASE("a stream is what its events are, however it is spelled, framed and cut") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    stream_maker maker(seed);
    const std::string bytes = maker.bytes();
    const json expected = with_whole_texts(completion_of(maker.chunks()));
    for (int way = 0; way < 3; ++way) {
      const std::vector<std::size_t> cuts = way == 0   ? std::vector<std::size_t>()
                                            : way == 1 ? everywhere(bytes)
                                                       : maker.cuts(bytes.size());
      stream_decoder decoder;
      std::vector<json> chunks;
      const auto take = [&](const result<std::vector<chat_completion_chunk>>& read) {
        REQUIRE_MESSAGE(read.ok(), read.error().message);
        chunks.insert(chunks.end(), read->begin(), read->end());
        if (way == 0 || maker.one_in(10)) look(decoder, maker, false);
      };
      std::size_t from = 0;
      for (const std::size_t to : cuts) {
        take(decoder.feed(std::string_view(bytes).substr(from, to - from)));
        from = to;
      }
      take(decoder.feed(std::string_view(bytes).substr(from)));
      take(decoder.finish());
      CHECK(decoder.issues().empty());
      CHECK(chunks == maker.chunks());
      const auto completion = decoder.completion();
      REQUIRE(completion.ok());
      CHECK(json(*completion) == expected);
      look(decoder, maker, true);
      decoder.reset();
      const outcome kept = run(decoder, bytes, cuts);
      decoder.reset();
      CHECK(run(decoder, bytes, cuts, telling::each) == kept);
      decoder.reset();
      const outcome told = run(decoder, bytes, cuts, telling::events);
      CHECK(told.state == status::complete);
      CHECK(texts_of(told.events) == texts_of(expected));
    }
  }
}

TEST_CASE("a stream to which something happens comes to the same, however it is cut") {
  stream_decode_options options;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    stream_maker maker(seed);
    std::string bytes = maker.bytes();
    for (std::size_t left = 1 + maker.below(3); left != 0; --left) {
      const std::size_t at = maker.below(bytes.size());
      constexpr std::string_view any = "{}[]\":,\\\n\r 0-\xFF";
      switch (maker.below(4)) {
        case 0:
          bytes[at] = any[maker.below(any.size())];
          break;
        case 1:
          bytes.erase(at, maker.below(30));
          break;
        case 2:
          bytes.insert(at, bytes.substr(at, maker.below(30)));
          break;
        default:
          if (maker.one_in(3)) bytes.resize(at + 1);
      }
    }
    options.skip_bad_events = maker.one_in(2);
    options.cumulative_deltas = maker.one_in(4);
    decoded(bytes, options, 20);
  }
}
