// What framing finds in streams, wherever the network cuts them.
#include "stream/framing.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "framing_owner.hpp"
#include "texts.hpp"

using namespace chatwire;
using namespace chatwire::test;

namespace {

using form = framing::form;
using list = frame_list;
/// What is found in a stream, the same wherever it is cut.
owner read(std::string_view stream) {
  CAPTURE(stream);
  owner whole = read_in({stream});
  compare(read_in(in_bytes(stream)), whole);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    CAPTURE(cut);
    compare(read_in({stream.substr(0, cut), stream.substr(cut)}), whole);
  }
  return whole;
}

list frames_of(std::string_view stream) { return read(stream).found(); }

/// The same of a stream that is too long to be cut everywhere.
list frames_of_long(std::string_view stream) {
  owner whole = read_in({stream});
  compare(read_in(in_bytes(stream)), whole);
  for (const std::size_t cut : {stream.size() / 3, stream.size() / 2, stream.size() - 2})
    compare(read_in({stream.substr(0, cut), stream.substr(cut)}), whole);
  return whole.found();
}

}  // namespace

TEST_SUITE_BEGIN("framing");

// ---- The standard -------------------------------------------------------------------------------

TEST_CASE("a byte order mark at the beginning is skipped (Q68)") {
  CHECK(frames_of("\xEF\xBB\xBF"
                  "data: a\n\n") == list{"event a"});
  CHECK(frames_of("\xEF\xBB\xBF{\"a\":1}") == list{"value {\"a\":1}"});
  CHECK(frames_of("\xEF\xBB\xBF\n\n: a\n") == list{"heartbeat"});
  CHECK(frames_of("\xEF\xBB\xBF").empty());
}

TEST_CASE("a byte order mark is skipped only once, and only at the beginning (Q68)") {
  CHECK(frames_of("\xEF\xBB\xBF\xEF\xBB\xBF"
                  "data: a\n\ndata: b\n\n") == list{"event b"});
  CHECK(frames_of("data: a\n\n\xEF\xBB\xBF"
                  "data: b\n\ndata: c\n\n") == list{"event a",
                                                    "stray \xEF\xBB\xBF"
                                                    "data: b",
                                                    "event c"});
  CHECK(frames_of("data: a\n\ndata: \xEF\xBB\xBF"
                  "b\n\n") == list{"event a",
                                   "event \xEF\xBB\xBF"
                                   "b"});
  CHECK(frames_of("\xEF\xBB") == list{"text \xEF\xBB"});
}

TEST_CASE("lines end with LF, CRLF or CR, also mixed (Q67)") {
  for (const std::string_view end : {"\n", "\r\n", "\r"})
    CHECK(frames_of(join({"data: a", end, "id: 1", end, end, ":", end, "data: b", end, end})) ==
          list{"event a", "heartbeat", "event b"});
  CHECK(frames_of("data: a\r\n\ndata: b\r\rdata: c\n\rdata: d\r\n\r\n") ==
        list{"event a", "event b", "event c", "event d"});
}

TEST_CASE("a CR ends its line at once, and the LF that follows belongs to it (Q67)") {
  owner reader;
  reader.feed("data: a\r\n\r");
  CHECK(reader.found() == list{"event a"});
  reader.feed("\n");
  reader.feed("data: b\r\n");
  reader.feed("\r");
  CHECK(reader.found() == list{"event a", "event b"});
  reader.feed("\ndata: c\r");
  reader.feed("\r");
  CHECK(reader.found() == list{"event a", "event b", "event c"});
  reader.feed("\r\n\n\r\n");
  CHECK(reader.held() == 0);
}

TEST_CASE("after a whole event another one may begin, whatever its line ends are (Q67)") {
  for (const std::string_view ends : {"\n\n", "\r\n\r\n"}) {
    CAPTURE(ends);
    std::string stream;
    for (int i = 0; i < 3; ++i) stream += join({"data: {}", ends});
    framing frames;
    auto* bytes = reinterpret_cast<std::uint8_t*>(stream.data());
    const auto size = static_cast<std::uint32_t>(stream.size());
    for (int i = 0; i < 3; ++i) {
      CHECK(frames.next(bytes, size).kind == frame_kind::event);
      CHECK(frames.is_between_events());
    }
    CHECK(frames.position() == size);
  }
}

TEST_CASE("a blank line dispatches the event") {
  owner reader;
  reader.feed("data: a\n");
  CHECK(reader.found().empty());
  CHECK(reader.held() != 0);
  reader.feed("\n");
  CHECK(reader.found() == list{"event a"});
  CHECK(reader.held() == 0);
}

TEST_CASE("a line that begins with a colon is ignored, and a heartbeat (Q64)") {
  CHECK(frames_of(": OPENROUTER PROCESSING\n\n: keep-alive\n\n:\n\n:ping\ndata: a\n\n") ==
        list{"heartbeat", "heartbeat", "heartbeat", "heartbeat", "event a"});
  CHECK(frames_of(":data: a\n\n") == list{"heartbeat"});
  CHECK(frames_of(": cut") == list{"heartbeat"});
}

TEST_CASE("comments may stand between the lines of an event (Q64)") {
  CHECK(frames_of("data: a\n: b\n:\n\n") == list{"heartbeat", "heartbeat", "event a"});
  CHECK(frames_of("data: a\n:b\ndata: c\n\n") == list{"heartbeat", "event a\n  \n      c"});
}

TEST_CASE("what comes before the first colon is the name, after it the value") {
  CHECK(frames_of("data: a: b\n\n") == list{"event a: b"});
  CHECK(frames_of("data::\n\n") == list{"event :"});
}

TEST_CASE("one space after the colon is not part of the value (Q63)") {
  CHECK(frames_of("data:a\n\ndata: a\n\n") == list{"event a", "event a"});
  CHECK(read("data:{\"a\":1}\n\n").offsets() == std::vector<std::size_t>{5});
  CHECK(read("data: {\"a\":1}\n\n").offsets() == std::vector<std::size_t>{6});
}

TEST_CASE("further white space around data is not given, for it means nothing to JSON") {
  CHECK(frames_of("data:  \t {\"a\": \"b \"} \t \n\n") == list{"event {\"a\": \"b \"}"});
}

TEST_CASE("a line without a colon is a field with an empty value") {
  CHECK(frames_of("data\n\n") == list{"heartbeat"});
  CHECK(frames_of("data\ndata\n\n") == list{"heartbeat"});
  CHECK(frames_of("data\ndata: a\n\nevent\ndata: b\nid\n\nretry\n\n") ==
        list{"event a", "event b", "heartbeat"});
}

TEST_CASE("names of fields are compared as they are, without folding of case") {
  CHECK(frames_of("data: a\n\nData: b\n\n data: c\n\ndata : d\n\ndatas: e\n\ndat: f\n\n") ==
        list{"event a", "stray Data: b", "stray data: c", "stray data : d", "stray datas: e",
             "stray dat: f"});
}

TEST_CASE("event names: the last one counts (Q75)") {
  CHECK(frames_of("event: error\nevent: message\ndata: a\n\n") == list{"event a"});
  CHECK(frames_of("event: message\nevent: error\ndata: a\n\n") == list{"error a"});
  CHECK(frames_of("event: error\nevent\ndata: a\n\n") == list{"event a"});
}

TEST_CASE("lines of data are joined by line ends (Q69)") {
  CHECK(frames_of("data: YHOO\ndata: +2\ndata: 10\n\n") == list{"event YHOO\n      +2\n      10"});
  CHECK(frames_of("data:{\r\ndata:\"a\":\r\ndata:1}\r\n\r\n") ==
        list{"event {\r\n     \"a\":\r\n     1}"});
}

TEST_CASE("what stands between lines of data becomes spaces, and all else keeps its place (Q69)") {
  const std::string_view stream =
      "id: 1\ndata: {\nid: 2\nevent: x\n:c\nfoo: }\ndata:   \"a\": 1 \t\ndata:\ndata:}\nid: 3\n\n";
  const owner made = read(stream);
  CHECK(
      made.found() ==
      list{"heartbeat", "event {\n     \n        \n  \n      \n        \"a\": 1  \n     \n     }"});
  CHECK(made.offsets().back() == stream.find('{'));
}

TEST_CASE("blank lines of data before and after the others are no part of it") {
  const std::string_view stream = "data:\ndata: \ndata: a\ndata:\ndata:\t\n\n";
  CHECK(frames_of(stream) == list{"event a"});
  CHECK(read(stream).offsets().front() == stream.find("a\n", 17));
}

TEST_CASE("id and retry are taken and mean nothing here (Q75)") {
  CHECK(frames_of("id: 1\nretry: 10\ndata: a\n\nid\ndata: b\nretry:x\n\n") ==
        list{"event a", "event b"});
}

TEST_CASE("other fields are passed over, and told once there was an event") {
  CHECK(frames_of("data: a\nfoo: b\nc\ndatum: d\nidea\n\nfoo: bar\n\ndata: e\n\n") ==
        list{"event a", "stray foo: bar", "event e"});
  CHECK(frames_of("data: a\n\ndata: b\nfoo\n \t\ndata: c\n\n") ==
        list{"event a", "stray foo", "event b\n   \n  \n      c"});
  CHECK(frames_of("data: a\n\nout of memory") == list{"event a", "stray out of memory"});
}

TEST_CASE("of a long line that is no field, its beginning is told") {
  const std::string line(10000, 'x');
  CHECK(frames_of_long(join({"data: a\n\n", line, "\ndata: b\n\n"})) ==
        list{"event a", join({"stray ", line.substr(0, framing::most_text)}), "event b"});
}

TEST_CASE("an event without data is not dispatched, but a heartbeat (Q65)") {
  CHECK(frames_of("id: 1\n\nevent: message\n\nretry: 3000\n\n") ==
        list{"heartbeat", "heartbeat", "heartbeat"});
  CHECK(frames_of("event: error\n\ndata: a\n\n") == list{"heartbeat", "event a"});
}

TEST_CASE("a comment and a blank line dispatch nothing, and are one heartbeat (Q65)") {
  CHECK(frames_of(": ping\n\ndata: a\n\n: ping\n\n\n\n") ==
        list{"heartbeat", "event a", "heartbeat"});
}

TEST_CASE("blank lines alone are nothing") {
  CHECK(frames_of("data: a\n\n\n\n\r\n\r\r\n\ndata: b\n\n") == list{"event a", "event b"});
}

TEST_CASE("the event without a blank line at the end, which the standard discards (Q70)") {
  CHECK(frames_of("data: a\n\ndata: b") == list{"event a", "event b (cut)"});
  CHECK(frames_of("data: a\n\ndata: b\n") == list{"event a", "event b (cut)"});
  CHECK(frames_of("data: b\r") == list{"event b (cut)"});
  CHECK(frames_of("event: error\ndata: b\nid: 3") == list{"error b (cut)"});
  CHECK(frames_of("data: b\n: c") == list{"heartbeat", "event b (cut)"});
  CHECK(frames_of("data: a\n\ndat") == list{"event a", "stray dat"});
  CHECK(frames_of("data: a\n\ndata:") == list{"event a", "heartbeat"});
  CHECK(frames_of("data: [DONE]") == list{"done [DONE] (cut)"});
}

TEST_CASE("the standard's own examples") {
  CHECK(frames_of(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                  "data:  third event") ==
        list{"heartbeat", "event first event", "event second event", "event third event (cut)"});
  CHECK(frames_of("data\n\ndata\ndata\n\ndata:") == list{"heartbeat", "heartbeat", "heartbeat"});
  CHECK(frames_of("data:test\n\ndata: test\n\n") == list{"event test", "event test"});
  CHECK(frames_of("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n") ==
        list{"event 73857293", "event 2153"});
}

// ---- What chat servers do -----------------------------------------------------------------------

TEST_CASE("white space before anything else is skipped and not held (Q48)") {
  CHECK(frames_of("\n         \n\n         \n\r\n\tdata: a\n\n") == list{"event a"});
  CHECK(frames_of("\n         \n\n         \n{\"id\":1}") == list{"value {\"id\":1}"});
  CHECK(frames_of(" \n\n \n: a\n\n   ") == list{"heartbeat"});
  owner reader;
  for (std::uint32_t i = 0; i < 100; ++i) reader.feed("  \n\n");
  CHECK(reader.held() == 0);
  CHECK(reader.how() == form::unknown);
  reader.end();
  CHECK(reader.found().empty());
  CHECK(reader.how() == form::unknown);
}

TEST_CASE("no bytes at all are nothing") {
  CHECK(frames_of("").empty());
  CHECK(read_in({}).how() == form::unknown);
  framing frames;
  CHECK(frames.next(nullptr, 0).kind == frame_kind::more);
  CHECK(frames.finish(nullptr, 0).kind == frame_kind::more);
}

TEST_CASE("data without a space after the colon (Q63)") {
  CHECK(frames_of("data:{\"choices\":[]}\n\ndata:[DONE]\n\n") ==
        list{"event {\"choices\":[]}", "done [DONE]"});
}

TEST_CASE("blank data is a heartbeat (Q66)") {
  CHECK(frames_of("data:\n\ndata: \n\ndata:  \t\n\ndata:\ndata: \n\ndata: a\n\n") ==
        list{"heartbeat", "heartbeat", "heartbeat", "heartbeat", "event a"});
}

TEST_CASE("events that are named as heartbeats are some (Q64)") {
  for (const std::string_view name :
       {"ping", "heartbeat", "keep-alive", "keepalive", "Ping", "KEEP-ALIVE", "HeartBeat"}) {
    CAPTURE(name);
    CHECK(frames_of(join({"event: ", name, "\ndata: {\"type\":\"ping\"}\n\ndata: a\n\n"})) ==
          list{"heartbeat", "event a"});
    CHECK(frames_of(join({"event:", name, " \n\n"})) == list{"heartbeat"});
  }
  for (const std::string_view name : {"pin", "pings", "ping.", "keep alive", "heart-beat", "p\rng"})
    CHECK(frames_of(join({"event: ", name, "\ndata: a\n\n"})) == list{"event a"});
}

TEST_CASE("[DONE] and how it is written (Q72)") {
  for (const std::string_view event :
       {"data: [DONE]\n\n", "data:[DONE]\n\n", "data:   [DONE]  \t\n\n", "data: [DONE]\r\n\r\n",
        "data: [DONE]\ndata:\n\n", "data:\ndata: [DONE]\n\n", "event: done\ndata: [DONE]\n\n",
        "data: [DONE]\nid: 4\n\n", "event: ping\ndata: [DONE]\n\n"}) {
    CAPTURE(event);
    const std::string stream = join({"data: a\n\n", event});
    const owner made = read(stream);
    CHECK(made.found() == list{"event a", "done [DONE]"});
    CHECK(made.offsets().back() == stream.find("[DONE]"));
  }
  CHECK(frames_of("data: [DONE]\ndata: [DONE]\n\n") == list{"event [DONE]\n      [DONE]"});
  CHECK(frames_of("data: [DONE].\n\ndata: [done]\n\n") == list{"event [DONE].", "event [done]"});
}

TEST_CASE("[DONE] in a line of its own (Q72)") {
  CHECK(frames_of("data: a\n\n[DONE]\n\n") == list{"event a", "done [DONE]"});
  CHECK(frames_of("data: a\n[DONE]") == list{"event a", "done [DONE]"});
  CHECK(frames_of("data: a\n\n[DON]\ndata: b\n\n[D") ==
        list{"event a", "stray [DON]", "event b", "stray [D"});
  CHECK(frames_of("[DONE]\n") == list{"done [DONE]"});
}

TEST_CASE("after [DONE] it goes on as before (Q74)") {
  CHECK(frames_of("data: [DONE]\n\ndata: a\n\n: b\n") ==
        list{"done [DONE]", "event a", "heartbeat"});
}

TEST_CASE("names of events that mean nothing still have data (Q75)") {
  CHECK(frames_of("event: thread.run\ndata: a\n\nevent:chunk\nid: 7\nretry: 1\ndata: b\n\n") ==
        list{"event a", "event b"});
}

TEST_CASE("events that are named error (Q76)") {
  CHECK(frames_of("event: error\ndata: Too many requests\n\ndata: a\n\n") ==
        list{"error Too many requests", "event a"});
  CHECK(frames_of("event:Error\ndata: {\"a\":1}\n\nevent: ERROR \ndata: b\ndata: c\n\n") ==
        list{"error {\"a\":1}", "error b\n      c"});
  CHECK(frames_of("data: late\nevent: error\n\n") == list{"error late"});
  CHECK(frames_of("event: errors\ndata: a\n\n") == list{"event a"});
}

TEST_CASE("a field named error (Q77)") {
  CHECK(frames_of("data: a\n\nerror: {\"code\":500}\n\ndata: b\n\n") ==
        list{"event a", "error {\"code\":500}", "event b"});
  CHECK(frames_of("error:x\nerror: y\n\n") == list{"error x\n       y"});
  CHECK(frames_of("event: message\nerror: x") == list{"error x (cut)"});
  CHECK(frames_of("event: ping\nerror: x\n\n") == list{"error x"});
  CHECK(frames_of("error:\ndata: a\n\nerror:  \n\n") == list{"event a", "heartbeat"});
}

TEST_CASE("an error without framing (Q78)") {
  const std::string_view compact = "{\"error\":{\"message\":\"too long\"}}";
  const std::string_view pretty = "{\r\n  \"error\": {\r\n    \"message\": \"}\\\"{\"\r\n  }\r\n}";
  for (const std::string_view error : {compact, pretty}) {
    const std::string value = join({"value ", error});
    CHECK(frames_of(error) == list{value});
    CHECK(frames_of(join({error, "\n"})) == list{value});
    CHECK(frames_of(join({": comment\n\n", error, "\n\n"})) == list{"heartbeat", value});
    CHECK(frames_of(join({"event: error\n", error, "\n\n: c\n\n"})) == list{value, "heartbeat"});
    CHECK(frames_of(join({"foo\n", error, "\n\n"})) == list{value});
  }
  CHECK(frames_of(join({"data: a\n\n", compact, "\n\ndata: b\n\n"})) ==
        list{"event a", join({"value ", compact}), "event b"});
  CHECK(frames_of(join({"data: a\n\n", compact, "\t\r\n"})) ==
        list{"event a", join({"value ", compact})});
  CHECK(frames_of(join({"data: a\n\n", compact})) == list{"event a", join({"value ", compact})});
  CHECK(frames_of(join({": a\n\n[", compact, "]\n"})) ==
        list{"heartbeat", join({"value ", compact})});
}

TEST_CASE("a bare value ends the event before it (Q78)") {
  CHECK(frames_of("data: a\n{\"error\":1}\ndata: b\n\n") ==
        list{"event a", "value {\"error\":1}", "event b"});
}

TEST_CASE("other brackets in an event are ignored, as any line that is no field (Q78)") {
  CHECK(frames_of("data: a\n[x\ndata: b\n\ndata: c\n[\n\n") ==
        list{"event a\n  \n      b", "stray [", "event c"});
  CHECK(frames_of("data: a\n[\n\ndata: b\n\n") == list{"event a", "event b"});
}

TEST_CASE("between events, a bare value ends where its brackets do, or a field begins (Q78)") {
  CHECK(frames_of("data: a\n\n{\n  \"error\": {\n    \"message\": \"x\"\n  }\n}\ndata: b\n\n") ==
        list{"event a", "value {\n  \"error\": {\n    \"message\": \"x\"\n  }\n}", "event b"});
  CHECK(frames_of("data: a\n\n{\n\"a\": 1,\r\nevent: b\ndata: b\n\n") ==
        list{"event a", "value {\n\"a\": 1,", "event b"});
  CHECK(frames_of("data: a\n\n{\"error\":\ndata: b\n\n") ==
        list{"event a", "value {\"error\":", "event b"});
}

TEST_CASE("values one after the other (Q79)") {
  const list three = {"value {\"a\":1}", "value {\"b\":[{}]}", "value {\"c\":\"\\\\\"}"};
  for (const std::string_view between : {"\n", "\r\n", "\n\n", "", "  ", ",\n"}) {
    CAPTURE(between);
    CHECK(frames_of(join({"{\"a\":1}", between, "{\"b\":[{}]}", between, "{\"c\":\"\\\\\"}",
                          between})) == three);
  }
  CHECK(read("{\"a\":1}\n{\"b\":1}\n").how() == form::values);
  CHECK(read("{\"a\":1}\n {\"b\":1}\n").offsets() == std::vector<std::size_t>{0, 9});
}

TEST_CASE("an array of values (Q79)") {
  CHECK(frames_of("[{\"a\":1},\n{\"b\":2}]") == list{"value {\"a\":1}", "value {\"b\":2}"});
  CHECK(frames_of(" [\n  {\"a\": [1, 2]}\r\n  ,\r\n  {\"b\":2}\r\n]\n") ==
        list{"value {\"a\": [1, 2]}", "value {\"b\":2}"});
  CHECK(frames_of("[]\n") == list{"text []"});
}

TEST_CASE("a value is given as soon as it is there (Q79)") {
  owner reader;
  reader.feed("{\"a\":\"}\"");
  CHECK(reader.found().empty());
  reader.feed("}");
  CHECK(reader.found() == list{"value {\"a\":\"}\"}"});
  CHECK(reader.held() == 0);
}

TEST_CASE("a value that the end cuts (Q50)") {
  CHECK(frames_of("{\"a\":1}\n{\"b\": \"\\") ==
        list{"value {\"a\":1}", "value {\"b\": \"\\ (cut)"});
  CHECK(frames_of("[{\"b\": \n") == list{"value {\"b\": (cut)"});
}

TEST_CASE("a body in place of a stream (Q50)") {
  const std::string_view body = "{\n  \"choices\": [\n    {\"index\": 0}\n  ]\n}";
  const owner made = read(join({body, "\n"}));
  CHECK(made.found() == list{join({"value ", body})});
  CHECK(made.how() == form::values);
}

TEST_CASE("event stream lines behind a body (Q49, Q50)") {
  CHECK(frames_of("{\"a\":1}\n\ndata: [DONE]\n\n") == list{"value {\"a\":1}", "done [DONE]"});
  CHECK(frames_of("{\"a\":1}data: [DONE]") == list{"value {\"a\":1}", "done [DONE] (cut)"});
  CHECK(frames_of("{\"a\":1}\n[DONE]\n") == list{"value {\"a\":1}", "done [DONE]"});
  const owner made = read("{\"a\":1}\n: ping\n\nevent: x\ndata: b\n\n{\"c\":1}\n");
  CHECK(made.found() == list{"value {\"a\":1}", "heartbeat", "event b", "value {\"c\":1}"});
  CHECK(made.how() == form::events);
}

TEST_CASE("other lines behind a value are passed over, and told (Q49)") {
  const owner made = read("{\"a\":1} and more\n{\"b\":1}\nnull\n");
  CHECK(made.found() == list{"value {\"a\":1}", "stray and more", "value {\"b\":1}", "stray null"});
  CHECK(made.how() == form::values);
}

TEST_CASE("HTML is text (Q51)") {
  const owner made = read("\n<!doctype html>\n<p>data: a</p>\n\n: x\n");
  CHECK(made.found() == list{"text <!doctype html>\n<p>data: a</p>\n\n: x"});
  CHECK(made.how() == form::text);
}

TEST_CASE("compressed bytes are text (Q88)") {
  CHECK(frames_of("\x1F\x8B\x08\n\ndata: a\n\n") == list{"text \x1F\x8B\x08\n\ndata: a"});
  CHECK(frames_of("\x28\xB5\x2F\xFD\n: a\n") == list{"text \x28\xB5\x2F\xFD\n: a"});
  CHECK(frames_of("\x1F\ndata: a\n\n") == list{"event a"});
  CHECK(frames_of("(b)\ndata: a\n\n") == list{"event a"});
  CHECK(frames_of("(") == list{"text ("});
}

TEST_CASE("plain text is given at the end, if nothing else came (Q62, Q78)") {
  CHECK(frames_of("Internal Server Error") == list{"text Internal Server Error"});
  CHECK(frames_of("upstream:\n\n  timed out\r\n\r\n") == list{"text upstream:\n\n  timed out"});
  CHECK(frames_of(": ping\n\nBad gateway\n: ping\n") ==
        list{"heartbeat", "heartbeat", "text Bad gateway\n: ping"});
  CHECK(frames_of("[ERROR] {no}\n") == list{"text [ERROR] {no}"});
  CHECK(frames_of("[Dead]") == list{"text [Dead]"});
  CHECK(frames_of(": a\n   \n") == list{"heartbeat"});
  CHECK(read(": a\n   \n").how() == form::events);
  CHECK(frames_of(": a\n   \n b") == list{"heartbeat", "text b"});
  CHECK(frames_of("foo\ndata: a\n\n") == list{"event a"});
  CHECK(frames_of("foo\ndata: [DONE]\n\n") == list{"done [DONE]"});
  CHECK(frames_of("foo\n{\"a\":1}\n") == list{"value {\"a\":1}"});
  CHECK(frames_of("{\"a\":1}\nfoo\n") == list{"value {\"a\":1}", "stray foo"});
}

TEST_CASE("text is given once, as soon as there is enough of it (Q51, Q62)") {
  const std::string html = join({"<html>", repeat("a\ndata: b\n\n", 1000)});
  CHECK(frames_of_long(html) == list{join({"text ", html.substr(0, 4096)})});
  const std::string words = repeat("no field\n", 1000);
  CHECK(frames_of_long(words) == list{join({"text ", words.substr(0, 4096)})});
  const std::string word(10000, 'x');
  CHECK(frames_of_long(word) == list{join({"text ", word.substr(0, 4096)})});
  CHECK(frames_of_long(join({word, "\n{\"a\":1}\ndata: a\n\n"})) ==
        list{join({"text ", word.substr(0, 4096)})});
  CHECK(frames_of_long(join({"[", word})) == list{join({"text [", word.substr(0, 4095)})});
  const std::string exact(4096, 'x');
  CHECK(frames_of_long(exact) == list{join({"text ", exact})});
}

TEST_CASE("lines that are no fields do not keep an event stream from coming") {
  const std::string comments = repeat(": ping\n\n", 1000);
  list expected(1000, "heartbeat");
  expected.emplace_back("event a");
  CHECK(frames_of_long(join({"server: x\n\n", comments, "data: a\n\n"})) == expected);
  const std::string image(6000, 'x');
  CHECK(frames_of_long(join({"server: x\n\ndata: ", image, "\n\n"})) ==
        list{join({"event ", image})});
}

TEST_CASE("where text is enough does not depend on reads either") {
  for (std::size_t length = framing::most_text - 20; length < framing::most_text + 4; ++length) {
    CAPTURE(length);
    const std::string stray(length, 'x');
    for (const std::string_view tail :
         {"\ndata: {}\n\n", "\ndata: a\r\n\r\n", "\n{\"a\":1}\n", "\n[DONE]\n", "\n:\n\n"}) {
      CAPTURE(tail);
      frames_of_long(join({stray, tail}));
      compare(read_in({stray, "\n", tail.substr(1)}),
              read_in({join({stray, "\n", tail.substr(1)})}));
    }
  }
}

TEST_CASE("how the bytes come is known as soon as it is clear") {
  owner reader;
  reader.feed("\n ");
  CHECK(reader.how() == form::unknown);
  reader.feed("d");
  CHECK(reader.how() == form::events);
  for (const std::string_view first : {"{", "["}) {
    owner values;
    values.feed(first);
    CHECK(values.how() == form::values);
  }
  owner text;
  text.feed("<");
  CHECK(text.how() == form::text);
}

TEST_CASE("reset() begins another stream") {
  std::string bytes = "data: a\n{";
  auto* const buffer = reinterpret_cast<std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::uint32_t>(bytes.size());
  framing frames;
  for (std::uint32_t i = 0; i < 2; ++i) {
    CHECK(frames.how() == form::unknown);
    CHECK(frames.needed_from() == 0);
    const frame found = frames.next(buffer, size);
    CHECK(found.kind == frame_kind::event);
    CHECK(found.from == 6);
    frames.reset();
  }
}

TEST_CASE("there is room for the state of many streams") { CHECK(sizeof(framing) <= 64); }

// ---- Any stream ---------------------------------------------------------------------------------

namespace {

/// The standard once more, as simply as it can be said, with what is said above beyond it.
class reference {
 public:
  explicit reference(std::string_view stream) : stream_(stream), shown_(stream) {
    std::size_t at = stream.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
    while (at != stream.size() && is_white(stream[at])) ++at;
    while (at != stream.size()) {
      const std::size_t end = std::min(stream.find_first_of("\r\n", at), stream.size());
      ended_ = end != stream.size();
      line(at, end);
      at = end + (ended_ ? 1 : 0);
      if (stream.substr(end, 2) == "\r\n") ++at;
    }
    ended_ = false;
    dispatch();
    if (nothing_ && stray_ != stream.size())
      show("text", stray_, trimmed_end(stray_, stream.size()));
  }

  list found;

 private:
  struct part {
    std::size_t from;
    std::size_t to;
  };

  static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  std::size_t trimmed_end(std::size_t from, std::size_t to) const {
    while (to != from && is_white(stream_[to - 1])) --to;
    return to;
  }

  void show(std::string_view kind, std::size_t from, std::size_t to) {
    const bool text = kind == "text";
    found.push_back(join({kind, " ", std::string_view(shown_).substr(from, to - from),
                          ended_ || text ? "" : " (cut)"}));
    if (!text) nothing_ = false;
  }

  void line(std::size_t from, std::size_t to) {
    if (from == to) return dispatch();
    const std::string_view bytes = stream_.substr(from, to - from);
    if (bytes[0] == ':') return found.emplace_back("heartbeat"), void();
    if (bytes[0] == '{') return bare(from, to);
    const std::size_t colon = std::min(bytes.find(':'), bytes.size());
    const std::string_view name = bytes.substr(0, colon);
    std::size_t value = std::min(from + colon + 1, to);
    if (value != to && stream_[value] == ' ') ++value;
    if (name == "data" || name == "error") {
      field_ = true;
      while (value != to && is_white(stream_[value])) ++value;
      to = trimmed_end(value, to);
      if (value != to) data_.push_back({value, to});
      if (value != to && name == "error") error_ = true;
    } else if (name == "event") {
      field_ = true;
      name_.clear();
      for (const char c : stream_.substr(value, to - value))
        if (!is_white(c)) name_ += static_cast<char>(std::tolower(c));
    } else if (name == "id" || name == "retry") {
      field_ = true;
    } else if (!nothing_) {
      const bool ended = std::exchange(ended_, true);
      while (from != to && is_white(stream_[from])) ++from;
      if (from != to) show("stray", from, trimmed_end(from, to));
      ended_ = ended;
    } else if (stray_ == stream_.size() && data_.empty()) {
      stray_ = from;
    }
  }

  void bare(std::size_t from, std::size_t to) {
    const bool ended = ended_;
    ended_ = true;
    if (!data_.empty()) dispatch();
    show("value", from, trimmed_end(from, to));  // its structure tells that it is whole
    clear();
    ended_ = ended;
  }

  void dispatch() {
    if (data_.empty()) {
      if (field_) found.emplace_back("heartbeat");
      return clear();
    }
    for (std::size_t i = 1; i < data_.size(); ++i)
      for (std::size_t at = data_[i - 1].to; at != data_[i].from; ++at)
        if (shown_[at] != '\r' && shown_[at] != '\n') shown_[at] = ' ';
    const part all = {data_.front().from, data_.back().to};
    const bool error = error_ || name_ == "error";
    if (stream_.substr(all.from, all.to - all.from) == "[DONE]") {
      show("done", all.from, all.to);
    } else if (!error && (name_ == "ping" || name_ == "keep-alive")) {
      found.emplace_back("heartbeat");
    } else {
      events_ = true;
      show(error ? "error" : "event", all.from, all.to);
    }
    clear();
  }

  void clear() {
    data_.clear();
    name_.clear();
    field_ = error_ = false;
  }

  std::string_view stream_;
  std::string shown_;
  std::vector<part> data_;
  std::string name_;
  std::size_t stray_ = stream_.size();
  bool field_ = false;
  bool error_ = false;
  bool ended_ = true;
  bool events_ = false;
  bool nothing_ = true;
};

class streams {
 public:
  explicit streams(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  std::string any() {
    std::string made = below(8) == 0 ? "\xEF\xBB\xBF" : "";
    for (std::uint32_t lines = below(24); lines != 0; --lines) {
      if (below(3) == 0) made += end();
      made += line();
      made += end();
    }
    if (below(2) == 0) made += line();
    return made;
  }

  /// Any bytes of those that mean something.
  std::string soup(std::uint32_t most) {
    static const char* const pieces[] = {
        "{",     "}",      "[",     "]",      "\"",    "\\",     ",",       ":",
        " ",     "\t",     "\r",    "\n",     "\r\n",  "\n\n",   "data",    "data: ",
        "error", "event:", "ping",  "id",     "retry", "[DONE]", "[DON",    "x",
        "<",     "\x1F",   "\x8B",  "(",      "\xB5",  "\xEF",   "\xBB",    "\xBF",
        "{}",    "{}\n",   "data:", "error:", "\n\n",  "DONE]",  "id: 1\n", ": c\n"};
    std::string made;
    for (std::uint32_t count = below(most); count != 0; --count)
      made += pieces[below(sizeof pieces / sizeof *pieces)];
    return made;
  }

  /// Reads of any sizes, small and large.
  std::vector<std::string_view> cut(std::string_view stream) {
    std::vector<std::string_view> made;
    const std::uint32_t most = 1U << below(13);
    while (!stream.empty()) {
      const std::size_t size = std::min<std::size_t>(below(most) + 1, stream.size());
      made.push_back(stream.substr(0, size));
      stream.remove_prefix(size);
    }
    return made;
  }

 private:
  std::string_view end() {
    static const char* const ends[] = {"\n", "\n", "\r\n", "\r"};
    return ends[below(4)];
  }

  std::string_view one_of(std::initializer_list<std::string_view> all) {
    return all.begin()[below(static_cast<std::uint32_t>(all.size()))];
  }

  std::string line() {
    const std::string_view colon = one_of({":", ": ", ": ", ":  "});
    switch (below(10)) {
      case 0:
        return join({":", one_of({"", " ", " ping", "data: a"})});
      case 1:
        return join({"event", colon, one_of({"error", "ping", "Error", "x", "", "keep-alive "})});
      case 2:
        return std::string(one_of({"data", "id", "retry: 10", "event", "id: 4", "error:"}));
      case 3:
        return std::string(
            one_of({"foo: bar", "Data: a", "datas", "x", "dat", "an unknown line", "errors: no"}));
      case 4:
        return join({"{\"a\":\"", one_of({"}", "\\\"", "{", ""}), "\"}"});
      case 5:
        return join({"error", colon, one_of({"a", "{\"code\":500}", ""})});
      case 6:
        return join({"data", colon, one_of({"[DONE]", "", " ", "[DONE] \t"})});
      default:
        return join({"data", colon,
                     one_of({"{\"a\":", "1", "\"b\"}", "{\"a\":\"bcdefghijklmnop\"}"}),
                     one_of({"", "", " ", "\t"})});
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("any event stream is read as the standard says (Q63-Q80)") {
  for (std::uint32_t seed = 1; seed <= 20000; ++seed) {
    CAPTURE(seed);
    streams from(seed);
    const std::string stream = from.any();
    CAPTURE(stream);
    const owner whole = read_in({stream});
    CHECK(whole.found() == reference(stream).found);
    compare(read_in(from.cut(stream)), whole);
    if (seed % 16 == 0) compare(read_in(in_bytes(stream)), whole);
    if (seed % 200 == 0) read(stream);
  }
}

TEST_CASE("any bytes have the same frames, however they are cut (Q80)") {
  for (std::uint32_t seed = 1; seed <= 20000; ++seed) {
    CAPTURE(seed);
    streams from(seed);
    std::string stream = from.soup(seed % 50 == 0 ? 4000 : 60);
    // Long ones with little in them that ends text.
    if (seed % 25 == 0) stream = join({"x", std::string(4000 + from.below(200), 'y'), stream});
    CAPTURE(stream);
    const owner whole = read_in({stream});
    compare(read_in(from.cut(stream)), whole);
    if (seed % 8 == 0) compare(read_in(in_bytes(stream)), whole);
  }
}

TEST_CASE("one event in several reads, and several events in one (Q80)") {
  owner reader;
  for (const std::string_view bytes :
       {"da", "ta: {\"a\"", ":1}", "\n", "\ndata: b\n\ndata: c\n\nd"})
    reader.feed(bytes);
  CHECK(reader.found() == list{"event {\"a\":1}", "event b", "event c"});
  CHECK(reader.held() == 1);
}

// ---- Long streams -------------------------------------------------------------------------------

namespace {

/// A stream of any length in reads of 1.5 KB, of which only frames are counted.
class counter {
 public:
  void feed(std::string_view stream) {
    while (!stream.empty()) {
      const std::string_view part = stream.substr(0, read_size);
      stream.remove_prefix(part.size());
      buffer_ += part;
      while (count(frames_.next(bytes(), size()))) continue;
      const std::uint32_t done = frames_.needed_from();
      frames_.drop(done);
      buffer_.erase(0, done);
      most_held = std::max(most_held, buffer_.size());
    }
  }

  void end() {
    while (count(frames_.finish(bytes(), size()))) continue;
  }

  std::size_t counts[7] = {};
  std::size_t longest = 0;
  std::size_t most_held = 0;
  static constexpr std::size_t read_size = 1500;

 private:
  std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(buffer_.data()); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(buffer_.size()); }
  bool count(const frame& found) {
    ++counts[static_cast<std::size_t>(found.kind)];
    longest = std::max<std::size_t>(longest, found.to - found.from);
    return found.kind != frame_kind::more;
  }

  framing frames_;
  std::string buffer_;
};

std::size_t count_of(const counter& from, frame_kind kind) {
  return from.counts[static_cast<std::size_t>(kind)];
}

}  // namespace

TEST_CASE("an event of 32 MiB takes time in proportion (Q87)") {
  const std::string image(std::size_t{32} << 20U, 'x');
  counter reader;
  reader.feed("data: ");
  reader.feed(image);
  reader.feed("\n\ndata: b\n\n");
  CHECK(count_of(reader, frame_kind::event) == 2);
  CHECK(reader.longest == image.size());
}

TEST_CASE("an event of a million lines takes time in proportion (Q69, Q87)") {
  for (const std::string_view line : {"data: 1,\n", "data:\n", "id: 1\n", "foo\n", "\t\n"}) {
    CAPTURE(line);
    counter reader;
    reader.feed("data: [\n");
    reader.feed(repeat(line, 1000000));
    reader.feed("data: 1]\n\n");
    CHECK(count_of(reader, frame_kind::event) == 1);
    CHECK(reader.longest == line.size() * 1000000 + 10);
  }
}

TEST_CASE("a value of 32 MiB takes time in proportion (Q87)") {
  for (const std::string_view part : {"xxxxxxxx", "\\\"\\\"", "\",\"a\":\""}) {
    counter reader;
    const std::string inner = repeat(part, (std::size_t{32} << 20U) / part.size());
    reader.feed("{\"a\":\"");
    reader.feed(inner);
    reader.feed("\"}");
    CHECK(count_of(reader, frame_kind::value) == 1);
    CHECK(reader.longest == inner.size() + 8);
  }
}

TEST_CASE("a million comments, blank lines or stray lines are not held (Q64)") {
  for (const std::string_view line : {": ping\n\n", "\n", "\r\n", "foo\n", "id: 1\n\n", ":\r"}) {
    CAPTURE(line);
    counter reader;
    reader.feed(repeat(line, 1000000));
    reader.feed("data: a\n\n");
    reader.feed(repeat(line, 1000000));
    CHECK(reader.most_held < 2 * counter::read_size + framing::most_text);
    const bool stray = line == "foo\n";
    CHECK(count_of(reader, frame_kind::event) == (stray ? 0 : 1));
    CHECK(count_of(reader, frame_kind::text) == (stray ? 1 : 0));
    const bool beats = line.find(':') != std::string_view::npos;
    CHECK(count_of(reader, frame_kind::heartbeat) == (beats ? 2000000 : 0));
  }
}

TEST_CASE("a long line that says nothing is not held (Q87)") {
  for (const std::string_view line : {":", "foo bar", "[1, 2, "}) {
    CAPTURE(line);
    counter reader;
    reader.feed("data: a\n\n");
    reader.feed(line);
    reader.feed(std::string(std::size_t{16} << 20U, 'x'));
    reader.feed("\ndata: b\n\n");
    CHECK(count_of(reader, frame_kind::event) == 2);
    CHECK(reader.most_held < framing::most_text + 2 * counter::read_size);
  }
}

TEST_CASE("a million values are not held (Q79)") {
  counter reader;
  reader.feed("[");
  reader.feed(repeat("{\"a\":{}},\n", 1000000));
  reader.end();
  CHECK(count_of(reader, frame_kind::value) == 1000000);
  CHECK(reader.most_held < 2 * counter::read_size);
}

TEST_CASE("what stands between values is not held (Q79)") {
  counter reader;
  reader.feed("[");
  reader.feed(std::string(1000000, ' '));
  reader.feed("x\n");
  reader.end();
  CHECK(count_of(reader, frame_kind::text) == 1);
  CHECK(reader.most_held < 2 * counter::read_size + framing::most_text);
  owner done;
  done.feed("{\"a\":1}\n[DONE]");
  CHECK(done.found().size() == 2);
  CHECK(done.held() == 0);
}

TEST_SUITE_END();
