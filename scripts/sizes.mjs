// How large the package is for who loads it, and how large it may be: node scripts/sizes.mjs, once it
// is built. Exit code 1: it has grown beyond a budget.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { main, root } from "./shell.mjs";

const dist = join(root, "dist");
const reading = "{ init, decodeStream, ChatwireError }";
const decoding = "{ init, decode, safeDecode, DecodeError, ProviderError }";

/** Where it is to get, in KiB: the module in a file of its own, and inlined. */
export const wanted = { separate: 40, inlined: 48 };

// A budget, in bytes, is the size that was reached and less than 1 % more: whoever makes the package
// larger says so here, whoever makes it smaller takes the budget along. It is for the compiler that the
// budgets were taken with, Emscripten 3.1.6.
const loads = [
  { title: "chatwire.wasm", files: ["chatwire.wasm"] },
  { title: "bodies.wasm", files: ["bodies.wasm"] },
  { title: "JavaScript", imports: ["*", "external"] },
  {
    title: "everything, as separate files",
    files: ["chatwire.wasm"],
    imports: ["*", "external"],
    wanted: wanted.separate,
    budget: 70_000,
  },
  {
    title: "a page that reads streams",
    files: ["chatwire.wasm"],
    imports: [reading, "external"],
    wanted: wanted.separate,
    budget: 66_000,
  },
  {
    title: "a page that decodes bodies",
    files: ["bodies.wasm"],
    imports: [decoding, "external"],
    wanted: wanted.separate,
    budget: 36_000,
  },
  {
    title: "everything, wasm inlined",
    imports: ["*", "index"],
    wanted: wanted.inlined,
    budget: 69_300,
  },
];

/** How many bytes there are, and how many when they are compressed: `{ raw, gzip }`. */
export const sizeOf = (contents) => ({
  raw: contents.length,
  gzip: gzipSync(contents, { level: 9 }).length,
});

/** The size of a file of dist/. */
export const fileSize = (name) => sizeOf(readFileSync(join(dist, name)));

/** The size of a minified bundle of what is imported from an entry: `importSize("{ decode }", "index")`. */
export async function importSize(what, entry) {
  const { build } = await import("esbuild"); // not at the top: it may not be installed yet
  const { outputFiles } = await build({
    stdin: { contents: `export ${what} from "./${entry}.js";`, resolveDir: dist },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return sizeOf(outputFiles[0].contents);
}

/** What is loaded, and how large it is: `{ title, size, budget, wanted }`, the last two where there are any. */
export async function measure() {
  const results = [];
  for (const { files = [], imports, ...load } of loads) {
    const sizes = files.map(fileSize);
    if (imports !== undefined) sizes.push(await importSize(...imports));
    results.push({ ...load, size: sizes.reduce((sum, { gzip }) => sum + gzip, 0) });
  }
  return results;
}

/** A line that says how large something is, beside its budget and what is wanted. */
export function describe({ title, size, budget, wanted: goal }) {
  const kib = (bytes) => (bytes / 1024).toFixed(1);
  const line = `  ${title.padEnd(36)} ${kib(size).padStart(5)} KiB`;
  if (budget === undefined) return line;
  const over = size > budget ? "  OVER BUDGET" : "";
  return `${line}  budget ${kib(budget)}, wanted ${goal}${over}`;
}

export const isOver = ({ size, budget = Number.POSITIVE_INFINITY }) => size > budget;

export async function printSizes() {
  const results = await measure();
  console.log("Sizes, gzip:");
  for (const result of results) console.log(describe(result));
  return results;
}

await main(import.meta.url, async () => {
  if ((await printSizes()).some(isOver)) process.exitCode = 1;
});
