// The packed package with the clients and validators that people have, against a provider of samples.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { filesUnder, root } from "../../scripts/shell.mjs";
import { outputOf } from "./processes.mjs";
import { filesOf, makeProject, repositoryFiles } from "./project.mjs";

const modules = join(root, "examples/node_modules");
const tools = [
  ...["openai", "ai", "@ai-sdk/openai-compatible", "undici"],
  ...["@trpc/server", "hono", "@hono/node-server", "@hono/standard-validator"],
];
const skip = !existsSync(modules) && "no clients are installed: npm run test:package";

describe("clients", { skip }, () => {
  let project;
  before(async () => {
    const samples = filesUnder("examples/samples", /\.(json|sse|ndjson)$/);
    const files = repositoryFiles("examples", ["examples/upstream.mjs", ...samples]);
    const linked = tools.map((tool) => [modules, tool]);
    project = await makeProject("clients", { ...filesOf("clients"), ...files }, linked);
  });

  // Where the tests inside fail, so does their runner.
  for (const path of filesUnder("tests/package/clients", /\.test\.mjs$/)) {
    const [name] = path.split("/").slice(-1);
    test(name, () => outputOf(project, process.execPath, "--test", name));
  }

  test("tRPC and Hono's validator know the types of contracts", async () => {
    const program = join(root, "node_modules/.bin/tsc");
    const options = ["--ignoreConfig", "--strict", "--noEmit", "--target", "es2022"];
    const module = ["--module", "nodenext", "--skipLibCheck", "--types", ""];
    await outputOf(project, program, ...options, ...module, "standard-schema.ts");
  });
});
