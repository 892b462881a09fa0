// Objects that are alike are made by functions that know their names: the same as JSON.parse makes them,
// also where they are nearly alike, and where there are more names, kinds or levels than are known.
import { strict as assert } from "node:assert";
import { it } from "node:test";
import { decode } from "chatwire";
import fc from "fast-check";
import { assertSame, compare } from "./decode-json.mjs";

// Some of them stand for nothing but themselves: numbers, empty, long, wide, escaped, prototypes.
const words = ["id", "url", "title", "a", "b", "c", "evidence_consistency", "score", "text"];
const odd = ["", "1", "10", "__proto__", "constructor", "é", "a\\u0062", "n".repeat(48)];
const others = ["toString", "\\ud83d\\ude00", "n".repeat(49), "n".repeat(200), "id ", "Id", "ur"];
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...words) },
  fc.constantFrom(...odd, ...others),
);
const scalar = fc.constantFrom(
  "1",
  "-0",
  "2.5",
  "1e3",
  "12345678901",
  "null",
  "true",
  '"x"',
  '"é"',
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    { weight: 3, arbitrary: tie("object") },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 6 }).map((all) => `[${all}]`) },
  ),
  object: fc
    .array(fc.tuple(name, tie("value")), { maxLength: 10 })
    .map((members) => `{${members.map(([key, inner]) => `"${key}": ${inner}`)}}`),
}));

it("whatever they are, the first and the next times", () => {
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (all) => {
    const text = `[${[...all, ...all, ...all]}]`;
    assert.ok(compare(text));
    assert.ok(compare(text));
  });
  fc.assert(property, { numRuns: 2000 });
});

const objectOf = (names, inner = (at) => at) =>
  `{${names.map((key, at) => `${JSON.stringify(key)}:${inner(at)}`).join()}}`;

it("with names that begin or end alike, one after the other", () => {
  const kinds = [
    ["type", "text"],
    ["type", "url"],
    ["type", "text", "url"],
    ["type", "text2"],
    ["text", "type"],
  ];
  for (let round = 0; round < 4; round++)
    assert.ok(compare(`[${kinds.flatMap((kind) => [objectOf(kind), objectOf(kind)])}]`));
});

it("with objects of the same kind inside of them", () => {
  const nested = (levels, key) =>
    levels === 0 ? "0" : objectOf(["left", key], (at) => (at === 0 ? nested(levels - 1, key) : at));
  const text = `[${[nested(3, "right"), nested(4, "other"), nested(5, "right"), nested(9, "other")]}]`;
  for (let round = 0; round < 4; round++) assert.ok(compare(text));
});

it("of more kinds than there are functions, and of more names than are kept", () => {
  for (const many of [40, 600, 5000]) {
    const kinds = Array.from({ length: many }, (_, i) => [`k${i}`, `l${i % 700}`, "id"]);
    const text = `[${kinds.flatMap((kind) => [objectOf(kind), objectOf(kind), objectOf(["id", ...kind])])}]`;
    for (let round = 0; round < 3; round++) assert.ok(compare(text), `${many}`);
  }
  // Names that gave way to others are read anew.
  for (let round = 0; round < 300; round++) {
    const names = Array.from({ length: 9 }, (_, i) => `name${round * 5 + i}`);
    const kind = objectOf(names.slice(round % 7));
    assert.ok(compare(`[${kind},${kind},${kind}]`));
  }
});

it("as deep as they may be", () => {
  for (let levels = 40; levels < 64; levels++) {
    const forms = [
      ["[", "]", levels],
      ['{"a":', "}", levels],
      ['[1,{"a":0,"b":', "},[2]]", levels / 2],
    ];
    for (const [open, close, times] of forms) {
      const text = `${open.repeat(times)}[1]${close.repeat(times)}`;
      assert.ok(compare(`[${text},${text},${text}]`));
    }
  }
});

it("with arrays of numbers, and of nearly only numbers", () => {
  for (const odd of ["null", '"x"', "[]", "{}", "[1,2,3]", "-0", "1.5", "1e400", "12345678"])
    for (let at = 0; at < 20; at++)
      for (const comma of [",", ", ", " , "]) {
        const items = Array.from({ length: 20 }, (_, i) => (i === at ? odd : `${10 ** (i % 12)}`));
        assert.ok(compare(`{"ids":[${items.join(comma)}]}`));
      }
});

it("in a body, beside what models know", () => {
  const hits = objectOf(
    ["search_results"],
    () => `[${Array(5).fill(objectOf(["title", "url", "id"]))}]`,
  );
  const body = `{"choices":[{"index":0,"message":{"role":"assistant","content":"x"},"logprobs":null,"trace":${hits}}],"hits":${hits}}`;
  for (let round = 0; round < 4; round++) {
    const { choices, extra } = decode(body);
    assertSame(extra.hits, JSON.parse(hits));
    assertSame(choices[0].extra.trace, JSON.parse(hits));
    assert.equal(Object.getPrototypeOf(extra.hits.search_results[4]), Object.prototype);
  }
});
