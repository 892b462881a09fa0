// Renaming by hand, member by member: what OpenAI documents, and nothing else.

const toUsage = (usage) => ({
  promptTokens: usage.prompt_tokens,
  completionTokens: usage.completion_tokens,
  totalTokens: usage.total_tokens,
  ...(usage.prompt_tokens_details && {
    promptTokensDetails: {
      cachedTokens: usage.prompt_tokens_details.cached_tokens,
      audioTokens: usage.prompt_tokens_details.audio_tokens,
    },
  }),
  ...(usage.completion_tokens_details && {
    completionTokensDetails: {
      reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
      audioTokens: usage.completion_tokens_details.audio_tokens,
      acceptedPredictionTokens: usage.completion_tokens_details.accepted_prediction_tokens,
      rejectedPredictionTokens: usage.completion_tokens_details.rejected_prediction_tokens,
    },
  }),
});

const toToken = ({ token, logprob, bytes, top_logprobs }) => ({
  token,
  logprob,
  bytes,
  topLogprobs: top_logprobs,
});

const toLogprobs = (logprobs) =>
  logprobs && {
    content: logprobs.content?.map(toToken) ?? null,
    refusal: logprobs.refusal?.map(toToken) ?? null,
  };

const toMessage = (message) => ({
  role: message.role,
  content: message.content,
  refusal: message.refusal,
  ...(message.annotations && { annotations: message.annotations }),
  ...(message.tool_calls && { toolCalls: message.tool_calls }),
});

function toHead(of) {
  return {
    id: of.id,
    object: of.object,
    created: of.created,
    model: of.model,
    serviceTier: of.service_tier,
    systemFingerprint: of.system_fingerprint,
    choices: undefined,
    usage: of.usage && toUsage(of.usage),
  };
}

export function toCompletion(body) {
  const made = toHead(body);
  made.choices = body.choices.map(({ index, message, finish_reason, logprobs }) => ({
    index,
    message: toMessage(message),
    finishReason: finish_reason,
    logprobs: toLogprobs(logprobs),
  }));
  return made;
}

export function toChunk(chunk) {
  const made = toHead(chunk);
  made.choices = chunk.choices.map(({ index, delta, finish_reason, logprobs }) => ({
    index,
    delta: toMessage(delta),
    finishReason: finish_reason,
    logprobs: toLogprobs(logprobs),
  }));
  return made;
}
