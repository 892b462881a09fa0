// npm start: from a fresh clone to decoded completions and streams on the screen.
//
//   npm start                 shows what becomes of the samples of examples/samples
//   npm start -- FILE ... -   and of bodies and streams of your own; "-" is standard input
import { resolve } from "node:path";
import { build } from "./build.mjs";
import { setupOrExit } from "./setup.mjs";
import { main, run } from "./shell.mjs";

await main(import.meta.url, async () => {
  await setupOrExit();
  await build();
  // npm runs scripts in the folder of package.json; files are meant from where it was started.
  const from = process.env.INIT_CWD ?? process.cwd();
  const files = process.argv.slice(2).map((file) => (file === "-" ? file : resolve(from, file)));
  await run(["node", "scripts/decode-samples.mjs", ...files]);
});
