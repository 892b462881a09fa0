// Encoding in JavaScript what was decoded there: encode(decode(x)) is what JSON.parse says of x.
//   node tests/fuzz/encode-js.mjs SEEDS FINDINGS (--runs=N | --seconds=N) [--seed=TEXT]
//   node tests/fuzz/encode-js.mjs FILE   tries one input
// dist/ must be there. Inputs are chosen by --seed alone: the same in every run.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encode, safeDecode, safeDecodeChunk, toWire } from "chatwire";
import { createRandom } from "../../bench/payloads/random.mjs";
import { createMutator } from "./mutator.mjs";

const options = { allowEmptyChoices: true };
// The value is not the input's: part of that was left out, or is there twice.
const changes =
  /^(NON_FINITE_NUMBER|DUPLICATE_KEY|TRAILING_BYTES|DONE_AFTER_BODY|ENVELOPE_UNWRAPPED)$/;
// What was made up is made of the bytes, and arguments that came as an object are text of theirs.
const reworded = /^(ARGUMENTS_NOT_STRING|TOOL_CALL_ID_MISSING)$/;

const told = ({ issues }, pattern) => issues.some(({ code }) => pattern.test(code));

/** Decodes and encodes an input. Returns whether it could be decoded. */
function checkOne(safe, bytes) {
  const first = safe(bytes, options);
  if (!first.ok) return false;
  const text = encode(first.value);
  const read = JSON.parse(text);
  if (!told(first, changes)) {
    const expected = JSON.parse(new TextDecoder().decode(bytes));
    assert.deepStrictEqual(read, expected);
    assert.deepStrictEqual(toWire(first.value), expected);
  }
  const again = safe(text, options);
  assert.ok(again.ok, again.error?.message);
  if (!told(first, reworded)) assert.deepStrictEqual(again.value, first.value);
  assert.equal(encode(again.value), text);
  return true;
}

const check = (bytes) =>
  [safeDecode, safeDecodeChunk].filter((safe) => checkOne(safe, bytes)).length > 0;

function keep(folder, bytes) {
  const path = join(folder, `failure-${createHash("sha1").update(bytes).digest("hex")}`);
  writeFileSync(path, bytes);
  return path;
}

/** Mutates seeds until the runs or the seconds are over, or something is found. */
function fuzz(seeds, findings, { runs, seconds, seed }) {
  const names = readdirSync(seeds).sort();
  const inputs = names.map((name) => readFileSync(join(seeds, name)));
  const mutate = createMutator(createRandom(seed), inputs);
  const end = performance.now() + seconds * 1000;
  let done = 0;
  let decoded = 0;
  while (done < runs && performance.now() < end) {
    const bytes = done < inputs.length ? inputs[done] : mutate();
    done++;
    try {
      if (check(bytes)) decoded++;
    } catch (error) {
      console.error(`${keep(findings, bytes)}\n${bytes}\n${error.stack}`);
      process.exit(1);
    }
  }
  console.log(`${done} inputs, of which ${decoded} could be decoded`);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "Infinity" },
    seconds: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
  },
});
if (statSync(positionals[0]).isFile()) {
  for (const path of positionals) check(readFileSync(path));
} else {
  const [seeds, findings] = positionals;
  fuzz(seeds, findings, {
    runs: Number(values.runs),
    seconds: Number(values.seconds),
    seed: values.seed,
  });
}
