// The blocks of code of the documents, and what becomes of each: a way to check it for every language,
// and one list of those that cannot be checked.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A folder for what a test writes. Within the package, so that `chatwire` is the package itself. */
export function workFolder(name) {
  const folder = join(root, "build/docs", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Which test checks the blocks of a language. */
export const checks = {
  js: "scripts.test.mjs",
  ts: "scripts.test.mjs",
  json: "documents.test.mjs",
  sh: "shell.test.mjs",
  console: "shell.test.mjs",
  cpp: "cpp.test.mjs",
  cmake: "cpp.test.mjs",
  html: "pages.test.mjs",
};

/** What is not code that somebody would run. The part of the fence after the language, or all of it. */
export const illustrations = {
  signature: "docs/api.md, docs/cpp-api.md: cut from sources that compilers have compiled",
  text: "what a program prints, or a picture of letters; help texts: tests/js/cli/document.test.mjs",
};

/** Code that is not run as it stands: how it begins, and why. */
export const exceptions = [
  {
    path: "docs/runtimes.md",
    begins: 'import { init } from "chatwire/external";\n\nawait init({ wasm:',
    why: "tests/package/pages serves the file so",
  },
  {
    path: "docs/runtimes.md",
    begins: 'import { init } from "chatwire/external";\nimport module from',
    why: "tests/package/next is built so",
  },
  {
    path: "docs/playground.md",
    begins: "npm run build ",
    why: "tests/package/playground.test.mjs builds it so",
  },
];

/** Commands that are not run, and why. */
export const commandExceptions = [
  {
    matches: /^(npm|pnpm|yarn|bun|deno) (install|add|i|ci)\b/,
    why: "tests/package installs the packed package",
  },
  {
    matches: /^(sudo )?(apt-get|cmake) /,
    why: "scripts/setup.mjs installs the same, the stage native builds and installs",
  },
  {
    matches: /^cd /,
    why: "what follows are npm scripts of that folder: they are looked for, not run",
  },
];

const documentsIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name))
    .sort();

/** The blocks of a text: `at` is the line of the fence, `info` what follows the language. */
export function blocksOf(text) {
  const fences = /^```(?<language>[^\s`]*) ?(?<info>[^\n]*)\n(?<code>[\s\S]*?)^```$/gm;
  return [...text.matchAll(fences)].map(({ index, groups }) => ({
    at: text.slice(0, index).split("\n").length,
    ...groups,
  }));
}

/** Every document: `{ path, text, blocks }`. */
export const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...["", "playground/", "samples/"].map((folder) => `examples/${folder}README.md`),
  ...documentsIn("docs"),
].map((path) => {
  const text = readFileSync(join(root, path), "utf8");
  return { path, text, blocks: blocksOf(text).map((block) => ({ path, ...block })) };
});

const exceptionOf = ({ path, code }) =>
  exceptions.find((one) => one.path === path && code.startsWith(one.begins));

/** Whether nobody checks the block, and why: undefined where somebody does. */
export const reasonOf = (block) =>
  illustrations[block.info] ?? illustrations[block.language] ?? exceptionOf(block)?.why;

/** The blocks that are checked, of these languages. */
export const checkedBlocks = (...languages) =>
  documents
    .flatMap(({ blocks }) => blocks)
    .filter((block) => languages.includes(block.language) && reasonOf(block) === undefined);

export const nameOf = ({ path, at }) => `${path}:${at}`;
export const fileNameOf = (block, ending) =>
  `${nameOf(block).replace(/\W+/g, "-").toLowerCase()}.${ending}`;
export const isThere = (path) => existsSync(join(root, path));

/**
 * What a block says that it prints: the comments beside and below the lines that match `prints`.
 * Lines without a comment may print anything, and any number of times.
 */
export function announced(code, prints = /console\.log\(.*\);/) {
  const lines = [];
  let isBelow = false;
  for (const line of code.split("\n")) {
    const [, call = "", text] = /^(.*?)(?:(?:^|\s)\s*\/\/ (.*))?$/.exec(line);
    const isPrinting = prints.test(call);
    isBelow = isPrinting || (isBelow && call.trim() === "" && text !== undefined);
    if (isBelow && text !== undefined) lines.push(text);
  }
  return lines;
}

/** The first announced line that was not printed after those before it. */
export function unprinted(code, printed, prints) {
  const lines = printed.map((line) => line.replace(/\s+/g, " ").trim());
  let from = 0;
  for (const line of announced(code, prints)) {
    const found = lines.indexOf(line.replace(/\s+/g, " ").trim(), from);
    if (found === -1) return line;
    from = found + 1;
  }
  return undefined;
}
