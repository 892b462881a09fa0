// Cuts bytes into what the raw view shows apart: strings, numbers, names of fields, all between.
export type SegmentKind = "string" | "word" | "field" | "comment" | "blank" | "other";

export interface Segment {
  readonly kind: SegmentKind;
  readonly from: number;
  readonly to: number;
}

const longest = 4096; // longer ones are cut, so that a page never becomes large

const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isLineEnd = (byte: number | undefined) =>
  byte === undefined || byte === 0x0a || byte === 0x0d;
const isWord = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte >= 0x80 ||
  byte === 0x2b ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x5f;

function endOf(bytes: Uint8Array, from: number, goesOn: (byte: number) => boolean): number {
  const last = Math.min(bytes.length, from + longest);
  let at = from;
  while (at < last && goesOn(bytes[at] as number)) at++;
  // Not within a character.
  while (at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80) at++;
  return at;
}

function endOfString(bytes: Uint8Array, from: number): number {
  let isEscaped = false;
  let isOver = false;
  return endOf(bytes, from, (byte) => {
    if (isOver || isLineEnd(byte)) return false;
    isOver = byte === 0x22 && !isEscaped;
    isEscaped = byte === 0x5c && !isEscaped;
    return true;
  });
}

function segmentAt(bytes: Uint8Array, from: number): Segment {
  const byte = bytes[from] as number;
  const isLineStart = from === 0 || isLineEnd(bytes[from - 1]);
  const segment = (kind: SegmentKind, to: number) => ({ kind, from, to: Math.max(to, from + 1) });
  if (isBlank(byte)) return segment("blank", endOf(bytes, from, isBlank));
  if (isLineStart && byte === 0x3a)
    return segment(
      "comment",
      endOf(bytes, from, (next) => !isLineEnd(next)),
    );
  if (byte === 0x22) return segment("string", from + 1 + endOfRest(bytes, from));
  if (!isWord(byte)) return segment("other", from + 1);
  const to = endOf(bytes, from, isWord);
  return segment(isLineStart && bytes[to] === 0x3a ? "field" : "word", to);
}

const endOfRest = (bytes: Uint8Array, from: number) => endOfString(bytes, from + 1) - from - 1;

/** The segments from one place up to another, where one begins. */
export function* segments(bytes: Uint8Array, from: number, to: number): Generator<Segment> {
  for (let at = from; at < to; ) {
    const segment = segmentAt(bytes, at);
    yield segment;
    at = segment.to;
  }
}

/** Where pages of about a size begin: always with a segment. */
export function pageStarts(bytes: Uint8Array, size: number): number[] {
  const starts = [0];
  for (const { from } of segments(bytes, 0, bytes.length))
    if (from - (starts.at(-1) as number) >= size) starts.push(from);
  return starts;
}
