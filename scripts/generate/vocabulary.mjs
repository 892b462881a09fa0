// ts/generated/vocabulary.ts: the texts that the tape holds by their numbers.

import { banner } from "./catalog.mjs";

export function vocabularyFiles(catalog) {
  const text = `// ${banner}

/** The texts that come so often that the tape holds their numbers: "assistant", "stop", ... */
export const vocabulary: readonly string[] = [
${catalog.vocabulary.map((item) => `  ${JSON.stringify(item)},\n`).join("")}];
`;
  return [["ts/generated/vocabulary.ts", text]];
}
