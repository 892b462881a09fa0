#include "stream/stream.hpp"

#include <cstring>
#include <new>

#include "assembly/raw.hpp"
#include "stream/cut_json.hpp"
#include "text/bytes.hpp"

namespace chatwire {
namespace {

constexpr std::uint32_t choices_slot =
    assembly::slot_of(models::merged::chat_completion_chunk, "choices");
constexpr std::uint32_t object_slot =
    assembly::slot_of(models::merged::chat_completion_chunk, "object");
constexpr std::uint32_t delta_slot = assembly::slot_of(models::merged::chunk_choice, "delta");

std::string_view part_of(const std::uint8_t* bytes, std::uint32_t from, std::uint32_t to) {
  return {reinterpret_cast<const char*>(bytes) + from, to - from};
}

// Some servers write their errors as data without any form: `error: too many requests`.
bool says_error(std::string_view data) {
  constexpr std::string_view word = "error:";
  if (data.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char byte = data[i];
    if ((byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte) != word[i]) return false;
  }
  return true;
}

bool starts_with_done(std::string_view data) { return data.substr(0, 6) == "[DONE]"; }

// Whether an event fails because it is cut off, or is nothing that could be told from that.
bool is_cut_off(const decoded& why) {
  return why.failure == issue_code::TRUNCATED || why.failure == issue_code::NOT_JSON;
}

// Whether a chunk says that it is a whole completion.
bool is_body(const decoder& from, std::uint32_t root) {
  return from.holds(root, object_slot) &&
         assembly::same(
             from.source(root, merged_object(models::model::chat_completion_chunk), object_slot),
             R"("chat.completion")");
}

// The value of a member that no model knows, or nothing; the last one of several.
std::string_view unknown_value(const decoder& from, std::uint32_t object, std::string_view name) {
  std::string_view found;
  for (std::uint32_t at = from.words()[object + 2]; at != 0; at = from.words()[at]) {
    if (from.words()[at + 1] != 0) continue;
    const assembly::raw_member one = assembly::split(from.extra_source(at));
    if (assembly::same(one.name, name)) found = one.value;
  }
  return found;
}

// Where the completion is in an envelope: {"result": {"choices"}, "success": true}. Else empty.
std::string_view unwrap_envelope(const decoder& from, std::uint32_t root) {
  const std::string_view result = unknown_value(from, root, "result");
  const bool is_one = assembly::kind_of(result) == '{' && !from.holds(root, choices_slot) &&
                      assembly::same(unknown_value(from, root, "success"), "true");
  return is_one ? result : std::string_view();
}

// Gives the messages of a whole body the name that a chunk has for them, where they stand.
bool rename_messages(const decoder& from, std::uint32_t root, std::uint8_t* bytes) {
  bool renamed = false;
  if (root == 0 || !from.holds(root, choices_slot)) return false;
  const std::uint32_t list = decoder::slot_word(root, choices_slot);
  std::uint32_t choice = from.words()[list];
  for (std::uint32_t left = from.words()[list + 1]; left != 0;
       --left, choice = from.words()[choice + 3]) {
    if (from.holds(choice, delta_slot)) continue;
    for (std::uint32_t at = from.words()[choice + 2]; at != 0; at = from.words()[at]) {
      if (from.words()[at + 1] != 0) continue;
      const assembly::raw_member one = assembly::split(from.extra_source(at));
      if (!assembly::same(one.name, "message") || assembly::kind_of(one.value) != '{') continue;
      constexpr char name[] = {'d', 'e', 'l', 't', 'a', '"', ' ', ' '};  // of the same length
      std::memcpy(bytes + (one.name.data() - from.input().data()), name, sizeof name);
      renamed = true;
      break;
    }
  }
  return renamed;
}

}  // namespace

void stream_workspace::shrink(std::uint32_t bytes) {
  decode.shrink(bytes);
  input.shrink(bytes);
  long_event.shrink(bytes);
  if (document.capacity > bytes) document.release();
  partial.shrink(bytes);
}

stream::stream(const stream_options& options) : options_(options) {
  options_.decode.kind = body_kind::chunk;
  options_.decode.keep_sources = true;
}

void stream::clear() {
  assembly_.clear();
  for (std::uint32_t i = 0; i < likes_.size(); ++i) likes_[i].like.release();
  likes_.shrink(0);
  has_likes_ = false;
  last_like_ = 0;
  learnt_in_vain_ = 0;
  held_.shrink(0);
  chunks_.shrink(0);
  for (std::uint32_t i = 0; i < watched_.size(); ++i) {
    watched_[i].tree->~partial_json();
    std::free(watched_[i].tree);
  }
  watched_.shrink(0);
}

void stream::reset() {
  clear();
  framing_.reset();
  failure_ = {};
  received_ = 0;
  heartbeats_ = 0;
  event_count_ = 0;
  state_ = stream_state::open;
  done_ = false;
  has_frames_ = false;
  told_after_done_ = false;
  told_bare_values_ = false;
  strays_ = 0;
}

// ---- Network reads ------------------------------------------------------------------------------

std::uint8_t* stream::input(stream_workspace& with, std::uint32_t bytes) {
  if (holds_much()) return held_.room(bytes) ? held_.data() + held_.size() : nullptr;
  with.input.clear();
  if (bytes > 0x7FFF0000U - stream_workspace::lead) return nullptr;
  return with.input.room(stream_workspace::lead + bytes)
             ? with.input.data() + stream_workspace::lead
             : nullptr;
}

void stream::begin(stream_workspace& with, std::string_view bytes, stream_wants wants) {
  if (wants != wants_) forget_likes();  // nobody was told of it as it is wanted now
  wants_ = wants;
  failure_ = {};
  chunks_.clear();
  assembly_.clear_events();
  with.decode.begin_events(bytes, received_ - bytes.size(), options_.decode);
}

void stream::feed(stream_workspace& with, std::uint32_t length, stream_wants wants) {
  if (state_ != stream_state::open) return begin(with, {}, wants);
  received_ += length;
  const bool in_held = holds_much();
  std::uint8_t* bytes = held_.data();
  std::uint32_t size = held_.size() + length;
  if (in_held) {
    held_.resize_within(size);
  } else {
    bytes = with.input.data() + stream_workspace::lead - held_.size();
    if (held_.size() != 0) std::memcpy(bytes, held_.data(), held_.size());
  }
  begin(with, part_of(bytes, 0, size), wants);
  for (;;) {
    take_likes(with, bytes, size);
    if (state_ != stream_state::open) break;
    const frame found = framing_.next(bytes, size);
    if (found.kind == frame_kind::more) break;
    take(with, found, bytes);
    if (state_ != stream_state::open) break;
  }
  if (state_ == stream_state::open) keep(with, bytes, size, in_held);
  if (state_ == stream_state::open) return;
  if (held_.data() == bytes) held_.move_to(with.long_event);  // its chunks are yet to be read
  held_.shrink(0);
}

// Holds back what belongs to an event that is not complete.
void stream::keep(stream_workspace& with, std::uint8_t* bytes, std::uint32_t size, bool in_held) {
  const std::uint32_t needed = framing_.needed_from();
  const std::uint32_t left = size - needed;
  // What stands around the data does not count, nor does what comes after the end.
  const std::uint64_t most = options_.decode.limits.event_bytes;
  const bool may_pass = left > most && !done_;
  const frame coming = may_pass ? framing_.coming(bytes, size) : frame{};
  bool kept = true;
  if (!in_held) {
    held_.clear();
    kept = held_.room(left);
    if (kept && left != 0) std::memcpy(held_.data(), bytes + needed, left);
  } else if (needed != 0) {
    // What was decoded stays where it is until the next read.
    with.long_event.clear();
    const std::uint8_t* from = held_.data() + needed;
    tape::growable<std::uint8_t, 64> tail;
    kept = tail.room(left);
    if (kept && left != 0) std::memcpy(tail.data(), from, left);
    held_.move_to(with.long_event);
    held_.swap(tail);
  }
  const bool passes =
      may_pass && (coming.to - coming.from > most || left > most + framing::most_beside);
  if (!kept || passes) {
    return refuse(with, kept ? coming.from : needed, kept ? "eventBytes" : "memory");
  }
  held_.resize_within(left);
  constexpr std::uint32_t most_rewound = 1024;
  // Together with what follows it may be like others, which is told at once from its beginning.
  if (has_likes_ && left <= most_rewound) framing_.rewind();
  if (left == 0 && held_.capacity() > stream_workspace::lead) held_.shrink(0);
  framing_.drop(needed);
}

// An event that passes a limit before it is whole.
void stream::refuse(stream_workspace& with, std::uint32_t at, const char* limit) {
  const place root;
  with.decode.begin_event(at, at, event_count_++);
  with.decode.report_event(issue_code::LIMIT, severity::error, at, root, limit, "more");
  fail(with.decode.outcome());
}

void stream::take(stream_workspace& with, const frame& found, std::uint8_t* bytes) {
  has_frames_ = true;
  if (!done_ && (found.kind == frame_kind::heartbeat || found.kind == frame_kind::stray)) {
    // Had a read ended before it, the event that it stands in might have been refused by now.
    const bool is_named = found.kind == frame_kind::heartbeat && found.to != 0;
    const frame held = is_named ? found : framing_.held(bytes);
    if (held.to - held.from > options_.decode.limits.event_bytes)
      return refuse(with, held.from, "eventBytes");
  }
  if (found.kind == frame_kind::heartbeat) {
    ++heartbeats_;
    return;
  }
  if (found.kind == frame_kind::stray) return take_stray(with, found, bytes);
  if (done_) return take_after_done(with, found);
  switch (found.kind) {
    case frame_kind::done:
      done_ = true;
      ++event_count_;
      return;
    case frame_kind::error:
      return fail(with.decode.error_event(found.from, found.to, event_count_++));
    case frame_kind::text:
      return fail(with.decode.other_text(found.from, found.to));
    default:
      break;
  }
  // Servers that leave out blank lines send several chunks, and [DONE], in one event.
  frame rest = found;
  do {
    rest.from = take_data(with, rest, bytes);
    done_ = done_ || (rest.from != 0 && starts_with_done(part_of(bytes, rest.from, rest.to)));
  } while (rest.from != 0 && !done_ && state_ == stream_state::open);
}

void stream::take_after_done(stream_workspace& with, const frame& found) {
  if (found.kind == frame_kind::done || told_after_done_) return;
  told_after_done_ = true;
  const place root;
  with.decode.report_whole(issue_code::DATA_AFTER_DONE, with.decode.base() + found.from, root);
}

// The standard passes such lines over; a server that breaks down writes its reasons so.
void stream::take_stray(stream_workspace& with, const frame& found, const std::uint8_t* bytes) {
  constexpr std::uint32_t most = 64;
  constexpr std::uint32_t most_shown = 200;  // bytes
  if (done_ || strays_++ >= most) return;
  const place root;
  with.decode.begin_event(found.from, found.from, event_count_);  // however long it is
  const std::uint32_t shown =
      found.to - found.from > most_shown ? most_shown : found.to - found.from;
  with.decode.report_event(issue_code::LINE_WITHOUT_FIELD, severity::warning, found.from, root,
                           nullptr, part_of(bytes, found.from, found.from + shown));
}

// Returns where other data follows in the same event, or 0.
std::uint32_t stream::take_data(stream_workspace& with, const frame& found, std::uint8_t* bytes) {
  const std::string_view data = part_of(bytes, found.from, found.to);
  const bool lenient = options_.decode.contract == models::contract_id::none;
  const std::uint32_t number = event_count_++;
  if (has_likes_ && found.kind == frame_kind::event &&
      take_like(with, bytes, found.from, found.to, true) == found.to)
    return 0;
  const std::uint32_t issues = with.decode.issue_count();
  if (says_error(data)) {
    fail(with.decode.error_event(found.from + 6, found.to, number));
    return 0;
  }
  if (lenient && assembly::kind_of(data) == '{' && data.back() == '}' &&
      assembly::trim(assembly::inside(data)).empty()) {
    const place root;
    with.decode.begin_event(found.from, found.to, number);
    with.decode.report_event(issue_code::EMPTY_EVENT, severity::warning, found.from, root);
    return 0;
  }
  // A whole body is no chunk: what its contract says of it is asked when it is complete.
  const bool is_bare = found.kind == frame_kind::value;
  with.decode.be_lenient(is_bare || is_cut_);
  decoded result = with.decode.event(found.from, found.to, number);
  const bool is_value = is_bare && result.ok;
  if (is_value || (result.ok && number == 0 && is_body(with.decode, result.root)))
    take_bare_value(with, bytes, result, is_bare);
  with.decode.be_lenient(false);
  if (is_bare && !done_ && !lenient && !is_cut_) {
    with.decode.forget_event();
    result = with.decode.event(found.from, found.to, number);
  }
  if (is_value && !told_bare_values_) {
    told_bare_values_ = true;
    const place root;
    if (!done_)
      with.decode.report_event(issue_code::NOT_EVENT_STREAM, severity::warning, found.from, root);
  }
  if (result.ok) {
    take_chunk(with, result);
    const bool is_plain = found.kind == frame_kind::event && result.next == 0 &&
                          state_ == stream_state::open && with.decode.issue_count() == issues;
    if (!is_plain || options_.cumulative || !is_worth_learning() ||
        !learn(with, result.root, found, bytes))
      forget_likes();
    return result.next;
  }
  forget_likes();
  if (result.failure == issue_code::PROVIDER_ERROR) {
    // What the chunk says beside its error is worth having.
    if (result.root != 0 && with.decode.holds(result.root, choices_slot)) take_chunk(with, result);
    fail(result);
  } else if (!options_.skip_bad_events || result.failure == issue_code::LIMIT) {
    fail(result);
  }
  return 0;
}

// Learning costs as much as a small event: where none was like those before, few more are tried.
bool stream::is_worth_learning() const {
  constexpr std::uint32_t most_in_vain = 8;
  constexpr std::uint32_t tried = 32;  // one in so many
  return event_count_ > 1 && (learnt_in_vain_ < most_in_vain || event_count_ % tried == 0);
}

// Takes the event as one that others may be like: in the place of one of the same choice, since
// what comes of a choice may change where the texts of others of it go. False: it is not of the
// kind.
bool stream::learn(stream_workspace& with, std::uint32_t root, const frame& found,
                   const std::uint8_t* bytes) {
  const std::uint32_t choice = assembly_.choice_of(with.decode, root);
  std::uint32_t at = 0;
  while (at != likes_.size() && likes_[at].target.choice != choice) ++at;
  if (at == most_likes) at = (last_like_ + 1) % most_likes;
  if (at == likes_.size() && !likes_.push({})) return false;
  likeness& like = likes_[at].like;
  assembly::assembly::repeat_target& target = likes_[at].target;
  target.choice = 0;
  if (!like.learn(with.decode, root, bytes, found.from, found.to, assembly_, choice)) return false;
  std::uint32_t kinds = 0;
  for (std::uint32_t i = 0; i < like.count(); ++i)
    kinds |= 1U << static_cast<std::uint32_t>(like.what(i));
  if (!assembly_.find_target(with.decode, root, kinds, target)) {
    like.forget();
    return false;
  }
  for (std::uint32_t i = 0; i < likes_.size(); ++i)
    if (i != at && likes_[i].like.knows_any() && !like.is_same_around(likes_[i].like))
      likes_[i].like.forget();
  if (chunks_.size() != 0) chunks_[chunks_.size() - 1] |= is_model | at << like_shift;
  last_like_ = at;
  has_likes_ = true;
  ++learnt_in_vain_;
  return true;
}

void stream::forget_likes() {
  if (!has_likes_) return;
  has_likes_ = false;
  for (std::uint32_t i = 0; i < likes_.size(); ++i) {
    likes_[i].like.forget();
    likes_[i].target.choice = 0;
  }
}

// Takes events that are like others, without a look at their lines.
void stream::take_likes(stream_workspace& with, const std::uint8_t* bytes, std::uint32_t size) {
  constexpr std::string_view start = "data: ";
  while (has_likes_ && state_ == stream_state::open && !done_ && framing_.is_between_events()) {
    const std::uint32_t from = framing_.position();
    if (size - from < start.size() ||
        !text::same_bytes(bytes + from, start.data(), static_cast<std::uint32_t>(start.size())))
      return;
    const std::uint32_t end =
        take_like(with, bytes, from + static_cast<std::uint32_t>(start.size()), size, false);
    if (end == 0) return;
    ++event_count_;
    framing_.skip_event(end + (bytes[end] == '\n' ? 2 : 4));
  }
}

/// An event that differs from another one in such parts only.
struct stream::like_event {
  std::uint32_t which = 0;  // the one that it is like
  std::uint32_t end = 0;
  std::uint32_t kinds = 0;  // a bit for each `varying` that it has
  varying_part parts[likeness::most_parts];
  text::cell cells[static_cast<std::size_t>(varying::kinds_)];
};

// Such an event, which begins at `start`: where it ends. 0: it is none, or needs a closer look.
std::uint32_t stream::take_like(stream_workspace& with, const std::uint8_t* bytes,
                                std::uint32_t start, std::uint32_t limit, bool is_framed) {
  like_event found;
  if (!find_like(with, bytes, start, limit, is_framed, found)) return 0;
  const std::uint32_t end = found.end;
  if ((is_framed && end != limit) || end - start > options_.decode.limits.event_bytes ||
      assembly_.held_bytes() + (end - start) > options_.decode.limits.body_bytes)
    return 0;
  // Where nobody has looked at its lines, it must be followed by a blank one.
  if (!is_framed && framing::line_ends_at(bytes, end, limit) == 0) return 0;
  last_like_ = found.which;
  likes_[found.which].like.count_hit();
  learnt_in_vain_ = 0;
  std::uint32_t word = 0;
  if (!keep_parts(with, bytes, found) ||
      (wants_ != stream_wants::nothing && (word = put_parts(with, found)) == 0))
    return 0;
  if (!add_parts(with, bytes, found, word)) {
    const place root;
    with.decode.begin_event(start, end, event_count_ - (is_framed ? 1 : 0));
    with.decode.report_event(issue_code::LIMIT, severity::error, start, root, "memory", "more");
    fail(with.decode.outcome());
  }
  return end;
}

bool stream::find_like(stream_workspace& with, const std::uint8_t* bytes, std::uint32_t start,
                       std::uint32_t limit, bool is_framed, like_event& found) const {
  found.which = last_like_;
  const std::uint32_t number = event_count_ - (is_framed ? 1 : 0);
  for (std::uint32_t tries = likes_.size(); tries != 0; --tries) {
    const likeness& like = likes_[found.which].like;
    if (like.knows_any())
      found.end = like.match(with.decode, bytes, start, limit, is_framed, number, found.parts);
    if (found.end != 0) return true;
    if (++found.which == likes_.size()) found.which = 0;
  }
  return false;
}

// Its parts as cells. False: one of them needs a closer look.
bool stream::keep_parts(stream_workspace& with, const std::uint8_t* bytes, like_event& found) {
  const std::uint32_t count = likes_[found.which].like.count();
  for (std::uint32_t i = 0; i < count; ++i) {
    varying_part& one = found.parts[i];
    if (one.what >= varying::kinds_) {
      if (one.value == 0 && wants_ != stream_wants::nothing &&
          (one.value = with.decode.keep_open_text(one.from + 1, one.to - 1)) == 0)
        return false;
      continue;
    }
    text::cell& cell = found.cells[static_cast<std::size_t>(one.what)];
    found.kinds |= 1U << static_cast<std::uint32_t>(one.what);
    if (is_object(one.what)) {
      cell.position = one.value;
      continue;
    }
    if (one.what == varying::arguments && assembly::begins_json(part_of(bytes, one.from, one.to)) &&
        !assembly_.go_on(likes_[found.which].target))
      return false;
    if (!one.is_plain ? !with.decode.keep_text(one.from, found.end, cell)
                      : wants_ != stream_wants::nothing &&
                            !with.decode.keep_plain_text(one.from, one.to, cell))
      return false;
  }
  return true;
}

// On the tape: a word that says which kinds of parts there are and how many members that no model
// knows; the cells of the kinds; and for each of these members its value and which one it is.
std::uint32_t stream::put_parts(stream_workspace& with, const like_event& found) {
  constexpr auto kinds = static_cast<std::uint32_t>(varying::kinds_);
  const likeness& like = likes_[found.which].like;
  const std::uint32_t word = with.decode.extend_tape(tape::slot_words * (like.count() + 1));
  if (word == 0) return 0;
  std::uint32_t* const to = with.decode.tape_at(word);
  std::uint32_t* at = to + tape::slot_words;
  for (std::uint32_t kind = 0; kind < kinds; ++kind) {
    if ((found.kinds >> kind & 1U) == 0) continue;
    *at++ = found.cells[kind].position;
    *at++ = found.cells[kind].meta;
  }
  std::uint32_t unknown = 0;
  for (std::uint32_t i = 0; i < like.count(); ++i) {
    const varying_part& one = found.parts[i];
    if (one.what < varying::kinds_) continue;
    ++unknown;
    *at++ = one.value;
    *at++ = (static_cast<std::uint32_t>(one.what) - kinds) | like.order(i) << like_order_shift;
  }
  to[0] = found.kinds | unknown << like_count_shift;
  return word;
}

// Adds its parts to those before. False: no memory.
bool stream::add_parts(stream_workspace& with, const std::uint8_t* bytes, const like_event& found,
                       std::uint32_t word) {
  const assembly::assembly_options how{wants_ == stream_wants::events, false,
                                       options_.decode.contract != models::contract_id::none};
  const likeness& like = likes_[found.which].like;
  assembly::assembly::repeated parts;
  parts.bytes = reinterpret_cast<const char*>(bytes);
  std::uint32_t cell = word;
  for (std::uint32_t kind = 0; kind <= static_cast<std::uint32_t>(varying::arguments); ++kind)
    if ((found.kinds >> kind & 1U) != 0) parts.word[kind] = cell += tape::slot_words;
  for (std::uint32_t i = 0; i < like.count(); ++i) {
    const varying_part& one = found.parts[i];
    const auto kind = static_cast<std::uint32_t>(one.what);
    if (one.what <= varying::arguments) {
      parts.texts |= 1U << kind;
      parts.text[kind] = {one.from, one.to};
      continue;
    }
    if (one.what == varying::obfuscation) continue;
    parts.is_text = false;
    if (one.what >= varying::kinds_) {
      parts.unknown[parts.unknown_count++] = {kind - static_cast<std::uint32_t>(varying::kinds_),
                                              like.node(i),
                                              {one.from - like.name(i), one.to}};
    } else if (one.what >= varying::chunk) {
      parts.members[kind - static_cast<std::uint32_t>(varying::chunk)] = one.value;
    } else if (one.what == varying::logprobs) {
      parts.logprobs = one.value;
    } else {
      parts.usage = one.value;
      parts.usage_source = {one.from, one.to};
    }
  }
  return assembly_.repeat(with.decode, likes_[found.which].target, parts, how) &&
         (wants_ != stream_wants::chunks ||
          chunks_.push(word | is_like | found.which << like_shift));
}

// JSON that is no event. Is it a whole body? Then its messages take the place of deltas.
void stream::take_bare_value(stream_workspace& with, std::uint8_t* bytes, decoded& result,
                             bool is_bare) {
  const place root;
  decoder& from = with.decode;
  const auto decode = [&](std::string_view body) {
    const auto start =
        static_cast<std::uint32_t>(body.data() - reinterpret_cast<const char*>(bytes));
    return from.event(start, start + static_cast<std::uint32_t>(body.size()), event_count_ - 1);
  };
  const std::string_view whole =
      from.source(result.root, merged_object(models::model::chat_completion_chunk));
  const std::string_view inner = unwrap_envelope(from, result.root);
  const std::string_view body = inner.empty() ? whole : inner;
  const auto at = static_cast<std::uint32_t>(body.data() - from.input().data());
  if (!inner.empty()) {
    from.forget_event();
    result = decode(inner);
  }
  if (rename_messages(from, result.root, bytes)) {
    done_ = done_ || is_bare;
    from.forget_event();
    from.report_event(issue_code::BODY_IN_STREAM, severity::warning, at, root);
    if (!inner.empty())
      from.report_event(issue_code::ENVELOPE_UNWRAPPED, severity::warning, at, root);
    result = decode(body);
  } else {
    if (!inner.empty()) {
      from.forget_event();
      result = decode(whole);
    }
  }
}

void stream::take_chunk(stream_workspace& with, const decoded& result) {
  const assembly::assembly_options how{wants_ == stream_wants::events, options_.cumulative,
                                       options_.decode.contract != models::contract_id::none};
  const bool added = assembly_.add(with.decode, result.root, options_.decode.limits, how);
  const decoded after = with.decode.outcome();
  if (!added || (result.ok && !after.ok)) return fail(after);
  if (wants_ != stream_wants::chunks || chunks_.push(result.root)) return;
  const place root;
  with.decode.report_event(issue_code::LIMIT, severity::error, 0, root, "memory", "more");
  fail(with.decode.outcome());
}

void stream::fail(const decoded& why) {
  failure_ = why;
  state_ = stream_state::failed;
}

// ---- The end ------------------------------------------------------------------------------------

void stream::finish(stream_workspace& with, stream_wants wants, bool broken) {
  if (state_ != stream_state::open) return begin(with, {}, wants);
  // What is held is decoded from a copy, as results are of all reads.
  tape::growable<std::uint8_t, 64> last;
  last.swap(held_);
  last.move_to(with.long_event);
  const std::uint32_t size = with.long_event.size();
  const bool has_room = with.long_event.room(cut_room);
  std::uint8_t* bytes = with.long_event.data();
  begin(with, part_of(bytes, 0, size), wants);
  bool cut = false;
  for (frame found = framing_.finish(bytes, size); found.kind != frame_kind::more && !cut;
       found = framing_.finish(bytes, size)) {
    cut = framing_.was_cut() && !done_ &&
          (found.kind == frame_kind::event || found.kind == frame_kind::value);
    const bool is_value = found.kind == frame_kind::value;
    const std::string_view data = part_of(bytes, found.from, found.to);
    if (cut && std::string_view("[DONE]").substr(0, data.size()) == data) break;
    if (cut && has_room && assembly::kind_of(data) == '{') {
      frame closed = found;
      if (end_cut_json(bytes, closed.from, closed.to)) return take_cut(with, closed, bytes);
    }
    take(with, found, bytes);
    if (state_ == stream_state::failed && cut && is_cut_off(failure_)) {
      // The event ends where the stream does: that is what is wrong with it.
      failure_ = {};
      state_ = stream_state::open;
      with.decode.forget_event();
      return truncate(with, "the rest of the last event");
    }
    if (state_ != stream_state::open) return;
    const place root;
    if (!cut || is_value || done_) continue;
    with.decode.begin_event(found.from, found.to, event_count_ - 1);
    with.decode.report_event(issue_code::LAST_EVENT_CUT, severity::info, found.from, root);
  }
  conclude(with, broken);
}

// Takes what there is of an event whose rest never came, which is no chunk.
void stream::take_cut(stream_workspace& with, const frame& closed, std::uint8_t* bytes) {
  if (closed.to != closed.from) {
    const stream_wants wants = wants_;
    if (wants == stream_wants::chunks) wants_ = stream_wants::nothing;
    is_cut_ = true;
    forget_likes();  // what is reported of it, and only that, is forgotten below
    take(with, closed, bytes);
    is_cut_ = false;
    wants_ = wants;
    if (state_ == stream_state::failed && failure_.failure == issue_code::PROVIDER_ERROR) return;
    failure_ = {};
    state_ = stream_state::open;
    with.decode.forget_event();
  }
  truncate(with, "the rest of the last event");
}

void stream::conclude(stream_workspace& with, bool broken) {
  const place root;
  const place choices{&root, "choices"};
  const assembly::assembly_options how{wants_ == stream_wants::events, options_.cumulative, false};
  if (!broken && !has_frames_ && framing_.how() == framing::form::unknown) {
    with.decode.report_whole(issue_code::EMPTY_BODY, received_, root);
    return fail(with.decode.outcome());
  }
  if (broken && !done_) return truncate(with, "the rest of the stream");
  if (!done_ && !assembly_.is_over()) return truncate(with, "a finish reason or [DONE]");
  if (!assembly_.has_choices() && !options_.decode.allow_empty_choices &&
      options_.decode.contract == models::contract_id::none) {
    with.decode.report_whole(issue_code::NO_CHOICES, received_, choices, "a choice", "none");
    return fail(with.decode.outcome());
  }
  state_ = stream_state::complete;
  assembly_.finish(with.decode, how);
  assembly_.report_end(with.decode, received_);
}

void stream::truncate(stream_workspace& with, const char* expected) {
  const place root;
  with.decode.report_whole(issue_code::TRUNCATED, received_, root, expected,
                           "the end of the stream");
  fail(with.decode.outcome());
  state_ = stream_state::truncated;
}

decoded stream::complete(stream_workspace& with, bool final) {
  decoder_options how = options_.decode;
  how.kind = body_kind::completion;
  how.keep_sources = false;
  how.assembled = true;
  how.assembled_at = received_;
  how.limits.body_bytes = 0x7FFFFFFFU;  // what is held was limited as it came
  how.limits.depth += 8;                // and so was its depth, in events
  if (!final) {
    how.contract = models::contract_id::none;
    how.allow_empty_choices = true;
  }
  const bool makes_ids = how.contract == models::contract_id::none;
  if (!assembly_.write(with.document, makes_ids)) return with.decode.refuse_memory(how);
  const decoded result = with.decode.decode(with.document.view(), how);
  if (makes_ids) assembly_.mark_made_up(with.decode, result.root);
  return result;
}

// ---- Text that is still coming ------------------------------------------------------------------

const partial_json* stream::partial_content(stream_workspace& with, double choice_index) {
  return partial(with, assembly_.text_of(choice_index, no_tool_call), choice_index, no_tool_call);
}

const partial_json* stream::partial_arguments(stream_workspace& with, double choice_index,
                                              std::uint32_t tool_call) {
  return partial(with, assembly_.text_of(choice_index, tool_call), choice_index, tool_call);
}

const partial_json* stream::partial(stream_workspace& with,
                                    const assembly::assembly::coming_text& text,
                                    double choice_index, std::uint32_t tool_call) {
  with.partial.clear();
  if (text.text.data() == nullptr) return nullptr;
  std::uint32_t at = 0;
  while (at < watched_.size() &&
         (watched_[at].choice_index != choice_index || watched_[at].tool_call != tool_call))
    ++at;
  if (at == watched_.size()) {
    void* memory = std::malloc(sizeof(partial_json));
    if (memory == nullptr) return nullptr;
    auto* tree = new (memory) partial_json;
    if (!watched_.push({tree, choice_index, tool_call, 0, text.restarts})) {
      tree->~partial_json();
      std::free(memory);
      return nullptr;
    }
  }
  watched& one = watched_[at];
  if (one.restarts != text.restarts) {
    one.restarts = text.restarts;
    one.seen = 0;
    if (!one.tree->restart(with.partial)) {
      one.restarts = ~text.restarts;
      return nullptr;
    }
  }
  const std::string_view unseen = text.text.substr(one.seen);
  one.seen = static_cast<std::uint32_t>(text.text.size());
  const bool is_whole = is_final(choice_index) && !assembly_.is_cut(choice_index);
  if (one.tree->feed(unseen, with.partial) && (!is_whole || one.tree->end(with.partial)))
    return one.tree;
  // There is no memory for what this came to. The next time the text is read from its start.
  one.restarts = ~text.restarts;
  return nullptr;
}

}  // namespace chatwire
