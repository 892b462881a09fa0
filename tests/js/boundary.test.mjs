// What crosses between JavaScript and WebAssembly: one call for one body.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getCore } from "../../dist/core/load.js";
import { decode, decodeChunk } from "../../dist/index.js";

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
  try {
    run();
  } finally {
    for (const [name, original] of functions) core[name] = original;
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
