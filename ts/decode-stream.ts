// Streams as they are read: asked for piece by piece, decoded by a StreamDecoder, given to one reader.
import { ChatwireError, ProviderError } from "./errors.js";
import type { ContractName, Contracts } from "./generated/contracts.js";
import type { ChatCompletion, ChatCompletionChunk } from "./generated/types.js";
import type { Issue } from "./issue.js";
import { checkInput, describe, tagOf } from "./options.js";
import {
  type LenientStreamOptions,
  type PartialJson,
  StreamDecoder,
  type StreamOptions,
  type StrictStreamOptions,
  type Taken,
  toolCallStates,
  type Wants,
} from "./stream-decoder.js";
import type { StreamEvent, StreamTiming } from "./stream-events.js";
import { type Followed, follow } from "./stream-signal.js";
import { isResponse, openSource, type Source, type StreamSource } from "./stream-source.js";

/** How to read a stream. */
export interface DecodeStreamOptions extends StreamOptions {
  /** Ends the stream at any time: whoever reads it gets the signal's reason, the source is cancelled. */
  readonly signal?: AbortSignal | undefined;
}

/** What `text()` of a decoded stream reads. */
export interface StreamTextOptions {
  /** The index of the choice. Default: 0. */
  readonly choice?: number | undefined;
}

type Piece = Uint8Array | string;
/** What a reader is given of a read. */
type PickItems<Chunk, Item> = (
  taken: Taken<Chunk>,
  isComplete: boolean,
  heartbeats: number,
) => Item[];
type Changing<Type> = { -readonly [Name in keyof Type]: Type[Name] };

// Larger reads are decoded bit by bit, so that nobody waits for all of their chunks.
const sliceLength = 1 << 16;
// How much is read of what a server says after the end, so that its connection can be used again.
const lingering = { milliseconds: 1000, reads: 16 };
// How much is read of the body of an error, and how much of it becomes a message.
const refusalLength = 1 << 20;
const messageLength = 1000;

const stopped = (): unknown =>
  new DOMException("The stream was left before its end; snapshot() has what came.", "AbortError");

function ignore(): void {}

/**
 * Decodes a stream of chunks while it is read. What the source is made of does not matter: server-sent
 * events cut anywhere, lines of JSON, a whole body.
 *
 * One reader may have it: iterate it, or `batches()`, `events()` or `text()` of it. `finalCompletion()`
 * works beside these and without. Leaving a loop early cancels the source.
 *
 * @param source a Response, a ReadableStream, an iterable of bytes or text, or all of it at once
 * @param options how to decode; a `contract` makes it strict, and gives chunks and completion the
 *   document's types
 * @throws TypeError where an argument is not what it should be, or somebody else reads the source.
 *   What is wrong with the stream is thrown where it is read, after what came before.
 * @example
 * for await (const chunk of decodeStream(await fetch(url, request))) {
 *   console.log(chunk.choices?.[0]?.delta?.content);
 * }
 */
export function decodeStream(
  source: StreamSource,
  options?: DecodeStreamOptions & LenientStreamOptions,
): DecodedStream;
export function decodeStream<Name extends ContractName>(
  source: StreamSource,
  options: DecodeStreamOptions & StrictStreamOptions<Name>,
): DecodedStream<Contracts[Name]["chunk"], Contracts[Name]["completion"]>;
export function decodeStream(
  source: StreamSource,
  options: DecodeStreamOptions,
): DecodedStream<
  ChatCompletionChunk | Contracts[ContractName]["chunk"],
  ChatCompletion | Contracts[ContractName]["completion"]
>;
export function decodeStream(source: StreamSource, options?: DecodeStreamOptions): unknown {
  return new DecodedStream(source, options);
}

/** A stream that is being decoded: what {@link decodeStream} gives. */
export class DecodedStream<Chunk = ChatCompletionChunk, Completion = ChatCompletion>
  implements AsyncIterable<Chunk>
{
  /** When things happened, in milliseconds of `performance.now()`. It goes on as the stream does. */
  readonly timing: StreamTiming = { start: performance.now(), heartbeats: 0 };

  readonly #decoder: StreamDecoder<ContractName | undefined>;
  readonly #source: Source;
  readonly #options: DecodeStreamOptions;
  // Who reads, what of, and what was decoded for it.
  #reader: string | undefined;
  #wants: Wants = "nothing";
  #pick: PickItems<Chunk, unknown> = () => [];
  #items: unknown[] = [];
  #at = 0;
  // The read that is waited for, and what is left of the last one.
  #reading: Promise<void> | undefined;
  #wake: () => void = ignore;
  #left: Piece | undefined;
  #isExhausted = false;
  #isTaking = false;
  #followed: Followed | undefined;
  // The end.
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  #isTold = true;
  #waiting: (() => void)[] = [];
  #last: ChatCompletion | undefined;

  /** @internal */
  constructor(source: StreamSource, options: DecodeStreamOptions = {}) {
    this.#decoder = new StreamDecoder(options); // checks all options but one
    this.#options = options;
    const { signal } = options;
    if (signal !== undefined && typeof signal?.addEventListener !== "function") {
      throw new TypeError(`signal must be an AbortSignal, not ${describe(signal)}.`);
    }
    const opened = openSource(source);
    const isRefusal = isResponse(source) && !source.ok;
    this.#source = isRefusal
      ? { ...opened, read: () => refuse(source, opened, options.onIssue) }
      : opened;
    if (signal?.aborted) this.#abort();
    else if (signal !== undefined) this.#followed = follow(signal, this.#abort);
  }

  /**
   * The chunks, one by one. What is wrong with the stream is thrown after what came before.
   *
   * @throws Error where the stream has a reader already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Chunk> {
    return this.#iterate("an iteration", "chunks", ({ chunks }) => chunks);
  }

  /**
   * The chunks of each read as one array: the fast lane.
   *
   * @throws Error where the stream has a reader already
   */
  batches(): AsyncIterableIterator<Chunk[]> {
    return this.#iterate("batches()", "chunks", ({ chunks }) => (chunks.length ? [chunks] : []));
  }

  /**
   * What the chunks say, put in order: text, thinking, tool calls, usage, and what was odd.
   *
   * @throws Error where the stream has a reader already
   */
  events(): AsyncIterableIterator<StreamEvent> {
    return this.#iterate("events()", "events", (taken, isComplete, heartbeats) => [
      ...Array<StreamEvent>(heartbeats).fill({ type: "heartbeat" }),
      ...taken.issues.map((issue) => ({ type: "issue", issue }) as const),
      ...taken.events,
      ...(isComplete ? endEvents(this.#decoder.snapshot()) : []),
    ]);
  }

  /**
   * The text of one choice as it comes: well-formed, never the half of a character.
   *
   * @param options which choice
   * @throws Error where the stream has a reader already
   */
  text({ choice = 0 }: StreamTextOptions = {}): AsyncIterableIterator<string> {
    let half = ""; // of a surrogate pair
    return this.#iterate("text()", "events", ({ events }, isComplete) => {
      let text = half;
      for (const event of events) {
        if (event.type === "text" && event.choice === choice) text += event.text;
      }
      half = "";
      if (/[\ud800-\udfff]/.test(text)) {
        if (!isComplete) half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? "";
        text = text.slice(0, text.length - half.length).replace(/\p{Surrogate}/gu, "\ufffd");
      }
      return text === "" ? [] : [text];
    });
  }

  /**
   * The whole completion, as decode() gives it. Reads the stream where nobody else does, else waits for
   * the reader to come to the end. May be called again.
   *
   * @throws what the stream fails with; an AbortError where its reader left it
   */
  finalCompletion(): Promise<Completion> {
    // Whoever begins to read in the same tick is the reader.
    const whole = Promise.resolve().then(async () => {
      this.#reader ??= "finalCompletion()";
      if (this.#reader === "finalCompletion()") {
        while (!this.#isOver) await this.#advance();
      } else {
        whole.catch(ignore); // The reader is told.
        if (!this.#isOver) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      return this.#decoder.completion() as Completion;
    });
    return whole;
  }

  /** The completion as far as it came; also after a failure, and after the stream was left. */
  snapshot(): ChatCompletion {
    return this.#last ?? this.#decoder.snapshot();
  }

  /**
   * The arguments of a tool call as far as they came, read as JSON.
   *
   * @param choice the choice's `index`
   * @param toolCall the call's position in the choice's message, counted from 0
   * @returns what has come; undefined where there is no such call, or the stream was left
   */
  partialArguments(choice: number, toolCall: number): PartialJson | undefined {
    return this.#last ? undefined : this.#decoder.partialArguments(choice, toolCall);
  }

  /**
   * The text of a choice read as JSON, as far as it came: for structured outputs.
   *
   * @param choice the choice's `index`
   * @returns what has come; undefined where that is nothing, or the stream was left
   */
  partialContent(choice: number): PartialJson | undefined {
    return this.#last ? undefined : this.#decoder.partialContent(choice);
  }

  /** Everything that was noticed so far. */
  get issues(): readonly Issue[] {
    const error = this.#failure?.error;
    return error instanceof ChatwireError ? error.issues : this.#decoder.issues;
  }

  /** How often the server told its usage. */
  get usageUpdates(): number {
    return this.#decoder.usageUpdates;
  }

  /**
   * Ends the stream: its reader comes to the end, the source is cancelled. Never fails.
   *
   * @param reason what `finalCompletion()` rejects with, and the source is told; an AbortError where
   *   it is left out
   */
  cancel(reason: unknown = stopped()): Promise<void> {
    this.#clear();
    const cancelling = this.#end({ error: reason });
    this.#isTold = true;
    return cancelling;
  }

  #iterate<Item>(
    reader: string,
    wants: "chunks" | "events",
    pick: PickItems<Chunk, Item>,
  ): AsyncIterableIterator<Item> {
    if (this.#reader !== undefined) {
      throw new Error(
        `This stream is being read already: by ${this.#reader}. It can be read once; finalCompletion() may be called beside.`,
      );
    }
    this.#reader = reader;
    this.#wants = this.#options.collect === true && wants === "chunks" ? "nothing" : wants;
    this.#pick = pick;
    const { signal } = this.#options;
    const next = (): Promise<IteratorResult<Item>> => {
      for (;;) {
        if (this.#at < this.#items.length) {
          const value = this.#items[this.#at++] as Item;
          if (!this.#isOver || !signal?.aborted) return Promise.resolve({ done: false, value });
          this.#clear();
          this.#isTold = true;
          return Promise.reject(signal.reason);
        }
        if (this.#isOver) break;
        const reading = this.#advance();
        if (reading !== undefined) return reading.then(next);
      }
      if (this.#isTold) return Promise.resolve({ done: true, value: undefined });
      this.#isTold = true;
      return Promise.reject(this.#failure?.error);
    };
    const iterator: AsyncIterableIterator<Item> = {
      next,
      return: (value?: unknown) => {
        void this.cancel();
        return Promise.resolve({ done: true, value });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  // Goes on by one piece. Gives a promise, which never fails, where it must be waited for.
  #advance(): Promise<void> | undefined {
    if (this.#reading !== undefined) return this.#reading;
    if (this.#left !== undefined) {
      this.#receive({ done: false, value: this.#left });
      return undefined;
    }
    try {
      const read = this.#source.read();
      if (!("then" in read)) {
        this.#receive(read);
        return undefined;
      }
      this.#reading = new Promise((resolve) => {
        this.#wake = resolve;
      });
      this.#followed?.hold(this.#abort);
      read.then(this.#receive, this.#breakOff);
      return this.#reading;
    } catch (error) {
      this.#breakOff(error);
      return undefined;
    }
  }

  readonly #receive = ({ done, value }: IteratorResult<unknown>): void => {
    if (this.#isOver) return;
    try {
      if (done) {
        this.#isExhausted = true;
        this.#take(undefined);
      } else {
        this.#takePiece(checkInput(value as Piece));
      }
    } catch (error) {
      void this.#end({ error });
    }
    this.#settle();
  };

  // The source has failed. What came is worth having.
  readonly #breakOff = (error: unknown): void => {
    if (this.#isOver) return;
    this.#isExhausted = isOfNetwork(error) && this.timing.firstByte !== undefined;
    if (this.#isExhausted) this.#take(undefined, error);
    else void this.#end({ error });
    this.#settle();
  };

  #takePiece(piece: Piece): void {
    const isLong = piece.length > sliceLength;
    this.#left = isLong ? slice(piece, sliceLength) : undefined;
    if (piece.length !== 0) this.#take(isLong ? slice(piece, 0, sliceLength) : piece);
  }

  #take(piece: Piece | undefined, cause?: unknown): void {
    if (this.#isOver) return;
    const timing = this.timing as Changing<StreamTiming>;
    const isTokenAwaited = timing.firstToken === undefined;
    const isBlind = this.#wants === "nothing";
    if (piece !== undefined) timing.firstByte ??= performance.now();
    this.#isTaking = true;
    const before = this.#decoder.events;
    const wants = isBlind && isTokenAwaited ? "events" : this.#wants;
    const taken = this.#decoder.take(piece, wants, cause !== undefined) as unknown as Taken<Chunk>;
    this.#isTaking = false;
    if (this.#isOver) {
      this.#free(); // a callback has ended it
      return;
    }
    const now = performance.now();
    const heartbeats = this.#decoder.heartbeats - timing.heartbeats;
    timing.heartbeats += heartbeats;
    if (this.#decoder.events !== before) timing.lastEvent = now;
    if (isTokenAwaited && hasToken(taken)) timing.firstToken = now;
    const failure = taken.failure && { error: taken.failure };
    if (cause !== undefined && taken.failure) Object.assign(taken.failure, { cause });
    const isComplete = piece === undefined && failure === undefined;
    const items = this.#pick(taken, isComplete, heartbeats);
    const isRead = this.#at === this.#items.length;
    this.#items = isRead ? items : this.#items.slice(this.#at).concat(items);
    this.#at = 0;
    if (failure !== undefined || piece === undefined) void this.#end(failure);
    else if (taken.done) this.#take(undefined);
  }

  #settle(): void {
    this.#reading = undefined;
    this.#followed?.hold(undefined);
    this.#wake();
  }

  readonly #abort = (): void => {
    this.#clear();
    void this.#end({ error: this.#options.signal?.reason });
  };

  // What was decoded and not read is not read any more.
  #clear(): void {
    this.#items = [];
    this.#at = 0;
    if (!this.#isOver && !this.#isTaking) this.#free();
  }

  #free(): void {
    const isEmpty = this.timing.firstByte === undefined;
    this.#last = isEmpty ? ({} as ChatCompletion) : this.#decoder.snapshot();
    this.#decoder.free();
  }

  async #end(failure?: { readonly error: unknown }): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = failure;
    this.#isTold = failure === undefined;
    this.#left = undefined;
    (this.timing as Changing<StreamTiming>).end = performance.now();
    this.#followed?.end();
    this.#settle();
    for (const wake of this.#waiting) wake();
    if (this.#isExhausted) return;
    await (failure === undefined ? linger(this.#source) : this.#source.cancel(failure.error));
  }
}

// Whoever stops a stream is told his own reason, and what is no error is passed on as it is.
function isOfNetwork(error: unknown): boolean {
  if (!/Error|DOMException/.test(tagOf(error)) || error instanceof ChatwireError) return false;
  return !/^(Abort|Timeout)Error$/.test((error as Error).name);
}

function slice(piece: Piece, from: number, to?: number): Piece {
  return typeof piece === "string" ? piece.slice(from, to) : piece.subarray(from, to);
}

// Reads on after [DONE], for a moment: a connection whose response was read to its end is used again.
async function linger(source: Source): Promise<void> {
  let timer: unknown;
  let isOver = false;
  const stop = () => source.cancel(stopped());
  const readOn = async () => {
    try {
      for (let reads = 0; reads < lingering.reads && !isOver; reads++)
        isOver = (await source.read()).done === true;
    } catch {
      // All that matters has come.
    }
    clearTimeout(timer as number);
    const isRead = isOver;
    isOver = true;
    if (!isRead) await stop();
  };
  const reading = readOn();
  // Most have ended a moment later; neither a timer nor an error is made for these.
  await undefined;
  await undefined;
  if (!isOver) timer = setTimeout(stop, lingering.milliseconds);
  (timer as { unref?: () => void } | undefined)?.unref?.(); // Node is not kept from ending
  await reading;
}

/** Whether there is anything of an answer. */
function hasToken({ events, chunks }: Taken<unknown>): boolean {
  const isToken = ([name, value]: [string, unknown]) =>
    Boolean(value) && name !== "role" && name !== "extra" && (value as string).length !== 0;
  return (
    events.some(({ type }) => type !== "usage") ||
    (chunks as ChatCompletionChunk[]).some(({ choices }) =>
      choices?.some(({ delta }) => delta && Object.entries(delta).some(isToken)),
    )
  );
}

/** What is known when a stream is complete. */
function endEvents(completion: ChatCompletion): StreamEvent[] {
  return (completion.choices ?? []).flatMap((choice) => [
    ...toolCallStates({ ...completion, choices: [choice] }).map(
      (call) => ({ type: "tool-call-end", ...call }) as const,
    ),
    { type: "finish", choice: choice.index, finishReason: choice.finishReason ?? null },
  ]);
}

/** Reads the body of a response that is not ok, and throws what it says. */
async function refuse(
  { status, statusText }: Response,
  source: Source,
  onIssue: DecodeStreamOptions["onIssue"],
): Promise<never> {
  const utf8 = new TextDecoder();
  let text = "";
  try {
    while (text.length < refusalLength) {
      const { done, value } = await source.read();
      if (done) break;
      const piece = checkInput(value as Piece);
      text += typeof piece === "string" ? piece : utf8.decode(piece, { stream: true });
    }
  } catch {
    // What has come has to do.
  }
  let error = failureOf(text);
  if (!(error instanceof ProviderError)) {
    const title = error?.issues.find(({ code }) => code === "HTML_BODY")?.received;
    const message =
      (title ?? text.trim().slice(0, messageLength)) || statusText || `HTTP status ${status}`;
    error = failureOf(JSON.stringify({ error: { message } })) as ProviderError;
    Object.assign(error, { raw: text });
  }
  for (const issue of error.issues) onIssue?.(issue);
  throw Object.assign(error, { status });
}

// What the server's own error is when it is read as a stream, since it may be an event of one.
function failureOf(text: string): ChatwireError | undefined {
  const decoder = new StreamDecoder();
  const failure =
    decoder.take(text, "nothing").failure ?? decoder.take(undefined, "nothing").failure;
  decoder.free();
  return failure;
}
