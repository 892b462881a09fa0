// The packed package in workerd, which runs Cloudflare's Workers: built and served by wrangler, without
// any configuration that is about chatwire.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/shell.mjs";
import { serve } from "./processes.mjs";
import { filesOf, makeProject } from "./project.mjs";

const modules = join(root, "tests/package");
const node = join(modules, `nodes/node_modules/node-24-${process.arch}/bin/node`);
const wrangler = join(modules, "runtimes/node_modules/wrangler/bin/wrangler.js");
const missing = [node, wrangler].find((path) => !existsSync(path));

const delta = (content, finish_reason = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
const rest = `${delta(" world", "stop")}data: {"choices":[],"usage":{"total_tokens":17}}\n\ndata: [DONE]\n\n`;

/** What the Worker asks and what it bills. The answer ends when `goOn` is called. */
async function startUpstream() {
  const upstream = { goOn: undefined };
  const bill = new Promise((resolve) => {
    upstream.resolveBill = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      let text = "";
      for await (const piece of request) text += piece;
      response.end();
      return upstream.resolveBill(JSON.parse(text));
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(delta("Hello"));
    upstream.goOn = () => response.end(rest);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(upstream, { bill, origin, close: () => server.close() });
}

describe("workerd", { skip: missing !== undefined && `there is no ${missing}` }, () => {
  let upstream;
  let worker;
  before(async () => {
    upstream = await startUpstream();
    const project = await makeProject("workerd", filesOf("workerd"));
    const variables = { UPSTREAM: `${upstream.origin}/chat`, BILLING: `${upstream.origin}/bill` };
    worker = await serve(project, node, (port) => [
      wrangler,
      "dev",
      "--ip=127.0.0.1",
      `--port=${port}`,
      ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ]);
  });
  after(async () => {
    await worker?.close();
    upstream?.close();
  });

  test("all is as everywhere", async () => {
    const { passed, failures } = await (await fetch(worker.origin)).json();
    assert.deepEqual(failures, []);
    assert.ok(passed > 60);
  });

  test("a stream is passed on as it comes, and what it used is billed", async () => {
    const response = await fetch(`${worker.origin}/chat`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader.read();
    assert.equal(first.value, delta("Hello")); // before the rest is even sent
    upstream.goOn();
    let text = "";
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    assert.equal(text, rest);
    assert.deepEqual(await upstream.bill, { tokens: 17 });
  });
});
