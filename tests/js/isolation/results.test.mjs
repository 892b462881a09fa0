// What is decoded belongs to the caller: no other result shares an object with it, whatever was decoded
// before, and nothing is remembered of an input.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decode, StreamDecoder, safeDecode } from "chatwire";
import fc from "fast-check";
import { root } from "../../../scripts/shell.mjs";
import { someStream } from "../streams/generator.mjs";
import { bytesOf, delta, event, run, stream } from "../streams/support.mjs";

const folder = join(root, "examples/samples");
const samples = readdirSync(folder).filter((name) => /\.(json|sse)$/.test(name));
const read = (name) => readFileSync(join(folder, name));
const bodies = samples.filter((name) => name.endsWith(".json")).map(read);

/** Adds the objects and arrays of a value; fails where one of them was there. */
function addObjects(value, seen) {
  if (typeof value !== "object" || value === null) return;
  assert.ok(!seen.has(value), `shared: ${JSON.stringify(value)}`);
  seen.add(value);
  for (const name of Reflect.ownKeys(value)) addObjects(value[name], seen);
}

/** Spoils a value for everybody who shares a part of it. */
function spoil(value) {
  if (typeof value !== "object" || value === null) return;
  for (const name of Object.keys(value)) spoil(value[name]);
  if (Array.isArray(value)) value.push("spoilt");
  else value.spoilt = true;
}

// What a result holds, without the views that are made when they are asked for.
const held = (result) => (result.ok ? result.value : result.error.body);

test("bodies that are equal come to objects of their own", () => {
  for (const body of bodies) {
    const seen = new Set();
    for (const input of [body, body, body.toString(), body.toString()])
      addObjects(held(safeDecode(input)), seen);
  }
});

test("what is done to a body's objects shows in no other", () => {
  for (const body of bodies) {
    const expected = structuredClone(held(safeDecode(body)));
    for (let i = 0; i < 3; i++) {
      const made = held(safeDecode(body));
      assert.deepEqual(made, expected);
      spoil(made);
    }
  }
});

test("bytes that are written over in place are read again", () => {
  const bytes = new Uint8Array(read("plain.json"));
  const at = Buffer.from(bytes).indexOf('"content"') + '"content": "'.length + 2;
  for (const letter of "xyzxy") {
    bytes[at] = letter.charCodeAt(0);
    const { content } = decode(bytes).choices[0].message;
    assert.equal(content, JSON.parse(Buffer.from(bytes)).choices[0].message.content);
    assert.ok(content.includes(letter));
  }
});

// ---- Streams ------------------------------------------------------------------------------------

/** Decodes a stream, and spoils each chunk before the next read. */
function spoiling(bytes, step) {
  const decoder = new StreamDecoder();
  const chunks = [];
  const take = (made) => {
    chunks.push(...made.map((chunk) => structuredClone(chunk)));
    made.forEach(spoil);
  };
  for (let at = 0; at < bytes.length; at += step) take(decoder.feed(bytes.subarray(at, at + step)));
  spoil(decoder.snapshot());
  take(decoder.end());
  const completion = decoder.completion();
  decoder.free();
  return { chunks, completion };
}

// Events that are alike but for one thing, with objects and arrays in all places.
const more = { object: "chat.completion.chunk", more: { deep: [1, { a: null }] } };
const alike = {
  texts: (i) => delta({ content: `w${i}` }, { logprobs: null }, more),
  usage: (i) => delta({ content: "w" }, {}, { usage: { total_tokens: i, odd: [i] } }),
  "log-probabilities": (i) =>
    delta(
      { content: "w" },
      { logprobs: { content: [{ token: "w", logprob: -i, bytes: [119], top_logprobs: [] }] } },
    ),
  arguments: (i) => delta({ tool_calls: [{ index: 0, function: { arguments: `${i}` } }] }),
  details: (i) =>
    delta({ reasoning: "r", reasoning_details: [{ type: "reasoning.text", text: `${i}` }] }),
  "unknown members of a delta": (i) => delta({ content: "w", signs: [i, { of: [i] }] }),
  "unknown members of a choice": (i) => delta({ content: "w" }, { token_ids: [i, i + 1] }),
  "unknown members of a chunk": (i) => delta({ content: "w" }, {}, { timings: { ms: [i] } }),
  ids: (i) => delta({ content: "w" }, {}, { id: `c${i}`, kept: { a: [] } }),
};

for (const [what, of] of Object.entries(alike)) {
  const events = Array.from({ length: 20 }, (_, i) => of(i));
  const bytes = bytesOf(stream(...events, delta({}, { finish_reason: "stop" })));

  test(`chunks that differ in ${what} share nothing`, () => {
    const seen = new Set();
    for (let i = 0; i < 2; i++) {
      const made = run([bytes]);
      assert.equal(made.error, undefined);
      assert.equal(made.chunks.length, 21);
      for (const one of [...made.chunks, made.completion]) addObjects(one, seen);
    }
  });

  test(`what is done to chunks that differ in ${what} shows in no other`, () => {
    const { chunks, completion } = run([bytes]);
    for (const step of [event(events[0]).length, 100, 1e6])
      assert.deepEqual(spoiling(bytes, step), { chunks, completion });
  });
}

test("what is done to the chunks of any stream shows in no other", () => {
  const property = fc.property(someStream, fc.integer({ min: 1, max: 500 }), ({ bytes }, step) => {
    const { chunks, completion } = run([bytes]);
    assert.deepEqual(spoiling(bytes, step), { chunks, completion });
  });
  fc.assert(property, { numRuns: 200 });
});
