// encodeStream: what it writes, and that the SDKs which people use read it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import {
  ChatCompletionDecoderStream,
  decodeChunk,
  decodeStream,
  encode,
  encodeStream,
  ProviderError,
} from "chatwire";
import OpenAI from "openai";
import {
  all,
  answer,
  chunk,
  done,
  drain,
  event,
  settled,
  turns,
  utf8,
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

/** What a server with quirks sends, and what SDKs are to make of it once it has been through here. */
const sampled = {
  text: {
    sent: [": OPENROUTER PROCESSING\r\n\r\n", ...answer("Grüße, ", "世界", " 😀"), "data: [DONE]"],
    text: "Grüße, 世界 😀",
  },
  calls: {
    sent: [
      event(chunk({ role: "assistant", content: null })),
      ...[
        { index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } },
        { index: 0, function: { arguments: '{"x"' } },
        { index: 0, function: { arguments: ":1}" } },
        { index: 1, id: "b", type: "function", function: { name: "g", arguments: '{"y":"ü"}' } },
      ].map((call) => event(chunk({ tool_calls: [call] }))),
      event(chunk({}, "tool_calls")),
      event({
        ...chunk({}),
        choices: [],
        usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
      }),
      done,
    ],
    calls: [
      ["a", "f", { x: 1 }],
      ["b", "g", { y: "ü" }],
    ],
  },
  error: { sent: [events[0], event({ error: { message: "overloaded", code: 503 } })] },
};

describe("read by SDKs, over HTTP, behind a proxy made of decodeStream and encodeStream", () => {
  let server;
  let baseURL;
  before(async () => {
    server = createServer(async (request, response) => {
      const { sent } = sampled[request.url.split("/")[1]];
      const upstream = new Response(watched(sent.map(utf8)).stream);
      response.writeHead(200, { "content-type": "text/event-stream" });
      await Readable.fromWeb(encodeStream(decodeStream(upstream))).pipe(response);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseURL = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => server.close());

  const openai = (of) =>
    new OpenAI({ apiKey: "none", baseURL: `${baseURL}/${of}`, maxRetries: 0 }).chat.completions;
  const request = { model: "m", messages: [{ role: "user", content: "Hi" }] };

  test("openai: the stream itself", async () => {
    const stream = await openai("text").create({ ...request, stream: true });
    const pieces = (await all(stream)).map(({ choices }) => choices[0].delta.content ?? "");
    assert.equal(pieces.join(""), sampled.text.text);
  });

  test("openai: its accumulation", async () => {
    const completion = await openai("calls").stream(request).finalChatCompletion();
    const [{ message, finish_reason }] = completion.choices;
    assert.equal(finish_reason, "tool_calls");
    assert.deepEqual(
      message.tool_calls.map(({ id, function: of }) => [id, of.name, JSON.parse(of.arguments)]),
      sampled.calls.calls,
    );
    assert.equal(completion.usage.total_tokens, 7);
  });

  test("openai: an error in the middle", async () => {
    const [items, error] = await drain(await openai("error").create({ ...request, stream: true }));
    assert.equal(items.length, 1);
    assert.match(error.message, /overloaded/);
  });

  const model = (of) =>
    createOpenAICompatible({ name: "local", baseURL: `${baseURL}/${of}` }).chatModel("m");

  test("AI SDK: text", async () => {
    const result = streamText({ model: model("text"), prompt: "Hi", maxRetries: 0 });
    assert.equal((await all(result.textStream)).join(""), sampled.text.text);
    assert.equal(await result.finishReason, "stop");
  });

  test("AI SDK: tool calls and usage", async () => {
    const result = streamText({ model: model("calls"), prompt: "Hi", maxRetries: 0 });
    await result.consumeStream();
    assert.deepEqual(
      (await result.toolCalls).map(({ toolCallId, toolName, input }) => [
        toolCallId,
        toolName,
        input,
      ]),
      sampled.calls.calls,
    );
    assert.equal(await result.finishReason, "tool-calls");
    assert.equal((await result.usage).totalTokens, 7);
  });

  test("AI SDK: an error in the middle", async () => {
    const errors = [];
    const onError = ({ error }) => errors.push(error);
    const result = streamText({ model: model("error"), prompt: "Hi", maxRetries: 0, onError });
    await all(result.textStream);
    assert.match(String(errors[0]?.message ?? errors[0]), /overloaded/);
  });
});
