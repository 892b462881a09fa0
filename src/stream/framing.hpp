// Finds the events in the bytes of a stream, as they come from the network: server-sent events,
// JSON values without any framing, or neither. Nothing is copied, and nothing is examined twice.
#pragma once

#include <cstdint>

#include "text/bytes.hpp"

namespace chatwire {

/// What framing finds in a stream's bytes.
enum class frame_kind : std::uint8_t {
  more,       ///< nothing further in these bytes
  event,      ///< an event's data: [from, to) of the buffer, never empty or blank
  error,      ///< the same of an event that its server calls an error
  done,       ///< [DONE]; [from, to) is where it stands
  heartbeat,  ///< a comment, an event without data or with blank data, an event named ping; then
              ///< [from, to) is the data that came before its name
  value,      ///< a JSON value that came without framing: [from, to)
  text,       ///< neither: HTML, plain text, compressed bytes; given once: [from, to)
  stray,      ///< a line between or in events that is no field, without what it has beyond 4 KiB
};

struct frame {
  frame_kind kind = frame_kind::more;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

/// An event stream as the standard has it (html.spec.whatwg.org, "Server-sent events"), with what
/// chat servers make of it. It has no bytes of its own: positions are those of the owner's buffer.
class framing {
 public:
  /// How the bytes come, as soon as that is clear.
  enum class form : std::uint8_t { unknown, events, values, text };

  void reset() { *this = framing(); }

  /// The next frame in the first `size` bytes of `buffer`; to be called until it says `more`.
  /// Data of several lines is one range: what stands between them becomes spaces in the buffer.
  frame next(std::uint8_t* buffer, std::uint32_t size);

  /// The same when no bytes will follow, with what only the end completes: an event without its
  /// blank line, an unfinished JSON value, text.
  frame finish(std::uint8_t* buffer, std::uint32_t size);

  /// Bytes of the buffer before this position are not needed for frames to come.
  std::uint32_t needed_from() const;

  /// What of the event at hand has come, in a buffer whose bytes were all examined: [from, to).
  frame coming(const std::uint8_t* buffer, std::uint32_t size) const;

  /// Whether nothing shows after these `size` bytes until one ends a line or, in a value, closes a
  /// bracket.
  bool is_quiet(const std::uint8_t* buffer, std::uint32_t size) const;

  /// Whether what is at hand is a value, or may become one.
  bool is_in_values() const { return values_; }

  /// The owner has dropped the first `bytes` (<= needed_from()) of the buffer; positions move.
  void drop(std::uint32_t bytes);

  form how() const { return form_; }

  /// Whether an event may begin at the position, none of which has been examined.
  bool is_between_events() const {
    return form_ == form::events && !values_ && at_ == line_ && event_ == 0 && !after_cr_ &&
           stray_ == none && skip_ == skipping::no;
  }
  std::uint32_t position() const { return at_; }
  /// How long the ends of a line and of the blank one after it are, LF LF or CR LF CR LF, which
  /// begin at `at`. 0: what is there is something else.
  static std::uint32_t line_ends_at(const std::uint8_t* buffer, std::uint32_t at,
                                    std::uint32_t size) {
    if (size - at < 2) return 0;
    if (buffer[at] == '\n') return buffer[at + 1] == '\n' ? 2 : 0;
    return size - at >= 4 && text::same_word<std::uint32_t>(buffer + at, "\r\n\r\n") ? 4 : 0;
  }
  /// Takes it as read that an event with its blank line ends before `end`.
  void skip_event(std::uint32_t end) {
    at_ = line_ = end;
    found_ = events_ = true;
  }

  /// Forgets what it knows of a line that begins an event and is not whole; it will be examined
  /// again.
  void rewind() {
    if (form_ == form::events && !values_ && event_ == 0 && from_ == none && !after_cr_ &&
        stray_ == none && skip_ == skipping::no)
      at_ = line_;
  }

  /// The same where a line has ended just now.
  frame held(const std::uint8_t* buffer) const { return coming(buffer, line_); }

  /// Whether the last frame that finish() gave was cut: it had no blank line after it.
  bool was_cut() const { return cut_; }

  /// The most that text has, and that is kept of lines that are no fields.
  static constexpr std::uint32_t most_text = 4096;
  /// The most that should be held beside an event's data: such text, and its other lines.
  static constexpr std::uint32_t most_beside = 2 * most_text;

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFFU;
  enum class skipping : std::uint8_t { no, comment, stray };

  bool begin(const std::uint8_t* buffer, std::uint32_t size);
  frame text(const std::uint8_t* buffer, std::uint32_t size, bool all);
  frame stray_text(const std::uint8_t* buffer, std::uint32_t size);
  void keep_stray();

  frame value(const std::uint8_t* buffer, std::uint32_t size);
  bool find_value(const std::uint8_t* buffer, std::uint32_t size);
  std::uint32_t skip_value(const std::uint8_t* buffer, std::uint32_t at, std::uint32_t size);

  frame usual(const std::uint8_t* buffer, std::uint32_t size);
  frame lines(std::uint8_t* buffer, std::uint32_t size);
  bool bare(const std::uint8_t* buffer, std::uint32_t size, frame& found);
  frame unfinished(const std::uint8_t* buffer);
  frame stray_line(const std::uint8_t* buffer, std::uint32_t end) const;
  frame end_line(std::uint8_t* buffer, std::uint32_t end);
  bool add(std::uint8_t* buffer, std::uint32_t from, std::uint32_t end);
  frame dispatch(const std::uint8_t* buffer);
  frame give(frame_kind kind, std::uint32_t from, std::uint32_t to);

  std::uint32_t at_ = 0;        // what comes before was examined
  std::uint32_t line_ = 0;      // where the line or the value at hand begins
  std::uint32_t from_ = none;   // the data of the event at hand
  std::uint32_t to_ = 0;        // ... up to here
  std::uint32_t stray_ = none;  // where text began, in case that nothing else comes
  std::uint32_t depth_ = 0;     // of the value at hand; 0: between values
  std::uint32_t event_ = 0;     // what the event at hand has
  std::uint32_t unnamed_ = 0;   // bytes of its data that came before its name, which is ping
  form form_ = form::unknown;
  skipping skip_ = skipping::no;  // the line at hand is long and need not be kept
  enum class in_value : std::uint8_t { structure, string, after_backslash, after_line };
  in_value inside_ = in_value::structure;
  bool started_ = false;   // past the byte order mark
  bool values_ = false;    // in or between values, not in lines
  bool after_cr_ = false;  // a line feed that comes next belongs to the line before
  bool known_ = false;     // there was a line that is a field or a comment
  bool found_ = false;     // there was an event, a value or the end
  bool events_ = false;    // there was an event
  bool given_ = false;     // text was given
  bool cut_ = false;
};

}  // namespace chatwire
