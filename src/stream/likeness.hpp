// Most events of a stream say what the one before said, but for a few members. Such an event is
// found by comparing bytes: of one that is like another nothing is read but the parts in which they
// may differ. Some do by what they are: texts that are pieces of an answer, log-probabilities,
// usage. Others are learnt: where an event differs from the one before in another member, those
// after it may.
#pragma once

#include <cstdint>

#include "assembly/assembly.hpp"
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
  logprobs,
  usage,
  // Other members of these: those that a model knows, in an object that has only them.
  chunk,
  choice,
  delta,
  kinds_,
  // Those that none knows, one by one.
  unknown_of_chunk = kinds_,
  unknown_of_choice,
  unknown_of_delta,
};

inline bool is_object(varying what) { return what >= varying::logprobs; }

/// A part of an event: the inside of a string, or all of another value. (Nothing is set where one
/// is made: there are some for each event.)
struct varying_part {
  varying what;
  bool is_plain;  // ASCII without escapes
  std::uint32_t from;
  std::uint32_t to;
  std::uint32_t value;  // its place on the tape; 0: it is a string that is plain, not yet kept
};

/// Plain data, so that it can live in arrays that grow; whoever holds it releases it.
class likeness {
 public:
  static constexpr std::uint32_t most_parts = 8;

  /// Takes the event [from, to) of `bytes` as the one to compare others with, which was decoded
  /// without an issue to the chunk at `root`, and added to `choice`. False: it is not of the kind
  /// that repeats.
  bool learn(const decoder& from, std::uint32_t root, const std::uint8_t* bytes,
             std::uint32_t start, std::uint32_t end, const assembly::assembly& assembly,
             std::uint32_t choice);
  void forget() { count_ = 0; }
  void count_hit() { ++hits_; }
  bool knows_any() const { return count_ != 0; }
  std::uint32_t count() const { return count_; }
  varying what(std::uint32_t part) const { return parts_[part].what; }
  /// Of a member that no model knows: which one of those of its object it is, its name with all
  /// that is before its value, and the node that it goes to.
  std::uint32_t order(std::uint32_t part) const { return parts_[part].order; }
  std::uint32_t name(std::uint32_t part) const { return parts_[part].name; }
  std::uint32_t node(std::uint32_t part) const { return parts_[part].node; }

  /// Whether the chunks say the same around their choices, but for parts of the same kinds: of what
  /// several choices say of the chunk, the last one counts.
  bool is_same_around(const likeness& other) const;

  /// Whether the bytes from `start` on, up to `limit`, begin with an event that differs in these
  /// parts only: where it ends, or 0. Then `parts` has where they are; texts that are not plain are
  /// yet to be checked. All else was read by `with`. `is_whole`: these bytes are an event.
  /// `number` is its place in the stream.
  std::uint32_t match(decoder& with, const std::uint8_t* bytes, std::uint32_t start,
                      std::uint32_t limit, bool is_whole, std::uint32_t number,
                      varying_part* parts) const;

  void release() { bytes_.release(); }

 private:
  struct level;

  /// A part of the event that others are compared with.
  struct known_part {
    varying what{};
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t name = 0;  // of a member: how far before its value its name begins
    std::uint32_t order = 0;
    std::uint32_t node = 0;
  };

  bool add(varying what, std::string_view source, const std::uint8_t* event,
           const char* name = nullptr, std::uint32_t order = 0, std::uint32_t node = 0);
  bool add_arguments(const decoder& from, std::uint32_t delta, const std::uint8_t* event);
  bool add_members(const decoder& from, const level& of, const std::uint8_t* event,
                   const assembly::assembly& assembly, std::uint32_t choice);
  bool learn_parts(const decoder& from, std::uint32_t root, const std::uint8_t* event,
                   const std::uint8_t* differs, const assembly::assembly& assembly,
                   std::uint32_t node);
  std::uint32_t next_around(std::uint32_t& at, std::uint32_t& part) const;
  const std::uint8_t* difference(const std::uint8_t* event, const std::uint8_t* end) const;
  void learn_member(const decoder& from, const level& of, const std::uint8_t* at);

  static constexpr std::uint32_t no_byte = 0xFFFF;
  static constexpr std::uint32_t few_hits = 8;
  static constexpr auto first_object = static_cast<std::uint32_t>(varying::logprobs);
  static constexpr auto first_level = static_cast<std::uint32_t>(varying::chunk);
  static constexpr auto first_unknown = static_cast<std::uint32_t>(varying::unknown_of_chunk);
  static constexpr std::uint32_t level_count = 3;

  assembly::piece bytes_;
  known_part parts_[most_parts];
  std::uint32_t count_ = 0;
  std::uint32_t hits_ = 0;  // events that were like it
  std::uint32_t choices_from_ = 0;
  std::uint32_t choices_to_ = 0;
  // What the objects are.
  const models::table_object* schemas_[level_count + 2] = {};
  // The members that were found to differ: known ones by their slots, others by their order.
  std::uint32_t known_[level_count] = {};
  std::uint32_t unknown_[level_count] = {};
};

}  // namespace chatwire
