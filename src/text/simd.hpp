// Sixteen bytes at a time, on whatever the target has: SSE2, NEON, WebAssembly SIMD, or plain C++.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define CHATWIRE_SIMD_WASM 1
#elif defined(__SSE2__)
#include <emmintrin.h>
#define CHATWIRE_SIMD_SSE2 1
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#define CHATWIRE_SIMD_NEON 1
#endif

namespace chatwire::text {

/// A byte of a JSON string that stands for itself: ASCII, no control, no quote, no backslash.
[[gnu::always_inline]] inline bool is_plain(std::uint8_t byte) {
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/// Sixteen bytes of text.
class block {
 public:
  static constexpr std::size_t size = 16;

  [[gnu::always_inline]] static block load(const std::uint8_t* from) {
    block made;
#if CHATWIRE_SIMD_WASM
    made.bytes_ = wasm_v128_load(from);
#elif CHATWIRE_SIMD_SSE2
    made.bytes_ = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
#elif CHATWIRE_SIMD_NEON
    made.bytes_ = vld1q_u8(from);
#else
    std::memcpy(made.bytes_, from, size);
#endif
    return made;
  }

  [[gnu::always_inline]] void store(std::uint8_t* to) const {
#if CHATWIRE_SIMD_WASM
    wasm_v128_store(to, bytes_);
#elif CHATWIRE_SIMD_SSE2
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_);
#elif CHATWIRE_SIMD_NEON
    vst1q_u8(to, bytes_);
#else
    std::memcpy(to, bytes_, size);
#endif
  }

  /// Stores each byte as one UTF-16 code unit.
  [[gnu::always_inline]] void store_wide(char16_t* to) const {
#if CHATWIRE_SIMD_WASM
    wasm_v128_store(to, wasm_u16x8_extend_low_u8x16(bytes_));
    wasm_v128_store(to + 8, wasm_u16x8_extend_high_u8x16(bytes_));
#elif CHATWIRE_SIMD_SSE2
    const __m128i zero = _mm_setzero_si128();
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_unpacklo_epi8(bytes_, zero));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 8), _mm_unpackhi_epi8(bytes_, zero));
#elif CHATWIRE_SIMD_NEON
    vst1q_u16(reinterpret_cast<std::uint16_t*>(to), vmovl_u8(vget_low_u8(bytes_)));
    vst1q_u16(reinterpret_cast<std::uint16_t*>(to + 8), vmovl_u8(vget_high_u8(bytes_)));
#else
    for (std::size_t i = 0; i < size; ++i) to[i] = bytes_[i];
#endif
  }

  /// A bit for each byte that is not plain.
  [[gnu::always_inline]] std::uint32_t not_plain() const {
#if CHATWIRE_SIMD_WASM
    // Signed comparison: bytes from 0x80 on are negative, so one test finds them and the controls.
    const v128_t low = wasm_i8x16_lt(bytes_, wasm_i8x16_splat(0x20));
    const v128_t quote = wasm_i8x16_eq(bytes_, wasm_i8x16_splat('"'));
    const v128_t slash = wasm_i8x16_eq(bytes_, wasm_i8x16_splat('\\'));
    return wasm_i8x16_bitmask(wasm_v128_or(low, wasm_v128_or(quote, slash)));
#elif CHATWIRE_SIMD_SSE2
    const __m128i low = _mm_cmplt_epi8(bytes_, _mm_set1_epi8(0x20));
    const __m128i quote = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'));
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash))));
#elif CHATWIRE_SIMD_NEON
    const uint8x16_t low = vcltq_s8(vreinterpretq_s8_u8(bytes_), vdupq_n_s8(0x20));
    const uint8x16_t quote = vceqq_u8(bytes_, vdupq_n_u8('"'));
    const uint8x16_t slash = vceqq_u8(bytes_, vdupq_n_u8('\\'));
    return bits_of(vorrq_u8(low, vorrq_u8(quote, slash)));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i) mask |= (is_plain(bytes_[i]) ? 0U : 1U) << i;
    return mask;
#endif
  }

  /// A bit for each byte that is less than `bound`, both taken as signed: from 0x80 on bytes are
  /// negative.
  [[gnu::always_inline]] std::uint32_t below(std::int8_t bound) const {
#if CHATWIRE_SIMD_WASM
    return wasm_i8x16_bitmask(wasm_i8x16_lt(bytes_, wasm_i8x16_splat(bound)));
#elif CHATWIRE_SIMD_SSE2
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_cmplt_epi8(bytes_, _mm_set1_epi8(bound))));
#elif CHATWIRE_SIMD_NEON
    return bits_of(vcltq_s8(vreinterpretq_s8_u8(bytes_), vdupq_n_s8(bound)));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i)
      mask |= (static_cast<std::int8_t>(bytes_[i]) < bound ? 1U : 0U) << i;
    return mask;
#endif
  }

  [[gnu::always_inline]] bool is_same(const block& other) const {
#if CHATWIRE_SIMD_WASM
    return !wasm_v128_any_true(wasm_v128_xor(bytes_, other.bytes_));
#elif CHATWIRE_SIMD_SSE2
    return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes_, other.bytes_)) == 0xFFFF;
#elif CHATWIRE_SIMD_NEON
    return vminvq_u8(vceqq_u8(bytes_, other.bytes_)) == 0xFF;
#else
    return std::memcmp(bytes_, other.bytes_, size) == 0;
#endif
  }

  /// Whether the bytes whose bits `mask` has are those of `other`, whose other bytes are 0.
  [[gnu::always_inline]] bool is_same(const block& other, const block& mask) const {
    block masked;
#if CHATWIRE_SIMD_WASM
    masked.bytes_ = wasm_v128_and(bytes_, mask.bytes_);
#elif CHATWIRE_SIMD_SSE2
    masked.bytes_ = _mm_and_si128(bytes_, mask.bytes_);
#elif CHATWIRE_SIMD_NEON
    masked.bytes_ = vandq_u8(bytes_, mask.bytes_);
#else
    for (std::size_t i = 0; i < size; ++i) masked.bytes_[i] = bytes_[i] & mask.bytes_[i];
#endif
    return masked.is_same(other);
  }

  /// A bit for each byte that is one of two.
  [[gnu::always_inline]] std::uint32_t either(std::uint8_t one, std::uint8_t other) const {
#if CHATWIRE_SIMD_WASM
    return wasm_i8x16_bitmask(
        wasm_v128_or(wasm_i8x16_eq(bytes_, wasm_i8x16_splat(static_cast<std::int8_t>(one))),
                     wasm_i8x16_eq(bytes_, wasm_i8x16_splat(static_cast<std::int8_t>(other)))));
#elif CHATWIRE_SIMD_SSE2
    const __m128i first = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(static_cast<char>(one)));
    const __m128i second = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(static_cast<char>(other)));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(first, second)));
#elif CHATWIRE_SIMD_NEON
    return bits_of(
        vorrq_u8(vceqq_u8(bytes_, vdupq_n_u8(one)), vceqq_u8(bytes_, vdupq_n_u8(other))));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i)
      mask |= (bytes_[i] == one || bytes_[i] == other ? 1U : 0U) << i;
    return mask;
#endif
  }

 private:
#if CHATWIRE_SIMD_NEON
  // A bit for each byte, all of whose bits are set or none.
  [[gnu::always_inline]] static std::uint32_t bits_of(uint8x16_t mask) {
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t hits = vandq_u8(mask, bits);
    return vaddv_u8(vget_low_u8(hits)) | static_cast<std::uint32_t>(vaddv_u8(vget_high_u8(hits)))
                                             << 8U;
  }
#endif

#if CHATWIRE_SIMD_WASM
  v128_t bytes_;
#elif CHATWIRE_SIMD_SSE2
  __m128i bytes_;
#elif CHATWIRE_SIMD_NEON
  uint8x16_t bytes_;
#else
  std::uint8_t bytes_[size];
#endif
};

/// The number of the lowest bit that is set; `mask` is not 0.
[[gnu::always_inline]] inline std::uint32_t first_bit(std::uint32_t mask) {
  return static_cast<std::uint32_t>(__builtin_ctz(mask));
}

/// The number of the highest bit that is set; `mask` is not 0.
[[gnu::always_inline]] inline std::uint32_t last_bit(std::uint32_t mask) {
  return 31 - static_cast<std::uint32_t>(__builtin_clz(mask));
}

/// The first byte from `at` on that is not plain, or `end`.
inline const std::uint8_t* skip_plain(const std::uint8_t* at, const std::uint8_t* end) {
  while (static_cast<std::size_t>(end - at) >= block::size) {
    const std::uint32_t mask = block::load(at).not_plain();
    if (mask != 0) return at + first_bit(mask);
    at += block::size;
  }
  while (at != end && is_plain(*at)) ++at;
  return at;
}

}  // namespace chatwire::text
