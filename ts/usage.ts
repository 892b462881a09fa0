// What a request used, in whatever way a server counts it.
import { isObject, objectOrNothing, readMember } from "./encode.js";

/** A usage as the helpers take it: lenient or of any contract. */
export interface UsageLike {
  /** Tokens of the prompt. */
  readonly promptTokens?: number | null;
  /** Tokens of the answer. */
  readonly completionTokens?: number | null;
  /** Tokens of both. */
  readonly totalTokens?: number | null;
  /** What no model knows, such as the names that a few servers have for details. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Tokens of an answer's text, as {@link textTokens} counts them. */
export interface TextTokens {
  /** Tokens of the text. */
  readonly tokens: number;
  /** True where more reasoning than answer was counted, and `tokens` is 0 for want of better. */
  readonly clamped: boolean;
}

const wanted = "a usage";

/**
 * Tokens of the prompt and the answer: the total that the server gives, or else the sum.
 *
 * @param usage a usage; null and undefined have no tokens
 * @returns tokens; undefined where the server gives neither a total nor both its parts
 * @throws TypeError where the usage is not an object
 * @example
 * totalTokens({ promptTokens: 23, completionTokens: 292 }); // 315
 */
export function totalTokens(usage: UsageLike | null | undefined): number | undefined {
  const from = objectOrNothing("totalTokens", wanted, usage);
  if (from === undefined) return undefined;
  const total = count(from, "totalTokens");
  if (total !== undefined) return total;
  const prompt = promptTokens(from);
  const completion = completionTokens(from);
  return prompt === undefined || completion === undefined ? undefined : prompt + completion;
}

/**
 * Tokens of the prompt that came from the provider's cache, under any of the names that servers
 * use: `prompt_tokens_details.cached_tokens` (OpenAI and most), `prompt_cache_hit_tokens`
 * (DeepSeek), `num_cached_tokens` and `prompt_token_details.cached_tokens` (Mistral). The first of
 * these that is there counts.
 *
 * @param usage a usage; null and undefined have no tokens
 * @returns tokens; undefined where the server does not tell
 * @throws TypeError where the usage is not an object
 * @example
 * cachedTokens({ promptTokens: 100, extra: { prompt_cache_hit_tokens: 64 } }); // 64
 */
export function cachedTokens(usage: UsageLike | null | undefined): number | undefined {
  const from = objectOrNothing("cachedTokens", wanted, usage);
  if (from === undefined) return undefined;
  return (
    detail(from, "promptTokensDetails", "cachedTokens") ??
    count(from, "promptCacheHitTokens") ??
    count(from, "numCachedTokens") ??
    detail(from, "promptTokenDetails", "cachedTokens")
  );
}

/**
 * Tokens that the model spent on reasoning, as the server reports them. Most servers count them
 * among the answer's tokens, some beside them: see {@link textTokens}.
 *
 * @param usage a usage; null and undefined have no tokens
 * @returns tokens; undefined where the server does not tell
 * @throws TypeError where the usage is not an object
 * @example
 * reasoningTokens({ completionTokensDetails: { reasoningTokens: 290 } }); // 290
 */
export function reasoningTokens(usage: UsageLike | null | undefined): number | undefined {
  const from = objectOrNothing("reasoningTokens", wanted, usage);
  return from === undefined ? undefined : reasoningOf(from);
}

/**
 * Tokens of the answer without the reasoning: what the server gives, or else the difference.
 *
 * A server that counts reasoning beside the answer shows it in its total, which is then the sum of
 * all three; the answer's tokens are the text's. Where the difference is below zero and no total
 * explains it, the count is 0 and `clamped` says so.
 *
 * @param usage a usage; null and undefined have no tokens
 * @returns tokens; undefined where the server does not count the answer's tokens
 * @throws TypeError where the usage is not an object
 * @example
 * textTokens({ completionTokens: 300, completionTokensDetails: { reasoningTokens: 290 } });
 * // { tokens: 10, clamped: false }
 */
export function textTokens(usage: UsageLike | null | undefined): TextTokens | undefined {
  const from = objectOrNothing("textTokens", wanted, usage);
  if (from === undefined) return undefined;
  const text = detail(from, "completionTokensDetails", "textTokens");
  if (text !== undefined) return { tokens: text, clamped: false };
  const completion = completionTokens(from);
  if (completion === undefined) return undefined;
  const reasoning = reasoningOf(from) ?? 0;
  const total = count(from, "totalTokens");
  const isBeside = total === (promptTokens(from) ?? 0) + completion + reasoning;
  if (isBeside || reasoning === 0) return { tokens: completion, clamped: false };
  const tokens = completion - reasoning;
  return tokens < 0 ? { tokens: 0, clamped: true } : { tokens, clamped: false };
}

function promptTokens(from: object): number | undefined {
  return count(from, "promptTokens");
}

function completionTokens(from: object): number | undefined {
  return count(from, "completionTokens");
}

function reasoningOf(from: object): number | undefined {
  return (
    detail(from, "completionTokensDetails", "reasoningTokens") ?? count(from, "reasoningTokens")
  );
}

function detail(from: object, parent: string, name: string): number | undefined {
  const details = readMember(from, parent);
  return isObject(details) ? count(details, name) : undefined;
}

// What is no count of tokens is as good as absent.
function count(from: object, name: string): number | undefined {
  const value = readMember(from, name);
  return typeof value === "number" && value >= 0 ? value : undefined;
}
