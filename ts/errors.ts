import type { IssueCode } from "./generated/issue-codes.js";
import type { Limits } from "./generated/limits.js";
import type { ErrorPayload } from "./generated/types.js";
import type { Issue } from "./issue.js";

/** What every error of chatwire has. */
export abstract class ChatwireError extends Error {
  /** Everything that was noticed, the first error first among the errors. */
  readonly issues: readonly Issue[];
  /** What was decoded before the failure: a completion or chunk in which members may be missing. */
  readonly partial: unknown;
  /** Of a stream: the chunks of the same read that came before the failure. */
  readonly chunks: readonly unknown[] = [];

  constructor(message: string, issues: readonly Issue[], partial: unknown) {
    super(message);
    this.issues = issues;
    this.partial = partial;
  }
}

/** The one of the issues that fails a decode. @internal */
export function firstError(issues: readonly Issue[]): Issue {
  return issues.find(isError) as Issue;
}

function isError({ severity }: Issue): boolean {
  return severity === "error";
}

/** The input is not what it should be: no JSON, no completion, or not what the contract says. */
export class DecodeError extends ChatwireError {
  /** The name of the class. */
  override readonly name: string = "DecodeError";

  /** The code of the first issue that is an error. */
  readonly code: IssueCode;
  /** Its place in the document: wire names and indices. */
  readonly path: readonly (string | number)[];
  /** Its place in the input, in bytes. */
  readonly offset: number;

  constructor(issues: readonly Issue[], partial: unknown) {
    const first = firstError(issues);
    const more = issues.filter(isError).length - 1;
    super(first.message + (more > 0 ? ` (and ${more} more)` : ""), issues, partial);
    this.code = first.code;
    this.path = first.path;
    this.offset = first.offset;
  }
}

/** How far a tool call came in a stream. */
export interface ToolCallState {
  /** The index of its choice. */
  readonly choice: number;
  /** Its position among the message's calls. */
  readonly toolCall: number;
  /** The identifier; left out where the server sent none. */
  readonly id?: string;
  /** The name of the function or tool; left out where the server sent none. */
  readonly name?: string;
  /** Whether its arguments are all there, cut off, or no JSON. */
  readonly state: "complete" | "truncated" | "invalid";
}

/** The input ends before it is complete. `partial` has all that came. */
export class TruncatedError extends DecodeError {
  /** The name of the class. */
  override readonly name: string = "TruncatedError";

  /** Of a stream: the tool calls that had begun. None that might have gone on is `complete`. */
  readonly toolCalls: readonly ToolCallState[] = [];
}

/** The input asks for more than a limit allows. */
export class LimitError extends DecodeError {
  /** The name of the class. */
  override readonly name: string = "LimitError";

  /** Which limit; `memory` where there was no memory left. */
  readonly limit: keyof Limits | "memory";

  constructor(limit: keyof Limits | "memory", issues: readonly Issue[], partial: unknown) {
    super(issues, partial);
    this.limit = limit;
  }
}

function isHttpError(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}

/** The server answered with an error of its own: what it says, in its words. */
export class ProviderError extends ChatwireError {
  /** The name of the class. */
  override readonly name: string = "ProviderError";

  /** The provider's type of the error, such as `invalid_request_error`. */
  readonly type: string | undefined;
  /** The provider's code as it was sent: a word, or a number as HTTP has them. */
  readonly code: string | number | undefined;
  /**
   * The HTTP status: that of the response, where a stream was read from one that is not ok; else the
   * provider's code or status, where it is one (400 to 599).
   */
  readonly status: number | undefined;
  /** The parameter of the request that is at fault. */
  readonly param: string | undefined;
  /** What the provider adds, with its own names. */
  readonly metadata: Record<string, unknown> | undefined;
  /** The error with all its members; those that no model knows under `extra`. */
  readonly error: ErrorPayload;
  /** The whole body, as JSON.parse gives it. */
  readonly raw: unknown;

  constructor(error: ErrorPayload, raw: unknown, issues: readonly Issue[], partial: unknown) {
    super(error.message ?? "The provider sent an error without a message.", issues, partial);
    this.type = error.type ?? undefined;
    this.code = error.code ?? undefined;
    this.status = [error.code, error.status].map(Number).find(isHttpError);
    this.param = error.param ?? undefined;
    this.metadata = error.metadata ?? undefined;
    this.error = error;
    this.raw = raw;
  }
}

// Two copies of the package in one process know each other's errors: an instance is recognised by a
// mark on its prototype. Only a subclass of somebody else's has its own instances alone.
const classes = { ChatwireError, DecodeError, TruncatedError, LimitError, ProviderError };
for (const [name, ofError] of Object.entries(classes)) {
  const mark = Symbol.for(`chatwire.${name}`);
  Object.defineProperty(ofError.prototype, mark, { value: true });
  Object.defineProperty(ofError, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this !== ofError) return Function.prototype[Symbol.hasInstance].call(this, value);
      return typeof value === "object" && value !== null && mark in value;
    },
  });
}
