// How large libraries are: bundled, minified, compressed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";
import { bundle, compileAhead, pages, sizeOf } from "../pages/index.mjs";
import { kibibytes } from "../report/format.mjs";
import { printTable } from "../report/table.mjs";

const dist = join(root, "dist");

/** The size of what is imported from an entry of chatwire. */
async function imported(what, entry) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: `export ${what} from "./${entry}.js";`, resolveDir: dist },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return sizeOf(outputFiles[0].contents);
}

const add = (...sizes) => ({
  raw: sizes.reduce((sum, { raw }) => sum + raw, 0),
  gzip: sizes.reduce((sum, { gzip }) => sum + gzip, 0),
});

async function separately(what) {
  const wasm = sizeOf(readFileSync(join(dist, "chatwire.wasm")));
  return add(wasm, await imported(what, "external"));
}

const own = {
  files: {
    title: "chatwire, all of it, WASM in a file of its own",
    measure: () => separately("*"),
  },
  all: { title: "chatwire, all of it, WASM inlined", measure: () => imported("*", "index") },
  page: {
    title: "chatwire, decode and decodeStream, WASM in a file of its own",
    measure: () => separately("{ init, decode, decodeStream }"),
  },
};

const all = {
  ...own,
  ...Object.fromEntries(
    Object.entries(pages).map(([name, { title }]) => [
      name,
      { title, measure: () => bundle(name) },
    ]),
  ),
};

const idOf = (name) => `size/${name}`;
export const rows = Object.keys(all).map(idOf);

export async function measure(ids, _plan, progress) {
  await compileAhead();
  const results = [];
  for (const [name, { title, measure }] of Object.entries(all)) {
    if (!ids.includes(idOf(name))) continue;
    progress(idOf(name));
    results.push({ id: idOf(name), name, title, ...(await measure()) });
  }
  progress("");
  console.log("\nKiB, bundled and minified, and compressed by gzip");
  printTable(
    ["", "raw", "gzip"],
    results.map(({ name, raw, gzip }) => [name, kibibytes(raw), kibibytes(gzip)]),
  );
  return results;
}
