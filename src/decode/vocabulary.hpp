// Strings that servers send over and over: the tape names them by number, and JavaScript holds each
// of them once.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/describe.hpp"
#include "text/bytes.hpp"

namespace chatwire {

/// By length, so that a lookup compares few.
inline constexpr std::string_view vocabulary[] = {
    "",
    "eos",
    "auto",
    "flex",
    "stop",
    "text",
    "tool",
    "user",
    "error",
    "scale",
    "custom",
    "length",
    "system",
    "default",
    "function",
    "priority",
    "standard",
    "thinking",
    "assistant",
    "developer",
    "image_url",
    "on_demand",
    "reference",
    "tool_calls",
    "input_audio",
    "url_citation",
    "function_call",
    "content_filter",
    "reasoning.text",
    "chat.completion",
    "reasoning.summary",
    "reasoning.encrypted",
    "chat.completion.chunk",
};
inline constexpr std::uint32_t vocabulary_size =
    static_cast<std::uint32_t>(sizeof vocabulary / sizeof *vocabulary);
inline constexpr std::uint32_t longest_word = 21;

namespace detail {

/// Where the words of each length begin.
struct vocabulary_index {
  std::uint8_t first[longest_word + 2]{};

  consteval vocabulary_index() {
    std::size_t word = 0;
    for (std::size_t length = 0; length < longest_word + 2; ++length) {
      while (word < vocabulary_size && vocabulary[word].size() < length) ++word;
      first[length] = static_cast<std::uint8_t>(word);
    }
    for (std::size_t i = 1; i < vocabulary_size; ++i)
      if (vocabulary[i - 1].size() > vocabulary[i].size())
        models::does_not_compile("not in order of length");
    if (vocabulary[vocabulary_size - 1].size() != longest_word)
      models::does_not_compile("longest_word is wrong");
  }
};
inline constexpr vocabulary_index words_by_length{};

}  // namespace detail

/// The number of a word, or -1.
inline std::int32_t find_word(const std::uint8_t* at, std::uint32_t length) {
  if (length > longest_word) return -1;
  const std::uint32_t end = detail::words_by_length.first[length + 1];
  for (std::uint32_t i = detail::words_by_length.first[length]; i < end; ++i)
    if (text::same_bytes(at, vocabulary[i].data(), length)) return static_cast<std::int32_t>(i);
  return -1;
}

/// The number of a word that is in the vocabulary.
consteval std::uint32_t word(std::string_view text) {
  for (std::uint32_t i = 0; i < vocabulary_size; ++i)
    if (vocabulary[i] == text) return i;
  models::does_not_compile("not in the vocabulary");
  return 0;
}

}  // namespace chatwire
