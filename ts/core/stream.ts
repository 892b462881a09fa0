// One stream in the core: takes network reads, opens the tape on what they came to.
import { buildChatCompletion, buildChatCompletionChunk } from "../generated/builders.js";
import type { Limits } from "../generated/limits.js";
import type { ChatCompletion, ChatCompletionChunk } from "../generated/types.js";
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
  operationsSizeWord,
  operationsTextWord,
  operationsWord,
  outcomeWordAt,
  text,
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
const knowsLikesBit = 32;
/** A bit there, and how many bytes may wait. */
export const quietBytes = 64;

/** Where a stream is. */
export type StreamState = (typeof states)[number];

const recordWords = 5; // src/assembly/assembly.hpp, event_record

/** A value that is coming in a stream. */
export class WatchedTree extends PartialTree {
  /** It is whole, and its choice has finished. */
  isFinal = false;
}

// Of a chunk's word (src/stream/stream.hpp).
const isModel = 0x40000000;
const isLike = 0x80000000;
const likeShift = 28;
const wordMask = 0x0fffffff;

/** Where a stream is; nowhere: it is closed, and keeps no core. */
interface Place {
  of: Handle | undefined;
  address: number;
}

function giveBack(place: Place): void {
  const { of, address } = place;
  place.of = undefined;
  if (of === undefined || !isAlive(of)) return;
  guarded(() => of.core.closeStream(address));
  of.streams--;
  replaceIfLarge(of);
}

// For streams that nobody closes. Some hosts have no such thing.
const registry =
  typeof FinalizationRegistry === "function"
    ? /* @__PURE__ */ new FinalizationRegistry<Place>(giveBack)
    : undefined;

const idle: CoreStream[] = [];
const mostIdle = 64;
const mostResting = 16;
const mostRestingBytes = 64 << 10;

/** What a stream came to. */
export interface StreamResult {
  readonly completion: ChatCompletion;
  /** What is wrong with it; none: nothing. */
  readonly errors: readonly Issue[];
}

/**
 * Opens a stream in the core. It must be closed; its memory is not JavaScript's.
 * @throws OutOfMemory where the core has no memory left
 */
export function openStream(options: number, limits: Required<Limits>): CoreStream {
  const of = session();
  if (of.core.openStream === undefined)
    throw new Error("bodies.wasm decodes no streams; chatwire.wasm does.");
  if (of.limits !== limits) setLimits(of, limits);
  const stream = idle.pop() ?? new CoreStream();
  stream.open(of, options);
  return stream;
}

/** A stream in the core, or one after the other: making one is not cheap, nor is following its end. */
export class CoreStream {
  private readonly place: Place = { of: undefined, address: 0 };
  /** How many it was given. */
  private bytes = 0;
  private made: StreamResult | undefined;
  private status = 0;
  /** Small reads that the core has not seen, `waiting` bytes of them. */
  private readonly small = new Uint8Array(quietBytes);
  waiting = 0;
  /** The chunks that others are like; those of the read at hand by their numbers in it. */
  private readonly models: (ModelChunk | number)[] = [];
  /** [DONE] has come, or a whole body. */
  done = false;

  constructor() {
    registry?.register(this, this.place);
  }

  open(of: Handle, options: number): void {
    const address = guarded(() => of.core.openStream(of.session, options));
    if (address === 0) throw new OutOfMemory();
    this.place.of = of;
    this.place.address = address;
    of.streams++;
    this.bytes = 0;
    this.status = 0;
    this.waiting = 0;
  }

  private get of(): Handle {
    return this.place.of as Handle;
  }

  /**
   * Takes one network read, after what waits, or the end of the stream, and opens the tape on what it came
   * to. `breaks`: it ends because its source failed.
   * @throws OutOfMemory where the core cannot hold it
   */
  feed(bytes: Uint8Array | undefined, wants: number, breaks = false): StreamState {
    const { core, session, feed } = this.of;
    const { address } = this.place;
    try {
      if (bytes === undefined)
        return this.read(core.finish(session, address, breaks ? wants | broken : wants));
      const { waiting } = this;
      const length = waiting + bytes.length;
      const to =
        (this.status & holdsMuchBit) === 0
          ? room(this.of, length)
          : core.streamInput(session, address, length);
      if (to === 0 && length !== 0) throw new OutOfMemory();
      const heap = heapOf(this.of);
      if (waiting !== 0) put(heap, this.small.subarray(0, waiting), to);
      put(heap, bytes, to + waiting);
      this.waiting = 0;
      this.bytes += length;
      return this.read(feed(session, address, length, wants));
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

  /** Decodes the completion so far. `isFinal`: it must be what the contract says. */
  complete(isFinal: boolean): StreamResult {
    const { core, session } = this.of;
    const { ok, root } = guarded(() =>
      readOutcome(this.of, core.complete(session, this.place.address, isFinal ? 1 : 0) !== 0),
    );
    const completion = root === 0 ? ({} as ChatCompletion) : buildChatCompletion(root);
    const errors = ok ? [] : lastIssues().filter(({ severity }) => severity === "error");
    return { completion, errors };
  }

  /**
   * Brings a tree up to date, or makes one; undefined: there is no such text. `toolCall` -1: the
   * content. `isFinal` of it: nothing is to be added to it any more.
   */
  partial(choice: number, toolCall: number, tree?: WatchedTree): WatchedTree | undefined {
    const { core, session } = this.of;
    return guarded(() => {
      const status = core.partial(session, this.place.address, choice, toolCall);
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

  /** Lets the completion wait until somebody asks for it: that of a few streams, which are short. */
  rest(): void {
    const { resting } = this.of;
    if (this.bytes > mostRestingBytes) this.result(true);
    else if (resting.push(this) > mostResting) resting[0]?.result(true);
  }

  /** What the stream came to, after which the core forgets it. */
  result(isFinal: boolean): StreamResult {
    if (this.made === undefined) {
      this.made = this.complete(isFinal);
      this.leave();
    }
    return this.made;
  }

  private leave(): void {
    const { place } = this;
    const at = place.of?.resting.indexOf(this) ?? -1;
    if (at !== -1) place.of?.resting.splice(at, 1);
    giveBack(place);
  }

  /** To be called once, by whoever opened it. */
  close(): void {
    const { models } = this;
    this.leave();
    this.made = undefined;
    if (models.length !== 0) models.length = 0;
    if (idle.length < mostIdle) idle.push(this);
  }

  /** The chunks of the last read. */
  chunks(): ChatCompletionChunk[] {
    const { models } = this;
    const count = outcomeWordAt(chunkCountWord);
    const from = outcomeWordAt(chunksWord) >>> 2;
    const chunks = new Array<ChatCompletionChunk>(count);
    let hasNew = false;
    for (let i = 0; i < count; i++) {
      const word = words[from + i] as number;
      const which = (word >>> likeShift) & 3;
      if (word >= isLike) {
        let model = models[which] as ModelChunk | number;
        if (typeof model === "number") {
          model = modelOf(chunks[model] as ChatCompletionChunk);
          models[which] = model;
        }
        chunks[i] = likeChunk(model, base + (word & wordMask));
      } else {
        chunks[i] = buildChatCompletionChunk(base + (word & wordMask));
        if (word < isModel) continue;
        models[which] = i;
        hasNew = true;
      }
    }
    // The chunks become their reader's, who may change them.
    if (hasNew && (this.status & knowsLikesBit) === 0) models.length = 0;
    if (hasNew)
      models.forEach((model, i) => {
        if (typeof model === "number") models[i] = modelOf(chunks[model] as ChatCompletionChunk);
      });
    return chunks;
  }
}

/**
 * The events of the last read: `make` is given kind, choice, tool call, and where on the tape its text and
 * a name are, 0 where there is none.
 */
export function readEvents<Event>(
  make: (kind: number, choice: number, toolCall: number, word: number, name: number) => Event,
): Event[] {
  const count = outcomeWordAt(eventCountWord);
  const events = new Array<Event>(count);
  for (let i = 0, at = outcomeWordAt(eventsWord) >>> 2; i < count; i++, at += recordWords) {
    const word = (i: number) => words[at + i] as number;
    events[i] = make(word(0), word(1) | 0, word(2), word(3), word(4));
  }
  return events;
}

/** The text of a cell, by its word on the tape. */
export function textAt(word: number): string {
  return text(base + word);
}
