// Measures a start in a process of its own and prints milliseconds as JSON; bench/start/index.mjs starts
// it:  node bench/start/run-start.mjs MODULE body|stream FILE
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, kind, file] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(file));
const input = () => (kind === "body" ? bytes : new Response(bytes));
// Node makes what is behind these when it is first needed, whoever needs it.
new TextDecoder().decode(bytes);
await new Response(bytes).text();

async function timed(action) {
  const start = performance.now();
  const result = await action();
  return { result, took: performance.now() - start };
}

const start = performance.now();
const page = await timed(() => import(pathToFileURL(module).href));
const ready = await timed(() => page.result.ready?.());
const first = await timed(() => page.result[kind](input()));
const whole = performance.now() - start;
const second = await timed(() => page.result[kind](input()));
if (!first.result || !second.result) throw new Error("Nothing was decoded.");
console.log(
  JSON.stringify({
    import: page.took,
    ready: ready.took,
    first: first.took,
    second: second.took,
    whole,
  }),
);
