// What crosses between JavaScript and WebAssembly: one call for one body, or for one network read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getCore } from "../../build/modules/core/load.js";
import { session } from "../../build/modules/core/session.js";
import { decode, decodeChunk, StreamDecoder } from "../../build/modules/index.js";

const bodies = {
  small: { id: "a", choices: [{ index: 0, message: { content: "hi" }, finish_reason: "stop" }] },
  long: {
    choices: [{ index: 0, message: { content: "word ".repeat(30_000) }, finish_reason: "stop" }],
    odd: { deep: [1, { text: "ünïcödé ".repeat(100) }] },
  },
};

/** Counts the calls of every function of the core while `run` runs. */
function callsOf(run) {
  const core = getCore();
  const functions = Object.entries(core).filter(([, value]) => typeof value === "function");
  const calls = {};
  for (const [name, original] of functions) {
    core[name] = (...given) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return original(...given);
    };
  }
  const handle = session(); // it has those for every body and read by itself
  const { decode, feed } = core;
  Object.assign(handle, { decode, feed });
  try {
    run();
  } finally {
    for (const [name, original] of functions) core[name] = original;
    Object.assign(handle, { decode: core.decode, feed: core.feed });
  }
  return calls;
}

for (const [name, body] of Object.entries(bodies)) {
  const text = JSON.stringify(body);
  for (const [form, input] of [
    ["bytes", new TextEncoder().encode(text)],
    ["text", text],
  ]) {
    test(`a ${name} body as ${form} takes one call into WebAssembly`, () => {
      decode(input); // the first one makes room for the input
      assert.deepEqual(
        callsOf(() => decode(input)),
        { decode: 1 },
      );
    });
  }
}

test("a chunk takes one call into WebAssembly", () => {
  const input = '{"choices":[{"index":0,"delta":{"content":"hi"}}]}';
  assert.deepEqual(
    callsOf(() => decodeChunk(input)),
    { decode: 1 },
  );
});

/** Events of a stream. */
function eventsOf(count, content = "word") {
  const event = `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
  return new TextEncoder().encode(event.repeat(count));
}

for (const [name, options] of Object.entries({ chunks: {}, "the completion": { collect: true } })) {
  test(`a read of a stream takes one call into WebAssembly, where ${name} is wanted`, () => {
    const decoder = new StreamDecoder(options);
    const bytes = eventsOf(40);
    decoder.feed(bytes.subarray(0, 10)); // makes the stream, and room for reads
    for (const read of [bytes.subarray(10, -20), bytes.subarray(-20)]) {
      assert.deepEqual(
        callsOf(() => decoder.feed(read)),
        { feed: 1 },
      );
    }
    decoder.free();
  });
}

test("a read within a long event takes another call, for room", () => {
  const decoder = new StreamDecoder();
  decoder.feed(eventsOf(1, "x".repeat(9000)).subarray(0, 8000));
  assert.deepEqual(
    callsOf(() => decoder.feed(new Uint8Array(100).fill(0x78))),
    { streamInput: 1, feed: 1 },
  );
  decoder.free();
});
