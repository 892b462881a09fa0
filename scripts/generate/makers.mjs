// ts/generated/makers.ts: functions that make objects, one like the other.

import { banner } from "./catalog.mjs";

const count = 32;
const values = [..."abcdefgh"];

const maker = `  (k, n, ${values.join(", ")}) => {
    const o: Extra = {};
${values.map((value, i) => `    ${i === 0 ? "" : `if (n > ${i}) `}o[k[${i}] as string] = ${value};\n`).join("")}    return o;
  },
`;

export function makersFiles() {
  const text = `// ${banner}

import type { Extra } from "./types.js";

/** An object with the \`n\` members whose names are \`k\`. */
export type Maker = (
  k: readonly string[],
  n: number,
${values.map((value) => `  ${value}?: unknown,\n`).join("")}) => Extra;

/** Engines compile each of them for the names that it is always called with. */
export const makers: readonly Maker[] = [
${maker.repeat(count)}];
`;
  return [["ts/generated/makers.ts", text]];
}
