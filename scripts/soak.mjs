// Decodes a million bodies and a hundred thousand streams, and asserts that memory stays flat:
//
//   npm run soak            a million, a hundred thousand
//   npm run soak -- 10      ten times as many
import { build } from "./build.mjs";
import { setupOrExit } from "./setup.mjs";
import { main, run } from "./shell.mjs";

const program = `
  const { soak } = await import("./tests/js/memory/mixture.mjs");
  const times = Number(process.argv[1] ?? 1);
  const start = performance.now();
  const seen = await soak({ decodes: times * 1_000_000, streams: times * 100_000 });
  const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(2).padStart(6) + " MiB";
  for (const [i, { wasm, js }] of seen.entries())
    console.log(String(10 * (i + 1)).padStart(3) + " %  WebAssembly" + mebibytes(wasm) + "  JavaScript" + mebibytes(js));
  console.log("Memory stayed flat, for " + ((performance.now() - start) / 1000).toFixed() + " s");`;

await main(import.meta.url, async () => {
  await setupOrExit();
  await build();
  await run([
    "node",
    "--expose-gc",
    "--input-type=module",
    "--eval",
    program,
    ...process.argv.slice(2),
  ]);
});
