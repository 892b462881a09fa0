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
import { basename, join } from "node:path";
import { setupOrExit } from "./setup.mjs";
import { cmakeBuild, filesUnder, hashOf, main, root, run } from "./shell.mjs";
import { printSizes } from "./sizes.mjs";

const dist = join(root, "dist");
const stage = join(root, "build/dist"); // dist/ is replaced at once, and only by a whole one
const modules = join(root, "build/modules"); // what entries are bundled from, and tests look into
const stampFile = join(root, "build/dist.stamp");
const wasmFile = (name) => join(root, "build/wasm", name);
// The whole of it, and what decodes bodies and no streams.
const wasmNames = ["chatwire.wasm", "bodies.wasm"];

// The entries of the package, and the file of ts/hosts that each gets its module from.
const entries = { index: "browser", node: "node", external: "external", workerd: "workerd" };

/** Everything that dist/ is made of. */
function stamp() {
  return hashOf([
    ...wasmNames.map((name) => `build/wasm/${name}`),
    "package-lock.json",
    "scripts/build.mjs",
    "tsconfig.json",
    "ts/cli/tsconfig.json",
    ...filesUnder("ts", /\.ts$/),
  ]);
}

async function compileTypeScript() {
  rmSync(modules, { recursive: true, force: true });
  const tsc = join(root, "node_modules/.bin/tsc");
  await run([tsc, "-p", "ts/cli", "--outDir", modules]);
  // The library comes last: compiled without Node's types, so that it cannot depend on them.
  await run([tsc, "-p", "tsconfig.json", "--outDir", modules]);
  // tsc leaves hand-written declarations behind; those it wrote refer to them.
  for (const file of filesUnder("ts", /\.d\.ts$/))
    cpSync(join(root, file), join(modules, file.slice(3)));
}

/** As small as deflate can make it, 6 % smaller than zlib does. That takes seconds, so it is kept. */
async function deflate(wasm) {
  const folder = join(root, "build/deflated");
  const file = join(folder, hashOf(["build/wasm/chatwire.wasm", "package-lock.json"]));
  if (!existsSync(file)) {
    const { default: zopfli } = await import("@gfx/zopfli"); // not at the top: it may not be installed yet
    const deflated = await zopfli.deflateAsync(wasm, { numiterations: 15 });
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.new`, deflated);
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file);
}

async function addBinary() {
  const wasm = readFileSync(wasmFile("chatwire.wasm"));
  const deflated = await deflate(wasm);
  const write = (name, member, bytes) =>
    writeFileSync(
      join(modules, "hosts", name),
      `export const ${member} = "${bytes.toString("base64")}";\n`,
    );
  write("binary.js", "wasmBase64", wasm);
  write("deflated.js", "deflatedBase64", deflated);
}

/** Puts the module of another host in its place, and leaves imports of WebAssembly as they are. */
const hosted = (host) => ({
  name: "host",
  setup(build) {
    build.onResolve({ filter: /^\.\.\/hosts\/node\.js$/ }, () => ({
      path: join(modules, "hosts", `${host}.js`),
    }));
    build.onResolve({ filter: /\.wasm$/ }, () => ({ path: "./chatwire.wasm", external: true }));
  },
});

/** Names sources from where dist/ will be, and leaves the binary out of them. */
function finishMap(file) {
  const map = JSON.parse(readFileSync(file, "utf8"));
  const isBinary = (source) => /\/(binary|deflated)\.js$/.test(source);
  map.sourcesContent = map.sourcesContent.map((text, at) =>
    isBinary(map.sources[at]) ? null : text,
  );
  map.sources = map.sources.map((source) => source.replace("../../ts/", "../ts/"));
  writeFileSync(file, JSON.stringify(map));
}

// Shorter to read for an engine. Names stay, for whoever reads a stack, and lines are not long ones,
// since Node prints that of an error.
const short = { minifyWhitespace: true, minifySyntax: true, lineLimit: 120 };

async function bundleEntries(esbuild) {
  for (const [entry, host] of Object.entries(entries)) {
    await esbuild.build({
      entryPoints: [join(modules, "index.js")],
      outfile: join(stage, `${entry}.js`),
      plugins: [hosted(host)],
      bundle: true,
      format: "esm",
      target: "es2022",
      // Bundlers read the others, and what says that a call does nothing but return a value.
      ...(entry === "node" ? short : {}),
      sourcemap: true,
    });
    finishMap(join(stage, `${entry}.js.map`));
  }
}

/** The command line: the program, and the threads that it starts. */
async function bundleCommandLine(esbuild) {
  await esbuild.build({
    entryPoints: {
      main: join(modules, "cli/main.js"),
      worker: join(modules, "cli/log/worker.js"),
    },
    outdir: join(stage, "cli"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    ...short,
  });
  chmodSync(join(stage, "cli/main.js"), 0o755);
}

/** What is not bundled: types, as they are in modules, and WebAssembly. */
function addFiles() {
  for (const file of filesUnder("build/modules", /\.d\.ts$/)) {
    const name = file.slice("build/modules/".length);
    if (!/^(hosts|cli)\//.test(name)) cpSync(join(root, file), join(stage, "types", name));
  }
  cpSync(join(root, "ts/hosts/chatwire.d.wasm.ts"), join(stage, "types/chatwire.d.wasm.ts"));
  // Contracts are types alone, but an import of them finds something.
  mkdirSync(join(stage, "contracts"));
  for (const file of filesUnder("ts/generated/contracts", /\.ts$/))
    writeFileSync(join(stage, "contracts", basename(file, ".ts").concat(".js")), "export {};\n");
  for (const name of wasmNames) cpSync(wasmFile(name), join(stage, name));
}

function replaceDist() {
  const old = join(root, "build/dist.old");
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(stage, dist);
  rmSync(old, { recursive: true, force: true });
}

export async function build() {
  await cmakeBuild("wasm");
  const current = stamp();
  const isFresh =
    existsSync(join(dist, "index.js")) &&
    existsSync(join(modules, "index.js")) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, "utf8") === current;
  if (isFresh) return console.log("dist/ is up to date");

  const esbuild = await import("esbuild"); // not at the top: it may not be installed yet
  await compileTypeScript();
  await addBinary();
  rmSync(stage, { recursive: true, force: true });
  await bundleEntries(esbuild);
  await bundleCommandLine(esbuild);
  addFiles();
  replaceDist();
  writeFileSync(stampFile, current);
  await printSizes();
}

await main(import.meta.url, async () => {
  await setupOrExit();
  await build();
});
