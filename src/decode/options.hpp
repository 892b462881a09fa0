// What a decode is asked for.
#pragma once

#include <cstdint>

#include "chatwire/limits.hpp"
#include "models/contracts.hpp"

namespace chatwire {

/// What the bytes are taken for.
enum class body_kind : std::uint8_t {
  completion,
  chunk,
  json,  ///< any JSON value: tool arguments
};

/// How to decode. `contract_id::none` is lenient, any other strict.
struct decoder_options {
  models::contract_id contract = models::contract_id::none;
  body_kind kind = body_kind::completion;
  bool allow_empty_choices =
      false;                     ///< a completion may have no choice (contracts decide themselves)
  bool keep_non_finite = false;  ///< NaN and infinities stay numbers instead of becoming null
  bool surrogates_in_input =
      false;                       ///< the input is WTF-8: lone surrogates are encoded as they are
  bool keep_big_integers = false;  ///< integers beyond 2^53 keep their digits (kind json)
  bool repair_json = false;        ///< control characters in strings, trailing commas (kind json)
  bool keep_sources = false;       ///< the tape tells where in the input each member stands
  bool assembled = false;  ///< a completion that was put together from a stream: what its chunks
                           ///< were reported for is not reported again, and null goes for missing
  std::uint64_t assembled_at = 0;  ///< where the stream ended, in bytes: the place of its issues
  struct limits limits;
};

}  // namespace chatwire
