// Uses results: a character of each text is read, and every number, so that nothing can be left undone.
// Each side of a series imports this module for itself (see run-series.mjs), as a program has only one of
// them: then functions that are called with one form of objects are compiled for that form.

let used = 0;
let kept;

/** Keeps what is used from now on, until the list is taken. */
export function keep() {
  kept = [];
}
export function taken() {
  const list = kept;
  kept = undefined;
  return list;
}
export const isUsed = () => Number.isFinite(used) && used !== 0;

function useText(text) {
  if (typeof text === "string" && text.length > 0) used += text.charCodeAt(text.length >> 1);
}

function useToken({ token, logprob, bytes }) {
  useText(token);
  if (logprob !== undefined) used += logprob; // a peer may leave it out
  if (bytes) used += bytes.length;
}

// ---- Names as on the wire -----------------------------------------------------------------------

function useWireLogprobs(logprobs) {
  for (const token of logprobs.content ?? []) {
    useToken(token);
    for (const other of token.top_logprobs) useToken(other);
  }
}

function useWireUsage({ prompt_tokens, completion_tokens, total_tokens }) {
  used += prompt_tokens + completion_tokens + total_tokens;
}

function useWireMessage(message) {
  useText(message.role);
  useText(message.content);
  useText(message.reasoning_content);
  const calls = message.tool_calls;
  if (!calls) return;
  for (const call of calls) {
    useText(call.id);
    useText(call.type);
    useText(call.function?.name);
    useText(call.function?.arguments);
  }
}

function useWireHead(of) {
  used += of.created;
  useText(of.id);
  useText(of.object);
  useText(of.model);
  useText(of.service_tier);
  useText(of.system_fingerprint);
  if (of.usage) useWireUsage(of.usage);
}

export function useWireCompletion(completion) {
  if (kept !== undefined) kept.push(completion);
  useWireHead(completion);
  for (const choice of completion.choices) {
    useWireMessage(choice.message);
    useText(choice.finish_reason);
    if (choice.logprobs) useWireLogprobs(choice.logprobs);
  }
}

export function useWireChunk(chunk) {
  if (kept !== undefined) kept.push(chunk);
  useWireHead(chunk);
  useText(chunk.obfuscation);
  for (const choice of chunk.choices) {
    useWireMessage(choice.delta);
    useText(choice.finish_reason);
    if (choice.logprobs) useWireLogprobs(choice.logprobs);
  }
}

// ---- Names in camelCase -------------------------------------------------------------------------

function useLogprobs(logprobs) {
  for (const token of logprobs.content ?? []) {
    useToken(token);
    for (const other of token.topLogprobs) useToken(other);
  }
}

function useUsage({ promptTokens, completionTokens, totalTokens }) {
  used += promptTokens + completionTokens + totalTokens;
}

function useMessage(message) {
  useText(message.role);
  useText(message.content);
  useText(message.reasoningContent);
  const calls = message.toolCalls;
  if (!calls) return;
  for (const call of calls) {
    useText(call.id);
    useText(call.type);
    useText(call.function?.name);
    useText(call.function?.arguments);
  }
}

function useHead(of) {
  used += of.created;
  useText(of.id);
  useText(of.object);
  useText(of.model);
  useText(of.serviceTier);
  useText(of.systemFingerprint);
  if (of.usage) useUsage(of.usage);
}

export function useCompletion(completion) {
  if (kept !== undefined) kept.push(completion);
  useHead(completion);
  for (const choice of completion.choices) {
    useMessage(choice.message);
    useText(choice.finishReason);
    if (choice.logprobs) useLogprobs(choice.logprobs);
  }
}

export function useChunk(chunk) {
  if (kept !== undefined) kept.push(chunk);
  useHead(chunk);
  useText(chunk.obfuscation);
  for (const choice of chunk.choices) {
    useMessage(choice.delta);
    useText(choice.finishReason);
    if (choice.logprobs) useLogprobs(choice.logprobs);
  }
}
