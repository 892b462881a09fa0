// What messages say, and what goes back to the server.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decode,
  hasToolCalls,
  messageReasoning,
  messageReasoningSource,
  messageText,
  toRequestMessage,
} from "chatwire";

const decoded = (message, options) =>
  decode(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }] }), options)
    .choices[0].message;
const request = (message) => toRequestMessage(decoded(message));

const strict = { id: "i", object: "chat.completion", created: 1, model: "m" };
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const decodedUnder = (contract, message) => {
  const choices = [{ index: 0, finish_reason: "stop", message }];
  return decode(JSON.stringify({ ...strict, usage, choices }), { contract }).choices[0].message;
};

// ---- Text ---------------------------------------------------------------------------------------

test("Q5: no content is no text", () => {
  for (const content of [undefined, null, ""]) assert.equal(messageText(decoded({ content })), "");
  assert.equal(messageText(null), "");
  assert.equal(messageText(undefined), "");
});

test("content that is a string is the text as it came", () => {
  assert.equal(messageText(decoded({ content: " a\n" })), " a\n");
  assert.equal(messageText(decoded({ content: "<think>b</think>a" })), "<think>b</think>a");
});

test("Q6: the text parts of the content are joined, and nothing else", () => {
  const content = [
    { type: "thinking", thinking: [{ type: "text", text: "hmm" }] },
    { type: "text", text: "4" },
    { type: "reference", reference_ids: [1] },
    { text: "2" },
    { type: "refusal", refusal: "no" },
    { type: "text", text: null },
    { type: "image_url", image_url: "data:," },
  ];
  assert.equal(messageText(decoded({ content })), "42");
});

test("Q42: a refusal is not text", () => {
  assert.equal(messageText(decoded({ content: null, refusal: "no" })), "");
});

test("Q36: a leading <think> can be left out of the text", () => {
  const cases = [
    ["<think>\nhm\n</think>\n\n4", "4"],
    ["\n <think></think>4 ", "4 "],
    ["<think>cut off", ""],
    ["a <think>b</think>", "a <think>b</think>"],
    ["4", "4"],
    ["", ""],
  ];
  for (const [content, text] of cases) {
    assert.equal(messageText({ content }, { omitThinking: true }), text);
    assert.equal(messageText({ content }), content);
  }
});

// ---- Reasoning ----------------------------------------------------------------------------------

const places = {
  reasoningContent: { reasoning_content: "A" },
  reasoning: { reasoning: "B" },
  reasoningDetails: { reasoning_details: [{ type: "reasoning.text", text: "C" }] },
  thinkingParts: {
    content: [{ type: "thinking", thinking: [{ type: "text", text: "D" }] }],
  },
  thinkTags: { content: "<think>E</think>4" },
};

for (const [source, message] of Object.entries(places)) {
  test(`Q36: reasoning is found, from ${source}`, () => {
    const value = decoded({ role: "assistant", content: "4", ...message });
    assert.equal(messageReasoningSource(value), source);
    assert.equal(messageReasoning(value), "ABCDE"[Object.keys(places).indexOf(source)]);
  });
}

test("Q36: a message without reasoning has none", () => {
  const empty = { content: "4", reasoning: null, reasoning_content: "", reasoning_details: [] };
  for (const message of [decoded(empty), decoded({}), null, undefined]) {
    assert.equal(messageReasoning(message), undefined);
    assert.equal(messageReasoningSource(message), undefined);
  }
});

test("Q37: the same reasoning in several places is taken once, by a fixed priority", () => {
  const { thinkTags, ...others } = places;
  const names = Object.keys(others);
  for (let i = 0; i < names.length; i++) {
    const message = Object.assign({}, ...names.slice(i).map((name) => places[name]));
    assert.equal(messageReasoning(decoded(message)), "ABCD"[i]);
    assert.equal(messageReasoningSource(decoded(message)), names[i]);
  }
  const tagged = decoded({ ...places.reasoning, ...thinkTags });
  assert.equal(messageReasoning(tagged), "B");
});

test("Q37: a place that is empty does not hide the next", () => {
  const message = { reasoning_content: "", reasoning: null, ...places.reasoningDetails };
  assert.equal(messageReasoning(decoded(message)), "C");
});

test("Q39: the texts of details are joined, or else their summaries", () => {
  const encrypted = { type: "reasoning.encrypted", data: "AAAA" };
  const texts = [
    { type: "reasoning.text", text: "a", signature: "s" },
    encrypted,
    { type: "reasoning.summary", summary: "x" },
    { type: "reasoning.text", text: "b" },
    { type: "reasoning.new", foo: 1 },
    null,
  ];
  assert.equal(messageReasoning(decoded({ reasoning_details: texts })), "ab");
  const summaries = [{ type: "reasoning.summary", summary: "x" }, encrypted];
  assert.equal(messageReasoning(decoded({ reasoning_details: summaries })), "x");
  assert.equal(messageReasoning(decoded({ reasoning_details: [encrypted] })), undefined);
});

test("Q6: thinking parts are joined, also where the thinking is a string", () => {
  const content = [
    { type: "thinking", thinking: [{ type: "text", text: "a" }, { type: "reference" }] },
    { type: "text", text: "4" },
    { type: "thinking", thinking: "b", signature: "s" },
    { type: "thinking" },
  ];
  assert.equal(messageReasoning(decoded({ content })), "ab");
});

test("Q36: <think> counts at the beginning only, and to the end where it is cut off", () => {
  assert.equal(messageReasoning({ content: "<think>\n a \n</think>\n4</think>" }), "a");
  assert.equal(messageReasoning({ content: " \n<think>a" }), "a");
  assert.equal(messageReasoning({ content: "<think>\n\n</think>\n\n4" }), undefined);
  assert.equal(messageReasoning({ content: "The tag <think>a</think>" }), undefined);
  assert.equal(messageReasoning({ content: [{ type: "text", text: "<think>a</think>4" }] }), "a");
});

test("Q36: reasoning that a contract does not have is found under extra", () => {
  const message = { role: "assistant", content: "4", ...places.reasoningContent };
  const value = decodedUnder("mistral", message);
  assert.equal(value.reasoningContent, undefined);
  assert.equal(messageReasoning(value), "A");
  const details = decodedUnder("mistral", { ...message, ...places.reasoningDetails });
  delete details.extra.reasoning_content;
  assert.equal(messageReasoningSource(details), "reasoningDetails");
});

test("reasoning of another type is not taken for text", () => {
  const message = { reasoning: { effort: "low" }, reasoning_details: "x", content: [[1], null, 2] };
  assert.equal(messageReasoning(decoded(message)), undefined);
  assert.equal(messageText(decoded(message)), "");
});

// ---- Tool calls ---------------------------------------------------------------------------------

const called = { name: "f", arguments: "{}" };

test("Q17, Q18: no tool calls, whether they are absent, null or empty", () => {
  for (const calls of [undefined, null, []]) {
    assert.equal(hasToolCalls(decoded({ tool_calls: calls })), false);
  }
  assert.equal(hasToolCalls(null), false);
  assert.equal(hasToolCalls(undefined), false);
  assert.equal(hasToolCalls({ toolCalls: [] }), false);
});

test("Q20: tool calls are there whatever the finish reason says", () => {
  assert.equal(hasToolCalls(decoded({ tool_calls: [{ function: called }] })), true);
});

test("Q28: the older function call is no tool call", () => {
  assert.equal(hasToolCalls(decoded({ function_call: called })), false);
});

// ---- The next request ---------------------------------------------------------------------------

test("a plain answer goes back as it came", () => {
  assert.deepEqual(request({ role: "assistant", content: "hi" }), {
    role: "assistant",
    content: "hi",
  });
});

test("Q40: opaque members go back, at every level", () => {
  const message = {
    role: "assistant",
    content: [
      {
        type: "thinking",
        thinking: [{ type: "text", text: "hmm" }],
        signature: "s1",
        x: { aB: 1 },
      },
      { type: "text", text: "4", annotations: [] },
    ],
    reasoning_content: "hmm",
    reasoning_details: [
      { type: "reasoning.encrypted", data: "AAAA", id: "rs", format: "f", index: 0 },
      { type: "reasoning.new", index: "1", foo: [1] },
      "odd",
    ],
    annotations: [{ type: "file", file: { hash: "h" } }],
    tool_calls: [
      {
        id: "c",
        type: "function",
        function: { ...called, thought: "t" },
        extra_content: { google: { thought_signature: "AY89" } },
      },
    ],
    provider_specific_fields: { thought_signatures: ["x"], none: null },
    nothing: null,
  };
  assert.deepEqual(request(message), message);
});

test("Q40: members that a contract does not have go back", () => {
  const message = { role: "assistant", content: "4", reasoning_content: "A", refusal: null };
  assert.deepEqual(toRequestMessage(decodedUnder("mistral", message)), {
    role: "assistant",
    content: "4",
    reasoning_content: "A",
  });
});

test("Q21: arguments that came as an object go back as a string", () => {
  const message = { role: "assistant", content: null };
  const calls = [{ id: "c", type: "function", function: { name: "f", arguments: { x: [1] } } }];
  const sent = [{ id: "c", type: "function", function: { name: "f", arguments: '{"x":[1]}' } }];
  assert.deepEqual(request({ ...message, tool_calls: calls }), { ...message, tool_calls: sent });
  const strictly = decodedUnder("mistral", { ...message, tool_calls: calls });
  assert.deepEqual(toRequestMessage(strictly), { ...message, tool_calls: sent });
});

test("Q22: arguments that are empty or null go back as an empty object", () => {
  for (const none of ["", " ", null, undefined]) {
    const call = { id: "c", type: "function", function: { name: "f", arguments: none } };
    const { tool_calls, function_call } = request({
      tool_calls: [call],
      function_call: call.function,
    });
    assert.deepEqual(tool_calls[0].function, { name: "f", arguments: "{}" });
    assert.deepEqual(function_call, { name: "f", arguments: "{}" });
  }
});

test("Q24: arguments that are not JSON go back as they are", () => {
  const broken = { name: "f", arguments: '{"a":1}{"a":' };
  const { tool_calls } = request({ tool_calls: [{ id: "c", function: broken }] });
  assert.deepEqual(tool_calls[0].function, broken);
});

test("Q25: an id that chatwire made up goes back", () => {
  for (const id of [undefined, null, ""]) {
    const message = decoded({ tool_calls: [{ id, type: "function", function: called }] });
    const [call] = toRequestMessage(message).tool_calls;
    assert.match(call.id, /^call_/);
    assert.deepEqual(call, { id: message.toolCalls[0].id, type: "function", function: called });
  }
});

test("Q26: the type of a tool call goes back, also where the server sent none", () => {
  for (const type of [undefined, null, ""]) {
    const [call] = request({ tool_calls: [{ id: "c", type, function: called }] }).tool_calls;
    assert.deepEqual(call, { id: "c", type: "function", function: called });
  }
  const [custom] = toRequestMessage({ toolCalls: [{ id: "c", custom: { name: "n" } }] }).tool_calls;
  assert.deepEqual(custom, { id: "c", type: "custom", custom: { name: "n" } });
});

test("Q27: a custom tool's input goes back as it is", () => {
  const call = { id: "c", type: "custom", custom: { name: "n", input: "" } };
  assert.deepEqual(request({ tool_calls: [call] }).tool_calls, [call]);
});

test("the index of a tool call stays behind", () => {
  const call = { id: "c", type: "function", function: called };
  assert.deepEqual(request({ tool_calls: [{ index: 0, ...call }] }).tool_calls, [call]);
});

test("Q17, Q18: tool calls that are null or empty do not go back", () => {
  for (const calls of [null, [], {}, ["x"]]) {
    assert.deepEqual(request({ role: "assistant", content: "a", tool_calls: calls }), {
      role: "assistant",
      content: "a",
    });
  }
});

test("Q42: members that are null do not go back", () => {
  const nulls = {
    refusal: null,
    function_call: null,
    audio: null,
    annotations: null,
    reasoning: null,
    reasoning_content: null,
    name: null,
    tool_call_id: null,
  };
  const sent = { role: "assistant", content: "a" };
  assert.deepEqual(request({ ...sent, ...nulls }), sent);
  assert.deepEqual(request({ ...sent, annotations: [], refusal: "" }), sent);
  assert.deepEqual(request({ ...sent, refusal: "no" }), { ...sent, refusal: "no" });
});

test("Q45: sound goes back as its id", () => {
  const audio = { id: "a", data: "AAAA", expires_at: 1, transcript: "hi", format: "wav" };
  assert.deepEqual(request({ role: "assistant", content: null, audio }), {
    role: "assistant",
    audio: { id: "a" },
  });
  assert.deepEqual(request({ role: "assistant", content: "a", audio: { data: "AAAA" } }), {
    role: "assistant",
    content: "a",
  });
  const open = decodedUnder("sudo", { role: "assistant", content: "a", audio });
  assert.deepEqual(toRequestMessage(open).audio, { id: "a" });
});

test("Q96: the role is assistant where there is none", () => {
  for (const role of [undefined, null, "", 5]) {
    assert.equal(request({ role, content: "a" }).role, "assistant");
  }
  assert.equal(request({ role: "system", content: "a" }).role, "system");
});

test("Q5: content is there unless calls or sound stand for it", () => {
  const tool_calls = [{ id: "c", type: "function", function: called }];
  for (const content of [undefined, null, 5, []]) {
    assert.equal(request({ content }).content, "");
    assert.equal(request({ content, reasoning_content: "hm" }).content, "");
    assert.equal(request({ content, tool_calls }).content, content === null ? null : undefined);
    assert.equal(Object.hasOwn(request({ content, audio: { id: "a" } }), "content"), false);
  }
  assert.equal(request({ content: "", tool_calls }).content, "");
});

test("Q127: a member called __proto__ goes back as a member", () => {
  const body = '{"choices":[{"message":{"content":"a","__proto__":{"x":1}}}]}';
  const sent = toRequestMessage(decode(body).choices[0].message);
  assert.equal(JSON.stringify(sent), '{"content":"a","__proto__":{"x":1},"role":"assistant"}');
});

test("the message is not changed", () => {
  const message = decoded({ tool_calls: [{ function: { name: "f" } }], refusal: null });
  const before = structuredClone(message);
  const sent = toRequestMessage(message);
  sent.tool_calls[0].function.name = "g";
  assert.deepEqual(message, before);
  assert.deepEqual(message.toolCalls[0].function, { name: "f" });
});

test("arguments of other types are refused in words", () => {
  const helpers = { messageText, messageReasoning, messageReasoningSource, hasToolCalls };
  for (const wrong of ["text", 5, [], Promise.resolve()]) {
    for (const [name, helper] of Object.entries({ ...helpers, toRequestMessage })) {
      assert.throws(() => helper(wrong), {
        name: "TypeError",
        message: new RegExp(`^${name} takes a message, not `),
      });
    }
  }
  for (const none of [null, undefined]) {
    assert.throws(() => toRequestMessage(none), {
      name: "TypeError",
      message: `toRequestMessage takes a message, not ${none}.`,
    });
  }
});
