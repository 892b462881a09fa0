// What comes of a stream, as it can be compared.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "chatwire/chatwire.hpp"
#include "decode/issue_log.hpp"

namespace chatwire::test {

/// Everything that a decoder tells of a stream, as it can be compared.
struct outcome {
  stream_decoder::status state{};
  bool done = false;
  std::size_t heartbeats = 0;
  std::size_t usage_updates = 0;
  std::vector<std::string> chunks;
  std::vector<stream_event> events;
  std::vector<issue> issues;
  std::string snapshot;
  std::optional<std::string> completion;
  std::vector<streamed_tool_call> calls;
  issue_code failure{};
  std::string message;
  std::size_t offset = 0;
  std::optional<error_payload> provider;
  nlohmann::json body;

  bool operator==(const outcome&) const = default;
};

/// How it is asked for what comes.
enum class telling { chunks, each, events };

inline void keep_failure(outcome& to, const failure& why) {
  to.failure = why.code;
  to.message = why.message;
  to.offset = why.offset;
  to.provider = why.provider;
  to.body = why.body;
}

inline void keep(outcome& to, const result<std::vector<chat_completion_chunk>>& read) {
  for (const chat_completion_chunk& one : *read) to.chunks.push_back(encode(one));
  if (!read) keep_failure(to, read.error());
}
inline void keep(outcome& to, const result<std::vector<stream_event>>& read) {
  to.events.insert(to.events.end(), read->begin(), read->end());
  if (!read) keep_failure(to, read.error());
}

inline void keep(outcome& to, const result<std::size_t>& read) {
  if (!read) keep_failure(to, read.error());
}

/// Feeds a stream, cut at these places, to a decoder that is ready for it.
inline outcome run(stream_decoder& decoder, std::string_view bytes,
                   const std::vector<std::size_t>& cuts, telling asked = telling::chunks) {
  outcome made;
  std::vector<issue> told;
  const auto take = [&](const auto& read) {
    keep(made, read);
    told.insert(told.end(), read.issues().begin(), read.issues().end());
  };
  std::size_t shown = 0;
  const auto show = [&](const chat_completion_chunk& one) {
    made.chunks.push_back(encode(one));
    ++shown;
  };
  const auto take_each = [&](const result<std::size_t>& read) {
    take(read);
    CHECK(*read == std::exchange(shown, 0));
  };
  std::size_t from = 0;
  const auto feed = [&](std::size_t to) {
    // A copy of its own, so that sanitizers see what is read beyond it or after it.
    const std::vector<char> read(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(to));
    const std::string_view view{read.data(), read.size()};
    from = to;
    if (decoder.state() != stream_decoder::status::open) return;
    if (asked == telling::chunks) take(decoder.feed(view));
    if (asked == telling::each) take_each(decoder.feed_each(view, show));
    if (asked == telling::events) take(decoder.feed_events(view));
  };
  for (const std::size_t to : cuts) feed(to);
  feed(bytes.size());
  if (decoder.state() == stream_decoder::status::open) {
    if (asked == telling::chunks) take(decoder.finish());
    if (asked == telling::each) take_each(decoder.finish_each(show));
    if (asked == telling::events) take(decoder.finish_events());
  }
  // Of all that are told the first ones are kept.
  std::vector<issue> kept = decoder.issues();
  if (told.size() > issue_log::most) {
    told.resize(issue_log::most);
    kept.resize(issue_log::most);
  }
  CHECK(told == kept);
  made.state = decoder.state();
  made.done = decoder.done();
  made.heartbeats = decoder.heartbeats();
  made.usage_updates = decoder.usage_updates();
  made.issues = decoder.issues();
  made.snapshot = encode(decoder.snapshot());
  made.calls = decoder.tool_calls();
  const auto completion = decoder.completion();
  CHECK(encode(*completion) == made.snapshot);
  if (completion) made.completion = encode(*completion);
  return made;
}

inline outcome run(std::string_view bytes, const stream_decode_options& options = {},
                   const std::vector<std::size_t>& cuts = {}, telling asked = telling::chunks) {
  stream_decoder decoder(options);
  return run(decoder, bytes, cuts, asked);
}

inline std::vector<std::size_t> everywhere(std::string_view bytes) {
  std::vector<std::size_t> made;
  for (std::size_t at = 1; at < bytes.size(); ++at) made.push_back(at);
  return made;
}

}  // namespace chatwire::test
