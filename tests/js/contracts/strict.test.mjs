// Every member of every model of every contract, at every place of a document: what decoding under
// the contract makes of it when it is there, missing, null, of another type, or another string.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertDecodes, assertProviderError, plain, safely } from "./check.mjs";
import { isOfKind, isProviderError, misfitsOf } from "./oracle.mjs";
import {
  camelPath,
  kinds,
  places,
  prelude,
  smallestDocument,
  styles,
  wholeDocument,
} from "./samples.mjs";
import { contracts, modelOf, roots } from "./tables.mjs";
import { changed, print, valueAt } from "./wire-text.mjs";

/** Members that no model has. */
const unknown = { un_known: { in_side: [null] }, constructor: 1, "\u00e9": "\u00e9" };

/** Whether the contract's document keeps what does not fit at this place. */
function isTolerated(of, place) {
  return place.fields.some((field) => modelOf(of, field).tolerant);
}

describe("documents that fit", () => {
  for (const of of contracts) {
    for (const root of roots) {
      test(`${of.name} ${root}`, () => {
        for (const place of places(of, root)) {
          for (const field of [undefined, ...place.model.fields.values()]) {
            const document = smallestDocument(of, root, place, field);
            const note = [...place.path, field?.wire].join(".");
            if (isProviderError(root, document)) {
              assertProviderError(of, root, document, note);
              continue;
            }
            assertDecodes(of, root, document, { note, issues: [] });
            assertDecodes(of, root, { ...prelude, ...document }, { note, issues: [] });
          }
        }
        for (const style of styles)
          assertDecodes(of, root, wholeDocument(of, root, style), { issues: [] });
      });
    }
  }
});

/** Calls `check` for each member of each object that a document of the contract may have. */
function eachMember(of, root, check) {
  for (const place of places(of, root)) {
    const tolerated = isTolerated(of, place);
    const severity = tolerated ? "warning" : "error";
    for (const field of place.model.fields.values()) {
      const path = [...place.path, field.wire];
      // What makes a chunk the provider's error is tested below.
      if (path[0] === "error") continue;
      const document = { ...prelude, ...smallestDocument(of, root, place, field) };
      assert.notEqual(valueAt(document, path), undefined);
      check({ place, field, document, path, severity });
    }
  }
}

/** The document with another value of the member. */
function withValue({ document, place, field }, value) {
  return changed(document, place.path, (object) => {
    object[field.wire] = value;
  });
}

/** Asserts that a document gives these issues, each at the value of its path or at that of `at`. */
function check(of, root, document, note, wanted) {
  const { offsetOf } = print(document);
  const issues = wanted.map(({ at, ...issue }) => ({
    ...issue,
    offset: offsetOf(at ?? issue.path),
  }));
  assertDecodes(of, root, document, { note, issues });
}

/** The members that an object lacks once it lacks `field`. */
function lacking({ model }, object, field) {
  const lacks = new Set(field.required ? [field.wire] : []);
  for (const rule of model.rules) {
    if (!rule.members.includes(field.wire)) continue;
    const others = rule.members.filter((name) => !Object.hasOwn(object, name));
    if (rule.tag !== null && object[rule.tag] === rule.value) lacks.add(field.wire);
    if (rule.tag === null && others.length === rule.members.length - 1)
      for (const name of rule.members) lacks.add(name);
  }
  return [...lacks];
}

for (const of of contracts) {
  for (const root of roots) {
    describe(`${of.name} ${root}`, () => {
      test("a member is missing", () => {
        eachMember(of, root, ({ place, field, document, path, severity }) => {
          const lacks = lacking(place, valueAt(document, place.path), field);
          const without = changed(document, place.path, (object) => {
            delete object[field.wire];
          });
          const issues = lacks.map((name) => ({
            code: "MISSING",
            severity,
            path: [...place.path, name],
            at: place.path,
          }));
          check(of, root, without, `without ${path.join(".")}`, issues);
          const result = safely(of, root, print(without).bytes);
          if (!result.ok) return;
          const object = valueAt(result.value, camelPath(place));
          assert.ok(!Object.hasOwn(object, field.camel), path.join("."));
        });
      });

      test("a member is null", () => {
        eachMember(of, root, (member) => {
          const { field, path, severity } = member;
          const issues = field.nullable ? [] : [{ code: "NULL_VALUE", severity, path }];
          check(of, root, withValue(member, null), `${path.join(".")} is null`, issues);
        });
      });

      test("a member is of another type", () => {
        eachMember(of, root, (member) => {
          const { field, path, severity } = member;
          for (const value of kinds) {
            const note = `${path.join(".")} is ${JSON.stringify(value)}`;
            const misfits = misfitsOf(field, value);
            const issues = misfits.map((steps) => ({
              code: "BAD_TYPE",
              severity,
              path: [...path, ...steps],
            }));
            if (misfits.length === 0) {
              if (value === 1.5 && (field.kind === "integer" || field.kind === "count"))
                issues.push({ code: "NOT_INTEGER", severity, path });
              else if (value === -3 && field.kind === "count")
                issues.push({ code: "NEGATIVE_COUNT", severity, path });
              else continue; // it fits, or objects in it decide
            }
            check(of, root, withValue(member, value), note, issues);
          }
          assert.ok(field.rule === "anything" || kinds.some((value) => !isOfKind(field, value)));
        });
      });

      test("a string is none of those that are known", () => {
        eachMember(of, root, (member) => {
          const { field, path, severity } = member;
          if (field.values === null) return;
          const [first] = field.values;
          const others = ["", "other", `${first}x`, first.slice(0, -1), first.toUpperCase(), "eos"];
          for (const value of [...others, `\u00e9${first}`, first.repeat(50)]) {
            const note = `${path.join(".")} is ${JSON.stringify(value)}`;
            // Where the string tells what else must be there, another one asks for nothing.
            const issues = field.closed ? [{ code: "BAD_VALUE", severity, path }] : [];
            check(of, root, withValue(member, value), note, issues);
          }
          if (member.place.model.rules.some(({ tag }) => tag === field.wire)) return;
          for (const value of field.values)
            check(of, root, withValue(member, value), `${path.join(".")} is "${value}"`, []);
        });
      });

      test("an object has members that no table knows", () => {
        for (const place of places(of, root)) {
          if (place.fields[0]?.wire === "error") continue;
          const document = changed(smallestDocument(of, root, place), place.path, (object) => {
            Object.assign(object, unknown);
          });
          const { value } = assertDecodes(of, root, document, { issues: [] });
          assert.deepEqual(valueAt(value, camelPath(place)).extra, unknown);
        }
      });

      test("texts as input give the same as bytes", () => {
        for (const style of styles) {
          const printed = print({ ...prelude, ...wholeDocument(of, root, style), choices: {} });
          const [fromBytes, fromText] = [printed.bytes, printed.text].map((input) =>
            safely(of, root, input),
          );
          assert.deepEqual(plain(fromText.issues), plain(fromBytes.issues));
          assert.deepEqual(fromText.error?.partial, fromBytes.error?.partial);
        }
      });
    });
  }
}

test("a tag that is null asks for nothing, whatever was decoded before", () => {
  const openai = contracts.find(({ name }) => name === "openai");
  const fields = ["choices", "message", "tool_calls"];
  const place = places(openai, "completion").find(
    (one) => one.fields.map(({ wire }) => wire).join() === fields.join(),
  );
  const document = smallestDocument(openai, "completion", place);
  const withCall = (call) =>
    changed(document, place.path, (object) => {
      for (const name of Object.keys(object)) delete object[name];
      Object.assign(object, call);
    });
  const custom = withCall({ id: "1", type: "custom", custom: { name: "f", input: "{}" } });
  const none = withCall({ id: "1", type: null, function: { name: "f", arguments: "{}" } });
  assertDecodes(openai, "completion", custom, { issues: [] });
  check(openai, "completion", none, "type is null", [
    { code: "NULL_VALUE", severity: "error", path: [...place.path, "type"] },
  ]);
});

test("an error in a chunk is the provider's under every contract, unless it says nothing", () => {
  for (const of of contracts) {
    const [place] = places(of, "chunk");
    const document = smallestDocument(of, "chunk", place);
    const field = place.model.fields.get("error");
    for (const error of ["broken", { message: "broken" }, { code: 1 }, ["broken"], [{ a: 1 }]]) {
      const given = { ...prelude, ...document, error };
      assertProviderError(of, "chunk", given, `${of.name}: ${JSON.stringify(error)}`);
    }
    const said = (error, wanted) => {
      const issues = field === undefined ? [] : wanted;
      const note = `${of.name}: ${JSON.stringify(error)}`;
      check(of, "chunk", { ...prelude, ...document, error }, note, issues);
    };
    const path = ["error"];
    said(null, [{ code: "NULL_VALUE", severity: "error", path }]);
    for (const error of [false, true, 5, "", []])
      said(error, [{ code: "BAD_TYPE", severity: "error", path }]);
    said(
      {},
      ["code", "message"].map((name) => ({
        code: "MISSING",
        severity: "error",
        path: ["error", name],
        at: path,
      })),
    );
  }
});

test("the tables have members of every kind, so that nothing above is idle", () => {
  const seen = new Set();
  for (const { models } of contracts) {
    for (const { fields } of models.values()) {
      for (const { kind, rule, also, closed } of fields.values()) {
        for (const word of [kind, rule, ...also, closed ? "closed" : undefined]) seen.add(word);
      }
    }
  }
  const words =
    "text integer count number boolean object objects integers numbers texts content open closed";
  for (const word of [...words.split(" "), "map", "map_of_text", "list_of_scalars"])
    assert.ok(seen.has(word), word);
});
