// Turns the answers in lines from what travels to camelCase and back, with nothing lost. Numbers are
// those of JSON.parse, but integers of members that no model knows keep all their digits.

import { openValue } from "../../core/open-value.js";
import {
  chunkKind,
  decodeInput,
  jsonKind,
  keepBigIntegersBit,
  lastIssues,
  release,
} from "../../core/session.js";
import { isObject, jsonText, toWire } from "../../encode.js";
import { buildChatCompletion, buildChatCompletionChunk } from "../../generated/builders.js";
import type { IssueCode } from "../../generated/issue-codes.js";
import { defaultLimits } from "../../generated/limits.js";
import type { Issue } from "../../issue.js";
import type { Direction } from "../commands.js";
import { isChunk } from "../kind.js";
import { answerBytes, locate } from "./locate.js";

/** A line as it is to be written; `why` tells why it was left as it is. */
export interface Converted {
  readonly bytes: Uint8Array;
  readonly why?: Pick<Issue, "code" | "message">;
}

// What of these stood in the line is in no object.
const lossy: ReadonlySet<IssueCode> = new Set([
  "DUPLICATE_KEY",
  "INVALID_UTF8",
  "NON_FINITE_NUMBER",
  "TRAILING_BYTES",
  "DONE_AFTER_BODY",
  "ENVELOPE_UNWRAPPED",
]);

type Text =
  | { readonly text: string }
  | { readonly why: Pick<Issue, "code" | "message"> | undefined };

/** What was read as a chunk, a completion or any JSON, as text; or why it cannot be. */
function textOf(
  bytes: Uint8Array,
  kind: number,
  write: (root: number) => string | undefined,
): Text {
  const { ok, root, issueCount } = decodeInput(
    bytes,
    kind | keepBigIntegersBit,
    defaultLimits,
    BigInt,
  );
  const issues = issueCount === 0 ? [] : lastIssues();
  const text = ok ? write(root) : undefined;
  release(bytes.length);
  const reason = issues.find(({ code, severity }) => severity === "error" || lossy.has(code));
  // An error of the provider has no camelCase form, and is none that anybody could mend.
  if (reason !== undefined) return { why: reason.code === "PROVIDER_ERROR" ? undefined : reason };
  return text === undefined ? { why: undefined } : { text };
}

function toCamel(bytes: Uint8Array): Text {
  return isChunk(bytes)
    ? textOf(bytes, chunkKind, (root) => jsonText(buildChatCompletionChunk(root)))
    : textOf(bytes, 0, (root) => jsonText(buildChatCompletion(root)));
}

function fromCamel(bytes: Uint8Array): Text {
  return textOf(bytes, jsonKind, (root) => {
    const value = openValue(root);
    const isAnswer = isObject(value) && "choices" in value;
    return isAnswer
      ? jsonText(toWire(value as unknown as Parameters<typeof toWire>[0]))
      : undefined;
  });
}

const utf8 = new TextEncoder();

/** Converts the answer in a line, wherever in it that is; what is around it stays. */
export function convertLine(line: Buffer, direction: Direction): Converted {
  const place = locate(line, 0, line.length, true);
  const answer = answerBytes(line, place);
  const made = direction === "camel" ? toCamel(answer) : fromCamel(answer);
  if ("why" in made) return { bytes: line, ...(made.why && { why: made.why }) };
  const text = place.isText ? JSON.stringify(made.text) : made.text;
  const parts = [line.subarray(0, place.from), utf8.encode(text), line.subarray(place.to)];
  return { bytes: Buffer.concat(parts) };
}
