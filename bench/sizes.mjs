// What a browser loads: bytes of minified files, compressed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const dist = new URL("../dist/", import.meta.url);
const packed = (contents) => gzipSync(contents, { level: 9 }).length;

async function bundle(external) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("index.js", dist))],
    bundle: true,
    minify: true,
    format: "esm",
    external,
    write: false,
  });
  return packed(outputFiles[0].contents);
}

export async function sizes() {
  const wasm = packed(readFileSync(new URL("chatwire.wasm", dist)));
  const glue = packed(readFileSync(new URL("core/glue.js", dist)));
  const wrapper = await bundle(["*/glue.js", "*/binary.js"]);
  return { wasm, glue, wrapper, files: wasm + glue + wrapper, entry: await bundle([]) };
}
