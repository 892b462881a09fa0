// Finds the events in the bytes of a stream, as they come from the network: server-sent events,
// JSON values without any framing, or neither. Nothing is copied, and nothing is examined twice.
#pragma once

#include <cstdint>

namespace chatwire {

/// What framing finds in a stream's bytes.
enum class frame_kind : std::uint8_t {
  more,       ///< nothing further in these bytes
  event,      ///< an event's data: [from, to) of the buffer, never empty or blank
  error,      ///< the same of an event that its server calls an error
  done,       ///< [DONE]; [from, to) is where it stands
  heartbeat,  ///< a comment, an event without data or with blank data, an event named ping
  value,      ///< a JSON value that came without framing: [from, to)
  text,       ///< neither: HTML, plain text, compressed bytes; given once: [from, to)
};

struct frame {
  frame_kind kind = frame_kind::more;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

/// An event stream as the standard has it
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html), with what chat servers make of
/// it.
class framing {
 public:
  /// How the bytes come, as soon as that is clear.
  enum class form : std::uint8_t { unknown, events, values, text };

  void reset() { *this = framing(); }

  /// The next frame in the first `size` bytes of `buffer`; to be called until it says `more`.
  /// Data of several lines is one range: what stands between its lines becomes spaces in the
  /// buffer.
  frame next(std::uint8_t* buffer, std::uint32_t size);

  /// The same when no bytes will follow, with what only the end completes: an event without its
  /// blank line, an unfinished JSON value, text.
  frame finish(std::uint8_t* buffer, std::uint32_t size);

  /// Bytes of the buffer before this position are not needed any more.
  std::uint32_t needed_from() const;

  /// The owner has dropped the first `bytes` (<= needed_from()) of the buffer; positions move.
  void drop(std::uint32_t bytes);

  form how() const { return form_; }

  /// Whether the last frame that finish() gave was cut: it had no blank line after it.
  bool was_cut() const { return cut_; }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFFU;

  std::uint32_t at_ = 0;       // what comes before this was examined
  std::uint32_t line_ = 0;     // where the line or the value at hand begins
  std::uint32_t from_ = none;  // the data of the event at hand
  std::uint32_t to_ = 0;
  std::uint32_t stray_ = none;  // the first line that is no field, while nothing else has come
  std::uint32_t depth_ = 0;     // of the value at hand; 0: between values
  form form_ = form::unknown;
  bool cut_ = false;
};

}  // namespace chatwire
