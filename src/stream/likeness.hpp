// Events of one stream are nearly the same bytes: all but a text or two repeats what the event
// before said. So an event is compared with the one before it; where only texts differ that are
// pieces of an answer, padding, log-probabilities and usage, nothing else of it has to be read
// again.
#pragma once

#include <cstdint>

#include "assembly/piece.hpp"
#include "decode/decoder.hpp"

namespace chatwire {

/// The parts in which like events may differ, texts and then objects, in this order on the tape.
enum class varying : std::uint8_t {
  content,
  reasoning,
  reasoning_content,
  refusal,
  arguments,
  obfuscation,
  padding,  // the only member of the chunk that no model knows: Mistral's `p`
  logprobs,
  usage,
  count_
};

inline bool is_object(varying what) { return what >= varying::logprobs; }

/// A part of an event: the inside of a string, or all of an object.
struct varying_part {
  varying what{};
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  bool is_plain = true;      // ASCII without escapes
  std::uint32_t object = 0;  // its place on the tape
};

/// Plain data, so that it can live in arrays that grow; whoever holds it releases it.
class likeness {
 public:
  static constexpr std::uint32_t most_parts = 6;

  /// Takes the event [from, to) of `bytes` as the one to compare others with, which was decoded
  /// without an issue to the chunk at `root`. False: it is not of the kind that repeats. `pads`: an
  /// unknown member may be padding.
  bool learn(const decoder& from, std::uint32_t root, const std::uint8_t* bytes,
             std::uint32_t start, std::uint32_t end, bool pads);
  void forget() { count_ = 0; }
  bool knows_any() const { return count_ != 0; }
  std::uint32_t count() const { return count_; }
  varying what(std::uint32_t part) const { return parts_[part].what; }

  /// Whether the bytes from `start` on, up to `limit`, begin with an event that differs in these
  /// parts only: where it ends, or 0. Then `parts` has where they are; texts that are not plain are
  /// yet to be checked. An object was read by `with`. `is_whole`: these bytes are an event.
  std::uint32_t match(decoder& with, const std::uint8_t* bytes, std::uint32_t start,
                      std::uint32_t limit, bool is_whole, varying_part* parts) const;

  void release() { bytes_.release(); }

 private:
  bool add(varying what, std::string_view source, const std::uint8_t* event);
  bool add_arguments(const decoder& from, std::uint32_t delta, const std::uint8_t* event);

  assembly::piece bytes_;
  varying_part parts_[most_parts];
  std::uint32_t count_ = 0;
  const models::table_object* logprobs_ = nullptr;  // what they are, where the events have them
  const models::table_object* usage_ = nullptr;
};

}  // namespace chatwire
