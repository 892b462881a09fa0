// The hot models: those that an ordinary completion or chunk consists of, each with the last of its
// members that widespread servers send (members stand in the order of how often they come). The
// builders have a function for each of these models, in which its members up to that one stand by
// name. An object with any other member, and every other model, is built by the table, which takes
// twice as long.

export const lastHotMember = {
  chat_completion: "system_fingerprint",
  choice: "finish_reason",
  message: "reasoning_details",
  tool_call: "index",
  tool_function: "arguments",
  logprobs: "refusal",
  token_logprob: "top_logprobs",
  top_logprob: "bytes",
  usage: "total_time",
  prompt_tokens_details: "audio_tokens",
  completion_tokens_details: "rejected_prediction_tokens",
  chat_completion_chunk: "obfuscation",
  chunk_choice: "finish_reason",
  delta: "tool_calls",
  tool_call_delta: "function",
};
