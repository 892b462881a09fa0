// What real servers send as a body: section 1 of the list of quirks. The tests are named by the
// quirks' numbers.
//
// Halves of quirks that bodies do not show are tested elsewhere in tests/js:
//   Q6, Q36, Q37    one text and one reasoning of a message: message.test.mjs
//   Q15, Q16        cached tokens in one view, reasoning beyond the completion: usage.test.mjs
//   Q19, Q20, Q29   the unified finish reason: finish-reason.test.mjs
//   Q21 - Q24       parsed arguments: with parseToolArguments
//   Q34, Q35        clamped and absent log probabilities: logprobs.test.mjs
//   Q40             sending messages back: message.test.mjs
//   Q2, Q8, Q39, Q42, Q45, Q46, Q49, Q50, Q52   as parts of a stream: with StreamDecoder
import assert from "node:assert/strict";
import { test } from "node:test";
import { DecodeError, decode, safeDecode } from "chatwire";
import { body, calling, chunk, completion, delta } from "./support.mjs";

const firstMessage = (value) => value.choices[0].message;
const firstCall = (value) => firstMessage(value).toolCalls[0];

test("Q1: a body that is an error is the provider's error, not a failed validation", () => {
  const metadata = { raw: '{"message":"overloaded"}', provider_name: "Some" };
  const error = body.refuses(
    { error: { message: "Provider returned error", code: 502, metadata } },
    { message: "Provider returned error", code: 502, status: 502, metadata },
  );
  assert.deepEqual(error.error, { message: "Provider returned error", code: 502, metadata });
});

test("Q1: the error comes before what a contract misses", () => {
  for (const contract of ["openai", "atoma", "mistral"]) {
    const error = body.refuses(
      { error: { message: "No credits", code: 402 }, user_id: "u" },
      { message: "No credits", code: 402, status: 402 },
      { contract },
    );
    assert.equal(error.issues.length, 1);
  }
});

test("Q1: an error beside choices is an error; what else came stays readable", () => {
  const error = body.refuses(
    { ...completion({ content: "half an ans" }), error: { message: "Upstream died", code: "x" } },
    { message: "Upstream died", code: "x" },
  );
  assert.equal(firstMessage(error.partial).content, "half an ans");
});

test("Q1: null, false, an empty text and an empty object are no errors", () => {
  for (const error of [null, false, "", {}, []]) {
    const value = body.decodes({ ...completion({ content: "fine" }), error });
    assert.deepEqual(value.extra, { error });
  }
});

test("Q2: choices that are null are no completion; what came is on the error", () => {
  const usage = { prompt_tokens: 9 };
  const error = body.fails({ id: "x", choices: null, usage }, [
    ["NO_CHOICES", "error", "choices", "null"],
  ]);
  assert.deepEqual(error.partial, { id: "x", choices: null, usage: { promptTokens: 9 } });
  body.fails({ choices: null }, [["NO_CHOICES", "error", "choices", "null"]], {
    allowEmptyChoices: true, // empty, not null
  });
});

test("Q2: a contract says itself that choices must not be null", () => {
  const error = body.fails(
    { id: "x", object: "chat.completion", created: 1, model: "m", choices: null },
    [["NULL_VALUE", "error", "choices", "null"]],
    { contract: "openai" },
  );
  assert.equal(error.partial.id, "x");
});

// A chunk need not have choices, so null there is kept as it came and is nothing to warn of.
test("Q2: choices that are null are none on a chunk", () => {
  const value = chunk.decodes({ id: "x", choices: null, usage: { prompt_tokens: 9 } });
  assert.equal(value.choices, null);
  assert.deepEqual(value.usage, { promptTokens: 9 });
});

test("Q3: a completion with no choice at all fails with its usage, unless it may", () => {
  const empty = { id: "x", choices: [], usage: { total_tokens: 9 } };
  const error = body.fails(empty, [["NO_CHOICES", "error", "choices", "[]"]]);
  assert.deepEqual(error.partial, { id: "x", choices: [], usage: { totalTokens: 9 } });
  assert.deepEqual(body.decodes(empty, [], { allowEmptyChoices: true }).choices, []);
  assert.deepEqual(chunk.decodes(empty).choices, []);
});

test("Q3: a contract allows it, as its document does", () => {
  const empty = { id: "x", object: "chat.completion", created: 1, model: "m", choices: [] };
  assert.deepEqual(body.decodes(empty, [], { contract: "openai" }).choices, []);
});

test("Q4: {} is not an answer", () => {
  const error = body.fails({}, [["NO_CHOICES", "error", "choices", "{}"]]);
  assert.deepEqual(error.partial, {});
  body.fails({}, [["NO_CHOICES", "error", "choices", "{}"]], { allowEmptyChoices: true });
  assert.deepEqual(chunk.decodes({}), {}); // as filler of a stream it is fine
});

test("Q5: content that is null, absent or empty stays what it is", () => {
  const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  for (const message of [
    { role: "assistant", content: null },
    { role: "assistant" },
    { role: "assistant", content: "" },
  ]) {
    const value = body.decodes(completion({ ...message, tool_calls: [call] }));
    assert.equal("content" in firstMessage(value), "content" in message);
    assert.equal(firstMessage(value).content, message.content);
    assert.deepEqual(chunk.decodes(delta(message)).choices[0].delta, message);
  }
});

test("Q6: content in parts is kept in parts", () => {
  const content = [
    { type: "thinking", thinking: [{ type: "text", text: "hmm" }], signature: "s" },
    { type: "text", text: "4" },
    { type: "image_url", image_url: { url: "data:," } },
    { type: "image_url", image_url: "data:," },
  ];
  assert.deepEqual(firstMessage(body.decodes(completion({ content }))).content, [
    { type: "thinking", thinking: [{ type: "text", text: "hmm" }], signature: "s" },
    { type: "text", text: "4" },
    { type: "image_url", imageUrl: { url: "data:," } },
    { type: "image_url", imageUrl: "data:," },
  ]);
  assert.equal(chunk.decodes(delta({ content })).choices[0].delta.content.length, 4);
});

test("Q6: a part of an unknown type is kept whole, and reported", () => {
  const content = [
    { type: "tool_use", id: "t", input: { a: 1 } },
    { type: "text", text: "x" },
  ];
  const value = body.decodes(completion({ content }), [
    ["UNKNOWN_PART_TYPE", "warning", "choices.0.message.content.0.type", '"tool_use"'],
  ]);
  assert.deepEqual(firstMessage(value).content[0], {
    type: "tool_use",
    extra: { id: "t", input: { a: 1 } },
  });
});

test("Q6: parts that are no objects are kept with the array as it came", () => {
  const content = ["bare", { type: "text", text: "x" }, null];
  const value = body.decodes(completion({ content }), [
    ["BAD_TYPE", "warning", "choices.0.message.content.0", '"bare"'],
    ["BAD_TYPE", "warning", "choices.0.message.content.2", "null"],
  ]);
  assert.deepEqual(firstMessage(value).content, [{ type: "text", text: "x" }]);
  assert.deepEqual(firstMessage(value).extra, { content });
});

test("Q7: what a small server leaves out is absent, without a word", () => {
  const value = body.decodes({
    choices: [{ index: 0, message: { content: "hi" }, finish_reason: "stop" }],
  });
  assert.deepEqual(Object.keys(value), ["choices"]);
  const nulls = { id: null, object: null, created: null, model: null, system_fingerprint: null };
  assert.equal(
    body.decodes({ ...completion({ content: "hi" }), ...nulls }).systemFingerprint,
    null,
  );
});

test("Q8: `object` says nothing about what the body is", () => {
  for (const object of ["", "chat.completion.chunk", "text_completion.chunk", "nonsense", null]) {
    assert.equal(body.decodes({ ...completion({ content: "hi" }), object }).object, object);
    assert.equal(chunk.decodes({ ...delta({ content: "hi" }), object }).object, object);
  }
  const value = body.decodes({ ...completion({ content: "hi" }), object: 5 }, [
    ["BAD_TYPE", "warning", "object", "5"],
  ]);
  assert.deepEqual(value.extra, { object: 5 });
});

test("Q9: a time with a fraction is rounded down, and kept as it came", () => {
  for (const made of [body, chunk]) {
    const value = made.decodes(
      '{"created":1757876416.5661082,"choices":[]}',
      [["NOT_INTEGER", "warning", "created", "1757876416.5661082"]],
      { allowEmptyChoices: true },
    );
    assert.equal(value.created, 1757876416);
    assert.deepEqual(value.extra, { created: 1757876416.5661082 });
  }
  // No fraction, though written as if there were one.
  assert.equal(
    body.decodes('{"created":1.757876416e9,"choices":[]}', [], { allowEmptyChoices: true }).created,
    1757876416,
  );
  assert.equal(
    body.decodes('{"created":1757876416.0,"choices":[]}', [], { allowEmptyChoices: true }).created,
    1757876416,
  );
});

test("Q10: times in milliseconds, of zero, or null are as they came", () => {
  for (const created of [1706937715819, 0, null, -1, 9007199254740991]) {
    assert.equal(body.decodes(completion({ content: "x" }, {}, { created })).created, created);
  }
});

test("Q10: a time in a text is read; a text that is no time is kept as it came", () => {
  const read = (created, ...issues) =>
    body.decodes(completion({ content: "x" }, {}, { created }), issues);
  const value = read("1757876416", ["NUMBER_FROM_STRING", "warning", "created", '"1757876416"']);
  assert.equal(value.created, 1757876416);
  assert.deepEqual(value.extra, { created: "1757876416" });
  for (const created of ["", "soon", " 1", "1x", "0x10", "2024-01-01", "-", "1e"]) {
    const odd = read(created, ["BAD_TYPE", "warning", "created", JSON.stringify(created)]);
    assert.ok(!("created" in odd));
    assert.deepEqual(odd.extra, { created });
  }
  const fraction = read(
    "1757876416.9",
    ["NUMBER_FROM_STRING", "warning", "created", '"1757876416.9"'],
    ["NOT_INTEGER", "warning", "created", '"1757876416.9"'],
  );
  assert.equal(fraction.created, 1757876416);
});

test("Q11: usage may be null or absent", () => {
  assert.equal(body.decodes(completion({ content: "x" }, {}, { usage: null })).usage, null);
  assert.ok(!("usage" in body.decodes(completion({ content: "x" }))));
});

test("Q12: usage may lack members; nothing is made up", () => {
  const value = body.decodes(
    completion(
      { content: "x" },
      {},
      {
        usage: { prompt_tokens: 23, completion_tokens: 292, prompt_tokens_details: null },
      },
    ),
  );
  assert.deepEqual(value.usage, {
    promptTokens: 23,
    completionTokens: 292,
    promptTokensDetails: null,
  });
  assert.deepEqual(body.decodes(completion({}, {}, { usage: {} })).usage, {});
});

test("Q13: a fractional token count is kept and reported", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 14417.92, total_tokens: 14429.92 };
  for (const [made, input] of [
    [body, completion({ content: "x" }, {}, { usage })],
    [chunk, delta({}, {}, { usage })],
  ]) {
    const value = made.decodes(input, [
      ["NOT_INTEGER", "warning", "usage.completion_tokens", "14417.92"],
      ["NOT_INTEGER", "warning", "usage.total_tokens", "14429.92"],
    ]);
    assert.deepEqual(value.usage, {
      promptTokens: 12,
      completionTokens: 14417.92,
      totalTokens: 14429.92,
    });
  }
});

test("Q14: counters in texts are read, others lost to the member alone", () => {
  const usage = {
    prompt_tokens: "1",
    completion_tokens: "-1",
    total_tokens: -5,
    prompt_tokens_details: { cached_tokens: "many", audio_tokens: [3], text_tokens: true },
    completion_tokens_details: { reasoning_tokens: "2.5", audio_tokens: {} },
    cost: "0.25",
  };
  const at = (path, stands) => [path, stands];
  const issue = (code, [path, stands]) => [code, "warning", `usage.${path}`, stands];
  const value = body.decodes(completion({ content: "x" }, {}, { usage }), [
    issue("NUMBER_FROM_STRING", at("prompt_tokens", '"1"')),
    issue("BAD_TYPE", at("completion_tokens", '"-1"')),
    issue("NEGATIVE_COUNT", at("total_tokens", "-5")),
    issue("BAD_TYPE", at("prompt_tokens_details.cached_tokens", '"many"')),
    issue("BAD_TYPE", at("prompt_tokens_details.audio_tokens", "[3]")),
    issue("BAD_TYPE", at("prompt_tokens_details.text_tokens", "true")),
    issue("NUMBER_FROM_STRING", at("completion_tokens_details.reasoning_tokens", '"2.5"')),
    issue("NOT_INTEGER", at("completion_tokens_details.reasoning_tokens", '"2.5"')),
    issue("BAD_TYPE", at("completion_tokens_details.audio_tokens", "{}")),
    issue("NUMBER_FROM_STRING", at("cost", '"0.25"')),
  ]);
  assert.deepEqual(value.usage, {
    promptTokens: 1,
    promptTokensDetails: { extra: usage.prompt_tokens_details },
    completionTokensDetails: {
      reasoningTokens: 2.5,
      extra: usage.completion_tokens_details,
    },
    cost: 0.25,
    extra: { prompt_tokens: "1", completion_tokens: "-1", total_tokens: -5, cost: "0.25" },
  });
});

test("Q14: under a contract a counter in a text is an error", () => {
  const input = { id: "x", object: "chat.completion", created: 1, model: "m", choices: [] };
  const error = body.fails(
    { ...input, usage: { prompt_tokens: "1", completion_tokens: 1, total_tokens: 2 } },
    [["BAD_TYPE", "error", "usage.prompt_tokens", '"1"']],
    { contract: "openai" },
  );
  assert.deepEqual(error.partial.usage.extra, { prompt_tokens: "1" });
});

test("Q15: what servers add to the usage is kept: typed where it is known, else under extra", () => {
  const usage = {
    queue_time: 0.037,
    prompt_time: 0.0002,
    prompt_cache_hit_tokens: 64,
    cost: 0.00015,
    cost_details: { upstream_inference_cost: null },
    is_byok: false,
    cost_in_usd_ticks: 3110500,
    num_cached_tokens: 4,
    prompt_token_details: { cached_tokens: 4 },
    prompt_tokens_details: { cached_tokens: 4, cache_creation_tokens: 1 },
  };
  const value = body.decodes(completion({ content: "x" }, {}, { usage }));
  assert.deepEqual(value.usage, {
    queueTime: 0.037,
    promptTime: 0.0002,
    cost: 0.00015,
    costDetails: { upstreamInferenceCost: null },
    isByok: false,
    promptTokensDetails: { cachedTokens: 4, extra: { cache_creation_tokens: 1 } },
    extra: {
      prompt_cache_hit_tokens: 64,
      cost_in_usd_ticks: 3110500,
      num_cached_tokens: 4,
      prompt_token_details: { cached_tokens: 4 },
    },
  });
});

test("Q16: more reasoning than completion is reported as sent", () => {
  const usage = { completion_tokens: 1, completion_tokens_details: { reasoning_tokens: 290 } };
  assert.deepEqual(body.decodes(completion({}, {}, { usage })).usage, {
    completionTokens: 1,
    completionTokensDetails: { reasoningTokens: 290 },
  });
});

test("Q17: tool calls that are null are none, and stay null", () => {
  const value = body.decodes(completion({ content: "x", tool_calls: null }));
  assert.deepEqual(firstMessage(value), { content: "x", toolCalls: null });
  assert.equal(chunk.decodes(delta({ tool_calls: null })).choices[0].delta.toolCalls, null);
});

test("Q18: an empty list of tool calls is no list, and goes back where it was", () => {
  const value = body.decodes(completion({ content: "done", tool_calls: [] }));
  assert.deepEqual(firstMessage(value), { content: "done", extra: { tool_calls: [] } });
});

test("Q19: the finish reason says tools, but there is none", () => {
  for (const message of [
    { content: "x" },
    { content: "x", tool_calls: [] },
    { tool_calls: null },
  ]) {
    const value = body.decodes(completion(message, { finish_reason: "tool_calls" }), [
      ["FINISH_TOOLS_WITHOUT_CALLS", "warning", "choices.0.finish_reason", '"tool_calls"'],
    ]);
    assert.equal(value.choices[0].finishReason, "tool_calls");
  }
  // The older form of a call is a call.
  body.decodes(
    completion(
      { function_call: { name: "f", arguments: "{}" } },
      { finish_reason: "function_call" },
    ),
  );
});

test("Q20: a finish reason that hides tool calls is kept as it came", () => {
  const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const value = body.decodes(completion({ tool_calls: [call] }, { finish_reason: "stop" }));
  assert.equal(value.choices[0].finishReason, "stop");
  assert.equal(firstMessage(value).toolCalls.length, 1);
});

test("Q21: arguments that are JSON become the text that they should have been", () => {
  const text = `{"choices":[{"index":0,"message":{"tool_calls":[{"id":"a","type":"function","function":
    {"name":"f","arguments":{"x" : 1.50, "list": [ 1 , {} ], "s": "a \\" b\\\\", "n":2512292042121000001}}}]},
    "finish_reason":"tool_calls"}]}`;
  const value = body.decodes(text, [
    [
      "ARGUMENTS_NOT_STRING",
      "warning",
      "choices.0.message.tool_calls.0.function.arguments",
      '{"x" : 1.50',
    ],
  ]);
  const { name, arguments: given, extra } = firstCall(value).function;
  assert.equal(name, "f");
  assert.equal(given, '{"x":1.50,"list":[1,{}],"s":"a \\" b\\\\","n":2512292042121000001}');
  assert.deepEqual(extra, { arguments: JSON.parse(given) });
});

test("Q21: the same in a chunk, in a list, in other scripts, and in the older form", () => {
  const issue = (path, stands) => ["ARGUMENTS_NOT_STRING", "warning", path, stands];
  const input = (given) => ({ name: "f", arguments: given });
  const piece = chunk.decodes(
    delta({ tool_calls: [{ index: 0, function: input({ Stadt: "Köln" }) }] }),
    [issue("choices.0.delta.tool_calls.0.function.arguments", "{")],
  );
  assert.equal(piece.choices[0].delta.toolCalls[0].function.arguments, '{"Stadt":"Köln"}');
  const old = body.decodes(completion({ function_call: input(["東京", "😀"]) }), [
    issue("choices.0.message.function_call.arguments", "["),
  ]);
  assert.equal(firstMessage(old).functionCall.arguments, '["東京","😀"]');
});

test("Q21: arguments of another kind are no arguments", () => {
  for (const given of [5, true]) {
    const call = { id: "a", type: "function", function: { name: "f", arguments: given } };
    const value = body.decodes(calling(call), [
      ["BAD_TYPE", "warning", "choices.0.message.tool_calls.0.function.arguments", String(given)],
    ]);
    assert.deepEqual(firstCall(value).function, { name: "f", extra: { arguments: given } });
  }
});

test("Q22: arguments that are empty or null stay what they are", () => {
  for (const given of ["", null]) {
    const call = { id: "a", type: "function", function: { name: "f", arguments: given } };
    const value = body.decodes(calling(call), [
      [
        "EMPTY_ARGUMENTS",
        "info",
        "choices.0.message.tool_calls.0.function.arguments",
        JSON.stringify(given),
      ],
    ]);
    assert.equal(firstCall(value).function.arguments, given);
    // In a stream this is how calls begin.
    chunk.decodes(delta({ tool_calls: [{ index: 0, ...call }] }));
  }
});

const keepsArguments = (given) => {
  const call = { id: "a", type: "function", function: { name: "f", arguments: given } };
  assert.equal(firstCall(body.decodes(calling(call))).function.arguments, given);
};

test("Q23: arguments that were encoded twice are the text that came", () => {
  for (const given of ['"{\\"x\\":1}"', '"\\"{}\\""', '"text"']) keepsArguments(given);
});

test("Q24: arguments are text, whatever the text is", () => {
  for (const given of ['{"a":1}{"a":1}', '{}{"a":1}', "{}{", "not JSON", "{\n}", "\u0000", " "]) {
    keepsArguments(given);
  }
});

test("Q25: a tool call without an id gets one that is stable, its own, and marked", () => {
  const call = { type: "function", function: { name: "f", arguments: "{}" } };
  const missing = (i) => [
    "TOOL_CALL_ID_MISSING",
    "warning",
    `choices.0.message.tool_calls.${i}.id`,
  ];
  const input = calling(call, { id: "", ...call }, { id: null, ...call }, { id: "own", ...call });
  const decodeOnce = () =>
    firstMessage(
      body.decodes(input, [
        [...missing(0), '{"type"'],
        [...missing(1), '""'],
        [...missing(2), "null"],
      ]),
    ).toolCalls;
  const calls = decodeOnce();
  assert.deepEqual(calls, decodeOnce());
  const ids = calls.map(({ id }) => id);
  assert.equal(new Set(ids).size, 4);
  for (const id of ids.slice(0, 3)) assert.match(id, /^call_[0-9a-f]{16}$/);
  assert.deepEqual(
    calls.map((made) => made.idSynthetic),
    [true, true, true, undefined],
  );
  assert.deepEqual(
    calls.map((made) => made.extra),
    [undefined, { id: "" }, { id: null }, undefined],
  );
  // Another answer has other ids.
  const other = safeDecode(JSON.stringify({ ...input, id: "c2" })).value;
  assert.notEqual(other.choices[0].message.toolCalls[0].id, ids[0]);
});

test("Q26: a tool call without a type is taken for a function, and marked", () => {
  const call = { id: "gSIM", function: { name: "weather", arguments: "{}" } };
  const missing = (stands) => [
    "TOOL_CALL_TYPE_MISSING",
    "info",
    "choices.0.message.tool_calls.0.type",
    stands,
  ];
  for (const [given, stands] of [
    [call, '{"id"'],
    [{ ...call, type: "" }, '""'],
    [{ ...call, type: null }, "null"],
  ]) {
    const made = firstCall(body.decodes(calling(given), [missing(stands)]));
    assert.equal(made.type, "function");
    assert.equal(made.typeSynthetic, true);
    assert.deepEqual(made.extra, "type" in given ? { type: given.type } : undefined);
  }
  // Without a function there is nothing to go by.
  assert.ok(!("type" in firstCall(body.decodes(calling({ id: "a" })))));
});

test("Q27: custom tools have free text, which is never read as JSON", () => {
  const call = { id: "a", type: "custom", custom: { name: "shell", input: "ls -l {" } };
  assert.deepEqual(firstCall(body.decodes(calling(call))), call);
  const odd = { id: "a", type: "custom", custom: { name: "shell", input: { a: 1 } } };
  const value = body.decodes(calling(odd), [
    ["BAD_TYPE", "warning", "choices.0.message.tool_calls.0.custom.input", '{"a":1}'],
  ]);
  assert.deepEqual(firstCall(value).custom, { name: "shell", extra: { input: { a: 1 } } });
});

test("Q28: the older form of a call is a thing of its own", () => {
  const call = { name: "f", arguments: '{"a":1}' };
  const value = body.decodes(completion({ content: null, function_call: call }));
  assert.deepEqual(firstMessage(value), { content: null, functionCall: call });
  assert.equal(chunk.decodes(delta({ function_call: null })).choices[0].delta.functionCall, null);
});

test("Q29: finish reasons are an open list", () => {
  const reasons = ["eos", "model_length", "end_turn", "insufficient_system_resource", "error"];
  for (const reason of [...reasons, "MAX_TOKENS", "eos_token", "abort", "größe"]) {
    const value = body.decodes(completion({ content: "x" }, { finish_reason: reason }));
    assert.equal(value.choices[0].finishReason, reason);
  }
});

test("Q30: a complete choice without a finish reason is fine, but worth a warning", () => {
  for (const [choice, stands] of [
    [{ finish_reason: null }, "null"],
    [{ finish_reason: undefined }, '{"index"'],
  ]) {
    const value = body.decodes(completion({ content: "x" }, choice), [
      ["FINISH_REASON_MISSING", "warning", "choices.0.finish_reason", stands],
    ]);
    assert.equal(value.choices[0].finishReason, choice.finish_reason);
  }
  chunk.decodes(delta({ content: "x" }, { finish_reason: null }));
});

test('Q31: "null" and "" are no reasons', () => {
  for (const reason of ["null", ""]) {
    const value = body.decodes(completion({ content: "x" }, { finish_reason: reason }), [
      ["FINISH_REASON_NOT_A_REASON", "warning", "choices.0.finish_reason", JSON.stringify(reason)],
    ]);
    assert.equal(value.choices[0].finishReason, null);
    assert.deepEqual(value.choices[0].extra, { finish_reason: reason });
    // Some servers send it with every chunk, so there it is not worth a word.
    const piece = chunk.decodes(delta({ content: "x" }, { finish_reason: reason }));
    assert.equal(piece.choices[0].finishReason, null);
  }
});

test("Q32: a choice without an index is the one at its place", () => {
  const choice = { message: { content: "x" }, finish_reason: "stop" };
  const missing = (i, stands) => ["CHOICE_INDEX_MISSING", "warning", `choices.${i}.index`, stands];
  const value = body.decodes(
    { choices: [choice, { index: null, ...choice }, { index: 7, ...choice }] },
    [missing(0, '{"message"'), missing(1, "null")],
  );
  assert.deepEqual(
    value.choices.map(({ index }) => index),
    [0, 1, 7],
  );
  assert.deepEqual(
    value.choices.map((made) => made.indexSynthetic),
    [true, true, undefined],
  );
  assert.deepEqual(value.choices[1].extra, { index: null });
  const piece = chunk.decodes({ choices: [{ delta: { content: "**" } }] }, [
    missing(0, '{"delta"'),
  ]);
  assert.deepEqual(piece.choices, [{ index: 0, delta: { content: "**" }, indexSynthetic: true }]);
});

const odds = (token) => `{"choices":[{"index":0,"message":{},"finish_reason":"stop","logprobs":
  {"content":[{"token":"a","logprob":${token},"top_logprobs":[{"token":"b","logprob":${token} }]}],
  "token_logprobs":[null,${token}]}}],"usage":{"cost":${token},"new":{"deep":[${token}]}}}`;

test("Q33: numbers that JSON does not have become null", () => {
  for (const token of ["NaN", "Infinity", "-Infinity"]) {
    const strange = (path) => ["NON_FINITE_NUMBER", "warning", path, token];
    const value = body.decodes(
      odds(token),
      [
        strange("choices.0.logprobs.content.0.logprob"),
        strange("choices.0.logprobs.content.0.top_logprobs.0.logprob"),
        strange("choices.0.logprobs.token_logprobs"),
        strange("usage.cost"),
        strange("usage.new"),
      ],
      { wire: JSON.parse(odds("null")) },
    );
    assert.equal(value.choices[0].logprobs.content[0].logprob, null);
  }
});

test("Q33: or stay numbers, where that is asked for", () => {
  for (const [token, number] of [
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["-Infinity", -Infinity],
  ]) {
    const { value, issues } = safeDecode(odds(token), { nonFinite: "number" });
    const { content, tokenLogprobs } = value.choices[0].logprobs;
    assert.equal(content[0].logprob, number);
    assert.equal(content[0].topLogprobs[0].logprob, number);
    assert.deepEqual(tokenLogprobs, [null, number]);
    assert.deepEqual(value.usage, { cost: number, extra: { new: { deep: [number] } } });
    assert.equal(issues.length, 5);
  }
});

test("Q33: in other spellings they are not JSON, and under a contract in none", () => {
  const cost = (token) => `{"usage":{"cost":${token}},"choices":[]}`;
  const refused = (token, path, at, options) =>
    body.fails(cost(token), [["NOT_JSON", "error", path, at]], options);
  for (const token of ["NaN", "Infinity", "-Infinity"]) {
    refused(token, "usage.cost", token, { contract: "openrouter" });
    for (const near of [token.toUpperCase(), token.slice(0, -1), `+${token}`]) {
      refused(near, "usage.cost", near);
    }
  }
});

test("Q34: sentinels are numbers like others", () => {
  const content = [-9999, -9999.0, -100, -1000, 0, -0.5].map((logprob) => ({
    token: "a",
    logprob,
  }));
  const value = body.decodes(completion({}, { logprobs: { content } }));
  assert.deepEqual(value.choices[0].logprobs.content, content);
});

test("Q35: log probabilities in the older form", () => {
  const none = { tokens: null, token_logprobs: null, top_logprobs: null, text_offset: null };
  assert.deepEqual(body.decodes(completion({}, { logprobs: none })).choices[0].logprobs, {
    tokens: null,
    tokenLogprobs: null,
    topLogprobs: null,
    textOffset: null,
  });
  const full = {
    tokens: ["a", "b"],
    token_logprobs: [null, -0.5],
    top_logprobs: [{ a: -0.1 }, null],
    text_offset: [0, 1],
    token_ids: [5, 6],
  };
  assert.deepEqual(chunk.decodes(delta({}, { logprobs: full })).choices[0].logprobs, {
    tokens: ["a", "b"],
    tokenLogprobs: [null, -0.5],
    topLogprobs: [{ a: -0.1 }, null],
    textOffset: [0, 1],
    extra: { token_ids: [5, 6] },
  });
});

test("Q36: reasoning stays under the name that it came by", () => {
  const details = [{ type: "reasoning.text", text: "c" }];
  for (const [wire, camel, value] of [
    ["reasoning", "reasoning", "hm"],
    ["reasoning_content", "reasoningContent", "hm"],
    ["reasoning_details", "reasoningDetails", details],
    ["reasoning", "reasoning", null],
    ["content", "content", "<think>hm</think>4"],
  ]) {
    assert.deepEqual(firstMessage(body.decodes(completion({ [wire]: value }))), { [camel]: value });
    const piece = chunk.decodes(delta({ [wire]: value }));
    assert.deepEqual(piece.choices[0].delta, { [camel]: value });
  }
  const unknown = body.decodes(completion({ content: "4", thinking: "hm" }));
  assert.deepEqual(firstMessage(unknown).extra, { thinking: "hm" });
});

test("Q37: the same reasoning under several names stays under all of them", () => {
  const details = [{ type: "reasoning.text", text: "The" }];
  const members = { reasoning: "The", reasoning_content: "The", reasoning_details: details };
  const typed = { reasoning: "The", reasoningContent: "The", reasoningDetails: details };
  assert.deepEqual(firstMessage(body.decodes(completion(members))), typed);
  assert.deepEqual(chunk.decodes(delta(members)).choices[0].delta, typed);
});

test("Q38: of a member that comes twice the last counts, but null undoes nothing", () => {
  const choice = (members) =>
    `{"choices":[{"index":0,"message":{"content":"hi",${members}},"finish_reason":"stop"}]}`;
  for (const [first, second, kept] of [
    ['"cot"', "null", '"cot"'],
    ['"cot"', '"other"', '"other"'],
    ["null", '"cot"', '"cot"'],
    ["null", "null", "null"],
  ]) {
    const value = body.decodes(
      choice(`"reasoning_content":${first},"reasoning_content":${second}`),
      [["DUPLICATE_KEY", "warning", "choices.0.message.reasoning_content", `${second}}`]],
      { wire: JSON.parse(choice(`"reasoning_content":${kept}`)) },
    );
    assert.equal(firstMessage(value).reasoningContent, JSON.parse(kept));
  }
});

// Of members that nobody knows nothing is known to go wrong, so they are as JSON.parse has them.
test("Q38: of an unknown member that comes twice the last counts, without a word", () => {
  const text = '{"new":1,"choices":[],"new":null,"deep":{"a":1,"a":2}}';
  const value = body.decodes(text, [], { allowEmptyChoices: true });
  assert.deepEqual(value.extra, { new: null, deep: { a: 2 } });
});

test("Q38: a value that did not fit is gone with the one that replaces it", () => {
  const value = body.decodes(
    '{"created":"x","created":5,"usage":{"prompt_tokens":1},"usage":null,"choices":[]}',
    [
      ["BAD_TYPE", "warning", "created", '"x"'],
      ["DUPLICATE_KEY", "warning", "created", "5"],
      ["DUPLICATE_KEY", "warning", "usage", "null"],
    ],
    { allowEmptyChoices: true, wire: { created: 5, usage: { prompt_tokens: 1 }, choices: [] } },
  );
  assert.deepEqual(value, { created: 5, usage: { promptTokens: 1 }, choices: [] });
});

test("Q38: under a contract the last one counts, whatever it is", () => {
  const { value, issues } = safeDecode(
    '{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[],' +
      '"service_tier":"auto","service_tier":null}',
    { contract: "openai" },
  );
  assert.equal(value.serviceTier, null);
  assert.deepEqual(
    issues.map(({ code, severity }) => [code, severity]),
    [["DUPLICATE_KEY", "warning"]],
  );
});

test("Q39: pieces of reasoning of every kind are kept", () => {
  const details = [
    { type: "reasoning.text", text: "a", signature: "s", format: "anthropic-claude-v1", index: 0 },
    { type: "reasoning.summary", summary: "b", id: null },
    { type: "reasoning.encrypted", data: "c" },
    { type: "reasoning.server_tool_call", tool_name: "d", tool_call_id: "e" },
    { type: "reasoning.new", shiny: { deep: [1] } },
  ];
  const value = body.decodes(completion({ reasoning_details: details }));
  assert.deepEqual(firstMessage(value).reasoningDetails.slice(3), [
    { type: "reasoning.server_tool_call", toolName: "d", toolCallId: "e" },
    { type: "reasoning.new", extra: { shiny: { deep: [1] } } },
  ]);
  chunk.decodes(delta({ reasoning_details: details }));
});

test("Q40: opaque state is kept at every level", () => {
  const google = { google: { thought_signature: "AY89", nested: { n: [1, { a: null }] } } };
  const call = {
    id: "c",
    type: "function",
    function: { name: "f", arguments: "{}", extra_content: google },
    extra_content: google,
  };
  const input = calling(call);
  Object.assign(input.choices[0].message, { extra_content: google });
  Object.assign(input.choices[0], { extra_content: google });
  Object.assign(input, { extra_content: google });
  const value = body.decodes(input);
  const { message } = value.choices[0];
  for (const { extra } of [
    value,
    value.choices[0],
    message,
    message.toolCalls[0],
    message.toolCalls[0].function,
  ]) {
    assert.deepEqual(extra, { extra_content: google });
  }
  chunk.decodes(delta({ tool_calls: [{ index: 0, ...call }] }));
});

test("Q41: service tiers are an open list", () => {
  for (const tier of ["on_demand", "standard", "batch", "", null]) {
    assert.equal(body.decodes(completion({}, {}, { service_tier: tier })).serviceTier, tier);
  }
  const value = body.decodes(completion({}, {}, { usage: { service_tier: "standard" } }));
  assert.equal(value.usage.serviceTier, "standard");
});

test("Q42: a refusal is no content", () => {
  for (const refusal of ["I will not.", "", null]) {
    const message = { content: null, refusal };
    assert.deepEqual(firstMessage(body.decodes(completion(message))), message);
    assert.deepEqual(chunk.decodes(delta(message)).choices[0].delta, message);
  }
});

test("Q43: annotations nested, flat, and of new kinds", () => {
  const annotations = [
    { type: "url_citation", url_citation: { url: "u", title: "t", start_index: 1, end_index: 2 } },
    { type: "url_citation", url: "u", title: "t", start_index: 1, end_index: 2 },
    { type: "file_path", file_path: { file_id: "f" } },
  ];
  const value = body.decodes(completion({ content: "x", annotations }));
  assert.deepEqual(firstMessage(value).annotations, [
    { type: "url_citation", urlCitation: { url: "u", title: "t", startIndex: 1, endIndex: 2 } },
    { type: "url_citation", url: "u", title: "t", startIndex: 1, endIndex: 2 },
    { type: "file_path", extra: { file_path: { file_id: "f" } } },
  ]);
});

test("Q44: citations are passed through, whether they are addresses or not", () => {
  const more = {
    citations: ["https://a.example", "not a URL", 5],
    search_results: [{ title: "t", date: null }],
    images: [{ image_url: "data:," }],
  };
  assert.deepEqual(body.decodes(completion({ content: "x" }, {}, more)).extra, more);
  assert.deepEqual(chunk.decodes(delta({}, {}, more)).extra, more);
});

test("Q45: sound, whole or in pieces", () => {
  const audio = { id: "a", data: "AAAA", expires_at: 1729018505, transcript: "Hi" };
  const typed = { id: "a", data: "AAAA", expiresAt: 1729018505, transcript: "Hi" };
  assert.deepEqual(firstMessage(body.decodes(completion({ content: null, audio }))).audio, typed);
  const last = chunk.decodes(delta({ audio: { expires_at: 1729018505 } }, { finish_reason: null }));
  assert.deepEqual(last.choices[0].delta.audio, { expiresAt: 1729018505 });
});

test("Q46: images in a message", () => {
  const images = [
    {
      type: "image_url",
      image_url: { url: `data:image/png;base64,${"A".repeat(5000)}` },
      index: 0,
    },
  ];
  const value = body.decodes(completion({ content: "", images }));
  assert.equal(firstMessage(value).images[0].imageUrl.url, images[0].image_url.url);
  chunk.decodes(delta({ images }));
});

test("Q47: what providers add is kept where they put it", () => {
  const value = body.decodes(
    completion(
      { content: "x", lastOne: true },
      {
        native_finish_reason: "end_turn",
        content_filter_results: { hate: { filtered: false } },
        stop_reason: 128009,
        matched_stop: "</s>",
        token_ids: [1, 2],
      },
      {
        provider: "Some",
        x_groq: { id: "req", seed: 5, extra_thing: 1 },
        timings: { prompt_n: 1, prompt_ms: 2.5 },
        prompt_logprobs: [null, { 5: { logprob: -1 } }],
        kv_transfer_params: null,
        prompt_filter_results: [{ prompt_index: 0 }],
      },
    ),
  );
  assert.deepEqual(value.xGroq, { id: "req", seed: 5, extra: { extra_thing: 1 } });
  assert.equal(value.choices[0].extra.stop_reason, 128009);
  assert.deepEqual(value.extra.prompt_logprobs, [null, { 5: { logprob: -1 } }]);
});

test("Q47: the same on chunks", () => {
  for (const reason of ["</s>", 128009, null]) {
    const value = chunk.decodes(
      delta(
        { content: "x" },
        { stop_reason: reason, matched_stop: 2 },
        { obfuscation: "abc", lastOne: true },
      ),
    );
    assert.equal(value.choices[0].stopReason, reason);
    assert.equal(value.obfuscation, "abc");
    assert.deepEqual(value.extra, { lastOne: true });
  }
});

test("Q48: white space before the body, a mark of the byte order too", () => {
  const text = JSON.stringify(completion({ content: "x" }));
  const padding = "\n         \n\n\r\n\t ".repeat(500);
  for (const before of [padding, "\uFEFF", `\uFEFF${padding}`]) {
    assert.deepEqual(decode(before + text), decode(text));
    assert.deepEqual(decode(Buffer.from(before + text)), decode(text));
  }
});

test("Q49: [DONE] after the body", () => {
  const text = JSON.stringify(completion({ content: "x" }));
  for (const tail of ["\n\ndata: [DONE]\n\n", "data:[DONE]", "\ndata:   [DONE]  \r\n"]) {
    body.decodes(text + tail, [["DONE_AFTER_BODY", "warning", "", tail.trim()]], {
      wire: JSON.parse(text),
    });
  }
});

test("Q49: other bytes after the body are reported; under a contract they fail it", () => {
  const input = { id: "x", object: "chat.completion", created: 1, model: "m", choices: [] };
  const text = JSON.stringify(input);
  for (const tail of ["xyz", "}", '{"choices":[]}', "\0", "data: [DONE] more", "data: {}"]) {
    body.decodes(`${text}\n${tail}`, [["TRAILING_BYTES", "warning", "", tail]], {
      allowEmptyChoices: true,
      wire: input,
    });
    const error = body.fails(`${text}\n${tail}`, [["NOT_JSON", "error", "", tail]], {
      contract: "openai",
    });
    assert.equal(error.partial.id, "x");
  }
});

test("Q50: a stream in place of a body says what it is", () => {
  for (const text of [
    'data: {"choices":[]}\n\n',
    ": ping\n\ndata: {}\n\n",
    "event: x\ndata: {}\n\n",
  ]) {
    const error = body.fails(text, [["NOT_JSON", "error", "", text]]);
    assert.match(error.message, /event stream/);
    assert.match(error.message, /server sent a stream/);
  }
});

test("Q51: a page says what it is, by its title", () => {
  for (const [text, says] of [
    ["<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>", /404 Not Found/],
    ["\n<html><HEAD><TITLE>Sign in</TITLE>", /Sign in/],
    ["<html><body>Blocked</body></html>", /<html>/],
  ]) {
    const error = body.fails(text, [["HTML_BODY", "error", "", text.trim()]]);
    assert.match(error.message, says);
    assert.match(error.message, /base URL/);
  }
});

test("Q52: no bytes, or white space alone", () => {
  for (const text of ["", " ", "\n\r\n\t", "\uFEFF"]) {
    const error = body.fails(text, [["EMPTY_BODY", "error", "", ""]]);
    assert.equal(error.partial, undefined);
  }
});

test("Q53: an envelope that says no is the provider's error", () => {
  const error = body.refuses(
    { result: null, success: false, errors: [{ code: 7009, message: "Upstream" }], messages: [] },
    { message: "Upstream", code: 7009 },
  );
  assert.deepEqual(error.error, { code: 7009, message: "Upstream" });
});

test("Q53: an envelope that says yes is opened", () => {
  const inner = completion({ content: "x" });
  const value = body.decodes(
    { result: inner, success: true, errors: [], messages: [] },
    [["ENVELOPE_UNWRAPPED", "warning", "result", '{"id"']],
    { wire: inner },
  );
  assert.equal(firstMessage(value).content, "x");
  // What is odd inside is told once, with the place where it stands; so is what follows.
  body.decodes(
    `{"result":{"choices":[{"index":0,"finish_reason":"stop"}],"x":[NaN]},"success":true} more`,
    [
      ["ENVELOPE_UNWRAPPED", "warning", "result", '{"choices"'],
      ["NON_FINITE_NUMBER", "warning", "result.x", "NaN"],
      ["TRAILING_BYTES", "warning", "", "more"],
    ],
    { wire: { choices: [{ index: 0, finish_reason: "stop" }], x: [null] } },
  );
  body.decodes(
    { success: true, result: { ...inner, created: "x" } },
    [
      ["ENVELOPE_UNWRAPPED", "warning", "result", '{"id"'],
      ["BAD_TYPE", "warning", "result.created", '"x"'],
    ],
    { wire: { ...inner, created: "x" } },
  );
});

test("Q53: an envelope with an error in it is the provider's error", () => {
  for (const choices of [null, [], [{ index: 0, message: { content: "x" } }]]) {
    const result = { choices, error: { code: 7009, message: "Upstream" } };
    const { error } = safeDecode(JSON.stringify({ success: true, result }));
    assert.equal(error.name, "ProviderError");
    assert.deepEqual(error.error, { code: 7009, message: "Upstream" });
  }
});

test("Q53: an envelope with nothing in it is no completion", () => {
  const { error } = safeDecode('{"success":true,"result":{"choices":[]}}');
  assert.ok(error instanceof DecodeError);
  assert.equal(error.code, "NO_CHOICES");
  assert.deepEqual(error.path, ["result", "choices"]);
  body.fails({ success: true, result: {} }, [["NO_CHOICES", "error", "choices", "{"]]);
  body.fails({ success: false, result: inner() }, [["NO_CHOICES", "error", "choices", "{"]]);
  function inner() {
    return completion({ content: "x" });
  }
});

test("a value that did not fit is not kept when its member comes again, whatever else is", () => {
  const value = decode('{"id":5,"odd":1,"id":"x","choices":[{"index":0,"finish_reason":"stop"}]}');
  assert.equal(value.id, "x");
  assert.deepEqual(value.extra, { odd: 1 });
  const twice = decode('{"id":5,"odd":1,"id":6,"choices":[{"index":0,"finish_reason":"stop"}]}');
  assert.deepEqual(twice.extra, { odd: 1, id: 6 });
});
