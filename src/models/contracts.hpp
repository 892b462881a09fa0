// The contracts: one documented shape each, and how to find its models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "models/contracts/argot.hpp"
#include "models/contracts/atoma.hpp"
#include "models/contracts/groq.hpp"
#include "models/contracts/log10.hpp"
#include "models/contracts/mistral.hpp"
#include "models/contracts/openai.hpp"
#include "models/contracts/openrouter.hpp"
#include "models/contracts/sudo.hpp"
#include "models/merged.hpp"

namespace chatwire::models {

enum class contract_id : std::uint8_t {
  none,  // the merged models: lenient
  atoma,
  log10,
  argot,
  sudo,
  openai,
  openrouter,
  mistral,
  groq,
  count_,  // how many there are
};

struct contract_document {
  const char* name = "";
  const char* title = "";  // prose
  const object_schema* completion = nullptr;
  const object_schema* chunk = nullptr;
  const object_schema* error = nullptr;
};

#if CHATWIRE_PROSE
#define CHATWIRE_TITLE(words) words
#else
#define CHATWIRE_TITLE(words) ""
#endif

/// By contract_id.
inline constexpr contract_document contracts[] = {
    {"lenient", CHATWIRE_TITLE("The superset of all contracts"), &merged::chat_completion,
     &merged::chat_completion_chunk, &merged::error_response},
    {"atoma", CHATWIRE_TITLE("Atoma"), &atoma::completion, &atoma::chunk, &atoma::error},
    {"log10", CHATWIRE_TITLE("log10py: OpenAI in spring 2024"), &log10::completion, &log10::chunk,
     &log10::error},
    {"argot", CHATWIRE_TITLE("argot-open-ai: OpenAI in October 2024"), &argot::completion,
     &argot::chunk, &argot::error},
    {"sudo", CHATWIRE_TITLE("Sudo"), &sudo::completion, &sudo::chunk, &sudo::error},
    {"openai", CHATWIRE_TITLE("OpenAI today"), &openai::completion, &openai::chunk, &openai::error},
    {"openrouter", CHATWIRE_TITLE("OpenRouter"), &openrouter::completion, &openrouter::chunk,
     &openrouter::error},
    {"mistral", CHATWIRE_TITLE("Mistral"), &mistral::completion, &mistral::chunk, &mistral::error},
    {"groq", CHATWIRE_TITLE("Groq"), &groq::completion, &groq::chunk, &groq::error},
};

#undef CHATWIRE_TITLE

static_assert(std::size(contracts) == static_cast<std::size_t>(contract_id::count_));

namespace merged {
inline constexpr const object_schema* all[] = {
#define CHATWIRE_MODEL(name) &name,
    CHATWIRE_MODELS(CHATWIRE_MODEL)
#undef CHATWIRE_MODEL
};
}  // namespace merged

/// The merged model, by its number.
constexpr const object_schema& merged_schema(model which) {
  return *merged::all[static_cast<std::size_t>(which)];
}

}  // namespace chatwire::models
