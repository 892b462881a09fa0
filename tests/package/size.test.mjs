// The package does not grow unnoticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, isOver, measure } from "../../scripts/sizes.mjs";

test("what is loaded is within its budget", async (context) => {
  const results = (await measure()).filter(({ budget }) => budget !== undefined);
  assert.ok(results.length > 0);
  for (const result of results) context.diagnostic(describe(result).trim().replace(/\s+/g, " "));
  assert.deepEqual(results.filter(isOver), []);
});
