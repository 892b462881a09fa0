// What the tests that read streams share: what servers send, and sources that can be watched.
import assert from "node:assert/strict";

export const utf8 = (text) => new TextEncoder().encode(text);

/** An event with this JSON. */
export const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
export const done = "data: [DONE]\n\n";

/** The JSON of a chunk with one choice. */
export function chunk(delta, finish_reason = null, index = 0) {
  return {
    id: "c-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index, delta, finish_reason }],
  };
}

/** The events of an answer in these pieces: begun, each piece, finished. */
export function answer(...pieces) {
  return [
    event(chunk({ role: "assistant", content: "" })),
    ...pieces.map((content) => event(chunk({ content }))),
    event(chunk({}, "stop")),
  ];
}

/** All that an iterable gives, and what it throws: `[items, error]`. */
export async function drain(iterable) {
  const items = [];
  try {
    for await (const item of iterable) items.push(item);
    return [items, undefined];
  } catch (error) {
    return [items, error];
  }
}

/** All that an iterable gives. */
export async function all(iterable) {
  const [items, error] = await drain(iterable);
  if (error !== undefined) throw error;
  return items;
}

/** The text of chunks. */
export const textOf = (chunks) =>
  chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").join("");

/** The text that a snapshot or completion has. */
export const contentOf = ({ choices }) => choices?.[0]?.message?.content;

/** Some turns of the event loop, for what goes on in the background. */
export async function turns(count = 5) {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a promise comes to within some turns: `{ value }`, `{ error }` or undefined. */
export async function settled(promise) {
  let result;
  promise.then(
    (value) => {
      result = { value };
    },
    (error) => {
      result = { error };
    },
  );
  await turns();
  return result;
}

/**
 * A ReadableStream of the given pieces, and how it was used: `{ stream, reads, cancelled }`. After the
 * pieces it closes, or hangs, or fails.
 */
export function watched(pieces, { after = "close", error } = {}) {
  const left = [...pieces];
  const of = {
    reads: 0,
    cancelled: undefined,
    stream: new ReadableStream(
      {
        pull(controller) {
          of.reads++;
          const piece = left.shift();
          if (piece !== undefined) controller.enqueue(piece);
          else if (after === "close") controller.close();
          else if (after === "fail") controller.error(error);
          else return new Promise(() => {});
        },
        cancel(reason) {
          assert.equal(of.cancelled, undefined, "cancelled twice");
          of.cancelled = { reason };
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return of;
}

/** An iterator over pieces that can be watched: `{ iterable, reads, returned }`. */
export function watchedIterable(pieces, { after = "close", isAsync = true } = {}) {
  const left = [...pieces];
  const give = (value) => (isAsync ? Promise.resolve(value) : value);
  const of = { reads: 0, returned: 0 };
  const iterator = {
    next() {
      of.reads++;
      if (left.length > 0) return give({ done: false, value: left.shift() });
      return after === "close" ? give({ done: true, value: undefined }) : new Promise(() => {});
    },
    return() {
      of.returned++;
      return give({ done: true, value: undefined });
    },
  };
  of.iterable = { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator };
  return of;
}
