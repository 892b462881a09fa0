// ts/generated/limits.ts: the limits of a decode.

import { banner } from "./catalog.mjs";
import { tsdoc } from "./prose.mjs";

const docs = {
  bodyBytes: "Bytes of a body.",
  eventBytes: "Bytes of one event of a stream.",
  depth: "Nesting of objects and arrays.",
  choices: "Choices of a completion.",
  toolCalls: "Tool calls of a message.",
};

export function limitsFiles(catalog) {
  const limits = Object.entries(catalog.limits);
  const member = ([name, value]) =>
    `${tsdoc([`${docs[name] ?? name} Default: ${value.toLocaleString("en")}.`], "  ")}  ${name}?: number;\n`;
  const text = `// ${banner}

/** What an input may ask of the decoder. Passing a limit fails the decode with the code LIMIT. */
export interface Limits {
${limits.map(member).join("")}}

/** The limits where nothing is said. */
export const defaultLimits: Readonly<Required<Limits>> = {
${limits.map(([name, value]) => `  ${name}: ${value},\n`).join("")}};
`;
  return [["ts/generated/limits.ts", text]];
}
