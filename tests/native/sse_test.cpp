// Event streams by the sentences of the standard, whole and cut everywhere; and chatwire's
// differences from it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "framing_owner.hpp"
#include "tape_json.hpp"
#include "texts.hpp"
#include "whatwg.hpp"

using namespace chatwire;
using namespace chatwire::test;
using nlohmann::json;

namespace {

json cases() {
  std::ifstream file(std::filesystem::path(CHATWIRE_ROOT) / "tests/fixtures/sse/cases.json");
  REQUIRE(file.good());
  return json::parse(file)["cases"];
}

std::string stream_of(const json& one) {
  const std::string source = one[one.contains("hex") ? "hex" : "stream"];
  return one.contains("hex") ? bytes_of_hex(source) : source;
}

/// The bytes with U+FFFD for what is not UTF-8, as decoding them gives it.
frame_list as_text(frame_list frames) {
  for (std::string& one : frames) one = repaired(one);
  return frames;
}

/// What an EventSource would get, as frames.
frame_list events_of(const json& standard) {
  frame_list made;
  for (const json& one : standard) made.push_back(join({"event ", one[1].get<std::string>()}));
  return made;
}

frame_list without_heartbeats(frame_list frames) {
  std::erase(frames, "heartbeat");
  return frames;
}

}  // namespace

TEST_SUITE_BEGIN("sse");

TEST_CASE("the reference is the standard") {
  for (const json& one : cases()) {
    const std::string says = one["says"];
    CAPTURE(says);
    json made = json::array();
    for (const auto& [type, data, last_id] : standard_events(stream_of(one)))
      made.push_back({type, repaired(data), last_id});
    CHECK(made == one["standard"]);
  }
}

TEST_CASE("every sentence of the standard, whole, cut anywhere, and byte by byte") {
  for (const json& one : cases()) {
    const std::string says = one["says"];
    CAPTURE(says);
    const std::string stream = stream_of(one);
    const owner whole = read_in({stream});
    compare(read_in(in_bytes(stream)), whole);
    for (std::size_t cut = 0; cut <= stream.size(); ++cut)
      compare(read_in({stream.substr(0, cut), stream.substr(cut)}), whole);
    const frame_list expected = one["frames"];
    CHECK(as_text(frames_as_data(whole.found())) == expected);
    if (is_event_stream(stream)) CHECK(as_text(chat_stream_reader(stream).found) == expected);
    // What is not said to differ is what the standard gives.
    CHECK(one.contains("differs") == (without_heartbeats(expected) != events_of(one["standard"])));
  }
}
