// Streams in a browser: the same server and the same expectations as in sockets.test.mjs, read by pages
// whose policies allow WebAssembly but no eval.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { root } from "../../../scripts/shell.mjs";
import { cases, read, startServer } from "./server.mjs";

const program = "/usr/bin/chromium";
const skip = !existsSync(program) && `there is no ${program}: apt-get install chromium`;
const wasm = "'wasm-unsafe-eval'";
const policy = (more) =>
  `default-src 'none'; script-src 'self' ${more}; connect-src 'self'; worker-src 'self'`;

const files = {
  "/": { type: "text/html", text: "<!doctype html><title>chatwire</title>", policy: policy(wasm) },
  "/closed": { type: "text/html", text: "<!doctype html><title>x</title>", policy: policy("") },
  "/worker.js": {
    type: "text/javascript",
    text: `import * as chatwire from "/dist/index.js";
      const read = ${read};
      onmessage = async ({ data }) => {
        await chatwire.init();
        postMessage(await read(chatwire, data));
      };`,
    policy: policy(wasm),
  },
};

function serve({ url }, response) {
  if (url.startsWith("/dist/")) {
    response.writeHead(200, { "content-type": "text/javascript" });
    response.end(readFileSync(join(root, url)));
    return true;
  }
  const file = files[url];
  if (file === undefined) return false;
  response.writeHead(200, {
    "content-type": file.type,
    "content-security-policy": file.policy,
  });
  response.end(file.text);
  return true;
}

/** Runs a function in a page. As text: Playwright makes functions of those that it is given. */
const run = (page, of, ...given) => page.evaluate(`(${of})(...${JSON.stringify(given)})`);

describe("in Chromium", { skip }, () => {
  let server;
  let browser;
  let page;
  const errors = [];
  before(async () => {
    server = await startServer(serve);
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
    page = await browser.newPage();
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(server.origin);
    await run(page, async () => {
      globalThis.chatwire = await import("/dist/index.js");
      await globalThis.chatwire.init();
    });
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  for (const { name, path, options = {}, check } of cases) {
    test(name, async () => {
      const result = await run(
        page,
        `async (...given) => (${read})(chatwire, ...given)`,
        `/${path}`,
        options,
      );
      await check(result, server.states[path]);
    });
  }

  test("as a stage of Web Streams, and encoded again", async () => {
    const text = await run(page, async () => {
      const { ChatCompletionDecoderStream, encodeStream } = globalThis.chatwire;
      const { body } = await fetch("/bytes");
      const chunks = body.pipeThrough(new ChatCompletionDecoderStream());
      return await new Response(encodeStream(chunks)).text();
    });
    assert.match(text, /"content":"世界"/);
    assert.ok(text.endsWith("data: [DONE]\n\n"));
  });

  test("in a worker", async () => {
    const result = await run(
      page,
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker("/worker.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage("/bytes");
        }),
    );
    assert.equal(result.error, undefined);
    assert.equal(result.text, "Grüße, 世界 😀");
  });

  test("a policy without 'wasm-unsafe-eval' is named in the error", async () => {
    const closed = await browser.newPage();
    await closed.goto(`${server.origin}/closed`);
    const message = await run(closed, async () => {
      const { init } = await import("/dist/index.js");
      return await init().then(
        () => "no error",
        ({ message }) => message,
      );
    });
    assert.match(message, /'wasm-unsafe-eval'/);
  });

  test("nothing was left unhandled", () => {
    assert.deepEqual(errors, []);
  });
});
