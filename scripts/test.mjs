// Every check of the repository: npm test. Stages can be named: npm test -- native js.
// All stages run even where one fails, except those that build on it.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setupOrExit } from "./setup.mjs";
import { cmakeBuild, cores, filesUnder, root, run } from "./shell.mjs";

/** Thrown by a stage that finds nothing to do. */
class Skip extends Error {}

// Each stage takes the options of `run` and may return a note for the summary.
const stages = {
  native: { about: "C++ tests, g++", run: (options) => nativeTests("native", options) },
  asan: {
    about: "C++ tests, clang++, sanitizers",
    run: (options) => nativeTests("clang-asan", options),
  },
  valgrind: { about: "C++ tests, valgrind: some", needs: ["native"], run: valgrind },
  build: { about: "WebAssembly and TypeScript", run: buildPackage },
  generated: { about: "generated files are current", run: generated },
  format: { about: "clang-format and Biome", run: checkFormat },
  lint: { about: "clang-tidy", run: lint },
  types: { about: "tests of the typings", needs: ["build"], run: types },
  js: { about: "JavaScript tests", needs: ["build"], run: javascript },
  package: { about: "the packed package: Node, Chromium", needs: ["build"], run: packed },
  fuzz: { about: "fuzzers, a little of each", needs: ["build"], run: fuzz },
};

async function nativeTests(preset, options) {
  await cmakeBuild(preset, options);
  const output = await run(["ctest", "--preset", preset, "--parallel", String(cores)], options);
  return /\d+% tests passed.*/.exec(output)?.[0];
}

async function valgrind(options) {
  const output = await run(["node", "scripts/valgrind.mjs", "--quick"], options);
  return /\d+ files without errors/.exec(output)?.[0];
}

async function buildPackage(options) {
  const output = await run(["node", "scripts/build.mjs"], options);
  return /everything, wasm inlined.*/.exec(output)?.[0];
}

async function generated(options) {
  if (!existsSync(join(root, "scripts/emit_models.cpp"))) throw new Skip("no generator yet");
  await cmakeBuild("native", { ...options, target: "emit_models" });
  await run(["node", "scripts/generate.mjs", "--check"], options);
}

async function checkFormat(options) {
  await run(["node", "scripts/format.mjs", "--check"], options);
}

async function lint(options) {
  await run(["node", "scripts/lint.mjs"], options);
}

async function types(options) {
  if (filesUnder("tests/types", /\.ts$/).length === 0) throw new Skip("no tests/types/*.ts");
  await run([join(root, "node_modules/.bin/tsc"), "-p", "tests/types"], options);
}

async function javascript(options) {
  const files = filesUnder("tests/js", /\.test\.mjs$/);
  if (files.length === 0) throw new Skip("no tests/js/**/*.test.mjs");
  // Some are made from the models, some compare the package with the library.
  for (const target of ["emit_models", "chatwire_stream_tool"])
    await cmakeBuild("native", { ...options, target });
  const output = await run(
    [
      "node",
      "--test",
      "--test-timeout=300000",
      "--disallow-code-generation-from-strings", // as under a strict Content-Security-Policy
      "--expose-gc", // for tests that look for leaks
      ...files,
    ],
    options,
  );
  return passedIn(output);
}

async function packed(options) {
  return passedIn(await run(["node", "tests/package/run.mjs", "--quick"], options));
}

const passedIn = (output) =>
  /(?<=^(?:# |\u2139 )pass )\d+/m.exec(output)?.[0].concat(" tests passed");

async function fuzz(options) {
  const output = await run(["node", "scripts/fuzz.mjs", "--check"], options);
  const skipped = /^C\+\+ skipped: .*/m.exec(output ?? "")?.[0];
  return skipped ?? (output && `${output.match(/ inputs$/gm).length} targets`);
}

function chooseStages(names) {
  const unknown = names.filter((name) => !(name in stages));
  if (unknown.length > 0) {
    console.error(
      `No such stage: ${unknown.join(", ")}. There are: ${Object.keys(stages).join(", ")}`,
    );
    process.exit(2);
  }
  const wanted = names.flatMap((name) => [...(stages[name].needs ?? []), name]);
  return Object.keys(stages).filter((name) => names.length === 0 || wanted.includes(name));
}

/** Runs one stage: { state: "ok" | "failed" | "skipped", note, seconds }. */
async function runStage(name, results, options) {
  const start = performance.now();
  const end = (state, note) => ({ state, note, seconds: (performance.now() - start) / 1000 });
  const broken = stages[name].needs?.find((other) => results[other]?.state === "failed");
  if (broken) return end("failed", `not run: stage ${broken} failed`);
  try {
    return end("ok", await stages[name].run(options));
  } catch (error) {
    if (error instanceof Skip) return end("skipped", error.message);
    const log = join("build", "logs", `${name}.log`);
    writeFileSync(join(root, log), error.output ?? "");
    console.log(error.output ?? error.stack);
    return end("failed", error.message);
  }
}

function printSummary(results) {
  console.log("\nSummary");
  for (const [name, { state, note, seconds }] of Object.entries(results)) {
    const line = `  ${state.padEnd(8)} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`;
    console.log(note ? `${line}  ${note.trim().split("\n", 1)[0]}` : line);
  }
}

const names = process.argv.slice(2);
const chosen = chooseStages(names);
await setupOrExit();
mkdirSync(join(root, "build/logs"), { recursive: true });
// Named stages show their output as it comes; a whole run shows that of failures only.
const options = { capture: names.length === 0 };
const results = {};
for (const name of chosen) {
  console.log(`${name}: ${stages[name].about}`);
  results[name] = await runStage(name, results, options);
}
printSummary(results);
process.exitCode = Object.values(results).some(({ state }) => state === "failed") ? 1 : 0;
