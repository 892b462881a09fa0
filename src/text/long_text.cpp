#include "text/long_text.hpp"

#if CHATWIRE_AVX2

#include <immintrin.h>

#include "text/escape.hpp"
#include "text/simd.hpp"
#include "text/utf8.hpp"

// Only what is marked so is compiled for AVX2. No function of a header may be: the linker would
// take one copy of it for all.
#define AVX2 gnu::target("avx2,bmi")

namespace chatwire::text {
namespace {

constexpr std::ptrdiff_t block_size = 64;

// The algorithm of Keiser and Lemire ("Validating UTF-8 in less than one instruction per byte",
// 2021): three tables tell by the halves of two neighbouring bytes which mistakes they may be, and
// what all three say is one.
enum mistake : std::uint8_t {
  too_short = 1,        // a head where the sequence before should go on
  too_long = 2,         // a tail after ASCII
  overlong_3 = 4,       // E0 80 to E0 9F
  too_large = 8,        // from F4 90 on
  surrogate = 16,       // ED A0 to ED BF
  overlong_2 = 32,      // C0 and C1
  too_large_1000 = 64,  // F5 80 and later
  overlong_4 = 64,      // F0 80 to F0 8F
  two_tails = 128,      // no mistake after heads of three and four
};
constexpr std::uint8_t any_low = too_short | too_long | two_tails;
constexpr std::uint8_t large = too_large | too_large_1000;
constexpr std::uint8_t tail = too_long | overlong_2 | two_tails;

alignas(16) constexpr std::uint8_t first_high[16] = {too_long,
                                                     too_long,
                                                     too_long,
                                                     too_long,
                                                     too_long,
                                                     too_long,
                                                     too_long,
                                                     too_long,
                                                     two_tails,
                                                     two_tails,
                                                     two_tails,
                                                     two_tails,
                                                     too_short | overlong_2,
                                                     too_short,
                                                     too_short | overlong_3 | surrogate,
                                                     too_short | large | overlong_4};
alignas(16) constexpr std::uint8_t first_low[16] = {any_low | overlong_3 | overlong_2 | overlong_4,
                                                    any_low | overlong_2,
                                                    any_low,
                                                    any_low,
                                                    any_low | too_large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large,
                                                    any_low | large | surrogate,
                                                    any_low | large,
                                                    any_low | large};
alignas(16) constexpr std::uint8_t second_high[16] = {
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    tail | overlong_3 | too_large_1000 | overlong_4,
    tail | overlong_3 | too_large,
    tail | surrogate | too_large,
    tail | surrogate | too_large,
    too_short,
    too_short,
    too_short,
    too_short};

[[AVX2]] inline __m256i table(const std::uint8_t* of) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(of)));
}

[[AVX2]] inline __m256i splat(std::uint8_t byte) {
  return _mm256_set1_epi8(static_cast<char>(byte));
}

// Bytes that are not 0 where 32 bytes are not UTF-8, `before` being those before them.
[[AVX2]] inline __m256i mistakes(__m256i before, __m256i bytes) {
  const __m256i across = _mm256_permute2x128_si256(before, bytes, 0x21);
  const __m256i back1 = _mm256_alignr_epi8(bytes, across, 15);
  const __m256i back2 = _mm256_alignr_epi8(bytes, across, 14);
  const __m256i back3 = _mm256_alignr_epi8(bytes, across, 13);
  const __m256i half = splat(0x0F);
  const auto high = [&](__m256i of) __attribute__((target("avx2"))) {
    return _mm256_and_si256(_mm256_srli_epi16(of, 4), half);
  };
  const __m256i special = _mm256_and_si256(
      _mm256_and_si256(_mm256_shuffle_epi8(table(first_high), high(back1)),
                       _mm256_shuffle_epi8(table(first_low), _mm256_and_si256(back1, half))),
      _mm256_shuffle_epi8(table(second_high), high(bytes)));
  // After heads of three and four the second tail must be there, and only there may it be.
  const __m256i third = _mm256_subs_epu8(back2, splat(0xE0 - 0x80));
  const __m256i fourth = _mm256_subs_epu8(back3, splat(0xF0 - 0x80));
  return _mm256_xor_si256(_mm256_and_si256(_mm256_or_si256(third, fourth), splat(0x80)), special);
}

// Whether a sequence goes on after these bytes.
[[AVX2]] inline bool goes_on(__m256i bytes) {
  const __m256i most =
      _mm256_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                       -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, static_cast<char>(0xEF),
                       static_cast<char>(0xDF), static_cast<char>(0xBF));
  const __m256i more = _mm256_subs_epu8(bytes, most);
  return _mm256_testz_si256(more, more) == 0;
}

[[AVX2]] inline std::uint64_t mask_of(__m256i first, __m256i second) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(first)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(second)))
             << 32U;
}

[[AVX2]] inline void copy_block(const std::uint8_t* from, std::uint8_t* to) {
  const auto* const in = reinterpret_cast<const __m256i*>(from);
  auto* const out = reinterpret_cast<__m256i*>(to);
  const __m256i first = _mm256_loadu_si256(in);
  const __m256i second = _mm256_loadu_si256(in + 1);
  _mm256_storeu_si256(out, first);
  _mm256_storeu_si256(out + 1, second);
}

// The sixteen bytes of a table in both halves.
[[AVX2]] inline __m256i both(__m128i half) { return _mm256_broadcastsi128_si256(half); }

// Sixteen bytes at each of two places.
[[AVX2]] inline __m256i load_two(const std::uint8_t* low, const std::uint8_t* high) {
  const auto* const first = reinterpret_cast<const __m128i*>(low);
  const auto* const second = reinterpret_cast<const __m128i*>(high);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(first)),
                                 _mm_loadu_si128(second), 1);
}

[[AVX2]] inline void store_two(__m256i bytes, std::uint8_t* low, std::uint8_t* high) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(low), _mm256_castsi256_si128(bytes));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(high), _mm256_extracti128_si256(bytes, 1));
}

// Characters of three bytes, four in each half, out of their code points.
[[AVX2]] inline __m256i make_threes(__m256i points) {
  const __m256i first = _mm256_srli_epi32(points, 12);
  const __m256i second = _mm256_and_si256(_mm256_slli_epi32(points, 2), _mm256_set1_epi32(0x3F00));
  const __m256i third =
      _mm256_and_si256(_mm256_slli_epi32(points, 16), _mm256_set1_epi32(0x3F0000));
  const __m256i made = _mm256_or_si256(_mm256_or_si256(first, second),
                                       _mm256_or_si256(third, _mm256_set1_epi32(0x8080E0)));
  return _mm256_shuffle_epi8(
      made, both(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
}

// The same of two bytes.
[[AVX2]] inline __m256i make_twos(__m256i points) {
  const __m256i first = _mm256_srli_epi32(points, 6);
  const __m256i second = _mm256_and_si256(_mm256_slli_epi32(points, 8), _mm256_set1_epi32(0x3F00));
  const __m256i made = _mm256_or_si256(_mm256_or_si256(first, second), _mm256_set1_epi32(0x80C0));
  return _mm256_shuffle_epi8(
      made, both(_mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1)));
}

// How many of eight lanes are set before the first that is not.
[[AVX2]] inline std::uint32_t count_set(__m256i lanes) {
  const int mask = _mm256_movemask_ps(_mm256_castsi256_ps(lanes));
  return static_cast<std::uint32_t>(__builtin_ctz(~static_cast<std::uint32_t>(mask)));
}

// Up to eight escapes `\uXXXX` at once, as long as all are of characters of three bytes, or all of
// two.
[[AVX2]] inline passed_text copy_eight(passed_text done) {
  const __m256i low = load_two(done.at, done.at + 24);
  const __m256i high = load_two(done.at + 8, done.at + 32);
  const __m256i digits = _mm256_or_si256(
      _mm256_shuffle_epi8(
          low, both(_mm_setr_epi8(2, 3, 4, 5, 8, 9, 10, 11, -1, -1, -1, -1, -1, -1, -1, -1))),
      _mm256_shuffle_epi8(
          high, both(_mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 6, 7, 8, 9, 12, 13, 14, 15))));
  const __m256i starts = _mm256_or_si256(  // each twice
      _mm256_shuffle_epi8(
          low, both(_mm_setr_epi8(0, 1, 0, 1, 6, 7, 6, 7, -1, -1, -1, -1, -1, -1, -1, -1))),
      _mm256_shuffle_epi8(
          high, both(_mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 4, 5, 4, 5, 10, 11, 10, 11))));
  const __m256i from_0 = _mm256_sub_epi8(digits, splat('0'));
  const __m256i from_a = _mm256_sub_epi8(_mm256_or_si256(digits, splat(0x20)), splat('a'));
  const __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(from_0, splat(9)), from_0);
  const __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(from_a, splat(5)), from_a);
  const __m256i is_escape = _mm256_and_si256(
      _mm256_cmpeq_epi32(starts, _mm256_set1_epi32(0x755C755C)),  // \u
      _mm256_cmpeq_epi32(_mm256_or_si256(is_digit, is_letter), _mm256_set1_epi8(-1)));

  const __m256i values = _mm256_blendv_epi8(_mm256_add_epi8(from_a, splat(10)), from_0, is_digit);
  const __m256i bytes = _mm256_maddubs_epi16(values, _mm256_set1_epi16(0x0110));   // 16 and 1
  const __m256i points = _mm256_madd_epi16(bytes, _mm256_set1_epi32(0x00010100));  // 256 and 1
  const __m256i is_small = _mm256_cmpgt_epi32(_mm256_set1_epi32(0x800), points);
  const __m256i is_ascii = _mm256_cmpgt_epi32(_mm256_set1_epi32(0x80), points);
  const __m256i is_surrogate =
      _mm256_cmpeq_epi32(_mm256_srli_epi32(points, 11), _mm256_set1_epi32(27));

  std::uint32_t count =
      count_set(_mm256_andnot_si256(_mm256_or_si256(is_small, is_surrogate), is_escape));
  if (count != 0) {
    store_two(make_threes(points), done.to, done.to + 12);
    // What the processor foresees it need not wait for.
    if (count == 8) return {done.at + 48, done.to + 24};
    return {done.at + std::size_t{6} * count, done.to + std::size_t{3} * count};
  }
  count = count_set(_mm256_and_si256(_mm256_andnot_si256(is_ascii, is_small), is_escape));
  store_two(make_twos(points), done.to, done.to + 8);
  if (count == 8) return {done.at + 48, done.to + 16};
  return {done.at + std::size_t{6} * count, done.to + std::size_t{2} * count};
}

// Escapes `\uXXXX`, and a few plain characters between words of them, up to `stop` or a few bytes
// after it.
[[AVX2]] inline passed_text copy_unicode(passed_text done, const std::uint8_t* stop) {
  const auto is_next = [](const std::uint8_t* at) { return at[0] == '\\' && at[1] == 'u'; };
  for (;;) {
    const passed_text some = copy_eight(done);
    if (some.at != done.at) {
      done = some;
    } else {
      const unicode_escape escape = read_unicode_escape(done.at, done.at + avx2_reach / 4);
      if (escape.length == 0 || (escape.code_point & 0x1FF800U) == 0xD800) return done;
      done = {done.at + escape.length, done.to + write_utf8(escape.code_point, done.to)};
    }
    if (done.at >= stop) return done;
    if (is_next(done.at)) continue;
    // Mostly it is a space, which is foreseen, too.
    if (*done.at == ' ' && is_next(done.at + 1)) {
      ++done.at;
      *done.to++ = ' ';
      continue;
    }
    const block plain = block::load(done.at);
    plain.store(done.to);
    const std::uint32_t length = first_bit(plain.not_plain() | 1U << block::size);
    done = {done.at + length, done.to + length};
    if (done.at >= stop || !is_next(done.at)) return done;
  }
}

// To the last place between characters, where a sequence goes on after `done`.
inline passed_text back_up(passed_text done) {
  std::ptrdiff_t bytes = 1;
  while ((done.at[-bytes] & 0xC0) == 0x80) ++bytes;
  return {done.at - bytes, done.to - bytes};
}

template <bool Copies>
// NOLINTNEXTLINE(readability-function-size): one loop, which calls would slow down
[[AVX2]] inline passed_text pass(passed_text done, const std::uint8_t* stop) {
  const __m256i quote = splat('"');
  const __m256i slash = splat('\\');
  const __m256i control = splat(0x1F);
  __m256i before = _mm256_setzero_si256();
  bool inside = false;  // a sequence goes on at `done.at`
  while (done.at < stop) {
    const std::uint8_t* const start = done.at;
    const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(start));
    const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(start) + 1);
    if constexpr (Copies) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(done.to), first);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(done.to) + 1, second);
    }
    bool goes_on_after = false;
    if (_mm256_movemask_epi8(_mm256_or_si256(first, second)) != 0) {
      const __m256i wrong = _mm256_or_si256(mistakes(before, first), mistakes(first, second));
      if (_mm256_testz_si256(wrong, wrong) == 0) break;
      goes_on_after = goes_on(second);
    } else if (inside) {
      break;
    }
    const auto is_special = [&](__m256i bytes, __m256i slashes) __attribute__((target("avx2"))) {
      return _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), slashes),
                             _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, control), bytes));
    };
    const __m256i first_slashes = _mm256_cmpeq_epi8(first, slash);
    const __m256i second_slashes = _mm256_cmpeq_epi8(second, slash);
    std::uint64_t specials =
        mask_of(is_special(first, first_slashes), is_special(second, second_slashes));
    const std::uint8_t* from = start;  // up to here, text is copied
    if (specials != 0) {
      const std::uint64_t slashes = mask_of(first_slashes, second_slashes);
      do {
        const auto place = static_cast<std::uint32_t>(__builtin_ctzll(specials));
        done.to += start + place - from;
        done.at = start + place;
        if (!Copies || (slashes >> place & 1U) == 0) return done;
        const std::uint8_t letter = done.at[1];
        if (const std::uint8_t byte = short_escape(letter); byte != 0) {
          *done.to++ = byte;
          done.at += 2;
        } else {
          if (letter != 'u') return done;
          done = copy_unicode(done, stop);
          // What is left is no character.
          if (done.at == start + place) return done;
        }
        from = done.at;
        if (from >= start + block_size) break;
        copy_block(from, done.to);
        specials &= ~std::uint64_t{0} << (from - start);
      } while (specials != 0);
    }
    if (from < start + block_size) {
      done.to += start + block_size - from;
      done.at = start + block_size;
      before = second;
      inside = goes_on_after;
    } else {
      before = _mm256_setzero_si256();
      inside = false;
    }
  }
  return inside ? back_up(done) : done;
}

}  // namespace

[[AVX2]] passed_text copy_text_avx2(const std::uint8_t* at, const std::uint8_t* stop,
                                    std::uint8_t* to) {
  return pass<true>({at, to}, stop);
}

[[AVX2]] const std::uint8_t* skip_text_avx2(const std::uint8_t* at, const std::uint8_t* stop) {
  std::uint8_t none = 0;
  return pass<false>({at, &none}, stop).at;
}

}  // namespace chatwire::text

#endif
