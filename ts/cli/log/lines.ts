// The lines of a log, one by one.
import { isBlank } from "../sniffer.js";
import { blocks } from "./blocks.js";

const lineFeed = 0x0a;

export interface Line {
  /** From 1 on. */
  readonly number: number;
  /** Without its line feed; undefined: it is too long to be kept. */
  readonly bytes: Buffer | undefined;
}

/** The lines of what is read; empty ones, too. Each is to be done with before the next one. */
export async function* linesOf(reads: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  const spare: ArrayBuffer[] = [];
  for await (const block of blocks(reads, spare)) {
    if (block === undefined) {
      yield { number: ++number, bytes: undefined };
      continue;
    }
    const buffer = Buffer.from(block.buffer, block.byteOffset, block.length);
    for (let from = 0; from < buffer.length; ) {
      const found = buffer.indexOf(lineFeed, from);
      const to = found === -1 ? buffer.length : found;
      yield { number: ++number, bytes: buffer.subarray(from, to) };
      from = to + 1;
    }
    spare.push(block.buffer);
  }
}

/** Where the text of bytes begins and ends, without the blanks around it. */
export function textIn(bytes: Uint8Array): { readonly from: number; readonly to: number } {
  let from = 0;
  let to = bytes.length;
  while (from < to && isBlank(bytes[from])) from++;
  while (from < to && isBlank(bytes[to - 1])) to--;
  return { from, to };
}
