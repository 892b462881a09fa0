// tests/fuzz/wire.dict: the words that mean something on the wire, for fuzzers to build inputs of.

import { banner } from "./catalog.mjs";

// What JSON and event streams are made of, and what servers write around completions.
const others = [
  ...["{", "}", "[", "]", ",", ":", '"', "\\", "null", "true", "false", "NaN", "-Infinity"],
  ...["1e999", "-0", "0.5", "1e-7", "9007199254740993", "\\u0000", "\\ud83d\\ude00", "\\ud83d"],
  ...["\\n", '\\"', "\n", "\r\n", "\n\n", "\u00e9", "\u4e2d", "\ufeff", "__proto__", "[{", "}]"],
  ...["data:", "data: ", "event: ", "event: error\n", "event: ping\n", "id: 1\n", "retry: 1\n"],
  ...[": c\n", "error: ", "[DONE]", "data: [DONE]\n\n", "\n\ndata: {", '":"', '":', '":{', '":[{'],
  ...["result", "detail", "errors", "details", "msg", "error_msg", "error_message", "base_resp"],
];

/** A word as libFuzzer's dictionaries have it. */
function entry(word) {
  const escaped = Array.from(Buffer.from(word), (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
    return `\\x${byte.toString(16).padStart(2, "0").toUpperCase()}`;
  });
  return `"${escaped.join("")}"\n`;
}

export function dictionaryFiles(catalog) {
  const fields = catalog.merged.flatMap((model) => model.fields.filter(({ derived }) => !derived));
  const names = fields.map(({ wire }) => `"${wire}":`);
  const values = [
    ...catalog.vocabulary,
    ...catalog.contracts.flatMap(({ models }) =>
      models.flatMap((model) => model.fields.flatMap((field) => field.values ?? [])),
    ),
  ].map((value) => `"${value}"`);
  const words = new Set([...others, ...[...names, ...values].sort()]);
  return [["tests/fuzz/wire.dict", `# ${banner}\n${Array.from(words, entry).join("")}`]];
}
