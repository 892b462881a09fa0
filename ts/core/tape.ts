// Reads the tape that a decode leaves in the core's memory (src/tape/tape.hpp tells its format).
// The views below are those of the last decode; the generated builders read through them.
import { vocabulary } from "../generated/vocabulary.js";

/** The memory as 32-bit words. */
export let words: Uint32Array = new Uint32Array(0);
/** The memory as doubles: half the index of a word. */
export let doubles: Float64Array = new Float64Array(0);
/** The index of the tape's first word. */
export let base = 0;

// The words of a decode's outcome, by their positions (bindings/session.hpp).
export const issueCountWord = 0;
export const rootWord = 1;
export const errorWord = 2;
export const rawWord = 3;
const loneSurrogatesWord = 4;
const tapeWord = 5;
const inputWord = 6;
const pool8Word = 7;
const pool8SizeWord = 8;
const text8Word = 9;
const pool16Word = 10;
const pool16SizeWord = 11;
const text16Word = 12;
export const issuesWord = 13;
export const issuesLengthWord = 14;
export const namesWord = 15;
export const namesVersionWord = 16;
export const chunksWord = 17;
export const chunkCountWord = 18;
export const eventsWord = 19;
export const eventCountWord = 20;
export const heartbeatsWord = 21;
export const usageUpdatesWord = 22;
export const streamEventsWord = 23;
export const operationsWord = 24;
export const operationsSizeWord = 25;
export const operationsTextWord = 26;

const pieceBits = 11;
const pieceSize = 1 << pieceBits;

/** The memory as bytes. */
export let memory: Uint8Array = new Uint8Array(0);
/** The index of the outcome's first word. */
let outcome = 0;
// The pools' pieces that were decoded already.
let firstPiece8: string | undefined;
const pieces8: string[] = [];
const pieces16: string[] = [];

/** What to do with integers beyond 2^53 (only where a decode was asked to keep them). */
export let readBig: (digits: string) => unknown = Number;

// Node's Buffer decodes short text faster than TextDecoder, and keeps lone surrogates.
interface NodeBuffer {
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}
interface NodeBufferConstructor {
  from(buffer: ArrayBufferLike): NodeBuffer;
  prototype: Partial<NodeBuffer>;
}
const nodeBuffer = (globalThis as unknown as { Buffer?: NodeBufferConstructor }).Buffer;
const hasNodeBuffer = /* @__PURE__ */ (() =>
  typeof nodeBuffer?.prototype?.latin1Slice === "function" &&
  typeof nodeBuffer.prototype.ucs2Slice === "function")();
let slices: NodeBuffer | undefined;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/** Turns to what a decode left in the memory: the words of its outcome begin at `outcomeWord`. */
export function openTape(
  heap: Uint8Array<ArrayBuffer>,
  outcomeWord: number,
  big: (digits: string) => unknown = Number,
): void {
  if (memory !== heap) {
    memory = heap;
    words = new Uint32Array(heap.buffer);
    doubles = new Float64Array(heap.buffer);
    if (hasNodeBuffer) slices = nodeBuffer?.from(heap.buffer);
  }
  outcome = outcomeWord;
  base = outcomeWordAt(tapeWord) >>> 2;
  readBig = big;
  firstPiece8 = undefined;
  if (pieces8.length !== 0) pieces8.length = 0;
  if (pieces16.length !== 0) pieces16.length = 0;
}

/** A word of the outcome. */
export function outcomeWordAt(position: number): number {
  return words[outcome + position] as number;
}

function decodeAscii(from: number, to: number): string {
  if (slices !== undefined) return slices.latin1Slice(from, to);
  return utf8.decode(memory.subarray(from, to));
}

/** UTF-8 text. */
export function utf8Text(from: number, to: number): string {
  if (slices !== undefined) return slices.utf8Slice(from, to);
  return utf8.decode(memory.subarray(from, to));
}

/** ASCII text, `length` bytes from the address `from` on. */
export function asciiFrom(from: number, length: number): string {
  return decodeAscii(from, from + length);
}

function decodeWide(from: number, to: number): string {
  if (slices !== undefined) return slices.ucs2Slice(from, to);
  if (outcomeWordAt(loneSurrogatesWord) === 0) return utf16.decode(memory.subarray(from, to));
  return wideText(from, (to - from) >> 1);
}

/** UTF-16 text, `length` code units from the address `from` on, with all its surrogates. */
export function wideText(from: number, length: number): string {
  if (slices !== undefined) return slices.ucs2Slice(from, from + length * 2);
  // TextDecoder would replace a surrogate that has lost its other half; JSON.parse keeps it.
  const units = new Uint16Array(memory.buffer, from, length);
  let made = "";
  for (let at = 0; at < units.length; at += 4096) {
    made += String.fromCharCode(...units.subarray(at, at + 4096));
  }
  return made;
}

function piece8(number: number): string {
  if (number === 0 && firstPiece8 !== undefined) return firstPiece8;
  const known = pieces8[number];
  if (known !== undefined) return known;
  const from = outcomeWordAt(pool8Word) + number * pieceSize;
  const end = outcomeWordAt(pool8Word) + outcomeWordAt(pool8SizeWord);
  const made = decodeAscii(from, Math.min(from + pieceSize, end));
  if (number === 0) firstPiece8 = made;
  else pieces8[number] = made;
  return made;
}

function piece16(number: number): string {
  const known = pieces16[number];
  if (known !== undefined) return known;
  const from = outcomeWordAt(pool16Word) + number * pieceSize * 2;
  const end = outcomeWordAt(pool16Word) + outcomeWordAt(pool16SizeWord) * 2;
  const made = decodeWide(from, Math.min(from + pieceSize * 2, end));
  pieces16[number] = made;
  return made;
}

/** The text of the cell at word `at`. */
export function text(at: number): string {
  const position = words[at] as number;
  const meta = words[at + 1] as number;
  const length = meta >>> 3;
  switch (meta & 7) {
    case 0: {
      const start = position & (pieceSize - 1);
      return piece8(position >>> pieceBits).slice(start, start + length);
    }
    case 1:
      return asciiFrom(outcomeWordAt(inputWord) + position, length);
    case 2:
      return asciiFrom(outcomeWordAt(text8Word) + position, length);
    case 3: {
      const start = position & (pieceSize - 1);
      return piece16(position >>> pieceBits).slice(start, start + length);
    }
    case 4: {
      const from = outcomeWordAt(text16Word) + position * 2;
      return decodeWide(from, from + length * 2);
    }
    case 5:
      return vocabulary[position] as string;
    default:
      return "__proto__";
  }
}

/** The same without what lies beside it: for readers of hardly any text of a tape. */
export function loneText(at: number): string {
  const meta = words[at + 1] as number;
  if ((meta & 7) !== 0) return text(at);
  return asciiFrom(outcomeWordAt(pool8Word) + (words[at] as number), meta >>> 3);
}

/** An array of numbers. */
export function numberArray(first: number, count: number): number[] {
  const at = first >> 1;
  switch (count) {
    case 0:
      return [];
    case 1:
      return [doubles[at] as number];
    case 2:
      return [doubles[at] as number, doubles[at + 1] as number];
    case 3:
      return [doubles[at] as number, doubles[at + 1] as number, doubles[at + 2] as number];
    default: {
      const made = new Array<number>(count);
      for (let i = 0; i < count; i++) made[i] = doubles[at + i] as number;
      return made;
    }
  }
}

/** An array of strings. */
export function textArray(first: number, count: number): string[] {
  const made = new Array<string>(count);
  for (let i = 0; i < count; i++) made[i] = text(first + 2 * i);
  return made;
}
