// Decodes bodies and shows what comes of them; npm start runs it.
//
//   node scripts/decode-samples.mjs              the samples of examples/samples
//   node scripts/decode-samples.mjs FILE ... -   files of your own; "-" is standard input
//
// Exit code 1: a sample came out otherwise than it should, or a file of yours could not be decoded.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
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
};

if (!existsSync(join(root, "dist/index.js"))) {
  console.error("dist/ is missing. Build it first: npm run build");
  process.exit(1);
}
const { decode, messageReasoning, messageText, safeDecode, totalTokens, unifiedFinishReason } =
  await import("../dist/index.js");

// ---- Showing ------------------------------------------------------------------------------------

const colors = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code, text) => (colors ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = (text) => paint(1, text);
const dim = (text) => paint(2, text);
const severityColors = { error: 31, warning: 33, info: 36 };

/** Text from a body on one line, cut, without characters that a terminal would obey. */
function line(text, longest = 76) {
  const plain = text.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "\ufffd");
  const characters = Array.from(plain);
  return characters.length > longest ? `${characters.slice(0, longest - 3).join("")}...` : plain;
}

function show(value) {
  const options = { depth: null, breakLength: 96, maxStringLength: 64, maxArrayLength: 6, colors };
  console.log(inspect(value, options).replace(/^/gm, "  "));
}

function showFact(name, value) {
  if (value !== undefined && value !== "") console.log(`  ${dim(name.padEnd(20))} ${line(value)}`);
}

function pathText(path) {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return steps.join("").replace(/^\./, "") || "(the body)";
}

function showIssues(issues) {
  for (const { code, severity, path, offset, expected, received } of issues) {
    const said = expected ? `: expected ${expected}, received ${received ?? "nothing"}` : "";
    const grade = paint(severityColors[severity], severity.padEnd(7));
    console.log(`  ${grade} ${code} at ${line(pathText(path))}, byte ${offset}${line(said)}`);
  }
}

/** What the helpers read from a completion, whichever way its server has put it. */
function showHelpers({ choices = [], usage }) {
  const [choice] = choices ?? [];
  showFact("messageText", messageText(choice?.message));
  showFact("messageReasoning", messageReasoning(choice?.message));
  showFact("unifiedFinishReason", unifiedFinishReason(choice));
  showFact("totalTokens", totalTokens(usage)?.toString());
}

function showError(error) {
  console.log(`  ${paint(31, error.name)}: ${line(error.message, 300)}`);
  for (const name of ["code", "status", "limit"])
    if (error[name] !== undefined) showFact(name, String(error[name]));
  const { error: payload, partial } = error;
  if (payload !== undefined) show(payload); // the provider's own, with all its members
  // All that there is of most bodies with a provider's error is that error.
  if (partial === undefined || (payload !== undefined && partial.choices === undefined)) return;
  console.log(dim("  What was decoded before it:"));
  show(partial);
}

/** Decodes a body and shows everything about it. Returns the verdict in a word. */
function decodeAndShow(name, body) {
  const result = safeDecode(body);
  const repaired = result.issues.some(({ severity }) => severity === "warning");
  const verdict = result.ok ? (repaired ? "repaired" : "decoded") : result.error.name;
  console.log(`\n${bold(name)}  ${body.length} bytes  ${paint(result.ok ? 32 : 31, verdict)}`);
  if (result.ok) {
    show(result.value);
    showHelpers(result.value);
  } else {
    showError(result.error);
  }
  showIssues(result.issues);
  return verdict;
}

// ---- Measuring ----------------------------------------------------------------------------------

/** Microseconds that `run` takes for each of the bodies. */
function timeOf(run, bodies) {
  const start = performance.now();
  let count = 0;
  do {
    for (const body of bodies) run(body);
    count += bodies.length;
  } while (performance.now() - start < 15);
  return ((performance.now() - start) * 1000) / count;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function showTimes(bodies) {
  const utf8 = new TextDecoder();
  const parse = (body) => JSON.parse(utf8.decode(body));
  const bothRead = bodies.filter((body) => {
    try {
      return parse(body) !== undefined && safeDecode(body).ok;
    } catch {
      return false;
    }
  });
  if (bothRead.length === 0) return;
  const rounds = Array.from({ length: 21 }, () => [
    timeOf(decode, bothRead),
    timeOf(parse, bothRead),
  ]).slice(5); // the first ones warm the engine up
  const [ours, theirs] = [0, 1].map((way) => median(rounds.map((times) => times[way])));
  console.log(
    `\nPer body (${bothRead.length} that both read): chatwire ${ours.toFixed(2)} µs, ` +
      `TextDecoder + JSON.parse ${theirs.toFixed(2)} µs, ${(theirs / ours).toFixed(1)} times as long.`,
  );
}

// ---- The way through ----------------------------------------------------------------------------

function readBody(file) {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    console.error(`${line(file)}: ${error.message}`);
    process.exit(1);
  }
}

const files = process.argv.slice(2);
const names = files.length === 0 ? Object.keys(samples) : files;
const bodies = names.map((name) =>
  readBody(files.length === 0 ? join(root, "examples/samples", name) : name),
);
const verdicts = names.map((name, at) =>
  decodeAndShow(name === "-" ? "standard input" : name, bodies[at]),
);
showTimes(bodies);

for (const [at, name] of names.entries()) {
  const isRead = verdicts[at] === "decoded" || verdicts[at] === "repaired";
  if (files.length === 0 ? verdicts[at] === samples[name] : isRead) continue;
  process.exitCode = 1;
  if (files.length === 0)
    console.error(`${name} should be "${samples[name]}", but is "${verdicts[at]}".`);
}
