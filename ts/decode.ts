import { openValue } from "./core/open-value.js";
import {
  chunkKind,
  decodeInput,
  lastIssues,
  type Outcome,
  OutOfMemory,
  release,
} from "./core/session.js";
import { DecodeError, firstError, LimitError, ProviderError, TruncatedError } from "./errors.js";
import {
  buildChatCompletion,
  buildChatCompletionChunk,
  buildErrorPayload,
} from "./generated/builders.js";
import type { ContractName, Contracts } from "./generated/contracts.js";
import type { Limits } from "./generated/limits.js";
import type { ChatCompletion, ChatCompletionChunk, ErrorPayload } from "./generated/types.js";
import type { Issue } from "./issue.js";
import {
  checkInput,
  type DecodeOptions,
  type Input,
  type PackedOptions,
  packOptions,
} from "./options.js";

/** Why a decode failed. */
export type DecodeFailure = DecodeError | ProviderError;

/** The outcome of a decode that does not throw. */
export type DecodeResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly error: DecodeFailure; readonly issues: readonly Issue[] };

/** Options without a contract: lenient decoding. */
export type LenientOptions = DecodeOptions & { readonly contract?: undefined };
/** Options that name a contract: strict decoding. */
export type StrictOptions<Name extends ContractName> = DecodeOptions & { readonly contract: Name };

const none: readonly Issue[] = Object.freeze([]);

/** For inputs that the core is not given, or has no memory for: what it would have said. @internal */
export function limitIssue(limit: keyof Limits | "memory", offset: number): Issue {
  return {
    code: "LIMIT",
    severity: "error",
    path: [],
    offset,
    expected: limit,
    received: "more",
    message: `a limit was passed: expected ${limit}, received more (byte ${offset})`,
  };
}

/** The same as the outcome of a decode. @internal */
export function refuse(
  limit: keyof Limits | "memory",
): DecodeResult<never> & { ok: false; error: LimitError } {
  const issues = [limitIssue(limit, 0)];
  return { ok: false, error: new LimitError(limit, issues, undefined), issues };
}

/** What the tape says of a provider's error. */
export interface ProviderWords {
  readonly payload: ErrorPayload;
  readonly raw: unknown;
}

/** @internal */
export function providerWords(outcome: Outcome): ProviderWords {
  return {
    payload: outcome.error === 0 ? {} : buildErrorPayload(outcome.error),
    raw: outcome.raw === 0 ? undefined : openValue(outcome.raw),
  };
}

/** Whether an error is that there was no memory. @internal */
export function isExhausted(error: unknown): boolean {
  return error instanceof LimitError && error.limit === "memory";
}

/** The error that the first of the issues' errors amounts to. @internal */
export function failureOf(
  issues: readonly Issue[],
  partial: unknown,
  words: () => ProviderWords,
): DecodeFailure {
  const { code, expected = "memory" } = firstError(issues);
  if (code === "PROVIDER_ERROR") {
    const { payload, raw } = words();
    return new ProviderError(payload, raw, issues, partial);
  }
  if (code === "TRUNCATED") return new TruncatedError(issues, partial);
  if (code === "LIMIT") return new LimitError(expected as LimitError["limit"], issues, partial);
  return new DecodeError(issues, partial);
}

function decodeChecked<Value>(
  input: Uint8Array | string,
  { bits, limits }: PackedOptions,
  kind: number,
  build: (at: number) => Value,
  wantsIssues: boolean,
): DecodeResult<Value> {
  // What is too long for certain is not even copied; the core counts the bytes of texts.
  const limit = kind === chunkKind ? "eventBytes" : "bodyBytes";
  if (input.length > limits[limit]) return refuse(limit);
  let outcome: Outcome;
  try {
    outcome = decodeInput(input, bits | kind, limits);
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error;
    release(input.length, true);
    return refuse("memory");
  }
  let result: DecodeResult<Value>;
  if (outcome.issueCount === 0) {
    result = { ok: true, value: build(outcome.root), issues: none };
  } else {
    const { ok, root } = outcome;
    const value = root === 0 ? undefined : build(root);
    // Reading issues costs as much as a small decode, so it is left where nobody looks at them.
    const issues = ok && !wantsIssues ? none : lastIssues();
    result = ok
      ? { ok, value: value as Value, issues }
      : { ok, error: failureOf(issues, value, () => providerWords(outcome)), issues };
  }
  release(input.length, !result.ok && isExhausted(result.error));
  return result;
}

function run<Value>(
  input: Input,
  options: DecodeOptions | undefined,
  kind: number,
  build: (at: number) => Value,
  wantsIssues: boolean,
): DecodeResult<Value> {
  const checked = checkInput(input);
  const result = decodeChecked(checked, packOptions(options), kind, build, wantsIssues);
  if (result.issues.length !== 0 && options?.onIssue !== undefined) {
    for (const issue of result.issues) options.onIssue(issue);
  }
  return result;
}

function unwrap<Value>(result: DecodeResult<Value>): Value {
  if (result.ok) return result.value;
  throw result.error;
}

/**
 * Decodes the body of a chat completion.
 *
 * @param input the body: bytes (UTF-8) or text
 * @param options how to decode; a `contract` makes it strict, and the result the document's type
 * @returns the completion as a plain camelCase object
 * @throws DecodeError where the body is no completion, or not what the contract says; its subclasses
 *   TruncatedError where it ends too early and LimitError where it passes a limit
 * @throws ProviderError where the body is the provider's error
 * @throws TypeError where an argument is not what it should be
 * @example
 * const completion = decode(await response.arrayBuffer());
 * console.log(completion.choices[0]?.message?.content);
 */
export function decode(input: Input, options?: LenientOptions): ChatCompletion;
export function decode<Name extends ContractName>(
  input: Input,
  options: StrictOptions<Name>,
): Contracts[Name]["completion"];
export function decode(input: Input, options?: DecodeOptions): unknown {
  return unwrap(run(input, options, 0, buildChatCompletion, options?.onIssue !== undefined));
}

/**
 * Decodes the body of a chat completion; failures are returned, not thrown.
 *
 * @param input the body: bytes (UTF-8) or text
 * @param options how to decode; a `contract` makes it strict, and the value the document's type
 * @returns `{ ok: true, value, issues }` or `{ ok: false, error, issues }`
 * @throws TypeError where an argument is not what it should be
 * @example
 * const result = safeDecode(body, { contract: "openai" });
 * if (!result.ok) console.error(result.error.message);
 */
export function safeDecode(input: Input, options?: LenientOptions): DecodeResult<ChatCompletion>;
export function safeDecode<Name extends ContractName>(
  input: Input,
  options: StrictOptions<Name>,
): DecodeResult<Contracts[Name]["completion"]>;
export function safeDecode(input: Input, options?: DecodeOptions): DecodeResult<unknown> {
  return run<unknown>(input, options, 0, buildChatCompletion, true);
}

/**
 * Decodes one chunk: the JSON of one event of a stream.
 *
 * @param input the JSON: bytes (UTF-8) or text
 * @param options how to decode; a `contract` makes it strict, and the result the document's type
 * @returns the chunk as a plain camelCase object
 * @throws the errors of {@link decode}
 * @example
 * decodeChunk('{"choices":[{"index":0,"delta":{"content":"Hi"}}]}').choices[0]?.delta?.content;
 */
export function decodeChunk(input: Input, options?: LenientOptions): ChatCompletionChunk;
export function decodeChunk<Name extends ContractName>(
  input: Input,
  options: StrictOptions<Name>,
): Contracts[Name]["chunk"];
export function decodeChunk(input: Input, options?: DecodeOptions): unknown {
  return unwrap(
    run(input, options, chunkKind, buildChatCompletionChunk, options?.onIssue !== undefined),
  );
}

/**
 * Decodes one chunk; failures are returned, not thrown.
 *
 * @param input the JSON: bytes (UTF-8) or text
 * @param options how to decode; a `contract` makes it strict, and the value the document's type
 * @returns `{ ok: true, value, issues }` or `{ ok: false, error, issues }`
 * @throws TypeError where an argument is not what it should be
 * @example
 * safeDecodeChunk('{"error":{"message":"No credits left"}}').error?.message; // "No credits left"
 */
export function safeDecodeChunk(
  input: Input,
  options?: LenientOptions,
): DecodeResult<ChatCompletionChunk>;
export function safeDecodeChunk<Name extends ContractName>(
  input: Input,
  options: StrictOptions<Name>,
): DecodeResult<Contracts[Name]["chunk"]>;
export function safeDecodeChunk(input: Input, options?: DecodeOptions): DecodeResult<unknown> {
  return run<unknown>(input, options, chunkKind, buildChatCompletionChunk, true);
}
