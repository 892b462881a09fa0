// Framing alone: the events of any bytes are the same wherever these are cut, and what the standard
// says of an event stream, in which chat servers' ways are told apart.
#include <algorithm>
#include <vector>

#include "framing_owner.hpp"
#include "support.hpp"
#include "whatwg.hpp"

using namespace chatwire;
using namespace chatwire::test;

namespace {

std::vector<std::string_view> reads_by(fuzz::input& from) {
  std::vector<std::size_t> cuts;
  for (std::uint32_t left = 6; left != 0; --left) cuts.push_back(from.long_choice());
  const std::string_view stream = from.document();
  for (std::size_t& cut : cuts) cut %= stream.size() + 1;
  cuts.push_back(stream.size());
  std::sort(cuts.begin(), cuts.end());
  std::vector<std::string_view> made;
  std::size_t last = 0;
  for (const std::size_t cut : cuts) {
    made.push_back(stream.substr(last, cut - last));
    last = cut;
  }
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input from(data, size);
  const std::vector<std::string_view> reads = reads_by(from);
  const std::string_view stream = from.document();
  CAPTURE(stream);
  const owner whole = read_in({stream});
  compare(read_in(reads), whole);
  compare(read_in(in_bytes(stream)), whole);
  if (is_event_stream(stream))
    CHECK(frames_as_data(whole.found()) == chat_stream_reader(stream).found);
  return 0;
}
