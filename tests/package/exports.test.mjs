// What the package says of itself is so: its entries, its types, and that imports do nothing.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { build } from "esbuild";
import { root } from "../../scripts/shell.mjs";
import { jsonOf, outputOf } from "./processes.mjs";
import { filesOf, makeProject, tarball } from "./project.mjs";

const program = (name) => join(root, "node_modules/.bin", name);

let project;
before(async () => {
  project = await makeProject("exports", filesOf("typed"));
});

test("publint finds nothing", async () => {
  const output = await outputOf(root, program("publint"), "run", "--strict", tarball);
  assert.match(output, /All good!/);
});

test("arethetypeswrong finds nothing", async () => {
  // There is one build, of ES modules: every Node that is supported can require() them.
  await outputOf(root, program("attw"), "--profile", "esm-only", tarball);
});

describe("types", () => {
  const resolutions = {
    "as Node resolves": ["--module", "nodenext"],
    "as bundlers resolve": ["--module", "esnext", "--moduleResolution", "bundler"],
  };
  for (const [name, options] of Object.entries(resolutions)) {
    test(name, async () => {
      const strict = [
        "--ignoreConfig",
        "--strict",
        "--noEmit",
        "--target",
        "es2022",
        "--skipLibCheck",
        "false",
      ];
      await outputOf(project, program("tsc"), ...strict, ...options, "consumer.ts");
    });
  }

  test("every contract has a module of its own", async () => {
    const { contracts } = await import("chatwire");
    const files = readdirSync(join(project, "node_modules/chatwire/dist/contracts"));
    assert.deepEqual(
      files.sort(),
      Object.keys(contracts)
        .map((name) => `${name}.js`)
        .sort(),
    );
  });
});

describe("an import does nothing", () => {
  /** What a bundler takes along of an import. */
  async function taken(code) {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: project },
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
      logLevel: "error",
    });
    return outputFiles[0].text;
  }

  test("nothing is taken along of what is not used", async () => {
    assert.equal(await taken('import "chatwire";'), "");
    assert.equal(await taken('import "chatwire/external";'), "");
  });

  test("a helper does not take the module along", async () => {
    for (const name of ["totalTokens", "messageText", "unifiedFinishReason", "DecodeError"]) {
      const text = await taken(`export { ${name} } from "chatwire";`);
      assert.ok(text.length < 6000, `${name}: ${text.length} bytes`);
      assert.doesNotMatch(text, /WebAssembly/);
    }
  });

  test("nothing is compiled, and no global is made, before it is needed", async () => {
    writeFileSync(
      join(project, "idle.mjs"),
      `const before = Reflect.ownKeys(globalThis).map(String);
      let compiled = 0;
      WebAssembly.Module = new Proxy(WebAssembly.Module, {
        construct: (of, given) => (compiled++, Reflect.construct(of, given)),
      });
      const { decode } = await import("chatwire");
      const atImport = compiled;
      decode('{"choices":[{}]}');
      const made = Reflect.ownKeys(globalThis).map(String).filter((key) => !before.includes(key));
      console.log(JSON.stringify({ atImport, afterDecode: compiled, made }));`,
    );
    assert.deepEqual(await jsonOf(project, process.execPath, "idle.mjs"), {
      atImport: 0,
      afterDecode: 1,
      made: [],
    });
  });
});

test("every script has the map that it names, and that has all sources but the binary", () => {
  const dist = join(project, "node_modules/chatwire/dist");
  const named = readdirSync(dist, { recursive: true })
    .filter((file) => file.endsWith(".js"))
    .map((file) => /\/\/# sourceMappingURL=(.*)/.exec(readFileSync(join(dist, file), "utf8"))?.[1])
    .filter((map) => map !== undefined);
  assert.deepEqual(
    named.sort(),
    ["external", "index", "node", "workerd"].map((of) => `${of}.js.map`),
  );
  for (const name of named) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(dist, name), "utf8"));
    const without = sources.filter((_, at) => sourcesContent[at] === null);
    assert.ok(without.every((source) => /\/(binary|deflated)\.js$/.test(source)));
    assert.ok(sources.includes("../ts/decode.ts"));
  }
});
