// What requests used, however servers count it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cachedTokens, decode, reasoningTokens, textTokens, totalTokens } from "chatwire";

const usageOf = (usage) => decode(JSON.stringify({ choices: [{ message: {} }], usage })).usage;

const strict = { id: "i", object: "chat.completion", created: 1, model: "m" };
const counts = { prompt_tokens: 12, completion_tokens: 10, total_tokens: 22 };
const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "" } }];
const usageUnder = (contract, usage) => {
  const body = { ...strict, choices, usage: { ...counts, ...usage } };
  return decode(JSON.stringify(body), { contract }).usage;
};

test("Q11: a usage that is null or absent has no tokens", () => {
  for (const none of [null, undefined, {}]) {
    assert.equal(totalTokens(none), undefined);
    assert.equal(cachedTokens(none), undefined);
    assert.equal(reasoningTokens(none), undefined);
    assert.equal(textTokens(none), undefined);
  }
});

test("Q12: the total is the given one, or else the sum", () => {
  assert.equal(totalTokens(usageOf({ ...counts, total_tokens: 30 })), 30);
  assert.equal(totalTokens(usageOf({ prompt_tokens: 23, completion_tokens: 292 })), 315);
  assert.equal(totalTokens(usageOf({ ...counts, total_tokens: null })), 22);
  assert.equal(totalTokens(usageOf({ prompt_tokens: 0, completion_tokens: 0 })), 0);
  assert.equal(totalTokens(usageOf({ prompt_tokens: 23 })), undefined);
  assert.equal(totalTokens(usageOf({ completion_tokens: 23, prompt_tokens: null })), undefined);
});

test("Q13: fractional counts are kept", () => {
  assert.equal(totalTokens(usageOf({ prompt_tokens: 12, completion_tokens: 14417.92 })), 14429.92);
});

test("Q14: what is no count is as good as absent", () => {
  assert.equal(totalTokens(usageOf({ ...counts, total_tokens: -1 })), 22);
  assert.equal(totalTokens(usageOf({ ...counts, total_tokens: [3] })), 22);
  assert.equal(totalTokens(usageOf({ ...counts, total_tokens: "22" })), 22);
  assert.equal(cachedTokens(usageOf({ prompt_cache_hit_tokens: "x" })), undefined);
});

test("Q15: cached tokens under all four names", () => {
  assert.equal(cachedTokens(usageOf({ prompt_tokens_details: { cached_tokens: 1 } })), 1);
  assert.equal(cachedTokens(usageOf({ prompt_cache_hit_tokens: 2 })), 2);
  assert.equal(cachedTokens(usageOf({ num_cached_tokens: 3 })), 3);
  assert.equal(cachedTokens(usageOf({ prompt_token_details: { cached_tokens: 4 } })), 4);
});

test("Q15: where several are there, the first counts, and none is added", () => {
  const all = {
    prompt_tokens_details: { cached_tokens: 0 },
    prompt_cache_hit_tokens: 2,
    num_cached_tokens: 3,
  };
  assert.equal(cachedTokens(usageOf(all)), 0);
  assert.equal(cachedTokens(usageOf({ ...all, prompt_tokens_details: {} })), 2);
  assert.equal(cachedTokens(usageOf({ ...all, prompt_tokens_details: null })), 2);
  assert.equal(cachedTokens(usageOf(counts)), undefined);
});

test("details are found wherever a contract leaves them", () => {
  const details = {
    prompt_tokens_details: { cached_tokens: 5 },
    completion_tokens_details: { reasoning_tokens: 4 },
  };
  for (const contract of ["sudo", "mistral"]) {
    const usage = usageUnder(contract, details);
    assert.equal(cachedTokens(usage), 5, contract);
    assert.equal(reasoningTokens(usage), 4, contract);
    assert.deepEqual(textTokens(usage), { tokens: 6, clamped: false }, contract);
  }
});

test("reasoning tokens are those that the server reports", () => {
  assert.equal(reasoningTokens(usageOf({ completion_tokens_details: { reasoning_tokens: 0 } })), 0);
  assert.equal(reasoningTokens(usageOf({ reasoning_tokens: 7 })), 7);
  assert.equal(reasoningTokens(usageOf({ completion_tokens_details: null })), undefined);
});

const spent = (reasoning_tokens, usage) =>
  usageOf({ ...usage, completion_tokens_details: { reasoning_tokens } });

test("text is the answer without the reasoning", () => {
  assert.deepEqual(textTokens(spent(4, counts)), { tokens: 6, clamped: false });
  assert.deepEqual(textTokens(spent(10, counts)), { tokens: 0, clamped: false });
  assert.deepEqual(textTokens(usageOf(counts)), { tokens: 10, clamped: false });
  assert.deepEqual(textTokens(spent(null, counts)), { tokens: 10, clamped: false });
  assert.equal(textTokens(spent(4, { prompt_tokens: 12 })), undefined);
});

test("text tokens that the server gives are taken", () => {
  const completion_tokens_details = { reasoning_tokens: 2, text_tokens: 3, audio_tokens: 5 };
  const usage = usageOf({ ...counts, completion_tokens_details });
  assert.deepEqual(textTokens(usage), { tokens: 3, clamped: false });
});

test("Q16: reasoning that is counted beside the answer is not subtracted from it", () => {
  const usage = spent(290, { prompt_tokens: 12, completion_tokens: 1, total_tokens: 303 });
  assert.deepEqual(textTokens(usage), { tokens: 1, clamped: false });
  const more = spent(5, { prompt_tokens: 12, completion_tokens: 10, total_tokens: 27 });
  assert.deepEqual(textTokens(more), { tokens: 10, clamped: false });
});

test("Q16: the difference is never below zero", () => {
  assert.deepEqual(textTokens(spent(290, { completion_tokens: 1 })), { tokens: 0, clamped: true });
  const odd = spent(290, { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 });
  assert.deepEqual(textTokens(odd), { tokens: 0, clamped: true });
});

test("arguments of other types are refused in words", () => {
  for (const helper of [totalTokens, cachedTokens, reasoningTokens, textTokens]) {
    for (const wrong of [5, "5", [], Promise.resolve()]) {
      assert.throws(() => helper(wrong), {
        name: "TypeError",
        message: new RegExp(`^${helper.name} takes a usage, not `),
      });
    }
  }
});
