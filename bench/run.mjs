// Compares chatwire with JSON.parse and writes bench/results.json: npm run bench.
//
//   npm run bench -- prose code native   only these rows
//   npm run bench -- --quick             fewer rounds, to get an idea
//
// Results of some rows only, or of a quick run, are shown but not written.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cmakeBuild, main, root, run } from "../scripts/shell.mjs";
import { spread } from "./measure.mjs";
import { classes } from "./payloads.mjs";

const bench = (file) => join(root, "bench", file);

const capture = true;

/** What commands print; where one fails, that is shown. */
async function outputOf(commands) {
  try {
    return await commands;
  } catch (error) {
    console.error(error.output);
    throw error;
  }
}
const node = (...command) => outputOf(run([process.execPath, ...command], { capture }));

// ---- Tables -------------------------------------------------------------------------------------

/** Prints rows as columns of equal width: the first to the left, all others to the right. */
function printTable(header, rows) {
  const table = [header, ...rows];
  const widths = header.map((_, at) => Math.max(...table.map((row) => row[at].length)));
  for (const row of table) {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
    );
    console.log(cells.join("  "));
  }
}

/** For JSON.stringify: four digits are more than measurements have. */
const rounded = (_, value) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

const number = (value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const times = ({ median }) => `${median.toFixed(2)}x`;
const timesBetween = ({ median, low, high }) =>
  `${median.toFixed(2)}x (${low.toFixed(2)}-${high.toFixed(2)})`;
const percent = (share) => `${Math.round(share * 100)} %`;

// ---- Bodies -------------------------------------------------------------------------------------

async function measureBodies(names, plan) {
  const results = [];
  for (const name of names) {
    process.stderr.write(`${name} ... `);
    results.push(JSON.parse(await node(bench("body.mjs"), name, plan)));
  }
  process.stderr.write("\n");
  return results;
}

function printBodies(results) {
  console.log("\nBytes or text of a body to an object, against TextDecoder and JSON.parse");
  const header = "body,KB,JSON.parse µs,chatwire µs,MB/s,bytes,text,strict,in WASM".split(",");
  const rows = results.map(({ name, bytes, microseconds, ratios }) => [
    name,
    (bytes / 1000).toFixed(1),
    number(microseconds.parseBytes.median),
    number(microseconds.decodeBytes.median),
    number(bytes / microseconds.decodeBytes.median),
    timesBetween(ratios.bytes),
    times(ratios.text),
    ratios.strict === undefined ? "-" : percent(ratios.strict.median),
    percent(ratios.core.median),
  ]);
  printTable(header, rows);
}

// ---- Start and sizes ----------------------------------------------------------------------------

async function measureStart(plan) {
  const processes = plan === "quick" ? 5 : 21;
  const samples = [];
  for (let i = 0; i < processes; i++) samples.push(JSON.parse(await node(bench("start.mjs"))));
  const names = Object.keys(samples[0]);
  return Object.fromEntries(names.map((name) => [name, spread(samples.map((of) => of[name]))]));
}

function printStart(result) {
  console.log("\nMilliseconds to start, in a fresh process");
  const rows = Object.entries(result).map(([name, { median, low, high }]) => [
    name,
    number(median),
    `${number(low)}-${number(high)}`,
  ]);
  printTable(["", "median", "quartiles"], rows);
}

async function measureSizes() {
  const { sizes } = await import("./sizes.mjs"); // not at the top: esbuild may be missing before
  return sizes();
}

function printSizes(result) {
  console.log("\nKB that a browser loads, minified and compressed by gzip");
  printTable(
    ["", "KB"],
    Object.entries(result).map(([name, bytes]) => [name, (bytes / 1000).toFixed(1)]),
  );
}

// ---- C++ ----------------------------------------------------------------------------------------

async function measureNative(plan) {
  const folder = join(root, "build/payloads");
  await node(bench("payloads.mjs"), "--write", folder);
  await outputOf(cmakeBuild("native", { target: "bench_native", capture }));
  const program = join(root, "build/native/bench/bench_native");
  const results = JSON.parse(await outputOf(run([program, folder, plan], { capture })));
  return Object.keys(classes).map((className) => results.find(({ name }) => name === className));
}

function printNative(results) {
  console.log(
    "\nC++: microseconds per body, and how many times as long as structs nlohmann::json takes",
  );
  const rows = results.map(({ name, microseconds: { tape, structs, parse, get } }) => [
    name,
    number(tape),
    number(structs),
    number(parse),
    number(get),
    `${(get / structs).toFixed(1)}x`,
  ]);
  printTable(["body", "tape", "structs", "nlohmann parse", "parse + get", "times"], rows);
}

// ---- All of it ----------------------------------------------------------------------------------

const extras = {
  start: { measure: measureStart, print: printStart },
  sizes: { measure: measureSizes, print: printSizes },
  native: { measure: measureNative, print: printNative },
};

function environment() {
  const git = (...command) => execFileSync("git", command, { cwd: root, encoding: "utf8" }).trim();
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    chatwire: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
    commit: git("rev-parse", "HEAD"),
    changed: git("status", "--porcelain", "--", "src", "bindings", "ts") !== "",
  };
}

function chosen(names) {
  const known = [...Object.keys(classes), ...Object.keys(extras)];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names.length === 0 ? known : names;
  console.error(`No such row: ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  return process.exit(2);
}

await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false } },
  });
  const names = chosen(positionals);
  const plan = values.quick ? "quick" : "full";
  await node("scripts/build.mjs");

  const results = { environment: environment() };
  const { cpu, cores, node: version, commit } = results.environment;
  console.log(`${cpu}, ${cores} cores, Node ${version}, commit ${commit.slice(0, 7)}`);
  const bodies = names.filter((name) => name in classes);
  if (bodies.length > 0) {
    results.bodies = await measureBodies(bodies, plan);
    printBodies(results.bodies);
  }
  for (const name of names.filter((name) => name in extras)) {
    results[name] = await extras[name].measure(plan);
    extras[name].print(results[name]);
  }
  if (positionals.length > 0 || values.quick) return;
  writeFileSync(bench("results.json"), `${JSON.stringify(results, rounded, 2)}\n`);
});
