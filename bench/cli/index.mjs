// `chatwire stats` beside other programs that count a log: lines a second of whole processes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cores, hasProgram, root, run } from "../../scripts/shell.mjs";
import { installPrograms } from "../install.mjs";
import { bodies } from "../payloads/bodies.mjs";
import { number, refusal, timesBetween } from "../report/format.mjs";
import { printTable } from "../report/table.mjs";
import { ratios, spread } from "../series/measure.mjs";
import { outputOf } from "../shell.mjs";
import { chatwire, peers } from "./programs.mjs";

const plans = { full: { lines: 200_000, rounds: 7 }, quick: { lines: 50_000, rounds: 2 } };
const folder = join(root, "build/cli");

const logs = {
  bare: { about: "a completion a line", wrap: (body) => body },
  batch: {
    about: "lines of a batch's output",
    wrap: (body, at) =>
      `{"id":"batch_req_${at}","custom_id":"request-${at}","response":{"status_code":200,"request_id":"${at}","body":${body}},"error":null}`,
  },
};

const ways = Object.keys(logs).flatMap((log) =>
  Object.entries(peers).map(([name, peer]) => ({ id: `cli/${log}/${name}`, log, name, ...peer })),
);
export const rows = ways.map(({ id }) => id);

/** Writes a log of answers of 0.7 to 4.5 KB. Gives its path and size. */
async function writeLog(name, lines) {
  const path = join(folder, `${name}.jsonl`);
  const all = ["small", "services", "answer"].flatMap((of) => bodies(of));
  const answers = all.map((body) => JSON.stringify(JSON.parse(body)));
  const file = createWriteStream(path);
  let bytes = 0;
  for (let at = 0; at < lines; at++) {
    const line = Buffer.from(`${logs[name].wrap(answers[(at * 7) % answers.length], at)}\n`);
    bytes += line.length;
    if (!file.write(line)) await once(file, "drain");
  }
  await once(file.end(), "finish");
  return { path, bytes, lines };
}

/** Runs a program. Gives what it has counted, and the seconds. */
async function count({ command, read = (models) => models }, path) {
  const start = performance.now();
  const output = await outputOf(run([...command, path], { capture: true }));
  const seconds = (performance.now() - start) / 1000;
  return { seconds, models: read(JSON.parse(output)) };
}

async function measureWay(way, { path, bytes, lines }, { rounds }) {
  const { id, log, name, title, needs } = way;
  const head = { id, log, name, title, lines, bytes, threads: cores };
  if (needs && !hasProgram(needs)) return { ...head, refused: "The library is not there" };
  const samples = { theirs: [], ours: [] };
  // The first round brings the file into memory.
  for (let round = 0; round <= rounds; round++) {
    const theirs = await count(way, path);
    const ours = await count(chatwire, path);
    assert.deepEqual(theirs.models, ours.models);
    if (round === 0) continue;
    samples.theirs.push(theirs.seconds);
    samples.ours.push(ours.seconds);
  }
  const perSecond = (seconds) => lines / spread(seconds).median;
  return {
    ...head,
    linesPerSecond: { theirs: perSecond(samples.theirs), ours: perSecond(samples.ours) },
    ratio: spread(ratios(samples.theirs, samples.ours)),
  };
}

export async function measure(ids, plan, progress) {
  await installPrograms();
  mkdirSync(folder, { recursive: true });
  const results = [];
  for (const [log, { about }] of Object.entries(logs)) {
    const wanted = ways.filter((way) => way.log === log && ids.includes(way.id));
    if (wanted.length === 0) continue;
    progress(`writing ${log}`);
    const file = await writeLog(log, plans[plan].lines);
    const some = [];
    for (const way of wanted) {
      progress(way.id);
      some.push(await measureWay(way, file, plans[plan]));
    }
    progress("");
    console.log(`\nCounting a log: ${about}`);
    printTable(
      ["", "lines a second", "chatwire", "times as long"],
      some.map(({ id, refused, linesPerSecond, ratio }) =>
        refused
          ? [id, "-", "-", refusal(refused)]
          : [id, number(linesPerSecond.theirs), number(linesPerSecond.ours), timesBetween(ratio)],
      ),
    );
    results.push(...some);
  }
  return results;
}
