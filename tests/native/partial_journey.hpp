// Partial JSON on its way: what is told of it, after every piece, is what the simplest reader makes
// of all that has come.
#pragma once

#include <cctype>
#include <cstdint>
#include <cstdio>
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

#include "partial/partial_json.hpp"
#include "tape_json.hpp"
#include "texts.hpp"
#include "utf16.hpp"

#if !CHATWIRE_UTF16_TEXT
#include "structs/partial_value.hpp"
#endif

namespace chatwire::test {

using nlohmann::json;

// ---- Text ---------------------------------------------------------------------------------------

/// What an event's string says, as far as it is certain.
inline std::u16string unescape(std::string_view escaped) {
  std::u16string made;
  std::size_t at = 0;
  while (at < escaped.size()) {
    const std::size_t next = escaped.find('\\', at);
    made += widen(escaped.substr(at, next - at));
    if (next == std::string_view::npos || next + 1 == escaped.size()) break;
    const char letter = escaped[next + 1];
    at = next + (letter == 'u' ? 6 : 2);
    if (at > escaped.size()) break;
    if (letter == 'u') {
      const std::string digits(escaped.substr(next + 2, 4));
      made += static_cast<char16_t>(std::strtoul(digits.c_str(), nullptr, 16));
    } else {
      const std::size_t which = std::string_view("bfnrt").find(letter);
      made +=
          which == std::string_view::npos ? static_cast<char16_t>(letter) : u"\b\f\n\r\t"[which];
    }
  }
  return made;
}

class random_source {
 public:
  explicit random_source(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

inline bool one_in(random_source& random, std::uint32_t times) { return random() % times == 0; }

inline std::string hex_escape(char16_t unit, bool upper) {
  char made[8];
  std::snprintf(made, sizeof made, upper ? "\\u%04X" : "\\u%04x", static_cast<unsigned>(unit));
  return made;
}

/// The text as it may stand in an event's string.
inline std::string escape(std::u16string_view units, random_source& random,
                          std::uint32_t how_often) {
  std::string made;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char16_t unit = units[i];
    if (unit == '"' || unit == '\\' || unit == '/') {
      if (unit != '/' || one_in(random, 2)) made += '\\';
      made += static_cast<char>(unit);
    } else if (unit < 0x20 || one_in(random, how_often)) {
      const std::size_t which = std::u16string_view(u"\b\f\n\r\t").find(unit);
      made += which == std::u16string_view::npos || one_in(random, 3)
                  ? hex_escape(unit, one_in(random, 2))
                  : std::string{'\\', "bfnrt"[which]};
    } else {
      const bool pair = is_high(unit) && i + 1 < units.size() && is_low(units[i + 1]);
      made += narrow(units.substr(i, pair ? 2 : 1));
      if (pair) ++i;
    }
  }
  return made;
}

inline std::string escape(std::string_view text, std::uint32_t how_often = 7) {
  random_source random(1);
  return escape(widen(text), random, how_often);
}

// ---- The simplest reader ------------------------------------------------------------------------

/// What a text says so far.
struct best {
  std::optional<json> value;
  bool complete = false;
  bool broken = false;
};

/// Whether a text is a number of JSON, however large.
inline bool is_number(std::string_view text) {
  const auto take = [&text](std::string_view any_of) {
    const bool there = !text.empty() && any_of.find(text.front()) != std::string_view::npos;
    if (there) text.remove_prefix(1);
    return there;
  };
  constexpr std::string_view digits = "0123456789";
  const auto take_digits = [&] {
    if (!take(digits)) return false;
    while (take(digits)) continue;
    return true;
  };
  take("-");
  if (!take("0") && !take_digits()) return false;
  if (take(".") && !take_digits()) return false;
  if (take("eE")) {
    take("+-");
    if (!take_digits()) return false;
  }
  return text.empty();
}

/// Reads a text from its beginning, every time.
class simplest_reader {
 public:
  /// `ended`: no more text will come.
  simplest_reader(std::u16string_view text, bool ended) : text_(text), ended_(ended) {}

  best read() {
    best made;
    status read = read_value(made.value, 0);
    if (read == status::whole) {
      skip_white();
      if (at_ != text_.size()) read = status::broken;
    }
    made.complete = read == status::whole;
    made.broken = read == status::broken;
    return made;
  }

 private:
  enum class status { whole, cut, broken };

  void skip_white() {
    while (at_ < text_.size() && std::u16string_view(u" \n\r\t").find(text_[at_]) != text_.npos)
      ++at_;
  }
  char16_t next() {
    skip_white();
    return at_ < text_.size() ? text_[at_] : u'\0';
  }
  status cut_or_broken() const { return at_ >= text_.size() ? status::cut : status::broken; }

  status read_value(std::optional<json>& to, std::uint32_t depth) {
    const char16_t first = next();
    if (first == '{' || first == '[') {
      if (depth == partial_json::deepest) return status::broken;
      ++at_;
      to = first == '{' ? json::object() : json::array();
      return first == '{' ? read_object(*to, depth + 1) : read_array(*to, depth + 1);
    }
    if (first == '"') {
      std::string text;
      const status read = read_string(text);
      to = text;
      return read;
    }
    for (const auto& [word, value] : {std::pair<std::u16string_view, json>{u"true", true},
                                      {u"false", false},
                                      {u"null", nullptr}}) {
      if (first != word[0]) continue;
      to = value;
      std::size_t same = 0;
      while (same < word.size() && at_ < text_.size() && text_[at_] == word[same]) ++same, ++at_;
      return same == word.size() ? status::whole : cut_or_broken();
    }
    return read_number(to);
  }

  status read_object(json& to, std::uint32_t depth) {
    if (next() == '}') return ++at_, status::whole;
    for (;;) {
      if (next() != '"') return cut_or_broken();
      std::string name;
      if (const status read = read_string(name); read != status::whole) return read;
      if (next() != ':') return cut_or_broken();
      ++at_;
      std::optional<json> value;
      const status read = read_value(value, depth);
      if (value) to[name] = std::move(*value);
      if (read != status::whole) return read;
      if (next() == '}') return ++at_, status::whole;
      if (next() != ',') return cut_or_broken();
      ++at_;
    }
  }

  status read_array(json& to, std::uint32_t depth) {
    if (next() == ']') return ++at_, status::whole;
    for (;;) {
      std::optional<json> value;
      const status read = read_value(value, depth);
      if (value) to.push_back(std::move(*value));
      if (read != status::whole) return read;
      if (next() == ']') return ++at_, status::whole;
      if (next() != ',') return cut_or_broken();
      ++at_;
    }
  }

  status read_string(std::string& to) {
    ++at_;
    std::u16string units;
    status read = status::whole;
    while (read == status::whole && (at_ == text_.size() || text_[at_] != '"'))
      read = read_unit(units);
    ++at_;
    const bool hold_back = read == status::broken || (read == status::cut && !ended_);
    if (hold_back && !units.empty() && is_high(units.back())) units.pop_back();
    to = narrow(units);
    return read;
  }

  status read_unit(std::u16string& to) {
    if (at_ == text_.size()) return status::cut;
    const char16_t unit = text_[at_++];
    if (unit < 0x20) return status::broken;
    if (unit != '\\') return to += unit, status::whole;
    if (at_ == text_.size()) return status::cut;
    const std::u16string_view letters = u"\"\\/bfnrt";
    const char16_t letter = text_[at_++];
    if (const std::size_t which = letters.find(letter); which != letters.npos)
      return to += u"\"\\/\b\f\n\r\t"[which], status::whole;
    if (letter != 'u') return status::broken;
    const std::u16string_view digits = text_.substr(at_, 4);
    at_ += digits.size();
    for (const char16_t digit : digits)
      if (digit >= 0x80 || std::isxdigit(digit) == 0) return status::broken;
    if (digits.size() < 4) return status::cut;
    to += static_cast<char16_t>(std::strtoul(narrow(digits).c_str(), nullptr, 16));
    return status::whole;
  }

  status read_number(std::optional<json>& to) {
    const std::size_t from = at_;
    std::string digits;
    const auto goes_on = [](const std::string& part) {
      return is_number(part) || is_number(join({part, "0"}));
    };
    while (at_ != text_.size() && text_[at_] > ' ' && text_[at_] < 0x80) {
      std::string more = digits + static_cast<char>(text_[at_]);
      if (!goes_on(more) || std::string_view("-+.eE0123456789").find(more.back()) == more.npos)
        break;
      digits = std::move(more);
      ++at_;
    }
    if (at_ == from) return cut_or_broken();
    const bool whole = is_number(digits);
    std::string shown = digits;
    while (!shown.empty() && !is_number(shown)) shown.pop_back();
    if (!shown.empty()) to = std::strtod(shown.c_str(), nullptr);
    if (at_ == text_.size() && !(ended_ && whole)) return status::cut;
    return whole ? status::whole : status::broken;
  }

  std::u16string_view text_;
  bool ended_;
  std::size_t at_ = 0;
};

// ---- The tree that operations keep --------------------------------------------------------------

inline std::string text_at(const partial_output& told, const std::uint32_t* cell) {
#if CHATWIRE_UTF16_TEXT
  return narrow({told.text() + cell[0], cell[1]});
#else
  return {reinterpret_cast<const char*>(told.text()) + cell[0], cell[1]};
#endif
}

/// Carries operations out in the plainest way, and checks that they may come as they do.
class live_tree {
 public:
  void apply(const partial_output& told) {
    const std::uint32_t* at = told.operations();
    const std::uint32_t* end = at + told.size();
    while (at != end) {
      const auto what = static_cast<partial_op>(*at++);
      ++operations;
      REQUIRE_FALSE(broken);
      REQUIRE((!complete || what == partial_op::broken));
      if (provisional_)
        REQUIRE((what == partial_op::number || what == partial_op::provisional ||
                 what == partial_op::broken));
      carry_out(what, told, at);
      if (what >= partial_op::key && what <= partial_op::provisional) at += 2;
    }
  }

  std::optional<json> root;
  bool complete = false;
  bool broken = false;
  std::uint32_t operations = 0;

 private:
  void carry_out(partial_op what, const partial_output& told, const std::uint32_t* operands) {
    switch (what) {
      case partial_op::begin_object:
      case partial_op::begin_array:
        open_.push_back(&add(what == partial_op::begin_object ? json::object() : json::array()));
        break;
      case partial_op::end:
        REQUIRE_FALSE(open_.empty());
        open_.pop_back();
        break;
      case partial_op::key:
        name_ = text_at(told, operands);
        break;
      case partial_op::more_key:
        name_ += text_at(told, operands);
        break;
      case partial_op::text:
        last_ = &add(text_at(told, operands));
        break;
      case partial_op::more_text:
        last_->get_ref<std::string&>() += text_at(told, operands);
        break;
      case partial_op::number:
      case partial_op::provisional: {
        double value = 0;
        std::memcpy(&value, operands, sizeof value);
        if (provisional_) *last_ = value;
        if (!provisional_) last_ = &add(value);
        provisional_ = what == partial_op::provisional;
        break;
      }
      case partial_op::yes:
      case partial_op::no:
        add(what == partial_op::yes);
        break;
      case partial_op::null_value:
        add(nullptr);
        break;
      case partial_op::complete:
        complete = true;
        break;
      case partial_op::broken:
        broken = true;
        complete = false;
        break;
      default:
        REQUIRE_MESSAGE(false, "no operation");
    }
  }

  json& add(json value) {
    if (open_.empty()) return root.emplace(std::move(value));
    json& parent = *open_.back();
    if (!parent.is_array()) return parent[name_] = std::move(value);
    parent.push_back(std::move(value));
    return parent.back();
  }

  std::vector<json*> open_;
  json* last_ = nullptr;
  std::string name_;
  bool provisional_ = false;
};

/// Whether nothing of the tree went away: texts and arrays grow, numbers that go on change.
inline bool grew(const json& before, const json& after) {
  if (before.is_number()) return after.is_number();
  if (before.type() != after.type()) return false;
  if (before.is_string()) {
    const auto& beginning = before.get_ref<const std::string&>();
    return after.get_ref<const std::string&>().compare(0, beginning.size(), beginning) == 0;
  }
  if (before.is_array()) {
    for (std::size_t i = 0; i < before.size(); ++i)
      if (i >= after.size() || !grew(before[i], after[i])) return false;
    return true;
  }
  if (!before.is_object()) return before == after;
  for (const auto& [name, value] : before.items())
    if (!after.contains(name) || !grew(value, after[name])) return false;
  return true;
}

inline std::string told(const std::optional<json>& value, bool complete, bool broken) {
  return join({value ? value->dump(-1, ' ', true, json::error_handler_t::replace) : "nothing",
               complete ? " (complete)" : "", broken ? " (broken)" : ""});
}

/// One text on its way, and all that must be true of it.
class journey {
 public:
  void feed(std::string_view piece) {
    const exact_copy bytes(piece);
    output_.clear();
    REQUIRE(partial_.feed(bytes.view(), output_));
    come_ += piece;
    arrive();
  }
  void end() {
    output_.clear();
    REQUIRE(partial_.end(output_));
    ended_ = true;
    arrive();
  }
  /// Compares with what the simplest reader makes of it.
  void check() const {
    const std::u16string text = unescape(come_);
    const best expected = simplest_reader(text, ended_).read();
    const bool right = tree_.root == expected.value && partial_.complete() == expected.complete &&
                       partial_.broken() == expected.broken;
    CHECK_MESSAGE(right, join({narrow(text), ended_ ? ", ended," : "", " became ",
                               told(tree_.root, partial_.complete(), partial_.broken()), ", not ",
                               told(expected.value, expected.complete, expected.broken)}));
  }

  const live_tree& tree() const { return tree_; }
  const partial_json& partial() const { return partial_; }
  const partial_output& output() const { return output_; }
  bool monotonous = true;  // no name comes twice

 private:
  void arrive() {
    const std::optional<json> before = monotonous ? tree_.root : std::nullopt;
    tree_.apply(output_);
    if (before) {
      REQUIRE(tree_.root);
      REQUIRE(grew(*before, *tree_.root));
    }
    CHECK(tree_.complete == partial_.complete());
    CHECK(tree_.broken == partial_.broken());
#if !CHATWIRE_UTF16_TEXT
    value_.apply(output_);
    CHECK(value_.has_value() == tree_.root.has_value());
    if (tree_.root) CHECK(value_.value() == *tree_.root);
    CHECK(value_.complete() == tree_.complete);
    CHECK(value_.broken() == tree_.broken);
#endif
  }

  partial_json partial_;
  partial_output output_;
  live_tree tree_;
#if !CHATWIRE_UTF16_TEXT
  structs::partial_value value_;
#endif
  std::string come_;
  bool ended_ = false;
};

}  // namespace chatwire::test
