// What of the command line is in the package, and what is not in the library.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { bin, program, root } from "./support.mjs";

test("the package has the program and the schemas", () => {
  const command = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const output = execFileSync("npm", command, { cwd: root, encoding: "utf8", stdio: "pipe" });
  const [{ files }] = JSON.parse(output);
  const paths = files.map(({ path }) => path);
  for (const path of [bin.chatwire, "dist/cli/worker.js", "schemas/openai.completion.json"])
    assert.ok(paths.includes(path), path);
  assert.match(readFileSync(program, "utf8"), /^#!\/usr\/bin\/env node\n/);
});

test("nothing of the command line, or of Node, is reached from the library", async () => {
  const { metafile } = await build({
    entryPoints: [join(root, "build/modules/index.js")],
    bundle: true,
    format: "esm",
    platform: "neutral",
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.length > 10);
  assert.deepEqual(
    inputs.filter((path) => /cli\/|summary|^node:/.test(path)),
    [],
  );
});
