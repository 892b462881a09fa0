// fetch alone, that of the runtime and that of undici, and undici's request: what they give is decoded.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  decode,
  decodeStream,
  messageReasoning,
  messageText,
  ProviderError,
  TruncatedError,
} from "chatwire";
import * as undici from "undici";
import { drain, post, sample, startProvider } from "./support.mjs";

let provider;
before(async () => {
  provider = await startProvider();
});
after(() => provider.close());

const address = () => `${provider.address}/chat/completions`;
const dispatcher = new undici.Agent(); // one of its own
after(() => dispatcher.destroy());

// How each asks, for what decodeStream takes, and for the bytes of a body.
const clients = {
  fetch: {
    stream: (model, signal) => fetch(address(), { ...post(model), signal }),
    body: async (model) => (await fetch(address(), post(model, false))).arrayBuffer(),
  },
  "fetch of undici": {
    stream: (model, signal) => undici.fetch(address(), { ...post(model), signal, dispatcher }),
    body: async (model) => (await undici.fetch(address(), post(model, false))).arrayBuffer(),
  },
  "request of undici": {
    async stream(model, signal) {
      const { statusCode: status, body } = await undici.request(address(), {
        ...post(model),
        signal,
        dispatcher,
      });
      return status === 200 ? body : new Response(body, { status });
    },
    body: async (model) => (await undici.request(address(), post(model, false))).body.bytes(),
  },
};

for (const [name, { stream, body }] of Object.entries(clients)) {
  describe(name, () => {
    test("a body", async () => {
      for (const of of ["plain", "reasoning", "tool-calls", "quirks"])
        assert.deepEqual(decode(await body(of)), decode(sample(`${of}.json`)));
    });

    test("a stream: what it comes to, its text, its events", async () => {
      for (const of of ["chat", "reasoning", "tool-calls"]) {
        const decoded = decodeStream(await stream(of));
        const [events, error] = await drain(decoded.events());
        assert.equal(error, undefined);
        const expected = await decodeStream(sample(`${of}.sse`)).finalCompletion();
        assert.deepEqual(await decoded.finalCompletion(), expected);
        const [{ message }] = expected.choices;
        const said = (type) =>
          events.flatMap((event) => (event.type === type ? [event.text] : [])).join("");
        assert.equal(said("text"), messageText(message) ?? "");
        assert.equal(said("reasoning"), messageReasoning(message) ?? "");
        const calls = events.filter(({ type }) => type === "tool-call-end");
        assert.deepEqual(
          calls.map((call) => [call.id, call.name, call.arguments]),
          (message.toolCalls ?? []).map((call) => [
            call.id,
            call.function.name,
            call.function.arguments,
          ]),
        );
        assert.deepEqual(events.findLast(({ type }) => type === "usage")?.usage, expected.usage);
      }
    });

    test("lines of JSON", async () => {
      const { choices } = await decodeStream(await stream("lines")).finalCompletion();
      assert.match(messageText(choices[0].message), /^Short answer: yes\./);
    });

    test("errors by their status, in whatever words", async () => {
      for (const [model, status, message] of [
        ["busy", 429, "Slow down"],
        ["page", 502, "Bad gateway"],
        ["of no sample", 404, "There is no model of no sample"],
      ]) {
        const [, error] = await drain(decodeStream(await stream(model)));
        assert.ok(error instanceof ProviderError, error?.stack);
        assert.deepEqual([error.status, error.message], [status, message]);
      }
    });

    test("a connection that breaks", async () => {
      const decoded = decodeStream(await stream("breaks-off"));
      const [chunks, error] = await drain(decoded);
      assert.ok(error instanceof TruncatedError, error?.stack);
      assert.ok(error.cause instanceof Error);
      assert.ok(chunks.length > 2);
      assert.match(messageText(error.partial.choices[0].message), /^Tea wants/);
    });

    test("a signal", async () => {
      const leaving = new AbortController();
      const decoded = decodeStream(await stream("stalls", leaving.signal));
      const texts = decoded.text();
      await texts.next();
      leaving.abort();
      const [, error] = await drain(texts);
      assert.equal(error.name, "AbortError");
      assert.match(messageText(decoded.snapshot().choices[0].message), /^Tea/);
    });

    test("a loop that is left", async () => {
      const decoded = decodeStream(await stream("stalls"));
      for await (const _ of decoded.text()) break;
      await assert.rejects(decoded.finalCompletion(), { name: "AbortError" });
    });
  });
}
