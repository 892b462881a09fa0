// Streams: network reads in, chunks and the completion that they come to out.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "chatwire/decode.hpp"
#include "chatwire/issue.hpp"
#include "chatwire/models.hpp"
#include "chatwire/result.hpp"

namespace chatwire {

/// How to decode a stream. Of the limits, `event_bytes` is for one event, `body_bytes` for all that
/// is put together, `choices` and `tool_calls` for what it amounts to, `depth` for an event.
struct stream_decode_options : decode_options {
  /// Leave out an event that cannot be decoded, with a warning, and go on. Otherwise it ends the
  /// stream, as limits and the provider's errors always do.
  bool skip_bad_events = false;
  /// Notice deltas that repeat all that came before them, as a few servers send them, and leave the
  /// repetition out of the completion. Chunks stay as they came.
  bool cumulative_deltas = false;
  /// Make no chunks, only the completion, which is the cheapest way to it.
  bool collect = false;
};

// What the events of a stream are about. `choice` is the index of the choice, `tool_call` the
// position of the call in its message, whatever numbers the server gives its calls. Texts are of
// whole characters: half a surrogate pair waits for the other half. Halves that stay alone are as
// WTF-8 has them (three bytes), here as everywhere.

// nlohmann::json promises that moving it does not throw, in a way that clang-tidy cannot follow.
// NOLINTBEGIN(bugprone-exception-escape)

/// The answer goes on.
struct text_event {
  std::int64_t choice = 0;
  std::string text{};

  bool operator==(const text_event&) const = default;
};

/// The thinking goes on.
struct reasoning_event {
  std::int64_t choice = 0;
  std::string text{};

  bool operator==(const reasoning_event&) const = default;
};

/// The refusal goes on.
struct refusal_event {
  std::int64_t choice = 0;
  std::string text{};

  bool operator==(const refusal_event&) const = default;
};

/// A tool call begins; or goes on under a longer name, of which the beginning was told.
struct tool_call_event {
  std::int64_t choice = 0;
  std::size_t tool_call = 0;
  std::string id{};    ///< empty where the server sent none so far
  std::string name{};  ///< empty where the server never sent one

  bool operator==(const tool_call_event&) const = default;
};

/// The arguments of a tool call go on, or the input of a custom tool.
struct tool_call_arguments_event {
  std::int64_t choice = 0;
  std::size_t tool_call = 0;
  std::string text{};

  bool operator==(const tool_call_arguments_event&) const = default;
};

/// The server tells the tokens so far; the last time counts.
struct usage_event {
  chatwire::usage usage{};

  bool operator==(const usage_event&) const = default;
};

/// One of them.
using stream_event = std::variant<text_event, reasoning_event, refusal_event, tool_call_event,
                                  tool_call_arguments_event, usage_event>;

// NOLINTEND(bugprone-exception-escape)

/// JSON that is still coming. It is valid until the decoder that gave it is reset or destroyed, and
/// grows in place: it goes on when the decoder is asked for it again.
struct partial_json_view {
  const nlohmann::json& value;  ///< what has come so far; null while nothing has
  bool has_begun = false;       ///< something has: a null is one that was sent
  bool complete = false;  ///< the value is whole; a number alone is not before the stream has ended
};

/// How far the arguments of a tool call came.
enum class arguments_state : std::uint8_t {
  complete,   ///< they are JSON, and nothing more of them can come
  truncated,  ///< they are the beginning of JSON, or might have gone on
  invalid,    ///< they are neither
};

/// A tool call of a stream.
struct streamed_tool_call {
  std::int64_t choice = 0;    ///< the index of its choice
  std::size_t tool_call = 0;  ///< its position in the choice's message
  std::string id{};           ///< empty where the server sent none
  std::string name{};         ///< the same
  std::string arguments{};    ///< as they came; of a custom tool its input
  arguments_state state{};    ///< of a custom tool, whose input is any text, never invalid

  bool operator==(const streamed_tool_call&) const = default;
};

/// Decodes one stream, read by read, in whatever form it comes: server-sent events cut anywhere and
/// with any line ends, JSON values without framing, or a whole body where a stream was asked for.
///
///     chatwire::stream_decoder decoder;
///     while (const std::optional<std::string> bytes = connection.read()) {
///       const auto chunks = decoder.feed(*bytes);
///       for (const chatwire::chat_completion_chunk& chunk : *chunks) show(chunk);
///       if (!chunks) return report(chunks.error().message);
///       if (decoder.done()) break;
///     }
///     const auto last = decoder.finish();
///     for (const chatwire::chat_completion_chunk& chunk : *last) show(chunk);
///     if (!last) return report(last.error().message);
///     use(decoder.completion()->choices);
///
/// Nothing here throws, but for a lack of memory. A stream fails once: with the provider's error
/// (PROVIDER_ERROR), where an event cannot be decoded or is not what the contract says (the code of
/// the first such issue), where a limit is passed (LIMIT), where the bytes are no stream
/// (EMPTY_BODY, HTML_BODY, NOT_JSON), or where they end too early (TRUNCATED). What came before is
/// never lost: `*result` has what the same read brought before the failure, `snapshot()` the
/// completion so far.
///
/// Each decoder has buffers of its own, which `reset()` keeps for the next stream: use one decoder
/// for many streams, one after the other. One that was moved from can only be destroyed or assigned
/// to. Not for use by several threads at once.
class stream_decoder {
 public:
  enum class status : std::uint8_t {
    open,
    complete,   ///< the bytes ended as they should
    truncated,  ///< they ended too early: without [DONE], and without a finish reason on every
                ///< choice
    failed,     ///< an event was an error, or could not be decoded
  };

  explicit stream_decoder(const stream_decode_options& options = {});
  ~stream_decoder();
  stream_decoder(stream_decoder&&) noexcept;
  stream_decoder& operator=(stream_decoder&&) noexcept;

  /// Takes one network read: any bytes, which need not stay. Gives the chunks that it completed, of
  /// a failure those before it; none with `collect`. `issues()` of the result are those of this
  /// read. When the stream has ended, more bytes are a failure (STREAM_OVER) and change nothing;
  /// one that has failed tells its failure again.
  [[nodiscard]] result<std::vector<chat_completion_chunk>> feed(std::string_view bytes);
  /// To be called when no more bytes will come; `broken`: because the connection broke, which is
  /// TRUNCATED unless [DONE] has come. Gives the chunks of a last event that no blank line
  /// followed, and the verdict: a failure where the stream is not complete. When the stream has
  /// ended already, it tells the verdict again.
  [[nodiscard]] result<std::vector<chat_completion_chunk>> finish(bool broken = false);

  /// The same, but calls `visit` with each chunk, which it may look at until it returns: chunks
  /// that differ only in their texts are one object again and again, so none is allocated. It must
  /// not call the decoder. What it throws is passed on when the read has been taken in, and the
  /// read's later chunks are not shown. Gives how many were.
  template <std::invocable<const chat_completion_chunk&> Visit>
  [[nodiscard]] result<std::size_t> feed_each(std::string_view bytes, Visit&& visit) {
    auto call = [&visit](const chat_completion_chunk& chunk) { std::invoke(visit, chunk); };
    return each(&bytes, false, visitor(call));
  }
  template <std::invocable<const chat_completion_chunk&> Visit>
  [[nodiscard]] result<std::size_t> finish_each(Visit&& visit, bool broken = false) {
    auto call = [&visit](const chat_completion_chunk& chunk) { std::invoke(visit, chunk); };
    return each(nullptr, broken, visitor(call));
  }

  /// The same, told as what the chunks are about. Reads may be taken in either way, but what one
  /// tells the other does not tell again.
  [[nodiscard]] result<std::vector<stream_event>> feed_events(std::string_view bytes);
  [[nodiscard]] result<std::vector<stream_event>> finish_events(bool broken = false);

  /// The completion, of the type that `decode` gives. Of a complete stream it is checked: a failure
  /// where it is not what the contract says of completions. Of a stream that failed it is that
  /// failure, with what there is as its value; of one that is open what there is so far. `issues()`
  /// of the result are all of the stream's.
  [[nodiscard]] result<chat_completion> completion();
  /// What there is of the completion, whatever has become of the stream. Costs as much as decoding
  /// it.
  [[nodiscard]] chat_completion snapshot();
  /// The tool calls so far, in the order of their choices, and how far each came. Before the end,
  /// and of a stream that was cut off, none that might go on is complete.
  [[nodiscard]] std::vector<streamed_tool_call> tool_calls();

  /// The arguments of a tool call as far as they came, read as JSON; nothing where there is no such
  /// call yet. `choice` is the choice's index, `tool_call` the call's position in its message. A
  /// call costs what came since the last one.
  [[nodiscard]] std::optional<partial_json_view> partial_arguments(std::int64_t choice,
                                                                   std::size_t tool_call);
  /// The same of a choice's content, where it is to be JSON; nothing where no text has come yet, or
  /// the content is parts.
  [[nodiscard]] std::optional<partial_json_view> partial_content(std::int64_t choice);

  status state() const;
  /// No more bytes are needed: [DONE] has come, or a whole body. The connection can be given up.
  bool done() const;
  /// How many comments, pings and events without data there were.
  std::size_t heartbeats() const;
  /// How often the server told the usage; the last time counts.
  std::size_t usage_updates() const;
  /// Everything that was noticed so far. Offsets are bytes from the start of the stream.
  const std::vector<issue>& issues() const;

  /// Forgets everything but the options, to begin with another stream.
  void reset();

 private:
  class work;

  // A reference to an object that is to be called, whose type the library need not know.
  class visitor {
   public:
    template <class Call>
    explicit visitor(Call& call)
        : to_(&call), call_([](void* to, const chat_completion_chunk& chunk) {
            (*static_cast<Call*>(to))(chunk);
          }) {}
    void operator()(const chat_completion_chunk& chunk) const { call_(to_, chunk); }

   private:
    void* to_;
    void (*call_)(void*, const chat_completion_chunk&);
  };

  result<std::size_t> each(const std::string_view* bytes, bool broken, visitor visit);

  std::unique_ptr<work> work_;
};

}  // namespace chatwire
