// One stream in the core: takes network reads, opens the tape on what they came to.
import { buildChatCompletionChunk } from "../generated/builders.js";
import type { Limits } from "../generated/limits.js";
import type { ChatCompletionChunk } from "../generated/types.js";
import type { Issue } from "../issue.js";
import { likeChunk, type ModelChunk, modelOf } from "./like-chunks.js";
import { PartialTree } from "./partial-tree.js";
import {
  guarded,
  type Handle,
  heapOf,
  isAlive,
  lastIssues,
  lost,
  type Outcome,
  OutOfMemory,
  open,
  put,
  readOutcome,
  replaceIfLarge,
  room,
  session,
  setLimits,
} from "./session.js";
import {
  base,
  chunkCountWord,
  chunksWord,
  eventCountWord,
  eventsWord,
  heartbeatsWord,
  issueCountWord,
  operationsSizeWord,
  operationsTextWord,
  operationsWord,
  outcomeWordAt,
  streamEventsWord,
  text,
  usageUpdatesWord,
  wideText,
  words,
} from "./tape.js";

/** What is made of a network read (src/stream/stream.hpp). */
export const wantChunks = 0;
export const wantEvents = 1;
export const wantNothing = 2;
const broken = 4; // bindings/session.hpp, stream_broken

/** The states of a stream, by their numbers there. */
export const states = ["open", "complete", "truncated", "failed"] as const;

// bindings/session.hpp, stream_status.
const stateBits = 3;
const doneBit = 4;
const holdsMuchBit = 8;
const inValuesBit = 16;
/** A bit there, and how many bytes may wait. */
export const quietBytes = 64;

/** Where a stream is. */
export type StreamState = (typeof states)[number];

const noIssues: readonly Issue[] = Object.freeze([]);

/** One event, of which `word` and `name` are on the tape; 0: there is none. */
export interface EventRecord {
  readonly kind: number;
  readonly choice: number;
  readonly toolCall: number;
  readonly word: number;
  readonly name: number;
}

const recordWords = 5; // src/assembly/assembly.hpp, event_record

/** A value that is coming in a stream. */
export class WatchedTree extends PartialTree {
  /** It is whole, and its choice has finished. */
  isFinal = false;
}

/** A stream in the core. It must be closed; its memory is not JavaScript's. */
export class CoreStream {
  private readonly of: Handle;
  /** Its address; 0: it is closed. */
  private address: number;
  private status = 0;
  /** Small reads that the core has not seen, `waiting` bytes of them. */
  private readonly small = new Uint8Array(quietBytes);
  private waiting = 0;
  /** [DONE] has come, or a whole body. */
  done = false;

  /** @throws OutOfMemory where the core has no memory left */
  constructor(options: number, limits: Required<Limits>) {
    this.of = session();
    if (this.of.core.openStream === undefined)
      throw new Error("bodies.wasm decodes no streams; chatwire.wasm does.");
    if (this.of.limits !== limits) setLimits(this.of, limits);
    this.address = guarded(() => this.of.core.openStream(this.of.session, options));
    if (this.address === 0) throw new OutOfMemory();
    this.of.streams++;
  }

  /**
   * Takes one network read, after what waits, or the end of the stream, and opens the tape on what it came
   * to. `breaks`: it ends because its source failed.
   * @throws OutOfMemory where the core cannot hold it
   */
  feed(bytes: Uint8Array | undefined, wants: number, breaks = false): StreamState {
    const { core, session, feed } = this.of;
    try {
      if (bytes === undefined)
        return this.read(core.finish(session, this.address, breaks ? wants | broken : wants));
      const { waiting } = this;
      const length = waiting + bytes.length;
      const to =
        (this.status & holdsMuchBit) === 0
          ? room(this.of, length)
          : core.streamInput(session, this.address, length);
      if (to === 0 && length !== 0) throw new OutOfMemory();
      const heap = heapOf(this.of);
      if (waiting !== 0) put(heap, this.small.subarray(0, waiting), to);
      put(heap, bytes, to + waiting);
      this.waiting = 0;
      return this.read(feed(session, this.address, length, wants));
    } catch (error) {
      throw lost(error);
    }
  }

  /** Lets a small read wait for the next one, where the core would find nothing in it. */
  keeps(bytes: Uint8Array): boolean {
    const { status, small, waiting } = this;
    const size = waiting + bytes.length;
    if (size === waiting || size > (status & quietBytes)) return false;
    const bracket = status & inValuesBit ? 0x7d : -1;
    for (let i = waiting; i < size; i++) {
      const byte = bytes[i - waiting] as number;
      if (byte === 10 || byte === 13 || (byte | 0x20) === bracket) return false;
      small[i] = byte;
    }
    this.waiting = size;
    return true;
  }

  private read(status: number): StreamState {
    this.status = status;
    this.done = (status & doneBit) !== 0;
    open(this.of);
    return states[status & stateBits] as StreamState;
  }

  /** Decodes the completion so far. `final`: it must be what the contract says. */
  complete(final: boolean): Outcome {
    const { core, session } = this.of;
    return guarded(() =>
      readOutcome(this.of, core.complete(session, this.address, final ? 1 : 0) !== 0),
    );
  }

  /**
   * Brings a tree up to date, or makes one; undefined: there is no such text. `toolCall` -1: the
   * content. `isFinal` of it: nothing is to be added to it any more.
   */
  partial(choice: number, toolCall: number, tree?: WatchedTree): WatchedTree | undefined {
    const { core, session } = this.of;
    return guarded(() => {
      const status = core.partial(session, this.address, choice, toolCall);
      if (status === 0) return tree;
      open(this.of);
      const made = tree ?? new WatchedTree();
      const from = outcomeWordAt(operationsWord) >>> 2;
      const units = outcomeWordAt(operationsTextWord);
      made.apply(words, from, outcomeWordAt(operationsSizeWord), (position, length) =>
        wideText(units + position * 2, length),
      );
      made.isFinal = status === 2;
      return made;
    });
  }

  reset(): void {
    this.status = 0;
    this.waiting = 0;
    guarded(() => this.of.core.resetStream(this.address));
  }

  close(): void {
    const { address } = this;
    this.address = 0;
    if (address === 0 || !isAlive(this.of)) return;
    guarded(() => this.of.core.closeStream(address));
    this.of.streams--;
    replaceIfLarge(this.of);
  }
}

// Of a chunk's word (src/stream/stream.hpp).
const isModel = 0x40000000;
const isLike = 0x80000000;
const likeShift = 28;
const wordMask = 0x0fffffff;

/** The chunks of the last read. `models` has copies of those that others are like. */
export function readChunks(models: ModelChunk[]): ChatCompletionChunk[] {
  const count = outcomeWordAt(chunkCountWord);
  const from = outcomeWordAt(chunksWord) >>> 2;
  const chunks = new Array<ChatCompletionChunk>(count);
  for (let i = 0; i < count; i++) {
    const word = words[from + i] as number;
    const model = (word >>> likeShift) & 3;
    if (word >= isLike) {
      chunks[i] = likeChunk(models[model] as ModelChunk, base + (word & wordMask));
    } else {
      const chunk = buildChatCompletionChunk(base + (word & wordMask));
      chunks[i] = chunk;
      // A copy: the chunk is its reader's, who may change it.
      if (word >= isModel) models[model] = modelOf(chunk);
    }
  }
  return chunks;
}

/** The events of the last read. */
export function readEvents<Event>(make: (record: EventRecord) => Event): Event[] {
  const count = outcomeWordAt(eventCountWord);
  const events = new Array<Event>(count);
  for (let i = 0, at = outcomeWordAt(eventsWord) >>> 2; i < count; i++, at += recordWords) {
    events[i] = make({
      kind: words[at] as number,
      choice: (words[at + 1] as number) | 0,
      toolCall: words[at + 2] as number,
      word: words[at + 3] as number,
      name: words[at + 4] as number,
    });
  }
  return events;
}

/** The text of a cell, by its word on the tape. */
export function textAt(word: number): string {
  return text(base + word);
}

/** The issues of the last read. */
export function readIssues(): readonly Issue[] {
  return outcomeWordAt(issueCountWord) === 0 ? noIssues : lastIssues();
}

/** How many heartbeats the stream has had. */
export function heartbeats(): number {
  return outcomeWordAt(heartbeatsWord);
}

/** How many events the stream has had. */
export function streamEvents(): number {
  return outcomeWordAt(streamEventsWord);
}

/** How often usage came. */
export function usageUpdates(): number {
  return outcomeWordAt(usageUpdatesWord);
}
