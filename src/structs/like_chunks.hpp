// Chunks that differ in some members only from one that was read before
// (src/stream/likeness.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "chatwire/models.hpp"
#include "tape/view.hpp"

namespace chatwire::structs {

// nlohmann::json promises that moving it does not throw, in a way that clang-tidy cannot follow.
// NOLINTBEGIN(bugprone-exception-escape)

/// What chunks that are like one are copied from.
struct like_model {
  chat_completion_chunk chunk;  // without log-probabilities and usage, of which each has its own
  /// The names of what it, its choice and its delta have that no model knows.
  std::array<std::vector<std::string>, 3> unknown{};
};

// NOLINTEND(bugprone-exception-escape)

/// That of the chunk at `word`.
like_model model_of(const tape::view& tape, std::uint32_t word, chat_completion_chunk chunk);

/// Gives a copy of that chunk the parts that one like it has of its own: which ones, and their
/// cells, are at `word`.
void read_parts(const tape::view& tape, std::uint32_t word, const like_model& model,
                chat_completion_chunk& out);

}  // namespace chatwire::structs
