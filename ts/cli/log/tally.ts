// What logs are counted into. Plain data, which goes from thread to thread.

/** How often each of some words came. */
export type Counts = Map<string, number>;

export interface ModelTally {
  answers: number;
  choices: number;
  /** Answers that tell no usage. */
  withoutUsage: number;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
  readonly finishReasons: Counts;
  /** Errors of the provider, by status or what it has instead. */
  readonly errors: Counts;
  /** Codes of issues. */
  readonly issues: Counts;
}

export type Tally = Map<string, ModelTally>;

// What logs say must not take all memory: beyond these, names are counted as one.
const most = { models: 1000, words: 200 };
const others = "(others)";

const emptyTally = (): ModelTally => ({
  answers: 0,
  choices: 0,
  withoutUsage: 0,
  promptTokens: 0,
  completionTokens: 0,
  totalTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  finishReasons: new Map(),
  errors: new Map(),
  issues: new Map(),
});

// A name on its own: what is cut from a long text may keep all of that alive.
const own = (name: string) => structuredClone(name.slice(0, 200));

export function tallyOf(tally: Tally, model: string): ModelTally {
  const known = tally.get(model);
  if (known !== undefined) return known;
  const name = tally.size < most.models ? own(model) : others;
  const made = tally.get(name) ?? emptyTally();
  tally.set(name, made);
  return made;
}

export function add(counts: Counts, word: string, count = 1): void {
  const known = counts.get(word);
  if (known !== undefined) {
    counts.set(word, known + count);
    return;
  }
  const name = counts.size < most.words ? own(word) : others;
  counts.set(name, (counts.get(name) ?? 0) + count);
}

/** Adds what another thread has counted. */
export function merge(into: Tally, from: Tally): void {
  for (const [model, counted] of from) {
    const to = tallyOf(into, model) as unknown as Record<string, number | Counts>;
    for (const [name, value] of Object.entries(counted) as [string, number | Counts][]) {
      if (typeof value === "number") to[name] = (to[name] as number) + value;
      else for (const [word, count] of value) add(to[name] as Counts, word, count);
    }
  }
}
