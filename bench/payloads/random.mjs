// Random choices that are the same in every run.

/** A source of randomness: mulberry32, started from a text. */
export function createRandom(seed) {
  let state = 0;
  for (const char of seed) state = (Math.imul(state, 31) + char.codePointAt(0)) | 0;

  /** A number from 0 up to but without 1. */
  const number = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** An integer of a range, both ends included. */
  const integer = (from, to) => from + Math.floor(number() * (to - from + 1));
  const pick = (list) => list[integer(0, list.length - 1)];
  const chance = (probability) => number() < probability;
  const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
  /** An identifier, as servers make them. */
  const id = (length, digits = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz") =>
    times(length, () => pick(digits)).join("");

  return { number, integer, pick, chance, times, id };
}
