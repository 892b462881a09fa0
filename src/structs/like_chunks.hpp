// Chunks that differ in texts, log-probabilities and usage only from one that was read before
// (src/stream/likeness.hpp).
#pragma once

#include <cstdint>

#include "chatwire/models.hpp"
#include "tape/view.hpp"

namespace chatwire::structs {

/// What chunks that are like this one are copied from: it has no log-probabilities and no usage,
/// of which each has its own.
chat_completion_chunk model_of(chat_completion_chunk chunk);

/// Gives a copy of the chunk that another one is like the parts of that one in which they differ:
/// which ones, and their cells, are at `word`.
void read_parts(const tape::view& tape, std::uint32_t word, chat_completion_chunk& out);

}  // namespace chatwire::structs
