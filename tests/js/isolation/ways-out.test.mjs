// Hostile names in what is made of results: streams, JSON that is still coming, tool arguments, what is
// encoded again.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decode,
  decodeChunk,
  decodeStream,
  encode,
  encodeStream,
  parseToolArguments,
  StreamDecoder,
  toRequestMessage,
} from "chatwire";
import { bytesOf, calls, delta, event, finish, oneByOne, stream } from "../streams/support.mjs";

const hostile = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
const poison = '{"polluted":true,"prototype":{"polluted":true}}';
const members = hostile.map((name) => `"${name}":${poison}`).join(",");
const args = `{${members},"list":[{${members}}]}`;

const prototypes = [Object, Array, Function, Map, Error, String, Number, Promise].map(
  (of) => of.prototype,
);
const ownOf = (of) =>
  Reflect.ownKeys(of).map((key) => [key, Object.getOwnPropertyDescriptor(of, key)]);

/** Runs what must leave prototypes as they are. */
async function harmless(act) {
  const before = prototypes.map(ownOf);
  const result = await act();
  assert.deepEqual(prototypes.map(ownOf), before);
  assert.equal({}.polluted, undefined);
  return result;
}

function assertSame(value, json) {
  assert.equal(JSON.stringify(value), JSON.stringify(JSON.parse(json)));
  for (const object of [value, value.list[0]]) {
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
    for (const name of hostile) assert.ok(Object.hasOwn(object, name), name);
  }
}

test("tool arguments", async () => {
  const call = { function: { name: "f", arguments: args } };
  for (const given of [args, call, JSON.stringify(args)]) {
    const result = await harmless(() => parseToolArguments(given));
    assert.ok(result.ok);
    assertSame(result.value, args);
  }
});

test("arguments and content that are still coming", () =>
  harmless(() => {
    const decoder = new StreamDecoder();
    decoder.feed(event(calls({ index: 0, id: "a", function: { name: "f", arguments: "" } })));
    for (const letter of args) {
      decoder.feed(event(calls({ index: 0, function: { arguments: letter } })));
      decoder.feed(event(delta({ content: letter })));
      for (const { value } of [decoder.partialArguments(0, 0), decoder.partialContent(0)])
        if (value !== undefined) assert.equal(Object.getPrototypeOf(value), Object.prototype);
    }
    decoder.feed(event(finish("tool_calls")));
    assertSame(decoder.partialArguments(0, 0).value, args);
    assertSame(decoder.partialContent(0).value, args);
    decoder.free();
  }));

const hostileStream = stream(
  `{${members},"choices":[{${members},"index":0,"delta":{${members},"content":"Hi",
    "tool_calls":[{${members},"index":0,"id":"a","function":{${members},"name":"f","arguments":"{}"}}]}}]}`,
  finish("tool_calls"),
).replaceAll("\n    ", "");

test("chunks and what is put together of them", () =>
  harmless(() => {
    const decoder = new StreamDecoder();
    const chunks = oneByOne(bytesOf(hostileStream)).flatMap((byte) => decoder.feed(byte));
    decoder.end();
    const { choices, extra } = decoder.completion();
    const [{ message }] = choices;
    for (const object of [chunks[0].extra, chunks[0].choices[0].delta.extra, extra, message.extra])
      for (const name of hostile) {
        assert.ok(Object.hasOwn(object, name), name);
        assert.equal(Object.getPrototypeOf(object), Object.prototype);
      }
    decoder.free();
  }));

test("what is encoded again has the same names", async () => {
  const body = `{"id":"x",${members},"choices":[{"index":0,${members},"message":{"role":"assistant","content":"a",${members}},"finish_reason":"stop"}],"metadata":{${hostile.map((name) => `"${name}":"text"`)}}}`;
  const encoded = await harmless(() => encode(decode(body)));
  assert.deepEqual(JSON.parse(encoded), JSON.parse(body));
  assert.equal(encoded.split('"__proto__"').length, body.split('"__proto__"').length);
  const text = await harmless(() =>
    new Response(encodeStream(decodeStream([hostileStream]))).text(),
  );
  const [first] = text.split("\n\n");
  assert.equal(first.split('"__proto__"').length - 1, 5);
  assert.deepEqual(
    await harmless(() => decodeChunk(first.slice("data: ".length))),
    decodeChunk(hostileStream.split("\n\n")[0].slice("data: ".length)),
  );
});

test("the next turn's message", async () => {
  const { choices } = decode(
    `{"choices":[{"index":0,"message":{"role":"assistant","content":"a",${members}},"finish_reason":"stop"}]}`,
  );
  const message = await harmless(() => toRequestMessage(choices[0].message));
  assert.equal(Object.getPrototypeOf(message), Object.prototype);
  assert.equal(message.polluted, undefined);
});
