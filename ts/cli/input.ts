// What is read: files, and standard input as it comes; what is packed is unpacked on the way.
import { createReadStream } from "node:fs";
import { open as openFile, stat } from "node:fs/promises";
import { pipeline, type Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import * as zlib from "node:zlib";
import { InputError, inputError } from "./failures.js";
import { isBlank, Sniffer } from "./sniffer.js";
import { ZstdFrames } from "./zstd.js";

const lineFeed = 0x0a;
const readSize = 1 << 20;
const unpackedSize = 64 << 10;

/** What a name stands for, in messages. */
export const titleOf = (file: string): string => (file === "-" ? "standard input" : file);

/** A file that is being read. */
export interface Reading {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How long the file is, packed as it is; undefined where that is not known. */
  readonly size: number | undefined;
  /** How much of that was read. */
  readonly done: () => number;
  /** Ends a read that waits. */
  readonly destroy: () => void;
}

const magic = {
  gzip: [0x1f, 0x8b],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
};
const beginsWith = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, at) => bytes[at] === byte);

/** What unpacks bytes that begin so; undefined: they are not packed. */
function unpackerOf(name: string, start: Uint8Array): Transform | undefined {
  if (beginsWith(start, magic.gzip)) return zlib.createGunzip({ chunkSize: unpackedSize });
  if (beginsWith(start, magic.zstd)) {
    const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
    if (createZstdDecompress !== undefined) return createZstdDecompress();
    throw new InputError(
      `${titleOf(name)}: this is zstd, which Node reads from 22.15 on, and this is ${process.version}. Unpack it first: zstd -dc FILE | chatwire ... -`,
    );
  }
  return name.endsWith(".br")
    ? zlib.createBrotliDecompress({ chunkSize: unpackedSize })
    : undefined;
}

async function* unpacked(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reads = bytes[Symbol.asyncIterator]();
  const rest = { [Symbol.asyncIterator]: () => reads };
  const longest = magic.zstd.length;
  try {
    let start: Uint8Array = new Uint8Array(0);
    while (start.length < longest) {
      const { done, value } = await reads.next();
      if (done) break;
      start = start.length === 0 ? value : Buffer.concat([start, value]);
      // What is not packed goes on as it comes.
      if (![magic.gzip, magic.zstd].some((of) => beginsWith(start, of.slice(0, start.length))))
        break;
    }
    const unpacker = unpackerOf(name, start);
    if (unpacker === undefined) {
      if (start.length !== 0) yield start;
      yield* rest;
      return;
    }
    const frames = beginsWith(start, magic.zstd) ? new ZstdFrames() : undefined;
    const packed = async function* () {
      frames?.feed(start);
      yield start;
      for await (const piece of rest) {
        frames?.feed(piece);
        yield piece;
      }
    };
    yield* pipeline(packed, unpacker, () => {}) as AsyncIterable<Uint8Array>;
    if (frames?.isComplete === false)
      throw new InputError(`${titleOf(name)}: it cannot be unpacked: unexpected end of file`);
  } catch (error) {
    throw inputError(titleOf(name), error);
  } finally {
    await reads.return?.();
  }
}

/** How long a file is that is read as it is, at any place; undefined: it is none, or packed. */
export async function plainSize(name: string): Promise<number | undefined> {
  if (name === "-" || name.endsWith(".br")) return undefined;
  const file = await openFile(name);
  try {
    const found = await file.stat();
    const start = new Uint8Array(magic.zstd.length);
    if (!found.isFile()) return undefined;
    await file.read(start, 0, start.length, 0);
    return Object.values(magic).some((of) => beginsWith(start, of)) ? undefined : found.size;
  } finally {
    await file.close();
  }
}

/**
 * Opens a file, or standard input.
 * @throws InputError where that cannot be done; what goes wrong later is thrown where it is read
 */
export async function open(name: string): Promise<Reading> {
  let size: number | undefined;
  let from: NodeJS.ReadStream | ReturnType<typeof createReadStream> = process.stdin;
  if (name !== "-") {
    try {
      const { isFile, size: bytes } = await stat(name).then((of) => ({
        isFile: of.isFile(),
        size: of.size,
      }));
      if (isFile) size = bytes;
    } catch (error) {
      throw inputError(name, error);
    }
    from = createReadStream(name, { highWaterMark: readSize });
  }
  let done = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of from as AsyncIterable<Buffer>) {
      done += piece.length;
      yield piece;
    }
  };
  const destroy = () => void from.destroy();
  return { bytes: unpacked(name, counted()), size, done: () => done, destroy };
}

/** The lines of a recorded stream, so that each event comes by itself. */
function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(lineFeed, from) + 1 || bytes.length;
    yield bytes.subarray(from, end);
    from = end;
  }
}

const hasText = (bytes: Uint8Array) => !bytes.every(isBlank);

/** The same lines with a pause before each, but not more than `seconds` in all. */
async function* replay(bytes: Uint8Array, seconds: number): AsyncGenerator<Uint8Array> {
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

/** A body, or a stream that is not read yet. */
export type Input = BodyInput | StreamInput;

export interface BodyInput {
  readonly bytes: Uint8Array;
}

export interface StreamInput {
  readonly bytes?: undefined;
  readonly source: AsyncIterable<Uint8Array>;
  /** When it was opened, and when the first byte came. */
  readonly began: number;
  readonly firstByte: number | undefined;
  /** Whether it was as long as that when it was sent. */
  readonly note: string;
}

/** How a file is read. */
export interface ReadOptions {
  /** Play a recorded stream at the pace of a server, but not for longer than these seconds. */
  readonly replaySeconds?: number | undefined;
}

const joined = async (pieces: Uint8Array[], rest: AsyncIterable<Uint8Array>) => {
  for await (const piece of rest) pieces.push(piece);
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
};

/**
 * Opens a file or standard input, and reads as much of it as it takes to tell what it is.
 * @throws InputError where it cannot be read
 */
export async function openInput(name: string, options: ReadOptions = {}): Promise<Input> {
  const began = performance.now();
  const { bytes, destroy } = await open(name);
  const reads = bytes[Symbol.asyncIterator]();
  const rest = { [Symbol.asyncIterator]: () => reads };
  const sniffer = new Sniffer();
  const pieces: Uint8Array[] = [];
  let kind: ReturnType<Sniffer["kindOf"]>;
  let firstByte: number | undefined;
  while (kind === undefined) {
    const { done, value } = await reads.next();
    if (done) break;
    firstByte ??= performance.now();
    pieces.push(value);
    kind = sniffer.kindOf(value);
  }
  if ((kind ?? sniffer.kindAtEnd) === "body") return { bytes: await joined(pieces, rest) };
  const { replaySeconds } = options;
  if (name !== "-" && replaySeconds !== undefined) {
    const source = replay(await joined(pieces, rest), replaySeconds);
    return { source, began: performance.now(), firstByte: undefined, note: "as it is played here" };
  }
  const source = {
    async *[Symbol.asyncIterator]() {
      yield* pieces;
      yield* rest;
    },
    destroy,
  };
  return { source, began, firstByte, note: name === "-" ? "as it came" : "read at once" };
}
