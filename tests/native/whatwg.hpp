// Event streams by the words of the standard (html.spec.whatwg.org, 9.2.5 and 9.2.6), as simply as
// they can be said; and the same with what chatwire does otherwise, each of it named.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framing_owner.hpp"
#include "stream/framing.hpp"
#include "texts.hpp"

namespace chatwire::test {

// ---- What both do -------------------------------------------------------------------------------

/// The stream without the one byte order mark that it may begin with.
inline std::string_view without_mark(std::string_view stream) {
  return stream.substr(0, 3) == "\xEF\xBB\xBF" ? stream.substr(3) : stream;
}

struct stream_line {
  std::string_view text;
  bool ended;  // it has an end; only the last may have none
};

/// Lines end with CR LF, LF or CR.
inline std::vector<stream_line> lines_of(std::string_view stream) {
  std::vector<stream_line> made;
  while (!stream.empty()) {
    const std::size_t end = std::min(stream.find_first_of("\r\n"), stream.size());
    made.push_back({stream.substr(0, end), end != stream.size()});
    const std::size_t length = stream.substr(end, 2) == "\r\n" ? 2 : 1;
    stream.remove_prefix(std::min(end + length, stream.size()));
  }
  return made;
}

/// Name and value of a line that is neither blank nor a comment.
inline std::pair<std::string_view, std::string_view> field_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {line, {}};
  std::string_view value = line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  return {line.substr(0, colon), value};
}

// ---- The standard -------------------------------------------------------------------------------

struct standard_event {
  std::string type;
  std::string data;
  std::string last_id;

  bool operator==(const standard_event&) const = default;
};

/// What an EventSource would dispatch.
inline std::vector<standard_event> standard_events(std::string_view stream) {
  std::vector<standard_event> made;
  standard_event now;
  std::string last_id;
  for (const auto& [line, ended] : lines_of(without_mark(stream))) {
    if (!ended) break;  // and the event that is not dispatched is discarded
    if (line.empty()) {
      if (!now.data.empty()) {
        now.data.pop_back();  // its last line feed
        now.last_id = last_id;
        if (now.type.empty()) now.type = "message";
        made.push_back(now);
      }
      now = {};
    } else if (line.front() != ':') {
      const auto [name, value] = field_of(line);
      if (name == "event") now.type = value;
      if (name == "data") now.data += join({value, "\n"});
      if (name == "id" && value.find('\0') == std::string_view::npos) last_id = value;
    }
  }
  return made;
}

// ---- Chat streams -------------------------------------------------------------------------------

/// The standard's steps, and chatwire's beyond them.
class chat_stream_reader {
 public:
  explicit chat_stream_reader(std::string_view stream) {
    stream = without_mark(stream);
    // White space before anything else is skipped.
    while (!stream.empty() && is_white(stream.front())) stream.remove_prefix(1);
    for (const auto& [line, ended] : lines_of(stream)) take(line);
    // The last event is given though no blank line follows.
    cut_ = true;
    dispatch();
  }

  frame_list found;

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t'; }
  static bool is_white(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
  }

  void take(std::string_view line) {
    if (line.empty()) return dispatch();
    if (line.front() == ':') return found.emplace_back("heartbeat"), void();  // comments are told
    const auto [name, value] = field_of(line);
    const auto known = {"data", "event", "id", "retry", "error"};
    if (std::find(known.begin(), known.end(), name) == known.end()) return tell(line);
    empty_ = false;
    if (name == "event") type_ = value;
    // A field named `error` is data, of an event that is an error.
    if (name == "error" && !trimmed(value).empty()) error_ = true;
    if (name == "data" || name == "error") add(trimmed(value));
  }

  // A line that is no field is passed over; once there was an event, it is told.
  void tell(std::string_view line) {
    line = trimmed(line);
    if (given_ && !line.empty()) found.push_back(join({"stray ", line}));
  }

  // White space around lines means nothing to JSON.
  void add(std::string_view line) {
    if (!data_.empty() && !line.empty()) data_ += '\n';
    data_ += line;
  }

  bool is_named(std::initializer_list<std::string_view> names) const {
    std::string name(trimmed(type_));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  void dispatch() {
    const bool error = error_ || is_named({"error"});
    if (data_ == "[DONE]") {
      give("done");
    } else if (data_.empty()) {
      if (!empty_) found.emplace_back("heartbeat");  // events without data, or with blank data
    } else if (error) {
      give("error");
    } else if (is_named({"ping", "heartbeat", "keep-alive", "keepalive"})) {
      found.emplace_back("heartbeat");
    } else {
      give("event");
    }
    data_.clear();
    type_.clear();
    error_ = false;
    empty_ = true;
  }

  void give(std::string_view kind) {
    found.push_back(join({kind, " ", data_, cut_ ? " (cut)" : ""}));
    given_ = true;
  }

  std::string data_;
  std::string type_;
  bool error_ = false;
  bool empty_ = true;  // the event has no field that means something
  bool cut_ = false;
  bool given_ = false;  // something was, other than a heartbeat
};

/// Whether a stream is one of lines alone: JSON without framing, pages, compressed bytes and text
/// that is longer than framing waits for are for other tests.
inline bool is_event_stream(std::string_view stream) {
  if (stream.size() >= framing::most_text) return false;
  stream = without_mark(stream);
  stream.remove_prefix(std::min(stream.find_first_not_of(" \t\r\n"), stream.size()));
  if (stream.empty() || stream.front() == '<') return stream.empty();
  if (stream.substr(0, 2) == "\x1F\x8B" || stream.substr(0, 2) == "\x28\xB5") return false;
  const std::vector<stream_line> lines = lines_of(stream);
  return std::none_of(lines.begin(), lines.end(), [](const stream_line& one) {
    return !one.text.empty() && (one.text.front() == '{' || one.text.front() == '[');
  });
}

/// Frames as they are told above: lines of data without what stands between them. What is left
/// where nothing but other text came is left out.
inline frame_list frames_as_data(const frame_list& frames) {
  frame_list made;
  for (const std::string& shown : frames) {
    std::string& lines = made.emplace_back();
    for (const auto& [line, ended] : lines_of(shown)) {
      const std::size_t from = std::min(line.find_first_not_of(" \t"), line.size());
      const std::size_t to = line.find_last_not_of(" \t") + 1;
      if (from >= to) continue;
      lines += join({lines.empty() ? "" : "\n", line.substr(from, to - from)});
    }
    if (lines.compare(0, 5, "text ") == 0 && &shown == &frames.back()) made.pop_back();
  }
  return made;
}

}  // namespace chatwire::test
