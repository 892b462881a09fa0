// How likely tokens were, in whichever of the two forms a server tells it.
import { isObject, objectOrNothing, readMember } from "./encode.js";
import type { TokenLogprob, TopLogprob } from "./generated/types.js";

/** A choice, or its log probabilities, as {@link tokenLogprobs} takes them. */
export type LogprobsLike =
  | { readonly logprobs?: unknown; readonly extra?: Readonly<Record<string, unknown>> }
  | { readonly content?: readonly object[] | null };

/**
 * The tokens of an answer and how likely they were, as one list for both forms that servers send:
 * OpenAI's list of objects, and the older lists beside each other (`tokens`, `tokenLogprobs`,
 * `topLogprobs`). The tokens are those of the content or, where there are none, of the refusal.
 *
 * @param from a choice of a completion or of a chunk, or its `logprobs`; null and undefined have
 *   none
 * @returns the tokens, with `logprob` in natural logarithms, null where the server gives none;
 *   undefined where the server sent no list at all
 * @throws TypeError where the argument is not an object
 * @example
 * tokenLogprobs({ tokens: ["Hi"], tokenLogprobs: [-0.5] }); // [{ token: "Hi", logprob: -0.5 }]
 */
export function tokenLogprobs(from: LogprobsLike | null | undefined): TokenLogprob[] | undefined {
  const given = objectOrNothing("tokenLogprobs", "a choice or its logprobs", from);
  if (given === undefined) return undefined;
  const nested = readMember(given, "logprobs");
  const logprobs = isObject(nested) ? nested : given;
  return (
    listed(readMember(logprobs, "content")) ??
    listed(readMember(logprobs, "refusal")) ??
    besideEachOther(logprobs)
  );
}

/**
 * Whether a log probability is one of the numbers that servers send for what is too unlikely to be
 * counted: -9999 (OpenAI, vLLM), -1000 and -100. They are not logarithms to calculate with.
 *
 * @param logprob in natural logarithms; null and undefined are not clamped
 * @example
 * isClamped(-9999); // true
 */
export function isClamped(logprob: number | null | undefined): boolean {
  return logprob === -9999 || logprob === -1000 || logprob === -100;
}

function listed(list: unknown): TokenLogprob[] | undefined {
  return Array.isArray(list) ? list.filter(isObject).map(typed) : undefined;
}

// Of a contract that leaves log probabilities open or has some of their members only, a token may
// have its members under other names or under `extra`.
function typed(from: object): TokenLogprob {
  if (Object.hasOwn(from, "token") && !Object.hasOwn(from, "top_logprobs")) return from;
  const made: Record<string, unknown> = {};
  for (const name of ["token", "logprob", "bytes", "topLogprobs"]) {
    const value = readMember(from, name);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

function besideEachOther(logprobs: object): TokenLogprob[] | undefined {
  const tokens = readMember(logprobs, "tokens");
  const values = readMember(logprobs, "tokenLogprobs");
  const tops = readMember(logprobs, "topLogprobs");
  const lengths = [tokens, values].filter(Array.isArray).map((list) => list.length);
  if (lengths.length === 0) return undefined;
  const made: TokenLogprob[] = [];
  for (let i = 0; i < Math.max(...lengths); i++) {
    const token = itemOf(tokens, i);
    const logprob = itemOf(values, i);
    const one: TokenLogprob = {
      token: typeof token === "string" ? token : null,
      logprob: typeof logprob === "number" ? logprob : null,
    };
    const top = topLogprobs(itemOf(tops, i));
    if (top !== undefined) one.topLogprobs = top;
    made.push(one);
  }
  return made;
}

function itemOf(list: unknown, at: number): unknown {
  return Array.isArray(list) ? list[at] : undefined;
}

// The likeliest tokens at a position are an object of numbers by tokens, or a list of objects.
function topLogprobs(at: unknown): TopLogprob[] | undefined {
  if (Array.isArray(at)) return at.filter(isObject);
  if (!isObject(at)) return undefined;
  return Object.entries(at).map(([token, logprob]) => ({
    token,
    logprob: typeof logprob === "number" ? logprob : null,
  }));
}
