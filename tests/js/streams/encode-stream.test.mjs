// encodeStream: what it writes, and how it reads. That SDKs read it is in tests/package/clients.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import {
  ChatCompletionDecoderStream,
  decodeChunk,
  decodeStream,
  encode,
  encodeStream,
  ProviderError,
} from "chatwire";
import {
  answer,
  chunk,
  done,
  drain,
  event,
  settled,
  turns,
  watched,
  watchedIterable,
} from "./reading.mjs";

const events = [...answer("Grüße, ", "世界", " 😀"), done];
const chunks = events.slice(0, -1).map((of) => decodeChunk(of.slice("data: ".length)));
const written = (stream) => new Response(stream).text();

async function* generate(items) {
  yield* items;
}

describe("what it writes", () => {
  test("an event for each chunk, and [DONE]", async () => {
    for (const source of [
      chunks,
      new Set(chunks),
      generate(chunks),
      watched(chunks).stream,
      Readable.from(chunks),
      decodeStream(events),
      decodeStream(events.join("")),
      new Response(events.join("")).body.pipeThrough(new ChatCompletionDecoderStream()),
    ]) {
      assert.equal(await written(encodeStream(source)), events.join(""));
    }
    assert.equal(await written(encodeStream([])), done);
  });

  test("without [DONE] where it is not wanted", async () => {
    assert.equal(
      await written(encodeStream(chunks, { done: false })),
      events.slice(0, -1).join(""),
    );
    assert.equal(await written(encodeStream([], { done: false })), "");
  });

  test("everything that came: members that nobody knows, and what was repaired", async () => {
    const odd = {
      ...chunk({ content: "a\n\nb\r\u2028", reasoning_content: "x" }),
      created: "soon",
      x_mine: { deep: [1.5, null] },
      usage: { total_tokens: "7" },
    };
    const [encoded] = (await written(encodeStream([decodeChunk(JSON.stringify(odd))]))).split(
      "\n\n",
    );
    assert.deepEqual(JSON.parse(encoded.slice("data: ".length)), JSON.parse(JSON.stringify(odd)));
  });

  test("chunks of a contract", async () => {
    const contract = "sudo";
    const text = event({
      ...chunk({}),
      choices: [{ index: 0, delta: {}, logprobs: { topLogprobs: 1 } }],
    });
    const stream = decodeStream([text, event(chunk({}, "stop")), done], { contract });
    const [first] = (await written(encodeStream(stream, { contract }))).split("\n\n");
    assert.equal(first.includes("topLogprobs"), true);
    assert.throws(() => encode(chunks[0], { contract: "nobody" }), TypeError);
    await assert.rejects(written(encodeStream(chunks, { contract: "nobody" })), TypeError);
  });

  test("halves of characters, escaped", async () => {
    const half = decodeChunk('{"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}');
    assert.match(await written(encodeStream([half])), /"\\ud83d"/);
  });
});

describe("how it reads", () => {
  test("only what is asked for", async () => {
    const of = watchedIterable(chunks);
    const reader = encodeStream(of.iterable).getReader();
    await turns();
    assert.equal(of.reads, 0);
    await reader.read();
    await turns();
    assert.equal(of.reads, 1);
  });

  test("cancelling goes up to the source", async () => {
    for (const make of [
      (of) => encodeStream(decodeStream(of.stream)),
      (of) => encodeStream(of.stream.pipeThrough(new ChatCompletionDecoderStream())),
    ]) {
      const of = watched(events.slice(0, 2), { after: "hang" });
      const reader = make(of).getReader();
      await reader.read();
      await reader.read();
      const reading = settled(reader.read());
      await reader.cancel("enough");
      assert.deepEqual(await reading, { value: { done: true, value: undefined } });
      await turns();
      assert.ok(of.cancelled);
    }
    const of = watchedIterable(chunks);
    await encodeStream(of.iterable).cancel();
    assert.equal(of.returned, 1);
  });

  test("what is no stream of chunks", async () => {
    for (const source of [undefined, null, 5, {}, Promise.resolve(chunks)]) {
      assert.throws(() => encodeStream(source), {
        name: "TypeError",
        message: /^encodeStream takes/,
      });
    }
    const { stream } = watched(chunks);
    stream.getReader();
    assert.throws(() => encodeStream(stream), { name: "TypeError", message: /locked/ });
    const read = decodeStream(events);
    await read.finalCompletion();
    assert.throws(() => encodeStream(read), /being read already/);

    const of = watchedIterable([chunks[0], "text"]);
    const [items, error] = await drain(encodeStream(of.iterable));
    assert.equal(items.length, 1);
    assert.ok(error instanceof TypeError);
    assert.equal(of.returned, 1);
  });
});

describe("errors", () => {
  test("the provider's becomes an event, and there is no [DONE]", async () => {
    const error = { message: "overloaded", type: "server", code: 503, x_mine: [1] };
    const pieces = [events[0], event({ error, id: "c-1" })];
    const text = await written(encodeStream(decodeStream(pieces)));
    const [first, second, rest] = text.split("\n\n");
    assert.equal(`${first}\n\n`, events[0]);
    assert.deepEqual(JSON.parse(second.slice("data: ".length)), { error });
    assert.equal(rest, "");
    const [, again] = await drain(decodeStream(text));
    assert.ok(again instanceof ProviderError);
    assert.equal(again.status, 503);
  });

  test("a response that is not ok keeps its status", async () => {
    const response = new Response("upstream is gone", { status: 502 });
    const text = await written(encodeStream(decodeStream(response)));
    assert.equal(text, event({ error: { message: "upstream is gone", code: 502 } }));
  });

  test("others are those of the stream", async () => {
    const reset = new TypeError("terminated");
    const failing = { after: "fail", error: reset };
    for (const [source, of] of [
      [decodeStream(watched(events.slice(0, 2), failing).stream), ({ cause }) => cause],
      [watched(chunks.slice(0, 2), failing).stream, (error) => error],
    ]) {
      const [items, error] = await drain(encodeStream(source));
      assert.equal(items.length, 2);
      assert.equal(of(error), reset);
    }
    const [, cut] = await drain(encodeStream(decodeStream(events.slice(0, 2))));
    assert.equal(cut.name, "TruncatedError");
  });
});
