#include "structs/like_chunks.hpp"

#include <string>
#include <variant>

#include "stream/likeness.hpp"
#include "structs/from_tape.hpp"
#include "structs/generated/descriptions.hpp"
#include "tape/tape.hpp"

namespace chatwire::structs {
namespace {

// A text that chunks of this kind may differ in: those that have it are alike in what it lies in.
std::string& text_of(chat_completion_chunk& chunk, varying what) {
  if (what == varying::obfuscation) return *chunk.obfuscation;
  if (what == varying::padding) return chunk.extra.front().get_ref<std::string&>();
  delta& of = *chunk.choices.front().delta;
  switch (what) {
    case varying::content:
      return std::get<std::string>(*of.content);
    case varying::reasoning:
      return *of.reasoning;
    case varying::reasoning_content:
      return *of.reasoning_content;
    case varying::refusal:
      return *of.refusal;
    default:
      return *of.tool_calls->front().function->arguments;
  }
}

// Of each chunk its own, in what there is of an earlier one's.
template <class Model>
void read_again(const tape::view& tape, std::uint32_t at, field<Model>& to) {
  if (!to) to.emplace();
  read_object<filled::before>(tape, at, *to);
}

}  // namespace

chat_completion_chunk model_of(chat_completion_chunk chunk) {
  auto& held = chunk.choices.front().logprobs;
  if (held) held.emplace();
  if (chunk.usage) chunk.usage.emplace();
  return chunk;
}

void read_parts(const tape::view& tape, std::uint32_t word, chat_completion_chunk& out) {
  const std::uint32_t kinds = tape.words[word];
  for (std::uint32_t kind = 0; kind < static_cast<std::uint32_t>(varying::count_); ++kind) {
    if ((kinds >> kind & 1U) == 0) continue;
    word += tape::slot_words;
    if (static_cast<varying>(kind) == varying::logprobs) {
      read_again(tape, tape.words[word], out.choices.front().logprobs);
      continue;
    }
    if (static_cast<varying>(kind) == varying::usage) {
      read_again(tape, tape.words[word], out.usage);
      continue;
    }
    text_of(out, static_cast<varying>(kind)) = tape.text(word);
  }
}

}  // namespace chatwire::structs
