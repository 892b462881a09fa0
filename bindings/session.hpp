// What JavaScript holds: room for an input, a decoder that bodies and streams share, and a block of
// words that tells what came out.
#pragma once

#include <cstdint>

#include "decode/decoder.hpp"
#include "stream/stream.hpp"

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
  static constexpr std::uint32_t skip_bad_events = 1U << 11U;  // streams
  static constexpr std::uint32_t cumulative_deltas = 1U << 12U;
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
    std::uint32_t names;  // text_store::names
    std::uint32_t names_version;
    // Of a stream's last read, and of the stream so far:
    std::uint32_t chunks = 0;  // words of the tape
    std::uint32_t chunk_count = 0;
    std::uint32_t events = 0;  // assembly::event_record
    std::uint32_t event_count = 0;
    std::uint32_t heartbeats = 0;
    std::uint32_t usage_updates = 0;
    std::uint32_t stream_events = 0;
    // Of a text that is still coming: partial_output.
    std::uint32_t operations = 0;
    std::uint32_t operations_size = 0;
    std::uint32_t operations_text = 0;
  } outcome{};

  /// Where an input of up to `bytes` bytes is to be written, or 0 where there is no memory for it.
  std::uint32_t input(std::uint32_t bytes);

  /// The limits of the decodes that follow.
  void limit(std::uint32_t body_bytes, std::uint32_t event_bytes, std::uint32_t depth,
             std::uint32_t choices, std::uint32_t tool_calls);

  /// Decodes the first `length` bytes of the input. 1: without an error.
  std::uint32_t decode(std::uint32_t length, std::uint32_t packed);

  /// A new stream with the limits that were set last, or null: no memory. `close` ends it.
  stream* open_stream(std::uint32_t packed) const;
  static void close_stream(stream* of);
  /// Where a stream's next read of up to `bytes` bytes is to be written, where the stream holds
  /// much (stream_status); else it is the place that `input` gives. 0: no memory.
  std::uint32_t stream_input(stream& of, std::uint32_t bytes);
  /// Takes `length` bytes, or the end of the stream. Returns its status.
  std::uint32_t feed(stream& of, std::uint32_t length, std::uint32_t wants);
  std::uint32_t finish(stream& of, std::uint32_t wants);
  /// Decodes the completion so far. 1: without an error.
  std::uint32_t complete(stream& of, bool final);
  /// Brings the tree of a tool call's arguments up to date, or of a content (`tool_call` is -1).
  /// 0: there is none; 1: it is coming; 2: it is complete, and its choice has finished.
  std::uint32_t partial(stream& of, std::int32_t choice_index, std::uint32_t tool_call);

  /// Gives back memory beyond `bytes` for each buffer.
  void shrink(std::uint32_t bytes);

 private:
  decoder_options unpack(std::uint32_t packed) const;
  void tell(const decoded& result);
  std::uint32_t tell(const stream& of);

  struct limits limits_;
  stream_workspace work_;
};

/// Of `wants`, where a stream is finished because its source failed.
inline constexpr std::uint32_t stream_broken = 4;

/// What `feed` and `finish` return. ts/core/session.ts has the same numbers.
struct stream_status {
  static constexpr std::uint32_t state_bits = 0x3;  // stream_state
  static constexpr std::uint32_t done = 1U << 2U;
  static constexpr std::uint32_t holds_much = 1U << 3U;
  static constexpr std::uint32_t in_values = 1U << 4U;
  static constexpr std::uint32_t knows_likes = 1U << 5U;
  static constexpr std::uint32_t quiet = stream::most_quiet;  // so many bytes may wait
};

}  // namespace chatwire
