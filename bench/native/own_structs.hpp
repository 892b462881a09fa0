// Structs of somebody who writes his own: what OpenAI documents of text, tools, log-probabilities
// and usage, no more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench::own {

struct tool_function {
  std::optional<std::string> name{};
  std::optional<std::string> arguments{};
};

struct tool_call {
  std::int64_t index = 0;
  std::optional<std::string> id{};
  std::optional<std::string> type{};
  tool_function function{};
};

struct message {
  std::optional<std::string> role{};
  std::optional<std::string> content{};
  std::optional<std::string> refusal{};
  std::optional<std::string> reasoning_content{};
  std::vector<tool_call> tool_calls{};
};

struct top_logprob {
  std::string token{};
  double logprob = 0;
  std::vector<std::int64_t> bytes{};
};

struct token_logprob {
  std::string token{};
  double logprob = 0;
  std::vector<std::int64_t> bytes{};
  std::vector<top_logprob> top_logprobs{};
};

struct logprobs {
  std::vector<token_logprob> content{};
};

struct prompt_tokens_details {
  double cached_tokens = 0;
  double audio_tokens = 0;
};

struct completion_tokens_details {
  double reasoning_tokens = 0;
  double audio_tokens = 0;
  double accepted_prediction_tokens = 0;
  double rejected_prediction_tokens = 0;
};

struct usage {
  double prompt_tokens = 0;
  double completion_tokens = 0;
  double total_tokens = 0;
  struct prompt_tokens_details prompt_tokens_details {};
  struct completion_tokens_details completion_tokens_details {};
};

struct choice {
  std::int64_t index = 0;
  struct message message {};
  std::optional<struct logprobs> logprobs{};
  std::optional<std::string> finish_reason{};
};

struct chunk_choice {
  std::int64_t index = 0;
  message delta{};
  std::optional<struct logprobs> logprobs{};
  std::optional<std::string> finish_reason{};
};

template <class Choice>
struct completion_of {
  std::string id{};
  std::string object{};
  std::int64_t created = 0;
  std::string model{};
  std::vector<Choice> choices{};
  std::optional<struct usage> usage{};
  std::optional<std::string> service_tier{};
  std::optional<std::string> system_fingerprint{};
  std::optional<std::string> obfuscation{};  // on chunks
};

using chat_completion = completion_of<choice>;
using chat_completion_chunk = completion_of<chunk_choice>;

}  // namespace bench::own
