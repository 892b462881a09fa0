// Compares chatwire with others: npm run bench.
//
//   npm run bench                              everything; writes results.json and docs/benchmarks.*
//   npm run bench -- body/small                some rows, shown only: any part of their names
//   npm run bench -- stream/text/openai-final  one row
//   npm run bench -- --quick                   fewer rounds, shown only
//   npm run bench -- --list                    the names of all rows
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root } from "../scripts/shell.mjs";
import * as cli from "./cli/index.mjs";
import { environment, load } from "./environment.mjs";
import * as http from "./http/index.mjs";
import { installPeers } from "./install.mjs";
import * as memory from "./memory/index.mjs";
import * as native from "./native/index.mjs";
import { writeDocument } from "./report/document.mjs";
import { printTargets } from "./report/table.mjs";
import { judged } from "./report/targets.mjs";
import * as series from "./series/index.mjs";
import { node } from "./shell.mjs";
import * as size from "./size/index.mjs";
import * as start from "./start/index.mjs";

/** What is measured: each has `rows`, and `measure` for some of them, which also prints them. */
const groups = { series, native, size, start, memory, http, cli };

/** The rows that are named: by all of their id, or by one or more parts of it that follow each other. */
function chosen(names) {
  const all = Object.values(groups).flatMap(({ rows }) => rows);
  const isNamed = (id, name) => `/${id}/`.includes(`/${name}/`);
  const unknown = names.filter((name) => !all.some((id) => isNamed(id, name)));
  if (unknown.length > 0) {
    console.error(`No such row: ${unknown.join(", ")}. npm run bench -- --list lists them.`);
    process.exit(2);
  }
  return all.filter((id) => names.length === 0 || names.some((name) => isNamed(id, name)));
}

/** Shows what is being done, in place of what was shown last. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text} `);
}

/** Four digits are more than measurements have. */
const rounded = (_, value) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

/** Results as JSON, one row a line. */
function toJson({ environment, ...lists }) {
  const parts = Object.entries(lists).map(([name, list]) => {
    const lines = list.map((row) => `\n    ${JSON.stringify(row, rounded)}`);
    return `"${name}": [${lines.join(",")}\n  ]`;
  });
  return `{\n  ${[`"environment": ${JSON.stringify(environment)}`, ...parts].join(",\n  ")}\n}\n`;
}

await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  const ids = chosen(positionals);
  if (values.list) return console.log(ids.join("\n"));
  const plan = values.quick ? "quick" : "full";
  await installPeers();
  await node("scripts/build.mjs");

  const results = { environment: environment() };
  const { cpu, cores, node: version, commit } = results.environment;
  console.log(`${cpu}, ${cores} cores, Node ${version}, commit ${commit?.slice(0, 7)}`);
  for (const [name, { rows, measure }] of Object.entries(groups)) {
    const wanted = rows.filter((id) => ids.includes(id));
    if (wanted.length > 0) results[name] = await measure(wanted, plan, progress);
  }
  results.environment.load.after = load();
  results.environment.native = native.versions;
  printTargets(judged(results));
  const { before, after } = results.environment.load;
  console.log(`\nLoad of the machine: ${before} before, ${after} after`);
  if (positionals.length > 0 || values.quick) return;
  writeFileSync(join(root, "bench/results.json"), toJson(results));
  writeDocument(results);
});
