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

// What the suite leaves to the parser.
const { decisions } = JSON.parse(
  readFileSync(new URL("tests/fixtures/json/suite-decisions.json", root), "utf8"),
);

it("what standards leave open is in the documentation", () => {
  const text = readFileSync(new URL("docs/json.md", root), "utf8");
  for (const [name, { verdict, why }] of Object.entries(decisions))
    assert.ok(text.includes(`${why} | ${verdict} |`), name);
});

describe("JSONTestSuite", () => {
  const folder = new URL("../shared/corpus/json-test-suite/", root);
  if (!existsSync(folder)) {
    it("is not here", (t) => t.skip(`there is no ${fileURLToPath(folder)}`));
    return;
  }

  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  assert.ok(files.length > 300, "the suite is whole");

  function check(name, bytes) {
    if (name.startsWith("y_")) return checkAccepted(bytes);
    if (name.startsWith("n_")) return checkRefused(bytes);
    assert.ok(name in decisions, "nothing is decided");
    const { verdict } = decisions[name];
    if (verdict === "accepted") return checkAccepted(bytes);
    if (verdict === "refused") {
      assert.ok(!parseJson(bytes).ok);
      return checkRefused(bytes);
    }
    assert.equal(verdict, "limited");
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
