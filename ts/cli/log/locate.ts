// Finds the answer in a line of a log: the line itself, or what lies in it under the names that
// batches and loggers give to it. Looks at the bytes alone, and at no more of them than it must.
import { isBlank } from "../sniffer.js";

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const brace = { open: 0x7b, close: 0x7d };
const bracket = { open: 0x5b, close: 0x5d };

const bytesOf = (name: string): readonly number[] => Array.from(name, (of) => of.charCodeAt(0));
const choices = bytesOf("choices");
const error = bytesOf("error");
// An envelope of servers, which the decoder knows and names.
const result = bytesOf("result");
const wrappers = [
  ...["response", "body", "completion", "chat_completion", "output", "data", "payload", "res"],
  ...["response_body", "responseBody", "raw_response", "rawResponse"],
].map(bytesOf);
const deepest = 4;

/** Where an answer is. */
export interface Place {
  readonly from: number;
  readonly to: number;
  /** It is inside a JSON string, with its quotes. */
  readonly isText: boolean;
}

function is(bytes: Uint8Array, from: number, to: number, name: readonly number[]): boolean {
  if (to - from !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name[i]) return false;
  return true;
}

const wrappersByLength: (readonly (readonly number[])[] | undefined)[] = [];
for (const wrapper of wrappers) {
  const others = wrappersByLength[wrapper.length] ?? [];
  wrappersByLength[wrapper.length] = [...others, wrapper];
}

function isWrapperName(bytes: Uint8Array, from: number, to: number): boolean {
  const alike = wrappersByLength[to - from];
  if (alike === undefined) return false;
  for (const wrapper of alike) if (is(bytes, from, to, wrapper)) return true;
  return false;
}

function skipBlanks(bytes: Buffer, at: number, to: number): number {
  while (at < to && isBlank(bytes[at])) at++;
  return at;
}

// Most strings are shorter. In longer ones the engine finds the end faster than a loop does.
const shortString = 24;

/** The place after the string whose opening quote is before `at`. */
function skipString(bytes: Buffer, at: number, to: number): number {
  for (const end = Math.min(to, at + shortString); at < end; at++) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at++;
  }
  while (at < to) {
    const found = bytes.indexOf(quote, at);
    if (found === -1 || found >= to) return to;
    let escapes = found;
    while (escapes > at && bytes[escapes - 1] === backslash) escapes--;
    if ((found - escapes) % 2 === 0) return found + 1;
    at = found + 1;
  }
  return to;
}

// What a byte is to a value that is being skipped; most are nothing.
const nothing = 0;
const opens = 1;
const closes = 2;
const quotes = 3;
const ends = 4; // a number, or a word
const kinds = new Uint8Array(256);
for (const byte of [brace.open, bracket.open]) kinds[byte] = opens;
for (const byte of [brace.close, bracket.close]) kinds[byte] = closes;
for (const byte of [comma, 0x20, 0x09, 0x0d]) kinds[byte] = ends;
kinds[quote] = quotes;

/** The place after a value; `to` where it does not end before that. */
function skipValue(bytes: Buffer, at: number, to: number): number {
  let depth = 0;
  while (at < to) {
    const kind = kinds[bytes[at] as number];
    if (kind === nothing) {
      at++;
    } else if (kind === quotes) {
      at = skipString(bytes, at + 1, to);
      if (depth === 0) return at;
    } else if (kind === opens) {
      depth++;
      at++;
    } else if (kind === closes) {
      if (depth === 0) return at;
      at++;
      if (--depth === 0) return at;
    } else if (depth === 0) {
      return at;
    } else {
      at++;
    }
  }
  return to;
}

/** What was found so far. */
interface Search {
  readonly bytes: Buffer;
  readonly withResult: boolean;
  /** With choices. */
  answer: Place | undefined;
  /** With an error, or text that might have either. */
  second: Place | undefined;
  /** The innermost object under a wrapper's name. */
  third: Place | undefined;
}

const isNothing = (byte: number | undefined) => byte === 0x6e || byte === 0x66; // null, false

/** Looks through the object that begins at `from`. Gives the place after it, unless it is found. */
function search(of: Search, from: number, to: number, depth: number): number {
  const { bytes } = of;
  let hasError = false;
  let at = from + 1;
  for (;;) {
    at = skipBlanks(bytes, at, to);
    if (bytes[at] === comma) at = skipBlanks(bytes, at + 1, to);
    if (at >= to || bytes[at] !== quote) break;
    const nameEnd = skipString(bytes, at + 1, to) - 1;
    const name = at + 1;
    at = skipBlanks(bytes, nameEnd + 1, to);
    if (bytes[at] !== colon) break;
    at = skipBlanks(bytes, at + 1, to);
    if (is(bytes, name, nameEnd, choices)) {
      // The line itself goes to its end, whatever it is there.
      const end = depth === 0 ? to : skipValue(bytes, from, to);
      of.answer = { from, to: end, isText: false };
      return end;
    }
    if (is(bytes, name, nameEnd, error)) hasError ||= !isNothing(bytes[at]);
    const isWrapper =
      isWrapperName(bytes, name, nameEnd) || (of.withResult && is(bytes, name, nameEnd, result));
    if (isWrapper && bytes[at] === brace.open && depth < deepest) {
      at = search(of, at, to, depth + 1);
      if (of.answer !== undefined) return at;
    } else {
      const end = skipValue(bytes, at, to);
      if (isWrapper && bytes[at] === quote && bytes[at + 1] === brace.open)
        of.second ??= { from: at, to: end, isText: true };
      at = end;
    }
  }
  const end = at < to && bytes[at] === brace.close ? at + 1 : to;
  if (depth > 0) {
    const place = { from, to: end, isText: false };
    if (hasError) of.second ??= place;
    of.third ??= place;
  }
  return end;
}

/**
 * Finds the answer in a line, which is what lies between `from` and `to`. `withResult`: also in the
 * envelope that decoding would take off.
 */
export function locate(bytes: Buffer, from: number, to: number, withResult = false): Place {
  const of: Search = {
    bytes,
    withResult,
    answer: undefined,
    second: undefined,
    third: undefined,
  };
  if (bytes[from] === brace.open) search(of, from, to, 0);
  return of.answer ?? of.second ?? of.third ?? { from, to, isText: false };
}

const utf8 = { decoder: new TextDecoder(), encoder: new TextEncoder() };

/** The bytes of an answer. */
export function answerBytes(bytes: Uint8Array, { from, to, isText }: Place): Uint8Array {
  const place = bytes.subarray(from, to);
  if (!isText) return place;
  try {
    return utf8.encoder.encode(JSON.parse(utf8.decoder.decode(place)) as string);
  } catch {
    return place; // which is no completion, and will be said so
  }
}
