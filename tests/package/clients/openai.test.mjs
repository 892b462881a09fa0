// The openai SDK: its responses are decoded; a fetch of one's own decodes on the side, or encodes again;
// and it reads what encodeStream writes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  decode,
  decodeStream,
  encode,
  encodeStream,
  messageText,
  ProviderError,
  totalTokens,
} from "chatwire";
import OpenAI from "openai";
import { drain, request, sample, startProvider } from "./support.mjs";

let provider;
before(async () => {
  provider = await startProvider();
});
after(() => provider.close());

const options = { apiKey: "none", maxRetries: 0 };
const client = (fetch) =>
  new OpenAI({ ...options, baseURL: provider.address, ...(fetch && { fetch }) }).chat.completions;

const headers = (type) => ({ "content-type": type });
/** A fetch whose responses come from chatwire: camelCase objects on this side, the wire on the other. */
async function encoded(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) return response;
  if (JSON.parse(init.body).stream)
    return new Response(encodeStream(decodeStream(response)), {
      headers: headers("text/event-stream"),
    });
  const completion = decode(await response.arrayBuffer());
  return new Response(encode(completion), { headers: headers("application/json") });
}

/** What the SDK makes of a stream: the text, and calls with their arguments. */
async function accumulated(completions, model) {
  const stream = completions.stream({ ...request, model });
  const completion = await stream.finalChatCompletion();
  const [{ message, finish_reason }] = completion.choices;
  const calls = (message.tool_calls ?? []).map(({ id, function: of }) => [
    id,
    of.name,
    JSON.parse(of.arguments),
  ]);
  return { text: message.content, calls, finish_reason, tokens: completion.usage?.total_tokens };
}

async function expected(name) {
  const { choices, usage } = await decodeStream(sample(name)).finalCompletion();
  const [{ message, finishReason }] = choices;
  const calls = (message.toolCalls ?? []).map(({ id, function: of }) => [
    id,
    of.name,
    JSON.parse(of.arguments),
  ]);
  const text = message.content;
  return { text, calls, finish_reason: finishReason, tokens: usage?.totalTokens };
}

describe("asResponse()", () => {
  test("of a body", async () => {
    for (const model of ["plain", "reasoning", "tool-calls", "quirks"]) {
      const response = await client()
        .create({ ...request, model })
        .asResponse();
      assert.deepEqual(decode(await response.arrayBuffer()), decode(sample(`${model}.json`)));
    }
  });

  test("of a stream", async () => {
    for (const model of ["chat", "reasoning", "tool-calls"]) {
      const response = await client()
        .create({ ...request, model, stream: true })
        .asResponse();
      assert.deepEqual(
        await decodeStream(response).finalCompletion(),
        await decodeStream(sample(`${model}.sse`)).finalCompletion(),
      );
    }
  });

  test("of a stream that leaving it ends", async () => {
    const response = await client()
      .create({ ...request, model: "stalls", stream: true })
      .asResponse();
    const stream = decodeStream(response);
    for await (const _ of stream.text()) break;
    assert.match(messageText(stream.snapshot().choices[0].message), /^Tea/);
  });
});

test("toReadableStream(), which the SDK's servers send to pages", async () => {
  for (const model of ["chat", "reasoning", "tool-calls"]) {
    const stream = await client().create({ ...request, model, stream: true });
    assert.deepEqual(
      await decodeStream(stream.toReadableStream()).finalCompletion(),
      await decodeStream(sample(`${model}.sse`)).finalCompletion(),
    );
  }
});

describe("a fetch of one's own", () => {
  test("decodes on the side: bodies, and streams as they go by", async () => {
    const seen = [];
    const watching = async (url, init) => {
      const response = await fetch(url, init);
      const whole = decodeStream(response.clone()).finalCompletion();
      seen.push(whole.then(({ usage }) => totalTokens(usage)));
      return response;
    };
    const body = await client(watching).create({ ...request, model: "plain" });
    assert.match(body.choices[0].message.content, /sourdough/);
    const got = await accumulated(client(watching), "tool-calls");
    assert.deepEqual(got, await expected("tool-calls.sse"));
    assert.deepEqual(await Promise.all(seen), [body.usage.total_tokens, 345]);
  });

  test("tells the provider's words, which the SDK leaves out", async () => {
    const errors = [];
    const watching = async (url, init) => {
      const response = await fetch(url, init);
      await decodeStream(response.clone())
        .finalCompletion()
        .catch((error) => errors.push(error));
      return response;
    };
    await assert.rejects(client(watching).create({ ...request, model: "busy" }), { status: 429 });
    assert.ok(errors[0] instanceof ProviderError);
    assert.deepEqual([errors[0].status, errors[0].message], [429, "Slow down"]);
  });

  test("encodes again: a body is what it was", async () => {
    for (const model of ["plain", "reasoning", "tool-calls", "logprobs"]) {
      const through = await client(encoded).create({ ...request, model });
      assert.deepEqual(through, await client().create({ ...request, model }));
    }
  });

  test("encodes again: streams, also those that the SDK cannot read by itself", async () => {
    for (const name of ["chat.sse", "reasoning.sse", "tool-calls.sse", "lines.ndjson"]) {
      const got = await accumulated(client(encoded), name.split(".")[0]);
      assert.deepEqual(got, await expected(name));
    }
    await assert.rejects(accumulated(client(), "lines"));
  });

  test("encodes again: an error in the middle is one to the SDK", async () => {
    const stream = await client(encoded).create({
      ...request,
      model: "provider-error",
      stream: true,
    });
    const [items, error] = await drain(stream);
    assert.ok(items.length > 3);
    assert.ok(error instanceof OpenAI.APIError);
    assert.match(error.message, /The upstream server stopped answering/);
  });

  test("encodes again: what breaks off is an error to the SDK", async () => {
    const stream = await client(encoded).create({ ...request, model: "breaks-off", stream: true });
    const [items, error] = await drain(stream);
    assert.ok(items.length > 2);
    assert.equal(error?.name, "TruncatedError");
  });
});
