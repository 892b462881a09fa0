// The merged models for JavaScript, which reads by them what the generated builders do not know,
// and encodes by them.
#pragma once

#include <cstdint>

namespace chatwire {

/// The members of a merged model (its number is its `model`) in the order of their slots, until the
/// next call: wire names with a space between, each followed, where it is no text, by ":" and the
/// letter of its kind, and by the number of the model inside. ts/core/models.ts reads it.
const char* model_text(std::uint32_t number);

}  // namespace chatwire
