// Why the model stopped, in one vocabulary for all servers.
import { isObject, objectOrNothing } from "./encode.js";

/**
 * Why the model stopped:
 *
 * - `stop`: it was done, or met a stop sequence
 * - `length`: it ran out of tokens or of context
 * - `tool-calls`: it waits for the results of tools
 * - `content-filter`: the provider withheld the rest
 * - `error`: something broke
 * - `unknown`: the server did not say, or nothing that is known; also a stream that goes on
 */
export type UnifiedFinishReason =
  | "stop"
  | "length"
  | "tool-calls"
  | "content-filter"
  | "error"
  | "unknown";

/** A choice as {@link unifiedFinishReason} takes it: of a completion or of a chunk. */
export interface FinishedChoice {
  /** What the server says. */
  readonly finishReason?: string | null;
  /** The message of a completion's choice. */
  readonly message?: object | null;
  /** Several, as a few servers send them. */
  readonly messages?: readonly object[] | null;
  /** What a chunk's choice adds. */
  readonly delta?: object | null;
}

// What servers send, in lower case and with underscores.
const spellings: Readonly<Record<Exclude<UnifiedFinishReason, "unknown">, readonly string[]>> = {
  stop: [
    "stop",
    "eos", // Together
    "eos_token", // TGI, watsonx
    "end_turn", // Anthropic, xAI, LiteLLM
    "stop_sequence", // Anthropic, TGI, Cohere
    "complete", // Cohere
    "completed",
    "finish", // Amazon Titan
    "finished",
    "endoftext", // AI21
  ],
  length: [
    "length",
    "model_length", // Mistral
    "max_tokens", // Anthropic, Gemini, Cohere
    "max_output_tokens",
    "max_length",
    "max_len", // xAI
    "token_limit", // watsonx
    "context_length_exceeded",
    "model_context_window_exceeded", // Anthropic, Zhipu
    "error_limit", // Cohere
  ],
  "tool-calls": [
    "tool_calls",
    "function_call",
    "tool_call", // Cohere
    "tool_use", // Anthropic
  ],
  "content-filter": [
    "content_filter",
    "content_filtered", // Bedrock
    "guardrail_intervened", // Bedrock
    "safety", // this and the next seven: Gemini
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "image_safety",
    "image_prohibited_content",
    "image_recitation",
    "sensitive", // Zhipu
    "refusal", // Anthropic
    "error_toxic", // Cohere
  ],
  error: [
    "error", // OpenRouter, Mistral, Cohere
    "insufficient_system_resource", // DeepSeek
    "abort", // vLLM, SGLang
    "aborted",
    "cancelled", // watsonx
    "canceled",
    "user_cancel", // Cohere
    "timeout", // Cohere
    "time_limit", // watsonx
    "network_error", // Zhipu
    "failed",
    "malformed_function_call", // this and the next two: Gemini
    "unexpected_tool_call",
    "too_many_tool_calls",
  ],
};

const unified = /* @__PURE__ */ (() =>
  new Map(
    Object.entries(spellings).flatMap(([reason, names]) =>
      names.map((name) => [name, reason as UnifiedFinishReason] as const),
    ),
  ))();

/**
 * Why the model stopped, in one vocabulary for all servers and whatever its letters' case.
 *
 * The message decides where servers are known to be wrong: one with tool calls that ended with
 * `stop` or the like waits for their results (`tool-calls`), and `tool_calls` without any call is
 * a `stop`. Nothing changes `length`, `content-filter` and `error`, for then the calls may be cut.
 *
 * The chunk that ends a stream tells nothing of calls that came before it, so its `tool_calls` is
 * believed. Ask the final completion's choice where the server is not to be trusted.
 *
 * @param choice a choice of a completion or of a chunk; null and undefined are `unknown`
 * @throws TypeError where the choice is not an object
 * @example
 * unifiedFinishReason({ finishReason: "MAX_TOKENS" }); // "length"
 */
export function unifiedFinishReason(
  choice: FinishedChoice | null | undefined,
): UnifiedFinishReason {
  const from: FinishedChoice | undefined = objectOrNothing(
    "unifiedFinishReason",
    "a choice",
    choice,
  );
  if (typeof from?.finishReason !== "string") return "unknown";
  const name = from.finishReason.toLowerCase().replaceAll("-", "_");
  const reason = unified.get(name) ?? "unknown";
  if (reason === "stop" && hasCalls(from)) return "tool-calls";
  if (reason === "tool-calls" && isWhole(from) && !hasCalls(from)) return "stop";
  return reason;
}

// Whether the choice has all of its answer, which those of chunks have not.
function isWhole({ message, messages, delta }: FinishedChoice): boolean {
  return delta === undefined && (message !== undefined || messages !== undefined);
}

function hasCalls({ message, messages, delta }: FinishedChoice): boolean {
  const all: readonly unknown[] = Array.isArray(messages) ? messages : [message ?? delta];
  return all.some((one) => {
    if (!isObject(one)) return false;
    const { toolCalls, functionCall } = one as Callers;
    return (Array.isArray(toolCalls) && toolCalls.length > 0) || isObject(functionCall);
  });
}

interface Callers {
  readonly toolCalls?: unknown;
  readonly functionCall?: unknown;
}
