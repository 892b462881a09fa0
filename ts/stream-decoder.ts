/// <reference lib="esnext.disposable" preserve="true" />

import {
  cumulativeDeltasBit,
  issuesText,
  lastIssues,
  lastOutcome,
  OutOfMemory,
  release,
  skipBadEventsBit,
} from "./core/session.js";
import {
  type CoreStream,
  openStream,
  quietBytes,
  readEvents,
  textAt,
  type WatchedTree,
  wantChunks,
  wantEvents,
  wantNothing,
} from "./core/stream.js";
import {
  base,
  heartbeatsWord,
  issueCountWord,
  outcomeWordAt,
  streamEventsWord,
  usageUpdatesWord,
} from "./core/tape.js";
import {
  type DecodeFailure,
  failureOf,
  isExhausted,
  type LenientOptions,
  limitIssue,
  type ProviderWords,
  providerWords,
} from "./decode.js";
import { type ToolCallState, TruncatedError } from "./errors.js";
import { buildUsage } from "./generated/builders.js";
import type { ContractName, Contracts } from "./generated/contracts.js";
import type { Limits } from "./generated/limits.js";
import type { ChatCompletion, ChatCompletionChunk } from "./generated/types.js";
import type { Issue } from "./issue.js";
import { checkInput, type DecodeOptions, describe, type Input, packOptions } from "./options.js";
import type { CoreEvent } from "./stream-events.js";
import { parseToolArguments } from "./tool-arguments.js";

/** How to decode a stream. */
export interface StreamOptions extends DecodeOptions {
  /** An event that cannot be decoded ends the stream, or is left out with a warning. Default: `"error"`. */
  readonly onBadEvent?: "error" | "skip" | undefined;
  /**
   * Notice deltas of the content that repeat all that came before them, as a few servers send them, and
   * leave the repetition out. Chunks stay as they came. Default: `"off"`.
   */
  readonly cumulativeDeltas?: "off" | "auto" | undefined;
  /** Make no chunks, only the completion. Default: false. */
  readonly collect?: boolean | undefined;
}

/** Options of a stream without a contract: lenient decoding. */
export type LenientStreamOptions = StreamOptions & Pick<LenientOptions, "contract">;
/** Options of a stream that name a contract: strict decoding. */
export type StrictStreamOptions<Name extends ContractName> = StreamOptions & {
  readonly contract: Name;
};

/** The chunks under a contract, or without one. */
export type ChunkOf<Name extends ContractName | undefined> = Name extends ContractName
  ? Contracts[Name]["chunk"]
  : ChatCompletionChunk;
/** The completion under a contract, or without one. */
export type CompletionOf<Name extends ContractName | undefined> = Name extends ContractName
  ? Contracts[Name]["completion"]
  : ChatCompletion;

/** JSON that is still coming. */
export interface PartialJson {
  /**
   * What has come so far; undefined while nothing has. It grows in place: a later call goes on with the
   * same arrays and objects.
   */
  readonly value: unknown;
  /** The value is whole, and its choice has finished: nothing is to be added any more. */
  readonly complete: boolean;
}

/** What a network read came to. @internal */
export interface Taken<Chunk> {
  chunks: Chunk[];
  events: readonly CoreEvent[];
  issues: Issue[];
  done: boolean;
  failure: DecodeFailure | undefined;
}

/** What a network read is taken for. @internal */
export type Wants = "chunks" | "events" | "nothing";

const wanted: { readonly [wants in Wants]: number } = {
  chunks: wantChunks,
  events: wantEvents,
  nothing: wantNothing,
};
const none: never[] = [];
const mostIssues = 256; // src/decode/issue_log.hpp, most
const sliceBytes = 64 << 10;
const keptBytes = 4 << 20;
const encoder = new TextEncoder();

// By their numbers in src/assembly/assembly.hpp.
const eventTypes = ["text", "reasoning", "refusal"] as const;

// `word` and `name`: where on the tape its text and a name are; 0: there is none.
function makeEvent(
  kind: number,
  choice: number,
  toolCall: number,
  word: number,
  name: number,
): CoreEvent {
  const type = eventTypes[kind];
  if (type !== undefined) return { type, choice, text: textAt(word) };
  if (kind === 3) {
    return {
      type: "tool-call",
      choice,
      toolCall,
      ...(word !== 0 && { id: textAt(word) }),
      ...(name !== 0 && { name: textAt(name) }),
    };
  }
  if (kind === 4) return { type: "tool-call-arguments", choice, toolCall, text: textAt(word) };
  return { type: "usage", usage: buildUsage(base + word) };
}

type TextEvent = CoreEvent & { readonly text: string };

/**
 * Lets half a surrogate pair at the end of a text wait for the other one, in each of the texts that come
 * side by side. `halves` has those that wait; at the end they go as they are.
 */
function whole(
  events: CoreEvent[],
  halves: Map<string, TextEvent>,
  isEnd: boolean,
): readonly CoreEvent[] {
  const made = events.flatMap((event) => {
    if (!("text" in event)) return event;
    const key = `${event.type} ${event.choice} ${"toolCall" in event ? event.toolCall : ""}`;
    const text = (halves.get(key)?.text ?? "") + event.text;
    const half = /[\ud800-\udbff]$/.exec(text)?.[0];
    if (half === undefined) halves.delete(key);
    else halves.set(key, { ...event, text: half });
    const rest = half === undefined ? text : text.slice(0, -1);
    return rest === "" ? [] : { ...event, text: rest };
  });
  return isEnd ? [...made, ...halves.values()] : made;
}

/** How far the tool calls of a completion came. @internal */
export function toolCallStates(
  completion: ChatCompletion,
): (ToolCallState & { arguments: string })[] {
  return (completion.choices ?? []).flatMap((choice) =>
    (choice.message?.toolCalls ?? []).map(
      ({ id, idSynthetic, function: called, custom }, toolCall) => {
        const text = called?.arguments ?? custom?.input ?? "";
        const name = called?.name ?? custom?.name;
        return {
          choice: choice.index,
          toolCall,
          ...(id && !idSynthetic && { id }),
          ...(name && { name }),
          arguments: text,
          state: custom ? ("complete" as const) : stateOf(text, choice.finishReason),
        };
      },
    ),
  );
}

// Whether a call is the last one of a choice that has not finished: it might have gone on.
function isAtHand(completion: ChatCompletion, { choice, toolCall }: ToolCallState): boolean {
  const of = completion.choices?.find(({ index }) => index === choice);
  return !of?.finishReason && toolCall + 1 === of?.message?.toolCalls?.length;
}

function stateOf(text: string, reason: string | null | undefined): ToolCallState["state"] {
  // A tool that takes no arguments may get none.
  if (text.trim() === "") return reason && reason !== "length" ? "complete" : "truncated";
  const result = parseToolArguments(text, { unwrap: false });
  // A number might have gone on.
  if (result.ok) return typeof result.value === "number" ? "truncated" : "complete";
  return result.error instanceof TruncatedError ? "truncated" : "invalid";
}

/** What is left of a stream that has ended. */
interface Ended {
  readonly completion: ChatCompletion;
  readonly failure: DecodeFailure | undefined;
}

/**
 * Decodes one stream, read by read. Whoever makes one frees it: by {@link StreamDecoder.free}, by
 * `using`, or by letting the stream end, after which nothing is left to be freed by anybody. One that is
 * forgotten is freed when it is collected.
 *
 * @example
 * const decoder = new StreamDecoder();
 * for (const bytes of reads) for (const chunk of decoder.feed(bytes)) show(chunk);
 * decoder.end();
 * console.log(decoder.completion().usage);
 */
export class StreamDecoder<Name extends ContractName | undefined = undefined> {
  private readonly options: StreamOptions;
  private readonly bits: number;
  private readonly limits: Required<Limits>;
  private stream: CoreStream | undefined;
  private status: "open" | "complete" | "truncated" | "failed" | "freed" = "open";
  private isDone = false;
  private noticed: Issue[] = [];
  /** Those of a read after these, as JSON. */
  private unread: string | undefined;
  private beats = 0;
  private usages = 0;
  private eventCount = 0;
  private failed: DecodeFailure | undefined;
  private ended: Ended | undefined;
  private trees: Map<string, WatchedTree> | undefined;
  /** Half a surrogate pair that a text ended in. */
  private half = "";
  private halves: Map<string, TextEvent> | undefined;

  /**
   * @param options how to decode
   * @throws TypeError where an option is not what it should be
   */
  constructor(options: StreamOptions & { readonly contract?: Name } = {}) {
    const { bits, limits } = packOptions(options);
    const { onBadEvent, cumulativeDeltas, collect } = options;
    check("onBadEvent", onBadEvent, ["error", "skip"]);
    check("cumulativeDeltas", cumulativeDeltas, ["off", "auto"]);
    check("collect", collect, [false, true]);
    this.options = options;
    this.limits = limits;
    this.bits =
      bits |
      (onBadEvent === "skip" ? skipBadEventsBit : 0) |
      (cumulativeDeltas === "auto" ? cumulativeDeltasBit : 0);
  }

  /**
   * Takes one network read.
   *
   * @param input bytes, or text where they were decoded already
   * @returns the chunks that it completed, none where only the completion is collected
   * @throws DecodeError, ProviderError where an event cannot be decoded or is an error: `chunks` has those
   *   of this read that came before it, `partial` the completion so far
   * @throws Error after the end, a failure, or `free()`
   */
  feed(input: Input): ChunkOf<Name>[] {
    if (input === undefined) checkInput(input); // which only means the end inside
    return this.chunksOf(input);
  }

  /**
   * To be called when there are no more bytes.
   *
   * @returns the chunks of a last event that no blank line followed
   * @throws TruncatedError where the stream is not complete, and the errors of {@link StreamDecoder.feed}
   */
  end(): ChunkOf<Name>[] {
    if (this.failed !== undefined) throw this.failed;
    if (this.status === "complete") return [];
    return this.chunksOf(undefined);
  }

  private chunksOf(input: Input | undefined): ChunkOf<Name>[] {
    const { chunks, failure } = this.take(input, this.options.collect ? "nothing" : "chunks");
    if (failure === undefined) return chunks === none ? [] : chunks; // one's own, which may be changed
    Object.assign(failure, { chunks });
    throw failure;
  }

  /**
   * The same as `feed` and `end` (input undefined), but failures are returned, after all that was
   * decoded before them. `breaks`: the stream ends because its source failed. @internal
   */
  take(input: Input | undefined, wants: Wants, breaks = false): Taken<ChunkOf<Name>> {
    this.mustBeOpen();
    const taken: Taken<ChunkOf<Name>> = {
      chunks: none,
      events: none,
      issues: none,
      done: this.isDone,
      failure: undefined,
    };
    try {
      if (input === undefined) {
        if (this.half !== "" || this.stream?.waiting)
          this.read(encoder.encode(this.half), wants, taken);
        if (this.status === "open") this.read(undefined, wants, taken, breaks);
      } else {
        this.feedBytes(this.bytesOf(input), wants, taken);
      }
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error;
      this.failOutside(limitIssue("memory", 0), taken);
    }
    if (isExhausted(taken.failure)) release(0, true);
    return taken;
  }

  // Text may be cut between the halves of a surrogate pair.
  private bytesOf(input: Input): Uint8Array {
    const checked = checkInput(input);
    if (typeof checked !== "string") return checked;
    const text = this.half + checked;
    this.half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
    return encoder.encode(this.half === "" ? text : text.slice(0, -1));
  }

  private feedBytes(bytes: Uint8Array, wants: Wants, taken: Taken<ChunkOf<Name>>): void {
    if (bytes.length <= sliceBytes) {
      // Large ones without a call, which ordinary reads would notice.
      if (bytes.length >= quietBytes || !this.stream?.keeps(bytes)) this.read(bytes, wants, taken);
      return;
    }
    for (let from = 0; from < bytes.length && this.status === "open"; from += sliceBytes)
      this.read(bytes.subarray(from, from + sliceBytes), wants, taken);
    release(keptBytes + 1);
  }

  private core(): CoreStream {
    this.stream ??= openStream(this.bits, this.limits);
    return this.stream;
  }

  // Reads what the core has left on the tape, before anything else is decoded.
  private read(
    bytes: Uint8Array | undefined,
    wants: Wants,
    taken: Taken<ChunkOf<Name>>,
    breaks?: boolean,
  ): void {
    const core = this.core();
    const state = core.feed(bytes, wanted[wants], breaks);
    if (wants === "chunks") {
      const chunks = core.chunks() as unknown as ChunkOf<Name>[];
      if (taken.chunks.length === 0) taken.chunks = chunks;
      else for (const chunk of chunks) taken.chunks.push(chunk);
    } else if (wants === "events") {
      this.halves ??= new Map();
      const events = whole(readEvents(makeEvent), this.halves, state !== "open");
      taken.events = taken.events.length === 0 ? events : taken.events.concat(events);
    }
    this.beats = outcomeWordAt(heartbeatsWord);
    this.eventCount = outcomeWordAt(streamEventsWord);
    this.usages = outcomeWordAt(usageUpdatesWord);
    this.isDone = core.done;
    taken.done = core.done;
    this.status = state;
    const count = outcomeWordAt(issueCountWord);
    if (count === 0 && state === "open") return;
    const fails = state === "failed" || state === "truncated";
    if (!fails && wants !== "events" && this.options.onIssue === undefined) {
      // Nobody is told of them now.
      if (count !== 0) {
        this.readUnread();
        this.unread = issuesText();
      }
      if (state !== "open") this.conclude(undefined, taken);
      return;
    }
    const issues = count === 0 ? none : lastIssues();
    const words = fails ? providerWords(lastOutcome()) : undefined;
    const first = taken.issues.length;
    this.readUnread();
    if (count !== 0) this.notice(issues, fails, taken);
    if (state !== "open") this.conclude(words, taken);
    // Last, since whoever is called may free the decoder.
    this.tell(taken.issues.slice(first));
  }

  private tell(issues: readonly Issue[]): void {
    const { onIssue } = this.options;
    if (onIssue !== undefined) for (const issue of issues) onIssue(issue);
  }

  private readUnread(): void {
    const { unread } = this;
    this.unread = undefined;
    if (unread !== undefined) this.notice(JSON.parse(unread) as Issue[], false);
  }

  private notice(issues: readonly Issue[], fails: boolean, taken?: Taken<unknown>): void {
    // Errors of events that were left out did not end the stream.
    const fatal = fails ? issues.at(-1)?.event : Number.NaN;
    const graded = issues.map((issue) =>
      issue.severity === "error" && !Object.is(issue.event, fatal)
        ? { ...issue, severity: "warning" as const }
        : issue,
    );
    // The first ones are kept, and why it failed.
    for (const issue of graded)
      if (this.noticed.length < mostIssues || (fails && issue.severity === "error"))
        this.noticed.push(issue);
    if (taken !== undefined) taken.issues = taken.issues.concat(graded);
  }

  // The stream has ended: what is left of it becomes plain objects, and the core forgets it. Where
  // that cannot fail, not before somebody asks for it.
  private conclude(words: ProviderWords | undefined, taken: Taken<unknown>): void {
    const core = this.core();
    for (const [key, tree] of this.trees ?? []) this.update(core, key, tree);
    const { contract, onIssue } = this.options;
    const mayWait = words === undefined && contract === undefined && onIssue === undefined;
    if (mayWait) core.rest();
    else this.settle(words, taken);
  }

  // What has become of a stream that has ended.
  private settle(words?: ProviderWords, taken?: Taken<unknown>): Ended | undefined {
    const { stream } = this;
    if (stream === undefined || this.status === "open") return this.ended;
    const isWhole = this.status === "complete";
    const { completion, errors } = stream.result(isWhole);
    this.close();
    if (words !== undefined) {
      this.failed = failureOf(this.noticed, completion, () => words);
      if (taken !== undefined) taken.failure = this.failed;
    }
    let failure: DecodeFailure | undefined;
    if (isWhole && errors.length !== 0) {
      failure = failureOf(errors, completion, () => ({ payload: {}, raw: undefined }));
      this.readUnread();
      this.notice(errors, true, taken);
    }
    this.ended = { completion, failure };
    if (isExhausted(failure)) release(0, true);
    if (this.failed instanceof TruncatedError) {
      const toolCalls = toolCallStates(completion).map(({ arguments: _, ...call }) =>
        call.state === "complete" && isAtHand(completion, call)
          ? { ...call, state: "truncated" }
          : call,
      );
      Object.assign(this.failed, { toolCalls });
    }
    return this.ended;
  }

  // Fails for a reason that the core does not know of.
  private failOutside(issue: Issue, taken: Taken<ChunkOf<Name>>): void {
    this.status = "failed";
    this.readUnread();
    this.notice([issue], true, taken);
    this.conclude({ payload: {}, raw: undefined }, taken);
    this.tell([issue]);
  }

  /**
   * The completion, of the type that `decode` gives. Before the end it is what there is so far.
   *
   * @throws DecodeError where it is not what the contract says, or has no choices
   * @throws the stream's error where it has failed
   */
  completion(): CompletionOf<Name> {
    if (this.status === "open") return this.snapshot() as CompletionOf<Name>;
    this.mustNotBeFreed();
    const ended = this.settle();
    const failure = this.failed ?? ended?.failure;
    if (failure !== undefined) throw failure;
    return ended?.completion as CompletionOf<Name>;
  }

  /** What there is of the completion so far, whatever has become of the stream. */
  snapshot(): ChatCompletion {
    this.mustNotBeFreed();
    return (this.settle() ?? this.core().complete(false)).completion;
  }

  /**
   * The arguments of a tool call as far as they came, read as JSON. A call costs what came since the last
   * one.
   *
   * @param choice the choice's `index`
   * @param toolCall the call's position in the choice's message
   * @returns what has come; undefined where there is no such call yet
   */
  partialArguments(choice: number, toolCall: number): PartialJson | undefined {
    return toolCall < 0 ? undefined : this.partial(choice, toolCall);
  }

  /**
   * The same of a choice's content, where it is to be JSON.
   *
   * @param choice the choice's `index`
   * @returns what has come; undefined where that is nothing
   */
  partialContent(choice: number): PartialJson | undefined {
    return this.partial(choice, -1);
  }

  private partial(choice: number, toolCall: number): PartialJson | undefined {
    this.mustNotBeFreed();
    if ((choice | 0) !== choice || (toolCall | 0) !== toolCall) return undefined;
    const key = `${choice} ${toolCall}`;
    const known = this.trees?.get(key);
    const ended = this.settle();
    const tree = ended === undefined ? this.update(this.core(), key, known) : known;
    if (tree !== undefined) return { value: tree.value, complete: tree.isFinal };
    return ended === undefined ? undefined : this.partialOfEnded(ended, choice, toolCall);
  }

  private update(core: CoreStream, key: string, tree?: WatchedTree): WatchedTree | undefined {
    const [choice = 0, toolCall = 0] = key.split(" ").map(Number);
    const made = core.partial(choice, toolCall, tree);
    if (made !== undefined) {
      this.trees ??= new Map();
      this.trees.set(key, made);
    }
    return made;
  }

  // Nobody looked at it while it came: it comes once more.
  private partialOfEnded(
    { completion }: Ended,
    choice: number,
    toolCall: number,
  ): PartialJson | undefined {
    const of = completion.choices?.find(({ index }) => index === choice);
    const message = of?.message;
    const called = message?.toolCalls?.[toolCall]?.function?.arguments;
    const text = toolCall === -1 ? message?.content : called;
    if (typeof text !== "string") return undefined;
    const again = new StreamDecoder({ collect: true });
    const finish_reason = this.status === "complete" ? (of?.finishReason ?? "stop") : null;
    const chunk = { choices: [{ index: 0, delta: { content: text }, finish_reason }] };
    again.take(`data: ${JSON.stringify(chunk)}\n\n`, "nothing");
    again.partialContent(0);
    try {
      if (finish_reason !== null) again.end();
      return again.partialContent(0);
    } finally {
      again.free();
    }
  }

  /** Where the stream is: it has ended well, or too early, or with an error. */
  get state(): "open" | "complete" | "truncated" | "failed" | "freed" {
    return this.status;
  }

  /** No more bytes are needed: `[DONE]` has come, or a whole body. Then the source can be cancelled. */
  get done(): boolean {
    return this.isDone;
  }

  /** How many comments, pings and events without data there were. */
  get heartbeats(): number {
    return this.beats;
  }

  /** How many events there were, `[DONE]` among them. */
  get events(): number {
    return this.eventCount;
  }

  /** How often the server told the usage; the last time counts. */
  get usageUpdates(): number {
    return this.usages;
  }

  /** Everything that was noticed so far. Offsets are bytes from the start of the stream. */
  get issues(): readonly Issue[] {
    this.settle();
    this.readUnread();
    return this.noticed;
  }

  /** Forgets everything, to begin with another stream. */
  reset(): void {
    this.mustNotBeFreed();
    this.close();
    this.status = "open";
    this.isDone = false;
    this.noticed = [];
    this.unread = undefined;
    this.beats = 0;
    this.usages = 0;
    this.eventCount = 0;
    this.failed = undefined;
    this.ended = undefined;
    this.trees = undefined;
    this.half = "";
    this.halves = undefined;
  }

  /** Gives the stream's memory back. The decoder cannot be used any more. */
  free(): void {
    this.close();
    this.ended = undefined;
    this.status = "freed";
    this.trees = undefined;
  }

  /** Frees the decoder at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.free();
  }

  private close(): void {
    this.stream?.close();
    this.stream = undefined;
  }

  private mustNotBeFreed(): void {
    if (this.status === "freed") throw new Error("This StreamDecoder was freed.");
  }

  private mustBeOpen(): void {
    this.mustNotBeFreed();
    if (this.failed !== undefined) {
      throw new Error("This stream has failed; reset() makes the decoder ready for another one.", {
        cause: this.failed,
      });
    }
    if (this.status !== "open") {
      throw new Error("This stream has ended; reset() makes the decoder ready for another one.");
    }
  }
}

function check(name: string, value: unknown, allowed: readonly unknown[]): void {
  if (value === undefined || allowed.includes(value)) return;
  const said = typeof value === "string" ? JSON.stringify(value) : describe(value);
  throw new TypeError(
    `${name} must be ${allowed.map((one) => JSON.stringify(one)).join(" or ")}, not ${said}.`,
  );
}
