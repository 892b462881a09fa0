// One decoder in the core: takes an input, decodes it, opens the tape.
import { defaultLimits, type Limits } from "../generated/limits.js";
import type { Issue } from "../issue.js";
import type { Core } from "./core.js";
import { discardCore, getCore } from "./load.js";
import type { CoreStream } from "./stream.js";
import {
  base,
  errorWord,
  issueCountWord,
  issuesLengthWord,
  issuesWord,
  openTape,
  outcomeWordAt,
  rawWord,
  rootWord,
  utf8Text,
} from "./tape.js";

// The options of a decode (bindings/session.hpp): what bytes are taken for, and bits. Constants by
// themselves, for which bundlers put their values.
export const chunkKind = 0x10;
export const jsonKind = 0x20;
export const allowEmptyChoicesBit = 0x40;
export const keepNonFiniteBit = 0x80;
const surrogatesInInputBit = 0x100;
export const keepBigIntegersBit = 0x200;
export const repairJsonBit = 0x400;
export const skipBadEventsBit = 0x800;
export const cumulativeDeltasBit = 0x1000;

/** What came out of a decode. Words are indices for the builders; 0: there is none. */
export interface Outcome {
  ok: boolean;
  issueCount: number;
  root: number;
  error: number;
  raw: number;
}

// Beyond this size of an input, the memory that it took is given back after the decode.
const keptBytes = 4 << 20;
// WebAssembly's memory never shrinks: a core that has grown beyond this makes way for a new one.
const keptMemory = 64 << 20;

const encoder = new TextEncoder();

/** A session of one core. What each decode needs of the core stands here: it has too many members to
 * be a fast object itself. */
export interface Handle {
  core: Core;
  decode: Core["decode"];
  feed: Core["feed"];
  heap: Uint8Array<ArrayBuffer>;
  session: number;
  outcome: number;
  input: number;
  capacity: number;
  limits: Required<Limits>;
  /** How many streams are open in the core. */
  streams: number;
  /** Open ones that have ended, and whose completion nobody has asked for. */
  readonly resting: CoreStream[];
}

let handle: Handle | undefined;

/** The session at hand; a new one where there is none, or the last one's core has trapped. */
export function session(): Handle {
  return handle ?? begin();
}

function begin(): Handle {
  const core = getCore();
  const address = core.openSession();
  handle = {
    core,
    decode: core.decode,
    feed: core.feed,
    heap: core.HEAPU8,
    session: address,
    outcome: address >>> 2,
    input: 0,
    capacity: 0,
    limits: defaultLimits,
    streams: 0,
    resting: [],
  };
  return handle;
}

/** The core's memory. A view of it is empty as soon as the memory has grown. */
export function heapOf(of: Handle): Uint8Array<ArrayBuffer> {
  if (of.heap.length === 0) of.heap = of.core.HEAPU8;
  return of.heap;
}

/** Thrown where the core has no memory left for an input. */
export class OutOfMemory extends Error {}

/** Where an input of so many bytes is to be written. */
export function room(of: Handle, bytes: number): number {
  if (bytes <= of.capacity) return of.input;
  // A little more than asked for, so that inputs of similar sizes take one allocation.
  const capacity = Math.min(Math.max(bytes, 4096) + (bytes >> 2), 0x7fff0000);
  of.input = of.core.input(of.session, capacity);
  of.capacity = of.input === 0 ? 0 : capacity;
  if (of.input === 0) throw new OutOfMemory();
  return of.input;
}

/** Writes bytes to an address. */
export function put(heap: Uint8Array, bytes: Uint8Array, to: number): void {
  const { length } = bytes;
  // Less than what a call of `set` costs, which tells bytes that were given away from none.
  if (length !== 0 && length < 8)
    for (let i = 0; i < length; i++) heap[to + i] = bytes[i] as number;
  else heap.set(bytes, to);
}

function writeBytes(of: Handle, bytes: Uint8Array): number {
  const { length } = bytes;
  const to = room(of, length);
  put(heapOf(of), bytes, to);
  return length;
}

// Lone surrogates are written as WTF-8 does, where TextEncoder would replace them.
function writeSurrogates(of: Handle, text: string): number {
  room(of, text.length * 3);
  const heap = heapOf(of);
  let to = of.input;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point > 0xffff) i++;
    if (point < 0x80) {
      heap[to++] = point;
      continue;
    }
    const tails = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    heap[to++] = ([0, 0xc0, 0xe0, 0xf0][tails] as number) | (point >> (6 * tails));
    for (let left = tails - 1; left >= 0; left--)
      heap[to++] = 0x80 | ((point >> (6 * left)) & 0x3f);
  }
  return to - of.input;
}

function writeText(of: Handle, text: string): number {
  let read = 0;
  let written = 0;
  room(of, text.length);
  for (;;) {
    const from = of.input + written;
    const target = heapOf(of).subarray(from, of.input + of.capacity);
    const result = encoder.encodeInto(read === 0 ? text : text.slice(read), target);
    read += result.read;
    written += result.written;
    if (read === text.length) return written;
    room(of, written + (text.length - read) * 3); // keeps what is written
  }
}

function isWellFormed(text: string): boolean {
  const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
  return native !== undefined ? native.call(text) : !/\p{Surrogate}/u.test(text);
}

export function setLimits(of: Handle, limits: Required<Limits>): void {
  of.core.limit(
    of.session,
    limits.bodyBytes,
    limits.eventBytes,
    limits.depth,
    limits.choices,
    limits.toolCalls,
  );
  of.limits = limits;
}

/**
 * Decodes `input` and opens the tape on the result, which is valid until the next decode.
 * @throws OutOfMemory where the core cannot hold the input
 */
export function decodeInput(
  input: Uint8Array | string,
  options: number,
  limits: Required<Limits> = defaultLimits,
  readBig?: (digits: string) => unknown,
): Outcome {
  const of = session();
  if (of.limits !== limits) setLimits(of, limits);
  try {
    let length: number;
    if (typeof input !== "string") {
      length = writeBytes(of, input);
    } else if (isWellFormed(input)) {
      length = writeText(of, input);
    } else {
      length = writeSurrogates(of, input);
      options |= surrogatesInInputBit;
    }
    const { decode } = of;
    return readOutcome(of, decode(of.session, length, options) !== 0, readBig);
  } catch (error) {
    throw lost(error);
  }
}

/** Whether a session's core has not trapped. */
export function isAlive(of: Handle): boolean {
  return handle === of;
}

/** Runs what enters the core. */
export function guarded<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw lost(error);
  }
}

/** To be told of what was thrown: a core that has trapped is finished, the next decode gets a new one. */
export function lost(error: unknown): unknown {
  if (error instanceof WebAssembly.RuntimeError) forget();
  return error;
}

// One object for all decodes: it is read before the next one.
const outcome: Outcome = {
  ok: false,
  issueCount: 0,
  root: 0,
  error: 0,
  raw: 0,
};

/** Opens the tape on what the core has left. */
export function open(of: Handle, readBig?: (digits: string) => unknown): void {
  openTape(heapOf(of), of.outcome, readBig);
}

export function readOutcome(
  of: Handle,
  ok: boolean,
  readBig?: (digits: string) => unknown,
): Outcome {
  open(of, readBig);
  outcome.ok = ok;
  return lastOutcome();
}

/** What the last decode, or read of a stream, came to. */
export function lastOutcome(): Outcome {
  outcome.issueCount = outcomeWordAt(issueCountWord);
  outcome.root = inTape(outcomeWordAt(rootWord));
  outcome.error = inTape(outcomeWordAt(errorWord));
  outcome.raw = inTape(outcomeWordAt(rawWord));
  return outcome;
}

function inTape(word: number): number {
  return word === 0 ? 0 : base + word;
}

/** The issues of the last decode. */
export function lastIssues(): Issue[] {
  return JSON.parse(issuesText()) as Issue[];
}

/** The same as JSON. */
export function issuesText(): string {
  const from = outcomeWordAt(issuesWord);
  return utf8Text(from, from + outcomeWordAt(issuesLengthWord));
}

/**
 * To be called when the result was read: gives back the memory of a large input, or all there is where
 * none was left for it.
 */
export function release(length: number, isExhausted = false): void {
  if ((length <= keptBytes && !isExhausted) || handle === undefined) return;
  handle.core.shrink(handle.session, isExhausted ? 0 : keptBytes);
  handle.capacity = 0;
  replaceIfLarge(handle);
}

/** To be called where a core may be of no more use to anybody: leaves it to the collector if it is large. */
export function replaceIfLarge(of: Handle): void {
  const { resting } = of;
  if (handle !== of || of.streams !== resting.length || heapOf(of).length <= keptMemory) return;
  for (const stream of resting.splice(0)) stream.result(true);
  if (handle === of) forget();
}

function forget(): void {
  handle = undefined;
  discardCore();
}
