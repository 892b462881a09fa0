// What JavaScript holds: room for an input, a decoder, and a block of words that tells what came
// out.
#pragma once

#include <cstdint>

#include "decode/decoder.hpp"

namespace chatwire {

/// The options of a decode in one word. ts/core/session.ts has the same numbers.
struct packed_options {
  static constexpr std::uint32_t contract_bits = 0xF;
  static constexpr std::uint32_t kind_shift = 4;  // two bits: body_kind
  static constexpr std::uint32_t kind_bits = 0x3;
  static constexpr std::uint32_t allow_empty_choices = 1U << 6U;
  static constexpr std::uint32_t keep_non_finite = 1U << 7U;
  static constexpr std::uint32_t surrogates_in_input = 1U << 8U;
  static constexpr std::uint32_t keep_big_integers = 1U << 9U;
  static constexpr std::uint32_t repair_json = 1U << 10U;
};

class session {
 public:
  /// What came out of the last decode. It stands first, so its address is the session's. Addresses
  /// are in bytes; ts/core/tape.ts reads the words by their positions.
  struct outcome_words {
    std::uint32_t issue_count;
    std::uint32_t root;
    std::uint32_t error;
    std::uint32_t raw;
    std::uint32_t lone_surrogates;
    std::uint32_t tape;
    std::uint32_t input;
    std::uint32_t pool8;
    std::uint32_t pool8_size;
    std::uint32_t text8;
    std::uint32_t pool16;
    std::uint32_t pool16_size;
    std::uint32_t text16;
    std::uint32_t issues;  // as JSON text
    std::uint32_t issues_length;
  } outcome{};

  /// Where an input of up to `bytes` bytes is to be written, or 0 where there is no memory for it.
  std::uint32_t input(std::uint32_t bytes);

  /// The limits of the decodes that follow.
  void limit(std::uint32_t body_bytes, std::uint32_t event_bytes, std::uint32_t depth,
             std::uint32_t choices, std::uint32_t tool_calls);

  /// Decodes the first `length` bytes of the input. 1: without an error.
  std::uint32_t decode(std::uint32_t length, std::uint32_t packed);

  /// Gives back memory beyond `bytes` for each buffer.
  void shrink(std::uint32_t bytes);

 private:
  tape::growable<std::uint8_t> input_;
  struct limits limits_;
  decoder decoder_;
};

}  // namespace chatwire
