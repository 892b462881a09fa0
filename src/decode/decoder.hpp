// The decoder: bytes of one body or one event in, a tape and issues out.
#pragma once

#include <cstdint>
#include <string_view>

#include "chatwire/issue_codes.hpp"
#include "chatwire/limits.hpp"
#include "models/contracts.hpp"

namespace chatwire {

/// What the bytes are taken for.
enum class body_kind : std::uint8_t { completion, chunk };

/// How to decode. `contract_id::none` is lenient, any other strict.
struct decoder_options {
  models::contract_id contract = models::contract_id::none;
  body_kind kind = body_kind::completion;
  bool allow_empty_choices = false;  ///< a completion may have no choice (always so under contracts)
  bool keep_non_finite = false;      ///< NaN and infinities stay numbers instead of becoming null
  bool surrogates_in_input = false;  ///< the input is WTF-8: lone surrogates are encoded as they are
  struct limits limits;
};

/// What a decode left: everything is valid until the decoder's next call.
struct decoded {
  bool ok = false;             ///< no issue of severity error
  issue_code failure{};        ///< where not ok: the first error
  std::uint32_t root = 0;      ///< tape word of the completion or chunk, or of what there is of it; 0: none
  std::uint32_t error = 0;     ///< tape word of the provider's error (model error_payload); 0: none
  std::uint32_t raw = 0;       ///< tape word of the whole body as an open value, with a provider's error
  std::uint32_t issue_count = 0;
};

}  // namespace chatwire
