// What the tests of streams share: streams as texts, and what a decoder makes of one, however it is
// cut into reads.
import assert from "node:assert/strict";
import { ChatwireError, ProviderError, StreamDecoder } from "chatwire";
import { keepInput } from "../keep-input.mjs";
import { delta } from "../quirks/support.mjs";

export { delta };

const encoder = new TextEncoder();
export const bytesOf = (input) => (typeof input === "string" ? encoder.encode(input) : input);

// ---- Streams ------------------------------------------------------------------------------------

/** An event: a text is its data as it is, anything else is written as JSON. */
export function event(data) {
  return `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

export const done = event("[DONE]");

/** A stream that stops after these events. */
export const cutOff = (...events) => events.map(event).join("");
/** A stream of these events, and [DONE]. */
export const stream = (...events) => cutOff(...events) + done;

/** The chunk that finishes a choice. */
export const finish = (reason = "stop", more = {}) => delta({}, { finish_reason: reason }, more);
/** A stream of these deltas of one choice, which then finishes. */
export function answer(...deltas) {
  return stream(...deltas.map((members) => delta(members)), finish());
}

/** A chunk with these fragments of tool calls. */
export const calls = (...fragments) => delta({ tool_calls: fragments });
/** A stream of chunks with a fragment of a tool call each. */
export function calling(...fragments) {
  return stream(...fragments.map((fragment) => calls(fragment)), finish("tool_calls"));
}

// ---- Running ------------------------------------------------------------------------------------

/** Feeds the reads to a decoder and tells all that came of it. */
export function run(reads, options) {
  const decoder = new StreamDecoder(options);
  const made = { chunks: [], error: undefined, completion: undefined };
  try {
    for (const bytes of reads) made.chunks.push(...decoder.feed(bytes));
    made.chunks.push(...decoder.end());
    made.completion = decoder.completion();
  } catch (error) {
    if (!(error instanceof ChatwireError)) throw error;
    made.chunks.push(...error.chunks);
    made.error = error;
  }
  made.snapshot = decoder.snapshot();
  for (const member of ["state", "done", "heartbeats", "usageUpdates"])
    made[member] = decoder[member];
  made.issues = structuredClone(decoder.issues);
  decoder.free();
  return made;
}

/** An outcome as plain data: an error by all that it has. Which read failed is not part of it. */
function plain({ chunks, error, ...rest }) {
  if (error === undefined) return { chunks, ...rest };
  const { chunks: _, ...members } = error;
  return { chunks, ...rest, error: { ...members, message: error.message } };
}

/** The parts of bytes that these positions cut them into. */
export function cut(bytes, positions) {
  const ends = [...positions, bytes.length];
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

/** All bytes, one by one. */
export const oneByOne = (bytes) => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

/**
 * What a decoder makes of a stream. It must be the same when the bytes come one by one, or cut at
 * any place, and when no chunks are made.
 */
export function decoded(input, options) {
  const bytes = bytesOf(input);
  keepInput("streams", bytes);
  const made = run([bytes], options);
  const expected = plain(made);
  assert.deepStrictEqual(plain(run(oneByOne(bytes), options)), expected, "one byte at a time");
  for (let at = 0; at <= bytes.length; at++) {
    const other = run([bytes.subarray(0, at), bytes.subarray(at)], options);
    assert.deepStrictEqual(plain(other), expected, `cut at ${at}`);
  }
  const collected = plain(run(oneByOne(bytes), { ...options, collect: true }));
  assert.deepStrictEqual(collected, { ...expected, chunks: [] }, "collected");
  return made;
}

/** The codes of issues, each once, in alphabetical order. */
export const codesOf = (issues) => [...new Set(issues.map(({ code }) => code))].sort();
/** How often a code is among the issues. */
export const countOf = (issues, code) => issues.filter((issue) => issue.code === code).length;

function assertCodes(issues, codes) {
  assert.deepEqual(codesOf(issues), [...codes].sort());
}

/** Decodes a stream, with issues of exactly these codes (each as often as it may be). */
export function decodes(input, codes = [], options = undefined) {
  const made = decoded(input, options);
  if (made.error !== undefined) assert.fail(`${made.error.name}: ${made.error.message}`);
  assert.equal(made.state, "complete");
  assertCodes(made.issues, codes);
  const { choices } = made.completion;
  return { ...made, choices, message: choices[0]?.message, calls: choices[0]?.message?.toolCalls };
}

/** A stream that fails with an error of this class and code. */
export function fails(input, ErrorClass, code, options = undefined) {
  const made = decoded(input, options);
  assert.equal(made.error?.constructor, ErrorClass, made.error?.stack ?? "nothing was thrown");
  if (code !== undefined) assert.equal(made.error.code, code);
  assert.ok(["failed", "truncated"].includes(made.state), made.state);
  assert.ok(made.error.issues.some(({ severity }) => severity === "error"));
  return made;
}

/** A stream that ends in the provider's error, which says these things and no others. */
export function refuses(input, expected, options = undefined) {
  const made = fails(input, ProviderError, undefined, options);
  const { message, type, code, status } = made.error;
  const none = { type: undefined, code: undefined, status: undefined };
  assert.deepEqual({ message, type, code, status }, { ...none, ...expected });
  assert.equal(made.state, "failed");
  assert.equal(countOf(made.issues, "PROVIDER_ERROR"), 1);
  return made;
}

/** The content of the first choice, of a completion or of an error's partial one. */
export const contentOf = (completion) => completion?.choices?.[0]?.message?.content;
