// The examples of the contracts' documents: as bodies they decode, under the contract, to what the
// document prints.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { contracts, decode, decodeChunk, safeDecode, safeDecodeChunk } from "chatwire";

/** Each example as it travels, and as its contract decodes it. */
const examples = {
  // From the fields' examples of the Python document, which has none of the whole.
  "atoma, Python": {
    contract: "atoma",
    wire: {
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello! How can you help me today?" },
          finish_reason: null,
          stop_reason: null,
        },
      ],
      created: 1677652288,
      id: "chatcmpl-123",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      object: "chat.completion",
      service_tier: "auto",
      system_fingerprint: "fp_44709d6fcb",
    },
    value: {
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello! How can you help me today?" },
          finishReason: null,
          extra: { stop_reason: null }, // no model of the document has it
        },
      ],
      created: 1677652288,
      id: "chatcmpl-123",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      object: "chat.completion",
      serviceTier: "auto",
      systemFingerprint: "fp_44709d6fcb",
    },
  },
  "atoma, TypeScript": {
    contract: "atoma",
    wire: {
      choices: [{ index: 0, message: { name: "AI expert", role: "system" } }],
      created: 1677652288,
      id: "chatcmpl-123",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      object: "chat.completion",
      service_tier: "auto",
      system_fingerprint: "fp_44709d6fcb",
      usage: {
        completion_tokens: 12,
        prompt_tokens: 9,
        prompt_tokens_details: { audio_tokens: 0, cached_tokens: 10 },
        total_tokens: 21,
      },
    },
    value: {
      choices: [
        {
          index: 0,
          message: {
            name: "AI expert",
            role: "system",
          },
        },
      ],
      created: 1677652288,
      id: "chatcmpl-123",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      object: "chat.completion",
      serviceTier: "auto",
      systemFingerprint: "fp_44709d6fcb",
      usage: {
        completionTokens: 12,
        promptTokens: 9,
        promptTokensDetails: {
          audioTokens: 0,
          cachedTokens: 10,
        },
        totalTokens: 21,
      },
    },
  },
  // The document has no example; this is its specification's (less a comma that is none of JSON's).
  log10: {
    contract: "log10",
    wire: {
      id: "chatcmpl-123",
      object: "chat.completion",
      created: 1677652288,
      model: "gpt-3.5-turbo-0125",
      system_fingerprint: "fp_44709d6fcb",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "\n\nHello there, how may I assist you today?",
          },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
    },
    value: {
      id: "chatcmpl-123",
      object: "chat.completion",
      created: 1677652288,
      model: "gpt-3.5-turbo-0125",
      systemFingerprint: "fp_44709d6fcb",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "\n\nHello there, how may I assist you today?",
          },
          logprobs: null,
          finishReason: "stop",
        },
      ],
      usage: { promptTokens: 9, completionTokens: 12, totalTokens: 21 },
    },
  },
  // From the page of the same model in TypeScript; the Python document has no example.
  sudo: {
    contract: "sudo",
    wire: {
      choices: [],
      created: 676471,
      id: "<id>",
      model: "Altima",
      object: "<value>",
      usage: { completion_tokens: 818271, prompt_tokens: 339789, total_tokens: 7790 },
    },
    value: {
      choices: [],
      created: 676471,
      id: "<id>",
      model: "Altima",
      object: "<value>",
      usage: { completionTokens: 818271, promptTokens: 339789, totalTokens: 7790 },
    },
  },
  argot: {
    contract: "argot",
    wire: {
      id: "<id>",
      choices: [
        {
          finish_reason: "function_call",
          index: 978619,
          message: { content: "<value>", refusal: "<value>", role: "assistant" },
          logprobs: {
            content: [
              {
                token: "<value>",
                logprob: 7991.59,
                bytes: [461479],
                top_logprobs: [{ token: "<value>", logprob: 7805.29, bytes: [118274] }],
              },
            ],
            refusal: [
              {
                token: "<value>",
                logprob: 6399.21,
                bytes: [143353],
                top_logprobs: [{ token: "<value>", logprob: 9446.69, bytes: [521848] }],
              },
            ],
          },
        },
      ],
      created: 414662,
      model: "Challenger",
      service_tier: "scale",
      object: "chat.completion",
    },
    value: {
      id: "<id>",
      choices: [
        {
          finishReason: "function_call",
          index: 978619,
          message: {
            content: "<value>",
            refusal: "<value>",
            role: "assistant",
          },
          logprobs: {
            content: [
              {
                token: "<value>",
                logprob: 7991.59,
                bytes: [461479],
                topLogprobs: [
                  {
                    token: "<value>",
                    logprob: 7805.29,
                    bytes: [118274],
                  },
                ],
              },
            ],
            refusal: [
              {
                token: "<value>",
                logprob: 6399.21,
                bytes: [143353],
                topLogprobs: [
                  {
                    token: "<value>",
                    logprob: 9446.69,
                    bytes: [521848],
                  },
                ],
              },
            ],
          },
        },
      ],
      created: 414662,
      model: "Challenger",
      serviceTier: "scale",
      object: "chat.completion",
    },
  },
};

/** Which contract takes which example, as the SDKs do. */
const acceptance = {
  "atoma, Python": { atoma: true, argot: false, sudo: false, openrouter: true, mistral: false },
  "atoma, TypeScript": {
    atoma: true,
    argot: false,
    sudo: false,
    openrouter: false,
    mistral: false,
  },
  log10: { atoma: true, argot: false, sudo: true, openrouter: true, mistral: true },
  sudo: { atoma: true, argot: false, sudo: true, openrouter: false, mistral: true },
  argot: { atoma: true, argot: true, sudo: false, openrouter: false, mistral: false },
};

/** Why, where not: issues that the SDK names too. */
const reasons = {
  "atoma, Python": {
    argot: ["NULL_VALUE finish_reason", "MISSING logprobs", "MISSING refusal"],
    sudo: ["NULL_VALUE finish_reason", "MISSING usage"],
    mistral: ["MISSING usage", "NULL_VALUE finish_reason"],
  },
  "atoma, TypeScript": {
    sudo: ["MISSING finish_reason"],
    openrouter: ["MISSING finish_reason", "BAD_VALUE role"],
    mistral: ["BAD_VALUE role", "MISSING finish_reason"],
  },
  log10: { argot: ["MISSING refusal"] },
  sudo: {
    argot: ["BAD_VALUE object"],
    openrouter: ["BAD_VALUE object", "MISSING system_fingerprint"],
  },
  argot: {
    sudo: ["MISSING usage"],
    openrouter: ["MISSING system_fingerprint"],
    mistral: ["MISSING usage"],
  },
};

const bytesOf = (wire, space) => new TextEncoder().encode(JSON.stringify(wire, null, space));

describe("the documents' examples", () => {
  for (const [name, { contract, wire, value }] of Object.entries(examples)) {
    test(name, () => {
      for (const space of [undefined, 1, "\t"]) {
        const result = safeDecode(bytesOf(wire, space), { contract });
        assert.deepEqual(result.issues, []);
        assert.deepEqual(result.value, value);
      }
      assert.deepEqual(decode(JSON.stringify(wire), { contract }), value);
      assert.deepEqual(contracts[contract]["~standard"].validate(wire), { value });
    });

    test(`${name}, without a contract`, () => {
      const result = safeDecode(bytesOf(wire), { allowEmptyChoices: true });
      assert.equal(result.ok, true);
      assert.deepEqual(result.value, value);
    });
  }
});

test("each example under every contract", () => {
  for (const [name, verdicts] of Object.entries(acceptance)) {
    for (const [contract, accepted] of Object.entries(verdicts)) {
      const body = bytesOf(examples[name].wire);
      const { ok, issues } = safeDecode(body, { contract });
      const note = `${name} under ${contract}: ${JSON.stringify(issues)}`;
      assert.equal(ok, accepted, note);
      const named = issues.map(({ code, path }) => `${code} ${path.at(-1)}`);
      for (const reason of reasons[name][contract] ?? []) assert.ok(named.includes(reason), note);
      assert.equal(
        issues.every(({ severity }) => severity === "error"),
        true,
        note,
      );
    }
  }
});

const streamed = {
  atoma: [
    {
      choices: [{ delta: { content: "Hello", role: "assistant" }, index: 0 }],
      created: 1677652288,
      id: "chatcmpl-123",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      object: "chat.completion.chunk",
      usage: {
        completion_tokens: 12,
        prompt_tokens: 9,
        prompt_tokens_details: { audio_tokens: 0, cached_tokens: 10 },
        total_tokens: 21,
      },
    },
    {
      choices: [{ delta: { content: "Hello", role: "assistant" }, index: 0 }],
      created: 1677652288,
      id: "chatcmpl-123",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      object: "chat.completion.chunk",
      usage: {
        completionTokens: 12,
        promptTokens: 9,
        promptTokensDetails: { audioTokens: 0, cachedTokens: 10 },
        totalTokens: 21,
      },
    },
  ],
  openai: [
    {
      id: "chatcmpl-123",
      object: "chat.completion.chunk",
      created: 1694268190,
      model: "gpt-4o-mini",
      system_fingerprint: "fp_44709d6fcb",
      choices: [
        {
          index: 0,
          delta: { role: "assistant", content: "" },
          logprobs: null,
          finish_reason: null,
        },
      ],
    },
    {
      id: "chatcmpl-123",
      object: "chat.completion.chunk",
      created: 1694268190,
      model: "gpt-4o-mini",
      systemFingerprint: "fp_44709d6fcb",
      choices: [
        { index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finishReason: null },
      ],
    },
  ],
};

test("examples of chunks", () => {
  for (const [contract, [wire, value]] of Object.entries(streamed)) {
    assert.deepEqual(decodeChunk(bytesOf(wire), { contract }), value);
    assert.deepEqual(decodeChunk(bytesOf(wire)), value);
    assert.deepEqual(safeDecodeChunk(bytesOf(wire), { contract }).issues, []);
  }
});

test("OpenRouter's example of a usage", () => {
  const usage = {
    completion_tokens: 15,
    completion_tokens_details: { reasoning_tokens: 5 },
    cost: 0.0012,
    cost_details: {
      upstream_inference_completions_cost: 0.0004,
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: 0.0008,
    },
    is_byok: false,
    prompt_tokens: 10,
    prompt_tokens_details: { cached_tokens: 2 },
    server_tool_use_details: { tool_calls_executed: 2, tool_calls_requested: 2 },
    total_tokens: 25,
  };
  const body = { ...examples.log10.wire, usage };
  assert.deepEqual(decode(bytesOf(body), { contract: "openrouter" }).usage, {
    completionTokens: 15,
    completionTokensDetails: { reasoningTokens: 5 },
    cost: 0.0012,
    costDetails: {
      upstreamInferenceCompletionsCost: 0.0004,
      upstreamInferenceCost: null,
      upstreamInferencePromptCost: 0.0008,
    },
    isByok: false,
    promptTokens: 10,
    promptTokensDetails: { cachedTokens: 2 },
    serverToolUseDetails: { toolCallsExecuted: 2, toolCallsRequested: 2 },
    totalTokens: 25,
  });
});
