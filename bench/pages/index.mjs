// What a page imports in order to decode: one module here for each library, with some of
//
//   ready()           to be waited for first
//   body(bytes)       decodes a body
//   stream(response)  decodes a stream, to the completion where the library gives one
//
// How large they are, and how fast they start, is measured on these.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";
import { sizeOf } from "../../scripts/sizes.mjs";

export const pages = {
  chatwire: {
    title: "chatwire, decode and decodeStream, WASM inlined",
    does: ["body", "stream"],
    hasNodeEntry: true,
  },
  ajv: { title: "ajv, compiled ahead, and names by hand", does: ["body"] },
  zod: { title: "zod, Atoma's model", does: ["body"] },
  openrouter: { title: "@openrouter/sdk: schemas and EventStream", does: ["body", "stream"] },
  mistral: { title: "@mistralai/mistralai: schemas and EventStream", does: ["body", "stream"] },
  "eventsource-parser": { title: "eventsource-parser", does: ["stream"] },
  openai: { title: "openai: the client and finalChatCompletion()", does: ["stream"] },
  "ai-sdk": { title: "AI SDK: the openai-compatible provider", does: ["stream"] },
};

const here = (name) => join(root, "bench/pages", `${name}.mjs`);
/** The module of a page as it is installed. */
export const installed = here;
/** The same in one file, minified. */
export const bundled = (name) => join(root, "build/pages", `${name}.mjs`);

/** ajv at its best: validation as code, without ajv. */
export async function compileAhead() {
  const require = createRequire(here("ajv"));
  const { default: Ajv2020 } = await import(require.resolve("ajv/dist/2020.js"));
  const { default: standalone } = await import(require.resolve("ajv/dist/standalone/index.js"));
  const schema = JSON.parse(readFileSync(join(root, "schemas/openai.completion.json"), "utf8"));
  const ajv = new Ajv2020({ strict: false, code: { source: true, esm: true } });
  const code = standalone(ajv, ajv.compile(schema));
  // Where the packages that it imports are found.
  const folder = join(root, "bench/node_modules/.compiled");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "ajv.mjs"), code);
}

/** Bundles a page, for a browser or for Node. Returns how large it is. */
export async function bundle(name, host = "browser") {
  const { build } = await import("esbuild"); // not at the top: it may not be installed yet
  const options = { bundle: true, minify: true, format: "esm", platform: "browser" };
  if (host === "node" && pages[name].hasNodeEntry) options.conditions = ["node"];
  await build({
    ...options,
    entryPoints: [here(name)],
    outfile: bundled(name),
    external: ["node:*"],
    logLevel: "error",
  });
  return sizeOf(readFileSync(bundled(name)));
}
