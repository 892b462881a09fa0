// Collects issues. They are rare, so they are written where they arise, as JSON text that both
// JavaScript and C++ read with a parser of their own.
#pragma once

#include <cstdint>
#include <string_view>

#include "chatwire/issue_codes.hpp"
#include "tape/growable.hpp"

namespace chatwire {

/// Where in the document the decoder is: a chain from the member at hand up to the root.
struct place {
  const place* parent = nullptr;
  std::string_view name;    // of a member; empty data: an element
  std::uint32_t index = 0;  // of an element
  bool escaped = false;     // the name has escapes, as it has them in the input

  bool is_element() const { return name.data() == nullptr; }
};

/// One thing to report.
struct finding {
  issue_code code{};
  chatwire::severity grade = severity::error;
  std::uint64_t offset = 0;   // of the byte in the input
  std::string_view expected;  // "an integer"; empty where the code says it all
  std::string_view received;  // the value as it stands in the input, cut if long
  std::string_view hint;      // what else helps
};

/// The default severity of a code.
severity grade_of(issue_code code);
std::string_view name_of(issue_code code);

class issue_log {
 public:
  /// More are counted, but not kept, except for the first error.
  static constexpr std::uint32_t most = 256;

  void clear();
  /// What follows is about an event of a stream: its number, and where the input's first byte is in
  /// the stream.
  void begin_event(std::uint32_t number, std::uint64_t base);
  /// The same of what is not about one event, but about the stream as a whole, up to here.
  void begin_whole(std::uint64_t offset);
  /// Forgets what was added since the event began, or since `clear`.
  void forget_event();
  void add(const finding& found, const place* where);

  /// A JSON array of {code, severity, path, offset, event?, message, expected?, received?}.
  std::string_view json();
  std::uint32_t count() const { return count_; }
  /// Since the event began, or since `clear`.
  bool has_error() const { return has_error_; }
  issue_code first_error() const { return first_error_; }

 private:
  void write(const finding& found, const place* where);
  void put(std::string_view text);
  void put_inside(std::string_view text, bool verbatim = false);
  void put_string(std::string_view text, bool verbatim = false);
  void put_number(std::uint64_t number);
  void put_place(std::uint64_t offset);
  void put_path(const place* where);
  void put_path_text(const place* where);

  tape::growable<char> text_;
  std::uint32_t count_ = 0;
  bool has_error_ = false;
  bool closed_ = false;
  bool of_event_ = false;
  bool of_whole_ = false;
  bool is_cut_ = false;      // there was no memory for all of an issue
  bool lost_error_ = false;  // and it was an error
  std::uint32_t event_ = 0;
  std::uint64_t base_ = 0;
  std::uint32_t mark_size_ = 0;  // what there was when the event began
  std::uint32_t mark_count_ = 0;
  issue_code first_error_{};
};

}  // namespace chatwire
