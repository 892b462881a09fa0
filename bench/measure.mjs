// Times functions against each other.

/** What is measured how long: in full, and to get an idea. */
export const plans = {
  full: { batchMs: 20, warmUpMs: 600, minRounds: 30, maxRounds: 120 },
  quick: { batchMs: 8, warmUpMs: 200, minRounds: 12, maxRounds: 12 },
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

/** Milliseconds that `count` calls take. */
function time(action, count) {
  const start = performance.now();
  for (let i = 0; i < count; i++) action();
  return performance.now() - start;
}

/** Runs an action for a while, and tells how many calls fill a batch. */
function warmUp(action, { warmUpMs, batchMs }) {
  let count = 1;
  let last = 0;
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) {
    last = time(action, count);
    if (last < batchMs / 2) count *= 2;
  }
  return Math.max(1, Math.round((count * batchMs) / last));
}

/**
 * Times several actions in turn, round after round, so that whatever else the machine does hits all
 * of them alike. A batch is long enough for its garbage to be collected within it.
 *
 * @param actions functions by name
 * @param pairs names of two actions each: the ratios of these must become stable
 * @returns milliseconds per call of each action, one for every round
 */
export function interleave(actions, pairs, plan) {
  const names = Object.keys(actions);
  const counts = Object.fromEntries(names.map((name) => [name, warmUp(actions[name], plan)]));
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < plan.maxRounds; round++) {
    // There and back, so that none always follows the same other.
    for (const name of round % 2 ? names : names.toReversed()) {
      times[name].push(time(actions[name], counts[name]) / counts[name]);
    }
    if (round + 1 < plan.minRounds) continue;
    if (pairs.every(([first, second]) => isStable(ratios(times[first], times[second])))) break;
  }
  return times;
}
