// ChatCompletionDecoderStream: decoding as a stage of Web Streams.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { ChatCompletionDecoderStream, DecodeError, decodeChunk, TruncatedError } from "chatwire";
import {
  all,
  answer,
  chunk,
  done,
  drain,
  event,
  textOf,
  turns,
  utf8,
  watched,
} from "./reading.mjs";

const events = [...answer("Grüße, ", "世界", " 😀"), done];
const whole = events.join("");
const chunks = events.slice(0, -1).map((of) => decodeChunk(of.slice("data: ".length)));

test("bytes and text, cut anywhere", async () => {
  const bytes = Array.from(utf8(whole), (byte) => Uint8Array.of(byte));
  for (const pieces of [[whole], [utf8(whole)], events, bytes, whole.split("")]) {
    const { stream } = watched(pieces);
    assert.deepEqual(await all(stream.pipeThrough(new ChatCompletionDecoderStream())), chunks);
  }
  const { body } = new Response(whole);
  assert.deepEqual(await all(body.pipeThrough(new ChatCompletionDecoderStream())), chunks);
});

test("what is written by hand", async () => {
  const { readable, writable } = new ChatCompletionDecoderStream();
  const reading = all(readable);
  const writer = writable.getWriter();
  for (const piece of events) await writer.write(utf8(piece).buffer);
  await writer.close();
  assert.deepEqual(await reading, chunks);
});

test("nothing is read before it is asked for", async () => {
  const of = watched([events[0], events[1], ...events.slice(2)]);
  const reader = of.stream.pipeThrough(new ChatCompletionDecoderStream()).getReader();
  await turns();
  assert.ok(of.reads <= 1, "a pipe holds one piece");
  await reader.read();
  await turns();
  assert.ok(of.reads <= 3, String(of.reads));
});

test("the options are those of decodeStream", async () => {
  assert.throws(() => new ChatCompletionDecoderStream({ contract: "nobody" }), TypeError);
  const { stream } = watched([event({ choices: [] })]);
  const strict = new ChatCompletionDecoderStream({ contract: "openai" });
  const [, error] = await drain(stream.pipeThrough(strict));
  assert.equal(error.code, "MISSING");

  const controller = new AbortController();
  const { signal } = controller;
  const of = watched(events.slice(0, 2), { after: "hang" });
  const reading = drain(of.stream.pipeThrough(new ChatCompletionDecoderStream({ signal })));
  await turns();
  controller.abort();
  const [items, reason] = await reading;
  assert.equal(items.length, 2);
  assert.equal(reason, signal.reason);
  await turns();
  assert.equal(of.cancelled.reason, reason);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("failures come after the chunks of the same write, and stop the source", async () => {
  const of = watched([`${events[0]}${events[1]}data: {nope}\n\n`, ...events], { after: "hang" });
  const [items, error] = await drain(of.stream.pipeThrough(new ChatCompletionDecoderStream()));
  assert.deepEqual(items, chunks.slice(0, 2));
  assert.ok(error instanceof DecodeError);
  await turns();
  assert.equal(of.cancelled.reason, error);
});

test("streams that are cut", async () => {
  const { stream } = watched(events.slice(0, 2));
  const [items, error] = await drain(stream.pipeThrough(new ChatCompletionDecoderStream()));
  assert.equal(items.length, 2);
  assert.ok(error instanceof TruncatedError);
});

test("a failure of the source cuts the stream off", async () => {
  const reset = new TypeError("terminated");
  const of = watched(events.slice(0, 2), { after: "fail", error: reset });
  const [, error] = await drain(of.stream.pipeThrough(new ChatCompletionDecoderStream()));
  assert.ok(error instanceof TruncatedError);
  assert.equal(error.cause, reset);
});

test("cancelling goes up to the source", async () => {
  const of = watched(events, { after: "hang" });
  for await (const _ of of.stream.pipeThrough(new ChatCompletionDecoderStream())) break;
  await turns();
  assert.ok(of.cancelled);

  const hanging = watched([], { after: "hang" });
  const reader = hanging.stream.pipeThrough(new ChatCompletionDecoderStream()).getReader();
  const reading = reader.read();
  await turns();
  await reader.cancel("enough");
  assert.deepEqual(await reading, { done: true, value: undefined });
  await turns();
  assert.equal(hanging.cancelled.reason, "enough");
});

test("[DONE] closes it, whether or not the source does", async () => {
  const of = watched(events, { after: "hang" });
  assert.deepEqual(await all(of.stream.pipeThrough(new ChatCompletionDecoderStream())), chunks);
});

test("a stage between others", async () => {
  const { body } = new Response(whole);
  const upper = new TransformStream({
    transform({ choices }, controller) {
      controller.enqueue(choices[0].delta.content?.toUpperCase() ?? "");
    },
  });
  const stages = body.pipeThrough(new ChatCompletionDecoderStream()).pipeThrough(upper);
  assert.equal((await all(stages)).join(""), "GRÜSSE, 世界 😀");
});

test("thousands of chunks in one write", async () => {
  const pieces = Array.from({ length: 5000 }, (_, i) => `${i} `);
  const { stream } = watched([[...answer(...pieces), event(chunk({})), done].join("")]);
  const items = await all(stream.pipeThrough(new ChatCompletionDecoderStream()));
  assert.equal(textOf(items), pieces.join(""));
});
