// The strings that are not plain, for JavaScript: unescaped ASCII, or UTF-16.
#include <cstddef>

#include "text/escape.hpp"
#include "text/text_store.hpp"
#include "text/utf8.hpp"
#include "text/widen.hpp"

#if CHATWIRE_UTF16_TEXT

namespace chatwire::text {
namespace {

/// A place in a growing buffer that text is written to, with room for a block ahead of it.
template <class Unit>
class writer {
 public:
  explicit writer(tape::growable<Unit>& to)
      : to_(to), here_(to.data() + to.size()), end_(to.data() + to.capacity()) {}

  /// Makes room for two blocks. False: no memory.
  [[nodiscard, gnu::always_inline]] bool room() { return end_ - here_ >= ahead || grow(); }
  [[gnu::always_inline]] Unit* here() { return here_; }
  [[gnu::always_inline]] void advance(std::uint32_t units) { here_ += units; }
  [[gnu::always_inline]] void put(std::uint32_t unit) { *here_++ = static_cast<Unit>(unit); }
  std::uint32_t at() const { return static_cast<std::uint32_t>(here_ - to_.data()); }
  /// How many units there is room for.
  [[gnu::always_inline]] std::ptrdiff_t space() const { return end_ - here_; }

 private:
  static constexpr std::ptrdiff_t ahead = 2 * block::size;

  [[nodiscard, gnu::noinline]] bool grow() {
    const std::uint32_t size = at();
    to_.resize_within(size);
    if (!to_.room(ahead)) return false;
    here_ = to_.data() + size;
    end_ = to_.data() + to_.capacity();
    return true;
  }

  tape::growable<Unit>& to_;
  Unit* here_;
  Unit* end_;
};

[[gnu::always_inline]] inline void copy_block(const block& from, std::uint8_t* to) {
  from.store(to);
}
[[gnu::always_inline]] inline void copy_block(const block& from, char16_t* to) {
  from.store_wide(to);
}

/// Copies plain text up to the first byte that is not plain, or to the end.
template <class Unit>
inline const std::uint8_t* copy_plain(const std::uint8_t* at, const std::uint8_t* end,
                                      writer<Unit>& to) {
  while (static_cast<std::size_t>(end - at) >= block::size) {
    if (!to.room()) return nullptr;
    // As many blocks as there are, and there is room for, so that nothing else is looked at.
    const std::ptrdiff_t most = end - at < to.space() ? end - at : to.space();
    const std::uint8_t* const start = at;
    Unit* const out = to.here();
    const std::uint8_t* const last = at + most - block::size;
    do {
      const block next = block::load(at);
      copy_block(next, out + (at - start));
      const std::uint32_t mask = next.not_plain();
      if (mask != 0) {
        at += first_bit(mask);
        to.advance(static_cast<std::uint32_t>(at - start));
        return at;
      }
      at += block::size;
    } while (at <= last);
    to.advance(static_cast<std::uint32_t>(at - start));
  }
  if (!to.room()) return nullptr;
  while (at != end && is_plain(*at)) to.put(*at++);
  return at;
}

}  // namespace

const std::uint8_t* text_store::scan_rest(const std::uint8_t* start, const std::uint8_t* stop,
                                          cell& to) {
  if (stop != end_ && *stop >= 0x80) return scan_wide(start, start, text8_.size(), to);
  return scan_escaped(start, stop, to);
}

const std::uint8_t* text_store::scan_escaped(const std::uint8_t* start, const std::uint8_t* at,
                                             cell& to) {
  const std::uint32_t from = text8_.size();
  writer<std::uint8_t> out(text8_);
  at = start;
  for (;;) {
    at = copy_plain(at, end_, out);
    if (at == nullptr) return fail(text_error::no_memory, start);
    // Escapes come in runs, such as \n\n and \\\".
    std::uint8_t byte = 0;
    while (end_ - at >= 2 && *at == '\\' && (byte = short_escape(at[1])) != 0) {
      if (!out.room()) return fail(text_error::no_memory, start);
      out.put(byte);
      at += 2;
    }
    if (byte != 0 && (at == end_ || is_plain(*at))) continue;
    if (at == end_ || (*at == '\\' && end_ - at < 2)) {
      if (!finish_narrow(from, out.at(), to)) return nullptr;
      return fail(text_error::cut, end_);
    }
    if (*at == '"') return finish_narrow(from, out.at(), to) ? at + 1 : nullptr;
    if (*at >= 0x80) break;
    if (pass_control(at)) {
      out.put(*at++);
      continue;
    }
    const bool control = *at != '\\';
    if (control || at[1] != 'u') {
      if (!finish_narrow(from, out.at(), to)) return nullptr;
      return fail(control ? text_error::control_character : text_error::bad_escape, at);
    }
    const unicode_escape escape = read_unicode_escape(at, end_);
    if (escape.cut || escape.length == 0 || escape.code_point >= 0x80) break;
    out.put(escape.code_point);
    at += escape.length;
  }
  // From here on the text is wide; what was unescaped so far is taken along.
  text8_.resize_within(out.at());
  return scan_wide(start, at, from, to);
}

// Goes on at `at` with the text of text8_ from `narrow_from` on as the beginning.
// NOLINTNEXTLINE(readability-function-size): one loop, which calls would slow down
const std::uint8_t* text_store::scan_wide(const std::uint8_t* start, const std::uint8_t* at,
                                          std::uint32_t narrow_from, cell& to) {
  const std::uint32_t from = text16_.size();
  writer<char16_t> out(text16_);
  const std::uint8_t* done = text8_.data() + narrow_from;
  std::uint32_t left = text8_.size() - narrow_from;
  for (; out.room() && left >= block::size; done += block::size) {
    block::load(done).store_wide(out.here());
    out.advance(block::size);
    left -= std::uint32_t{block::size};
  }
  if (!out.room()) return fail(text_error::no_memory, start);
  for (; left != 0; --left) out.put(*done++);
  text8_.resize_within(narrow_from);
  // What was read so far is worth keeping.
  const auto give_up = [&](text_error why, const std::uint8_t* where) -> const std::uint8_t* {
    if (!finish_wide(from, out.at(), to)) return nullptr;
    return fail(why, where);
  };
  const auto cut = [&] { return give_up(text_error::cut, end_); };
  for (;;) {
    at = copy_plain(at, end_, out);
    if (at == nullptr) return fail(text_error::no_memory, start);
    while (at != end_ && *at >= 0x80) {
      if (!out.room()) return fail(text_error::no_memory, start);
      // Three-byte sequences are the bulk of most wide text.
      if ((*at & 0xF0U) == 0xE0 && end_ - at >= 3 && (at[1] & 0xC0U) == 0x80 &&
          (at[2] & 0xC0U) == 0x80) {
        const std::uint32_t unit = (at[0] & 0xFU) << 12U | (at[1] & 0x3FU) << 6U | (at[2] & 0x3FU);
        if (unit >= 0x800 && (unit & 0xF800U) != 0xD800) {
          out.put(unit);
          at += 3;
          continue;
        }
      }
      if (*at >= 0xC2 && *at <= 0xDF && end_ - at >= 2 && (at[1] & 0xC0U) == 0x80) {
        out.put((at[0] & 0x1FU) << 6U | (at[1] & 0x3FU));
        at += 2;
        // One by itself is an accent; more are a word, which mostly a blank follows.
        if (static_cast<std::size_t>(end_ - at) < block::size || *at < 0x80) continue;
        const std::uint32_t pairs = widen_pairs(at, out.here());
        out.advance(pairs);
        at += std::size_t{2} * pairs;
        if (at != end_ && is_plain(*at)) out.put(*at++);
        continue;
      }
      const sequence next = read_sequence(at, end_, surrogates_);
      if (next.length == 0) return cut();
      if (!next.valid && invalid_at_ == nullptr) invalid_at_ = at;
      if ((next.code_point & 0x1FF800U) == 0xD800) lone_surrogates_ = true;
      out.advance(write_utf16(next.code_point, out.here()));
      at += next.length;
    }
    // Servers that write ASCII only escape every character beyond it.
    while (end_ - at >= 6 && at[0] == '\\' && at[1] == 'u') {
      const std::int32_t unit = read_hex4(at + 2);
      if (unit < 0 || (unit & 0xF800) == 0xD800) break;
      if (!out.room()) return fail(text_error::no_memory, start);
      out.put(static_cast<std::uint32_t>(unit));
      at += 6;
    }
    if (at == end_) return cut();
    if (is_plain(*at) || *at >= 0x80) continue;
    if (*at == '"') return finish_wide(from, out.at(), to) ? at + 1 : nullptr;
    if (pass_control(at)) {
      out.put(*at++);
      continue;
    }
    if (*at != '\\') return give_up(text_error::control_character, at);
    if (end_ - at < 2) return cut();
    if (const std::uint8_t byte = short_escape(at[1]); byte != 0) {
      out.put(byte);
      at += 2;
      continue;
    }
    if (at[1] != 'u') return give_up(text_error::bad_escape, at);
    const unicode_escape escape = read_unicode_escape(at, end_);
    if (escape.cut) return cut();
    if (escape.length == 0) return give_up(text_error::bad_escape, at);
    if ((escape.code_point & 0x1FF800U) == 0xD800) lone_surrogates_ = true;
    out.advance(write_utf16(escape.code_point, out.here()));
    at += escape.length;
  }
}

bool text_store::finish_narrow(std::uint32_t from, std::uint32_t to, cell& kept) {
  text8_.resize_within(to);
  if (to - from > tape::pooled_length) {
    kept = make_cell(tape::text_kind::text8, from, to - from);
    return true;
  }
  const std::uint32_t position = pooled_position(pool8_.size(), to - from);
  if (!pool8_.room(position - pool8_.size() + (to - from) + block::size)) return no_memory(end_);
  std::memcpy(pool8_.data() + position, text8_.data() + from, to - from);
  pool8_.resize_within(position + (to - from));
  text8_.resize_within(from);
  kept = make_cell(tape::text_kind::pool8, position, to - from);
  return true;
}

bool text_store::finish_wide(std::uint32_t from, std::uint32_t to, cell& kept) {
  text16_.resize_within(to);
  const std::uint32_t length = to - from;
  if (length > tape::pooled_length) {
    kept = make_cell(tape::text_kind::text16, from, length);
    return true;
  }
  const std::uint32_t position = pooled_position(pool16_.size(), length);
  if (!pool16_.room(position - pool16_.size() + length)) return no_memory(end_);
  // A text without units may find both buffers without memory.
  if (length != 0)
    std::memcpy(pool16_.data() + position, text16_.data() + from, length * sizeof(char16_t));
  pool16_.resize_within(position + length);
  text16_.resize_within(from);
  kept = make_cell(tape::text_kind::pool16, position, length);
  return true;
}

bool text_store::keep_ascii(std::string_view ascii, cell& to) {
  const auto length = static_cast<std::uint32_t>(ascii.size());
  const std::uint32_t from = text8_.size();
  if (!text8_.room(length + 1)) return no_memory(end_);
  if (length != 0) std::memcpy(text8_.data() + from, ascii.data(), length);
  return finish_narrow(from, from + length, to);
}

bool text_store::keep_inside(const std::uint8_t* from, const std::uint8_t* to, cell& kept) {
  const std::uint8_t* const end = end_;
  end_ = to;
  scan_escaped(from, from, kept);  // it ends where a quote would be
  end_ = end;
  invalid_at_ = nullptr;  // it is nobody's fault now
  return error_ == text_error::cut;
}

bool text_store::keep_utf8(const std::uint8_t* from, const std::uint8_t* to, cell& kept) {
  const std::uint8_t* wide = from;
  while (wide != to && *wide < 0x80) ++wide;
  if (wide == to) {
    return keep_ascii({reinterpret_cast<const char*>(from), static_cast<std::size_t>(to - from)},
                      kept);
  }
  const std::uint32_t start = text16_.size();
  writer<char16_t> out(text16_);
  while (from != to) {
    if (!out.room()) return no_memory(from);
    if (*from < 0x80) {
      out.put(*from++);
      continue;
    }
    const sequence next = read_sequence(from, to, surrogates_);
    out.advance(write_utf16(next.code_point, out.here()));
    from += next.length == 0 ? static_cast<std::uint32_t>(to - from) : next.length;
  }
  return finish_wide(start, out.at(), kept);
}

}  // namespace chatwire::text

#endif
