// What was needed for a large input is not kept for ever. WebAssembly's memory never shrinks, so a core
// that has grown beyond 64 MiB makes way for a new one, once nothing in it is in use.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { getCore } from "../../../build/modules/core/load.js";
import {
  decode,
  parseToolArguments,
  StreamDecoder,
  safeDecode,
} from "../../../build/modules/index.js";
import { bytesOf, contentOf, delta, event, finish } from "../streams/support.mjs";

const MiB = 1 << 20;
const timeout = 120_000;
const body = (content) =>
  `{"choices":[{"index":0,"message":{"content":"${content}"},"finish_reason":"stop"}]}`;
const large = bytesOf(body("x".repeat(64 * MiB - 100)));
const memory = () => getCore().HEAPU8.length;
const decodeSmall = () =>
  assert.equal(decode(body("small ä")).choices[0].message.content, "small ä");

/** Memories of cores that have not been collected. */
async function heldBuffers(buffers) {
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    await sleep(5);
  }
  return buffers.filter((buffer) => buffer.deref() !== undefined).length;
}

/** Decodes a large body and a small one; the memory that the large one took. */
function bufferOfLarge() {
  const core = getCore();
  decode(large);
  assert.ok(core.HEAPU8.length > 64 * MiB);
  decodeSmall();
  return new WeakRef(core.HEAPU8.buffer);
}

test("a body of 64 MiB, and small ones after it", { timeout }, async (t) => {
  decodeSmall();
  const before = memory();
  assert.equal(decode(large).choices[0].message.content.length, 64 * MiB - 100);
  decodeSmall();
  assert.ok(memory() <= Math.max(before, 2 * MiB), `${memory() / MiB} MiB`);
  if (globalThis.gc === undefined) return t.diagnostic("needs --expose-gc for the rest");
  const buffers = Array.from({ length: 4 }, bufferOfLarge);
  assert.equal(await heldBuffers(buffers), 0, "buffers that are kept");
});

test("the same of bodies that fail, and of tool arguments", { timeout }, () => {
  assert.equal(safeDecode(large.subarray(0, -1)).error.name, "TruncatedError");
  decodeSmall();
  assert.ok(memory() <= 2 * MiB, `${memory() / MiB} MiB`);
  assert.equal(parseToolArguments(`["${"x".repeat(60 * MiB)}"]`).ok, true);
  decodeSmall();
  assert.ok(memory() <= 2 * MiB, `${memory() / MiB} MiB`);
});

test("what is given back is used again by the decodes after it", () => {
  const middle = bytesOf(body("x".repeat(8 * MiB)));
  decode(middle);
  const after = memory();
  for (let i = 0; i < 10; i++) {
    decode(middle);
    decodeSmall();
  }
  assert.ok(after > 8 * MiB && after < 64 * MiB, `${after / MiB} MiB`);
  assert.equal(memory(), after);
});

test("a stream that is open keeps the core, and goes on", { timeout }, () => {
  const decoder = new StreamDecoder();
  decoder.feed(event(delta({ content: "Hello" })));
  const core = getCore();
  decode(large);
  decodeSmall();
  assert.equal(getCore(), core);
  decoder.feed(event(delta({ content: " world" })) + event(finish()));
  decoder.end();
  assert.equal(contentOf(decoder.completion()), "Hello world");
  decoder.free();
  decodeSmall();
  assert.ok(memory() <= 2 * MiB, `${memory() / MiB} MiB`);
});

test("a stream of 64 MiB, and what comes after it", { timeout }, () => {
  const decoder = new StreamDecoder({ collect: true });
  const bytes = bytesOf(event(delta({ content: "x".repeat(MiB / 2) })));
  for (let i = 0; i < 120; i++) decoder.feed(bytes);
  decoder.feed(event(finish()));
  decoder.end();
  assert.equal(contentOf(decoder.completion()).length, 60 * MiB);
  decodeSmall();
  assert.ok(memory() <= 2 * MiB, `${memory() / MiB} MiB`);
  decoder.free();
});

test("many open streams and none", () => {
  for (let round = 0; round < 3; round++) {
    const decoders = Array.from({ length: 40 }, () => new StreamDecoder());
    const bytes = bytesOf(event(delta({ content: "x".repeat(2 * MiB) })));
    for (const decoder of decoders) decoder.feed(bytes);
    assert.ok(memory() > 64 * MiB);
    for (const decoder of decoders) decoder.free();
    assert.ok(memory() <= 2 * MiB, `${memory() / MiB} MiB`);
    decodeSmall();
  }
});

test("a name that is kept keeps nothing of what came beside it", (t) => {
  if (globalThis.gc === undefined) return t.skip("needs --expose-gc");
  const beside = JSON.stringify(Array.from({ length: 30 }, (_, i) => `${i} `.repeat(20)));
  const nameOf = (i) =>
    Object.keys(decode(`{"choices":[],"a name of its own ${i}":${beside}}`, lenient).extra)[0];
  const lenient = { allowEmptyChoices: true };
  const keep = (count) => Array.from({ length: count }, (_, i) => nameOf(i));
  keep(300);
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const kept = keep(2000);
  globalThis.gc();
  const bytes = (process.memoryUsage().heapUsed - before) / kept.length;
  assert.ok(bytes < 500, `${bytes} bytes each`);
});
