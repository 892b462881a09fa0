// How large libraries are: bundled, minified, compressed.
import { fileSize, importSize } from "../../scripts/sizes.mjs";
import { bundle, compileAhead, pages } from "../pages/index.mjs";
import { kibibytes } from "../report/format.mjs";
import { printTable } from "../report/table.mjs";

const add = (...sizes) => ({
  raw: sizes.reduce((sum, { raw }) => sum + raw, 0),
  gzip: sizes.reduce((sum, { gzip }) => sum + gzip, 0),
});

const separately = async (what) =>
  add(fileSize("chatwire.wasm"), await importSize(what, "external"));

const own = {
  files: {
    title: "chatwire, all of it, WASM in a file of its own",
    measure: () => separately("*"),
  },
  bodies: {
    title: "chatwire, decode, bodies.wasm in a file of its own",
    measure: async () =>
      add(fileSize("bodies.wasm"), await importSize("{ init, decode }", "external")),
  },
  all: { title: "chatwire, all of it, WASM inlined", measure: () => importSize("*", "index") },
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
