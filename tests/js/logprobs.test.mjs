// How likely tokens were, in both forms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, decodeChunk, isClamped, tokenLogprobs } from "chatwire";

const choiceOf = (logprobs) =>
  decode(JSON.stringify({ choices: [{ index: 0, message: {}, logprobs }] })).choices[0];

const wire = {
  token: "Hi",
  logprob: -0.5,
  bytes: [72, 105],
  top_logprobs: [{ token: "Ho", logprob: -1, bytes: null }],
};
const { top_logprobs: topLogprobs, ...rest } = wire;
const token = { ...rest, topLogprobs };

test("the list of objects is given as it is", () => {
  const choice = choiceOf({ content: [wire, { token: "!", logprob: null }] });
  const expected = [token, { token: "!", logprob: null }];
  assert.deepEqual(tokenLogprobs(choice), expected);
  assert.deepEqual(tokenLogprobs(choice.logprobs), expected);
});

test("of a chunk's choice too", () => {
  const body = { choices: [{ index: 0, delta: {}, logprobs: { content: [wire] } }] };
  assert.deepEqual(tokenLogprobs(decodeChunk(JSON.stringify(body)).choices[0]), [token]);
});

test("a refusal's tokens stand in for the content's", () => {
  assert.deepEqual(tokenLogprobs(choiceOf({ content: null, refusal: [wire] })), [token]);
  assert.deepEqual(tokenLogprobs(choiceOf({ content: [wire], refusal: [] })), [token]);
});

test("Q35: the older form gives the same list", () => {
  const older = {
    tokens: ["Hi", "!"],
    token_logprobs: [null, -0.5],
    top_logprobs: [null, { "!": -0.5, top_logprobs: -2 }],
    text_offset: [0, 2],
  };
  const expected = [
    { token: "Hi", logprob: null },
    {
      token: "!",
      logprob: -0.5,
      topLogprobs: [
        { token: "!", logprob: -0.5 },
        { token: "top_logprobs", logprob: -2 },
      ],
    },
  ];
  const choice = choiceOf(older);
  assert.deepEqual(tokenLogprobs(choice), expected);
  assert.deepEqual(tokenLogprobs(choice.logprobs), expected);
  assert.deepEqual(tokenLogprobs(choiceOf({ content: null, ...older })), expected);
});

test("Q35: lists of the older form that are short or missing", () => {
  assert.deepEqual(tokenLogprobs(choiceOf({ tokens: ["a", "b"], token_logprobs: [-1] })), [
    { token: "a", logprob: -1 },
    { token: "b", logprob: null },
  ]);
  assert.deepEqual(tokenLogprobs(choiceOf({ token_logprobs: [-1], token_ids: [5] })), [
    { token: null, logprob: -1 },
  ]);
  const listed = { tokens: ["a"], top_logprobs: [[{ token: "b", logprob: -1 }]] };
  assert.deepEqual(tokenLogprobs(choiceOf(listed)), [
    { token: "a", logprob: null, topLogprobs: [{ token: "b", logprob: -1 }] },
  ]);
});

test("Q35: log probabilities that are all null are none", () => {
  const nulls = { tokens: null, token_logprobs: null, top_logprobs: null, text_offset: null };
  for (const none of [nulls, { content: null, refusal: null }, {}, null, undefined]) {
    assert.equal(tokenLogprobs(choiceOf(none)), undefined);
  }
  assert.equal(tokenLogprobs(null), undefined);
  assert.equal(tokenLogprobs(undefined), undefined);
});

test("Q107: an empty list is a list", () => {
  assert.deepEqual(tokenLogprobs(choiceOf({ content: [] })), []);
  assert.deepEqual(tokenLogprobs(choiceOf({ tokens: [] })), []);
});

test("contracts that leave log probabilities open, or have less of them", () => {
  const body = {
    id: "i",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", content: "" },
        logprobs: { content: [wire] },
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
  for (const contract of ["sudo", "atoma", "mistral"]) {
    const [choice] = decode(JSON.stringify(body), { contract }).choices;
    const [one] = tokenLogprobs(choice);
    assert.deepEqual({ ...one, extra: undefined }, { ...token, extra: undefined }, contract);
  }
});

test("Q34: sentinels are told from log probabilities", () => {
  for (const clamped of [-9999, -9999.0, -1000, -100]) assert.equal(isClamped(clamped), true);
  for (const real of [0, -0.5, -99.9, -100.5, -Infinity, null, undefined]) {
    assert.equal(isClamped(real), false);
  }
});

test("arguments of other types are refused in words", () => {
  for (const wrong of ["x", 5, [], Promise.resolve()]) {
    assert.throws(() => tokenLogprobs(wrong), {
      name: "TypeError",
      message: /^tokenLogprobs takes a choice or its logprobs, not /,
    });
  }
});
