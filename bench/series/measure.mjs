// Times two functions against each other.

/** What is measured how long: in full, and to get an idea. */
export const plans = {
  full: { processes: 2, batchMs: 20, warmUpMs: 400, minRounds: 12, maxRounds: 20 },
  quick: { processes: 1, batchMs: 8, warmUpMs: 150, minRounds: 8, maxRounds: 8 },
};

// A median is stable where the half width of its 95 % confidence interval is below this share.
const tolerance = 0.01;

function quantile(sorted, share) {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

/** The median and the quartiles of numbers. */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
  };
}

/** How many times as long the first took as the second, round by round. */
export function ratios(first, second) {
  return first.map((duration, round) => duration / second[round]);
}

function isStable(numbers) {
  const { median, low, high } = spread(numbers);
  return (1.57 * (high - low)) / Math.sqrt(numbers.length) < tolerance * median;
}

/** Milliseconds that `count` calls take. What was left behind before does not count. */
async function time({ run, isAsync }, count) {
  globalThis.gc?.({ type: "minor" });
  const start = performance.now();
  if (isAsync) for (let i = 0; i < count; i++) await run();
  else for (let i = 0; i < count; i++) run();
  return performance.now() - start;
}

/** Runs an action for a while, and tells how many calls fill a batch. */
async function warmUp(action, { warmUpMs, batchMs }) {
  let count = 1;
  let last = 0;
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) {
    last = await time(action, count);
    if (last < batchMs / 2) count *= 2;
  }
  return Math.max(1, Math.round((count * batchMs) / last));
}

/**
 * Times two actions in turn, round after round, so that whatever else the machine does hits both alike,
 * until their ratio is certain.
 *
 * @param theirs, ours `{ run, isAsync }`
 * @returns milliseconds per call of each, one for every round
 */
export async function interleave(theirs, ours, plan) {
  const actions = { theirs, ours };
  const counts = { theirs: await warmUp(theirs, plan), ours: await warmUp(ours, plan) };
  const times = { theirs: [], ours: [] };
  for (let round = 0; round < plan.maxRounds; round++) {
    // There and back, so that neither always goes first.
    for (const side of round % 2 ? ["theirs", "ours"] : ["ours", "theirs"]) {
      times[side].push((await time(actions[side], counts[side])) / counts[side]);
    }
    if (round + 1 >= plan.minRounds && isStable(ratios(times.theirs, times.ours))) break;
  }
  return times;
}
