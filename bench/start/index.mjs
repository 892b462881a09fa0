// How long libraries take to start, each time in a fresh process.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";
import { bundle, bundled, compileAhead, installed, pages } from "../pages/index.mjs";
import { bodies } from "../payloads/bodies.mjs";
import { makeStream } from "../payloads/streams.mjs";
import { number } from "../report/format.mjs";
import { printTable } from "../report/table.mjs";
import { spread } from "../series/measure.mjs";
import { node } from "../shell.mjs";

const processes = { full: 15, quick: 5 };
const folder = join(root, "build/start");

const ways = Object.entries(pages).flatMap(([name, { title, does }]) =>
  does.flatMap((kind) =>
    ["installed", "bundled"].map((form) => ({
      id: `start/${kind}/${form}/${name}`,
      name,
      title,
      kind,
      form,
    })),
  ),
);

export const rows = ways.map(({ id }) => id);

/** A body of 0.7 KB, and a stream of 20 events. */
function writeInputs() {
  mkdirSync(folder, { recursive: true });
  const { events } = makeStream("text", 0);
  const some = [...events.slice(0, 18), ...events.slice(-2), "[DONE]"];
  const files = {
    body: bodies("small")[0],
    stream: some.map((data) => `data: ${data}\n\n`).join(""),
  };
  for (const [kind, text] of Object.entries(files)) writeFileSync(join(folder, kind), text);
}

async function measureStart(of, plan) {
  const { name, kind, form } = of;
  const page = form === "installed" ? installed(name) : bundled(name);
  const samples = [];
  // The first one fills the cache of files.
  for (let i = 0; i <= processes[plan]; i++) {
    const output = await node("bench/start/run-start.mjs", page, kind, join(folder, kind));
    if (i > 0) samples.push(JSON.parse(output));
  }
  const names = Object.keys(samples[0]);
  const times = names.map((time) => [time, spread(samples.map((sample) => sample[time]))]);
  return { ...of, milliseconds: Object.fromEntries(times) };
}

export async function measure(ids, plan, progress) {
  writeInputs();
  const wanted = ways.filter(({ id }) => ids.includes(id));
  await compileAhead();
  for (const name of new Set(wanted.map((of) => of.name))) await bundle(name, "node");
  const results = [];
  for (const of of wanted) {
    progress(of.id);
    results.push(await measureStart(of, plan));
  }
  progress("");
  console.log("\nMilliseconds to start, in a fresh process");
  printTable(
    ["", "import", "ready", "first", "second", "to the first"],
    results.map(({ id, milliseconds }) => [
      id,
      ...Object.values(milliseconds).map(({ median }) => number(median)),
    ]),
  );
  return results;
}
