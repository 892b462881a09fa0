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

inline constexpr std::size_t vocabulary_letters = [] {
  std::size_t letters = 0;
  for (const std::string_view word : vocabulary) letters += word.size();
  return letters;
}();

/// The words as one text, and where those of each length begin, by number and in the text.
struct vocabulary_index {
  char text[vocabulary_letters]{};
  std::uint8_t first[longest_word + 2]{};
  std::uint16_t start[longest_word + 2]{};

  consteval vocabulary_index() {
    std::size_t word = 0;
    std::size_t letters = 0;
    for (std::size_t length = 0; length < longest_word + 2; ++length) {
      first[length] = static_cast<std::uint8_t>(word);
      start[length] = static_cast<std::uint16_t>(letters);
      for (; word < vocabulary_size && vocabulary[word].size() == length; ++word)
        for (const char letter : vocabulary[word]) text[letters++] = letter;
    }
    if (word != vocabulary_size) models::does_not_compile("not in order of length, or too long");
    if (vocabulary[vocabulary_size - 1].size() != longest_word)
      models::does_not_compile("longest_word is wrong");
  }
};
inline constexpr vocabulary_index words_by_length{};

}  // namespace detail

/// The text of the word of this number and length.
inline const char* word_text(std::uint32_t number, std::uint32_t length) {
  const detail::vocabulary_index& all = detail::words_by_length;
  return all.text + all.start[length] + (number - all.first[length]) * length;
}

/// The number of a word, or -1.
inline std::int32_t find_word(const std::uint8_t* at, std::uint32_t length) {
  if (length > longest_word) return -1;
  const detail::vocabulary_index& all = detail::words_by_length;
  const char* word = all.text + all.start[length];
  for (std::uint32_t i = all.first[length]; i < all.first[length + 1]; ++i, word += length)
    if (text::same_bytes(at, word, length)) return static_cast<std::int32_t>(i);
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
