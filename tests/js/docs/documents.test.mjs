// Documents as a whole: every block of code is checked or has a reason, every link leads somewhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { decodeInput } from "../../../build/modules/core/session.js";
import * as tape from "../../../build/modules/core/tape.js";
import {
  blocksOf,
  checkedBlocks,
  checks,
  documents,
  exceptions,
  illustrations,
  isThere,
  nameOf,
  reasonOf,
  root,
} from "./blocks.mjs";

const all = documents.flatMap(({ blocks }) => blocks);

test("every block is checked, or there is a reason why not", () => {
  const left = all.filter((block) => !checks[block.language] && !reasonOf(block));
  assert.deepEqual(left.map(nameOf), []);
});

test("what checks a language is there", () => {
  for (const file of Object.values(checks)) assert.ok(isThere(`tests/js/docs/${file}`), file);
});

test("every fence that is opened is closed, and no block hides in a list", () => {
  for (const { path, text, blocks } of documents)
    assert.equal(text.match(/^\s*(```|~~~)/gm)?.length ?? 0, blocks.length * 2, path);
});

test("every exception is that of one block", () => {
  for (const { path, begins } of exceptions) {
    const found = all.filter((block) => block.path === path && block.code.startsWith(begins));
    assert.equal(found.length, 1, `${path}: ${begins}`);
  }
  for (const word of Object.keys(illustrations))
    assert.ok(
      all.some(({ info, language }) => info === word || language === word),
      word,
    );
});

describe("JSON", () => {
  for (const block of checkedBlocks("json"))
    test(nameOf(block), () => assert.doesNotThrow(() => JSON.parse(block.code)));
});

/** The anchors of a document, as GitHub makes them. */
const anchors = (text) =>
  [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("links lead somewhere", () => {
  for (const { path, text } of documents)
    test(path, () => {
      const prose = text.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
      for (const [, target, anchor] of prose.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)]*))?\)/g)) {
        const to = target === "" ? path : join(path, "..", target);
        assert.ok(isThere(to), `${path} links to ${target}`);
        if (anchor && to.endsWith(".md"))
          assert.ok(
            anchors(readFileSync(join(root, to), "utf8")).includes(anchor),
            `${path} links to ${to}#${anchor}`,
          );
      }
    });
});

test("every guide can be found from the README", () => {
  const { text } = documents.find(({ path }) => path === "README.md");
  const index = documents.find(({ path }) => path === "docs/README.md").text;
  for (const { path } of documents) {
    if (!path.startsWith("docs/") || path.startsWith("docs/models/") || path === "docs/README.md")
      continue;
    assert.ok(text.includes(`(${path})`) || index.includes(`(${path.slice(5)})`), path);
  }
  assert.ok(text.includes("(docs/README.md)"));
});

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
