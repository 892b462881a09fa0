// Partial JSON: after every piece of a text, however it is cut, the tree is what the simplest
// reader makes of all that has come. Names of cases tell which quirks they are for.
#include "partial/partial_json.hpp"

#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "partial_journey.hpp"
#include "texts.hpp"

using namespace chatwire;
using namespace chatwire::test;
using nlohmann::json;

namespace {

struct cuts {
  std::uint32_t longest = 1;  // pieces of at most so many bytes
  bool check_each = true;
  bool monotonous = true;
};

/// Sends a text in pieces.
void travel(journey& to, std::string_view escaped, random_source& random, const cuts& how) {
  to.monotonous = how.monotonous;
  while (!escaped.empty()) {
    const std::size_t length = 1 + random() % how.longest;
    to.feed(escaped.substr(0, length));
    if (how.check_each) to.check();
    escaped.remove_prefix(length < escaped.size() ? length : escaped.size());
  }
}

/// Every beginning of a text, in every way that it may come.
void check_all(std::string_view escaped, random_source& random, bool monotonous = true) {
  for (const std::uint32_t longest : {1U, 3U, 8U, 40U}) {
    journey one;
    travel(one, escaped, random, {longest, true, monotonous});
    one.end();
    one.check();
  }
  for (std::size_t length = 0; length <= escaped.size(); ++length) {
    journey one;
    one.feed(escaped.substr(0, length));
    one.check();
    one.end();
    one.check();
  }
}

json tree_of(std::string_view text) {
  journey one;
  one.feed(escape(text));
  REQUIRE(one.tree().root);
  return *one.tree().root;
}

bool is_nothing(std::string_view text) {
  journey one;
  one.feed(escape(text));
  return !one.tree().root.has_value();
}

bool breaks(std::string_view text) {
  random_source random(3);
  journey whole;
  whole.feed(escape(text));
  journey pieces;
  travel(pieces, escape(text), random, {});
  CHECK(whole.partial().broken() == pieces.partial().broken());
  whole.check();
  return whole.partial().broken();
}

// ---- Random texts -------------------------------------------------------------------------------

/// Writes JSON in any of the ways that JSON may be written.
class random_json {
 public:
  explicit random_json(random_source& random) : random_(random) {}

  std::u16string document() {
    made_.clear();
    white();
    value(0);
    white();
    return made_;
  }

 private:
  void white() {
    while (one_in(random_, 6)) made_ += u" \n\r\t"[random_() % 4];
  }

  void value(std::uint32_t depth) {
    switch (random_() % (depth < 4 ? 9 : 5)) {
      case 0:
        made_ += one_in(random_, 2) ? u"true" : u"false";
        return;
      case 1:
        made_ += u"null";
        return;
      case 2:
        number();
        return;
      case 3:
      case 4:
        string(random_() % 20);
        return;
      case 5:
      case 6:
        container(u'[', u']', depth);
        return;
      default:
        container(u'{', u'}', depth);
    }
  }

  void container(char16_t begin, char16_t end, std::uint32_t depth) {
    made_ += begin;
    const std::uint32_t count = random_() % 4;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i != 0) made_ += u',';
      white();
      if (begin == '{') {
        // Names differ by their first letter.
        made_ += u'"';
        made_ += static_cast<char16_t>('a' + i);
        characters(random_() % 6);
        made_ += u'"';
        white();
        made_ += u':';
        white();
      }
      value(depth + 1);
      white();
    }
    if (count == 0) white();
    made_ += end;
  }

  void number() {
    if (one_in(random_, 3)) made_ += u'-';
    std::uint32_t digits = random_() % (one_in(random_, 10) ? 25 : 6);
    made_ += static_cast<char16_t>(digits == 0 ? '0' : '1' + random_() % 9);
    for (; digits > 1; --digits) made_ += static_cast<char16_t>('0' + random_() % 10);
    if (one_in(random_, 3)) {
      made_ += u'.';
      do made_ += static_cast<char16_t>('0' + random_() % 10);
      while (!one_in(random_, 4));
    }
    if (one_in(random_, 4)) {
      made_ += one_in(random_, 2) ? u'e' : u'E';
      if (one_in(random_, 2)) made_ += one_in(random_, 2) ? u'-' : u'+';
      made_ += static_cast<char16_t>('0' + random_() % 10);
      if (one_in(random_, 3)) made_ += static_cast<char16_t>('0' + random_() % 10);
    }
  }

  void string(std::uint32_t length) {
    made_ += u'"';
    characters(one_in(random_, 12) ? length * 10 : length);
    made_ += u'"';
  }

  void characters(std::uint32_t count) {
    for (; count != 0; --count) {
      switch (random_() % 12) {
        case 0:
          made_ += u'\\';
          made_ += u"\"\\/bfnrt"[random_() % 8];
          break;
        case 1:
          unit(static_cast<char16_t>(random_()), true);
          break;
        case 2: {
          // Halves of pairs, written in any way, together or alone.
          const auto half = static_cast<char16_t>(random_() & 0x3FFU);
          if (!one_in(random_, 5)) unit(static_cast<char16_t>(0xD800 | half), one_in(random_, 2));
          if (!one_in(random_, 5)) unit(static_cast<char16_t>(0xDC00 | half), one_in(random_, 2));
          break;
        }
        case 3:
          unit(u"\u00E9\u4E2D\uFFFF\u007F\u0080\u2028"[random_() % 6], false);
          break;
        default:
          unit(static_cast<char16_t>('a' + random_() % 26), false);
      }
    }
  }

  void unit(char16_t one, bool escaped) {
    if (escaped) {
      for (const char letter : hex_escape(one, one_in(random_, 2)))
        made_ += static_cast<char16_t>(letter);
    } else {
      made_ += one;
    }
  }

  random_source& random_;
  std::u16string made_;
};

constexpr std::string_view documents[] = {
    "{\"city\": \"Z\xC3\xBCrich\"}",
    R"({})",
    R"([])",
    R"("")",
    R"( {"a" : [ ] , "b" : { } } )",
    R"({"a":{"b":{"c":[1,[2,[3]],{"d":null}]}},"e":true,"f":false})",
    R"([-0,-1.5e+10,0.25,1E5,123456789012345678901,1e-7])",
    R"(["","a","\"","\\","\/","\b\f\n\r\t","\u0041\u00e9\u4e2d","\ud83d\ude00"])",
    R"(["\ud83d","\ude00","\ud83d\ud83d\ude00","\ud83dx","\ud83d\n","\ud83d\u0041"])",
    R"("a text with \"quotes\", a \\ and a \u005c")",
    "\"\xF0\x9F\x98\x80 \xE4\xB8\xAD\xE6\x96\x87 \xC3\xA9\"",
    R"({"":"","__proto__":{"x":1},"constructor":{"prototype":1}})",
    R"("{\"json\": \"in json\"}")",
    "true",
    "null",
    " 12 ",
    "12",
    "-0.5e-3",
    "\n\t {\r\n\t\"a\"\r\n:\t1}\n",
};

}  // namespace

TEST_CASE("Q129: after every piece the value is the best that the text so far says") {
  random_source random(129);
  for (const std::string_view document : documents) {
    CAPTURE(document);
    for (const std::uint32_t how_often : {1U, 5U, 1000000U}) {
      const std::string escaped = escape(widen(document), random, how_often);
      CHECK(narrow(unescape(escaped)) == document);
      check_all(escaped, random);
    }
  }
}

TEST_CASE("random values, written in any way and cut anywhere") {
  random_source random(1);
  random_json writer(random);
  for (std::uint32_t i = 0; i < 400; ++i) {
    const std::u16string text = writer.document();
    const std::string escaped = escape(text, random, 2 + random() % 40);
    REQUIRE(unescape(escaped) == text);
    check_all(escaped, random);
    // nlohmann::json does not take halves of surrogate pairs.
    const json parsed = json::parse(narrow(text), nullptr, false);
    if (parsed.is_discarded()) continue;
    journey one;
    travel(one, escaped, random, {20, false});
    one.end();
    CHECK(one.partial().complete());
    CHECK(one.tree().root == parsed);
  }
}

TEST_CASE(
    "random texts that are not JSON: the value is that of what may be the beginning of JSON") {
  random_source random(2);
  random_json writer(random);
  std::uint32_t broken = 0;
  const std::u16string_view others = u"{}[]\",:\\ue+-.0129tfn \n\x01x\U0001F600\u00E9";
  for (std::uint32_t i = 0; i < 1500; ++i) {
    std::u16string text = writer.document();
    for (std::uint32_t changes = 1 + random() % 3; changes != 0 && !text.empty(); --changes) {
      const std::size_t at = random() % text.size();
      const char16_t other = others[random() % others.size()];
      const std::uint32_t how = random() % 3;
      if (how == 0) text.erase(at, 1);
      if (how == 1) text[at] = other;
      if (how == 2) text.insert(at, 1, other);
    }
    // A name may come twice now.
    journey one;
    travel(one, escape(text, random, 20), random, {1 + i % 7, true, false});
    one.end();
    one.check();
    if (one.partial().broken()) ++broken;
  }
  CHECK(broken > 500);
}

TEST_CASE("Q123: nothing is complete before it is") {
  random_source random(123);
  random_json writer(random);
  for (std::uint32_t i = 0; i < 300; ++i) {
    const std::string escaped = escape(narrow(writer.document()));
    if (!json::accept(narrow(unescape(escaped)))) continue;  // halves of pairs
    journey one;
    for (std::size_t length = 1; length <= escaped.size(); ++length) {
      one.feed(escaped.substr(length - 1, 1));
      const std::string text = narrow(unescape(std::string_view(escaped).substr(0, length)));
      // Digits may go on.
      const bool number =
          std::isdigit(static_cast<unsigned char>(text.empty() ? 'x' : text.back()));
      if (one.partial().complete() != (json::accept(text) && !number)) FAIL_CHECK(text);
    }
  }
  journey number;
  number.feed("12");
  CHECK(number.tree().root == 12);
  CHECK_FALSE(number.partial().complete());
  number.feed("3");
  CHECK(number.tree().root == 123);
  CHECK_FALSE(number.partial().complete());
  number.end();
  CHECK(number.tree().root == 123);
  CHECK(number.partial().complete());
}

TEST_CASE("Q123: what follows a complete value breaks it") {
  for (const std::string_view text : {"{}{}", "{\"a\":1}{\"a\":1}", "[]]", "\"a\"\"", "1 2",
                                      "true,", "null\\u0000", "12x", "{} \xC3\xA9"}) {
    CAPTURE(text);
    CHECK(breaks(text));
  }
  journey one;
  one.feed("{\\\"a\\\":1} \\n");
  CHECK(one.partial().complete());
  one.feed("{");
  CHECK_FALSE(one.partial().complete());
  CHECK(one.partial().broken());
  CHECK(one.tree().root == json::parse(R"({"a":1})"));
  // From then on nothing changes.
  one.feed("\\\"b\\\":2}");
  CHECK(one.output().size() == 0);
  one.end();
  CHECK(one.output().size() == 0);
}

TEST_CASE("Q124: text that ends early is not complete") {
  for (const std::string_view text :
       {"{", "[", "\"", "\"abc", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "[1,", "tru", "-",
        "1.", "1e", "1e+", "", "  ", "{\"a\":\"x\\", "\"\\u12", "\"\\ud83d"}) {
    CAPTURE(text);
    journey one;
    one.feed(escape(text));
    one.end();
    one.check();
    CHECK_FALSE(one.partial().complete());
    CHECK_FALSE(one.partial().broken());
  }
}

TEST_CASE("a member shows when its value has begun") {
  CHECK(tree_of("{\"a") == json::object());
  CHECK(tree_of("{\"a\"") == json::object());
  CHECK(tree_of("{\"a\": ") == json::object());
  CHECK(tree_of("{\"a\": -") == json::object());
  CHECK(tree_of("{\"a\": -1") == json::parse(R"({"a":-1})"));
  CHECK(tree_of("{\"a\": \"") == json::parse(R"({"a":""})"));
  CHECK(tree_of("{\"a\": [") == json::parse(R"({"a":[]})"));
  CHECK(tree_of("{\"a\": n") == json::parse(R"({"a":null})"));
  CHECK(tree_of("{\"a\": t") == json::parse(R"({"a":true})"));
  CHECK(tree_of("[fal") == json::parse("[false]"));
  CHECK(is_nothing(""));
  CHECK(is_nothing(" \n "));
  CHECK(is_nothing("-"));
}

TEST_CASE("numbers show their longest beginning that is one, and grow in place") {
  struct step {
    std::string_view text;
    json shown;
  };
  for (const step& one : {step{"[-", json::array()},
                          {"[-0", {0}},
                          {"[1", {1}},
                          {"[12", {12}},
                          {"[12.", {12}},
                          {"[12.5", {12.5}},
                          {"[12.5e", {12.5}},
                          {"[12.5e-", {12.5}},
                          {"[12.5e-1", {1.25}},
                          {"[12.5e-1,", {1.25}},
                          {"[12.5e-1,3", {1.25, 3}}}) {
    CAPTURE(one.text);
    CHECK(tree_of(one.text) == one.shown);
  }
  const json zero = tree_of("-0 ");
  CHECK(std::signbit(zero.get<double>()));
  CHECK(tree_of("[1e400]")[0].get<double>() == INFINITY);
}

TEST_CASE("what is no JSON breaks the text, and leaves what came before") {
  for (const std::string_view text : {"x",
                                      "}",
                                      "]",
                                      ",",
                                      ":",
                                      "{]",
                                      "[}",
                                      "{,",
                                      "[,",
                                      "{1",
                                      "{\"a\",",
                                      "{\"a\" 1",
                                      "{\"a\"::",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "[1 2]",
                                      "[1;",
                                      "[1:",
                                      "{\"a\":1]",
                                      "nul1",
                                      "tx",
                                      "True",
                                      "NaN",
                                      "Infinity",
                                      "-Infinity",
                                      "+1",
                                      ".5",
                                      "01",
                                      "-x",
                                      "1.e5",
                                      "1.x",
                                      "1ex",
                                      "1e+-",
                                      "--1",
                                      "0x1",
                                      "'a'",
                                      "\"\\x41\"",
                                      "\"\\u00g0\"",
                                      "\"\\ud83d\\q\"",
                                      "\"a\nb\"",
                                      "\"\t\"",
                                      "[\"a\x1F",
                                      "\xEF\xBB\xBF{}",
                                      "{\"a\nb\":1}",
                                      "/**/1",
                                      "[1]/",
                                      "\xC3\xA9",
                                      "\"\\\xC3\xA9\"",
                                      "\"\\u\xC3\xA9\"",
                                      "\"\\U0041\""}) {
    CAPTURE(text);
    CHECK(breaks(text));
  }
  CHECK(tree_of("{\"a\":[1,\"b\\q") == json::parse(R"({"a":[1,"b"]})"));
  CHECK(tree_of("{\"a\":12.x") == json::parse(R"({"a":12})"));
  CHECK(tree_of("[truth") == json::parse("[true]"));
}

TEST_CASE("escapes of the event that are none break the text") {
  for (const std::string_view escaped : {"[1\\x", "[1\\u00g0", "[\\\"a\\q"}) {
    CAPTURE(escaped);
    journey one;
    one.feed(escaped);
    CHECK(one.partial().broken());
    journey pieces;
    for (const char& byte : escaped) pieces.feed({&byte, 1});
    CHECK(pieces.partial().broken());
    CHECK(pieces.tree().root == one.tree().root);
  }
}

TEST_CASE("Q83: pairs of surrogates may be cut, and written, in any way") {
  // Of the event, raw; of the event, escaped; of the text; of the text, with escapes of the event.
  const std::string_view firsts[] = {"\xED\xA0\xBD", "\\ud83d", "\\\\ud83d",
                                     "\\u005cu\\u0064\\u00383d"};
  const std::string_view seconds[] = {"\xED\xB8\x80", "\\ude00", "\\\\ude00", "\\u005cud\\u006500"};
  const std::string begin = "[\\\"a";
  for (const std::string_view first : firsts) {
    for (const std::string_view second : seconds) {
      const std::string text = join({begin, first, second, "b\\\"]"});
      CAPTURE(text);
      for (std::size_t cut = begin.size(); cut <= text.size(); ++cut) {
        journey one;
        one.feed(std::string_view(text).substr(0, cut));
        const bool whole = cut >= begin.size() + first.size() + second.size();
        const bool more = cut > begin.size() + first.size() + second.size();
        CHECK(one.tree().root ==
              json{join({"a", whole ? "\xF0\x9F\x98\x80" : "", more ? "b" : ""})});
        one.feed(std::string_view(text).substr(cut));
        CHECK(one.tree().root == json{"a\xF0\x9F\x98\x80"
                                      "b"});
        CHECK(one.partial().complete());
      }
    }
    journey alone;
    alone.feed(join({begin, first}));
    alone.end();
    CHECK(alone.tree().root == json{"a\xED\xA0\xBD"});
    CHECK_FALSE(alone.partial().complete());
    journey followed;
    followed.feed(join({begin, first}));
    followed.feed("b");
    CHECK(followed.tree().root == json{"a\xED\xA0\xBD"
                                       "b"});
    journey name;
    name.feed(join({"{\\\"", first}));
    name.feed("\\\":1");
    CHECK(name.tree().root == json{{"\xED\xA0\xBD", 1}});
  }
}

TEST_CASE("Q81, Q82: bytes that are not UTF-8 become U+FFFD, wherever they are cut") {
  for (const std::string_view bytes : {"\x80", "\xC3", "\xE4\xB8", "\xF0\x9F\x98", "\xE4\xB8\xE4",
                                       "\xFF\xFE", "\xC3\xC3\xA9", "\xF0\x9F\\n", "\xE4\\\\n"}) {
    const std::string text = join({"[\\\"a", bytes, "b\\\""});
    journey whole;
    whole.feed(text);
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      journey one;
      one.feed(std::string_view(text).substr(0, cut));
      one.feed(std::string_view(text).substr(cut));
      CHECK(one.tree().root == whole.tree().root);
    }
    journey pieces;
    for (const char& byte : text) pieces.feed({&byte, 1});
    CHECK(pieces.tree().root == whole.tree().root);
  }
  journey one;
  one.feed("\\\"\xE4\xB8z");
  CHECK(one.tree().root == "\xEF\xBF\xBDz");
}

TEST_CASE("P1: the work is in proportion to the text") {
  const std::uint32_t pieces = 16000;
  const auto send = [&](std::string_view before, std::string_view part, std::string_view after) {
    const std::string text = join({before, repeat(part, pieces / part.size()), after});
    partial_json partial;
    partial_output output;
    live_tree tree;
    std::uint64_t units = 0;
    for (const char& byte : text) {
      output.clear();
      REQUIRE(partial.feed({&byte, 1}, output));
      const std::uint32_t* at = output.operations();
      CHECK(output.size() <= 7);
      if (output.size() == 3 && *at >= static_cast<std::uint32_t>(partial_op::key) &&
          *at <= static_cast<std::uint32_t>(partial_op::more_text))
        units += at[2];
      tree.apply(output);
    }
    CHECK(units <= text.size());
    output.clear();
    REQUIRE(partial.end(output));
    tree.apply(output);
    CHECK(tree.complete);
    CHECK(tree.operations <= 2 * text.size() + 4);
    return tree;
  };
  CHECK(send("\\\"", "a", "\\\"").root == repeat("a", pieces));
  CHECK(send("{\\\"", "a", "\\\":1}").root->size() == 1);
  CHECK(send("[1", ",1", "]").root->size() == pieces / 2 + 1);
  CHECK(send("[[]", ",[]", "]").root->size() == pieces / 3 + 1);
  CHECK(send("", " ", "1").root == 1);
  // A long number is not read again with each digit.
  CHECK(send("0.", "1", "").operations < 200);
  CHECK(send("", "9", "").root->get<double>() == INFINITY);
}

TEST_CASE("long numbers are what they are when they are complete") {
  journey growing;
  for (std::size_t length = 1; length <= 300; ++length) {
    growing.feed("9");
    // What shows is at most a quarter behind.
    const std::string shown = repeat("9", length <= 64 ? length : length * 4 / 5);
    CHECK(growing.tree().root->get<double>() >= std::strtod(shown.c_str(), nullptr));
  }
  for (const std::size_t length : {63U, 64U, 65U, 80U, 81U, 100U, 300U, 5000U}) {
    CAPTURE(length);
    const std::string digits = join({"0.", repeat("7", length)});
    for (const std::string_view after : {"]", ".x", "x"}) {
      journey one;
      one.feed("[");
      for (const char& digit : digits) one.feed({&digit, 1});
      one.feed(after);
      CHECK(one.tree().root == json{std::strtod(digits.c_str(), nullptr)});
      CHECK(one.partial().complete() == (after == "]"));
    }
    journey cut;
    for (const char& digit : digits) cut.feed({&digit, 1});
    cut.feed("e");
    cut.end();
    CHECK(cut.tree().root == std::strtod(digits.c_str(), nullptr));
    CHECK_FALSE(cut.partial().complete());
  }
}

TEST_CASE("Q128: values may be so deep, and no deeper") {
  for (const std::string_view open : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string close;
    for (std::size_t i = open.size(); i-- != 0;) {
      if (open[i] == '[') close += ']';
      if (open[i] == '{') close += '}';
    }
    const std::size_t times = partial_json::deepest / close.size();
    const std::string deepest = join({repeat(open, times), "1", repeat(close, times)});
    journey one;
    one.feed(escape(deepest));
    one.check();
    CHECK(one.partial().complete());
    CHECK(one.tree().root == json::parse(deepest));
    journey deeper;
    deeper.feed(escape(repeat(open, 100000)));
    deeper.check();
    CHECK(deeper.partial().broken());
    // In the place of a container that was closed there may be another.
    journey beside;
    beside.feed(escape(
        join({"[", repeat(join({repeat(open, 50), "1", repeat(close, 50), ","}), 5), "{}]"})));
    CHECK(beside.partial().complete());
    CHECK(beside.tree().root->size() == 6);
  }
}

TEST_CASE("Q127: names that come twice, and names of prototypes") {
  random_source random(127);
  const std::string text =
      escape(R"({"a":{"x":[1]},"a":[2,3],"a":"s","a":45,"__proto__":{"y":1},"a":null})");
  check_all(text, random, false);
  CHECK(tree_of(R"({"a":{"x":1},"a":)") == json::parse(R"({"a":{"x":1}})"));
  CHECK(tree_of(R"({"a":{"x":1},"a":[)") == json::parse(R"({"a":[]})"));
}

TEST_CASE("where there is nothing to tell, nothing is told") {
  for (const std::string_view document : documents) {
    journey one;
    for (const char& byte : escape(document, 3)) {
      one.feed({&byte, 1});
      one.feed("");
      CHECK(one.output().size() == 0);
    }
    one.end();
    one.end();
    CHECK(one.output().size() == 0);
  }
  journey white;
  white.feed(" \\n\\t");
  CHECK(white.output().size() == 0);
}

TEST_CASE("texts share an output") {
  partial_output output;
  partial_json first;
  partial_json second;
  live_tree first_tree;
  live_tree second_tree;
  const std::string text = escape(R"({"a":["one text",2.25,{"b":"\u00e9"}]})");
  for (std::size_t i = 0; i < text.size(); ++i) {
    output.clear();
    REQUIRE(first.feed(std::string_view(text).substr(i, 1), output));
    first_tree.apply(output);
    // The other way round, into what is in use.
    output.clear();
    REQUIRE(second.feed(std::string_view(text).substr(i, 1), output));
    second_tree.apply(output);
    if (i % 10 == 0) output.clear();
    if (i % 20 == 0) output.shrink(0);
  }
  CHECK(first_tree.complete);
  CHECK(first_tree.root == second_tree.root);
  // Several pieces before anyone looks.
  output.clear();
  partial_json third;
  live_tree third_tree;
  for (const char& byte : text) REQUIRE(third.feed({&byte, 1}, output));
  third_tree.apply(output);
  CHECK(third_tree.root == first_tree.root);
}

#if !CHATWIRE_UTF16_TEXT
TEST_CASE("Q117: another text takes the place of the first, which shows until then") {
  const std::string first = escape(R"({"a":[1,2)");
  for (std::size_t length = 0; length <= first.size(); ++length) {
    partial_json partial;
    partial_output output;
    structs::partial_value value;
    REQUIRE(partial.feed(std::string_view(first).substr(0, length), output));
    value.apply(output);
    const json before = value.value();
    output.clear();
    REQUIRE(partial.restart(output));
    REQUIRE(partial.feed(" ", output));
    value.apply(output);
    CHECK(value.value() == before);
    CHECK_FALSE(value.complete());
    output.clear();
    REQUIRE(partial.feed("[{\\\"b\\\":3}]", output));
    value.apply(output);
    CHECK(value.value() == json::parse(R"([{"b":3}])"));
    CHECK(value.complete());
    output.clear();
    REQUIRE(partial.restart(output));
    REQUIRE(partial.feed("7", output));
    value.apply(output);
    CHECK(value.value() == 7);
    CHECK_FALSE(value.complete());
  }
  partial_json broken;
  partial_output output;
  structs::partial_value value;
  REQUIRE(broken.feed("{x", output));
  REQUIRE(broken.restart(output));
  CHECK_FALSE(broken.broken());
  REQUIRE(broken.feed("[]", output));
  value.apply(output);
  CHECK(value.value() == json::array());
  CHECK(value.complete());
  CHECK_FALSE(value.broken());
}
#endif

TEST_CASE("the state is small") { CHECK(sizeof(partial_json) < 200); }
