// Tells what a file is: a body, a stream, or a log, which has an answer a line.
import type { FileKind } from "./commands.js";
import type { Reading } from "./input.js";
import { locate } from "./log/locate.js";
import { isBlank, Sniffer } from "./sniffer.js";

const lineFeed = 0x0a;
const brace = 0x7b;

/** Whether an answer is a chunk of a stream. Inside of texts, quotes would be escaped. */
export function isChunk(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (text.includes('"chat.completion.chunk"')) return true;
  return text.includes('"delta"') && !text.includes('"message"');
}

/**
 * What bytes begin to be, by their first object and their file's name; undefined where more of them
 * must be seen. `isAll`: no more will come.
 */
export function kindOf(name: string, bytes: Uint8Array, isAll: boolean): FileKind | undefined {
  const sniffer = new Sniffer();
  const kind = sniffer.kindOf(bytes) ?? (isAll ? sniffer.kindAtEnd : undefined);
  const isLog = /\.(jsonl|ndjson)(\.|$)/i.test(name);
  if (kind !== "stream") return kind && isLog ? "log" : kind;
  const start = bytes.findIndex((byte) => !isBlank(byte));
  const end = bytes.indexOf(lineFeed, start);
  const line = Buffer.from(bytes.subarray(Math.max(0, start), end === -1 ? bytes.length : end));
  if (line[0] !== brace) return isLog ? "log" : "stream";
  const { from, to } = locate(line, 0, line.length);
  return isChunk(line.subarray(from, to)) ? "stream" : "log";
}

/** A file whose kind is told, and all of its bytes. */
export interface Told {
  readonly kind: FileKind;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads as much of a file as it takes to tell what it is. */
export async function openKind(name: string, { bytes }: Reading): Promise<Told> {
  const reads = bytes[Symbol.asyncIterator]();
  let seen: Uint8Array = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reads.next();
    if (!done) seen = seen.length === 0 ? value : Buffer.concat([seen, value]);
    const kind = kindOf(name, seen, done === true);
    if (kind === undefined) continue;
    const all = async function* () {
      yield seen;
      if (!done) yield* { [Symbol.asyncIterator]: () => reads };
    };
    return { kind, bytes: all() };
  }
}
