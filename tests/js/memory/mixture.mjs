// Decodes and streams of all kinds, many of which fail or are left half-way, for as long as one likes;
// and what memory they take.
import assert from "node:assert/strict";
import { getCore } from "../../../build/modules/core/load.js";
import {
  ChatwireError,
  decode,
  decodeChunk,
  encode,
  parseToolArguments,
  StreamDecoder,
  safeDecode,
} from "../../../build/modules/index.js";
import { bytesOf, calls, delta, done, event, finish } from "../streams/support.mjs";

const body = (message, more = {}) =>
  JSON.stringify({
    id: "c1",
    model: "m",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    ...more,
  });
const call = {
  id: "a",
  type: "function",
  function: { name: "f", arguments: '{"a":[1,2,{"b":"ä"}]}' },
};
const bodies = [
  body({ role: "assistant", content: "Hi" }),
  body({ role: "assistant", content: "Grüße, 世界 😀 ".repeat(40) }),
  body({ role: "assistant", content: "line\n".repeat(200) }),
  body({ role: "assistant", content: null, tool_calls: [call] }),
  body({ role: "assistant", content: "a" }, { odd: { deep: [1, { text: "x".repeat(500) }] } }),
  '{"choices":[{"message":{"content":"repaired"}}],"usage":{"total_tokens":"7"}}',
].flatMap((text) => [text, bytesOf(text)]);
const bad = [
  '{"choices":[{"message":{"content":"cut o',
  "<html><title>502</title></html>",
  '{"error":{"message":"no","code":429}}',
  '{"choices":[}',
  `{"x":${"[".repeat(200)}`,
  "",
];

/** One of the million: the `i`-th decode. A tenth fails. */
export function decodeOne(i) {
  if (i % 10 === 9) {
    const { ok } = safeDecode(bad[i % bad.length]);
    assert.equal(ok, false);
    return;
  }
  const value = decode(bodies[i % bodies.length]);
  assert.equal(value.choices.length, 1);
  if (i % 7 === 0) encode(value);
  if (i % 11 === 0) decodeChunk('{"choices":[{"index":0,"delta":{"content":"ä"}}]}');
  if (i % 13 === 0) assert.ok(parseToolArguments(call).ok);
}

const begin = event(delta({ role: "assistant", content: "Grüße " }));
const more = [
  ...Array.from({ length: 12 }, (_, i) => event(delta({ content: `word ${i} ` }))),
  event(calls({ index: 0, id: "a", function: { name: "f", arguments: '{"text":"' } })),
  event(calls({ index: 0, function: { arguments: 'abc"}' } })),
].join("");
const wholeStream = bytesOf(begin + more + event(finish("tool_calls")) + done);
const failing = [
  bytesOf(`${begin}${more}data: {nonsense}\n\n`),
  bytesOf(begin + more + event({ error: { message: "no" } })),
  bytesOf(begin + more.slice(0, -20)),
];

/** One of the hundred thousand: a tenth is abandoned half-way, a tenth fails. */
export function streamOne(i) {
  const isAbandoned = i % 10 === 3;
  const bytes = i % 10 === 7 ? failing[i % failing.length] : wholeStream;
  const decoder = new StreamDecoder({ collect: i % 3 === 0 });
  const size = 50 + (i % 400);
  try {
    const end = isAbandoned ? bytes.length / 2 : bytes.length;
    for (let at = 0; at < end; at += size) {
      decoder.feed(bytes.subarray(at, at + size));
      if (i % 5 === 0) decoder.partialArguments(0, 0);
    }
    if (isAbandoned) {
      // Half of them nobody frees: they are collected.
      if (i % 20 === 3) decoder.free();
      return;
    }
    decoder.end();
    assert.equal(decoder.completion().choices[0].message.toolCalls.length, 1);
  } catch (error) {
    if (!(error instanceof ChatwireError) || i % 10 !== 7) throw error;
  }
  decoder.free();
}

/** Bytes in use: of WebAssembly's memory, and of JavaScript's heap after a collection. */
async function memory() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5)); // finalizers run
  }
  return { wasm: getCore().HEAPU8.length, js: process.memoryUsage().heapUsed };
}

/**
 * Runs so many decodes and streams, and asserts that memory stays flat after the first tenth.
 * @returns what was in use after each tenth
 */
export async function soak({ decodes, streams }) {
  const seen = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    for (let i = 0; i < decodes / 10; i++) {
      decodeOne(i);
      // Collected now and then, as programs are that wait in between.
      if (i % 50_000 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    for (let i = 0; i < streams / 10; i++) {
      streamOne(i);
      if (i % 500 === 0) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
    seen.push(await memory());
  }
  const [first] = seen;
  const kibibytes = (bytes) => `${(bytes / 1024).toFixed()} KiB`;
  for (const { wasm, js } of seen) {
    assert.ok(
      wasm <= first.wasm + (256 << 10),
      `WebAssembly: ${kibibytes(first.wasm)}, then ${kibibytes(wasm)}`,
    );
    assert.ok(
      js <= first.js + (1 << 20),
      `JavaScript: ${kibibytes(first.js)}, then ${kibibytes(js)}`,
    );
  }
  return seen;
}
