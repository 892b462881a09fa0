// What becomes of values that SDKs drop, rename or make up, and of numbers at the edges.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decode, decodeChunk, safeDecode } from "chatwire";

const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };
const camelUsage = { promptTokens: 9, completionTokens: 12, totalTokens: 21 };
const message = { role: "assistant", content: "hi", refusal: null };
const choice = { index: 0, message, logprobs: null, finish_reason: "stop" };
const base = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [choice],
  usage,
  system_fingerprint: "fp",
};
const chunk = { ...base, object: "chat.completion.chunk", usage: undefined };

function decodeBody(contract, members) {
  return decode(JSON.stringify({ ...base, ...members }), { contract });
}
function decodeChoice(contract, members) {
  return decodeBody(contract, { choices: [{ ...choice, ...members }] }).choices[0];
}
function decodeMessage(contract, given) {
  return decodeChoice(contract, { message: given }).message;
}
function decodeDelta(contract, delta, members = {}) {
  const choices = [{ index: 0, delta, finish_reason: null, ...members }];
  return decodeChunk(JSON.stringify({ ...chunk, choices }), { contract }).choices[0];
}

describe("what SDKs drop is kept", () => {
  const top = { token: "Hi", logprob: -0.3, bytes: [72, 105] };
  const token = { ...top, top_logprobs: [top] };

  test("atoma: tokens beside the likeliest ones", () => {
    assert.deepEqual(decodeChoice("atoma", { logprobs: { content: [token] } }).logprobs, {
      content: [{ topLogprobs: [top], extra: top }],
    });
  });

  test("atoma: tool calls of a message whose role has none", () => {
    const call = { id: "1", type: "function", function: { name: "f", arguments: "{}" } };
    const given = { role: "system", tool_calls: [call] };
    assert.deepEqual(decodeMessage("atoma", given), { role: "system", toolCalls: [call] });
  });

  test("atoma: the name of a tool's message", () => {
    const given = { role: "tool", name: "f", tool_call_id: "1" };
    assert.deepEqual(decodeMessage("atoma", given), { role: "tool", name: "f", toolCallId: "1" });
  });

  test("atoma: what the answer's tokens were", () => {
    const details = { completion_tokens_details: { reasoning_tokens: 3 } };
    assert.deepEqual(decodeBody("atoma", { usage: { ...usage, ...details } }).usage, {
      ...camelUsage,
      extra: details,
    });
  });

  test("argot: what the prompt's tokens were", () => {
    const details = { prompt_tokens_details: { cached_tokens: 3 } };
    assert.deepEqual(decodeBody("argot", { usage: { ...usage, ...details } }).usage, {
      ...camelUsage,
      extra: details,
    });
  });

  test("sudo: log probabilities of a chunk", () => {
    const logprobs = { content: [token], refusal: null };
    assert.deepEqual(decodeDelta("sudo", {}, { logprobs }).logprobs, logprobs);
  });

  test("sudo: which tool call a fragment belongs to", () => {
    const call = { id: "1", type: "function", function: { name: "f", arguments: "{}" } };
    assert.deepEqual(decodeDelta("sudo", { tool_calls: [{ index: 3, ...call }] }).delta, {
      toolCalls: [{ ...call, extra: { index: 3 } }],
    });
  });

  test("sudo: open values keep the names of the wire", () => {
    const logprobs = { content: [token], refusal: null };
    const details = { reasoning_tokens: 3 };
    const completion = decodeBody("sudo", {
      choices: [{ ...choice, logprobs }],
      usage: { ...usage, completion_tokens_details: details },
    });
    assert.deepEqual(completion.choices[0].logprobs, logprobs);
    assert.deepEqual(completion.usage, { ...camelUsage, completionTokensDetails: details });
  });

  test("openrouter: members that its document lacks", () => {
    const members = {
      annotations: [{ type: "url_citation" }],
      function_call: { name: "f", arguments: "{}" },
    };
    const completion = decodeBody("openrouter", {
      provider: "Somebody",
      choices: [
        { ...choice, message: { ...message, ...members }, native_finish_reason: "end_turn" },
      ],
    });
    assert.deepEqual(completion.extra, { provider: "Somebody" });
    assert.deepEqual(completion.choices[0].extra, { native_finish_reason: "end_turn" });
    assert.deepEqual(completion.choices[0].message.extra, members);
  });

  test("openrouter: the type of an image", () => {
    const images = [{ type: "image_url", image_url: { url: "data:," } }];
    assert.deepEqual(decodeMessage("openrouter", { ...message, images }).images, [
      { imageUrl: { url: "data:," }, extra: { type: "image_url" } },
    ]);
  });

  test("openrouter: details of reasoning that its document does not know, as they came", () => {
    const details = [{ type: "reasoning.new", foo: 1 }, { type: "reasoning.summary" }];
    assert.deepEqual(
      decodeMessage("openrouter", { ...message, reasoning_details: details }).reasoningDetails,
      [{ type: "reasoning.new", extra: { foo: 1 } }, { type: "reasoning.summary" }],
    );
  });

  test("mistral: members that its document lacks", () => {
    const details = { prompt_tokens_details: { cached_tokens: 3 } };
    assert.deepEqual(decodeBody("mistral", { usage: { ...usage, ...details } }).usage, {
      ...camelUsage,
      extra: details,
    });
  });
});

describe("what SDKs make up is not there", () => {
  test("mistral: ids, types and indices of tool calls", () => {
    const toolCalls = [{ function: { name: "f", arguments: { a_b: 1 } } }];
    assert.deepEqual(decodeMessage("mistral", { tool_calls: toolCalls }), { toolCalls });
    assert.deepEqual(decodeDelta("mistral", { tool_calls: toolCalls }).delta, { toolCalls });
  });

  test("mistral: counters and roles", () => {
    assert.deepEqual(decodeBody("mistral", { usage: {} }).usage, {});
    assert.deepEqual(decodeMessage("mistral", { content: "hi" }), { content: "hi" });
  });
});

describe("numbers", () => {
  const contracts = ["atoma", "log10", "argot", "sudo", "openai", "openrouter", "mistral", "groq"];
  const withCreated = (digits) =>
    JSON.stringify({ ...base, created: "here" }).replace('"here"', digits);

  test("integers may be spelt with a fraction or an exponent, and may be large", () => {
    const spellings = ["1.0", "1e3", "1E+3", "1.5e1", "-0", "9007199254740993", "1e300", "20e-1"];
    for (const contract of [undefined, ...contracts]) {
      for (const digits of spellings) {
        const { created } = decode(withCreated(digits), { contract });
        assert.equal(created, JSON.parse(digits), `${digits} under ${contract}`);
      }
    }
  });

  test("integers have no fraction", () => {
    for (const contract of contracts) {
      for (const digits of ["1.5", "1e-1", "-0.5", "4503599627370495.5"]) {
        const { ok, issues } = safeDecode(withCreated(digits), { contract });
        assert.equal(ok, false);
        const codes = issues.map(({ code, path, offset }) => [code, ...path, offset]);
        const offset = withCreated(digits).indexOf(digits);
        assert.deepEqual(codes[0], ["NOT_INTEGER", "created", offset], contract);
      }
    }
  });

  test("numbers out of range are infinite, as for JSON.parse", () => {
    const top = { token: "Hi", logprob: "here", bytes: null };
    const logprobs = { content: [{ ...top, top_logprobs: [] }], refusal: null };
    const body = JSON.stringify({ ...base, choices: [{ ...choice, logprobs }] });
    for (const contract of [undefined, "argot", "openai", "openrouter", "groq"]) {
      const { choices } = decode(body.replace('"here"', "-1e999"), { contract });
      assert.equal(choices[0].logprobs.content[0].logprob, -Infinity);
    }
  });
});

test("of members that come twice the last counts, with a warning", () => {
  const body = JSON.stringify(base).replace('"id"', '"id":"first","id"');
  for (const contract of [undefined, "atoma", "argot", "openrouter", "mistral"]) {
    const { ok, value, issues } = safeDecode(body, { contract });
    assert.equal(ok, true);
    assert.equal(value.id, base.id);
    assert.deepEqual(
      issues.map(({ code, severity, path }) => [code, severity, ...path]),
      [["DUPLICATE_KEY", "warning", "id"]],
    );
  }
});
