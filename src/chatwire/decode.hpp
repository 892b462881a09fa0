// Decoding: bytes to structs.
#pragma once

#include <memory>
#include <string_view>

#include "chatwire/contract.hpp"
#include "chatwire/limits.hpp"
#include "chatwire/models.hpp"
#include "chatwire/result.hpp"

namespace chatwire {

class decoder;

/// How to decode.
struct decode_options {
  /// The documented shape that the input must have. Every departure fails the decode.
  chatwire::contract contract = contract::none;
  bool allow_empty_choices = false;  ///< take a completion without choices, when lenient
  bool keep_non_finite = false;      ///< keep NaN and infinities instead of making them null
  struct limits limits {};
};

/// Decodes the body of a chat completion. Never throws, but for a lack of memory.
[[nodiscard]] result<chat_completion> decode(std::string_view body,
                                             const decode_options& options = {});

/// Decodes one chunk of a stream: the JSON of one event.
[[nodiscard]] result<chat_completion_chunk> decode_chunk(std::string_view event,
                                                         const decode_options& options = {});

/// Decodes one input after the other and keeps its memory for the next. Not for use by several
/// threads at once.
class body_decoder {
 public:
  explicit body_decoder(const decode_options& options = {});
  ~body_decoder();
  body_decoder(body_decoder&&) noexcept;
  body_decoder& operator=(body_decoder&&) noexcept;

  /// As the functions of these names do. What they give has memory of its own.
  [[nodiscard]] result<chat_completion> decode(std::string_view body);
  [[nodiscard]] result<chat_completion_chunk> decode_chunk(std::string_view event);

 private:
  std::unique_ptr<decoder> decoder_;
  decode_options options_;
};

}  // namespace chatwire
