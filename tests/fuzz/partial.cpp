// JSON that is still coming: after any byte it is what the simplest reader makes of all that has
// come, it is not complete before it is, and in the end it is what nlohmann/json says.
#include <cstdint>
#include <string>

#include "partial_journey.hpp"
#include "support.hpp"
#include "tape_json.hpp"

using namespace chatwire;
using namespace chatwire::test;

namespace {

/// What an event's string may hold: the document itself, if it can stand between quotes as it is,
/// otherwise with escapes, more or fewer.
std::string in_event(std::string_view document, std::uint32_t choice) {
  const bool as_it_is = choice >= 128 && json::accept(join({"\"", document, "\""}));
  if (as_it_is) return std::string(document);
  random_source random(choice);
  return escape(widen(repaired(document)), random, 1 + choice % 16);
}

/// A byte order mark may stand before JSON in bytes, which is how the others read it, not before
/// JSON in a string.
bool begins_with_mark(std::string_view escaped) {
  return !escaped.empty() && unescape(escaped).substr(0, 1) == u"\uFEFF";
}

/// Longer ones are compared at every second byte, every third and so on, for comparing after each
/// would take the square of the length.
constexpr std::size_t longest_compared_whole = 96;

/// The digits of a number that is longer than this are not told one by one, for that would take the
/// square of its length.
constexpr std::size_t longest_number = 64;

bool has_long_number(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    length = std::string_view("-+.eE0123456789").find(c) == std::string_view::npos ? 0 : length + 1;
    if (length > longest_number) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input from(data, size);
  const std::uint32_t choice = from.choice();
  const std::string escaped = in_event(from.document(), choice);

  if (has_long_number(narrow(unescape(escaped)))) return 0;

  const std::size_t step = 1 + escaped.size() / longest_compared_whole;
  journey one;
  one.monotonous = false;  // a name may come twice
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    one.feed(std::string_view(escaped).substr(i, 1));
    if ((i + choice) % step == 0) one.check();
    if (!one.partial().complete()) continue;
    const oracle beginning(narrow(unescape(std::string_view(escaped).substr(0, i + 1))));
    CHECK(beginning.said != oracle::refused);
  }
  one.end();
  one.check();

  const oracle whole(narrow(unescape(escaped)));
  if (one.partial().complete()) {
    CHECK(whole.said != oracle::refused);
    if (whole.said == oracle::accepted) CHECK(same(*one.tree().root, whole.value));
  } else if (whole.said == oracle::accepted && !begins_with_mark(escaped)) {
    tape_json decoder;  // it is too deep, then
    decoder_options options = any_json;
    options.limits.depth = partial_json::deepest;
    CHECK_FALSE(decoder.decode(narrow(unescape(escaped)), options).ok);
    CHECK(decoder.result().failure == issue_code::LIMIT);
  }

  journey at_once;
  at_once.monotonous = false;
  at_once.feed(escaped);
  at_once.check();
  at_once.end();
  CHECK(at_once.tree().root == one.tree().root);
  return 0;
}
