// What chatwire accepts under a contract, beside what the SDK of the contract's document accepts.
// The verdicts of the SDKs were found by running their own schemas on these payloads. Where
// chatwire decides otherwise, it does so on purpose, and the reason is written down.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProviderError, safeDecode, safeDecodeChunk } from "chatwire";

// ---- Payloads -----------------------------------------------------------------------------------

const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };
const message = { role: "assistant", content: "hi", refusal: null };
const choice = { index: 0, message, logprobs: null, finish_reason: "stop" };
const base = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [choice],
  usage,
};

/** `object` with other members; undefined takes one away. */
function but(object, members) {
  const made = { ...object, ...members };
  for (const [name, value] of Object.entries(members)) if (value === undefined) delete made[name];
  return made;
}

const withRoot = (members) => but(base, members);
const withChoice = (members) => but(base, { choices: [but(choice, members)] });
const withMessage = (members) => withChoice({ message: but(message, members) });
const withUsage = (members) => withRoot({ usage: but(usage, members) });
const withCall = (members) =>
  withChoice({
    message: but(message, { content: null, tool_calls: [but(toolCall, members)] }),
    finish_reason: "tool_calls",
  });

const toolCall = {
  id: "call_1",
  type: "function",
  function: { name: "weather", arguments: '{"place":"Bern"}' },
};
const topLogprob = { token: "Hi", logprob: -0.3, bytes: [72, 105] };
const tokenLogprob = { ...topLogprob, top_logprobs: [topLogprob] };
const noRefusal = but(message, { refusal: undefined });
const details = { cached_tokens: 0, audio_tokens: 0 };
const outputDetails = {
  reasoning_tokens: 0,
  audio_tokens: 0,
  accepted_prediction_tokens: 0,
  rejected_prediction_tokens: 0,
};

// As OpenAI's documentation has them, in shape.
const documentedDefault = withRoot({
  choices: [but(choice, { message: but(message, { annotations: [] }) })],
  usage: { ...usage, prompt_tokens_details: details, completion_tokens_details: outputDetails },
  service_tier: "default",
});
const documentedFunctions = withRoot({
  choices: [
    but(choice, {
      message: but(noRefusal, { content: null, tool_calls: [toolCall] }),
      finish_reason: "tool_calls",
    }),
  ],
  usage: { ...usage, completion_tokens_details: outputDetails },
});
const documentedLogprobs = withRoot({
  choices: [but(choice, { message: noRefusal, logprobs: { content: [tokenLogprob] } })],
  usage: { ...usage, completion_tokens_details: outputDetails },
  system_fingerprint: null,
});
const storedItem = withRoot({
  choices: [but(choice, { message: but(noRefusal, { tool_calls: null, function_call: null }) })],
  request_id: "req_1",
  tool_choice: null,
  seed: 4944116822809980000,
  top_p: 1,
  temperature: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  system_fingerprint: "fp_1",
  input_user: null,
  service_tier: "default",
  tools: null,
  metadata: {},
  response_format: null,
});

/** Payload, then a letter for each contract: `+` accepted, `-` rejected. */
const completions = [
  //                                                                 AT AR SU OR MI
  ["canonical", base, "+++++"],
  ["OpenAI documentation: Default", documentedDefault, "+++++"],
  ["OpenAI documentation: Functions", documentedFunctions, "+-+++"],
  ["OpenAI documentation: Logprobs", documentedLogprobs, "+-+++"],
  ["OpenAI documentation: stored item", storedItem, "--+-+"],
  ["usage absent", withRoot({ usage: undefined }), "++-+-"],
  ["usage null", withRoot({ usage: null }), "+----"],
  ["object is another", withRoot({ object: "chat.completion.x" }), "+-+-+"],
  ["object absent", withRoot({ object: undefined }), "-----"],
  ["system_fingerprint null", withRoot({ system_fingerprint: null }), "+-+++"],
  ["service_tier null", withRoot({ service_tier: null }), "+++++"],
  ["service_tier default", withRoot({ service_tier: "default" }), "+++++"],
  ["service_tier priority", withRoot({ service_tier: "priority" }), "+-+++"],
  ["metadata", withRoot({ metadata: { a: "b" } }), "+++++"],
  ["finish_reason null", withChoice({ finish_reason: null }), "+--+-"],
  ["finish_reason absent", withChoice({ finish_reason: undefined }), "+----"],
  ["finish_reason unknown", withChoice({ finish_reason: "eos" }), "+-+++"],
  ["logprobs absent", withChoice({ logprobs: undefined }), "+-+++"],
  ["logprobs of nulls", withChoice({ logprobs: { content: null, refusal: null } }), "+++++"],
  ["logprobs without refusal", withChoice({ logprobs: { content: [tokenLogprob] } }), "+-+++"],
  ["logprobs empty", withChoice({ logprobs: {} }), "+-+-+"],
  [
    "token without bytes",
    withChoice({ logprobs: { content: [but(tokenLogprob, { bytes: undefined })], refusal: null } }),
    "+-+-+",
  ],
  ["refusal absent", withMessage({ refusal: undefined }), "+-+++"],
  ["content absent", withMessage({ content: undefined }), "+-+++"],
  ["content null", withMessage({ content: null }), "+++++"],
  ["content of parts", withMessage({ content: [{ type: "text", text: "hi" }] }), "+--++"],
  ["content of unknown parts", withMessage({ content: [{ type: "hologram" }] }), "---++"],
  ["role user", withMessage({ role: "user" }), "+-+--"],
  ["role function", withMessage({ role: "function" }), "--+--"],
  ["role absent", withMessage({ role: undefined }), "----+"],
  ["message name", withMessage({ name: "AI" }), "+++++"],
  ["tool_calls", withCall({}), "+++++"],
  ["tool_calls null", withMessage({ tool_calls: null }), "--+-+"],
  [
    "tool_calls custom",
    withCall({ type: "custom", function: undefined, custom: { name: "n", input: "i" } }),
    "-----",
  ],
  ["arguments an object", withCall({ function: { name: "n", arguments: { a: 1 } } }), "----+"],
  ["tool call without id and type", withCall({ id: undefined, type: undefined }), "----+"],
  ["function_call", withMessage({ function_call: { name: "n", arguments: "{}" } }), "+++++"],
  ["function_call null", withMessage({ function_call: null }), "+-+++"],
  [
    "annotations",
    withMessage({
      annotations: [
        {
          type: "url_citation",
          url_citation: { start_index: 0, end_index: 2, url: "https://a.example", title: "A" },
        },
      ],
    }),
    "+++++",
  ],
  ["audio null", withMessage({ audio: null }), "+++-+"],
  ["created has a fraction", withRoot({ created: 1.5 }), "-----"],
  ["created is a string", withRoot({ created: "1" }), "-----"],
  ["created is 2^53", withRoot({ created: 2 ** 53 }), "+++--"],
  ["prompt_tokens_details empty", withUsage({ prompt_tokens_details: {} }), "-++++"],
  ["prompt_tokens_details null", withUsage({ prompt_tokens_details: null }), "+++++"],
  ["completion_tokens_details null", withUsage({ completion_tokens_details: null }), "+-+++"],
  [
    "reasoning_tokens null",
    withUsage({ completion_tokens_details: { reasoning_tokens: null } }),
    "+-+++",
  ],
  ["choices empty", withRoot({ choices: [] }), "+++++"],
];

const chunkChoice = { index: 0, delta: { role: "assistant", content: "hi" }, finish_reason: null };
const chunk = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [chunkChoice],
};
const chunkBut = (members) => but(chunk, members);
const chunkWith = (members) => but(chunk, { choices: [but(chunkChoice, members)] });
const withDelta = (delta) => chunkWith({ delta });
const withFragment = (members) =>
  withDelta({ tool_calls: [but({ index: 0, ...toolCall }, members)] });
const streamError = { code: 502, message: "Provider disconnected" };

const chunks = [
  //                                                                 AT SU OR MI
  ["role and content", chunk, "++++"],
  ["delta empty, finished", chunkWith({ delta: {}, finish_reason: "stop" }), "++++"],
  ["finish_reason absent", chunkWith({ finish_reason: undefined }), "++--"],
  ["finish_reason function_call", chunkWith({ finish_reason: "function_call" }), "+-++"],
  ["finish_reason error", chunkWith({ finish_reason: "error" }), "+-++"],
  ["usage null", chunkBut({ usage: null }), "++--"],
  ["choices empty, usage", chunkBut({ choices: [], usage }), "++++"],
  ["system_fingerprint", chunkBut({ system_fingerprint: "fp" }), "++++"],
  ["system_fingerprint null", chunkBut({ system_fingerprint: null }), "++-+"],
  ["service_tier", chunkBut({ service_tier: "default" }), "++++"],
  ["obfuscation", chunkBut({ obfuscation: "x7" }), "++++"],
  ["tool call, first fragment", withFragment({}), "++++"],
  [
    "tool call, next fragment",
    withFragment({ id: undefined, type: undefined, function: { arguments: "{" } }),
    "--+-",
  ],
  ["tool call without index", withFragment({ index: undefined }), "-+-+"],
  ["tool_calls null", withDelta({ tool_calls: null }), "++-+"],
  ["function_call", withDelta({ function_call: { name: "n", arguments: "" } }), "++++"],
  ["refusal", withDelta({ refusal: "no" }), "++++"],
  ["role developer", withDelta({ role: "developer" }), "+--+"],
  ["role null", withDelta({ role: null }), "++-+"],
  ["reasoning_content", withDelta({ reasoning_content: "hm" }), "++++"],
  ["reasoning", withDelta({ reasoning: "hm" }), "++++"],
  ["content of parts", withDelta({ content: [{ type: "text", text: "hi" }] }), "---+"],
  ["logprobs null", chunkWith({ logprobs: null }), "++++"],
  ["logprobs", chunkWith({ logprobs: { content: [tokenLogprob], refusal: null } }), "++++"],
  ["stop_reason null", chunkWith({ stop_reason: null }), "++++"],
  ["stop_reason a number", chunkWith({ stop_reason: 128009 }), "-+++"],
  ["stop_reason a string", chunkWith({ stop_reason: "</s>" }), "-+++"],
  ["stop_reason Int", chunkWith({ stop_reason: { Int: 128009 } }), "++++"],
  ["stop_reason String", chunkWith({ stop_reason: { String: "x" } }), "++++"],
  [
    "end of sound",
    chunkBut({ choices: [{ index: 0, delta: { audio: { expires_at: 1 } } }] }),
    "++--",
  ],
  [
    "error in the stream",
    chunkBut({
      error: streamError,
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
    }),
    "+-++",
  ],
  [
    "error with a word for its code",
    chunkBut({
      error: { code: "server_error", message: "Provider disconnected" },
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
    }),
    "+--+",
  ],
  ["created absent", chunkBut({ created: undefined }), "---+"],
  ["object absent", chunkBut({ object: undefined }), "---+"],
  ["choices absent, error", { error: streamError }, "----"],
];

// ---- Where chatwire decides otherwise ----------------------------------------------------------

const big =
  "Integers beyond 2^53 are accepted as other numbers are; zod 4 refuses them whatever they are for.";
const providerError =
  "A chunk that carries the provider's error raises ProviderError under every contract, where the SDK drops or returns it.";

/** `[root, payload, contract]` with the reason. */
const departures = new Map([
  ["completion, created is 2^53, openrouter", big],
  ["completion, created is 2^53, mistral", big],
  ["chunk, error in the stream, atoma", providerError],
  ["chunk, error in the stream, openrouter", providerError],
  ["chunk, error in the stream, mistral", providerError],
  ["chunk, error with a word for its code, atoma", providerError],
  ["chunk, error with a word for its code, mistral", providerError],
]);

function compare(root, names, rows, prepare = (_, payload) => payload) {
  for (const [name, payload, verdicts] of rows) {
    for (const [i, contract] of names.entries()) {
      const cell = `${root}, ${name}, ${contract}`;
      const body = JSON.stringify(prepare(contract, payload));
      const safely = root === "completion" ? safeDecode : safeDecodeChunk;
      const { ok, issues } = safely(body, { contract });
      const agrees = ok === (verdicts[i] === "+");
      const said = `${ok ? "accepted" : "rejected"} ${JSON.stringify(issues)}`;
      if (departures.has(cell)) assert.ok(!agrees, `${cell}: no departure: ${said}`);
      else assert.ok(agrees, `${cell}: ${said}`);
    }
  }
}

describe("verdicts of the SDKs", () => {
  test("completions", () => {
    // OpenRouter's SDK refuses everything that lacks the fingerprint, so no payload does.
    const prepare = (contract, payload) =>
      contract === "openrouter" ? { system_fingerprint: null, ...payload } : payload;
    compare(
      "completion",
      ["atoma", "argot", "sudo", "openrouter", "mistral"],
      completions,
      prepare,
    );
  });

  test("chunks", () => {
    compare("chunk", ["atoma", "sudo", "openrouter", "mistral"], chunks);
  });

  test("each departure is about a payload and a contract that there are", () => {
    const cells = new Set();
    for (const [root, rows] of Object.entries({ completion: completions, chunk: chunks }))
      for (const [name] of rows)
        for (const contract of ["atoma", "argot", "sudo", "openrouter", "mistral"])
          cells.add(`${root}, ${name}, ${contract}`);
    for (const cell of departures.keys()) assert.ok(cells.has(cell), cell);
  });

  test("OpenRouter's contract requires the fingerprint", () => {
    assert.equal(safeDecode(JSON.stringify(base), { contract: "openrouter" }).ok, false);
  });
});

test("all that the SDKs refuse is accepted without a contract, except errors", () => {
  for (const [name, payload] of completions) {
    const result = safeDecode(JSON.stringify(payload), { allowEmptyChoices: true });
    assert.equal(result.ok, true, name);
  }
  for (const [name, payload] of chunks) {
    const { ok, error } = safeDecodeChunk(JSON.stringify(payload));
    assert.equal(ok, payload.error === undefined, name);
    assert.equal(error instanceof ProviderError, payload.error !== undefined, name);
  }
});
