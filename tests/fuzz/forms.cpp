// Bodies that have nearly the form of one before: a decoder that knows that one makes of them what
// one makes that knows none.
#include <string>

#include <doctest/doctest.h>

#include "support.hpp"
#include "tape_json.hpp"

using namespace chatwire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input from(data, size);
  decoder_options options;
  const std::uint32_t choice = from.choice();
  options.contract = static_cast<models::contract_id>(
      choice % static_cast<std::uint32_t>(models::contract_id::count_));
  const std::uint32_t at = from.long_choice();
  const std::uint32_t gone = from.choice();
  const std::uint32_t length = from.choice() % 16;
  std::string other;
  for (std::uint32_t i = 0; i < length; ++i) other += static_cast<char>(from.choice());
  const std::string body(from.document());

  test::tape_json knowing;
  for (int i = 0; i < 3; ++i) knowing.decode(body, options);
  std::string changed = body;
  if (!body.empty()) changed.replace(at % body.size(), gone % 16, other);
  for (const std::string& one : {changed, body}) {
    test::tape_json fresh;
    CHECK(test::outcome(knowing, one, options) == test::outcome(fresh, one, options));
  }
  return 0;
}
