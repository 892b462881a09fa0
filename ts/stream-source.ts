// What streams are made of, as one thing to read from and to stop.
import { describe, type Input, isInput, tagOf } from "./options.js";

/** What {@link decodeStream} reads: a stream or pieces of one, or all of it at once. */
export type StreamSource =
  | Response
  | ReadableStream<Input>
  | AsyncIterable<Input>
  | Iterable<Input>
  | Input;

/** Something to read from, one piece after the other. @internal */
export interface Source<Item = unknown> {
  /** The next piece; not as a promise where it is there already. */
  read(): IteratorResult<Item> | PromiseLike<IteratorResult<Item>>;
  /** Gives it up, also while a read waits. Never fails. */
  cancel(reason: unknown): Promise<unknown>;
}

/** What has pieces, whichever way. @internal */
export type Pieces<Item> = ReadableStream<Item> | AsyncIterable<Item> | Iterable<Item>;

function ignore(): void {}

/** @internal */
export function isResponse(value: unknown): value is Response {
  return tagOf(value) === "[object Response]";
}

/**
 * The source that a caller was given, locked for it alone.
 * @throws TypeError where it is none, or somebody else reads it
 * @internal
 */
export function openSource(from: StreamSource): Source {
  if (!isResponse(from)) return sourceOf("decodeStream", isInput(from) ? [from] : from);
  if (from.bodyUsed) throw new TypeError("The body of this response was read already.");
  return sourceOf("decodeStream", from.body ?? []);
}

/**
 * A source of pieces of any kind.
 * @throws TypeError where there are no pieces, or somebody else reads them
 * @internal
 */
export function sourceOf<Item>(caller: string, from: Pieces<Item>): Source<Item> {
  if (typeof (from as ReadableStream | null)?.getReader === "function") {
    const { locked } = from as ReadableStream;
    if (locked) throw new TypeError("This stream is locked: somebody else reads it.");
    const reader = (from as ReadableStream<Item>).getReader();
    return {
      read: () => reader.read() as Promise<IteratorResult<Item>>,
      cancel: (reason) => reader.cancel(reason).catch(ignore),
    };
  }
  const many = from as Partial<AsyncIterable<Item> & Iterable<Item>> | null | undefined;
  const iterator = many?.[Symbol.asyncIterator]?.() ?? many?.[Symbol.iterator]?.();
  if (iterator === undefined) {
    throw new TypeError(
      `${caller} takes a stream or an iterable of what is to be read, not ${describe(from)}.`,
    );
  }
  return {
    read: () => iterator.next(),
    cancel() {
      // Not waited for: a generator that waits for something answers only when that has come. Streams
      // of Node are such, and have a way to end it.
      (from as { destroy?: () => void }).destroy?.();
      new Promise((resolve) => resolve(iterator.return?.())).catch(ignore);
      return Promise.resolve();
    },
  };
}
