// One stream in the core: takes network reads, opens the tape on what they came to.
import type { Limits } from "../generated/limits.js";
import type { Issue } from "../issue.js";
import { PartialTree } from "./partial-tree.js";
import {
  guarded,
  type Handle,
  isAlive,
  lastIssues,
  type Outcome,
  OutOfMemory,
  readOutcome,
  session,
  setLimits,
  writeBytes,
} from "./session.js";
import {
  base,
  chunkCountWord,
  chunksWord,
  eventCountWord,
  eventsWord,
  heartbeatsWord,
  operationsSizeWord,
  operationsTextWord,
  operationsWord,
  outcomeWordAt,
  text,
  usageUpdatesWord,
  wideText,
  words,
} from "./tape.js";

/** What is made of a network read (src/stream/stream.hpp). */
export const wantChunks = 0;
export const wantEvents = 1;
export const wantNothing = 2;

/** The states of a stream, by their numbers there. */
export const states = ["open", "complete", "truncated", "failed"] as const;

// bindings/session.hpp, stream_status.
const stateBits = 3;
const doneBit = 4;
const holdsMuchBit = 8;

/** What the core tells of a stream's last read; more of it is on the tape. */
export interface StreamOutcome {
  readonly state: (typeof states)[number];
  readonly done: boolean;
  readonly outcome: Outcome;
}

/** One event, of which `word` and `name` are on the tape; 0: there is none. */
export interface EventRecord {
  readonly kind: number;
  readonly choice: number;
  readonly toolCall: number;
  readonly word: number;
  readonly name: number;
}

const recordWords = 5; // src/assembly/assembly.hpp, event_record

/** A stream in the core. It must be closed; its memory is not JavaScript's. */
export class CoreStream {
  private readonly of: Handle;
  /** Its address; 0: it is closed. */
  private address: number;
  private holdsMuch = false;

  /** @throws OutOfMemory where the core has no memory left */
  constructor(options: number, limits: Required<Limits>) {
    this.of = session();
    if (this.of.limits !== limits) setLimits(this.of, limits);
    this.address = guarded(() => this.of.core.openStream(this.of.session, options));
    if (this.address === 0) throw new OutOfMemory();
  }

  /** Takes one network read. @throws OutOfMemory where the core cannot hold it */
  feed(bytes: Uint8Array, wants: number): StreamOutcome {
    const { core, session } = this.of;
    return guarded(() => {
      if (this.holdsMuch) {
        const to = core.streamInput(session, this.address, bytes.length);
        if (to === 0) throw new OutOfMemory();
        core.HEAPU8.set(bytes, to);
      } else {
        writeBytes(this.of, bytes);
      }
      return this.read(core.feed(session, this.address, bytes.length, wants));
    });
  }

  /** No more bytes will come. */
  finish(wants: number): StreamOutcome {
    const { core, session } = this.of;
    return guarded(() => this.read(core.finish(session, this.address, wants)));
  }

  private read(status: number): StreamOutcome {
    this.holdsMuch = (status & holdsMuchBit) !== 0;
    const outcome = readOutcome(this.of, true);
    return {
      state: states[status & stateBits] as StreamOutcome["state"],
      done: (status & doneBit) !== 0,
      outcome,
    };
  }

  /** Decodes the completion so far. `final`: it must be what the contract says. */
  complete(final: boolean): Outcome {
    const { core, session } = this.of;
    return guarded(() =>
      readOutcome(this.of, core.complete(session, this.address, final ? 1 : 0) !== 0),
    );
  }

  /** Brings a tree up to date; undefined: there is no such text. `toolCall` -1: the content. */
  partial(
    choice: number,
    toolCall: number,
    tree: PartialTree | undefined,
  ): PartialTree | undefined {
    const { core, session } = this.of;
    return guarded(() => {
      const there = core.partial(session, this.address, choice, toolCall) !== 0;
      readOutcome(this.of, true);
      if (!there) return tree;
      const made = tree ?? new PartialTree();
      const from = outcomeWordAt(operationsWord) >>> 2;
      const units = outcomeWordAt(operationsTextWord);
      made.apply(words, from, outcomeWordAt(operationsSizeWord), (position, length) =>
        wideText(units + position * 2, length),
      );
      return made;
    });
  }

  reset(): void {
    this.holdsMuch = false;
    guarded(() => this.of.core.resetStream(this.address));
  }

  close(): void {
    const { address } = this;
    this.address = 0;
    if (address !== 0 && isAlive(this.of)) guarded(() => this.of.core.closeStream(address));
  }
}

/** The chunks of the last read. */
export function readChunks<Chunk>(build: (at: number) => Chunk): Chunk[] {
  const count = outcomeWordAt(chunkCountWord);
  const from = outcomeWordAt(chunksWord) >>> 2;
  const chunks = new Array<Chunk>(count);
  for (let i = 0; i < count; i++) chunks[i] = build(base + (words[from + i] as number));
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
export function readIssues(outcome: Outcome): Issue[] {
  return outcome.issueCount === 0 ? [] : lastIssues();
}

/** How many heartbeats the stream has had. */
export function heartbeats(): number {
  return outcomeWordAt(heartbeatsWord);
}

/** How often usage came. */
export function usageUpdates(): number {
  return outcomeWordAt(usageUpdatesWord);
}
