// Builds the npm package into dist/: npm run build. Does nothing where nothing has changed.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { setupOrExit } from "./setup.mjs";
import { cmakeBuild, filesUnder, hashOf, main, root, run } from "./shell.mjs";

const dist = join(root, "dist");
const stage = join(root, "build/dist"); // dist/ is replaced at once, and only by a whole one
const stampFile = join(root, "build/dist.stamp");
const wasmFile = join(root, "build/wasm/chatwire.wasm");
const glueFile = join(root, "build/wasm/chatwire.mjs");
const budgets = { files: 40 * 1024, entry: 48 * 1024 }; // bytes, gzip
const decoding = "init, decode, safeDecode, DecodeError, ProviderError";

/** Everything that dist/ is made of. */
function stamp() {
  return hashOf([
    "build/wasm/chatwire.mjs",
    "build/wasm/chatwire.wasm",
    "package-lock.json",
    "scripts/build.mjs",
    "tsconfig.json",
    "ts/cli/tsconfig.json",
    ...filesUnder("ts", /\.ts$/),
  ]);
}

async function compileTypeScript() {
  rmSync(stage, { recursive: true, force: true });
  const tsc = join(root, "node_modules/.bin/tsc");
  await run([tsc, "-p", "ts/cli", "--outDir", stage]);
  // The library comes last: compiled without Node's types, so that it cannot depend on them.
  await run([tsc, "-p", "tsconfig.json", "--outDir", stage]);
  chmodSync(join(stage, "cli/main.js"), 0o755);
  // tsc leaves hand-written declarations behind; those it wrote refer to them.
  for (const file of filesUnder("ts", /\.d\.ts$/))
    cpSync(join(root, file), join(stage, file.slice(3)));
}

async function addBinary() {
  mkdirSync(join(stage, "core"), { recursive: true });
  // esbuild leaves functions in that nothing calls, which is a quarter of the glue.
  const { minify } = await import("terser");
  const glue = await minify(readFileSync(glueFile, "utf8"), {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
  });
  writeFileSync(join(stage, "core/glue.js"), glue.code);
  const wasm = readFileSync(wasmFile);
  writeFileSync(
    join(stage, "core/binary.js"),
    `export const wasmBase64 = "${wasm.toString("base64")}";\n`,
  );
  writeFileSync(join(stage, "chatwire.wasm"), wasm);
}

function replaceDist() {
  const old = join(root, "build/dist.old");
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(stage, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Bytes of a minified bundle of what is imported from the package, compressed. */
async function bundleSize(esbuild, imported, external) {
  const bundle = await esbuild.build({
    stdin: { contents: `export ${imported} from "./index.js";`, resolveDir: dist },
    bundle: true,
    minify: true,
    format: "esm",
    external,
    write: false,
  });
  return gzipSync(bundle.outputFiles[0].contents, { level: 9 }).length;
}

async function printSizes(esbuild) {
  const packed = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
  const files = ["*/glue.js", "*/binary.js"];
  const wasm = packed(wasmFile);
  const glue = packed(join(dist, "core/glue.js"));
  const all = await bundleSize(esbuild, "*", files);
  const page = await bundleSize(esbuild, `{ ${decoding} }`, files);
  const entry = await bundleSize(esbuild, "*", []);
  const show = (name, size, budget) => {
    const note = budget ? `  of ${budget / 1024} KiB${size > budget ? "  OVER BUDGET" : ""}` : "";
    console.log(`  ${name.padEnd(36)} ${(size / 1024).toFixed(1).padStart(5)} KiB${note}`);
  };
  console.log("Sizes, gzip:");
  show("chatwire.wasm", wasm);
  show("glue", glue);
  show("wrapper", all);
  show("everything, as separate files", wasm + glue + all, budgets.files);
  show("a page that decodes, separate files", wasm + glue + page, budgets.files);
  show("everything, wasm inlined", entry, budgets.entry);
}

export async function build() {
  await cmakeBuild("wasm");
  const current = stamp();
  const isFresh =
    existsSync(join(dist, "index.js")) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, "utf8") === current;
  if (isFresh) return console.log("dist/ is up to date");

  const esbuild = await import("esbuild"); // not at the top: it may not be installed yet
  await compileTypeScript();
  await addBinary();
  replaceDist();
  writeFileSync(stampFile, current);
  await printSizes(esbuild);
}

await main(import.meta.url, async () => {
  await setupOrExit();
  await build();
});
