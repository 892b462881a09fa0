// The content of a message in pieces: text, or parts. Neighbouring parts of text, and of thinking,
// are pieces of one.
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/piece.hpp"
#include "decode/decoder.hpp"

namespace chatwire::assembly {

class content {
 public:
  bool has_text() const { return form_ == form::text; }
  /// Whether it says something.
  bool is_set() const { return form_ != form::absent && form_ != form::null && value_.size != 0; }
  bool was_sent() const { return form_ != form::absent; }
  /// The inside of its string, where it is one.
  std::string_view text() const { return has_text() ? value_.view() : std::string_view(); }
  std::uint32_t held() const { return value_.size; }

  /// `text` is the inside of a string. False: no memory.
  [[nodiscard]] bool add_text(std::string_view text);
  void add_null();
  /// Forgets its text, which comes again.
  void forget() {
    value_.size = 0;
    ++restarts_;
  }
  std::uint32_t restarts() const { return restarts_; }
  /// Adds the part of an array of parts that is at `part` on the tape; `source` is its JSON.
  [[nodiscard]] bool add_part(const decoder& from, std::uint32_t part, std::string_view source);
  /// Appends all of it as JSON.
  [[nodiscard]] bool write(piece& to) const;
  void release() { value_.release(); }

 private:
  enum class form : std::uint8_t { absent, null, text, parts };
  // The last part: not begun, or begun and without its end, so that more can be added.
  enum class open : std::uint8_t { none, text, thinking, thinking_between };

  [[nodiscard]] bool add_thinking(const decoder& from, std::uint32_t part);
  [[nodiscard]] bool begin_part(std::string_view start);
  [[nodiscard]] bool close_part();
  [[nodiscard]] bool make_parts();
  std::string_view open_end() const;

  piece value_;
  form form_ = form::absent;
  open open_ = open::none;
  std::uint32_t restarts_ = 0;
};

}  // namespace chatwire::assembly
