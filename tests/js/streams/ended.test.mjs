// Streams that have ended, or were freed: what each came to is its own, whenever it is asked for and
// whatever has come after it in the same core.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getCore } from "../../../build/modules/core/load.js";
import { lost } from "../../../build/modules/core/session.js";
import { decode, StreamDecoder } from "../../../build/modules/index.js";
import { bytesOf, calls, codesOf, contentOf, delta, done, event, finish } from "./support.mjs";

const MiB = 1 << 20;
const memory = () => getCore().HEAPU8.length;

/** A decoder of a stream of its own, which has ended. */
function ended(i, options = {}) {
  const decoder = new StreamDecoder(options);
  const id = `c${i}`;
  decoder.feed(
    [
      { ...delta({ role: "assistant", content: `answer ${i}` }), id },
      // Without an index and a type: an issue.
      { ...calls({ id: `call-${i}`, function: { name: "f", arguments: `[${i}]` } }), id },
      { ...finish("tool_calls"), id },
    ]
      .map(event)
      .join("") + done,
  );
  decoder.end();
  return decoder;
}

function assertIs(decoder, i) {
  const completion = decoder.completion();
  assert.equal(completion.id, `c${i}`);
  assert.equal(contentOf(completion), `answer ${i}`);
  assert.equal(completion.choices[0].message.toolCalls[0].function.arguments, `[${i}]`);
  assert.equal(decoder.completion(), completion);
  assert.equal(decoder.snapshot(), completion);
  assert.deepEqual(codesOf(decoder.issues), ["TOOL_CALL_TYPE_MISSING"]);
  assert.equal(decoder.issues.length, 1);
}

test("completions are asked for long after the end, in another order", () => {
  const decoders = Array.from({ length: 100 }, (_, i) => ended(i));
  for (let i = 0; i < 100; i++) assertIs(decoders[(i * 37) % 100], (i * 37) % 100);
  for (const decoder of decoders) decoder.free();
});

test("some are freed before anybody asks, others are asked twice", () => {
  for (let round = 0; round < 5; round++) {
    const decoders = Array.from({ length: 30 }, (_, i) => ended(i));
    decoders.forEach((decoder, i) => {
      if (i % 3 === 0) decoder.free();
    });
    const others = Array.from({ length: 10 }, (_, i) => ended(100 + i));
    decoders.forEach((decoder, i) => {
      if (i % 3 !== 0) assertIs(decoder, i);
      else assert.throws(() => decoder.completion(), /was freed/);
    });
    others.forEach((decoder, i) => {
      assertIs(decoder, 100 + i);
    });
  }
});

test("one that is freed twice, or reset, is none of the next one's business", () => {
  const first = ended(1);
  first.completion();
  first.free();
  const next = new StreamDecoder();
  next.feed(event(delta({ content: "Hel" })));
  first.free();
  const again = ended(2);
  again.reset();
  next.feed(event(delta({ content: "lo" })) + event(finish()));
  again.feed(event(delta({ content: "other" })));
  next.end();
  again.free();
  again.free();
  assert.equal(contentOf(next.completion()), "Hello");
  next.free();
});

test("what was left in one that is freed does not show in the next one", () => {
  const first = event(delta({ content: "a" }));
  const lefts = [
    ['data: {"choices":[{"index":0,"delta":{"content":"half of'], // an event
    [first.slice(0, 30), first.slice(30, 40)], // a small read that waits
    [first + first], // a chunk that others are like
    [first + event(finish()) + done], // the end
    [`: heartbeat\n\n${event({ ...delta({ content: "a" }), created: "7" })}what is this?\n\n`],
    ["\ud83d"], // half a character
    [`data: {"choices":[{"index":0,"delta":{"content":"${"x".repeat(100_000)}`], // much
  ];
  const freed = (decoder) => {
    decoder.free();
    return new StreamDecoder();
  };
  const reset = (decoder) => {
    decoder.reset();
    return decoder;
  };
  for (const [left, next] of lefts.flatMap((reads) => [freed, reset].map((way) => [reads, way]))) {
    const before = new StreamDecoder();
    for (const read of left) before.feed(read);
    const decoder = next(before);
    // So short that it would wait where nothing was to be expected.
    const bare = '{"choices":[{"delta":{"content":"b"}}]}';
    const [{ choices }] = decoder.feed(bare);
    assert.equal(choices[0].delta.content, "b");
    const { done: isDone, events, heartbeats, state } = decoder;
    assert.deepEqual([isDone, events, heartbeats, state], [false, 1, 0, "open"]);
    const expected = ["CHOICE_INDEX_MISSING", "NOT_EVENT_STREAM"];
    assert.deepEqual(codesOf(decoder.issues), expected);
    assert.equal(contentOf(decoder.snapshot()), "b");
    decoder.free();
  }
});

test("each keeps to its own options and limits", () => {
  const text = event(delta({ content: "x".repeat(100) })) + event(finish());
  const small = { limits: { eventBytes: 50 } };
  for (const options of [{}, small, {}, { contract: "openai" }, {}]) {
    const decoder = new StreamDecoder(options);
    if (options === small) assert.throws(() => decoder.feed(text), { code: "LIMIT" });
    else if (options.contract) assert.throws(() => decoder.feed(text), { name: "DecodeError" });
    else assert.equal(decoder.feed(text).length, 2);
    decoder.free();
  }
});

test("issues that are asked for late are those that onIssue was told, in their order", () => {
  const reads = [
    event({ ...delta({ content: 1 }), created: "7" }),
    "what is this?\n\n",
    event({ ...delta({ content: "a" }), id: "other" }),
    event({ ...delta({ content: "ä" }), id: "änother" }),
    event(finish()) + event(finish("length")),
  ];
  const told = [];
  const decoders = [
    new StreamDecoder(),
    new StreamDecoder({ onIssue: (issue) => told.push(issue) }),
  ];
  for (const decoder of decoders) {
    for (const read of reads) decoder.feed(read);
    decoder.end();
  }
  assert.ok(told.length > 4);
  assert.deepEqual(decoders[0].issues, told);
  assert.deepEqual(decoders[1].issues, told);
});

test("a chunk that its reader changes is no model for those of later reads", () => {
  const decoder = new StreamDecoder();
  const next = (content) => event({ id: "c", ...delta({ content }), more: { deep: ["x"] } });
  decoder.feed(next("first"));
  for (const size of [1, 2, 3]) {
    const texts = Array.from({ length: size }, (_, i) => `${size} ${i}`);
    const chunks = decoder.feed(texts.map(next).join(""));
    assert.deepEqual(
      chunks,
      texts.map((content) => ({
        id: "c",
        ...delta({ content }),
        extra: { more: { deep: ["x"] } },
      })),
    );
    for (const chunk of chunks) {
      chunk.id = "changed";
      chunk.choices[0].index = 7;
      chunk.choices[0].delta.content = "changed";
      chunk.extra.more.deep.push("changed");
    }
  }
  decoder.free();
});

test("one that has ended outlives its core, and keeps no large one", async (t) => {
  const decoders = [ended(1), ended(2)];
  lost(new WebAssembly.RuntimeError("forgotten by the test"));
  decoders.push(ended(3));
  assertIs(decoders[1], 2);
  ended(0).free();
  const large = `{"choices":[{"index":0,"message":{"content":"${"x".repeat(60 * MiB)}"}}]}`;
  const core = new WeakRef(getCore());
  decode(bytesOf(large));
  assert.ok(memory() <= 2 * MiB, `${memory() / MiB} MiB`);
  decoders.push(ended(4));
  for (let i = 0; i < 5 && globalThis.gc !== undefined; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (globalThis.gc === undefined) t.diagnostic("needs --expose-gc for a part");
  else assert.equal(core.deref(), undefined);
  decoders.forEach((decoder, i) => {
    assertIs(decoder, i + 1);
  });
});

test("those that nobody frees or asks give back what they held, but for a few short ones", () => {
  const rounds = (count, size) =>
    Array.from({ length: count }, () => {
      const decoder = new StreamDecoder();
      decoder.feed(event(delta({ content: "x".repeat(size) })) + event(finish()));
      decoder.end();
      return decoder;
    });
  for (const [count, size] of [
    [200, 50_000],
    [20, 500_000],
  ]) {
    rounds(1, size); // what all of them share
    const before = memory();
    const decoders = rounds(count, size);
    assert.ok(memory() - before <= 3 * MiB, `${(memory() - before) / MiB} MiB`); // of 10
    for (const decoder of decoders) assert.equal(contentOf(decoder.completion()).length, size);
  }
});

test("those that nobody frees are collected, also where they take the place of freed ones", async (t) => {
  if (globalThis.gc === undefined) return t.skip("needs --expose-gc");
  const round = async () => {
    for (let i = 0; i < 200; i++) {
      const freed = new StreamDecoder();
      freed.feed(event(delta({ content: "x" })));
      freed.free();
      new StreamDecoder().feed(event(delta({ content: "x".repeat(20_000) })));
    }
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  };
  for (let i = 0; i < 5; i++) await round();
  const before = memory();
  for (let i = 0; i < 20; i++) await round();
  assert.ok(memory() - before <= 40 << 20, `${memory() - before} bytes more`); // of 80 MB
});
