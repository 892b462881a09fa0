// Long streams and large events: the work grows with the bytes, and memory with what is held. The
// timeouts are generous; what takes time in the square of the length does not meet them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getCore } from "../../../build/modules/core/load.js";
import { decode, StreamDecoder } from "../../../build/modules/index.js";
import { bytesOf, calls, delta, done, event, finish } from "./support.mjs";

const timeout = 120_000;
const MiB = 1 << 20;
const memory = () => getCore().HEAPU8.length;

/** Feeds the same events again and again, `each` in one read. */
function feedMany(decoder, bytes, times) {
  let chunks = 0;
  for (let i = 0; i < times; i++) chunks += decoder.feed(bytes).length;
  return chunks;
}

for (const collect of [false, true]) {
  test(`100,000 events${collect ? ", no chunks" : ""}`, { timeout }, () => {
    const before = memory();
    const decoder = new StreamDecoder({ collect });
    const events = bytesOf(
      Array.from({ length: 100 }, (_, i) =>
        event(delta({ content: i === 50 ? "é" : "word " })),
      ).join(""),
    );
    const chunks = feedMany(decoder, events, 1000);
    assert.equal(chunks, collect ? 0 : 100_000);
    assert.ok(memory() - before <= 8 * MiB, `${(memory() - before) / MiB} MiB more`);
    decoder.feed(event(finish()) + done);
    decoder.end();
    const { content } = decoder.completion().choices[0].message;
    assert.equal(content.length, 1000 * (99 * 5 + 1));
    assert.equal(content, `${"word ".repeat(50)}é${"word ".repeat(49)}`.repeat(1000));
    decoder.free();
  });
}

test("100,000 events, each in several reads", { timeout }, () => {
  const decoder = new StreamDecoder({ collect: true });
  const bytes = bytesOf(event(delta({ content: "x" })));
  for (let i = 0; i < 100_000; i++) {
    decoder.feed(bytes.subarray(0, 10 + (i % 50)));
    decoder.feed(bytes.subarray(10 + (i % 50)));
  }
  decoder.feed(event(finish()));
  decoder.end();
  assert.equal(decoder.completion().choices[0].message.content.length, 100_000);
  decoder.free();
});

test("100,000 fragments of arguments, read each time", { timeout }, () => {
  const decoder = new StreamDecoder({ collect: true });
  const piece = (text) => decoder.feed(event(calls({ index: 0, function: { arguments: text } })));
  decoder.feed(
    event(calls({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } })),
  );
  piece('{"text":"');
  for (let i = 0; i < 50_000; i++) {
    piece("abc");
    if (i % 100 === 0) {
      const { value, complete } = decoder.partialArguments(0, 0);
      assert.equal(value.text.length, 3 * (i + 1));
      assert.equal(complete, false);
    } else decoder.partialArguments(0, 0);
  }
  piece('","list":[0');
  for (let i = 1; i < 50_000; i++) {
    piece(`,${i}`);
    const { value } = decoder.partialArguments(0, 0);
    assert.ok(value.list.length >= i, `${i}`);
  }
  piece("]}");
  decoder.feed(event(finish("tool_calls")));
  decoder.end();
  const { value, complete } = decoder.partialArguments(0, 0);
  assert.equal(complete, true);
  assert.equal(value.text.length, 150_000);
  assert.equal(value.list.length, 50_000);
  assert.equal(value.list[49_999], 49_999);
  decoder.free();
});

test("1,000 snapshots of a long stream cost what they hold, no more", { timeout }, () => {
  const decoder = new StreamDecoder({ collect: true });
  const bytes = bytesOf(
    Array.from({ length: 20 }, () => event(delta({ content: "word " }))).join(""),
  );
  for (let i = 1; i <= 1000; i++) {
    decoder.feed(bytes);
    assert.equal(decoder.snapshot().choices[0].message.content.length, i * 100);
  }
  decoder.free();
});

test("an event of 32 MiB", { timeout }, () => {
  const before = memory();
  const url = `data:image/png;base64,${"iVBORw0KGgo=".repeat((32 * MiB) / 12)}`;
  const bytes = bytesOf(
    event(delta({ images: [{ type: "image_url", image_url: { url } }] })) + event(finish()) + done,
  );
  const decoder = new StreamDecoder();
  const chunks = [];
  for (let at = 0; at < bytes.length; at += 65536)
    chunks.push(...decoder.feed(bytes.subarray(at, at + 65536)));
  decoder.end();
  assert.equal(chunks.length, 2);
  assert.equal(chunks[0].choices[0].delta.images[0].imageUrl.url, url);
  assert.equal(decoder.completion().choices[0].message.images[0].imageUrl.url, url);
  decoder.free();
  const more = memory() - before;
  assert.ok(more <= 256 * MiB, `${more / MiB} MiB more`);
});

test("a large event in tiny reads", { timeout }, () => {
  const content = "0123456789abcdef".repeat(65536); // 1 MiB
  const bytes = bytesOf(event(delta({ content })) + event(finish()));
  for (const collect of [false, true]) {
    const decoder = new StreamDecoder({ collect });
    for (let at = 0; at < bytes.length; at += 10) decoder.feed(bytes.subarray(at, at + 10));
    decoder.end();
    assert.equal(decoder.completion().choices[0].message.content, content);
    decoder.free();
  }
});

test("large JSON values without framing in tiny reads", { timeout }, () => {
  const content = '0123456789abc{["'.repeat(65536);
  const bytes = bytesOf(`${JSON.stringify(delta({ content }))}\n${JSON.stringify(finish())}\n`);
  const decoder = new StreamDecoder();
  for (let at = 0; at < bytes.length; at += 10) decoder.feed(bytes.subarray(at, at + 10));
  decoder.end();
  assert.equal(decoder.completion().choices[0].message.content, content);
  decoder.free();
});

test("a million heartbeats", { timeout }, () => {
  const before = memory();
  const decoder = new StreamDecoder();
  const bytes = bytesOf(": OPENROUTER PROCESSING\n\n".repeat(1000));
  assert.equal(feedMany(decoder, bytes, 1000), 0);
  assert.equal(decoder.heartbeats, 1_000_000);
  assert.ok(memory() - before <= 4 * MiB, `${(memory() - before) / MiB} MiB more`);
  decoder.free();
});

test("a thousand choices and a thousand tool calls, in turns", { timeout }, () => {
  const decoder = new StreamDecoder({ collect: true });
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 1000; i++) {
      const first = { id: `a${i}`, type: "function", function: { name: `f${i}`, arguments: "[" } };
      const call = round === 0 ? first : { function: { arguments: "1," } };
      decoder.feed(
        event({
          id: "c1",
          choices: [
            { index: 999 - i, delta: { content: `${round},` } },
            { index: 0, delta: { tool_calls: [{ index: i, ...call }] } },
          ],
        }),
      );
    }
  }
  const { choices } = decoder.snapshot();
  assert.equal(choices.length, 1000);
  assert.ok(choices.every(({ index }, i) => index === i));
  assert.equal(
    choices[999].message.content,
    Array.from({ length: 20 }, (_, i) => `${i},`).join(""),
  );
  const { toolCalls } = choices[0].message;
  assert.equal(toolCalls.length, 1000);
  assert.ok(toolCalls.every((call) => call.function.arguments === `[${"1,".repeat(19)}`));
  decoder.free();
});

test("numbers of four million digits", { timeout }, () => {
  const digits = (one, count) => one.repeat(count);
  for (const [number, value] of [
    [digits("1", 4 * MiB), Number.POSITIVE_INFINITY],
    [`0.${digits("3", 4 * MiB)}`, 1 / 3],
    [`0.${digits("0", 4 * MiB)}25e${4 * MiB}`, 0.25],
    [`1e${digits("0", 4 * MiB)}5`, 1e5],
  ]) {
    const { extra } = decode(`{"choices":[{"finish_reason":"stop"}],"odd":${number}}`);
    assert.equal(extra.odd, value);
  }
});

test("a number of 100,000 digits, read with each of them", { timeout }, () => {
  const decoder = new StreamDecoder({ collect: true });
  const piece = (text) => decoder.feed(event(calls({ index: 0, function: { arguments: text } })));
  piece('{"list":[1,');
  for (let i = 0; i < 100_000; i++) {
    piece("7");
    assert.deepEqual(decoder.partialArguments(0, 0).value.list[0], 1);
  }
  piece("e-100000,2]}");
  assert.deepEqual(decoder.partialArguments(0, 0).value, { list: [1, 7 / 9, 2] });
  decoder.free();
});
