// Parts that bodies and streams have in common, as OpenAI sends them.
import { tokens } from "./texts.mjs";

export const byteLength = (string) => Buffer.byteLength(string);
export const escapedLength = (string) => byteLength(JSON.stringify(string)) - 2;

export const completionId = (random) => `chatcmpl-${random.id(29)}`;
export const fingerprint = (random) => `fp_${random.id(10, "0123456789abcdef")}`;
export const now = (random) => random.integer(1_760_000_000, 1_790_000_000);
export const model = (random) =>
  random.pick(["gpt-4.1-nano-2025-04-14", "gpt-4o-2024-08-06", "gpt-5-mini-2025-08-07"]);

/** What a request used. */
export function usage(random) {
  const prompt = random.integer(10, 20_000);
  const completion = random.integer(10, 20_000);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: random.pick([0, 0, 1024, 2048]), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: random.pick([0, 0, 128, 704]),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** A float of 32 bits by its shortest digits: what OpenAI sends. */
export function shortFloat(value) {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(value.toPrecision(9));
}

/** A token with its log-probability and those of the four that were likely besides. */
export function tokenLogprob(random, token, others, round) {
  const entry = (of, logprob) => ({
    token: of,
    logprob: round(logprob),
    bytes: [...Buffer.from(of)],
  });
  const isSure = random.chance(0.3);
  const logprob = isSure ? -(10 ** -random.integer(3, 7)) * random.number() : -random.number() * 3;
  const rest = others.map((other, i) => entry(other, -(i + 1) * 4 * random.number()));
  return { ...entry(token, logprob), top_logprobs: [entry(token, logprob), ...rest] };
}

/** The log-probabilities of so many tokens. `round` makes the numbers what a server writes. */
export function logprobs(random, count, round, accents) {
  return tokens(random, count, accents).map((token) =>
    tokenLogprob(random, token, tokens(random, 4, accents), round),
  );
}

/** Numbers as Python writes them: 1.2e-07 for JavaScript's 1.2e-7. */
export const pythonNumbers = (json) =>
  json.replace(/("logprob":-[\d.]+)e-(\d)(?=[,}])/g, (_, start, digit) => `${start}e-0${digit}`);
