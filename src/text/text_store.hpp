// Reads the strings of one input and keeps their text as its readers want it: UTF-16 and ASCII for
// JavaScript (CHATWIRE_UTF16_TEXT), UTF-8 for native callers. tape/tape.hpp tells what a cell
// means.
#pragma once

#include <cstdint>
#include <string_view>

#include "tape/growable.hpp"
#include "tape/tape.hpp"
#include "text/bytes.hpp"
#include "text/long_text.hpp"
#include "text/simd.hpp"

namespace chatwire::text {

/// A text cell of the tape.
struct cell {
  std::uint32_t position = 0;
  std::uint32_t meta = 0;

  tape::text_kind kind() const { return static_cast<tape::text_kind>(meta & 7U); }
  std::uint32_t length() const { return meta >> 3U; }
};
inline cell make_cell(tape::text_kind kind, std::uint32_t position, std::uint32_t length) {
  return {position, length << 3U | static_cast<std::uint32_t>(kind)};
}

/// Why a string could not be read.
enum class text_error : std::uint8_t { none, cut, control_character, bad_escape, no_memory };

class text_store {
 public:
  /// Forgets all text and takes a new input. With `surrogates`, the input is WTF-8; with
  /// `controls`, strings may have control characters in them.
  void start(const std::uint8_t* begin, const std::uint8_t* end, bool surrogates, bool controls);

  /// Goes on with another part of the input: what was kept stays.
  void end_at(const std::uint8_t* end) { end_ = end; }

  /// Reads the string that begins at `at`, the byte after the quote, into `to`. Returns the byte
  /// after the closing quote, or null: then `error()` and `error_at()` tell, and `to` holds what
  /// was read.
  const std::uint8_t* scan(const std::uint8_t* at, cell& to) {
    const std::uint8_t* stop = skip_plain(at, end_);
    if (stop != end_ && *stop == '"') {
      if (!keep_plain(at, stop, to)) return nullptr;
      return stop + 1;
    }
    return scan_rest(at, stop, to);
  }

  /// Keeps a string that is plain: [from, to) in the input.
  [[nodiscard]] bool keep_plain(const std::uint8_t* from, const std::uint8_t* to, cell& kept) {
#if CHATWIRE_UTF16_TEXT
    const auto length = static_cast<std::uint32_t>(to - from);
    if (length <= tape::pooled_length) return pool_plain(from, length, kept);
#endif
    kept = make_cell(tape::text_kind::input8, static_cast<std::uint32_t>(from - begin_),
                     static_cast<std::uint32_t>(to - from));
    return true;
  }

  /// Reads the plain string that begins at `at`, the byte after the quote, and keeps it. Returns
  /// its closing quote, or null where it is another one: then nothing was kept.
  const std::uint8_t* take_plain(const std::uint8_t* at, cell& kept) {
    const std::uint8_t* from = at;
#if CHATWIRE_UTF16_TEXT
    // What fits into the pool is copied as it is looked at.
    const std::uint32_t position = pool8_.size();
    constexpr std::uint32_t longest = tape::pooled_length;
    if ((position & (tape::pool_piece - 1)) <= tape::pool_piece - longest &&
        end_ - at >= static_cast<std::ptrdiff_t>(longest) && pool8_.room(longest)) {
      std::uint8_t* to = pool8_.data() + position;
      for (std::uint32_t done = 0; done < longest; done += block::size) {
        const block next = block::load(at + done);
        next.store(to + done);
        const std::uint32_t mask = next.not_plain();
        if (mask == 0) continue;
        const std::uint32_t length = done + first_bit(mask);
        if (at[length] != '"') return nullptr;
        pool8_.resize_within(position + length);
        kept = make_cell(tape::text_kind::pool8, position, length);
        return at + length;
      }
      from = at + longest;
    }
#endif
    const std::uint8_t* stop = skip_plain(from, end_);
    if (stop == end_ || *stop != '"' || !keep_plain(at, stop, kept)) return nullptr;
    return stop;
  }

  /// The same for a member's name. Names come over and over, so short ones are kept apart, also for
  /// later inputs: equal names have equal cells, by which readers know them.
  [[nodiscard]] bool keep_name(const std::uint8_t* from, const std::uint8_t* to, cell& kept) {
#if CHATWIRE_UTF16_TEXT
    const auto length = static_cast<std::uint32_t>(to - from);
    // Numbers as names are many, and different ones.
    if (length - 1 < tape::longest_name && *from > '9') {
      const std::uint32_t hash = name_hash(from, length);
      kept_name* free = nullptr;
      for (std::uint32_t tries = 0; tries != name_tries; ++tries) {
        kept_name& one = names_[(hash + tries) % tape::name_count];
        if (one.length == length &&
            same_bytes(from, reinterpret_cast<const char*>(one.text), length))
          return take_name(one, kept);
        if (free == nullptr && one.decode != decodes_) free = &one;
      }
      // Where all are of this input, it is a text like others.
      if (free != nullptr) {
        if (free->length != 0) ++names_version_;
        std::memcpy(free->text, from, length);
        free->length = length;
        return take_name(*free, kept);
      }
    }
#endif
    return keep_plain(from, to, kept);
  }

#if CHATWIRE_UTF16_TEXT
  /// The names, and how often one gave way to another.
  const void* names() const { return names_; }
  std::uint32_t names_version() const { return names_version_; }
#endif

  /// Keeps ASCII text that is not part of the input as a string of it.
  [[nodiscard]] bool keep_ascii(std::string_view ascii, cell& to);

  /// Keeps UTF-8 text that is not part of the input as a string of it.
  [[nodiscard]] bool keep_utf8(const std::uint8_t* from, const std::uint8_t* to, cell& kept);

  /// Keeps the text of a string that is not part of the input; [from, to) is its inside.
  [[nodiscard]] bool keep_inside(const std::uint8_t* from, const std::uint8_t* to, cell& kept);

  text_error error() const { return error_; }
  const std::uint8_t* error_at() const { return error_at_; }

  /// The first bytes since `start` or the last call that were not UTF-8, or null.
  const std::uint8_t* take_invalid() {
    const std::uint8_t* at = invalid_at_;
    invalid_at_ = nullptr;
    return at;
  }
  /// The first control character that was let pass since `start` or the last call, or null.
  const std::uint8_t* take_control() {
    const std::uint8_t* at = control_at_;
    control_at_ = nullptr;
    return at;
  }
  /// Some text holds a surrogate without its other half.
  bool has_lone_surrogates() const { return lone_surrogates_; }

  /// The text of a cell where it is ASCII (native: UTF-8); otherwise empty.
  std::string_view narrow(cell from) const;

  const std::uint8_t* pool8() const { return pool8_.data(); }
  std::uint32_t pool8_size() const { return pool8_.size(); }
  const std::uint8_t* text8() const { return text8_.data(); }
  const char16_t* pool16() const { return pool16_.data(); }
  std::uint32_t pool16_size() const { return pool16_.size(); }
  const char16_t* text16() const { return text16_.data(); }

  /// Gives back memory beyond `bytes` for each buffer.
  void shrink(std::uint32_t bytes);

#if CHATWIRE_AVX2
  /// Reads as on a processor that has no AVX2.
  void do_without_avx2() { long_blocks_ = false; }
#endif

 private:
  const std::uint8_t* scan_rest(const std::uint8_t* start, const std::uint8_t* stop, cell& to);
  const std::uint8_t* fail(text_error why, const std::uint8_t* where) {
    error_ = why;
    error_at_ = where;
    return nullptr;
  }

#if CHATWIRE_UTF16_TEXT
  /// Where the next pooled text of this length begins: never across a piece's border.
  static std::uint32_t pooled_position(std::uint32_t size, std::uint32_t length) {
    const std::uint32_t within = size & (tape::pool_piece - 1);
    return within + length > tape::pool_piece ? size - within + tape::pool_piece : size;
  }

  [[nodiscard]] bool pool_plain(const std::uint8_t* from, std::uint32_t length, cell& kept) {
    const std::uint32_t position = pooled_position(pool8_.size(), length);
    // Whole blocks are copied, so there is always room for one more than the text needs.
    if (!pool8_.room(position - pool8_.size() + length + block::size)) return no_memory(from);
    std::uint8_t* to = pool8_.data() + position;
    if (static_cast<std::uint32_t>(end_ - from) >= length + block::size) {
      std::uint32_t done = 0;
      do {
        block::load(from + done).store(to + done);
        done += block::size;
      } while (done < length);
    } else {
      std::memcpy(to, from, length);
    }
    pool8_.resize_within(position + length);
    kept = make_cell(tape::text_kind::pool8, position, length);
    return true;
  }

  /// A name that came before.
  struct kept_name {
    std::uint8_t text[tape::longest_name];
    std::uint32_t length;
    std::uint32_t decode;  // in which decode it came last
  };
  static_assert(sizeof(kept_name) == tape::name_bytes);
  static constexpr std::uint32_t name_tries = 4;

  bool take_name(kept_name& one, cell& kept) {
    one.decode = decodes_;
    const auto number = static_cast<std::uint32_t>(&one - names_);
    kept = make_cell(tape::text_kind::pool8, tape::first_name + number, one.length);
    return true;
  }

  // Of the first and last four bytes: names differ there, and collisions cost little.
  static std::uint32_t name_hash(const std::uint8_t* from, std::uint32_t length) {
    std::uint32_t first = from[0];
    std::uint32_t last = from[length - 1];
    if (length >= 4) {
      std::memcpy(&first, from, sizeof first);
      std::memcpy(&last, from + length - sizeof last, sizeof last);
    } else {
      last = last << 8U | from[length / 2];
    }
    const std::uint32_t mixed = (first ^ last * 31 ^ length) * 0x9E3779B1U;
    return mixed >> 16U;
  }

  const std::uint8_t* scan_escaped(const std::uint8_t* start, const std::uint8_t* at, cell& to);
  const std::uint8_t* scan_wide(const std::uint8_t* start, const std::uint8_t* at,
                                std::uint32_t narrow_from, cell& to);
  // Once a string, and in many places.
  [[nodiscard, gnu::noinline]] bool finish_narrow(std::uint32_t from, std::uint32_t to, cell& kept);
  [[nodiscard, gnu::noinline]] bool finish_wide(std::uint32_t from, std::uint32_t to, cell& kept);
#endif

  /// Whether the control character at `at` is let pass.
  bool pass_control(const std::uint8_t* at) {
    if (!controls_ || *at >= 0x20) return false;
    if (control_at_ == nullptr) control_at_ = at;
    return true;
  }
  bool no_memory(const std::uint8_t* where) {
    fail(text_error::no_memory, where);
    return false;
  }

#if CHATWIRE_AVX2
  bool long_blocks_ = has_avx2();
#endif
#if CHATWIRE_UTF16_TEXT
  kept_name names_[tape::name_count]{};
  std::uint32_t names_version_ = 0;
  std::uint32_t decodes_ = 0;
#endif
  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  bool surrogates_ = false;
  bool controls_ = false;
  bool lone_surrogates_ = false;
  text_error error_ = text_error::none;
  const std::uint8_t* error_at_ = nullptr;
  const std::uint8_t* invalid_at_ = nullptr;
  const std::uint8_t* control_at_ = nullptr;
  tape::growable<std::uint8_t> pool8_;
  tape::growable<std::uint8_t> text8_;
  tape::growable<char16_t> pool16_;
  tape::growable<char16_t> text16_;
};

}  // namespace chatwire::text
