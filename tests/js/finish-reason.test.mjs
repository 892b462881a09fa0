// Why models stopped, in one vocabulary.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, decodeChunk, unifiedFinishReason } from "chatwire";

const choiceOf = (choice) => decode(JSON.stringify({ choices: [choice] })).choices[0];
const deltaOf = (choice) => decodeChunk(JSON.stringify({ choices: [choice] })).choices[0];
const calls = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
const reasonOf = (finish_reason, message = {}) =>
  unifiedFinishReason(choiceOf({ index: 0, finish_reason, message }));

const spellings = {
  stop: "stop STOP eos eos_token end_turn stop_sequence COMPLETE",
  length:
    "length model_length max_tokens MAX_TOKENS token_limit model_context_window_exceeded ERROR_LIMIT",
  "content-filter":
    "content_filter content-filter SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII sensitive refusal guardrail_intervened ERROR_TOXIC",
  error:
    "error ERROR abort insufficient_system_resource network_error MALFORMED_FUNCTION_CALL cancelled TIMEOUT",
  unknown: "other OTHER something_new constructor __proto__ 0",
};

for (const [unified, names] of Object.entries(spellings)) {
  test(`Q29: finish reasons that mean ${unified}`, () => {
    for (const name of names.split(" ")) assert.equal(reasonOf(name), unified, name);
  });
}

test("Q29: finish reasons that mean tool-calls", () => {
  for (const name of ["tool_calls", "tool_use", "TOOL_CALL", "function_call", "tool-calls"]) {
    assert.equal(reasonOf(name, { tool_calls: calls }), "tool-calls", name);
  }
});

test("Q19: tool_calls without a call is a stop", () => {
  for (const tool_calls of [undefined, null, []]) {
    assert.equal(reasonOf("tool_calls", { content: "a", tool_calls }), "stop");
  }
  assert.equal(unifiedFinishReason({ finishReason: "tool_calls", message: null }), "stop");
});

test("Q20: a stop with tool calls waits for them", () => {
  for (const name of ["stop", "eos", "end_turn", "STOP"]) {
    assert.equal(reasonOf(name, { tool_calls: calls }), "tool-calls", name);
  }
});

test("Q20: tool calls do not change what cut the answer off", () => {
  assert.equal(reasonOf("length", { tool_calls: calls }), "length");
  assert.equal(reasonOf("content_filter", { tool_calls: calls }), "content-filter");
  assert.equal(reasonOf("error", { tool_calls: calls }), "error");
  assert.equal(reasonOf("something_new", { tool_calls: calls }), "unknown");
});

test("Q28: the older function call counts as a call", () => {
  const message = { function_call: { name: "f", arguments: "{}" } };
  assert.equal(reasonOf("function_call", message), "tool-calls");
  assert.equal(reasonOf("stop", message), "tool-calls");
  assert.equal(reasonOf("function_call", { function_call: null }), "stop");
});

test("Q30: no finish reason is unknown", () => {
  assert.equal(reasonOf(null), "unknown");
  assert.equal(reasonOf(undefined), "unknown");
  assert.equal(reasonOf(null, { tool_calls: calls }), "unknown");
  assert.equal(unifiedFinishReason(undefined), "unknown");
  assert.equal(unifiedFinishReason(null), "unknown");
});

test("Q31, Q97: finish reasons that say there is none are unknown", () => {
  assert.equal(reasonOf("null"), "unknown");
  assert.equal(reasonOf(""), "unknown");
  assert.equal(unifiedFinishReason({ finishReason: "null", message: {} }), "unknown");
});

test("a chunk's tool_calls is believed, for the calls came before", () => {
  const last = { index: 0, delta: {}, finish_reason: "tool_calls" };
  assert.equal(unifiedFinishReason(deltaOf(last)), "tool-calls");
  assert.equal(unifiedFinishReason(deltaOf({ ...last, delta: undefined })), "tool-calls");
  assert.equal(unifiedFinishReason(deltaOf({ ...last, finish_reason: "stop" })), "stop");
  assert.equal(unifiedFinishReason(deltaOf({ ...last, finish_reason: null })), "unknown");
});

test("Q120: a chunk that has the calls and stops waits for them", () => {
  const choice = deltaOf({ index: 0, delta: { tool_calls: calls }, finish_reason: "stop" });
  assert.equal(unifiedFinishReason(choice), "tool-calls");
});

test("an answer of several messages has the calls of all", () => {
  const messages = [{ content: "a" }, { tool_calls: calls }];
  const choice = choiceOf({ index: 0, messages, finish_reason: "stop" });
  assert.equal(unifiedFinishReason(choice), "tool-calls");
  const none = choiceOf({ index: 0, messages: [{ content: "a" }], finish_reason: "tool_calls" });
  assert.equal(unifiedFinishReason(none), "stop");
});

test("arguments of other types are refused in words", () => {
  for (const wrong of ["stop", 5, [], Promise.resolve()]) {
    assert.throws(() => unifiedFinishReason(wrong), {
      name: "TypeError",
      message: /^unifiedFinishReason takes a choice, not /,
    });
  }
});
