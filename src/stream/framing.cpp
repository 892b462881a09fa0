#include "stream/framing.hpp"

#include <algorithm>
#include <cstring>

#include "text/simd.hpp"

namespace chatwire {

namespace {

using text::block;

// What an event has.
constexpr std::uint32_t has_field = 1;
constexpr std::uint32_t named_ping = 2;
constexpr std::uint32_t named_error = 4;
constexpr std::uint32_t error_field = 8;

constexpr char data_text[] = "data:";
constexpr std::uint32_t data_size = sizeof data_text - 1;
constexpr char done_text[] = "[DONE]";
constexpr std::uint32_t done_size = sizeof done_text - 1;

/// What a line is; the fields in the order of their names below.
enum class line_kind : std::uint8_t { data, error, event, id, retry, unknown, comment };
constexpr char fields[] = "data:error:event:id:retry:";
constexpr std::uint32_t longest_field = 6;  // with its colon

constexpr char event_names[] = "error:ping:heartbeat:keep-alive:keepalive:";
constexpr std::uint8_t name_error = 0;
constexpr std::uint8_t name_other = 5;

bool is_blank(std::uint8_t byte) { return byte == ' ' || byte == '\t'; }
bool is_line_end(std::uint8_t byte) { return byte == '\n' || byte == '\r'; }
bool is_space(std::uint8_t byte) { return is_blank(byte) || is_line_end(byte); }
// What no line of JSON begins with that is not in a string.
bool begins_field(std::uint8_t byte) {
  return byte == 'd' || byte == 'e' || byte == 'i' || byte == 'r';
}

// The first of two bytes from `at` on, or `end`.
std::uint32_t find(const std::uint8_t* buffer, std::uint32_t at, std::uint32_t end,
                   std::uint8_t one, std::uint8_t other) {
  for (; end - at >= block::size; at += block::size) {
    const std::uint32_t mask = block::load(buffer + at).either(one, other);
    if (mask != 0) return at + text::first_bit(mask);
  }
  while (at != end && buffer[at] != one && buffer[at] != other) ++at;
  return at;
}

std::uint32_t without_space(const std::uint8_t* buffer, std::uint32_t from, std::uint32_t to) {
  while (to != from && is_space(buffer[to - 1])) --to;
  return to;
}

bool is_data(const std::uint8_t* line) { return std::memcmp(line, data_text, data_size) == 0; }

// Which of the names it is, or how many there are. `fold`: the bits that make letters small.
std::uint8_t look_up(const char* names, const std::uint8_t* text, std::uint32_t size,
                     std::uint8_t fold) {
  std::uint8_t index = 0;
  for (; *names != 0; ++index) {
    std::uint32_t same = 0;
    while (same != size && (text[same] | fold) == static_cast<std::uint8_t>(names[same])) ++same;
    if (same == size && names[same] == ':') break;
    while (*names++ != ':') continue;
  }
  return index;
}

line_kind kind_of(const std::uint8_t* line, std::uint32_t size) {
  std::uint32_t name = 0;
  while (name != size && name != longest_field && line[name] != ':') ++name;
  if (name == 0) return line_kind::comment;
  return static_cast<line_kind>(look_up(fields, line, name, 0));
}

// What the value of an `event` field makes of the event.
std::uint32_t named(const std::uint8_t* buffer, std::uint32_t from, std::uint32_t to) {
  to = without_space(buffer, from, to);
  while (from != to && is_blank(buffer[from])) ++from;
  const std::uint8_t name = look_up(event_names, buffer + from, to - from, 0x20);
  if (name == name_other) return 0;
  return name == name_error ? named_error : named_ping;
}

enum class is_done : std::uint8_t { no, yes, too_short };

is_done done_at(const std::uint8_t* buffer, std::uint32_t at, std::uint32_t size) {
  const std::uint32_t there = std::min(done_size, size - at);
  if (std::memcmp(buffer + at, done_text, there) != 0) return is_done::no;
  return there == done_size ? is_done::yes : is_done::too_short;
}

}  // namespace

std::uint32_t framing::needed_from() const { return std::min(line_, std::min(from_, stray_)); }

// The same bytes count as when the event is whole: not what stands before and behind them, nor
// lines that may turn out to be nothing, nor the data of heartbeats.
frame framing::coming(const std::uint8_t* buffer, std::uint32_t size) const {
  if (values_) return {frame_kind::value, line_, size};
  const bool no_line = line_ == size || skip_ != skipping::no || form_ == form::text;
  const line_kind kind = no_line ? line_kind::unknown : kind_of(buffer + line_, size - line_);
  const frame before{frame_kind::event, from_ == none ? size : from_, from_ == none ? size : to_};
  if ((event_ & named_ping) != 0) return {frame_kind::event, size, size};
  if (kind != line_kind::data && kind != line_kind::error) return before;
  std::uint32_t from = line_;
  while (from != size && buffer[from++] != ':') continue;
  // Whoever sends more blanks than that has none of them taken away, so that looking for them again
  // and again costs little.
  const std::uint32_t last = from + std::min(size - from, most_beside);
  while (from != last && is_blank(buffer[from])) ++from;
  const std::uint32_t first = std::max(from, size - std::min(size, most_beside));
  const std::uint32_t to = without_space(buffer, first, size);
  if (from == to) return before;
  return {frame_kind::event, from_ == none ? from : from_, to};
}

bool framing::is_quiet(const std::uint8_t* buffer, std::uint32_t size) const {
  if (values_) return depth_ != 0 && inside_ != in_value::after_line;
  if (stray_ != none || skip_ != skipping::no) return stray_ == none;
  return size - line_ >= longest_field &&
         kind_of(buffer + line_, longest_field) < line_kind::unknown;
}

void framing::drop(std::uint32_t bytes) {
  at_ -= bytes;
  line_ -= bytes;
  if (from_ != none) {
    from_ -= bytes;
    to_ -= bytes;
  }
  if (stray_ != none) stray_ -= bytes;
}

// The usual: a line of data and a blank line, whole.
frame framing::usual(const std::uint8_t* buffer, std::uint32_t size) {
  const std::uint32_t from = at_ + data_size;
  if (size <= from || !is_data(buffer + at_)) return {};
  const std::uint32_t end = find(buffer, from, size, '\n', '\r');
  at_ = end;
  const std::uint32_t ends = line_ends_at(buffer, end, size);
  if (ends == 0) return {};
  // What begins and ends with anything else may need more care.
  const std::uint32_t brace = buffer[from] == ' ' ? from + 1 : from;
  if (buffer[brace] != '{' || buffer[end - 1] != '}') return {};
  line_ = at_ = end + ends;
  events_ = true;
  return give(frame_kind::event, brace, end);
}

frame framing::next(std::uint8_t* buffer, std::uint32_t size) {
  if (is_between_events()) {
    const frame found = usual(buffer, size);
    if (found.kind != frame_kind::more) return found;
  }
  for (;;) {
    if (form_ == form::unknown && !begin(buffer, size)) return {};
    if (form_ == form::text) return text(buffer, size, false);
    const bool values = values_;
    const frame found = values ? value(buffer, size) : lines(buffer, size);
    if (found.kind != frame_kind::more || values == values_) return found;
  }
}

frame framing::finish(std::uint8_t* buffer, std::uint32_t size) {
  frame found = next(buffer, size);
  if (found.kind != frame_kind::more) return found;
  if (form_ == form::text) return text(buffer, size, true);
  const std::uint32_t from = line_;
  at_ = size;
  if (depth_ != 0) {
    depth_ = 0;
    found = give(frame_kind::value, from, without_space(buffer, from, size));
  } else if (!values_ && (from != size || skip_ != skipping::no)) {
    found = end_line(buffer, size);
  }
  line_ = size;
  if (found.kind == frame_kind::more) found = dispatch(buffer);
  cut_ = found.kind != frame_kind::more && found.kind != frame_kind::heartbeat &&
         found.kind != frame_kind::stray;
  if (found.kind == frame_kind::more && stray_ != none) return stray_text(buffer, size);
  return found;
}

frame framing::give(frame_kind kind, std::uint32_t from, std::uint32_t to) {
  found_ = true;
  stray_ = none;
  return {kind, from, to};
}

// ---- What it is ---------------------------------------------------------------------------------

// Goes to the first byte that says how the bytes come. False: it is not there yet.
bool framing::begin(const std::uint8_t* buffer, std::uint32_t size) {
  if (size == 0) return false;
  if (!started_) {
    constexpr std::uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    const std::uint32_t there = std::min<std::uint32_t>(sizeof mark, size);
    if (std::memcmp(buffer, mark, there) == 0) {
      if (there != sizeof mark) return false;
      at_ = there;
    }
    started_ = true;
  }
  while (at_ != size && is_space(buffer[at_])) ++at_;
  line_ = at_;
  if (at_ == size) return false;
  const std::uint8_t first = buffer[at_];
  // The first bytes of gzip and of zstd.
  const std::uint8_t magic = first == 0x1F ? 0x8B : first == 0x28 ? 0xB5 : 0;
  if (magic != 0 && size - at_ < 2) return false;
  form_ = form::events;
  if (first == '<' || (magic != 0 && buffer[at_ + 1] == magic)) form_ = form::text;
  values_ = first == '{' || first == '[';
  if (values_) form_ = form::values;
  return true;
}

frame framing::text(const std::uint8_t* buffer, std::uint32_t size, bool all) {
  const std::uint32_t from = line_;
  at_ = size;
  if (!given_ && !all && size - from < most_text) return {};
  line_ = size;
  const std::uint32_t to = without_space(buffer, from, from + std::min(size - from, most_text));
  if (given_ || from == to) return {};
  given_ = true;
  return {frame_kind::text, from, to};
}

// What did not look like text has turned out to be nothing else.
frame framing::stray_text(const std::uint8_t* buffer, std::uint32_t size) {
  const std::uint32_t end = std::min(size, stray_ + most_text);
  line_ = stray_;
  stray_ = none;
  while (line_ != end && is_space(buffer[line_])) ++line_;
  if (line_ != end) form_ = form::text;
  return text(buffer, end, true);
}

void framing::keep_stray() {
  if (!found_ && stray_ == none && from_ == none) stray_ = line_;
}

// ---- Values -------------------------------------------------------------------------------------

// Goes to where a value begins. False: there is none in these bytes.
bool framing::find_value(const std::uint8_t* buffer, std::uint32_t size) {
  for (;; ++at_) {
    line_ = at_;
    const bool ends = at_ == size;
    const std::uint8_t byte = ends ? 0 : buffer[at_];
    if (byte == '{') return true;
    if (byte == '[') keep_stray();  // it may be text: [ERROR] ...
    if (is_space(byte) || byte == ',' || byte == '[' || byte == ']') {
      if (byte == '[' && done_at(buffer, at_, size) != is_done::no) return false;
      continue;
    }
    if (stray_ != none && at_ - stray_ >= most_text) stray_ = none;
    if (!ends) values_ = false;  // a line
    return false;
  }
}

frame framing::value(const std::uint8_t* buffer, std::uint32_t size) {
  if (depth_ == 0) {
    if (!find_value(buffer, size)) {
      if (!values_ || size - at_ < done_size) return {};
      const std::uint32_t from = at_;
      line_ = at_ += done_size;
      return give(frame_kind::done, from, at_);
    }
    stray_ = none;
  }
  const std::uint32_t end = skip_value(buffer, at_, size);
  at_ = end;
  if (depth_ != 0) return {};
  inside_ = in_value::structure;
  const std::uint32_t from = line_;
  line_ = end;
  return give(frame_kind::value, from, without_space(buffer, from, end));
}

// Where the value at hand ends, as far as its brackets tell, or `size`. Between events, one that is
// cut off ends where the next field begins.
std::uint32_t framing::skip_value(const std::uint8_t* buffer, std::uint32_t at,
                                  std::uint32_t size) {
  while (at != size) {
    if (inside_ == in_value::after_backslash) {
      ++at;
      inside_ = in_value::string;
    } else if (inside_ == in_value::string) {
      at = find(buffer, at, size, '"', '\\');
      if (at != size)
        inside_ = buffer[at++] == '"' ? in_value::structure : in_value::after_backslash;
    } else {
      const std::uint8_t byte = buffer[at];
      if (inside_ == in_value::after_line && events_ && begins_field(byte)) {
        depth_ = 0;
        return at;
      }
      ++at;
      inside_ = byte == '"'         ? in_value::string
                : is_line_end(byte) ? in_value::after_line
                                    : in_value::structure;
      if ((byte | 0x20U) == '{') ++depth_;
      if ((byte | 0x20U) == '}' && --depth_ == 0) return at;
    }
  }
  return at;
}

// ---- Lines --------------------------------------------------------------------------------------

// A line that begins with a bracket. False: it is a line like others.
bool framing::bare(const std::uint8_t* buffer, std::uint32_t size, frame& found) {
  const bool array = buffer[at_] == '[';
  const is_done done = array ? done_at(buffer, at_, size) : is_done::no;
  if (done == is_done::too_short) return true;
  // Whatever it is, the event before has no blank line.
  if (from_ != none && (!array || done == is_done::yes)) {
    found = dispatch(buffer);
    return true;
  }
  if (done == is_done::yes) {
    const std::uint32_t from = at_;
    line_ = at_ += done_size;
    found = give(frame_kind::done, from, at_);
    return true;
  }
  if (array && (events_ || from_ != none)) return false;
  event_ = 0;
  if (!events_) form_ = form::values;
  values_ = true;
  return true;
}

frame framing::lines(std::uint8_t* buffer, std::uint32_t size) {
  for (;;) {
    if (stray_ != none && at_ - stray_ >= most_text) {
      if (!known_) return stray_text(buffer, size);
      stray_ = none;
    }
    if (at_ == line_ && skip_ == skipping::no) {
      if (at_ == size) return {};
      const std::uint8_t first = buffer[at_];
      if (after_cr_) {
        after_cr_ = false;
        if (first == '\n') {
          line_ = ++at_;
          continue;
        }
      }
      frame found;
      if ((first | 0x20U) == '{' && bare(buffer, size, found)) return found;
    }
    const std::uint32_t limit = stray_ == none ? size : std::min(size, stray_ + most_text);
    const std::uint32_t end = find(buffer, at_, limit, '\n', '\r');
    at_ = end;
    if (end == limit) {
      const frame stray = unfinished(buffer);
      if (stray.kind != frame_kind::more) return stray;
      if (end == size && (stray_ == none || end - stray_ < most_text)) return {};
      continue;
    }
    ++at_;
    if (buffer[end] == '\r') {
      after_cr_ = at_ == size;
      if (!after_cr_ && buffer[at_] == '\n') ++at_;
    }
    const frame found = end_line(buffer, end);
    line_ = at_;
    if (found.kind != frame_kind::more) return found;
  }
}

// A line whose end is not there yet need not be kept where it says nothing.
frame framing::unfinished(const std::uint8_t* buffer) {
  const std::uint32_t size = at_ - line_;
  frame stray;
  if (skip_ == skipping::no && size != 0) {
    const line_kind kind = kind_of(buffer + line_, size);
    if (kind != line_kind::comment && size < longest_field) return {};
    if (kind != line_kind::unknown) known_ = true;
    if (kind == line_kind::comment) {
      skip_ = skipping::comment;
    } else if (kind == line_kind::unknown) {
      if (found_ && size < most_text) return {};
      stray = stray_line(buffer, at_);
      keep_stray();
      skip_ = skipping::stray;
    }
  }
  if (skip_ != skipping::no) line_ = at_;
  return stray;
}

// Before anything else has come it may be text.
frame framing::stray_line(const std::uint8_t* buffer, std::uint32_t end) const {
  std::uint32_t from = line_;
  while (from != end && is_blank(buffer[from])) ++from;
  const std::uint32_t to = without_space(buffer, from, std::min(end, line_ + most_text));
  if (!found_ || from >= to) return {};
  return {frame_kind::stray, from, to};
}

frame framing::end_line(std::uint8_t* buffer, std::uint32_t end) {
  const std::uint32_t from = line_;
  const skipping skipped = skip_;
  skip_ = skipping::no;
  if (skipped == skipping::stray) return {};
  if (from == end && skipped == skipping::no) return dispatch(buffer);
  const line_kind kind =
      skipped == skipping::comment ? line_kind::comment : kind_of(buffer + from, end - from);
  if (kind == line_kind::unknown) {
    keep_stray();
    return stray_line(buffer, end);
  }
  known_ = true;
  form_ = form::events;
  if (kind == line_kind::comment) return {frame_kind::heartbeat};
  event_ |= has_field;
  std::uint32_t value = from;
  while (value != end && buffer[value++] != ':') continue;
  if (kind == line_kind::event) {
    const std::uint32_t before = event_;
    event_ = (before & ~(named_ping | named_error)) | named(buffer, value, end);
    if (from_ != none && (event_ & ~before & named_ping) != 0) unnamed_ = to_ - from_;
  } else if (kind == line_kind::data) {
    add(buffer, value, end);
  } else if (kind == line_kind::error && add(buffer, value, end)) {
    event_ |= error_field;
  }
  return {};
}

// Adds a line to the event's data. False: it is blank.
bool framing::add(std::uint8_t* buffer, std::uint32_t from, std::uint32_t end) {
  while (from != end && is_blank(buffer[from])) ++from;
  if (from == end) return false;
  end = without_space(buffer, from, end);
  if (from_ == none) {
    from_ = from;
  } else {
    for (std::uint32_t i = to_; i != from; ++i)
      if (!is_line_end(buffer[i])) buffer[i] = ' ';
  }
  to_ = end;
  return true;
}

frame framing::dispatch(const std::uint8_t* buffer) {
  const std::uint32_t event = event_;
  const std::uint32_t from = from_;
  const std::uint32_t unnamed = unnamed_;
  if (event == 0) return {};
  event_ = 0;
  unnamed_ = 0;
  from_ = none;
  if (from == none) return {frame_kind::heartbeat};
  if (to_ - from == done_size && std::memcmp(buffer + from, done_text, done_size) == 0)
    return give(frame_kind::done, from, to_);
  const bool error = (event & (named_error | error_field)) != 0;
  if (!error && (event & named_ping) != 0) return {frame_kind::heartbeat, from, from + unnamed};
  events_ = true;
  return give(error ? frame_kind::error : frame_kind::event, from, to_);
}

}  // namespace chatwire
