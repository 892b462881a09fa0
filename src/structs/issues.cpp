#include "structs/issues.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace chatwire {
namespace structs {

namespace {

constexpr std::array code_names = {
#define CHATWIRE_ISSUE(code, severity, words, meaning) std::string_view(#code),
    CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
};
constexpr std::array<std::string_view, 3> severity_names = {"info", "warning", "error"};

template <std::size_t N>
std::uint8_t place_of(std::string_view name, const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<std::uint8_t>(i);
  return 0;
}

/// Reads the JSON that the decoder writes: no white space, and no half of a surrogate pair. Where
/// memory ran out, the text is cut off; then the issue that it is cut off in is left out.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  std::vector<issue> read() {
    std::vector<issue> issues;
    bool more = take('[') && peek() == '{';
    while (more) {
      issue one;
      if (!read_issue(one)) break;
      issues.push_back(std::move(one));
      more = take(',');
    }
    return issues;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char expected) {
    if (peek() != expected) return false;
    ++at_;
    return true;
  }

  bool read_issue(issue& to) {
    if (!take('{')) return false;
    do {
      std::string name;
      if (!read_string(name) || !take(':') || !read_member(name, to)) return false;
    } while (take(','));
    return take('}');
  }

  bool read_member(std::string_view name, issue& to) {
    if (name == "path") return read_path(to.path);
    if (name == "offset") return read_number(to.offset);
    if (name == "event") return read_number(to.event.emplace());
    std::string value;
    if (!read_string(value)) return false;
    if (name == "code") {
      to.code = static_cast<issue_code>(place_of(value, code_names));
    } else if (name == "severity") {
      to.severity = static_cast<severity>(place_of(value, severity_names));
    } else if (name == "message") {
      to.message = std::move(value);
    } else if (name == "expected") {
      to.expected = std::move(value);
    } else if (name == "received") {
      to.received = std::move(value);
    }
    return true;
  }

  bool read_path(std::vector<path_step>& to) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (peek() == '"') {
        std::string name;
        if (!read_string(name)) return false;
        to.emplace_back(std::move(name));
      } else {
        std::size_t index = 0;
        if (!read_number(index)) return false;
        to.emplace_back(index);
      }
    } while (take(','));
    return take(']');
  }

  bool read_number(std::size_t& to) {
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, to);
    at_ = static_cast<std::size_t>(stop - text_.data());
    return error == std::errc{};
  }

  bool read_string(std::string& to) {
    if (!take('"')) return false;
    for (;;) {
      std::size_t run = at_;
      while (run < text_.size() && text_[run] != '"' && text_[run] != '\\') ++run;
      if (run == text_.size()) return false;
      to += text_.substr(at_, run - at_);
      at_ = run + 1;
      if (text_[run] == '"') return true;
      if (!read_escape(run, to)) return false;
    }
  }

  // The escape at `at`, which is that of a member's name where it is any but the shortest.
  bool read_escape(std::size_t at, std::string& to) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(text_.data()) + at;
    const std::uint8_t* end = from + (text_.size() - at);
    if (end - from < 2) return false;
    text::unicode_escape escape{text::short_escape(from[1]), 2, false};
    if (from[1] == 'u') escape = text::read_unicode_escape(from, end);
    if (escape.length == 0) return false;
    std::uint8_t bytes[4];
    to.append(reinterpret_cast<const char*>(bytes), text::write_utf8(escape.code_point, bytes));
    at_ = at + escape.length;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<issue> read_issues(std::string_view json) { return reader(json).read(); }

}  // namespace structs

std::string path_text(const std::vector<path_step>& path) {
  std::string text;
  for (const path_step& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step); index != nullptr) {
      text += '[' + std::to_string(*index) + ']';
    } else if (const auto* name = std::get_if<std::string>(&step); name != nullptr) {
      if (!text.empty()) text += '.';
      text += *name;
    }
  }
  return text;
}

}  // namespace chatwire
