#include "decode/issue_log.hpp"

#include <cstring>

#include "text/escape.hpp"
#include "text/simd.hpp"
#include "text/utf8.hpp"

namespace chatwire {
namespace {

constexpr severity grades[] = {
#define CHATWIRE_ISSUE(code, grade, words, meaning) severity::grade,
    CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
};
// Of each code its name and its words, one after the other: half the size of a table of them.
constexpr char descriptions[] =
#define CHATWIRE_ISSUE(code, grade, words, meaning) #code "\0" words "\0"
    CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
    ;
// How long each of them is, with its zero.
constexpr std::uint8_t sizes[] = {
#define CHATWIRE_ISSUE(code, grade, words, meaning) sizeof #code, sizeof words,
    CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
};
std::string_view description(std::uint32_t number) {
  const char* at = descriptions;
  for (std::uint32_t i = 0; i != number; ++i) at += sizes[i];
  return {at, sizes[number] - 1U};
}
// The words of a code stand behind its name.
std::string_view words_behind(std::string_view name) { return name.data() + name.size() + 1; }

constexpr std::string_view severities[] = {"info", "warning", "error"};

// What is told where there is no memory to tell more.
constexpr std::string_view no_memory =
    R"([{"code":"LIMIT","severity":"error","path":[],"offset":0,"expected":"memory",)"
    R"("received":"more","message":"a limit was passed: expected memory, received more"}])";

}  // namespace

severity grade_of(issue_code code) { return grades[static_cast<std::size_t>(code)]; }
std::string_view name_of(issue_code code) {
  return description(2 * static_cast<std::uint32_t>(code));
}

void issue_log::clear() {
  text_.clear();
  count_ = 0;
  has_error_ = false;
  closed_ = false;
  of_event_ = false;
  of_whole_ = false;
  is_cut_ = false;
  lost_error_ = false;
  base_ = 0;
  mark_size_ = 0;
  mark_count_ = 0;
}

void issue_log::begin_event(std::uint32_t number, std::uint64_t base) {
  of_event_ = true;
  of_whole_ = false;
  event_ = number;
  base_ = base;
  has_error_ = false;
  mark_size_ = text_.size();
  mark_count_ = count_;
}

void issue_log::begin_whole(std::uint64_t offset) {
  of_event_ = false;
  of_whole_ = true;
  base_ = offset;
  has_error_ = false;
}

void issue_log::forget_event() {
  text_.resize_within(mark_size_);
  count_ = mark_count_;
  has_error_ = false;
  lost_error_ = false;
}

void issue_log::add(const finding& found, const place* where) {
  ++count_;
  const bool first_error = found.grade == severity::error && !has_error_;
  if (first_error) {
    has_error_ = true;
    first_error_ = found.code;
  }
  // Why a decode failed is always told.
  if (count_ > most && !first_error) return;
  const std::uint32_t before = text_.size();
  is_cut_ = false;
  write(found, where);
  if (!is_cut_) return;
  text_.resize_within(before);
  lost_error_ = lost_error_ || found.grade == severity::error;
}

void issue_log::write(const finding& found, const place* where) {
  put(text_.size() == 0 ? "[{\"code\":" : ",{\"code\":");
  const std::string_view name = name_of(found.code);
  put_string(name);
  put(",\"severity\":");
  put_string(severities[static_cast<std::size_t>(found.grade)]);
  put(",\"path\":[");
  put_path(where);
  put("],\"offset\":");
  const std::uint64_t offset = of_whole_ ? base_ : base_ + found.offset;
  put_number(offset);
  if (of_event_) {
    put(",\"event\":");
    put_number(event_);
  }
  if (!found.expected.empty()) {
    put(",\"expected\":");
    put_string(found.expected);
  }
  if (!found.received.empty()) {
    put(",\"received\":");
    put_string(found.received);
  }
  put(",\"message\":\"");
  if (where != nullptr && where->parent != nullptr) {
    put_path_text(where);
    put(": ");
  }
  put_inside(words_behind(name));
  if (!found.expected.empty()) {
    put(": expected ");
    put_inside(found.expected);
  }
  if (!found.received.empty()) {
    put(found.expected.empty() ? ": " : ", received ");
    put_inside(found.received);
  }
  if (!found.hint.empty()) {
    put(". ");
    put_inside(found.hint);
  }
  put_place(offset);
  put(")\"}");
}

void issue_log::put_place(std::uint64_t offset) {
  put(of_event_ ? " (event " : " (byte ");
  if (of_event_) {
    put_number(event_);
    put(", byte ");
  }
  put_number(offset);
}

std::string_view issue_log::json() {
  if (lost_error_) return no_memory;
  if (text_.size() == 0) return "[]";
  if (!closed_) {
    put("]");
    closed_ = true;
  }
  return {text_.data(), text_.size()};
}

void issue_log::put(std::string_view text) {
  // One byte is left for the end of the list.
  is_cut_ = is_cut_ || !text_.room(static_cast<std::uint32_t>(text.size()) + 1);
  if (is_cut_) return;
  std::memcpy(text_.data() + text_.size(), text.data(), text.size());
  text_.resize_within(text_.size() + static_cast<std::uint32_t>(text.size()));
}

void issue_log::put_string(std::string_view text, bool verbatim) {
  put("\"");
  put_inside(text, verbatim);
  put("\"");
}

// A part of a string whose quotes stand around it already.
void issue_log::put_inside(std::string_view value, bool verbatim) {
  constexpr char digits[] = "0123456789abcdef";
  const auto* at = reinterpret_cast<const std::uint8_t*>(value.data());
  const std::uint8_t* end = at + value.size();
  for (;;) {
    const std::uint8_t* const plain = at;
    at = text::skip_plain(at, end);
    put({reinterpret_cast<const char*>(plain), static_cast<std::size_t>(at - plain)});
    if (at == end) break;
    if (*at >= 0x80) {
      const text::sequence next = text::read_sequence(at, end, false);
      const std::uint32_t length = next.length == 0 ? 1 : next.length;
      if (next.valid) {
        put({reinterpret_cast<const char*>(at), length});
      } else {
        put("\xEF\xBF\xBD");
      }
      at += length;
      continue;
    }
    if (verbatim && *at == '\\') {
      // JSON that ends in half a pair of surrogates is not read everywhere.
      std::uint32_t length = 2;
      std::uint32_t code_point = 0;
      if (at[1] == 'u') {
        const text::unicode_escape escape = text::read_unicode_escape(at, end);
        length = escape.length;
        code_point = escape.code_point;
      }
      if ((code_point & 0x1FF800U) == 0xD800) {
        put("\xEF\xBF\xBD");
      } else {
        put({reinterpret_cast<const char*>(at), length});
      }
      at += length;
      continue;
    }
    const char byte = static_cast<char>(*at++);
    if (byte >= 0x20) {
      const char escaped[] = {'\\', byte};
      put({escaped, 2});
    } else {
      const char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
      put({escaped, 6});
    }
  }
}

void issue_log::put_number(std::uint64_t number) {
  char digits[20];
  std::size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  put({digits + at, sizeof digits - at});
}

// Places nest as deep as models do, which is a handful.
void issue_log::put_path(const place* where) {
  if (where == nullptr || where->parent == nullptr) return;
  put_path(where->parent);
  if (where->parent->parent != nullptr) put(",");
  if (where->is_element()) {
    put_number(where->index);
  } else {
    put_string(where->name, where->escaped);
  }
}

void issue_log::put_path_text(const place* where) {
  if (where == nullptr || where->parent == nullptr) return;
  put_path_text(where->parent);
  if (where->is_element()) {
    put("[");
    put_number(where->index);
    put("]");
    return;
  }
  if (where->parent->parent != nullptr) put(".");
  put_inside(where->name, where->escaped);
}

}  // namespace chatwire
