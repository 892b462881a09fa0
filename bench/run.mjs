// Compares chatwire with others: npm run bench.
//
//   npm run bench                              everything; writes results.json and docs/benchmarks.md
//   npm run bench -- body/small                some rows, shown only: any part of their names
//   npm run bench -- stream/text/openai-final  one row
//   npm run bench -- --quick                   fewer rounds, shown only
//   npm run bench -- --list                    the names of all rows
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root } from "../scripts/shell.mjs";
import { environment, load } from "./environment.mjs";
import { installPeers } from "./install.mjs";
import { bodyClasses } from "./payloads/bodies.mjs";
import { streamClasses } from "./payloads/streams.mjs";
import { printSeries } from "./report/table.mjs";
import { series } from "./series/all.mjs";
import { measureSeries, node } from "./series/runner.mjs";

const about = { body: bodyClasses, stream: streamClasses };

/** The rows that are named: by all of their id, or by one or more parts of it that follow each other. */
function chosen(names) {
  const ids = series.map(({ id }) => id);
  const isNamed = (id, name) => `/${id}/`.includes(`/${name}/`);
  const unknown = names.filter((name) => !ids.some((id) => isNamed(id, name)));
  if (unknown.length > 0) {
    console.error(`No such row: ${unknown.join(", ")}. npm run bench -- --list lists them.`);
    process.exit(2);
  }
  return ids.filter((id) => names.length === 0 || names.some((name) => isNamed(id, name)));
}

/** Shows what is being done, in place of what was shown last. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function runSeries(ids, plan) {
  const results = [];
  const wanted = series.filter(({ id }) => ids.includes(id));
  for (const [at, of] of wanted.entries()) {
    progress(`${at + 1}/${wanted.length} ${of.id} `);
    results.push(await measureSeries(of, plan));
    const next = wanted[at + 1];
    if (next?.group === of.group && next?.payload === of.payload) continue;
    progress("");
    printSeries(
      `${of.group}/${of.payload}: ${about[of.group][of.payload].about}`,
      results.filter(({ group, payload }) => group === of.group && payload === of.payload),
    );
  }
  return results;
}

/** For JSON.stringify: four digits are more than measurements have. */
const rounded = (_, value) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

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
  results.series = await runSeries(ids, plan);
  results.environment.load.after = load();
  console.log(`\nLoad of the machine: ${Object.values(results.environment.load).join(", then ")}`);
  if (positionals.length > 0 || values.quick) return;
  writeFileSync(join(root, "bench/results.json"), `${JSON.stringify(results, rounded, 2)}\n`);
});
