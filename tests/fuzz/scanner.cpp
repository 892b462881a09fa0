// Any JSON: the verdict and the value that nlohmann/json has for it. What the two differ in is in
// `oracle`: lone surrogates and numbers beyond the range, which chatwire takes as JSON.parse does,
// bytes that are not UTF-8, which become U+FFFD, NUL; and chatwire has limits.
#include <doctest/doctest.h>

#include "support.hpp"
#include "tape_json.hpp"

using namespace chatwire;
using namespace chatwire::test;

namespace {

/// What is asked for beside JSON changes no value, and takes what is JSON.
void compare_forgiving(tape_json& decoder, std::string_view bytes, bool accepted,
                       const nlohmann::json& value) {
  decoder_options options = any_json;
  options.repair_json = true;
  const decoded& repaired = decoder.decode(bytes, options);
  if (!accepted) return;
  CHECK(repaired.ok);
  CHECK(decoder.value(repaired.root) == value);
  options.keep_big_integers = true;
  CHECK(decoder.decode(bytes, options).ok);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static tape_json decoder;
  const std::string_view bytes = fuzz::input(data, size).document();
  const bool accepted = compare_json(decoder, bytes);
  const nlohmann::json value = accepted ? decoder.value(decoder.result().root) : nlohmann::json();
  compare_forgiving(decoder, bytes, accepted, value);
  return 0;
}
