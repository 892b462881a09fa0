// Memory stays flat, whatever is decoded, fails or is left half-way. `npm run soak` does it for longer.
import { test } from "node:test";
import { soak } from "./mixture.mjs";

test("memory stays flat over decodes and streams", { timeout: 120_000 }, async (t) => {
  if (globalThis.gc === undefined) return t.skip("needs --expose-gc");
  await soak({ decodes: 50_000, streams: 5000 });
});
