// The AI SDK reads what encodeStream and encode write, whatever the provider sent.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import {
  decode,
  decodeStream,
  encode,
  encodeStream,
  messageReasoning,
  TruncatedError,
} from "chatwire";
import { drain, sample, startProvider } from "./support.mjs";

let provider;
before(async () => {
  provider = await startProvider();
});
after(() => provider.close());

async function encoded(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) return response;
  const answer = (body, type) => new Response(body, { headers: { "content-type": type } });
  return JSON.parse(init.body).stream
    ? answer(encodeStream(decodeStream(response)), "text/event-stream")
    : answer(encode(decode(await response.arrayBuffer())), "application/json");
}

const model = (name) =>
  createOpenAICompatible({
    name: "local",
    baseURL: provider.address,
    fetch: encoded,
    includeUsage: true,
  }).chatModel(name);
const given = (name) => ({ model: model(name), prompt: "Hi", maxRetries: 0 });

/** What the SDK makes of a stream, and of what it should be made of. */
async function read(name) {
  const errors = [];
  const onError = ({ error }) => errors.push(error);
  const result = streamText({ ...given(name), onError });
  const [parts, thrown] = await drain(result.fullStream);
  const said = (type) => parts.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
  const calls = parts.filter(({ type }) => type === "tool-call");
  return {
    errors,
    thrown,
    result,
    text: said("text-delta"),
    reasoning: said("reasoning-delta"),
    calls: calls.map(({ toolCallId, toolName, input }) => [toolCallId, toolName, input]),
  };
}

async function assertReads(file) {
  const { choices, usage } = await decodeStream(sample(file)).finalCompletion();
  const [{ message }] = choices;
  const { errors, thrown, result, text, reasoning, calls } = await read(file.split(".")[0]);
  assert.deepEqual([errors, thrown], [[], undefined]);
  assert.equal(text, message.content ?? "");
  assert.equal(reasoning, messageReasoning(message) ?? "");
  assert.deepEqual(
    calls,
    (message.toolCalls ?? []).map(({ id, function: of }) => [
      id,
      of.name,
      JSON.parse(of.arguments),
    ]),
  );
  const told = await result.usage;
  assert.deepEqual(
    [told.inputTokens, told.outputTokens, told.totalTokens],
    [usage.promptTokens, usage.completionTokens, usage.totalTokens],
  );
  return result;
}

describe("streamText", () => {
  test("text and usage", async () => {
    const result = await assertReads("chat.sse");
    assert.equal(await result.finishReason, "stop");
  });

  test("reasoning", async () => {
    const result = await assertReads("reasoning.sse");
    assert.ok((await result.reasoningText).length > 0);
    const { usage } = await decodeStream(sample("reasoning.sse")).finalCompletion();
    assert.equal(
      (await result.usage).outputTokenDetails.reasoningTokens,
      usage.completionTokensDetails.reasoningTokens,
    );
  });

  test("tool calls, whose arguments came by turns", async () => {
    const result = await assertReads("tool-calls.sse");
    assert.equal(await result.finishReason, "tool-calls");
  });

  test("lines of JSON", () => assertReads("lines.ndjson"));

  test("an error in the middle, in the provider's words", async () => {
    const { errors, text } = await read("provider-error");
    assert.match(text, /^Glaciers move/);
    assert.match(String(errors[0]?.message ?? errors[0]), /The upstream server stopped answering/);
  });

  test("what breaks off", async () => {
    const { thrown, text } = await read("breaks-off");
    assert.match(text, /^Tea/);
    assert.ok(thrown.cause instanceof TruncatedError, thrown.stack);
  });
});

test("generateText", async () => {
  const { text, usage } = await generateText(given("plain"));
  const expected = decode(sample("plain.json"));
  assert.equal(text, expected.choices[0].message.content);
  assert.equal(usage.totalTokens, expected.usage.totalTokens);
});
