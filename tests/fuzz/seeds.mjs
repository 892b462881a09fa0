// Makes the seeds of the fuzzers from what the repository has: samples, cases of JSON, documents of
// every member of every model, streams of servers that behave, and the inputs of the quirks' tests.
// build/native/emit_models and dist/ must be there.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { filesUnder, root, run } from "../../scripts/shell.mjs";
import { places, smallestDocument, styles, wholeDocument } from "../js/contracts/samples.mjs";
import { contracts, lenient, roots } from "../js/contracts/tables.mjs";
import { someStream } from "../js/streams/generator.mjs";
import { someLogprobChunks } from "../js/streams/logprobs.mjs";

const longest = 4096; // longer ones make fuzzers slow

/** How many bytes behind the document choose what a target does with it: see the targets. */
const choices = {
  scanner: 0,
  scanner_utf16: 0,
  body: 1,
  strict: 0,
  forms: 8,
  forms_utf16: 8,
  stream: 10,
  encode: 1,
  "encode-js": 0,
  partial: 1,
  partial_utf16: 1,
  framing: 12,
};

const read = (path) => readFileSync(join(root, path));
const samples = (pattern) => filesUnder("examples/samples", pattern).map(read);

function jsonCases() {
  const { accepted, refused, decided } = JSON.parse(read("tests/fixtures/json/cases.json"));
  return [...accepted, ...refused, ...decided].map(({ text, hex }) =>
    text === undefined ? Buffer.from(hex, "hex") : Buffer.from(text),
  );
}

function* documents() {
  for (const of of [lenient, ...contracts]) {
    for (const kind of roots) {
      for (const place of places(of, kind))
        for (const field of place.model.fields.values())
          yield smallestDocument(of, kind, place, field);
      for (const style of styles) yield wholeDocument(of, kind, style);
    }
  }
}

const texts = (values) => Array.from(values, (value) => Buffer.from(JSON.stringify(value)));
const asEvents = (text) => Buffer.from(`data: ${text}\n\ndata: [DONE]\n\n`);

/** The inputs that tests of the quirks decode: `{ bodies, streams }`. */
async function inputsOfTests(folder) {
  const files = [
    ...filesUnder("tests/js/quirks", /\.test\.mjs$/),
    ...filesUnder("tests/js/streams", /^quirks-.*\.test\.mjs$/),
  ];
  await run(["node", "--test", ...files], { capture: true, env: { CHATWIRE_SEEDS: folder } });
  const kept = (kind) =>
    readdirSync(join(folder, kind)).map((name) => readFileSync(join(folder, kind, name)));
  return { bodies: kept("bodies"), streams: kept("streams") };
}

function writeSeeds(folder, target, inputs) {
  const place = join(root, folder, target);
  mkdirSync(place, { recursive: true });
  const choice = Buffer.alloc(choices[target]);
  for (const bytes of inputs) {
    if (bytes.length > longest) continue;
    const name = createHash("sha1").update(bytes).digest("hex");
    writeFileSync(join(place, name), Buffer.concat([bytes, choice]));
  }
}

/** Writes `folder/TARGET/*`. The folder is one of the repository. */
export async function makeSeeds(folder) {
  const { bodies, streams } = await inputsOfTests(join(root, folder, "tests"));
  const json = jsonCases();
  const bodySeeds = [...texts(documents()), ...bodies, ...samples(/\.json$/)];
  const streamSeeds = [
    ...streams,
    ...samples(/\.(sse|ndjson)$/),
    ...fc.sample(someStream, { numRuns: 100, seed: 1 }).map(({ bytes }) => Buffer.from(bytes)),
    ...fc
      .sample(someLogprobChunks, { numRuns: 100, seed: 1 })
      .map((chunks) => Buffer.from(chunks.map((json) => `data: ${json}\n\n`).join(""))),
    ...bodies.map(asEvents),
  ];
  for (const target of ["scanner", "scanner_utf16"])
    writeSeeds(folder, target, [...json, ...bodies, ...samples(/\.json$/)]);
  for (const target of ["partial", "partial_utf16"])
    writeSeeds(
      folder,
      target,
      [...json, ...bodies].filter(({ length }) => length < 400),
    );
  for (const target of ["body", "strict", "forms", "forms_utf16", "encode", "encode-js"])
    writeSeeds(folder, target, bodySeeds);
  writeSeeds(folder, "stream", streamSeeds);
  writeSeeds(folder, "framing", streamSeeds);
}
