// Bodies and streams in Node: runs series, each in several processes of its own.
import { bodyClasses } from "../payloads/bodies.mjs";
import { streamClasses } from "../payloads/streams.mjs";
import { printSeries } from "../report/table.mjs";
import { node } from "../shell.mjs";
import { series } from "./all.mjs";
import { plans, ratios, spread } from "./measure.mjs";

const about = { body: bodyClasses, stream: streamClasses };

/**
 * The rounds of several processes as one result.
 * @returns medians and quartiles: microseconds of both sides, and how many times as long the first takes
 */
export function combine(samples) {
  const all = samples.map(({ theirs, ours }) => ratios(theirs, ours));
  return {
    rounds: all.flat().length,
    theirs: spread(samples.flatMap(({ theirs }) => theirs)),
    ours: spread(samples.flatMap(({ ours }) => ours)),
    ratio: spread(all.flat()),
    // How much processes differ among each other.
    processes: all.map((some) => spread(some).median),
  };
}

/** Measures a series. A peer that refuses the input, or gives something else, is told so. */
async function measureSeries({ id, title, name, payload, group }, plan) {
  const head = { id, group, payload, name, title };
  const { refused } = JSON.parse(await node("bench/series/run-series.mjs", id, "check"));
  if (refused) return { ...head, refused };
  const samples = [];
  for (let i = 0; i < plans[plan].processes; i++)
    samples.push(JSON.parse(await node("--expose-gc", "bench/series/run-series.mjs", id, plan)));
  const [{ contract, bytes, isAscii }] = samples;
  return { ...head, contract, bytes, isAscii, ...combine(samples) };
}

export const rows = series.map(({ id }) => id);

export async function measure(ids, plan, progress) {
  const wanted = series.filter(({ id }) => ids.includes(id));
  const results = [];
  for (const [at, of] of wanted.entries()) {
    progress(of.id);
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
