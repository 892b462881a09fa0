// Thousands of streams at once, as a gateway has them: each gets its own answer, and costs little
// beyond what it holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getCore } from "../../../build/modules/core/load.js";
import { StreamDecoder } from "../../../build/modules/index.js";
import { bytesOf, calls, contentOf, delta, event, finish } from "./support.mjs";

const count = 10_000;
const timeout = 120_000;

const memory = () => getCore().HEAPU8.length;

/** The reads of one of the streams: cut within events. */
function readsOf(i) {
  const text = [
    delta({ role: "assistant", content: `stream ${i}: ` }),
    delta({ content: i % 3 === 0 ? "é😀" : "x".repeat(i % 50) }),
    calls({
      index: 0,
      id: `call_${i}`,
      type: "function",
      function: { name: "f", arguments: '{"i":' },
    }),
    calls({ index: 0, function: { arguments: `${i}}` } }),
    finish("tool_calls"),
  ]
    .map((chunk) => event({ ...chunk, id: `c${i}` }))
    .join("");
  const bytes = bytesOf(text);
  const size = 40 + (i % 97);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

function assertAnswer(decoder, i) {
  const { id, choices } = decoder.completion();
  assert.equal(id, `c${i}`);
  const [{ message, finishReason }] = choices;
  assert.equal(message.content, `stream ${i}: ${i % 3 === 0 ? "é😀" : "x".repeat(i % 50)}`);
  assert.equal(message.toolCalls[0].id, `call_${i}`);
  assert.equal(message.toolCalls[0].function.arguments, `{"i":${i}}`);
  assert.equal(finishReason, "tool_calls");
}

test("ten thousand streams side by side", { timeout }, () => {
  const streams = Array.from({ length: count }, (_, i) => ({
    decoder: new StreamDecoder({ collect: i % 2 === 0 }),
    reads: readsOf(i),
    chunks: 0,
  }));
  for (let at = 0; streams.some(({ reads }) => at < reads.length); at++)
    for (const stream of streams)
      if (at < stream.reads.length) stream.chunks += stream.decoder.feed(stream.reads[at]).length;
  streams.forEach(({ decoder, chunks }, i) => {
    assert.deepEqual(decoder.end(), []);
    assert.equal(chunks, i % 2 === 0 ? 0 : 5);
    assertAnswer(decoder, i);
    decoder.free();
  });
});

test("an idle stream takes at most 8 KiB beyond what it holds", { timeout }, (t) => {
  // One after the other first, so that what all of them share is there.
  for (let i = 0; i < 10; i++) {
    const decoder = new StreamDecoder();
    decoder.feed(event(delta({ content: "x".repeat(1000) })) + event(finish()));
    decoder.end();
    decoder.completion();
    decoder.free();
  }
  const before = memory();
  const first = event(delta({ role: "assistant", content: "Hello" }));
  const decoders = Array.from({ length: count }, () => {
    const decoder = new StreamDecoder();
    decoder.feed(first);
    decoder.feed('data: {"choices":[{"ind');
    return decoder;
  });
  const each = (memory() - before) / count;
  t.diagnostic(`${Math.round(each)} bytes for each stream`);
  assert.ok(each <= 8192, `${each} bytes for each stream`);
  for (const decoder of decoders) assert.equal(contentOf(decoder.snapshot()), "Hello");
  for (const decoder of decoders) decoder.free();
});

test("what they took is used again", { timeout }, () => {
  const round = () => {
    const decoders = Array.from({ length: 1000 }, () => new StreamDecoder());
    for (const decoder of decoders)
      decoder.feed(event(delta({ content: "x".repeat(10_000) })) + event(finish()));
    for (const decoder of decoders) decoder.end();
    for (const decoder of decoders) decoder.completion();
    for (const decoder of decoders) decoder.free();
  };
  round(); // what it finds may be too large to be kept
  round();
  const before = memory();
  for (let i = 0; i < 5; i++) round();
  assert.ok(memory() - before <= before / 10, `${memory() - before} bytes more`);
});

test("streams that ended and were read give back what they held", { timeout }, () => {
  const round = () =>
    Array.from({ length: 500 }, () => {
      const decoder = new StreamDecoder();
      decoder.feed(event(delta({ content: "x".repeat(50_000) })) + event(finish()));
      decoder.end();
      decoder.completion();
      return decoder;
    });
  for (const decoder of round()) decoder.free();
  const before = memory();
  const all = [round(), round(), round(), round()]; // none of them freed
  const each = (memory() - before) / 2000;
  assert.ok(each <= 8192, `${each} bytes for each stream`);
  for (const decoder of all.flat()) decoder.free();
});

test("one decoder for many streams, one after the other", { timeout }, () => {
  const decoder = new StreamDecoder();
  for (let i = 0; i < count; i++) {
    for (const bytes of readsOf(i)) decoder.feed(bytes);
    decoder.end();
    assertAnswer(decoder, i);
    decoder.reset();
  }
  decoder.free();
});

test("decoders that nobody freed are collected", { timeout }, async (t) => {
  if (globalThis.gc === undefined) return t.skip("needs --expose-gc");
  const round = async () => {
    for (let i = 0; i < 200; i++)
      new StreamDecoder().feed(event(delta({ content: "x".repeat(20_000) })));
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  };
  for (let i = 0; i < 5; i++) await round();
  const before = memory();
  for (let i = 0; i < 20; i++) await round();
  assert.ok(memory() - before <= 40 << 20, `${memory() - before} bytes more`); // of 80 MB
});

test("pieces of any length come together as they are", () => {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (let length = 0; length < 40; length++) {
    const pieces = [letters.slice(0, length), "|", letters.slice(3, 3 + length), "|", letters];
    const decoder = new StreamDecoder({ collect: true });
    for (const content of pieces) decoder.feed(event(delta({ content })));
    assert.equal(contentOf(decoder.snapshot()), pieces.join(""));
    decoder.free();
  }
});
