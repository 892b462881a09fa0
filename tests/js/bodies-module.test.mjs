// bodies.wasm: the module for those who decode no streams.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as whole from "chatwire";
import * as bodies from "../../build/modules/index.js"; // another copy, with a core of its own
import { root } from "../../scripts/shell.mjs";

const fileOf = (name) => join(root, "dist", name);

before(() => bodies.init({ module: new WebAssembly.Module(readFileSync(fileOf("bodies.wasm"))) }));

const samples = ["logprobs.json", "plain.json", "provider-error.json", "quirks.json", "chat.sse"];

/** What comes of a body, also where that is an error. */
function outcomeOf({ safeDecode, toWire }, body, options) {
  const { ok, value, error, issues } = safeDecode(body, options);
  return ok ? { value, issues, wire: toWire(value) } : { ...error, message: error.message, issues };
}

for (const sample of samples) {
  test(`${sample} is decoded as with the whole module`, () => {
    const body = readFileSync(join(root, "examples/samples", sample));
    for (const options of [{}, { contract: "openai" }, { allowEmptyChoices: true }])
      assert.deepEqual(outcomeOf(bodies, body, options), outcomeOf(whole, body, options));
  });
}

test("a chunk is decoded as with the whole module", () => {
  const chunk = '{"choices":[{"index":0,"delta":{"content":"é","n":0.1e-30}}],"usage":{"n":[1]}}';
  assert.deepEqual(bodies.safeDecodeChunk(chunk), whole.safeDecodeChunk(chunk));
});

test("streams say which module they need", () => {
  const needed = { message: "bodies.wasm decodes no streams; chatwire.wasm does." };
  const decoder = new bodies.StreamDecoder();
  assert.throws(() => decoder.feed("data: {}\n\n"), needed);
  assert.equal(bodies.decode('{"choices":[{"message":{"content":"a"}}]}').choices.length, 1);
});

test("it is little more than half as large", () => {
  const [part, all] = ["bodies.wasm", "chatwire.wasm"].map((name) => statSync(fileOf(name)).size);
  assert.ok(part < all * 0.6, `${part} bytes of ${all}`);
});
