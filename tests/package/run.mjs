// Tests the package as it is published: packed, and installed in empty projects.
//
//   npm run test:package                    everything
//   npm run test:package -- node workerd    files of this folder
//   npm run test:package -- --quick         what `npm test` runs: Node, Chromium, what is exported,
//                                           clients, examples
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "../../scripts/build.mjs";
import { installLocked } from "../../scripts/npm.mjs";
import { installBrowser, setupOrExit } from "../../scripts/setup.mjs";
import { main, root, run } from "../../scripts/shell.mjs";
import { pack, writeConformance } from "./project.mjs";

const quick = [
  "exports",
  "contents",
  "size",
  "node",
  "browsers",
  "playground",
  "clients",
  "proxies",
  "examples",
];
const all = [...quick, "runtimes", "workerd", "bundlers", "test-runners"];

const pathOf = (name) => join("tests/package", `${name}.test.mjs`);

async function installAll() {
  await installLocked("tests/package/runtimes", "other runtimes");
  await installLocked("tests/package/bundlers", "bundlers and test runners");
  await installBrowser("firefox-esr");
}

await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false } },
  });
  const unknown = positionals.filter((name) => !existsSync(join(root, pathOf(name))));
  if (unknown.length > 0) {
    console.error(`No such tests: ${unknown.join(", ")}. There are: ${all.join(", ")}`);
    process.exit(2);
  }
  const names = positionals.length > 0 ? positionals : values.quick ? quick : all;
  await setupOrExit();
  await build();
  await installLocked("tests/package/nodes", "versions of Node");
  await installLocked("examples", "what the examples need");
  await installLocked("examples/playground", "what builds the playground");
  if (!values.quick) await installAll();
  await pack();
  await writeConformance();
  // Two at a time: each starts programs of its own.
  await run(
    ["node", "--test", "--test-concurrency=2", "--test-timeout=300000", ...names.map(pathOf)],
    { env: { CHATWIRE_PACKAGE_TESTS: values.quick ? "quick" : "all" } },
  );
});
