// The hot models: those that an ordinary completion or chunk consists of, each with the members that
// widespread servers send, by their wire names. The builders have a function for each of these
// models, in which its hot members stand by name. An object with any other member, and every other
// model, is built by the table, which takes up to twice as long.

export const hotMembers = {
  chat_completion:
    "id object created model choices usage service_tier system_fingerprint usage_breakdown x_groq",
  choice: "index message logprobs finish_reason",
  message:
    "role content refusal reasoning reasoning_content tool_calls annotations audio function_call reasoning_details",
  tool_call: "id type function index",
  tool_function: "name arguments",
  logprobs: "content refusal",
  token_logprob: "token logprob bytes top_logprobs",
  top_logprob: "token logprob bytes",
  usage:
    "prompt_tokens completion_tokens total_tokens prompt_tokens_details completion_tokens_details cost cost_details is_byok queue_time prompt_time completion_time total_time",
  prompt_tokens_details: "cached_tokens audio_tokens",
  completion_tokens_details:
    "reasoning_tokens audio_tokens accepted_prediction_tokens rejected_prediction_tokens",
  chat_completion_chunk:
    "id object created model choices usage service_tier system_fingerprint obfuscation",
  chunk_choice: "index delta logprobs finish_reason",
  delta: "role content refusal reasoning reasoning_content tool_calls",
  tool_call_delta: "index id type function",
};

// The sets of members in which objects come most: these are written as literals, at once, which takes
// half the time of one member after the other. Only models of which a body has many objects, or the
// objects many members, are worth the size.
export const commonSets = {
  chat_completion: "id object created model choices usage service_tier system_fingerprint",
  choice: "index message logprobs finish_reason",
  token_logprob: "token logprob bytes top_logprobs",
  top_logprob: "token logprob bytes",
  usage:
    "prompt_tokens completion_tokens total_tokens prompt_tokens_details completion_tokens_details",
  completion_tokens_details:
    "reasoning_tokens audio_tokens accepted_prediction_tokens rejected_prediction_tokens",
};
