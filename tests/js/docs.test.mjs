// What the documents say is so: their examples run, and say themselves what they print.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { transform } from "esbuild";
import { decodeInput } from "../../build/modules/core/session.js";
import * as tape from "../../build/modules/core/tape.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = import.meta.resolve("chatwire");

/** The blocks of code of a document: `{ at, language, code, isRun }`, where `at` is its first line. */
function blocksOf(document) {
  const fences =
    /^(?<mark><!-- not run -->\n+)?```(?<language>\w+)[^\n]*\n(?<code>[\s\S]*?)^```$/gm;
  return [...document.matchAll(fences)].map(({ index, groups: { mark, language, code } }) => ({
    at: document.slice(0, index).split("\n").length,
    language,
    code,
    isRun: mark === undefined,
  }));
}

const scripts = ["js", "javascript", "ts", "typescript"];
const ours = /(?<=\bfrom\s+)["']chatwire["']/g;

/** Runs a block as a module of its own. Returns the lines that it prints. */
async function outputOf(block, context) {
  const { code } = await transform(block.code, { loader: "ts", format: "esm", target: "es2022" });
  const module = code.replace(ours, JSON.stringify(entry));
  const lines = [];
  const log = context.mock.method(console, "log", (...values) => lines.push(format(...values)));
  try {
    // The comment makes it another module than any block with the same text.
    await import(`data:text/javascript,${encodeURIComponent(`${module}\n// ${block.at}`)}`);
  } finally {
    log.mock.restore();
  }
  return lines;
}

/** What a block says that it prints: the comments beside and below its calls of console.log. */
function announced(code) {
  const lines = [];
  let isBelow = false;
  for (const line of code.split("\n")) {
    const [, call, text] = /^\s*(.*console\.log\(.*\);)?\s*(?:\/\/ (.*))?$/.exec(line) ?? [];
    isBelow = call !== undefined || (isBelow && text !== undefined);
    if (isBelow && text !== undefined) lines.push(text);
  }
  return lines;
}

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

for (const path of documents) {
  const document = readFileSync(join(root, path), "utf8");
  describe(path, () => {
    for (const block of blocksOf(document)) {
      if (!scripts.includes(block.language) || !block.isRun || !block.code.match(ours)) continue;
      test(`the example at line ${block.at}`, async (context) => {
        const printed = (await outputOf(block, context)).map((line) => line.replace(/\s+/g, " "));
        // Calls without a comment may print anything, and any number of times.
        let from = 0;
        for (const line of announced(block.code)) {
          const found = printed.indexOf(line, from);
          assert.notEqual(found, -1, `"${line}" is not printed. What is:\n${printed.join("\n")}`);
          from = found + 1;
        }
      });
    }

    test("its links lead somewhere", () => {
      const prose = document.replace(/^```[\s\S]*?^```$/gm, "");
      for (const [, target] of prose.matchAll(/\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(root, path, "..", target)), `${path} links to ${target}`);
    });
  });
}

test("docs/tape.md: the words of the example are those that are written", () => {
  const document = readFileSync(join(root, "docs/tape.md"), "utf8");
  const { code } = blocksOf(document).find(({ language }) => language === "json");
  const { ok, root: at } = decodeInput(code.trim(), 0);
  assert.ok(ok);
  const { base, words } = tape;
  const rows = [...document.matchAll(/^\| (\d+) \| (0x[0-9a-f]{8}) \|/gm)];
  const hex = (word) => `0x${words[base + word].toString(16).padStart(8, "0")}`;
  assert.deepEqual(
    rows.map(([, word, value]) => `${word}: ${value}`),
    rows.map(([, word]) => `${word}: ${hex(Number(word))}`),
  );
  assert.equal(Number(rows[0][1]), at - base);
  assert.equal(Number(rows.at(-1)[1]) + 1, words[at + 3]);
});
