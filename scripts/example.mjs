// Runs an example from a fresh clone: npm run example -- proxies/express. examples/README.md lists them.
import { build } from "./build.mjs";
import { installLocked } from "./npm.mjs";
import { setupOrExit } from "./setup.mjs";
import { main, run } from "./shell.mjs";

await main(import.meta.url, async () => {
  await setupOrExit();
  await build();
  await installLocked("examples", "what the examples need");
  await run(["node", "examples/run.mjs", ...process.argv.slice(2)]);
});
