// What models write for JSON: commas behind the last element, control characters in strings.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { assertSame, bytesOf, decodeJson, parseJson, repairJsonBit } from "./decode-json.mjs";
import { damaged, document } from "./documents.mjs";

fc.configureGlobal({ includeErrorInReport: true });

const repair = { flags: repairJsonBit };
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:]+/gs;
const escapes = /\\(?:u00([01][0-9a-fA-F])|([nrtbf])|.)/gs;
const letters = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** A document with `comma` behind last elements, and control characters as they are. */
function spoilt(text, comma) {
  let made = "";
  let before = "";
  for (const [token] of text.matchAll(tokens)) {
    if ((token === "}" || token === "]") && before !== "{" && before !== "[") made += comma;
    made += token.replace(escapes, (whole, hex, letter) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return letters[letter] ?? whole;
    });
    if (token.trim() !== "") before = token;
  }
  return made;
}

describe("JSON that models write", () => {
  it("is put right where that is asked for, and nowhere else", () => {
    let refused = 0;
    const property = fc.property(document, fc.constantFrom("", ",", " ,\n"), (text, comma) => {
      const expected = JSON.parse(text);
      const broken = spoilt(text, comma);
      for (const input of [broken, bytesOf(text), text]) {
        const result = decodeJson(input, repair);
        assert.ok(result.ok, result.issue?.message);
        assertSame(result.value, typeof input === "string" ? expected : parseJson(input).value);
      }
      const { ok } = parseJson(broken);
      assert.equal(decodeJson(broken).ok, ok);
      if (!ok) refused++;
    });
    fc.assert(property, { numRuns: 2000 });
    assert.ok(refused > 300, `${refused} of them were not JSON`);
  });

  it("is refused where it is damaged otherwise", () => {
    const property = fc.property(damaged(document.map(bytesOf)), (bytes) => {
      const expected = parseJson(bytes);
      const result = decodeJson(bytes, repair);
      if (expected.ok) assertSame(result.value, expected.value);
      else if (result.ok) assert.match(result.codes.join(), /TRAILING_COMMA|CONTROL_CHARACTER/);
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it("is told, each thing where it stands", () => {
    const result = decodeJson('{"a":["x\ty",],\n}', repair);
    assert.deepEqual(result.value, { a: ["x\ty"] });
    assert.deepEqual(result.codes, ["CONTROL_CHARACTER", "TRAILING_COMMA", "TRAILING_COMMA"]);
    for (const broken of ["[,]", "{,}", "[1,,]", '{"a":1,,}', "[1,}", ",", "[1],", '{"a",}'])
      assert.equal(decodeJson(broken, repair).ok, false, broken);
  });
});
