import { openValue } from "./core/open-value.js";
import {
  decodeInput,
  jsonKind,
  keepBigIntegersBit,
  lastIssues,
  type Outcome,
  OutOfMemory,
  release,
  repairJsonBit,
} from "./core/session.js";
import { failureOf, isExhausted, refuse } from "./decode.js";
import type { DecodeError } from "./errors.js";
import type { FunctionCall, ToolCall, ToolFunction } from "./generated/types.js";
import type { Issue } from "./issue.js";
import { describe } from "./options.js";

const noWords = () => ({ payload: {}, raw: undefined });

/** How to read tool arguments. */
export interface ToolArgumentsOptions {
  /**
   * What integers beyond 2^53 become, which a number cannot hold: a rounded number, the digits as a
   * string, or a bigint. Default: `"number"`.
   */
  readonly bigint?: "number" | "string" | "bigint" | undefined;
  /** Let control characters in strings and trailing commas pass, with an issue each. Default: false. */
  readonly repair?: boolean | undefined;
  /** Take the inner JSON of arguments that were encoded twice. Default: true. */
  readonly unwrap?: boolean | undefined;
}

/** What tool arguments came to. Where they are not JSON there is no value: none is made up. */
export type ToolArguments =
  | { readonly ok: true; readonly value: unknown; readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly error: DecodeError; readonly issues: readonly Issue[] };

function note(code: Issue["code"], severity: Issue["severity"], message: string): Issue {
  return { code, severity, path: [], offset: 0, message };
}

function textOf(given: unknown): string {
  const call = typeof given === "object" && given !== null ? given : {};
  const holder = "function" in call ? (call as ToolCall).function : call;
  const text =
    typeof given === "string"
      ? given
      : ((holder as ToolFunction | null | undefined)?.arguments ?? "");
  if (typeof text !== "string") {
    throw new TypeError(`Tool arguments must be a string of JSON, not ${describe(text)}.`);
  }
  return text;
}

/**
 * The value of a tool call's arguments, which are JSON that a model wrote.
 *
 * @param given a tool call, its function, or the text of its arguments
 * @param options how large integers, flaws and double encoding are taken
 * @returns the value, or the error with the byte at which the text stops being JSON. Empty and absent
 *   arguments are `{}`. The text itself is never changed.
 * @throws TypeError where an argument is not what it should be
 * @example
 * const result = parseToolArguments('{"id": 2512292042121000001}', { bigint: "bigint" });
 * if (result.ok) console.log(result.value); // { id: 2512292042121000001n }
 */
export function parseToolArguments(
  given: ToolCall | ToolFunction | FunctionCall | string | null | undefined,
  options: ToolArgumentsOptions = {},
): ToolArguments {
  const text = textOf(given);
  const { bigint = "number", repair = false, unwrap = true } = options;
  if (bigint !== "number" && bigint !== "string" && bigint !== "bigint") {
    throw new TypeError(`bigint must be "number", "string" or "bigint".`);
  }
  if (/^[ \t\r\n]*$/.test(text)) {
    return {
      ok: true,
      value: {},
      issues: [note("EMPTY_ARGUMENTS", "info", "The arguments are empty; they were taken for {}.")],
    };
  }
  let bits = jsonKind;
  if (bigint !== "number") bits |= keepBigIntegersBit;
  if (repair) bits |= repairJsonBit;
  const readBig = bigint === "bigint" ? BigInt : (digits: string) => digits;
  let outcome: Outcome;
  try {
    outcome = decodeInput(text, bits, undefined, readBig);
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error;
    release(text.length, true);
    return refuse("memory");
  }
  const { ok, root, issueCount } = outcome;
  const value = root === 0 ? undefined : openValue(root);
  const issues = issueCount === 0 ? [] : lastIssues();
  // Whatever the arguments say, they are not the provider's error.
  const error = ok ? undefined : (failureOf(issues, value, noWords) as DecodeError);
  release(text.length, isExhausted(error));
  if (error !== undefined) return { ok: false, error, issues };
  if (typeof value !== "string" || !unwrap) return { ok: true, value, issues };
  const inner = parseToolArguments(value, { ...options, unwrap: false });
  if (!inner.ok || typeof inner.value !== "object" || inner.value === null || value === "") {
    return { ok: true, value, issues };
  }
  const twice = note(
    "ARGUMENTS_ENCODED_TWICE",
    "warning",
    "The arguments are a JSON string that holds JSON. The inner one was taken.",
  );
  return { ok: true, value: inner.value, issues: [...issues, twice, ...inner.issues] };
}
