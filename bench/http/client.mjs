// Reads streams side by side with two ways in turn: for Node and for browsers.
import { assembled, essence, renamed } from "../series/expected.mjs";
import { concurrency, eventCount, variantCount } from "./shape.mjs";

const urlOf = (origins, index) =>
  `${origins[index % origins.length]}/?variant=${index % variantCount}`;

/** Reads so many streams, 256 of them at a time. Gives milliseconds. */
async function readStreams(act, origins, count) {
  let next = 0;
  const work = async () => {
    while (next < count) await act(await fetch(urlOf(origins, next++)));
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return performance.now() - start;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Whether a way gives what the JSON says. */
async function check({ uses, act }, origins, isCompletion) {
  const text = await (await fetch(urlOf(origins, 0))).text();
  const events = text.split("\n").filter((line) => line.startsWith("data: {"));
  const jsons = events.map((line) => line.slice(6));
  const expected = isCompletion ? [assembled(jsons)] : jsons.map((json) => JSON.parse(json));
  uses.keep();
  await act(await fetch(urlOf(origins, 0)));
  // Log-probabilities are null in all of them; not all peers say so.
  const essences = (list) => list.map((of) => essence(renamed(of), ["logprobs"]));
  return same(essences(JSON.parse(JSON.stringify(uses.taken()))), essences(expected));
}

/**
 * Measures two ways in turn.
 * @param theirs, ours `{ uses, act }`; a way that decodes nothing has no `uses`
 * @returns microseconds per event of each, one for every round; or why not
 */
export async function compare({ theirs, ours, isCompletion, origins, plan, cpu = () => 0 }) {
  for (const side of [theirs, ours]) {
    if (side.uses && !(await check(side, origins, isCompletion)))
      return { refused: "Expected values to be the same" };
  }
  const times = { theirs: [], ours: [] };
  const busy = { theirs: [], ours: [] };
  const perEvent = (milliseconds) => (milliseconds * 1000) / (plan.streams * eventCount);
  // The first round warms up.
  for (let round = 0; round <= plan.rounds; round++) {
    for (const [side, { act }] of Object.entries(round % 2 ? { theirs, ours } : { ours, theirs })) {
      const before = cpu();
      const took = await readStreams(act, origins, plan.streams);
      if (round === 0) continue;
      times[side].push(perEvent(took));
      busy[side].push(perEvent(cpu() - before));
    }
  }
  return { ...times, busy };
}
