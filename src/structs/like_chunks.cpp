#include "structs/like_chunks.hpp"

#include <string>
#include <utility>
#include <variant>

#include "stream/stream.hpp"
#include "structs/from_tape.hpp"
#include "structs/generated/descriptions.hpp"
#include "tape/tape.hpp"

namespace chatwire::structs {
namespace {

constexpr std::uint32_t choices_slot =
    assembly::slot_of(models::merged::chat_completion_chunk, "choices");
constexpr std::uint32_t delta_slot = assembly::slot_of(models::merged::chunk_choice, "delta");

// A text that chunks of this kind may differ in: those that have it are alike in what it lies in.
std::string& text_of(chat_completion_chunk& chunk, varying what) {
  if (what == varying::obfuscation) return *chunk.obfuscation;
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

like_model model_of(const tape::view& tape, std::uint32_t word, chat_completion_chunk chunk) {
  const auto child = [&](std::uint32_t object, std::uint32_t slot) {
    return tape.words[object + tape::header_words + tape::slot_words * slot];
  };
  like_model made{std::move(chunk), {}};
  auto& logprobs = made.chunk.choices.front().logprobs;
  if (logprobs) logprobs.emplace();
  if (made.chunk.usage) made.chunk.usage.emplace();
  const std::uint32_t choice = child(word, choices_slot);
  const std::uint32_t objects[] = {word, choice, child(choice, delta_slot)};
  for (std::size_t of = 0; of < 3; ++of)
    for (std::uint32_t at = tape.words[objects[of] + 2]; at != 0; at = tape.words[at])
      made.unknown[of].emplace_back(tape.text(at + 2));
  return made;
}

void read_parts(const tape::view& tape, std::uint32_t word, const like_model& model,
                chat_completion_chunk& out) {
  chunk_choice& choice = out.choices.front();
  const std::uint32_t parts = tape.words[word];
  for (std::uint32_t kind = 0; kind < static_cast<std::uint32_t>(varying::kinds_); ++kind) {
    if ((parts >> kind & 1U) == 0) continue;
    word += tape::slot_words;
    const std::uint32_t object = tape.words[word];
    switch (static_cast<varying>(kind)) {
      case varying::logprobs:
        read_again(tape, object, choice.logprobs);
        break;
      case varying::usage:
        read_again(tape, object, out.usage);
        break;
      case varying::chunk:
        read_known(tape, object, out);
        break;
      case varying::choice:
        read_known(tape, object, choice);
        break;
      case varying::delta:
        read_known(tape, object, *choice.delta);
        break;
      default:
        text_of(out, static_cast<varying>(kind)) = tape.text(word);
    }
  }
  nlohmann::json* const extras[] = {&out.extra, &choice.extra, &choice.delta->extra};
  for (std::uint32_t left = parts >> stream::like_count_shift; left != 0; --left) {
    word += tape::slot_words;
    const std::uint32_t of = tape.words[word + 1] & 3U;
    const std::uint32_t order = tape.words[word + 1] >> stream::like_order_shift;
    keep(*extras[of], model.unknown[of][order], open_value(tape, tape.words[word]));
  }
}

}  // namespace chatwire::structs
