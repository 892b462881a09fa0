// Inputs of tests are seeds of fuzzers: where CHATWIRE_SEEDS names a folder, they are kept there.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.CHATWIRE_SEEDS;

/** Keeps an input of a kind: "bodies" or "streams". */
export function keepInput(kind, bytes) {
  if (folder === undefined) return;
  const place = join(folder, kind);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, createHash("sha1").update(bytes).digest("hex")), bytes);
}
