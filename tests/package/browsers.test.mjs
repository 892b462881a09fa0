// The packed package in browsers, as it is, without a bundler: on the main thread, in a worker of
// modules and in a service worker.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { lackOf, launch } from "./drivers.mjs";
import { filesOf, makeProject } from "./project.mjs";
import { startSite } from "./site.mjs";

const imports = {
  chatwire: "/node_modules/chatwire/dist/index.js",
  "chatwire/external": "/node_modules/chatwire/dist/external.js",
};
const page = `<!doctype html><title>chatwire</title>
  <script type="importmap" nonce="map">${JSON.stringify({ imports })}</script>`;

const exportsOf = (file) => `import("/${file}").then((all) => ({ ...all }))`;
const fromWorker = `new Promise((resolve, reject) => {
  const worker = new Worker("/worker.mjs", { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
})`;
const fromServiceWorker = `(async () => {
  await navigator.serviceWorker.register("/service-worker.mjs", { type: "module" });
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller === null)
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  return (await fetch("/from-service-worker")).json();
})()`;

function assertConforms({ passed, failures }) {
  assert.deepEqual(failures, []);
  assert.ok(passed > 60);
}

let site;
const policies = {}; // sites by what their policies allow
before(async () => {
  const project = await makeProject("browsers", filesOf("browsers"));
  const wasm = readFileSync(join(project, "node_modules/chatwire/dist/chatwire.wasm"));
  site = await startSite(project, {
    "/index.html": { type: "text/html", body: page },
    "/mistyped.wasm": { type: "application/octet-stream", body: wasm },
  });
  const empty = { "/index.html": { type: "text/html", body: "<!doctype html><title>x</title>" } };
  for (const [name, scripts] of [
    ["WebAssembly", "'self' 'wasm-unsafe-eval'"],
    ["scripts alone", "'self'"],
  ])
    policies[name] = await startSite(project, empty, scripts, "default-src 'self'");
});
after(() => {
  for (const one of [site, ...Object.values(policies)]) one.close();
});

const quick = process.env.CHATWIRE_PACKAGE_TESTS === "quick";

for (const name of quick ? ["Chromium"] : ["Chromium", "Firefox"]) {
  describe(name, { skip: lackOf(name) }, () => {
    let browser;
    let page;
    before(async () => {
      browser = await launch(name);
      page = await browser.open(site.origin);
    });
    after(() => browser?.close());

    test("on the main thread", async () => {
      const { early, report } = await page.evaluate(exportsOf("main.mjs"));
      assert.match(early, /`await init\(\)`/);
      assertConforms(report);
    });

    test("on the main thread, the module in a file of its own", async () => {
      const result = await page.evaluate(exportsOf("external.mjs"));
      assert.match(result.withoutModule, /pass init\(\{ wasm: "\/chatwire\.wasm" \}\)/);
      assert.match(result.notFound, /nowhere\.wasm: status 404/);
      assertConforms(result.report);
    });

    test("the file with another content type", async () => {
      const fresh = await browser.open(site.origin); // where no module has been compiled
      assertConforms((await fresh.evaluate(exportsOf("mistyped.mjs"))).report);
    });

    test("under default-src 'self'; script-src 'self' 'wasm-unsafe-eval'", async () => {
      const strict = await browser.open(policies.WebAssembly.origin);
      assertConforms((await strict.evaluate(exportsOf("policy.mjs"))).report);
    });

    test("without 'wasm-unsafe-eval' init() says that it is missing", async () => {
      const strict = await browser.open(policies["scripts alone"].origin);
      const failures = await strict.evaluate(exportsOf("forbidden.mjs"));
      for (const way of ["inlined", "again", "streamed", "fromBytes"]) {
        const { name, message, cause } = failures[way];
        assert.equal(name, "Error", way);
        assert.match(message, /^chatwire cannot compile its WebAssembly module: /, way);
        assert.match(message, /script-src needs 'wasm-unsafe-eval'/, way);
        assert.equal(cause, "CompileError", way);
      }
    });

    test("in a worker of modules", async () => {
      assertConforms(await page.evaluate(fromWorker));
    });

    test("in a service worker", async () => {
      assertConforms(await page.evaluate(fromServiceWorker));
    });
  });
}
