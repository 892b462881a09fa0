// Reads the tape that a decode leaves in the core's memory (src/tape/tape.hpp tells its format).
// The views below are those of the last decode; the generated builders read through them.
import type { Extra } from "../generated/types.js";
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
export const chunksWord = 15;
export const chunkCountWord = 16;
export const eventsWord = 17;
export const eventCountWord = 18;
export const heartbeatsWord = 19;
export const usageUpdatesWord = 20;
export const streamEventsWord = 21;
export const operationsWord = 22;
export const operationsSizeWord = 23;
export const operationsTextWord = 24;

const tagBase = 0xfff80000;
const tagNull = tagBase + 1;
const tagFalse = tagBase + 2;
const tagTrue = tagBase + 3;
const tagText = tagBase + 4;
const tagArray = tagBase + 5;
const tagBig = tagBase + 7;
const staleOriginal = 0xffffffff;
const pieceBits = 11;
const pieceSize = 1 << pieceBits;

let memory = new Uint8Array(0);
/** The index of the outcome's first word. */
let outcome = 0;
// The pools' pieces that were decoded already.
let firstPiece8: string | undefined;
const pieces8: string[] = [];
const pieces16: string[] = [];

/** What to do with integers beyond 2^53 (only where a decode was asked to keep them). */
let readBig: (digits: string) => unknown = Number;

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
  if (hasNames) places.fill(0);
  hasNames = false;
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

function asciiFrom(from: number, length: number): string {
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

// Names come over and over: those of this tape by their places in the pool, which equal names share,
// and those of earlier ones by their first, middle and last letters. A name that is set becomes a string
// of its own, so that it does not keep the piece of the pool that it was cut from.
const places = new Uint32Array(128); // a place + 1
const placed: string[] = [];
let hasNames = false;
const names: string[] = new Array<string>(256).fill("");
const longestKept = 40;

function nameAt(cell: number): string {
  const length = (words[cell + 1] as number) >>> 3;
  if (((words[cell + 1] as number) & 7) !== 0 || length === 0) return text(cell);
  const position = words[cell] as number;
  const place = Math.imul(position, 0x9e3779b1) >>> 25;
  if (places[place] === position + 1) return placed[place] as string;
  const name = asciiName(position, length);
  hasNames = true;
  places[place] = position + 1;
  placed[place] = name;
  return name;
}

function asciiName(position: number, length: number): string {
  const from = outcomeWordAt(pool8Word) + position;
  const letter = (at: number) => memory[from + at] as number;
  const ends = letter(length - 1) + letter(length - 2) * 19; // of one letter with what is before it
  const mixed = letter(0) * 31 + letter(length >> 1) * 7 + ends + length * 61;
  const kept = names[mixed & 255] as string;
  let same = kept.length === length ? 0 : -1;
  while (same >= 0 && same < length) same = kept.charCodeAt(same) === letter(same) ? same + 1 : -1;
  if (same === length) return kept;
  const start = position & (pieceSize - 1);
  const made = piece8(position >>> pieceBits).slice(start, start + length);
  if (length <= longestKept) names[mixed & 255] = made;
  return made;
}

// A member of any name becomes a member of its own, never a prototype.
function define(target: Extra, nameCell: number, value: unknown): void {
  if (((words[nameCell + 1] as number) & 7) === 7) {
    Object.defineProperty(target, "__proto__", {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    target[nameAt(nameCell)] = value;
  }
}

/** The members that a model does not know, from the list that begins at word `first`. */
export function extras(first: number): Extra {
  const made: Extra = {};
  for (let entry = first; ; ) {
    if (words[entry + 1] !== staleOriginal) define(made, entry + 2, openValue(entry + 4));
    const next = words[entry] as number;
    if (next === 0) return made;
    entry = base + next;
  }
}

/** An array or object that is being filled. */
interface Unfinished {
  value: unknown[] | Extra;
  isArray: boolean;
  /** How many elements or members it has, and how many are there. */
  count: number;
  filled: number;
  nameCell: number;
}

/** Any JSON value. The input decides how deep it is, so this does not recurse. */
export function openValue(at: number): unknown {
  const nest: Unfinished[] = []; // used again where one ends and another begins
  let depth = 0;
  let inner: Unfinished | undefined;
  for (;;) {
    const tag = words[at + 1] as number;
    let value: unknown;
    if (tag < tagBase) {
      value = doubles[at >> 1];
      at += 2;
    } else if (tag === tagText) {
      value = text(at + 2);
      at += 4;
    } else if (tag === tagNull || tag === tagFalse || tag === tagTrue) {
      value = tag === tagNull ? null : tag === tagTrue;
      at += 2;
    } else if (tag === tagBig) {
      value = readBig(text(at + 2));
      at += 4;
    } else {
      const count = words[at] as number;
      const isArray = tag === tagArray;
      // Grown one by one, arrays would take several times the memory.
      value = !isArray ? {} : count < 2 ? [] : new Array<unknown>(count);
      at += 2;
      if (count !== 0) {
        if (depth === nest.length) nest.push({ value: [], isArray, count, filled: 0, nameCell: 0 });
        inner = nest[depth++] as Unfinished;
        inner.value = value as Unfinished["value"];
        inner.isArray = isArray;
        inner.count = count;
        inner.filled = 0;
        inner.nameCell = at;
        if (!isArray) at += 2;
        continue;
      }
    }
    // A value is complete: it goes where it belongs, and so does what it completes.
    for (;;) {
      if (inner === undefined) return value;
      if (inner.count === 1 && inner.isArray) {
        inner.value = [value]; // half the time of `new Array`, and of its collection
        inner.filled++;
      } else if (inner.isArray) {
        (inner.value as unknown[])[inner.filled++] = value;
      } else {
        define(inner.value as Extra, inner.nameCell, value);
        inner.filled++;
      }
      if (inner.filled !== inner.count) {
        if (!inner.isArray) {
          inner.nameCell = at;
          at += 2;
        }
        break;
      }
      value = inner.value;
      depth--;
      inner = depth === 0 ? undefined : nest[depth - 1];
    }
  }
}
