// Event streams by the sentences of the standard, in WebAssembly, whole and byte by byte. What each
// case is to give is in tests/fixtures/sse, which the native tests read too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { ProviderError } from "chatwire";
import { countOf, oneByOne, run } from "./support.mjs";

const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const { cases } = JSON.parse(read("tests/fixtures/sse/cases.json"));

const bytesOf = ({ stream, hex }) =>
  stream === undefined ? Buffer.from(hex, "hex") : Buffer.from(stream);

/** What frames come to: the values of chunks' `n`, and how many of the other kinds there are. */
function expectedOf(frames) {
  const dataOf = (kinds) =>
    frames.flatMap((frame) => {
      const [, kind, data] = /^(\w+) ?([\s\S]*?)(?: \(cut\))?$/.exec(frame);
      return kinds.includes(kind) ? [data] : [];
    });
  return {
    values: dataOf(["event", "value"]).map((data) => JSON.parse(data).n),
    heartbeats: dataOf(["heartbeat"]).length,
    done: dataOf(["done"]).length > 0,
    errors: dataOf(["error"]).map((data) => JSON.parse(data).message),
    stray: dataOf(["stray"]).length,
    cut: frames.some((frame) => frame.endsWith(" (cut)")),
  };
}

/** The same of what a decoder made of a stream. */
function outcomeOf({ chunks, heartbeats, done, error, issues }) {
  return {
    values: chunks.map(({ extra }) => extra.n),
    heartbeats,
    done,
    errors: error instanceof ProviderError ? [error.message] : [],
    stray: countOf(issues, "LINE_WITHOUT_FIELD"),
    cut: countOf(issues, "LAST_EVENT_CUT") > 0,
  };
}

describe("the standard", () => {
  for (const one of cases) {
    test(one.says, () => {
      const bytes = bytesOf(one);
      const expected = expectedOf(one.frames);
      assert.deepEqual(outcomeOf(run([bytes])), expected);
      assert.deepEqual(outcomeOf(run(oneByOne(bytes))), expected, "byte by byte");
    });
  }
});

test("what differs from the standard is in the documentation", () => {
  const document = read("docs/streams.md").toLowerCase();
  for (const { differs } of cases)
    if (differs !== undefined) assert.ok(document.includes(differs.toLowerCase()), differs);
});
