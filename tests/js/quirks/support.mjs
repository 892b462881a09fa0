// What the tests of the quirks share: a decode and everything that must be true of it.
import assert from "node:assert/strict";
import { DecodeError, encode, ProviderError, safeDecode, safeDecodeChunk } from "chatwire";
import { keepInput } from "../keep-input.mjs";

/** A body with one choice. */
export function completion(message, choice = {}, more = {}) {
  return {
    id: "c1",
    choices: [{ index: 0, message, finish_reason: "stop", ...choice }],
    ...more,
  };
}

/** A chunk with one choice. */
export function delta(members, choice = {}, more = {}) {
  return { id: "c1", choices: [{ index: 0, delta: members, ...choice }], ...more };
}

/** A body whose message calls these tools. */
export function calling(...calls) {
  return completion({ role: "assistant", tool_calls: calls }, { finish_reason: "tool_calls" });
}

function textOf(input) {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  keepInput("bodies", text);
  return text;
}

/** Issues must be exactly these: [code, severity, path, what stands at the offset]. */
function assertIssues(issues, expected, input) {
  assert.deepEqual(
    issues.map(({ code, severity, path }) => [code, severity, path.join(".")]),
    expected.map(([code, severity, path]) => [code, severity, path]),
  );
  const bytes = typeof input === "string" ? Buffer.from(input) : input;
  for (const [i, { code, offset, message }] of issues.entries()) {
    const stands = bytes.subarray(offset).toString();
    const wanted = expected[i][3];
    assert.ok(stands.startsWith(wanted), `${code} at ${offset}: ${stands.slice(0, 40)}`);
    assert.ok(message.endsWith(`(byte ${offset})`), message);
  }
}

function harness(safe) {
  return {
    /**
     * Decodes, with exactly these issues. Nothing may be lost: encoding the value gives the input
     * again (or `wire`, where the input says something that JSON has not).
     */
    decodes(input, expected = [], { wire, ...options } = {}) {
      const text = textOf(input);
      const result = safe(text, options);
      assert.ok(result.ok, result.error?.message);
      assertIssues(result.issues, expected, text);
      assert.deepEqual(JSON.parse(encode(result.value, options)), wire ?? JSON.parse(text));
      return result.value;
    },
    /** Fails with a DecodeError of this code, and exactly these issues. */
    fails(input, expected, options) {
      const text = textOf(input);
      const { ok, error, issues } = safe(text, options);
      assert.equal(ok, false);
      assert.ok(error instanceof DecodeError, error.message);
      assertIssues(issues, expected, text);
      assert.equal(error.issues, issues);
      const first = issues.find(({ severity }) => severity === "error");
      for (const member of ["code", "path", "offset"]) {
        assert.deepEqual(error[member], first[member]);
      }
      return error;
    },
    /** Fails with a ProviderError that has these members; the others have none. */
    refuses(input, expected, options) {
      const text = textOf(input);
      const { ok, error, issues } = safe(text, options);
      assert.equal(ok, false);
      assert.ok(error instanceof ProviderError, error.message);
      assert.ok(!(error instanceof DecodeError));
      assertIssues(issues, [["PROVIDER_ERROR", "error", "", text.trimStart()]], text);
      const { message, type, code, status, param, metadata, raw } = error;
      assert.deepEqual(
        { message, type, code, status, param, metadata },
        {
          message: undefined,
          type: undefined,
          code: undefined,
          status: undefined,
          param: undefined,
          metadata: undefined,
          ...expected,
        },
      );
      assert.deepEqual(raw, JSON.parse(text));
      return error;
    },
  };
}

export const body = harness(safeDecode);
export const chunk = harness(safeDecodeChunk);
