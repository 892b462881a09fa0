// Streams: what comes of one is the same wherever the network cuts it, and however it is read.
#include <algorithm>
#include <vector>

#include "stream_outcome.hpp"
#include "support.hpp"

using namespace chatwire;
using test::outcome;
using test::telling;

namespace {

constexpr std::size_t most_bytes_one_by_one = 400;

stream_decode_options options_by(fuzz::input& from) {
  stream_decode_options options;
  const std::uint32_t choice = from.choice();
  options.skip_bad_events = (choice & 1U) != 0;
  options.cumulative_deltas = (choice & 2U) != 0;
  options.keep_non_finite = (choice & 4U) != 0;
  options.allow_empty_choices = (choice & 8U) != 0;
  if ((choice & 16U) != 0) options.limits = {1024, 256, 7, 2, 2};
  const std::uint32_t which = from.choice();  // lenient, mostly
  if (which < 128) return options;
  options.contract = static_cast<contract>(which % 9);
  return options;
}

std::vector<std::size_t> cuts_by(fuzz::input& from) {
  std::vector<std::size_t> made;
  for (std::uint32_t left = 4; left != 0; --left) made.push_back(from.long_choice());
  return made;
}

std::string told(const std::vector<issue>& issues) {
  std::string made;
  for (const issue& each : issues) {
    const std::string event = each.event ? std::to_string(*each.event) : "none";
    for (const std::string& part : {each.message, event, each.expected, each.received})
      made += part + "\n";
  }
  return made;
}

// NaN, which may be kept, is not equal to itself: what may hold it is compared as it is written.
outcome outcome_of(std::string_view bytes, const stream_decode_options& options,
                   const std::vector<std::size_t>& cuts = {}, telling asked = telling::chunks) {
  outcome made = test::run(bytes, options, cuts, asked);
  if (!options.keep_non_finite) return made;
  for (stream_event& one : made.events) {
    auto* const told = std::get_if<usage_event>(&one);
    if (told == nullptr) continue;
    chat_completion_chunk chunk;
    std::swap(told->usage, chunk.usage.emplace());
    made.chunks.push_back(encode(chunk));
  }
  made.message += made.body.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  made.body = nullptr;
  if (made.provider) made.provider->metadata = {};  // it is a part of the body
  return made;
}

void compare(const outcome& one, const outcome& other) {
  CHECK(told(one.issues) == told(other.issues));
  CHECK(one.state == other.state);
  CHECK(one.done == other.done);
  CHECK(one.heartbeats == other.heartbeats);
  CHECK(one.usage_updates == other.usage_updates);
  CHECK(one.chunks == other.chunks);
  CHECK((one.events == other.events));
  CHECK((one.issues == other.issues));
  CHECK(one.snapshot == other.snapshot);
  CHECK((one.completion == other.completion));
  CHECK((one.calls == other.calls));
  CHECK(one.message == other.message);
  CHECK(one.offset == other.offset);
  CHECK((one == other));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input from(data, size);
  stream_decode_options options = options_by(from);
  std::vector<std::size_t> cuts = cuts_by(from);
  const std::string_view bytes = from.document();
  for (std::size_t& cut : cuts) cut %= bytes.size() + 1;
  std::sort(cuts.begin(), cuts.end());
  const bool one_by_one = bytes.size() <= most_bytes_one_by_one;

  const outcome whole = outcome_of(bytes, options);
  compare(outcome_of(bytes, options, cuts), whole);
  compare(outcome_of(bytes, options, cuts, telling::each), whole);
  if (one_by_one) compare(outcome_of(bytes, options, test::everywhere(bytes)), whole);

  const outcome told = outcome_of(bytes, options, {}, telling::events);
  compare(outcome_of(bytes, options, cuts, telling::events), told);
  if (one_by_one)
    compare(outcome_of(bytes, options, test::everywhere(bytes), telling::events), told);

  // The rest is the same where events are told, or nothing.
  outcome rest = whole;
  rest.chunks.clear();
  options.collect = true;
  compare(outcome_of(bytes, options, cuts), rest);
  outcome but_events = told;
  but_events.events.clear();
  but_events.chunks.clear();
  compare(but_events, rest);
  return 0;
}
