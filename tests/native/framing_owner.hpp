// Framing in use: what is found in a stream that comes in reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "stream/framing.hpp"
#include "texts.hpp"

namespace chatwire::test {

/// Frames as words: "event {...}", "heartbeat"; " (cut)" behind those that were.
using frame_list = std::vector<std::string>;

inline const char* const kind_names[] = {"more",      "event", "error", "done",
                                         "heartbeat", "value", "text",  "stray"};

/// An owner of a buffer, which does with it what owners may.
class owner {
 public:
  void feed(std::string_view bytes) {
    stream_ += bytes;
    // Exactly as large as it must be, and somewhere else each time, for the address sanitizer.
    const std::size_t size = held_ + bytes.size();
    auto moved = std::make_unique<std::uint8_t[]>(size);
    if (held_ != 0) std::memcpy(moved.get(), buffer_.get(), held_);
    if (!bytes.empty()) std::memcpy(moved.get() + held_, bytes.data(), bytes.size());
    buffer_ = std::move(moved);
    held_ = size;
    while (take(frames_.next(buffer_.get(), narrow(size)), false)) continue;
    drop();
  }

  void end() {
    while (take(frames_.finish(buffer_.get(), narrow(held_)), true)) continue;
    CHECK(frames_.finish(buffer_.get(), narrow(held_)).kind == frame_kind::more);
  }

  const frame_list& found() const { return found_; }
  /// Where each of them begins in the stream.
  const std::vector<std::size_t>& offsets() const { return offsets_; }
  framing::form how() const { return frames_.how(); }
  std::size_t held() const { return held_; }

 private:
  static std::uint32_t narrow(std::size_t size) { return static_cast<std::uint32_t>(size); }

  bool take(const frame& found, bool at_end) {
    if (found.kind == frame_kind::more) return false;
    std::string shown = kind_names[static_cast<int>(found.kind)];
    if (found.kind != frame_kind::heartbeat) shown += join({" ", content(found)});
    if (at_end && frames_.was_cut()) shown += " (cut)";
    found_.push_back(shown);
    offsets_.push_back(found.kind == frame_kind::heartbeat ? 0 : dropped_ + found.from);
    return true;
  }

  std::string_view content(const frame& found) {
    REQUIRE(found.from < found.to);
    REQUIRE(found.to <= held_);
    const std::string_view bytes(reinterpret_cast<const char*>(buffer_.get()) + found.from,
                                 found.to - found.from);
    const std::string_view white = " \t\r\n";
    CHECK(white.find(bytes.front()) == std::string_view::npos);
    CHECK(white.find(bytes.back()) == std::string_view::npos);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      if (bytes[i] != ' ') REQUIRE(bytes[i] == stream_[dropped_ + found.from + i]);
    return bytes;
  }

  void drop() {
    const std::uint32_t bytes = frames_.needed_from();
    REQUIRE(bytes <= held_);
    frames_.drop(bytes);
    dropped_ += bytes;
    held_ -= bytes;
    std::memmove(buffer_.get(), buffer_.get() + bytes, held_);
  }

  framing frames_;
  std::unique_ptr<std::uint8_t[]> buffer_ = std::make_unique<std::uint8_t[]>(0);
  std::size_t held_ = 0;
  std::size_t dropped_ = 0;
  std::string stream_;
  frame_list found_;
  std::vector<std::size_t> offsets_;
};

inline owner read_in(const std::vector<std::string_view>& reads) {
  owner made;
  for (const std::string_view bytes : reads) made.feed(bytes);
  made.end();
  return made;
}

inline void compare(const owner& one, const owner& other) {
  CHECK(one.found() == other.found());
  CHECK(one.offsets() == other.offsets());
  CHECK(one.how() == other.how());
}

inline std::vector<std::string_view> in_bytes(std::string_view stream) {
  std::vector<std::string_view> made;
  for (std::size_t i = 0; i < stream.size(); ++i) made.push_back(stream.substr(i, 1));
  return made;
}

}  // namespace chatwire::test

template <>
struct doctest::StringMaker<chatwire::test::frame_list> {
  static String convert(const chatwire::test::frame_list& frames) {
    std::string made;
    for (const std::string& shown : frames) made += chatwire::test::join({shown, "\n"});
    return {made.data(), static_cast<unsigned>(made.size())};
  }
};
