// The sets of members that real servers send most, for the models that an ordinary completion or
// chunk consists of. For each set, the model's builder has an object literal of its own, which costs
// a fraction of setting member by member.
//
// A set is a list of wire names; "+extra" at the end: unknown members are common with it, too.

export const shapes = {
  chat_completion: [
    "id object created model choices usage",
    "id object created model choices usage system_fingerprint",
    "id object created model choices usage service_tier system_fingerprint +extra",
  ],
  choice: ["index message finish_reason", "index message logprobs finish_reason +extra"],
  message: [
    "role content",
    "role content refusal",
    "role content refusal annotations",
    "role content reasoning",
    "role content reasoning_content",
    "role content tool_calls",
    "role content refusal annotations tool_calls",
    "role content reasoning_content tool_calls",
  ],
  tool_call: ["id type function", "id type function index"],
  tool_function: ["name arguments", "arguments"],
  function_call: ["name arguments"],
  usage: [
    "prompt_tokens completion_tokens total_tokens",
    "prompt_tokens completion_tokens total_tokens prompt_tokens_details +extra",
    "prompt_tokens completion_tokens total_tokens prompt_tokens_details completion_tokens_details +extra",
  ],
  prompt_tokens_details: ["cached_tokens", "cached_tokens audio_tokens"],
  completion_tokens_details: [
    "reasoning_tokens",
    "reasoning_tokens audio_tokens accepted_prediction_tokens rejected_prediction_tokens",
  ],
  logprobs: ["content", "content refusal"],
  token_logprob: ["token logprob bytes top_logprobs"],
  top_logprob: ["token logprob bytes"],
  content_part: ["type text", "type thinking"],
  thinking_part: ["type text"],
  annotation: ["type url_citation"],
  url_citation: ["end_index start_index url title"],
  reasoning_detail: ["type text format index", "type summary format index"],
  chat_completion_chunk: [
    "id object created model choices",
    "id object created model choices system_fingerprint",
    "id object created model choices usage",
    "id object created model choices usage system_fingerprint",
    "id object created model choices service_tier system_fingerprint",
    "id object created model choices service_tier system_fingerprint obfuscation",
    "id object created model choices usage service_tier system_fingerprint obfuscation",
  ],
  chunk_choice: [
    "index delta",
    "index delta finish_reason",
    "index delta logprobs finish_reason +extra",
  ],
  delta: [
    "content",
    "role content",
    "role content refusal",
    "content reasoning_content",
    "role content reasoning_content",
    "role content reasoning",
    "reasoning",
    "reasoning_content",
    "tool_calls",
  ],
  tool_call_delta: ["index function", "index id type function"],
};
