// How long something takes: two ways, in turn, in rounds.

export interface Ways {
  readonly [name: string]: () => void;
}

const batchTime = 4; // milliseconds that a batch takes at least; clocks of browsers are coarse
const warmTime = 150;
const rounds = 31;
const mostCalls = 1 << 16;

const pause = () => new Promise((resolve) => setTimeout(resolve));

function timeOf(way: () => void, calls: number): number {
  const start = performance.now();
  for (let n = 0; n < calls; n++) way();
  return performance.now() - start;
}

/** Calls until engines have compiled what is called often; says how many calls a batch must have. */
function warmUp(way: () => void): number {
  const end = performance.now() + warmTime;
  while (performance.now() < end) way();
  let calls = 1;
  while (calls < mostCalls && timeOf(way, calls) < batchTime) calls *= 2;
  return calls;
}

const median = (times: readonly number[]) =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] as number;

/**
 * Measures ways to do one thing, a batch of each in every round, so that what else the machine does meets
 * them all alike.
 *
 * @param isWanted asked between rounds
 * @returns the medians in milliseconds a call; undefined where nobody wants them any more
 */
export async function measure(
  ways: Ways,
  isWanted: () => boolean,
): Promise<{ times: Record<string, number>; rounds: number } | undefined> {
  const calls = new Map<string, number>();
  for (const [name, way] of Object.entries(ways)) {
    calls.set(name, warmUp(way));
    await pause();
  }
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const many = calls.get(name) as number;
      times.get(name)?.push(timeOf(way, many) / many);
    }
    await pause();
    if (!isWanted()) return undefined;
  }
  const medians = [...times].map(([name, all]) => [name, median(all)] as const);
  return { times: Object.fromEntries(medians), rounds };
}
