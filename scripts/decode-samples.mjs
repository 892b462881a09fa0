// Decodes bodies and streams and shows what comes of them; npm start runs it.
//
//   node scripts/decode-samples.mjs              the samples of examples/samples
//   node scripts/decode-samples.mjs FILE ... -   files of your own; "-" is standard input
//
// Exit code 1: a sample came out otherwise than it should, or a file of yours could not be decoded.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./shell.mjs";

/** What each sample is there to show. */
const samples = {
  "plain.json": "decoded",
  "reasoning.json": "decoded",
  "tool-calls.json": "decoded",
  "thinking-parts.json": "decoded",
  "logprobs.json": "decoded",
  "quirks.json": "repaired",
  "provider-error.json": "ProviderError",
  "truncated.json": "TruncatedError",
  "chat.sse": "decoded",
  "reasoning.sse": "decoded",
  "tool-calls.sse": "decoded",
  "content-filter.sse": "decoded",
  "lines.ndjson": "repaired",
  "provider-error.sse": "ProviderError",
  "broken-off.sse": "TruncatedError",
};
const secondsOfSample = 0.8;
const secondsOfFile = 5;

if (!existsSync(join(root, "dist/index.js"))) {
  console.error("dist/ is missing. Build it first: npm run build");
  process.exit(1);
}
const { InputError } = await import("../build/modules/cli/failures.js");
const { openInput, titleOf } = await import("../build/modules/cli/input.js");
const { showBriefly } = await import("../build/modules/cli/show.js");
const { showBody } = await import("../build/modules/cli/show-body.js");
const { showStream } = await import("../build/modules/cli/show-stream.js");
const { showTimes } = await import("./show-times.mjs");

// Whoever reads the output may have seen enough.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// Where nobody watches, a pause only costs time.
const isWatched = process.stdout.isTTY === true && !process.env.CI;
const open = (file, seconds) => openInput(file, isWatched ? { replaySeconds: seconds } : {});

const bodies = [];

/** Shows a body or a stream, whichever it is. Returns the verdict in a word. */
function showInput(name, input) {
  if (input.bytes === undefined) return showStream(name, input);
  bodies.push(input.bytes);
  return showBody(name, input.bytes);
}

async function showSamples() {
  showBriefly();
  const wrong = [];
  for (const [name, expected] of Object.entries(samples)) {
    const input = await open(join(root, "examples/samples", name), secondsOfSample);
    const verdict = await showInput(name, input);
    if (verdict !== expected) wrong.push(`${name} should be "${expected}", but is "${verdict}".`);
  }
  if (wrong.length === 0) {
    console.log(`\nAll ${Object.keys(samples).length} samples came out as they should.`);
  } else {
    console.error(wrong.join("\n"));
    process.exitCode = 1;
  }
}

async function showFile(file) {
  try {
    const verdict = await showInput(titleOf(file), await open(file, secondsOfFile));
    if (verdict !== "decoded" && verdict !== "repaired") process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof InputError)) throw error; // a mistake here
    console.error(error.message);
    process.exitCode = 1;
  }
}

const files = process.argv.slice(2);
if (files.length === 0) await showSamples();
for (const file of files) await showFile(file);
showTimes(bodies);
