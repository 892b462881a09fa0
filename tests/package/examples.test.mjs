// The examples that run by themselves, each as somebody would copy it: a file, the packed package, and what
// it imports. Proxies have tests of their own.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startUpstream } from "../../examples/upstream.mjs";
import { filesUnder, root } from "../../scripts/shell.mjs";
import { outputOf, outputUnder } from "./processes.mjs";
import { makeProject, repositoryFiles } from "./project.mjs";

const modules = join(root, "examples/node_modules");
const tools = [
  ...["openai", "ai", "@ai-sdk/openai-compatible", "undici"],
  ...["@trpc/server", "hono", "@hono/standard-validator"],
];

// What each prints, in order.
const outputs = {
  "clients/openai-sdk": [/^Tea wants water/, "\n62 tokens\n", "Long answer: yes, but let it cool"],
  "clients/ai-sdk": [/^Short answer: yes\./, "\n43 tokens, stop\n"],
  "clients/undici": [/^Tea wants water/, "\n62 tokens\n"],
  "validation/trpc": [
    /^Three things keep a sourdough starter alive/,
    "\nstop 115\n",
    "BAD_REQUEST\n",
    "choices[0].message.content: a required member is missing",
  ],
  "validation/hono": ['200 {"text":"Hello!","tokens":11}\n', "400 ", 'received \\"bored\\"'],
};

const skip =
  !existsSync(modules) && "what the examples need is not installed: npm run test:package";

describe("examples", { skip }, () => {
  let upstream;
  let project;
  const run = (name, variables = {}) =>
    outputUnder(
      { UPSTREAM: `${upstream.origin}/v1`, ...variables },
      project,
      process.execPath,
      `${name}.mjs`,
    );
  before(async () => {
    upstream = await startUpstream();
    const paths = Object.keys(outputs).map((name) => `examples/${name}.mjs`);
    const linked = tools.map((tool) => [modules, tool]);
    project = await makeProject("examples", repositoryFiles("examples", paths), linked);
  });
  after(() => upstream?.close());

  for (const [name, expected] of Object.entries(outputs)) {
    test(name, async () => {
      let output = await run(name);
      for (const words of expected) {
        const at = typeof words === "string" ? output.indexOf(words) : output.search(words);
        assert.ok(at >= 0, `${words} is not in:\n${output}`);
        output = output.slice(at);
      }
    });
  }

  test("undici tells tool calls, and a refusal in the provider's words", async () => {
    const output = await run("clients/undici", { MODEL: "tool-calls" });
    assert.match(output, /^find_trains \{.*\}$/m);
    await assert.rejects(run("clients/undici", { MODEL: "none" }), /404 There is no model none/);
  });

  test("npm start runs any of them, and each is listed", async () => {
    const program = join(root, "examples/run.mjs");
    const output = await outputOf(root, process.execPath, program, "proxies/express");
    assert.match(output, /^Tea wants water[\s\S]*\n\{"model":.*"tokens":62\}\n/);
    const list = repositoryFiles("examples", ["examples/README.md"])["README.md"];
    for (const folder of ["clients", "proxies", "validation"])
      for (const path of filesUnder(`examples/${folder}`, /\.mjs$/))
        assert.ok(list.includes(path.slice("examples/".length).replace(".mjs", "")), path);
  });
});
