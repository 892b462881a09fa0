// Cuts what is read into blocks of whole lines.
import { closeSync, openSync, readSync } from "node:fs";

const lineFeed = 0x0a;
/** Lines beyond this are no answers: no body may be as long. */
export const longestLine = 65 << 20;

/** Whole lines, or one that is too long to be kept (`undefined`). */
export type Block = Uint8Array<ArrayBuffer> | undefined;

/**
 * Makes blocks of whole lines from reads: but for the last, each ends in a line feed. A block is its
 * receiver's, who puts its memory to `spare` when it is not needed any more.
 */
export class LineCutter {
  readonly #size: number;
  readonly #spare: ArrayBuffer[];
  #block: Uint8Array<ArrayBuffer>;
  #used = 0;
  #isTooLong = false; // and dropped up to its end

  constructor(size: number, spare: ArrayBuffer[]) {
    this.#size = size;
    this.#spare = spare;
    this.#block = this.#take(0);
  }

  #take(bytes: number): Uint8Array<ArrayBuffer> {
    const memory = this.#spare.pop();
    const isEnough = memory !== undefined && memory.byteLength >= bytes;
    return new Uint8Array(isEnough ? memory : new ArrayBuffer(Math.max(this.#size, bytes)));
  }

  /** Takes a read, which is copied, and gives the blocks that it has filled. */
  *feed(read: Uint8Array): Generator<Block> {
    while (read.length !== 0) {
      if (this.#isTooLong) {
        const end = read.indexOf(lineFeed) + 1;
        if (end === 0) return;
        read = read.subarray(end);
        this.#isTooLong = false;
        yield undefined;
        continue;
      }
      const room = this.#block.length - this.#used;
      const part = read.length <= room ? read : read.subarray(0, room);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      read = read.subarray(part.length);
      if (this.#used === this.#block.length) yield* this.#full();
    }
  }

  *#full(): Generator<Block> {
    const block = this.#block;
    const end = block.lastIndexOf(lineFeed) + 1;
    if (end !== 0) {
      this.#used -= end;
      this.#block = this.#take(this.#used * 2);
      this.#block.set(block.subarray(end));
      yield block.subarray(0, end);
    } else if (block.length < longestLine) {
      this.#block = new Uint8Array(block.length * 2);
      this.#block.set(block);
    } else {
      this.#isTooLong = true;
      this.#used = 0;
      this.#block = this.#take(0);
    }
  }

  /** Gives what is left when nothing comes any more. */
  *end(): Generator<Block> {
    if (this.#isTooLong) yield undefined;
    if (this.#used !== 0) yield this.#block.subarray(0, this.#used);
  }
}

/** The blocks of what is read as it comes. */
export async function* blocks(
  reads: AsyncIterable<Uint8Array>,
  spare: ArrayBuffer[],
): AsyncGenerator<Block> {
  const cutter = new LineCutter(1 << 20, spare);
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const read of reads) yield* cutter.feed(read);
  } catch (error) {
    failure = { error }; // after what was read before it
  }
  yield* cutter.end();
  if (failure !== undefined) throw failure.error;
}

/** A part of a file: the lines that begin in it. */
export interface Range {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

// Small enough for the caches of a core.
const rangeRead = 256 << 10;

/** The blocks of a part of a file. Each is to be done with before the next one is asked for. */
export function* rangeBlocks({ file, from, to }: Range): Generator<Block> {
  const spare: ArrayBuffer[] = [];
  const cutter = new LineCutter(rangeRead, spare);
  const read = new Uint8Array(rangeRead);
  const descriptor = openSync(file, "r");
  try {
    // The line that began before belongs to the part before.
    let isInLine = from > 0;
    for (let at = isInLine ? from - 1 : 0; ; ) {
      const count = readSync(descriptor, read, 0, read.length, at);
      if (count === 0) break;
      let part = read.subarray(0, count);
      let start = 0;
      if (isInLine) {
        start = part.indexOf(lineFeed) + 1;
        isInLine = start === 0;
      }
      // The last line ends at the first line feed that is not before the last byte of the part.
      const last = part.indexOf(lineFeed, Math.max(0, to - 1 - at)) + 1;
      const isLast = last !== 0 && at + last >= to;
      if (isLast) part = part.subarray(0, last);
      if (!isInLine) {
        for (const block of cutter.feed(part.subarray(start))) {
          yield block;
          if (block !== undefined) spare.push(block.buffer);
        }
      }
      at += count;
      if (isLast || (isInLine && at >= to)) break;
    }
    yield* cutter.end();
  } finally {
    closeSync(descriptor);
  }
}
