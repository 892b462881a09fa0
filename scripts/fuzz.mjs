// Fuzzes: npm run fuzz -- TARGET SECONDS. Without arguments it lists the targets. With --check it does
// what npm test does: it tries the regressions of every target, and a number of inputs that takes
// seconds. What makes a target fail is written to build/fuzz/findings.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setupOrExit } from "./setup.mjs";
import { CommandError, cmakeBuild, cores, filesUnder, main, root, run } from "./shell.mjs";

/** What each target holds, and how many inputs --check tries. */
const targets = {
  scanner: { about: "any JSON: the verdict and the values of nlohmann/json", runs: 20_000 },
  scanner_utf16: { about: "the same with text as JavaScript wants it", runs: 20_000 },
  body: { about: "bodies and chunks, decoded without a contract", runs: 8_000 },
  strict: { about: "the same under each contract, beside decoding without one", runs: 4_000 },
  forms: { about: "bodies of a form that is known, beside a decoder that knows none", runs: 4_000 },
  forms_utf16: { about: "the same with text as JavaScript wants it", runs: 4_000 },
  stream: { about: "streams: the same however they are cut and read", runs: 3_000 },
  encode: { about: "encoding gives back the JSON that was decoded", runs: 15_000 },
  "encode-js": { about: "the same in JavaScript, beside JSON.parse", runs: 10_000 },
  partial: { about: "JSON that is still coming, byte by byte", runs: 1_200 },
  partial_utf16: { about: "the same with text as JavaScript wants it", runs: 1_200 },
  framing: { about: "framing: any cuts, beside event streams of the standard", runs: 8_000 },
};

const preset = "clang-asan";
const longest = 4096;
const seeds = "build/fuzz/seeds";

const isNative = (target) => !target.endsWith("-js");
const programOf = (target) =>
  isNative(target)
    ? [join(root, `build/${preset}/tests/fuzz/fuzz_${target}`)]
    : ["node", `tests/fuzz/${target}.mjs`];
const regressionsOf = (target) => `tests/fuzz/regressions/${target.replace("_utf16", "")}`;

function makeFolder(path, { empty = false } = {}) {
  if (empty) rmSync(join(root, path), { recursive: true, force: true });
  mkdirSync(join(root, path), { recursive: true });
  return path;
}

/** The command that tries inputs made of seeds; new ones for which code behaves go to `corpus`. */
function commandOf(target, { seconds, runs, corpus }) {
  const findings = makeFolder(`build/fuzz/findings/${target}`);
  const from = join(seeds, target);
  if (!isNative(target)) {
    const bound = runs ? [`--runs=${runs}`] : [`--seconds=${seconds}`, `--seed=${Date.now()}`];
    return [...programOf(target), from, findings, ...bound];
  }
  return [
    ...programOf(target),
    "-dict=tests/fuzz/wire.dict",
    `-max_len=${longest}`,
    `-artifact_prefix=${findings}/`,
    "-print_final_stats=1",
    ...(runs ? ["-seed=1", `-runs=${runs}`] : [`-max_total_time=${seconds}`]),
    makeFolder(corpus, { empty: runs !== undefined }),
    from,
    ...(runs ? [] : [makeFolder(regressionsOf(target))]),
  ];
}

/** Whether the compiler has libFuzzer; tells what is missing where it has not. */
async function hasFuzzer() {
  await run(["cmake", "--preset", preset], { capture: true });
  const cache = readFileSync(join(root, `build/${preset}/CMakeCache.txt`), "utf8");
  if (/^CHATWIRE_HAS_LIBFUZZER:INTERNAL=1$/m.test(cache)) return true;
  console.log("C++ skipped: clang++ has no libFuzzer, which is in the package libclang-rt-dev");
  return false;
}

/** Builds what `target` needs: a fuzzer, or all of them. */
async function prepare(target, options) {
  await run(["node", "scripts/build.mjs"], options);
  await cmakeBuild("native", { ...options, target: "emit_models" });
  if (target !== undefined) await cmakeBuild(preset, { ...options, target });
  // Not before: it reads what was built.
  const { makeSeeds } = await import("../tests/fuzz/seeds.mjs");
  await makeSeeds(makeFolder(seeds, { empty: true }));
}

/** Runs a target until the time is over or something is found. */
async function fuzz(target, seconds) {
  if (isNative(target) && !(await hasFuzzer())) return;
  await prepare(isNative(target) ? `fuzz_${target}` : undefined, {});
  const corpus = `build/fuzz/corpus/${target}`;
  try {
    await run(commandOf(target, { seconds, corpus }));
    console.log(`\n${target}: nothing found in ${seconds} seconds`);
    if (isNative(target)) console.log(`What it learnt is in ${corpus}.`);
  } catch (error) {
    console.error(
      `\n${target}: the input is in build/fuzz/findings/${target}, the reason above. Try it again:\n` +
        `  ${programOf(target).join(" ")} build/fuzz/findings/${target}/NAME\n` +
        `When it is mended, keep it: it belongs into ${regressionsOf(target)}.`,
    );
    throw error;
  }
}

/** Tries the regressions and a number of inputs, always the same ones. Returns whether all is well. */
async function check(target) {
  const { runs } = targets[target];
  const kept = filesUnder(regressionsOf(target), /./);
  const corpus = `build/fuzz/check/${target}`;
  try {
    if (kept.length > 0) await run([...programOf(target), ...kept], { capture: true });
    await run(commandOf(target, { runs, corpus }), { capture: true });
    console.log(`${target}: ${kept.length} regressions and ${runs} inputs`);
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.log(`${target}: ${error.message}\n${error.output}`);
    return false;
  }
}

async function checkAll() {
  const native = await hasFuzzer();
  await prepare(native ? "fuzzers" : undefined, { capture: true });
  const queue = Object.keys(targets).filter((target) => native || !isNative(target));
  const failed = [];
  const worker = async () => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift())
      if (!(await check(target))) failed.push(target);
  };
  await Promise.all(Array.from({ length: Math.min(cores, 4) }, worker));
  if (failed.length > 0) throw new CommandError(failed, "found something");
}

function list() {
  console.log("npm run fuzz -- TARGET SECONDS\n");
  for (const [name, { about }] of Object.entries(targets))
    console.log(`  ${name.padEnd(14)} ${about}`);
}

async function start() {
  const [target, seconds] = process.argv.slice(2);
  if (target === undefined) return list();
  if (target !== "--check" && !(target in targets && Number(seconds) > 0)) {
    list();
    process.exitCode = 2;
    return;
  }
  await setupOrExit();
  await (target === "--check" ? checkAll() : fuzz(target, Number(seconds)));
}

await main(import.meta.url, start);
