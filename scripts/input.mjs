// What npm start reads: files, and standard input as it comes. Tells streams from bodies, and plays
// recorded streams back at the pace of a server.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const lineFeed = 0x0a;
const brace = { open: 0x7b, close: 0x7d };
const quote = 0x22;
const backslash = 0x5c;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const isBlank = (byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/**
 * Tells whether bytes are a body, one JSON object, or anything else, which is for the decoder of
 * streams to judge. Says so with the first byte, or where the first object is followed by another.
 */
export class Sniffer {
  #see = this.#before;
  #depth = 0;

  /** "body", "stream", or undefined where that is still open. */
  kindOf(bytes) {
    for (const byte of bytes) {
      const kind = this.#see(byte);
      if (kind !== undefined) return kind;
    }
    return undefined;
  }

  /** What it is if nothing else comes. */
  get kindAtEnd() {
    return this.#see === this.#before ? "stream" : "body";
  }

  #before(byte) {
    if (isBlank(byte) || byteOrderMark.includes(byte)) return undefined;
    if (byte !== brace.open) return "stream";
    this.#depth = 1;
    this.#see = this.#inside;
    return undefined;
  }

  #inside(byte) {
    if (byte === quote) this.#see = this.#inText;
    else if (byte === brace.open) this.#depth++;
    else if (byte === brace.close && --this.#depth === 0) this.#see = this.#after;
  }

  #inText(byte) {
    if (byte === quote) this.#see = this.#inside;
    else if (byte === backslash) this.#see = this.#escaped;
  }

  #escaped() {
    this.#see = this.#inText;
  }

  #after(byte) {
    if (isBlank(byte)) return undefined;
    return byte === brace.open ? "stream" : "body";
  }
}

/** The lines of a recorded stream, so that each event comes by itself. */
function* linesOf(bytes) {
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(lineFeed, from) + 1 || bytes.length;
    yield bytes.subarray(from, end);
    from = end;
  }
}

const hasText = (bytes) => !bytes.every(isBlank);

/** The same lines with a pause before each, but not more than `seconds` in all. */
async function* replay(bytes, seconds) {
  let count = 0;
  for (const line of linesOf(bytes)) if (hasText(line)) count++;
  const pause = Math.min(25, (seconds * 1000) / count);
  let due = performance.now();
  for (const line of linesOf(bytes)) {
    if (hasText(line)) due += pause;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    yield line;
  }
}

// Where nobody watches, a pause only costs time.
const isWatched = process.stdout.isTTY === true && !process.env.CI;

/**
 * A file: `{ bytes }` of a body, or `{ source, size, note }` of a stream, which is not read yet.
 * `seconds` is how long a stream may be played.
 */
export function openFile(path, seconds = 5) {
  const bytes = readFileSync(path);
  const sniffer = new Sniffer();
  if ((sniffer.kindOf(bytes) ?? sniffer.kindAtEnd) === "body") return { bytes };
  const source = isWatched ? replay(bytes, seconds) : linesOf(bytes);
  return { source, size: bytes.length, note: isWatched ? "as it is played here" : "read at once" };
}

/** Standard input, the same way; a stream goes on while it is shown. `began`, `firstByte`: when. */
export async function openStandardInput() {
  const began = performance.now();
  const reads = process.stdin[Symbol.asyncIterator]();
  const sniffer = new Sniffer();
  const pieces = [];
  let kind;
  let firstByte;
  while (kind === undefined) {
    const { done, value } = await reads.next();
    if (done) break;
    firstByte ??= performance.now();
    pieces.push(value);
    kind = sniffer.kindOf(value);
  }
  const rest = { [Symbol.asyncIterator]: () => reads };
  if ((kind ?? sniffer.kindAtEnd) === "body") {
    for await (const piece of rest) pieces.push(piece);
    return { bytes: Buffer.concat(pieces) };
  }
  const source = {
    async *[Symbol.asyncIterator]() {
      yield* pieces;
      yield* rest;
    },
    destroy: () => process.stdin.destroy(), // ends a read that waits
  };
  return { source, began, firstByte, note: "as it came" };
}
