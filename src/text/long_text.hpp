// Long texts, sixty-four bytes at a time, where the processor has AVX2. Builds that know no AVX2,
// or make UTF-16, do without.
#pragma once

#include <cstddef>
#include <cstdint>

#ifndef CHATWIRE_UTF16_TEXT
#define CHATWIRE_UTF16_TEXT 0
#endif
#if defined(__x86_64__) && defined(__GNUC__) && !CHATWIRE_UTF16_TEXT
#define CHATWIRE_AVX2 1
#endif

#if CHATWIRE_AVX2

namespace chatwire::text {

/// Whether the functions below may be called on this processor.
inline bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"); }

/// So many bytes from a place where text is looked at must be there to be read, and so much more
/// room than what is copied takes must be there to be written.
inline constexpr std::ptrdiff_t avx2_reach = 128;

/// How far text was read and where its copy ends.
struct passed_text {
  const std::uint8_t* at = nullptr;
  std::uint8_t* to = nullptr;
};

/// Copies the inside of a string from `at`, which is between two characters, to `to`, with what its
/// escapes stand for. Ends at `stop` or a few bytes after or before it, or earlier: at a quote, a
/// control character, an escape that is none or half a surrogate pair, or some bytes before what is
/// not UTF-8. Never ends inside a character or an escape.
passed_text copy_text_avx2(const std::uint8_t* at, const std::uint8_t* stop, std::uint8_t* to);

/// The same without a copy: ends at escapes, too.
const std::uint8_t* skip_text_avx2(const std::uint8_t* at, const std::uint8_t* stop);

}  // namespace chatwire::text

#endif
