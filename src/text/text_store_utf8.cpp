// The strings that are not plain, for native callers: UTF-8 from the input where it is as it should
// be, and a repaired or unescaped copy where it is not.
#include <cstring>

#include "text/escape.hpp"
#include "text/long_text.hpp"
#include "text/skip_utf8.hpp"
#include "text/text_store.hpp"
#include "text/utf8.hpp"

#if !CHATWIRE_UTF16_TEXT

namespace chatwire::text {

// NOLINTNEXTLINE(readability-function-size): one loop, which calls would slow down
const std::uint8_t* text_store::scan_rest(const std::uint8_t* start, const std::uint8_t* stop,
                                          cell& to) {
  const std::uint32_t from = pool8_.size();
  const std::uint8_t* copied = start;  // the input up to here is in the pool
  const std::uint8_t* at = stop;
  bool copying = false;
#if CHATWIRE_AVX2
  bool is_long = long_blocks_;  // so much of the text may be taken at once
#endif
  const auto take = [&](std::uint32_t more) {
    const auto length = static_cast<std::uint32_t>(at - copied);
    if (!pool8_.room(length + more)) return no_memory(at);
    if (length != 0) std::memcpy(pool8_.data() + pool8_.size(), copied, length);
    pool8_.resize_within(pool8_.size() + length);
    copying = true;
    return true;
  };
  const auto put = [&](std::uint32_t code_point, std::uint32_t read) {
    if (!take(4)) return false;
    const std::uint32_t size = pool8_.size();
    pool8_.resize_within(size + write_utf8(code_point, pool8_.data() + size));
    at += read;
    copied = at;
    return true;
  };
  const auto finish = [&] {
    if (!copying) {
      to = make_cell(tape::text_kind::input8, static_cast<std::uint32_t>(start - begin_),
                     static_cast<std::uint32_t>(at - start));
      return true;
    }
    if (!take(0)) return false;
    to = make_cell(tape::text_kind::pool8, from, pool8_.size() - from);
    return true;
  };
  // What was read so far is worth keeping.
  const auto give_up = [&](text_error why, const std::uint8_t* where) -> const std::uint8_t* {
    return finish() ? fail(why, where) : nullptr;
  };
  const auto cut = [&] { return give_up(text_error::cut, end_); };
  // To the next character that is not plain, past what is UTF-8. False: no memory.
  const auto go_on = [&] {
#if CHATWIRE_AVX2
    while (is_long && end_ - at > avx2_reach && *at != '"') {
      constexpr std::ptrdiff_t most = 0x4000;
      const std::ptrdiff_t left = end_ - at - avx2_reach;
      const std::uint8_t* const until = at + (left < most ? left : most);
      const std::uint8_t* const before = at;
      if (copying) {
        if (!take(static_cast<std::uint32_t>(until - at + 2 * avx2_reach))) return false;
        std::uint8_t* const out = pool8_.data() + pool8_.size();
        const passed_text passed = copy_text_avx2(at, until, out);
        at = copied = passed.at;
        pool8_.resize_within(pool8_.size() + static_cast<std::uint32_t>(passed.to - out));
      } else {
        at = skip_text_avx2(at, until);
      }
      if (until - at < 4 && at != before) continue;  // there is more
      // What is not UTF-8 is found byte by byte.
      is_long = *at < 0x20 || *at == '"' || *at == '\\';
      break;
    }
#endif
    at = skip_plain(at, end_);
    return true;
  };
  bool more = at == end_ || *at < 0x80 || go_on();
  for (; more; more = go_on()) {
    if (at == end_) return cut();
    if (*at == '"') return finish() ? at + 1 : nullptr;
    if (*at >= 0x80) {
      if (const std::uint8_t* const passed = skip_utf8(at, end_); passed != at) {
        at = passed;
        continue;
      }
      const sequence next = read_sequence(at, end_, surrogates_);
      if (next.length == 0) return cut();
      if ((next.code_point & 0x1FF800U) == 0xD800) lone_surrogates_ = true;
      if (next.valid) {
        at += next.length;
        continue;
      }
      if (invalid_at_ == nullptr) invalid_at_ = at;
      if (!put(replacement, next.length)) return nullptr;
      is_long = long_blocks_;
      continue;
    }
    if (pass_control(at)) {
      ++at;
      continue;
    }
    if (*at != '\\') return give_up(text_error::control_character, at);
    if (end_ - at < 2) return cut();
    if (const std::uint8_t byte = short_escape(at[1]); byte != 0) {
      if (!put(byte, 2)) return nullptr;
      continue;
    }
    if (at[1] != 'u') return give_up(text_error::bad_escape, at);
    const unicode_escape escape = read_unicode_escape(at, end_);
    if (escape.cut) return cut();
    if (escape.length == 0) return give_up(text_error::bad_escape, at);
    if ((escape.code_point & 0x1FF800U) == 0xD800) lone_surrogates_ = true;
    if (!put(escape.code_point, escape.length)) return nullptr;
  }
  return nullptr;
}

bool text_store::keep_ascii(std::string_view ascii, cell& to) {
  const auto length = static_cast<std::uint32_t>(ascii.size());
  if (!pool8_.room(length)) return no_memory(end_);
  if (length != 0) std::memcpy(pool8_.data() + pool8_.size(), ascii.data(), length);
  to = make_cell(tape::text_kind::pool8, pool8_.size(), length);
  pool8_.resize_within(pool8_.size() + length);
  return true;
}

bool text_store::keep_inside(const std::uint8_t* from, const std::uint8_t* to, cell& kept) {
  const std::uint32_t start = pool8_.size();
  if (!pool8_.room(static_cast<std::uint32_t>(to - from))) return no_memory(end_);
  std::uint8_t* out = pool8_.data() + start;
  while (from != to) {
    if (*from != '\\') {
      *out++ = *from++;
      continue;
    }
    const std::uint8_t byte = short_escape(from[1]);
    const unicode_escape escape =
        byte != 0 ? unicode_escape{byte, 2} : read_unicode_escape(from, to);
    out += write_utf8(escape.code_point, out);
    from += escape.length;
  }
  const auto length = static_cast<std::uint32_t>(out - (pool8_.data() + start));
  pool8_.resize_within(start + length);
  kept = make_cell(tape::text_kind::pool8, start, length);
  return true;
}

bool text_store::keep_utf8(const std::uint8_t* from, const std::uint8_t* to, cell& kept) {
  const std::uint32_t start = pool8_.size();
  if (!pool8_.room(3 * static_cast<std::uint32_t>(to - from))) return no_memory(from);
  std::uint8_t* out = pool8_.data() + start;
  while (from != to) {
    if (*from < 0x80) {
      *out++ = *from++;
      continue;
    }
    const sequence next = read_sequence(from, to, surrogates_);
    out += write_utf8(next.code_point, out);
    from += next.length == 0 ? static_cast<std::uint32_t>(to - from) : next.length;
  }
  const auto length = static_cast<std::uint32_t>(out - (pool8_.data() + start));
  pool8_.resize_within(start + length);
  kept = make_cell(tape::text_kind::pool8, start, length);
  return true;
}

}  // namespace chatwire::text

#endif
