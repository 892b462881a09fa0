// The scripts of the documents run, and print what they say that they print. Those in TypeScript are
// type-checked besides, with the package's own types and as strictly as its sources.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import * as chatwire from "chatwire";
import { transform } from "esbuild";
import {
  checkedBlocks,
  documents,
  fileNameOf,
  nameOf,
  root,
  unprinted,
  workFolder,
} from "./blocks.mjs";
import { makeProject } from "./project.mjs";
import { startUpstream } from "./upstream.mjs";

const folder = workFolder("scripts");
const require = createRequire(import.meta.url);
const isReference = ({ path }) => path === "docs/api.md";
const blocks = checkedBlocks("js", "ts").filter((block) => !isReference(block));

/** Runs a module. Returns its exports, and the lines that it prints. */
async function run(file, context) {
  const lines = [];
  const log = context.mock.method(console, "log", (...values) => {
    const text = format(...values);
    lines.push(text, ...(text.includes("\n") ? text.split("\n") : []));
  });
  try {
    const exported = file.endsWith(".cjs") ? require(file) : await import(pathToFileURL(file));
    if (typeof exported.default?.fetch === "function") await serve(exported.default);
    if (typeof exported.answer === "function") await show(exported.answer);
  } finally {
    log.mock.restore();
  }
  return lines;
}

/** Asks a Worker as its host does, and waits until it has done everything. */
async function serve(worker) {
  const left = [];
  const bills = [];
  const BILLING = { add: (tokens) => bills.push(tokens) };
  const env = { UPSTREAM: process.env.CHAT_URL, BILLING };
  const context = { waitUntil: (promise) => left.push(promise) };
  const request = new Request("https://worker.example/", {
    method: "POST",
    body: JSON.stringify({ model: "gpt-4o-mini", stream: true, messages: [] }),
  });
  const response = await worker.fetch(request, env, context);
  assert.match(await response.text(), /data: \[DONE\]\n\n$/);
  await Promise.all(left);
  assert.deepEqual(bills, [12]);
}

/** Calls a page's function that shows an answer. */
async function show(answer) {
  const texts = [];
  await answer(process.env.CHAT_URL, "How does one make tea?", (text) => texts.push(text));
  assert.equal(texts.join(""), "Tea takes patience.");
}

const endingOf = ({ code }) => (/\brequire\(/.test(code) ? "cjs" : "mjs");

let upstream;
const home = process.cwd();
const project = makeProject();
before(async () => {
  process.chdir(project); // where examples look for files
  upstream = await startUpstream();
  // What examples call their provider.
  process.env.CHAT_URL = `${upstream.origin}/v1/chat/completions`;
  process.env.OPENAI_BASE_URL = `${upstream.origin}/v1`;
  process.env.OPENROUTER_BASE_URL = `${upstream.origin}/v1`;
  process.env.MISTRAL_URL = upstream.origin;
  process.env.OPENAI_API_KEY = "none";
});
after(() => {
  upstream.close();
  process.chdir(home);
  for (const made of [project, folder]) rmSync(made, { recursive: true });
});

describe("runs", () => {
  for (const block of blocks)
    test(nameOf(block), async (context) => {
      const ending = endingOf(block);
      const { code } = await transform(block.code, {
        loader: "ts",
        format: ending === "cjs" ? "cjs" : "esm",
        target: "es2022",
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      });
      const file = join(folder, fileNameOf(block, ending));
      writeFileSync(file, code);
      const printed = await run(file, context);
      const missing = unprinted(block.code, printed);
      assert.equal(missing, undefined, `is not printed. What is:\n${printed.join("\n")}`);
    });
});

/** A source that has all types that the documents name, such as `openai.Choice`. */
function namedTypes() {
  const contracts = Object.keys(chatwire.contracts);
  const names = new RegExp(`\`((?:OpenAI|${contracts.join("|")})(?:\\.[A-Z]\\w+)+)\``, "g");
  const named = documents.flatMap(({ text }) => [...text.matchAll(names)].map(([, name]) => name));
  return `import type OpenAI from "openai";
import type { ${contracts.join(", ")} } from "chatwire";
export type Named = [${[...new Set(named)].join(", ")}];
`;
}

test("those in TypeScript are type-checked, and so are the types that documents name", () => {
  writeFileSync(join(folder, "named.ts"), namedTypes());
  for (const block of blocks.filter(({ language }) => language === "ts"))
    writeFileSync(join(folder, fileNameOf(block, "ts")), `${block.code}\nexport {};\n`);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../../tsconfig.json",
      compilerOptions: {
        noEmit: true,
        rootDir: "../../..",
        isolatedDeclarations: false,
        noUnusedLocals: false,
        types: ["node"],
        typeRoots: ["../../../node_modules/@types"],
        skipLibCheck: true, // of other packages
      },
      include: ["*.ts"],
      exclude: [],
    }),
  );
  const tsc = join(root, "node_modules/.bin/tsc");
  try {
    execFileSync(tsc, ["-p", folder], { encoding: "utf8", stdio: "pipe" });
  } catch ({ stdout }) {
    assert.fail(stdout);
  }
});

describe("docs/api.md: an example", () => {
  const names = Object.keys(chatwire);
  // What examples take for given.
  const given = `import assert from "node:assert/strict";
import { ${names.join(", ")} } from "chatwire";
const body = '{"choices":[{"index":0,"message":{"content":"Hi!"},"finish_reason":"stop"}]}';
const sse = 'data: {"choices":[{"index":0,"delta":{"content":"Hi!"},"finish_reason":"stop"}]}\\n\\n';
const url = "data:text/event-stream," + encodeURIComponent(sse);
const request = undefined;
const response = new Response(RESPONSE);
const upstream = new Response(sse);
const reads = [sse.slice(0, 20), sse.slice(20)];
const messages = [];
const completion = decode(body);
const message = decode(body).choices[0].message;
const server = { json: (value) => value };
const show = () => {};
const run = () => {};
`;
  const isStream = /decodeStream|DecoderStream|encodeStream/;
  for (const block of checkedBlocks("js", "ts").filter(isReference))
    test(nameOf(block), async (context) => {
      // "call; // value" says what the call gives.
      const code = block.code.replace(
        /^(?!const |let |import |for |if |console\.)(\w.*);(?: |\n)\/\/ (.+)$/gm,
        "assert.deepEqual($1, ($2));",
      );
      const declared = new Set([...code.matchAll(/^const (\w+)/gm)].map(([, name]) => name));
      const own = given
        .split("\n")
        .filter((line) => !declared.has(/^const (\w+)/.exec(line)?.[1]))
        .join("\n")
        .replace("RESPONSE", isStream.test(code) ? "sse" : "body");
      const file = join(folder, fileNameOf(block, "mjs"));
      const isReturning = /^return /m.test(code);
      writeFileSync(file, own + (isReturning ? `await (async () => {\n${code}})();\n` : code));
      const printed = await run(file, context);
      const missing = unprinted(block.code, printed);
      assert.equal(missing, undefined, `is not printed. What is:\n${printed.join("\n")}`);
    });
});
