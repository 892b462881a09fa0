// What happens when WebAssembly gets no more memory: the decode fails with a LimitError, whichever
// allocation it was that failed, and the same instance goes on.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { getCore } from "../../../build/modules/core/load.js";
import { lost } from "../../../build/modules/core/session.js";
import {
  ChatwireError,
  decode,
  LimitError,
  parseToolArguments,
  StreamDecoder,
} from "../../../build/modules/index.js";
import { bytesOf, calls, delta, done, event, finish } from "../streams/support.mjs";

const page = 65536;

/** How many bytes a memory may have from now on. */
function setLimit(bytes) {
  setFlagsFromString(`--wasm-max-mem-pages=${Math.floor(bytes / page)}`);
}
const noLimit = 65536 * page;
after(() => setLimit(noLimit));

// Newer versions of V8 keep for each memory the limit with which it began.
const canBeLifted = (() => {
  setLimit(2 * page);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 10 });
  setLimit(noLimit);
  try {
    return memory.grow(5) === 1;
  } catch {
    return false;
  }
})();

/** A core that has never grown; the one that there was is forgotten. */
function freshCore() {
  lost(new WebAssembly.RuntimeError("forgotten by the test"));
  return getCore();
}

const small = '{"choices":[{"index":0,"message":{"content":"small ä"},"finish_reason":"stop"}]}';
const decodeSmall = () => assert.equal(decode(small).choices[0].message.content, "small ä");

const completion = (message, more = {}) =>
  JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }], ...more });
const wide = "Grüße, 世界 😀 ".repeat(20_000);
const items = Array.from({ length: 10_000 }, (_, i) => ({ [`key ${i}`]: [i, `${i}`, null] }));
const toolCalls = Array.from({ length: 900 }, (_, i) => ({
  id: `call_${i}`,
  type: "function",
  function: { name: "f".repeat(300), arguments: JSON.stringify({ i, text: "x".repeat(900) }) },
}));

const collected = (input) => {
  const bytes = bytesOf(input);
  const decoder = new StreamDecoder();
  try {
    for (let at = 0; at < bytes.length; at += 5000) decoder.feed(bytes.subarray(at, at + 5000));
    decoder.end();
    return decoder.completion();
  } finally {
    decoder.free();
  }
};
const pieces = (text, size, make) => {
  let made = "";
  for (let at = 0; at < text.length; at += size) made += event(make(text.slice(at, at + size)));
  return made;
};

// Each needs another buffer of the core to grow most.
const acts = {
  "a long text": () => decode(completion({ content: "x".repeat(3 << 20) })),
  "a long text, as bytes": () => decode(bytesOf(completion({ content: "x".repeat(3 << 20) }))),
  "a text with escapes": () => decode(completion({ content: "\n\t\u0001".repeat(200_000) })),
  "a text that is not ASCII": () => decode(completion({ content: wide })),
  "half surrogate pairs": () => decode(completion({ content: "x\ud800".repeat(200_000) })),
  "unknown members": () => decode(completion({ content: "a" }, { items })),
  "many tool calls": () => decode(completion({ content: null, tool_calls: toolCalls })),
  "many issues": () =>
    decode(
      JSON.stringify({
        choices: Array.from({ length: 1000 }, (_, i) => ({ index: `x${"y".repeat(60)}${i}` })),
      }),
    ),
  "a number of many digits": () =>
    decode(
      completion({ content: "a" }, { n: 1 }).replace(
        ":1}",
        `:1${"0".repeat(300)}.${"1".repeat(2 << 20)}}`,
      ),
    ),
  "the provider's error": () => decode(JSON.stringify({ error: { message: "no", items } })),
  "tool arguments": () => parseToolArguments(JSON.stringify(items)),
  "many events": () =>
    collected(pieces(wide, 50, (content) => delta({ content })) + event(finish()) + done),
  "one long event": () => collected(event(delta({ content: wide })) + event(finish()) + done),
  "chunks with unknown members": () =>
    collected(event({ ...delta({ content: "a" }), items }) + event(finish()) + done),
  "a whole body in place of a stream": () => collected(completion({ content: wide })),
};

/** What an act comes to: its value, or the error where it is one of chatwire's. */
function outcome(act) {
  try {
    const value = act();
    if (value?.ok === false) return { error: value.error };
    return { value };
  } catch (error) {
    if (!(error instanceof ChatwireError)) throw error;
    return { error };
  }
}

// Faster than deepEqual, which these large values would keep busy.
const assertSame = (value, other) => assert.ok(JSON.stringify(value) === JSON.stringify(other));

describe("memory that ends", () => {
  for (const [name, act] of Object.entries(acts)) {
    test(name, () => {
      setLimit(noLimit);
      const initial = freshCore().HEAPU8.length;
      const wanted = outcome(act);
      const needed = getCore().HEAPU8.length;
      assert.ok(needed > initial, "it makes memory grow");
      let failures = 0;
      for (let limit = initial; limit < needed; limit += Math.max(page, (needed - initial) >> 3)) {
        setLimit(limit);
        const core = freshCore();
        for (let round = 0; round < 2; round++) {
          const { value, error } = outcome(act);
          // Either it fails, or nothing is missing.
          if (error === undefined) assertSame(value, wanted.value);
          if (error !== undefined && error.constructor !== wanted.error?.constructor) {
            failures++;
            assert.ok(error instanceof LimitError, error.stack);
            assert.equal(error.limit, "memory");
          }
          decodeSmall();
        }
        setLimit(noLimit);
        if (canBeLifted) assertSame(outcome(act).value, wanted.value);
        decodeSmall();
        assert.equal(getCore(), core, "the instance goes on");
      }
      assert.ok(failures > 0, "an allocation failed");
    });
  }
});

test("memory that ends while arguments are watched: what was seen stays, and the rest comes later", () => {
  const text = JSON.stringify(items);
  setLimit(noLimit);
  let isStale = false;
  for (let limit = freshCore().HEAPU8.length; limit < 4 << 20; limit += 8 * page) {
    setLimit(noLimit);
    freshCore();
    const decoder = new StreamDecoder({ collect: true });
    decoder.feed(event(calls({ index: 0, id: "a", function: { name: "f", arguments: "" } })));
    let fed = "";
    for (let at = 0; at < text.length; at += 40_000) {
      const part = text.slice(at, at + 40_000);
      setLimit(noLimit);
      decoder.feed(event(calls({ index: 0, function: { arguments: part } })));
      fed += part;
      setLimit(limit);
      const seen = decoder.partialArguments(0, 0);
      isStale ||= !fed.startsWith(JSON.stringify(seen?.value ?? []).slice(0, -20));
    }
    setLimit(noLimit);
    assert.deepEqual(decoder.partialArguments(0, 0).value, items);
    decoder.free();
  }
  assert.equal(isStale, false);
});
