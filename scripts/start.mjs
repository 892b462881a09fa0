// npm start: from a fresh clone to decoded completions on the screen.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { setupOrExit } from "./setup.mjs";
import { main, root, run } from "./shell.mjs";

await main(import.meta.url, async () => {
  await setupOrExit();
  await build();
  if (existsSync(join(root, "scripts/decode-samples.mjs")))
    await run(["node", "scripts/decode-samples.mjs"]);
});
