// Logs: one answer a line, as it came or with what surrounds it in the output of batches.
import { jsonPlaces } from "../json-places.js";
import type { Span } from "../span.js";
import { type Options, readBody } from "./read-body.js";
import type { Entry, Reading } from "./reading.js";

const lineFeed = 0x0a;

function answerIn(bytes: Uint8Array, line: Span): Span {
  const place = jsonPlaces(bytes, line);
  const member = (of: typeof place, name: string) =>
    of?.members.find((one) => one.name === name)?.value;
  const response = member(place, "response");
  const answer = member(response, "body") ?? response;
  return answer?.kind === "object" ? answer : line;
}

/** The lines that have something, with their numbers from 1 on. */
function linesOf(bytes: Uint8Array): { line: number; span: Span }[] {
  const lines = [];
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const end = bytes.indexOf(lineFeed, from);
    const to = end === -1 ? bytes.length : end;
    if (bytes.subarray(from, to).some((byte) => byte > 0x20))
      lines.push({ line, span: { from, to } });
    from = to + 1;
  }
  return lines;
}

/** Reads all lines; the views show the answer of one of them. */
export function readLog(bytes: Uint8Array, options: Options, shown = 0): Reading {
  const entries: Entry[] = linesOf(bytes).map(({ line, span }) => {
    const answer = answerIn(bytes, span);
    const { verdict, completion, issues } = readBody(bytes, options, answer);
    return { line, span: answer, verdict, completion, issueCount: issues.length };
  });
  return showEntry(bytes, options, entries, shown);
}

export function showEntry(
  bytes: Uint8Array,
  options: Options,
  entries: readonly Entry[],
  shown: number,
): Reading {
  const reading = readBody(bytes, options, entries[shown]?.span);
  return { ...reading, kind: "log", entries };
}
