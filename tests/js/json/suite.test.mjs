// Cases of JSON by name: our own, and those of JSONTestSuite where they are beside the repository.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { safeDecode } from "chatwire";
import { assertSame, bytesOf, decodeJson, defaultLimits, parseJson } from "./decode-json.mjs";

const root = new URL("../../../", import.meta.url);

/** The value of a case that is to be accepted is that of JSON.parse. */
function checkAccepted(bytes, options) {
  const result = decodeJson(bytes, options);
  assert.ok(result.ok, result.issue?.message);
  assertSame(result.value, parseJson(bytes).value);
}

function checkRefused(bytes) {
  const { ok, issue } = decodeJson(bytes);
  assert.ok(!ok, "it was accepted");
  assert.match(issue.code, /^(NOT_JSON|TRUNCATED|EMPTY_BODY|LIMIT)$/);
  assert.ok(issue.offset >= 0 && issue.offset <= bytes.length, issue.message);
}

/** The same verdict where the case is a member that no model knows. */
function checkInBody(bytes, accepted) {
  const [before, after] = ['{"choices":[{"index":0,"finish_reason":"stop"}],"x":', "}"];
  const body = Uint8Array.from([...bytesOf(before), ...bytes, ...bytesOf(after)]);
  const result = safeDecode(body);
  const expected = parseJson(body);
  if (expected.ok && accepted) assertSame(result.value.extra.x, expected.value.x);
  // Two things are decoded though JSON.parse refuses them.
  const forgiven = result.issues.some(({ code }) => /^(NON_FINITE|TRAILING_BYTES)/.test(code));
  if (!expected.ok) assert.ok(!result.ok || forgiven, "it was accepted in a body");
}

describe("our own cases", () => {
  const path = new URL("tests/fixtures/json/cases.json", root);
  const cases = JSON.parse(readFileSync(path, "utf8"));
  const bytesOfCase = ({ text, hex }) =>
    text === undefined ? Uint8Array.from(Buffer.from(hex, "hex")) : bytesOf(text);

  for (const one of cases.accepted) {
    it(`accepted: ${one.name}`, () => {
      checkAccepted(bytesOfCase(one));
      checkAccepted(one.text);
      checkInBody(bytesOfCase(one), true);
    });
  }
  for (const one of cases.refused) {
    it(`refused: ${one.name}`, () => {
      checkRefused(bytesOfCase(one));
      checkInBody(bytesOfCase(one), false);
    });
  }
  for (const one of cases.decided) {
    it(`${one.accepted ? "accepted" : "refused"}: ${one.name} (${one.why})`, () => {
      if (one.accepted) checkAccepted(bytesOfCase(one));
      else checkRefused(bytesOfCase(one));
    });
  }
});

describe("JSONTestSuite", () => {
  const folder = new URL("../shared/corpus/json-test-suite/", root);
  if (!existsSync(folder)) {
    it("is not here", (t) => t.skip(`there is no ${fileURLToPath(folder)}`));
    return;
  }

  // What the suite leaves to the parser. Where JSON.parse decides, so do we.
  const kept = "accepted: JSON.parse keeps lone surrogates, and so do JavaScript's strings";
  const large = "accepted: infinite, as JSON.parse has it";
  const near = "accepted: the nearest double, as JSON.parse has it";
  const replaced = "accepted: U+FFFD where bytes are not UTF-8, as TextDecoder has it";
  const otherEncoding = "refused: bodies are UTF-8";
  const decisions = {
    "i_number_double_huge_neg_exp.json": near,
    "i_number_huge_exp.json": large,
    "i_number_neg_int_huge_exp.json": large,
    "i_number_pos_double_huge_exp.json": large,
    "i_number_real_neg_overflow.json": large,
    "i_number_real_pos_overflow.json": large,
    "i_number_real_underflow.json": near,
    "i_number_too_big_neg_int.json": near,
    "i_number_too_big_pos_int.json": near,
    "i_number_very_big_negative_int.json": near,
    "i_object_key_lone_2nd_surrogate.json": kept,
    "i_string_1st_surrogate_but_2nd_missing.json": kept,
    "i_string_1st_valid_surrogate_2nd_invalid.json": kept,
    "i_string_UTF-16LE_with_BOM.json": otherEncoding,
    "i_string_UTF-8_invalid_sequence.json": replaced,
    "i_string_UTF8_surrogate_U+D800.json": replaced,
    "i_string_incomplete_surrogate_and_escape_valid.json": kept,
    "i_string_incomplete_surrogate_pair.json": kept,
    "i_string_incomplete_surrogates_escape_valid.json": kept,
    "i_string_invalid_lonely_surrogate.json": kept,
    "i_string_invalid_surrogate.json": kept,
    "i_string_invalid_utf-8.json": replaced,
    "i_string_inverted_surrogates_U+1D11E.json": kept,
    "i_string_iso_latin_1.json": replaced,
    "i_string_lone_second_surrogate.json": kept,
    "i_string_lone_utf8_continuation_byte.json": replaced,
    "i_string_not_in_unicode_range.json": replaced,
    "i_string_overlong_sequence_2_bytes.json": replaced,
    "i_string_overlong_sequence_6_bytes.json": replaced,
    "i_string_overlong_sequence_6_bytes_null.json": replaced,
    "i_string_truncated-utf-8.json": replaced,
    "i_string_utf16BE_no_BOM.json": otherEncoding,
    "i_string_utf16LE_no_BOM.json": otherEncoding,
    "i_structure_500_nested_arrays.json":
      "limited: deeper than the 128 that are allowed by default",
    "i_structure_UTF-8_BOM_empty_object.json": "accepted: TextDecoder drops the mark",
  };

  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  assert.ok(files.length > 300, "the suite is whole");

  function check(name, bytes) {
    if (name.startsWith("y_")) return checkAccepted(bytes);
    if (name.startsWith("n_")) return checkRefused(bytes);
    const decision = decisions[name] ?? "of which nothing is decided";
    if (decision.startsWith("accepted")) return checkAccepted(bytes);
    if (decision.startsWith("refused")) {
      assert.ok(!parseJson(bytes).ok);
      return checkRefused(bytes);
    }
    assert.match(decision, /^limited/);
    assert.equal(decodeJson(bytes).issue?.code, "LIMIT");
    checkAccepted(bytes, { limits: { ...defaultLimits, depth: 500 } });
  }

  for (const name of files) {
    it(name, () => {
      const bytes = Uint8Array.from(readFileSync(new URL(encodeURIComponent(name), folder)));
      check(name, bytes);
      checkInBody(bytes, false);
    });
  }
});
