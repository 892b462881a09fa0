// Documents with several things wrong at once, anywhere: decoding agrees with the tables, as plain
// JavaScript reads them, and with the JSON Schemas, as a validator does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { assertDecodes, assertProviderError } from "./check.mjs";
import { isValid } from "./json-schema.mjs";
import { expected, isProviderError } from "./oracle.mjs";
import { kinds, places, prelude, smallestDocument, styles, wholeDocument } from "./samples.mjs";
import { contracts, lenient, roots, schemas } from "./tables.mjs";
import { setMember } from "./wire-text.mjs";

const words = ["null", "tool_calls", "function", "custom", "error", "moderation_results", "text"];
const anyValue = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...kinds),
  fc.constantFrom(...words),
  fc.jsonValue({ maxDepth: 2 }),
);
const anyEdit = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("drop", "drop", "set", "set", "null", "add", "turn"),
  value: anyValue,
});
const anyEdits = fc.array(anyEdit, { maxLength: 4 });

/** Every place of a document that holds something: `[container, its key]`. */
function entriesOf(document) {
  const found = [];
  const walk = (value) => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      found.push([value, name]);
      walk(inner);
    }
  };
  walk(document);
  return found;
}

const edits = {
  drop(container, name) {
    if (Array.isArray(container)) container.splice(Number(name), 1);
    else delete container[name];
  },
  set: (container, name, value) => setMember(container, name, value),
  null: (container, name) => setMember(container, name, null),
  add(container, name, value) {
    if (Array.isArray(container)) container.push(value);
    else setMember(container, `${name}\u00f6`, value);
  },
  /** The same members in another order. */
  turn(container, name) {
    const inner = container[name];
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return;
    const turned = {};
    for (const [member, value] of Object.entries(inner).reverse()) setMember(turned, member, value);
    setMember(container, name, turned);
  },
};

/** The document after the edits, as JSON can express it. */
function edited(document, list) {
  const copy = structuredClone(document);
  for (const { at, how, value } of list) {
    const entries = entriesOf(copy);
    if (entries.length === 0) break;
    const [container, name] = entries[at % entries.length];
    edits[how](container, name, structuredClone(value));
  }
  return JSON.parse(JSON.stringify(copy));
}

function documentsOf(of, root) {
  const smallest = places(of, root).map((place) => smallestDocument(of, root, place));
  const whole = styles.slice(0, 1).map((style) => wholeDocument(of, root, style));
  return [...smallest, ...whole].map((document) => ({ ...prelude, ...document }));
}

/** Calls `check` with random documents that are not the provider's error. */
function eachRandom(of, root, check) {
  const documents = documentsOf(of, root);
  fc.assert(
    fc.property(fc.nat(documents.length - 1), anyEdits, (number, list) => {
      const document = edited(documents[number], list);
      if (isProviderError(root, document)) assertProviderError(of, root, document);
      else check(document);
    }),
    { numRuns: 500 },
  );
}

for (const of of [lenient, ...contracts]) {
  describe(of.name ?? "lenient", () => {
    for (const root of roots) {
      test(`${root}: value and issues`, () => {
        eachRandom(of, root, (document) => assertDecodes(of, root, document));
      });
    }
  });
}

/** Whether a document decodes, as the tables have it. */
function accepted(of, root, document) {
  const { issues } = expected(of, root, document, () => 0);
  return issues.every(({ severity }) => severity !== "error");
}

test("the JSON Schemas accept what is decoded, and nothing else", () => {
  const verdicts = { true: 0, false: 0 };
  for (const of of contracts) {
    for (const root of roots) {
      const schema = schemas[of.name][root];
      for (const document of documentsOf(of, root)) assert.equal(isValid(schema, document), true);
      eachRandom(of, root, (document) => {
        const verdict = accepted(of, root, document);
        verdicts[verdict]++;
        assert.equal(isValid(schema, document), verdict, JSON.stringify(document));
        assertDecodes(of, root, document);
      });
    }
  }
  // Neither verdict is rare, so agreement says something.
  assert.ok(verdicts.true > 200 && verdicts.false > 200, JSON.stringify(verdicts));
});
