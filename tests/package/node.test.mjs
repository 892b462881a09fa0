// The packed package on each version of Node that is supported, by `import` and by `require`.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { root } from "../../scripts/shell.mjs";
import { jsonOf } from "./processes.mjs";
import { makeProject } from "./project.mjs";

const modules = join(root, "tests/package/nodes/node_modules");
const versions = ["20", "22", "24"].map((version) => ({
  version,
  program: join(modules, `node-${version}-${process.arch}`, "bin/node"),
}));
const ways = {
  "import.mjs": 'import * as chatwire from "chatwire";',
  "external.mjs": 'import * as chatwire from "chatwire/external";',
  "require.cjs": 'const chatwire = require("chatwire");',
};
const report =
  'import("./conformance.mjs").then(({ conformance }) => conformance(chatwire)).then((of) => console.log(JSON.stringify(of)));';

let project;
const command = "node_modules/.bin/chatwire";
before(async () => {
  const first = `const { choices } = chatwire.decode('{"choices":[{}]}');
    console.log(JSON.stringify(choices.length));`;
  project = await makeProject("node", {
    ...Object.fromEntries(Object.entries(ways).map(([name, get]) => [name, `${get}\n${report}`])),
    ...Object.fromEntries(
      Object.entries(ways).map(([name, get]) => [`first-${name}`, `${get}\n${first}`]),
    ),
  });
});

for (const { version, program } of versions) {
  const skip = !existsSync(program) && `no Node ${version} for ${process.platform} ${process.arch}`;
  describe(`Node ${version}`, { skip }, () => {
    for (const name of Object.keys(ways)) {
      test(`${name}: all is as everywhere`, async () => {
        const { passed, failures } = await jsonOf(project, program, name);
        assert.deepEqual(failures, []);
        assert.ok(passed > 60);
      });
      test(`${name}: the first decode needs no init()`, async () => {
        assert.equal(await jsonOf(project, program, `first-${name}`), 1);
      });
    }

    test("the command line", async () => {
      const file = join(root, "examples/samples/chat.sse");
      const decoded = await jsonOf(project, program, command, "decode", "--json", file);
      assert.equal(decoded.usage.totalTokens, 62);
      const schema = await jsonOf(project, program, command, "schema", "openai.chunk");
      assert.equal(schema.$ref, "#/$defs/CreateChatCompletionStreamResponse");
    });
  });
}

test("the package has no dependencies", () => {
  assert.deepEqual(readdirSync(join(project, "node_modules")).sort(), [
    ".bin",
    ".package-lock.json",
    "chatwire",
  ]);
});
