// Decodes any JSON value, and says what JSON.parse makes of the same input.
import assert from "node:assert/strict";
import { openValue } from "../../../build/modules/core/open-value.js";
import {
  decodeInput,
  jsonKind,
  keepBigIntegersBit,
  lastIssues,
  repairJsonBit,
} from "../../../build/modules/core/session.js";
import { defaultLimits } from "../../../build/modules/generated/limits.js";

const encoder = new TextEncoder();

export { defaultLimits, keepBigIntegersBit, repairJsonBit };

/** Bytes of a text; what is no UTF-16 becomes U+FFFD. */
export function bytesOf(text) {
  return encoder.encode(text);
}

/**
 * `{ ok: true, value, codes }` with the codes of all that was noted, or `{ ok: false, issue }` with
 * the first error.
 */
export function decodeJson(input, { limits = defaultLimits, flags = 0, readBig } = {}) {
  const outcome = decodeInput(input, jsonKind | flags, limits, readBig);
  if (outcome.ok) {
    const codes = outcome.issueCount === 0 ? [] : lastIssues().map(({ code }) => code);
    return { ok: true, value: openValue(outcome.root), codes };
  }
  return { ok: false, issue: lastIssues().find(({ severity }) => severity === "error") };
}

/** What JSON.parse makes of a text, or of bytes that TextDecoder made a text of. */
export function parseJson(input) {
  const text = typeof input === "string" ? input : new TextDecoder().decode(input);
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** The same values, numbers as Object.is has it, in the same order of members. */
export function assertSame(actual, expected) {
  assert.deepStrictEqual(actual, expected);
  assert.equal(JSON.stringify(actual), JSON.stringify(expected));
}

/** Decodes and parses one input: the same verdict, the same value, an error inside the input. */
export function compare(input) {
  const expected = parseJson(input);
  const actual = decodeJson(input);
  if (expected.ok) {
    assert.ok(actual.ok, `refused what JSON.parse takes: ${actual.issue?.message}`);
    assertSame(actual.value, expected.value);
  } else {
    assert.ok(!actual.ok, "took what JSON.parse refuses");
    const size = typeof input === "string" ? bytesOf(input).length : input.length;
    assert.ok(actual.issue.offset >= 0 && actual.issue.offset <= size, "an error within the input");
  }
  return expected.ok;
}
