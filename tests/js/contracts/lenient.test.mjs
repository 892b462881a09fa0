// Every member of every merged model, at every place of a document: without a contract a document
// decodes whatever its members are, nothing is lost, and each oddity is reported.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertDecodes, assertProviderError, plain, safely } from "./check.mjs";
import { expectedError, isProviderError, misfitsOf } from "./oracle.mjs";
import {
  camelPath,
  kinds,
  places,
  prelude,
  smallestDocument,
  styles,
  wholeDocument,
} from "./samples.mjs";
import { lenient, roots } from "./tables.mjs";
import { changed, print, valueAt } from "./wire-text.mjs";

/** What is reported where a member is missing or null, by model and member. Nothing else is. */
const repairs = {
  "choice.index": { code: "CHOICE_INDEX_MISSING", severity: "warning" },
  "choice.finish_reason": { code: "FINISH_REASON_MISSING", severity: "warning" },
  "chunk_choice.index": { code: "CHOICE_INDEX_MISSING", severity: "warning" },
  "tool_call.id": { code: "TOOL_CALL_ID_MISSING", severity: "warning" },
  "tool_call.type": { code: "TOOL_CALL_TYPE_MISSING", severity: "info" },
};

function eachMember(root, check) {
  for (const place of places(lenient, root)) {
    for (const field of place.model.fields.values()) {
      const path = [...place.path, field.wire];
      // What makes a chunk the provider's error is another matter.
      if (path[0] === "error") continue;
      const document = { ...prelude, ...smallestDocument(lenient, root, place, field) };
      const repair = repairs[`${place.model.id}.${field.wire}`];
      check({ place, field, document, path, repair, note: path.join(".") });
    }
  }
}

function withValue({ document, place, field }, value) {
  return changed(document, place.path, (object) => {
    object[field.wire] = value;
  });
}

/** Decodes a document that has something to report at most. */
function check(root, document, { place, field, note }, wanted) {
  const { offsetOf } = print(document);
  const issues = wanted?.map(({ at, ...issue }) => ({
    ...issue,
    offset: offsetOf(at ?? issue.path),
  }));
  const result = assertDecodes(lenient, root, document, { note, issues });
  const isChoices = root === "completion" && place.fields.length === 0 && field.wire === "choices";
  if (isChoices && !result.ok) {
    // The one thing that a completion cannot do without.
    assert.deepEqual(
      result.issues.filter(({ severity }) => severity === "error").map(({ code }) => code),
      ["NO_CHOICES"],
    );
    return undefined;
  }
  assert.equal(result.ok, true, note);
  return valueAt(result.value, camelPath(place));
}

for (const root of roots) {
  describe(`lenient ${root}`, () => {
    test("documents that have nothing odd", () => {
      for (const place of places(lenient, root)) {
        for (const field of [undefined, ...place.model.fields.values()]) {
          const document = smallestDocument(lenient, root, place, field);
          const note = [...place.path, field?.wire].join(".");
          if (isProviderError(root, document)) assertProviderError(lenient, root, document, note);
          else assertDecodes(lenient, root, document, { note, issues: [] });
        }
      }
      for (const style of styles) assertDecodes(lenient, root, wholeDocument(lenient, root, style));
    });

    test("a member is missing", () => {
      eachMember(root, (member) => {
        const { place, field, document, path, repair } = member;
        const without = changed(document, place.path, (object) => {
          delete object[field.wire];
        });
        const issues = repair === undefined ? [] : [{ ...repair, path, at: place.path }];
        if (root === "completion" && path.join() === "choices")
          issues.push({ code: "NO_CHOICES", severity: "error", path, at: [] });
        const object = check(root, without, member, issues);
        if (repair === undefined && object !== undefined)
          assert.ok(!Object.hasOwn(object, field.camel), member.note);
      });
    });

    test("a member is null", () => {
      eachMember(root, (member) => {
        const { place, field, path } = member;
        let { repair } = member;
        if (
          place.model.id === "tool_function" &&
          field.wire === "arguments" &&
          root === "completion"
        )
          repair = { code: "EMPTY_ARGUMENTS", severity: "info" };
        const issues = repair === undefined ? [] : [{ ...repair, path }];
        if (root === "completion" && path.join() === "choices")
          issues.push({ code: "NO_CHOICES", severity: "error", path });
        const object = check(root, withValue(member, null), member, issues);
        if (member.repair === undefined && object !== undefined)
          assert.equal(object[field.camel], null, member.note);
      });
    });

    test("a member is of another type", () => {
      eachMember(root, (member) => {
        const { field, path } = member;
        for (const value of kinds) {
          const misfits = misfitsOf(field, value);
          const note = `${member.note} is ${JSON.stringify(value)}`;
          const object = check(root, withValue(member, value), { ...member, note });
          if (misfits.length === 0 || object === undefined) continue;
          assert.deepEqual(object.extra?.[field.wire], value, note);
          const printed = print(withValue(member, value));
          const { issues } = safely(lenient, root, printed.bytes);
          for (const steps of misfits) {
            const at = [...path, ...steps];
            const found = plain(issues).find(
              (issue) =>
                JSON.stringify(issue.path) === JSON.stringify(at) &&
                issue.offset === printed.offsetOf(at),
            );
            const codes = ["BAD_TYPE", "NUMBER_FROM_STRING", "ARGUMENTS_NOT_STRING"];
            assert.ok(codes.includes(found?.code), note);
            assert.equal(found.severity, "warning", note);
            if (found.code === "BAD_TYPE" && steps.length === 0 && member.repair === undefined)
              assert.ok(!Object.hasOwn(object, field.camel), note);
          }
        }
      });
    });

    test("a string is none of those that are known", () => {
      eachMember(root, (member) => {
        const { place, field } = member;
        if (field.values === null) return;
        const isPart = place.model.id === "content_part" && field.wire === "type";
        for (const value of [...field.values, "other", `${field.values[0]}x`, "\u00e9"]) {
          const known = field.values.includes(value);
          const note = `${member.note} is "${value}"`;
          const document = withValue(member, value);
          const noCalls = place.model.id === "choice" && value === "tool_calls";
          const issues = [];
          if (isPart && !known) issues.push("UNKNOWN_PART_TYPE");
          if (noCalls) issues.push("FINISH_TOOLS_WITHOUT_CALLS");
          const result = assertDecodes(lenient, root, document, { note });
          assert.deepEqual(
            result.issues.map(({ code }) => code),
            issues,
            note,
          );
          assert.equal(valueAt(result.value, camelPath(place))[field.camel], value, note);
        }
      });
    });
  });
}

test("an error in a chunk is the provider's, whatever its members are", () => {
  const place = places(lenient, "chunk").find(({ fields }) => fields.at(-1)?.wire === "error");
  for (const field of place.model.fields.values()) {
    const document = smallestDocument(lenient, "chunk", place, field);
    for (const value of [...kinds, document.error[field.wire]]) {
      const odd = { ...document, error: { [field.wire]: value, "\u00fcber": 1 } };
      const note = `error.${field.wire} is ${JSON.stringify(value)}`;
      const { error } = assertProviderError(lenient, "chunk", odd, note);
      assert.deepEqual(error, expectedError(odd.error), note);
    }
  }
});
