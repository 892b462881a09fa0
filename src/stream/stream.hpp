// One stream: bytes as they come from the network in, chunks and events out; at the end, or at any
// time, the completion.
//
//   framing.cpp  finds the events
//   stream.cpp   decodes them, has them put together, and tells how the stream ends
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/assembly.hpp"
#include "decode/decoder.hpp"
#include "decode/options.hpp"
#include "partial/partial_json.hpp"
#include "stream/framing.hpp"
#include "stream/likeness.hpp"
#include "tape/growable.hpp"

namespace chatwire {

/// What streams share, since one network read is decoded at a time: the results of one are valid
/// until the next.
struct stream_workspace {
  decoder decode;
  tape::growable<std::uint8_t> input;       // network reads, after room for what was held back
  tape::growable<std::uint8_t> long_event;  // events that took several reads
  assembly::piece document;                 // completions, to be decoded
  partial_output partial;

  /// Held bytes up to this number are copied in front of the next read.
  static constexpr std::uint32_t lead = 4096;

  stream_workspace() = default;
  stream_workspace(const stream_workspace&) = delete;
  stream_workspace& operator=(const stream_workspace&) = delete;
  ~stream_workspace() { document.release(); }

  /// Gives back memory beyond `bytes` for each buffer.
  void shrink(std::uint32_t bytes);
};

/// How a stream is decoded.
struct stream_options {
  decoder_options decode{};
  bool skip_bad_events = false;  // go on after an event that cannot be decoded
  bool cumulative = false;       // deltas may repeat all that came before
};

/// What is made of a network read, beside putting it together.
enum class stream_wants : std::uint8_t { chunks, events, nothing };

enum class stream_state : std::uint8_t {
  open,
  complete,   // the bytes ended as they should
  truncated,  // they ended too early
  failed,     // an event was an error, or could not be decoded
};

class stream {
 public:
  explicit stream(const stream_options& options);
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { clear(); }

  /// Where the next network read, of up to `bytes` bytes, is to be written. Null: no memory.
  std::uint8_t* input(stream_workspace& with, std::uint32_t bytes);
  /// Takes the first `length` of these bytes.
  void feed(stream_workspace& with, std::uint32_t length, stream_wants wants);
  /// No more bytes will come; `broken`: because their source failed.
  void finish(stream_workspace& with, stream_wants wants, bool broken = false);

  /// Puts the completion so far on the tape. Where it is `final`, it must be what the contract
  /// says.
  decoded complete(stream_workspace& with, bool final);

  /// Brings the tree of a choice's content up to date, by operations for `with.partial`; or that of
  /// a tool call's arguments. Null: there is no such text.
  const partial_json* partial_content(stream_workspace& with, double choice_index);
  const partial_json* partial_arguments(stream_workspace& with, double choice_index,
                                        std::uint32_t tool_call);

  /// Whether nothing is to be added to a choice.
  bool is_final(double choice_index) const {
    return state_ == stream_state::complete || assembly_.is_over(choice_index);
  }

  /// Forgets everything, to begin with another stream.
  void reset();

  stream_state state() const { return state_; }
  /// [DONE] has come, or a whole body: no more bytes are needed.
  bool is_done() const { return done_; }
  /// Whether held bytes are in a buffer of its own, which grows: then `input` says where to write.
  bool holds_much() const { return held_.size() > stream_workspace::lead; }

  /// Whether the next `most_quiet` bytes may wait for others, since nothing will show in them,
  /// unless one ends a line or, in a value, closes a bracket.
  bool is_quiet() const {
    return state_ == stream_state::open &&
           held_.size() + most_quiet <= options_.decode.limits.event_bytes &&
           framing_.is_quiet(held_.data(), held_.size());
  }
  static constexpr std::uint32_t most_quiet = 64;
  bool is_in_values() const { return framing_.is_in_values(); }
  /// Whether the next chunks may be like one of those before.
  bool knows_likes() const { return has_likes_; }

  // Of a chunk's word: it is one that those after it are like; or it is like one, and the word is
  // that of its parts: which ones (a bit for each `varying`), and their cells. Two bits say which.
  static constexpr std::uint32_t is_model = 1U << 30U;
  static constexpr std::uint32_t is_like = 1U << 31U;
  static constexpr std::uint32_t like_shift = 28;
  static constexpr std::uint32_t most_likes = 4;  // choices that come side by side
  static constexpr std::uint32_t word_mask = 0x0FFFFFFF;
  // Of the word of parts: how many there are that no model knows. The second word of each says what
  // it is a member of, and which one.
  static constexpr std::uint32_t like_count_shift = 16;
  static constexpr std::uint32_t like_order_shift = 2;
  /// Of the last read: where its chunks are on the tape, and its events.
  const tape::growable<std::uint32_t, 64>& chunks() const { return chunks_; }
  const tape::growable<assembly::event_record, 16>& events() const { return assembly_.events(); }
  /// Why the stream failed, with the words of the provider's error; of the last read only.
  const decoded& failure() const { return failure_; }

  std::uint32_t heartbeats() const { return heartbeats_; }
  std::uint32_t event_count() const { return event_count_; }
  std::uint32_t usage_updates() const { return assembly_.usage_updates(); }

 private:
  /// A text that somebody looks at while it comes.
  struct watched {
    partial_json* tree = nullptr;
    double choice_index = 0;
    std::uint32_t tool_call = 0;
    std::uint32_t seen = 0;
    std::uint32_t restarts = 0;
  };
  static constexpr std::uint32_t no_tool_call = 0xFFFFFFFFU;

  void clear();
  void forget_likes();
  void begin(stream_workspace& with, std::string_view bytes, stream_wants wants);
  void refuse(stream_workspace& with, std::uint32_t at, const char* limit);
  void take(stream_workspace& with, const frame& found, std::uint8_t* bytes);
  std::uint32_t take_data(stream_workspace& with, const frame& found, std::uint8_t* bytes);
  void take_stray(stream_workspace& with, const frame& found, const std::uint8_t* bytes);
  void take_cut(stream_workspace& with, const frame& closed, std::uint8_t* bytes);
  void take_after_done(stream_workspace& with, const frame& found);
  bool is_worth_learning() const;
  bool learn(stream_workspace& with, std::uint32_t root, const frame& found,
             const std::uint8_t* bytes);
  void take_likes(stream_workspace& with, const std::uint8_t* bytes, std::uint32_t size);
  std::uint32_t take_like(stream_workspace& with, const std::uint8_t* bytes, std::uint32_t start,
                          std::uint32_t limit, bool is_framed);
  struct like_event;
  bool find_like(stream_workspace& with, const std::uint8_t* bytes, std::uint32_t start,
                 std::uint32_t limit, bool is_framed, like_event& found) const;
  bool keep_parts(stream_workspace& with, const std::uint8_t* bytes, like_event& found);
  std::uint32_t put_parts(stream_workspace& with, const like_event& found);
  bool add_parts(stream_workspace& with, const std::uint8_t* bytes, const like_event& found,
                 std::uint32_t word);
  void take_bare_value(stream_workspace& with, std::uint8_t* bytes, decoded& result, bool is_bare);
  void take_chunk(stream_workspace& with, const decoded& result);
  void keep(stream_workspace& with, std::uint8_t* bytes, std::uint32_t size, bool in_held);
  void conclude(stream_workspace& with, bool broken);
  void truncate(stream_workspace& with, const char* expected);
  [[gnu::noinline]] void fail(const decoded& why);
  const partial_json* partial(stream_workspace& with, const assembly::assembly::coming_text& text,
                              double choice_index, std::uint32_t tool_call);

  stream_options options_;
  framing framing_;
  assembly::assembly assembly_;
  /// An event that others are like, and where their texts go.
  struct remembered {
    likeness like;
    assembly::assembly::repeat_target target;
  };
  tape::growable<remembered, 1> likes_;
  std::uint32_t last_like_ = 0;  // the one that was last of use
  bool has_likes_ = false;
  std::uint32_t learnt_in_vain_ = 0;       // in a row: none was like them
  tape::growable<std::uint8_t, 64> held_;  // of an event that is not complete
  tape::growable<std::uint32_t, 64> chunks_;
  tape::growable<watched, 2> watched_;
  decoded failure_{};
  std::uint64_t received_ = 0;  // bytes
  std::uint32_t heartbeats_ = 0;
  std::uint32_t event_count_ = 0;
  stream_state state_ = stream_state::open;
  stream_wants wants_ = stream_wants::chunks;
  bool done_ = false;
  bool has_frames_ = false;  // something has come, if only a comment
  bool told_after_done_ = false;
  bool told_bare_values_ = false;
  bool is_cut_ = false;       // the event at hand
  std::uint32_t strays_ = 0;  // lines that are no fields
};

}  // namespace chatwire
