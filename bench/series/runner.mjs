// Runs series, each in several processes of its own, and puts their rounds together.
import { join } from "node:path";
import { root, run } from "../../scripts/shell.mjs";
import { plans, ratios, spread } from "./measure.mjs";

const program = join(root, "bench/series/run-series.mjs");

/** What a command prints; where it fails, that is shown. */
export async function outputOf(command) {
  try {
    return await run(command, { capture: true });
  } catch (error) {
    console.error(error.output);
    throw error;
  }
}

export const node = (...command) => outputOf([process.execPath, ...command]);

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
export async function measureSeries({ id, title, name, payload, group }, plan) {
  const head = { id, group, payload, name, title };
  const samples = [];
  for (let i = 0; i < plans[plan].processes; i++) {
    const sample = JSON.parse(await node("--expose-gc", program, id, plan));
    if (sample.refused) return { ...head, refused: sample.refused };
    samples.push(sample);
  }
  const [{ contract, bytes }] = samples;
  return { ...head, contract, bytes, ...combine(samples) };
}
