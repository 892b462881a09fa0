// Streams of real providers, as they were recorded, where they are at hand.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { decodeChunk, messageReasoning, messageText } from "chatwire";
import { dataOf, wireCompletion } from "./reference.mjs";
import { cut, oneByOne, run } from "./support.mjs";

const corpus = new URL("../../../../shared/corpus/streams/", import.meta.url);
const recorded = existsSync(corpus)
  ? readdirSync(corpus).map((name) => ({ name, bytes: readFileSync(new URL(name, corpus)) }))
  : [];

const windowSize = 10_000;

/** Streams of their own that are cut at each place: a file, or the first and the last of its events. */
function windowsOf(bytes) {
  if (bytes.length <= 2 * windowSize) return [bytes];
  const start = bytes.indexOf("\n\n", bytes.length - windowSize) + 2;
  return [bytes.subarray(0, windowSize), bytes.subarray(start)];
}

/** The text and the reasoning of a message on the wire. */
function said({ content, reasoning, reasoning_content }) {
  const parts = Array.isArray(content) ? content : [{ type: "text", text: content ?? "" }];
  const thinking = parts.flatMap((part) => part.thinking ?? []);
  const textIn = (all) => all.map(({ text }) => text ?? "").join("");
  return {
    text: textIn(parts),
    reasoning: reasoning ?? reasoning_content ?? textIn(thinking),
  };
}

/** What came of a part, which mostly is a truncated stream. */
const outcome = ({ snapshot, state, issues, usageUpdates }) => ({
  snapshot,
  state,
  issues,
  usageUpdates,
});

describe("recorded streams", () => {
  if (recorded.length === 0) {
    it("are not here", (t) => t.skip(`there is no ${fileURLToPath(corpus)}`));
    return;
  }
  for (const { name, bytes } of recorded) {
    const data = dataOf(bytes);
    const wire = wireCompletion(data.map((one) => JSON.parse(one)));

    it(`${name} is what its events are`, () => {
      const { chunks, completion, error, state, issues } = run([bytes]);
      assert.equal(error, undefined);
      assert.equal(state, "complete");
      assert.ok(
        issues.every(({ severity }) => severity === "info"),
        JSON.stringify(issues),
      );
      assert.deepStrictEqual(
        chunks,
        data.map((one) => decodeChunk(one)),
      );
      assert.equal(completion.id, wire.id);
      assert.equal(completion.model, wire.model);
      assert.equal(completion.choices.length, 1);
      const [{ message, finishReason }] = completion.choices;
      const expected = wire.choices[0];
      assert.equal(finishReason, expected.finish_reason);
      const { text, reasoning } = said(expected.message);
      assert.equal(messageText(message), text);
      assert.equal(messageReasoning(message) ?? "", reasoning);
      assert.ok(text.length + reasoning.length > 0 || message.toolCalls.length > 0);
      assert.deepEqual(
        message.toolCalls?.map((call) => [call.id, call.function.name, call.function.arguments]),
        expected.message.tool_calls?.map((call) => [
          call.id,
          call.function.name,
          call.function.arguments,
        ]),
      );
      assert.equal(completion.usage.promptTokens, wire.usage.prompt_tokens);
      assert.equal(completion.usage.completionTokens, wire.usage.completion_tokens);
      assert.equal(completion.usage.totalTokens, wire.usage.total_tokens);
    });

    it(`${name} is the same in every cut`, () => {
      const expected = run([bytes]);
      assert.deepStrictEqual(run(oneByOne(bytes)), expected);
      for (const size of [2, 7, 64, 1000, 16384]) {
        const places = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => i * size);
        assert.deepStrictEqual(run(cut(bytes, places)), expected, `reads of ${size} bytes`);
      }
      for (const part of windowsOf(bytes)) {
        const wanted = outcome(run([part], { collect: true }));
        for (let at = 0; at <= part.length; at++) {
          const made = outcome(run(cut(part, [at]), { collect: true }));
          assert.deepStrictEqual(made, wanted, `cut at ${at} of ${part.length}`);
        }
      }
      const stride = Math.ceil(bytes.length / 100);
      for (let at = 1; at < bytes.length; at += stride)
        assert.deepStrictEqual(run(cut(bytes, [at])), expected, `cut at ${at}`);
    });
  }
});
