// Counts the answers in lines of a log.
import { decodeInput, lastIssues, OutOfMemory, release } from "../../core/session.js";
import { readSummary, type TokenCounts } from "../../core/summary.js";
import { safeDecode } from "../../decode.js";
import { ProviderError } from "../../errors.js";
import type { ChatCompletion } from "../../generated/types.js";
import { isBlank } from "../sniffer.js";
import { type Block, longestLine, type Range, rangeBlocks } from "./blocks.js";
import { answerBytes, locate } from "./locate.js";
import { add, type ModelTally, type Tally, tallyOf } from "./tally.js";

const lineFeed = 0x0a;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const beginsWith = (bytes: Uint8Array, from: number, start: readonly number[]) =>
  start.every((byte, at) => bytes[from + at] === byte);
const noModel = "(no model)";
const longestMessage = 200;

/** A line that cannot be decoded. */
export interface BadLine {
  /** From 1 on. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** What a block of lines came to, beside the tally. */
export interface Counted {
  readonly lines: number;
  readonly bad: number;
  /** The first of them. */
  readonly first: readonly BadLine[];
}

function countUsage(to: ModelTally, usage: TokenCounts | undefined): void {
  if (usage === undefined) {
    to.withoutUsage++;
    return;
  }
  to.promptTokens += usage.prompt;
  to.completionTokens += usage.completion;
  to.totalTokens += usage.total;
  to.cachedTokens += usage.cached;
  to.reasoningTokens += usage.reasoning;
}

/** Counts a completion. Returns false where it is none. */
function countAnswer(bytes: Uint8Array, tally: Tally): boolean {
  try {
    const { ok, root, issueCount } = decodeInput(bytes, 0);
    if (!ok) return false;
    const { model, usage, finishReasons } = readSummary(root);
    const to = tallyOf(tally, model ?? noModel);
    to.answers++;
    to.choices += finishReasons.length;
    for (const reason of finishReasons) add(to.finishReasons, reason ?? "(none)");
    countUsage(to, usage);
    if (issueCount !== 0) for (const { code } of lastIssues()) add(to.issues, code);
    return true;
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error;
    return false;
  } finally {
    release(bytes.length);
  }
}

/** Counts an error of the provider. Returns why it is bad where it is none. */
function countError(bytes: Uint8Array, tally: Tally): Omit<BadLine, "line"> | undefined {
  const result = safeDecode(bytes);
  if (result.ok) throw new Error("what was no completion has become one");
  const { error } = result;
  if (!(error instanceof ProviderError))
    return { code: error.code, message: error.message.slice(0, longestMessage) };
  const { model } = (error.partial ?? {}) as Partial<ChatCompletion>;
  const { status, code, type } = error;
  add(tallyOf(tally, model ?? noModel).errors, String(status ?? code ?? type ?? "error"));
  return undefined;
}

const tooLong = { code: "LIMIT", message: `the line is longer than ${longestLine} bytes` };

/** Counts a block of whole lines. `mostBad`: how many of the bad ones are to be named. */
export function countBlock(bytes: Block, tally: Tally, mostBad: number): Counted {
  if (bytes === undefined)
    return { lines: 1, bad: 1, first: [{ line: 1, ...tooLong }].slice(0, mostBad) };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length;
  const first: BadLine[] = [];
  let lines = 0;
  let bad = 0;
  for (let from = 0, to = 0; from < end; from = to + 1) {
    to = buffer.indexOf(lineFeed, from);
    if (to === -1) to = end;
    lines++;
    if (bytes[from] === byteOrderMark[0] && beginsWith(bytes, from, byteOrderMark)) from += 3;
    while (from < to && isBlank(bytes[from])) from++;
    if (from === to) continue;
    const answer = answerBytes(bytes, locate(buffer, from, to));
    if (countAnswer(answer, tally)) continue;
    const why = countError(answer, tally);
    if (why === undefined) continue;
    bad++;
    if (first.length < mostBad) first.push({ line: lines, ...why });
  }
  return { lines, bad, first };
}

/** The same for what follows `before`. */
export function joined(before: Counted, after: Counted, mostBad: number): Counted {
  const room = Math.max(0, mostBad - before.first.length);
  const more = after.first.slice(0, room).map((of) => ({ ...of, line: before.lines + of.line }));
  return {
    lines: before.lines + after.lines,
    bad: before.bad + after.bad,
    first: [...before.first, ...more],
  };
}

export const nothing: Counted = { lines: 0, bad: 0, first: [] };

/** Counts the lines that begin in a part of a file. */
export function countRange(range: Range, tally: Tally, mostBad: number): Counted {
  let counted = nothing;
  for (const block of rangeBlocks(range))
    counted = joined(counted, countBlock(block, tally, mostBad), mostBad);
  return counted;
}
