// The packed package through bundlers, without any configuration that is about chatwire; what they
// make of it runs in Chromium.
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/shell.mjs";
import { lackOf, launch } from "./drivers.mjs";
import { outputOf, serve } from "./processes.mjs";
import { filesOf, makeProject } from "./project.mjs";
import { startSite } from "./site.mjs";

const modules = join(root, "tests/package/bundlers/node_modules");
const program = (name) => join(modules, ".bin", name);
const page = filesOf("pages");
const scriptPage = {
  "/index.html": {
    type: "text/html",
    body: '<!doctype html><script type="module" src="main.js"></script>',
  },
};

// How each is asked for a bundle of main.mjs, which is then served from dist/; and how a program says
// where the module is, if that is to be a file of its own.
const byUrl = (name) => `const wasm = new URL("${name}", import.meta.url);`;
const bundlers = {
  Vite: {
    command: ["vite", "build"],
    external: { wasm: 'import wasm from "chatwire/chatwire.wasm?url";' },
  },
  webpack: {
    command: ["webpack", "--mode=production", "--entry=./main.mjs", "--output-path=dist"],
    site: scriptPage,
    external: { wasm: byUrl("chatwire/chatwire.wasm") },
  },
  Rollup: {
    command: [
      ...["rollup", "main.mjs", "--dir=dist", "--entryFileNames=main.js"],
      "--plugin=@rollup/plugin-node-resolve",
    ],
    tools: ["@rollup/plugin-node-resolve"],
    site: scriptPage,
  },
  esbuild: {
    command: ["esbuild", "main.mjs", "--bundle", "--minify", "--format=esm", "--outdir=dist"],
    site: scriptPage,
    external: {
      wasm: 'import wasm from "chatwire/chatwire.wasm";',
      options: ["--loader:.wasm=file"],
    },
  },
  Parcel: {
    command: ["parcel", "build", "index.html", "--no-cache"],
    external: {
      wasm: byUrl("npm:chatwire/chatwire.wasm"),
      files: {
        "package.json": '{"private":true,"@parcel/resolver-default":{"packageExports":true}}',
      },
      policy: "'self' 'unsafe-inline' 'wasm-unsafe-eval'", // its import map is within the page
    },
  },
};

const externalMain = (wasm) => `import * as chatwire from "chatwire/external";
${wasm}
import { conformance } from "./conformance.mjs";

globalThis.report = chatwire.init({ wasm }).then(() => conformance(chatwire));
`;

const reported = `new Promise((resolve) => {
  const look = () => (globalThis.report === undefined ? setTimeout(look, 50) : resolve(report));
  look();
})`;

async function assertConforms(browser, origin) {
  const { passed, failures } = await (await browser.open(origin)).evaluate(reported);
  assert.deepEqual(failures, []);
  assert.ok(passed > 60);
}

const skip =
  lackOf("Chromium") || (!existsSync(modules) && "no bundlers are installed: npm run test:package");

describe("bundled", { skip }, () => {
  let browser;
  before(async () => {
    browser = await launch("Chromium");
  });
  after(() => browser?.close());

  /** Has a project bundled, and what came of it run. */
  async function assertBundles(context, name, files, bundler) {
    const { command, tools = [], site: pages, policy } = bundler;
    const project = await makeProject(
      name,
      files,
      tools.map((tool) => [modules, tool]),
    );
    const [tool, ...given] = command;
    await outputOf(project, program(tool), ...given);
    const site = await startSite(join(project, "dist"), pages, policy);
    context.after(() => site.close());
    await assertConforms(browser, site.origin);
    return project;
  }

  for (const [name, { external, ...bundler }] of Object.entries(bundlers)) {
    const folder = `bundled-${name.toLowerCase()}`;
    test(name, (context) => assertBundles(context, folder, page, bundler));
    if (external === undefined) continue;
    test(`${name}, the module in a file of its own`, async (context) => {
      const { wasm, options = [], files, policy } = external;
      const project = await assertBundles(
        context,
        `${folder}-external`,
        { ...page, "main.mjs": externalMain(wasm), ...files },
        { ...bundler, command: [...bundler.command, ...options], policy },
      );
      const built = readdirSync(join(project, "dist"), { recursive: true });
      assert.equal(built.filter((file) => file.endsWith(".wasm")).length, 1);
    });
  }

  test("Next: a page, a route on its server, and one on the edge", async (context) => {
    const project = await makeProject(
      "bundled-next",
      filesOf("next"),
      ["next", "react", "react-dom"].map((tool) => [modules, tool]),
    );
    // It finds no module with `?module` by a package's name.
    cpSync(
      join(project, "node_modules/chatwire/dist/chatwire.wasm"),
      join(project, "chatwire.wasm"),
    );
    await outputOf(project, program("next"), "build");
    const server = await serve(project, program("next"), (port) => [
      ...["start", "--hostname=127.0.0.1", `--port=${port}`],
    ]);
    context.after(() => server.close());
    await assertConforms(browser, server.origin);
    for (const route of ["server", "edge"]) {
      const { passed, failures } = await (await fetch(`${server.origin}/${route}`)).json();
      assert.deepEqual(failures, []);
      assert.ok(passed > 60, route);
    }
  });

  test("Vite, while developing", async (context) => {
    const project = await makeProject("served-vite", page);
    const server = await serve(project, program("vite"), (port) => [
      "--host=127.0.0.1",
      `--port=${port}`,
    ]);
    context.after(() => server.close());
    await assertConforms(browser, server.origin);
  });
});
