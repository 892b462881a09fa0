// C++: runs ways of bench_native against each other, each pair in processes of its own.
import { join } from "node:path";
import { cmakeBuild, root, run } from "../../scripts/shell.mjs";
import { installLibraries } from "../install.mjs";
import { bodyClasses } from "../payloads/bodies.mjs";
import { streamClasses, streams } from "../payloads/streams.mjs";
import { printSeries } from "../report/table.mjs";
import { combine } from "../series/index.mjs";
import { plans } from "../series/measure.mjs";
import { node, outputOf } from "../shell.mjs";

const folder = join(root, "build/payloads");
const program = join(root, "build/native/bench/bench_native");
const about = { body: bodyClasses, stream: streamClasses };
const own = "structs of one's own, which leave out what they do not know";

const ways = {
  body: {
    nlohmann: { title: "nlohmann/json, parse and get, to the same structs" },
    simdjson: { title: "simdjson on demand, by hand, to the same structs without unknown members" },
    "simdjson-own": { title: `simdjson on demand, by hand, to ${own}` },
    rapidjson: { title: `RapidJSON's SAX reader, by hand, to ${own}` },
    strict: { title: "chatwire under the contract openai; against without" },
  },
  stream: {
    nlohmann: { title: "lines and nlohmann/json, chunks of the same structs" },
    simdjson: { title: "lines and simdjson on demand, chunks of the same structs" },
    "simdjson-own": { title: `lines and simdjson on demand, chunks of ${own}` },
    "simdjson-own-one": { title: "the same, each read into one struct that is used again" },
    rapidjson: { title: `lines and RapidJSON's SAX reader, chunks of ${own}` },
    kept: { title: "chatwire, chunks that can be kept; against feed_each", theirs: "chunks" },
    "nlohmann-final": {
      title: "lines and nlohmann/json, put together by hand; against the completion",
      ours: "completion",
    },
    "simdjson-own-final": {
      title: "lines and simdjson on demand, put together by hand; against the completion",
      ours: "completion",
    },
  },
};
const oursOf = { body: "structs", stream: "each" };

const pairs = Object.entries(ways).flatMap(([kind, all]) =>
  Object.keys(about[kind]).flatMap((payload) =>
    Object.entries(all).map(([name, { title, theirs = name, ours = oursOf[kind] }]) => ({
      id: `native/${kind}/${payload}/${name}`,
      group: "native",
      kind,
      payload,
      name,
      title,
      theirs,
      ours,
    })),
  ),
);

/** What was found at the last measurement. */
export let versions;

export const rows = pairs.map(({ id }) => id);

/** How many bodies or events there are in the files of a class. */
function countOf({ kind, payload }) {
  if (kind === "body") return 16;
  return streams(payload).reduce((sum, { events }) => sum + events.length, 0);
}

async function measurePair({ theirs, ours, ...of }, offered, plan) {
  const { kind, payload, name } = of;
  if (!offered[kind].includes(theirs)) return { ...of, refused: "The library is not installed." };
  const count = countOf(of);
  const each = (microseconds) => microseconds / count;
  const samples = [];
  for (let i = 0; i < plans[plan].processes; i++) {
    const files = join(folder, kind, payload);
    const output = await outputOf(
      run([program, kind, files, theirs, ours, plan], { capture: true }),
    );
    const sample = JSON.parse(output);
    // Under a contract nothing comes of what is not as it says.
    if (sample.refused) return { ...of, refused: name === "strict" ? name : sample.refused };
    samples.push({ theirs: sample.theirs.map(each), ours: sample.ours.map(each) });
  }
  return { ...of, ...combine(samples) };
}

export async function measure(ids, plan, progress) {
  await installLibraries();
  progress("bench_native");
  await outputOf(cmakeBuild("native", { target: "bench_native", capture: true }));
  await node("bench/payloads/write.mjs", folder);
  const offered = JSON.parse(await outputOf(run([program], { capture: true })));
  versions = offered.versions;
  const wanted = pairs.filter(({ id }) => ids.includes(id));
  const results = [];
  for (const [at, of] of wanted.entries()) {
    progress(of.id);
    results.push(await measurePair(of, offered, plan));
    const next = wanted[at + 1];
    if (next?.kind === of.kind && next?.payload === of.payload) continue;
    progress("");
    printSeries(
      `native/${of.kind}/${of.payload}: ${about[of.kind][of.payload].about}`,
      results.filter(({ kind, payload }) => kind === of.kind && payload === of.payload),
    );
  }
  return results;
}
