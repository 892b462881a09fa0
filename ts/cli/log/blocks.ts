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

  /** Where the next read is to be put; `commit` says how much came. */
  room(): Uint8Array<ArrayBuffer> {
    return this.#block.subarray(this.#used);
  }

  /** Takes what was put to `room`, and gives the blocks that are full. */
  *commit(count: number): Generator<Block> {
    this.#used += count;
    if (this.#isTooLong) {
      const end = this.#block.subarray(0, this.#used).indexOf(lineFeed) + 1;
      const rest = end === 0 ? this.#used : end;
      this.#block.copyWithin(0, rest, this.#used);
      this.#used -= rest;
      if (end === 0) return;
      this.#isTooLong = false;
      yield undefined;
    }
    if (this.#used === this.#block.length) yield* this.#full();
  }

  /** The same for a read that is elsewhere: it is copied. */
  *feed(read: Uint8Array): Generator<Block> {
    while (read.length !== 0) {
      const room = this.room();
      const part = read.subarray(0, room.length);
      room.set(part);
      read = read.subarray(part.length);
      yield* this.commit(part.length);
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

/** Where the first line begins that does not begin before `from`. */
function lineStart(descriptor: number, from: number): number {
  if (from === 0) return 0;
  const read = new Uint8Array(64 << 10);
  for (let at = from - 1; ; at += read.length) {
    const count = readSync(descriptor, read, 0, read.length, at);
    const end = read.subarray(0, count).indexOf(lineFeed) + 1;
    if (end !== 0 || count === 0) return at + end;
  }
}

/** The blocks of a part of a file. Each is to be done with before the next one is asked for. */
export function* rangeBlocks({ file, from, to }: Range): Generator<Block> {
  const spare: ArrayBuffer[] = [];
  const cutter = new LineCutter(rangeRead, spare);
  const descriptor = openSync(file, "r");
  try {
    let at = lineStart(descriptor, from);
    // The line that begins last may go on beyond the part.
    for (let isOver = at >= to; !isOver; ) {
      const room = cutter.room();
      const count = readSync(descriptor, room, 0, room.length, at);
      if (count === 0) break;
      // The last line ends at the first line feed that is not before the last byte of the part.
      const last = room.subarray(0, count).indexOf(lineFeed, Math.max(0, to - 1 - at)) + 1;
      const isLast = last !== 0 && at + last >= to;
      for (const block of cutter.commit(isLast ? last : count)) {
        yield block;
        if (block !== undefined) spare.push(block.buffer);
      }
      at += count;
      isOver = isLast;
    }
    yield* cutter.end();
  } finally {
    closeSync(descriptor);
  }
}
