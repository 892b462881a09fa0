// The packed package on Deno and Bun.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { root } from "../../scripts/shell.mjs";
import { jsonOf } from "./processes.mjs";
import { makeProject } from "./project.mjs";

const modules = join(root, "tests/package/runtimes/node_modules");
const bunArch = { x64: "x64", arm64: "aarch64" }[process.arch];
const runtimes = {
  Deno: {
    program: join(modules, `@deno/linux-${process.arch}-glibc/deno`),
    // Whatever is not allowed here, such as reading files, chatwire does without.
    command: ["run", "--no-prompt", "--node-modules-dir=manual"],
  },
  Bun: { program: join(modules, `@oven/bun-linux-${bunArch}/bin/bun`), command: ["run"] },
};

let project;
before(async () => {
  const entries = ["chatwire", "chatwire/external"];
  const mains = entries.map((entry) => [
    `${entry.replace("/", "-")}.mjs`,
    `import * as chatwire from "${entry}";
    import { conformance } from "./conformance.mjs";
    const needsNoInit = chatwire.decode('{"choices":[{}]}').choices.length === 1;
    console.log(JSON.stringify({ needsNoInit, ...(await conformance(chatwire)) }));`,
  ]);
  project = await makeProject("runtimes", Object.fromEntries(mains));
});

for (const [name, { program, command }] of Object.entries(runtimes)) {
  const skip = !existsSync(program) && `there is no ${program}`;
  describe(name, { skip }, () => {
    for (const file of ["chatwire.mjs", "chatwire-external.mjs"]) {
      test(`${file}: all is as everywhere, and the first decode needs no init()`, async () => {
        const { needsNoInit, passed, failures } = await jsonOf(project, program, ...command, file);
        assert.ok(needsNoInit);
        assert.deepEqual(failures, []);
        assert.ok(passed > 60);
      });
    }
  });
}
