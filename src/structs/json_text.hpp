// Writes JSON text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace chatwire::structs {

/// A sink for `put_object` that makes JSON text. Strings are UTF-8; surrogates, encoded as in
/// WTF-8, become escapes, and bytes that are neither become U+FFFD.
class json_text {
 public:
  void begin_object() { open_with('{'); }
  void end_object() { text_ += '}'; }
  void begin_array() { open_with('['); }
  void end_array() { text_ += ']'; }

  /// The name of a member that needs no escapes.
  void name(std::string_view wire) {
    separate();
    text_ += '"';
    text_ += wire;
    text_ += "\":";
  }
  void unknown_name(std::string_view any) {
    separate();
    quote(any);
    text_ += ':';
  }

  void text(std::string_view value) {
    separate();
    quote(value);
  }
  /// Infinities become 1e999 and -1e999, which readers take for what they are. JSON has no NaN:
  /// null.
  void number(double value);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  void boolean(bool value) { word(value ? "true" : "false"); }
  void null() { word("null"); }
  /// Any value. No recursion: who made it decides how deep it is.
  void open(const nlohmann::json& value);

  std::string take() { return std::move(text_); }

 private:
  /// A comma, where something stands before.
  void separate() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '{' && last != '[' && last != ':') text_ += ',';
  }
  void open_with(char bracket) {
    separate();
    text_ += bracket;
  }
  void word(std::string_view literal) {
    separate();
    text_ += literal;
  }
  void quote(std::string_view value);
  const char* escape(const char* at, const char* end);
  void escape_unit(std::uint32_t unit);
  void scalar(const nlohmann::json& value);

  std::string text_;
};

}  // namespace chatwire::structs
