// The pieces that the scanner is made of: blocks, UTF-8, escapes, numbers, the store of texts.
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "tape_json.hpp"
#include "text/escape.hpp"
#include "text/long_text.hpp"
#include "text/number.hpp"
#include "text/simd.hpp"
#include "text/skip_utf8.hpp"
#include "text/text_store.hpp"
#include "text/utf8.hpp"
#include "texts.hpp"

using namespace chatwire;
using namespace chatwire::text;
using chatwire::test::exact_copy;
using chatwire::test::join;
using chatwire::test::repeat;
using tape::text_kind;

namespace {

// ---- Numbers ------------------------------------------------------------------------------------

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

/// Checks one number against strtod, and counts it.
void check_number(const std::string& written) {
  const exact_copy bytes(written);
  const number made = read_number(bytes.begin(), bytes.end());
  const double expected = std::strtod(written.c_str(), nullptr);
  const bool right = made.end == bytes.end() && same_bits(made.value, expected) &&
                     made.integral == (written.find_first_of(".eE") == std::string::npos);
  if (!right) FAIL_CHECK(written << " became " << made.value << ", not " << expected);
}

std::string shortest(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

std::string fixed(double value, int decimals) {
  char digits[512];
  return {
      digits,
      std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals).ptr};
}

// ---- Text ---------------------------------------------------------------------------------------

/// A string that was scanned.
struct scanned {
  std::string text;  // as UTF-8
  cell where;
  text_error error = text_error::none;
  std::ptrdiff_t end = 0;  // behind the quote, or where the error is
};

/// Scans the string whose first character is that of `bytes`.
scanned scan(text_store& store, const exact_copy& bytes, bool surrogates = false,
             bool controls = false) {
  store.start(bytes.begin(), bytes.end(), surrogates, controls);
  scanned made;
  const std::uint8_t* stop = store.scan(bytes.begin(), made.where);
  made.error = stop == nullptr ? store.error() : text_error::none;
  made.end = (stop == nullptr ? store.error_at() : stop) - bytes.begin();
  made.text = test::text_of(store, bytes.view(), made.where);
  return made;
}

std::string scan_text(std::string_view string, bool surrogates = false) {
  text_store store;
  const exact_copy bytes(join({string, "\""}));
  const scanned made = scan(store, bytes, surrogates);
  CHECK(made.error == text_error::none);
  CHECK(made.end == static_cast<std::ptrdiff_t>(bytes.view().size()));
  return made.text;
}

}  // namespace

TEST_CASE("integers are read as strtod does") {
  std::mt19937_64 random(1);
  for (std::uint32_t i = 0; i < 60000; ++i) {
    const std::uint64_t value = random() >> random() % 64;
    check_number(join({i % 2 == 0 ? "" : "-", std::to_string(value)}));
  }
  for (const std::string digits : {"0", "-0", "9007199254740993", "99999999999999999999999"})
    check_number(digits);
  for (std::size_t length = 1; length < 400; ++length)
    check_number(join({"1", repeat("7", length)}));
}

TEST_CASE("fractions are read as strtod does") {
  std::mt19937_64 random(2);
  for (std::uint32_t i = 0; i < 60000; ++i) {
    const auto whole = static_cast<double>(random() >> 11U);
    const double value = std::ldexp(whole, -static_cast<int>(random() % 90));
    check_number(shortest(value));
    check_number(fixed(-value, static_cast<int>(random() % 30) + 1));
  }
}

TEST_CASE("doubles of all sizes are read as strtod does") {
  std::mt19937_64 random(3);
  for (std::uint32_t i = 0; i < 40000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    check_number(shortest(value));
    // With digits that lie near the middle between two doubles.
    char digits[64];
    const int length =
        std::snprintf(digits, sizeof digits, "%.*e", static_cast<int>(random() % 24), value);
    check_number({digits, static_cast<std::size_t>(length)});
  }
}

TEST_CASE("numbers around the powers that are multiplied are read as strtod does") {
  std::mt19937_64 random(4);
  for (int exponent = -60; exponent <= 60; ++exponent) {
    for (std::uint32_t i = 0; i < 200; ++i)
      check_number(
          join({std::to_string(random() >> random() % 64), "e", std::to_string(exponent)}));
  }
  for (const char* edge :
       {"1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
        "2.2250738585072011e-308", "5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "1e400", "-1e-400", "0e999999999999", "1e99999999999999999999"}) {
    check_number(edge);
  }
  check_number(join({"0.", repeat("0", 199990), "1e2000000"}));
  check_number(join({"0.", repeat("0", 400), "1e401"}));
  check_number(join({"1", repeat("0", 400), "e-400"}));
}

TEST_CASE("half-way between two doubles rounds as strtod does") {
  std::mt19937_64 random(5);
  for (std::uint32_t i = 0; i < 20000; ++i) {
    // An odd mantissa of 54 bits is half-way between two of 53.
    const std::uint64_t mantissa = random() >> 10U | 1U | std::uint64_t{1} << 53U;
    check_number(std::to_string(mantissa));
    check_number(join({std::to_string(mantissa), ".0"}));
    check_number(join({std::to_string(mantissa), ".00000000000000000001"}));
    const int power = static_cast<int>(random() % 40);
    char digits[128];
    const double value = std::ldexp(static_cast<double>(mantissa >> 1U), -power);
    const double next = std::nextafter(value, INFINITY);
    const auto middle = (static_cast<long double>(value) + static_cast<long double>(next)) / 2;
    const int length = std::snprintf(digits, sizeof digits, "%.60Lf", middle);
    check_number({digits, static_cast<std::size_t>(length)});
  }
}

TEST_CASE("what is no number is not read as one") {
  for (const std::string_view written : {"-", "01", "-01", "00", "1.", "-1.", "1.e5", "1e", "1e+",
                                         "1E-", "1.5e", "-a", "--1", "-.5"}) {
    CAPTURE(written);
    const exact_copy bytes(written);
    CHECK(read_number(bytes.begin(), bytes.end()).end == nullptr);
  }
  struct followed {
    std::string_view written;
    std::ptrdiff_t length;
  };
  for (const followed& one : {followed{"12]", 2},
                              {"1.5,", 3},
                              {"0e1x", 3},
                              {"-0 ", 2},
                              {"1-2", 1},
                              {"1.5.5", 3},
                              {"1e5e5", 3},
                              {"0x10", 1}}) {
    CAPTURE(one.written);
    const exact_copy bytes(one.written);
    CHECK(read_number(bytes.begin(), bytes.end()).end == bytes.begin() + one.length);
  }
}

TEST_CASE("plain text ends at the first byte that is not") {
  for (std::size_t length = 0; length <= 50; ++length) {
    const std::string plain = repeat("x", length);
    const exact_copy whole(plain);
    CHECK(skip_plain(whole.begin(), whole.end()) == whole.end());
    for (std::size_t at = 0; at < length; ++at) {
      std::string text = plain;
      for (std::uint32_t byte = 0; byte<256; byte += length> 20 ? 7 : 1) {
        text[at] = static_cast<char>(byte);
        const exact_copy bytes(text);
        const bool special = byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
        const std::uint8_t* stop = special ? bytes.begin() + at : bytes.end();
        if (skip_plain(bytes.begin(), bytes.end()) != stop)
          FAIL_CHECK("byte " << byte << " at " << at << " of " << length);
      }
    }
  }
}

TEST_CASE("every code point is written and read") {
  for (std::uint32_t point = 0x80; point <= 0x10FFFF; ++point) {
    std::uint8_t bytes[4];
    const std::uint32_t length = write_utf8(point, bytes);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    const sequence lenient = read_sequence(bytes, bytes + length, true);
    const sequence strict = read_sequence(bytes, bytes + length, false);
    const bool right = lenient.valid && lenient.code_point == point && lenient.length == length &&
                       strict.valid == !surrogate &&
                       strict.code_point == (surrogate ? replacement : point) &&
                       strict.length == (surrogate ? 1 : length);
    if (!right) FAIL_CHECK("code point " << point);
    for (std::uint32_t cut = 1; cut < length; ++cut)
      if (read_sequence(bytes, bytes + cut, true).length != 0) FAIL_CHECK("cut of " << point);
  }
  char16_t units[2];
  CHECK(write_utf16(0xFFFF, units) == 1);
  CHECK(units[0] == 0xFFFF);
  CHECK(write_utf16(0x1F600, units) == 2);
  CHECK(units[0] == 0xD83D);
  CHECK(units[1] == 0xDE00);
}

TEST_CASE("what is not UTF-8 becomes U+FFFD, one for each maximal part") {
  const std::string_view edges = "A\x80\x8F\x90\x9F\xA0\xBF\xC2\xF0";
  for (std::uint32_t first = 0x80; first < 0x100; ++first) {
    for (const char second : edges) {
      for (const char third : edges) {
        for (const char fourth : edges) {
          const std::string bytes{static_cast<char>(first), second, third, fourth};
          if (scan_text(bytes) != test::repaired(bytes))
            FAIL_CHECK(test::repaired(bytes) << " is not " << scan_text(bytes));
        }
      }
    }
  }
  text_store store;
  const exact_copy bytes("ab\x80g\xFF\"");
  scan(store, bytes);
  CHECK(store.take_invalid() == bytes.begin() + 2);
  CHECK(store.take_invalid() == nullptr);
}

TEST_CASE("plain text and UTF-8 are passed over as far as they go") {
  const auto reference = [](const std::uint8_t* at, const std::uint8_t* end) {
    while (at != end) {
      if (*at < 0x80) {
        if (!is_plain(*at)) break;
        ++at;
        continue;
      }
      const sequence next = read_sequence(at, end, false);
      if (next.length == 0 || !next.valid) break;
      at += next.length;
    }
    return at;
  };
  std::mt19937 random(7);
  const std::vector<std::string> parts = {"a",
                                          "plain text of some length",
                                          "\xC3\xA9",
                                          "\xE4\xB8\xAD",
                                          "\xED\x9F\xBF",
                                          "\xE0\xA0\x80",
                                          "\xF0\x9F\x98\x80",
                                          "\xF0\x90\x80\x80",
                                          "\xF4\x8F\xBF\xBF",
                                          "\x7F",
                                          "\xEF\xBF\xBF"};
  constexpr std::uint8_t edges[] = {0x00, 0x1F, '"',  '\\', 0x7F, 0x80, 0x8F, 0x90,
                                    0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                    0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
  int passed_far = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (std::size_t count = random() % 24; count != 0; --count)
      text += parts[random() % parts.size()];
    // Mostly one byte that is wrong, or ends the text.
    if (!text.empty() && random() % 8 != 0)
      text[random() % text.size()] = static_cast<char>(edges[random() % std::size(edges)]);
    const exact_copy bytes(text);
    const std::uint8_t* const stop = reference(bytes.begin(), bytes.end());
    const std::uint8_t* const passed = skip_utf8(bytes.begin(), bytes.end());
    const bool is_right = passed == stop || (passed < stop && bytes.end() - passed < 16 &&
                                             reference(passed, bytes.end()) == stop);
    if (!is_right)
      FAIL_CHECK("passed " << passed - bytes.begin() << " of " << stop - bytes.begin() << " bytes");
    if (passed - bytes.begin() > 48) ++passed_far;
  }
  CHECK(passed_far > 5000);
}

TEST_CASE("escapes are read") {
  CHECK(scan_text("\\\"\\\\\\/\\b\\f\\n\\r\\t") == "\"\\/\b\f\n\r\t");
  CHECK(scan_text("\\u0041\\u00e9\\u4E2D\\uffff") == "A\xC3\xA9\xE4\xB8\xAD\xEF\xBF\xBF");
  CHECK(scan_text("\\u0000") == std::string(1, '\0'));
  CHECK(scan_text("\\ud83d\\ude00\\uD83D\\uDE00") == "\xF0\x9F\x98\x80\xF0\x9F\x98\x80");
  // Surrogates without their other half, as WTF-8.
  CHECK(scan_text("\\ud800") == "\xED\xA0\x80");
  CHECK(scan_text("\\ude00\\ud83d") == "\xED\xB8\x80\xED\xA0\xBD");
  CHECK(scan_text("\\ud83d\\ud83d\\ude00") == "\xED\xA0\xBD\xF0\x9F\x98\x80");
  CHECK(scan_text("\\ud83d\\ue000") == "\xED\xA0\xBD\xEE\x80\x80");
  CHECK(scan_text("\\udbff\\udbff") == "\xED\xAF\xBF\xED\xAF\xBF");
  CHECK(scan_text("\\ud83d\\u0041\\ud83dx\\ud83d\\n") ==
        "\xED\xA0\xBD"
        "A\xED\xA0\xBDx\xED\xA0\xBD\n");
}

TEST_CASE("surrogates in the input are text where that is said, and not UTF-8 where not") {
  CHECK(scan_text("a\xED\xA0\x80z", true) == "a\xED\xA0\x80z");
  CHECK(scan_text("a\xED\xA0\x80z") == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  text_store store;
  const exact_copy plain("ab\\ud83d\\ude00\"");
  scan(store, plain);
  CHECK_FALSE(store.has_lone_surrogates());
  const exact_copy lone("ab\\ud83d\\ud83d\"");
  scan(store, lone);
  CHECK(store.has_lone_surrogates());
  const exact_copy raw("ab\xED\xA0\x80\"");
  scan(store, raw, true);
  CHECK(store.has_lone_surrogates());
  scan(store, plain);
  CHECK_FALSE(store.has_lone_surrogates());
}

TEST_CASE("control characters are text where that is asked for") {
  text_store store;
  for (const std::string_view text :
       {"\n", "a\tb", "0123456789abcdef\x1F", "\xC3\xA9\r\n\xC3\xA9"}) {
    CAPTURE(text);
    const exact_copy bytes(join({text, "\""}));
    CHECK(scan(store, bytes).error == text_error::control_character);
    const scanned made = scan(store, bytes, false, true);
    CHECK(made.error == text_error::none);
    CHECK(made.text == text);
    const exact_copy escaped(join({"\\n", text, "\\u00e9", text, "\""}));
    CHECK(scan(store, escaped, false, true).text == join({"\n", text, "\xC3\xA9", text}));
  }
}

TEST_CASE("specials are read at every position of texts of every length") {
  struct special {
    std::string_view written;
    std::string_view meant;
  };
  for (const special& one : {special{"\\n", "\n"},
                             {"\\u0041", "A"},
                             {"\\u00e9", "\xC3\xA9"},
                             {"\\ud83d\\ude00", "\xF0\x9F\x98\x80"},
                             {"\xC3\xA9", "\xC3\xA9"},
                             {"\xE4\xB8\xAD", "\xE4\xB8\xAD"},
                             {"\x80", "\xEF\xBF\xBD"},
                             {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
                             {"\x7F", "\x7F"}}) {
    for (const std::size_t length :
         {0U, 1U, 5U, 14U, 15U, 16U, 17U, 31U, 32U, 33U, 64U, 127U, 128U, 129U, 200U}) {
      for (std::size_t at = 0; at <= length; ++at) {
        const std::string before = repeat("0123456789", 20).substr(0, at);
        const std::string after = repeat("abcdefghij", 20).substr(0, length - at);
        const std::string written = join({before, one.written, after});
        const std::string meant = join({before, one.meant, after});
        if (scan_text(written) != meant) FAIL_CHECK(written << " became " << scan_text(written));
        // Wide text that takes along what was narrow.
        if (scan_text(join({"\\t", written, "\xC3\xA9"})) != join({"\t", meant, "\xC3\xA9"}))
          FAIL_CHECK(written << " after an escape");
      }
    }
  }
}

TEST_CASE("what is wrong with a string is told, and what was read of it is kept") {
  struct wrong {
    std::string_view bytes;
    text_error error;
    std::ptrdiff_t at;
    std::string_view read;
  };
  const wrong all[] = {
      {"", text_error::cut, 0, ""},
      {"abc", text_error::cut, 3, "abc"},
      {"0123456789abcdefg", text_error::cut, 17, "0123456789abcdefg"},
      {"abc\\", text_error::cut, 4, "abc"},
      {"abc\\n", text_error::cut, 5, "abc\n"},
      {"abc\\u", text_error::cut, 5, "abc"},
      {"abc\\u00e", text_error::cut, 8, "abc"},
      {"\xC3\xA9\\u00e", text_error::cut, 7, "\xC3\xA9"},
      {"abc\xE4\xB8", text_error::cut, 5, "abc"},
      {"abc\\ud83d", text_error::cut, 9, "abc\xED\xA0\xBD"},
      {"abc\n\"", text_error::control_character, 3, ""},
      {"a\\nb\n\"", text_error::control_character, 4, ""},
      {"\xC3\xA9\x01\"", text_error::control_character, 2, ""},
      {"0123456789abcdef\x1F\"", text_error::control_character, 16, ""},
      {"abc\\x41\"", text_error::bad_escape, 3, ""},
      {"abc\\u00g1\"", text_error::bad_escape, 3, ""},
      {"abc\\u00\"", text_error::bad_escape, 3, ""},
      {"\xC3\xA9\\q\"", text_error::bad_escape, 2, ""},
  };
  for (const wrong& one : all) {
    CAPTURE(one.bytes);
    text_store store;
    const exact_copy bytes(one.bytes);
    const scanned made = scan(store, bytes);
    CHECK(made.error == one.error);
    CHECK(made.end == one.at);
    if (one.error == text_error::cut) CHECK(made.text == one.read);
  }
}

TEST_CASE("texts stay what they are while others follow") {
  text_store store;
  std::string input;
  std::vector<std::string> meant;
  std::mt19937 random(6);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const std::string run = repeat(std::string(1, static_cast<char>('a' + i % 26)), random() % 300);
    switch (random() % 4) {
      case 0:
        input += join({run, "\""});
        meant.push_back(run);
        break;
      case 1:
        input += join({run, "\\n", run, "\""});
        meant.push_back(join({run, "\n", run}));
        break;
      case 2:
        input += join({run, "\xE4\xB8\xAD", run, "\""});
        meant.push_back(join({run, "\xE4\xB8\xAD", run}));
        break;
      default:
        input += join({run, "\\n\xC3\xA9\""});
        meant.push_back(join({run, "\n\xC3\xA9"}));
        break;
    }
  }
  const exact_copy bytes(input);
  store.start(bytes.begin(), bytes.end(), false, false);
  std::vector<cell> cells;
  for (const std::uint8_t* at = bytes.begin(); at != bytes.end();) {
    cell made;
    at = store.scan(at, made);
    REQUIRE(at != nullptr);
    cells.push_back(made);
  }
  REQUIRE(cells.size() == meant.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (test::text_of(store, bytes.view(), cells[i]) != meant[i]) FAIL_CHECK("text " << i);
#if CHATWIRE_UTF16_TEXT
    const bool pooled = cells[i].kind() == text_kind::pool8 || cells[i].kind() == text_kind::pool16;
    CHECK(pooled == (cells[i].length() <= tape::pooled_length));
    if (pooled && cells[i].length() != 0)
      CHECK(cells[i].position / tape::pool_piece ==
            (cells[i].position + cells[i].length() - 1) / tape::pool_piece);
#endif
  }
}

TEST_CASE("names that come again are the same") {
  std::string input;
  std::vector<std::string> names;
  std::mt19937 random(7);
  for (std::uint32_t i = 0; i < 4000; ++i) {
    // Many share their first and last letters.
    std::string name =
        join({"name", repeat("_", random() % 4), std::to_string(random() % 300), "end"});
    if (i % 7 == 0) name = repeat("n", random() % 140);
    input += name;
    names.push_back(std::move(name));
  }
  const exact_copy bytes(input);
  text_store store;
  for (std::uint32_t round = 0; round < 3; ++round) {
    store.start(bytes.begin(), bytes.end(), false, false);
    std::vector<cell> cells;
    const std::uint8_t* at = bytes.begin();
    for (const std::string& name : names) {
      cell made;
      REQUIRE(store.keep_name(at, at + name.size(), made));
      cells.push_back(made);
      at += name.size();
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (test::text_of(store, bytes.view(), cells[i]) != names[i]) FAIL_CHECK(names[i]);
#if CHATWIRE_UTF16_TEXT
      const bool again = i != 0 && names[i] == names[i - 1];
      if (again && cells[i - 1].position >= tape::first_name)
        CHECK(cells[i].position == cells[i - 1].position);
#endif
    }
    store.shrink(round == 1 ? 16 : 1 << 20);
  }
}

#if CHATWIRE_UTF16_TEXT
TEST_CASE("names stay from one input to the next, until they give way to others") {
  text_store store;
  const auto keep = [&store](std::string_view name) {
    const exact_copy bytes(name);
    cell made;
    store.start(bytes.begin(), bytes.end(), false, false);
    REQUIRE(store.keep_name(bytes.begin(), bytes.end(), made));
    CHECK(test::text_of(store, bytes.view(), made) == name);
    return made.position;
  };
  const std::uint32_t first = keep("search_results");
  CHECK(first >= tape::first_name);
  CHECK(first < tape::first_name + tape::name_count);
  CHECK(keep(repeat("n", 48)) >= tape::first_name);
  for (const std::string& other : {repeat("n", 49), std::string(), std::string("1234")})
    CHECK(keep(other) < tape::first_name);
  CHECK(keep("search_results") == first);
  CHECK(store.names_version() == 0);
  for (std::uint32_t i = 0; i < 10000; ++i) keep(join({"name", std::to_string(i)}));
  CHECK(store.names_version() > 9000);
}
#endif

TEST_CASE("texts that are not of the input are kept") {
  text_store store;
  const exact_copy nothing("");
  store.start(nothing.begin(), nothing.end(), false, false);
  std::vector<std::pair<cell, std::string>> kept;
  for (const std::size_t length : {0U, 1U, 15U, 16U, 17U, 127U, 128U, 129U, 3000U}) {
    for (const std::string_view part : {"a", "\xC3\xA9", "\xF0\x9F\x98\x80", "x\xE4\xB8\xAD"}) {
      const std::string text = repeat(part, length);
      const exact_copy bytes(text);
      cell made;
      REQUIRE(store.keep_utf8(bytes.begin(), bytes.end(), made));
      kept.emplace_back(made, text);
      REQUIRE(store.keep_ascii(repeat("k", length), made));
      kept.emplace_back(made, repeat("k", length));
    }
  }
  const exact_copy broken("a\x80\xE4\xB8");
  cell made;
  REQUIRE(store.keep_utf8(broken.begin(), broken.end(), made));
  kept.emplace_back(made, "a\xEF\xBF\xBD\xEF\xBF\xBD");
  for (const auto& [where, text] : kept) CHECK(test::text_of(store, {}, where) == text);
}

TEST_CASE("a store starts again with nothing") {
  text_store store;
  const exact_copy long_text(join({repeat("\\nabc\xC3\xA9", 5000), "\""}));
  CHECK(scan(store, long_text).text == repeat("\nabc\xC3\xA9", 5000));
  store.shrink(64);
  const exact_copy short_text("a\\nb\"");
  CHECK(scan(store, short_text).text == "a\nb");
  const exact_copy invalid("\x80\"");
  scan(store, invalid);
  scan(store, short_text);
  CHECK(store.take_invalid() == nullptr);
}

TEST_CASE("unicode escapes tell their length") {
  const auto read = [](std::string_view written) {
    const exact_copy bytes(written);
    return read_unicode_escape(bytes.begin(), bytes.end());
  };
  CHECK(read("\\u0041").code_point == 0x41);
  CHECK(read("\\u0041").length == 6);
  CHECK(read("\\ud83d\\ude00").code_point == 0x1F600);
  CHECK(read("\\ud83d\\ude00").length == 12);
  CHECK(read("\\ud83d\\u0041").code_point == 0xD83D);
  CHECK(read("\\ud83d\\u0041").length == 6);
  CHECK(read("\\ud83d\\ude0").length == 6);
  CHECK(read("\\u00g1").length == 0);
  CHECK_FALSE(read("\\u00g1").cut);
  CHECK(read("\\u00f").cut);
  CHECK_FALSE(read("\\u0x").cut);
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    const char last = static_cast<char>(byte);
    const std::string digits = join({"\\u00e", {&last, 1}});
    const bool is_hex = std::isxdigit(static_cast<int>(byte)) != 0;
    if ((read(digits).length == 6) != is_hex) FAIL_CHECK("byte " << byte);
  }
}

#if CHATWIRE_AVX2

namespace {

/// What came of a string, in words: all but where its text is kept.
std::string told(text_store& store, const exact_copy& bytes, bool surrogates, bool controls) {
  const scanned made = scan(store, bytes, surrogates, controls);
  const auto offset = [&bytes](const std::uint8_t* at) {
    return at == nullptr ? std::string("-") : std::to_string(at - bytes.begin());
  };
  return join({made.text, " error ", std::to_string(static_cast<int>(made.error)), " at ",
               std::to_string(made.end), " invalid ", offset(store.take_invalid()), " control ",
               offset(store.take_control()), store.has_lone_surrogates() ? " lone" : ""});
}

/// Whether a string is read with AVX2 as it is without.
bool is_read_alike(std::string_view bytes) {
  const exact_copy input(bytes);
  text_store with;
  text_store without;
  without.do_without_avx2();
  bool alike = true;
  for (const bool surrogates : {false, true}) {
    for (const bool controls : {false, true}) {
      alike = alike &&
              told(with, input, surrogates, controls) == told(without, input, surrogates, controls);
    }
  }
  return alike;
}

// Bytes behind a string, so that all of it is read in long blocks.
const std::string rest = join({"\"", repeat(",", 2 * avx2_reach)});

// What begins the reading of long blocks: of text to be copied, and of text that stays where it is.
constexpr std::string_view starts[] = {"\\n", "\xC3\xA9"};

}  // namespace

TEST_CASE("with AVX2, what is special is found at every place of a block") {
  for (const std::string_view special :
       {"\\n",
        "\\\\",
        "\\\"",
        "\\u0041",
        "\\u00e9",
        "\\u4e2d",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\ude00x",
        "\\u00g1",
        "\\x",
        "\n",
        "\x1F",
        "\x7F",
        "\"",
        "\xC3\xA9",
        "\xE4\xB8\xAD",
        "\xF0\x9F\x98\x80",
        "\x80",
        "\xC3",
        "\xE4\xB8",
        "\xF0\x9F\x98",
        "\xED\xA0\x80",
        "\xC3\\n",
        "\xE4\xB8\"",
        "\\u4e2d\\u6587\\u5b57\\u7b26\\u4e32",
        "\\u4e2d\\u6587\\ud83d\\ude00",
        "\\u4e2d\\u6587\\u5b57\\u00e9\\u4E2D\\uABCF\\uFFFF\\u0800",
        "\\u4e2d\\u6587\\u5b57\\u7bg6",
        "\\u0434\\u0435\\u0440\\u0436\\u0430\\u0434 \\u04x4",
        "\\u4e2d\\u6587\\u5b57\\u7b26\\u4e32\\u4e2d\\u6587\\u5b57\\u7b26",
        "\\u0434\\u0435\\u0440\\u0436\\u0430 \\u0434\\u0435 - \\u0440",
        "\\u0434\\u0435\\u0440\\u0436\\u0430\\u0434\\u0435\\u0440\\u0436\\u0430",
        "\\u0434\\u0435\\u4e2d\\u6587\\u0080\\u07ff\\u0800\\u007f",
        "\\u0434\\u0435\\ud83d\\ude00",
        "\\u4e2d\\u6587\\u5b57\\n"}) {
    for (const std::string_view fill : {"abcdefgh", "\xC3\xA9\xC3\xA8", "a\xE4\xB8\xAD\xE6\x96\x87",
                                        "\xF0\x9F\x98\x80", "ab\\n\\\\", "\\u00e9\\u4e2d"}) {
      for (std::size_t at = 0; at < 140 / fill.size(); ++at) {
        for (const std::string_view start : starts) {
          for (const std::string_view shift : {"", "x", "xyz"}) {
            const std::string text = join(
                {start, shift, repeat(fill, at), special, repeat(fill, 10), special, "tail", rest});
            if (!is_read_alike(text)) FAIL_CHECK(text);
          }
        }
      }
    }
  }
}

TEST_CASE("with AVX2, what is not UTF-8 is what it is without") {
  const std::string_view edges = "A\x80\x8F\x90\x9F\xA0\xBF\xC2\xE1\xF0";
  std::size_t at = 0;
  for (std::uint32_t first = 0x80; first < 0x100; ++first) {
    for (const char second : edges) {
      for (const char third : edges) {
        for (const char fourth : edges) {
          // Around the middles and the ends of blocks.
          at = (at + 1) % 12;
          const std::string bytes{static_cast<char>(first), second, third, fourth};
          const std::string text =
              join({starts[at % 2], repeat("z", 25 + at + (first % 3) * 32), bytes, rest});
          if (!is_read_alike(text)) FAIL_CHECK(test::repaired(text));
        }
      }
    }
  }
}

TEST_CASE("with AVX2, texts of all kinds of parts are what they are without") {
  const std::vector<std::string> parts = {"a",
                                          "plain text of some length",
                                          "plain text that is longer than a half of a block is",
                                          "\xC3\xA9",
                                          "\xE4\xB8\xAD\xE6\x96\x87",
                                          "\xF0\x9F\x98\x80",
                                          "\xED\x9F\xBF",
                                          "\xF4\x8F\xBF\xBF",
                                          "\\n",
                                          "\\\"",
                                          "\\\\",
                                          "\\u4e2d\\u6587\\u5b57\\u7b26",
                                          "\\u0434\\u0435\\u0440\\u0436\\u0430",
                                          "\\u00e9",
                                          "\\ud83d\\ude00"};
  const std::vector<std::string> odd = {"\\ud83d", "\\ude00",      "\\u12", "\\q",  "\n",
                                        "\"",      "\x80",         "\xC3",  "\xE4", "\xF0",
                                        "\xFF",    "\xED\xA0\x80", "\\",    "\\u"};
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(starts[random() % 2]);
    for (std::size_t count = random() % 60; count != 0; --count) {
      text += parts[random() % parts.size()];
      if (random() % 40 == 0) text += odd[random() % odd.size()];
    }
    // Also ends that are near, or come before the quote.
    text += rest.substr(0, random() % 3 == 0 ? random() % rest.size() : rest.size());
    if (!is_read_alike(text)) FAIL_CHECK(text);
  }
  const std::string all = repeat(join({parts[2], parts[4], parts[11], parts[3]}), 2000);
  CHECK(is_read_alike(join({starts[0], all, "\x80", all, rest})));
  CHECK(is_read_alike(join({starts[1], repeat(parts[4], 20'000), rest})));
}

TEST_CASE("with AVX2, text is taken at once, and within the room that there is") {
  if (!has_avx2()) {
    MESSAGE("not run: this processor has no AVX2");
    return;
  }
  const std::string text = repeat(
      "text \xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80 \\u4e2d\\u6587\\u5b57\\u7b26\\u4e32\\n", 300);
  for (const std::ptrdiff_t length : {0, 1, 63, 64, 65, 1000, 5001, 10'000}) {
    const exact_copy input(
        std::string_view(text).substr(0, static_cast<std::size_t>(length + avx2_reach)));
    const auto room = static_cast<std::size_t>(length + 2 * avx2_reach);
    const auto out = std::make_unique<std::uint8_t[]>(room);
    const passed_text passed = copy_text_avx2(input.begin(), input.begin() + length, out.get());
    CHECK(passed.at - input.begin() >= length - 3);
    const std::string_view written(text.data(),
                                   static_cast<std::size_t>(passed.at - input.begin()));
    const std::string_view made(reinterpret_cast<const char*>(out.get()),
                                static_cast<std::size_t>(passed.to - out.get()));
    CHECK(made == scan_text(written));
  }
  const std::string plain = join({repeat("plain \xC3\xA9", 100), "\\n", rest});
  const exact_copy input(plain);
  CHECK(skip_text_avx2(input.begin(), input.end() - avx2_reach) == input.begin() + 800);
}

#endif
