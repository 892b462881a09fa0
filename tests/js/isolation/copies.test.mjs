// Several copies of the package in one process, and many workers that start from one compiled module.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import * as first from "chatwire";
import { root } from "../../../scripts/shell.mjs";
import { answer, bytesOf, contentOf } from "../streams/support.mjs";

const limits = { bodyBytes: 64 };
const body = (content) =>
  JSON.stringify({ choices: [{ index: 0, message: { content }, finish_reason: "stop" }] });

let folder;
let second;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "chatwire-"));
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  second = await import(pathToFileURL(join(folder, "dist/node.js")).href);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("there are two", () => {
  assert.notEqual(first.decode, second.decode);
  assert.notEqual(first.DecodeError, second.DecodeError);
});

test("the bodies of one are not touched by the other", () => {
  for (let i = 0; i < 100; i++) {
    const one = first.decode(body(`first ${i} ä`));
    const other = second.safeDecode(body(`second ${i} ö`.repeat(10)), i % 2 ? { limits } : {});
    assert.equal(one.choices[0].message.content, `first ${i} ä`);
    assert.equal(other.ok, i % 2 === 0);
    if (!other.ok) assert.equal(other.error.limit, "bodyBytes");
  }
});

test("their streams go on side by side, read by read", () => {
  const bytes = bytesOf(answer({ content: "Grüße, " }, { content: "世界" }));
  const decoders = [first, second].flatMap(({ StreamDecoder }) =>
    Array.from({ length: 20 }, () => new StreamDecoder()),
  );
  for (let at = 0; at < bytes.length; at += 7)
    for (const decoder of decoders) decoder.feed(bytes.subarray(at, at + 7));
  for (const decoder of decoders) {
    decoder.end();
    assert.equal(contentOf(decoder.completion()), "Grüße, 世界");
    decoder.free();
  }
});

test("each knows the other's errors", () => {
  for (const [made, asked] of [
    [first, second],
    [second, first],
  ]) {
    const { error } = made.safeDecode('{"choices":[');
    assert.ok(error instanceof asked.TruncatedError);
    assert.ok(error instanceof asked.ChatwireError);
    assert.ok(!(error instanceof asked.ProviderError));
  }
});

test("one passes on what the other has decoded", async () => {
  const chunks = first.decodeStream([answer({ content: "Hi" })]);
  const decoded = second.decodeStream(second.encodeStream(chunks));
  assert.equal(contentOf(await decoded.finalCompletion()), "Hi");
  const text = second.encode(first.decode(body("a")));
  assert.deepEqual(JSON.parse(text), JSON.parse(body("a")));
});

const inWorker = `
  const { parentPort, workerData } = require("node:worker_threads");
  (async () => {
    const compile = WebAssembly.Module;
    let compiled = 0;
    WebAssembly.Module = new Proxy(compile, {
      construct: (of, given) => (compiled++, Reflect.construct(of, given)),
    });
    const { decode, init, StreamDecoder } = await import(workerData.entry);
    await init({ module: workerData.module });
    const wrong = [];
    for (let i = 0; i < 200; i++) {
      const content = workerData.name + " " + i;
      const text = JSON.stringify({ choices: [{ index: 0, message: { content }, finish_reason: "stop" }] });
      if (decode(text).choices[0].message.content !== content) wrong.push(content);
      const decoder = new StreamDecoder();
      const delta = { choices: [{ index: 0, delta: { content }, finish_reason: "stop" }] };
      for (const letter of "data: " + JSON.stringify(delta) + "\\n\\n") decoder.feed(letter);
      decoder.end();
      if (decoder.completion().choices[0].message.content !== content) wrong.push(content);
      decoder.free();
    }
    parentPort.postMessage({ wrong, compiled });
  })();`;

test("many workers, each with an instance of its own, started from one compiled module", async () => {
  const module = new WebAssembly.Module(readFileSync(join(root, "dist/chatwire.wasm")));
  const entry = pathToFileURL(join(root, "dist/node.js")).href;
  const results = await Promise.all(
    Array.from(
      { length: 16 },
      (_, i) =>
        new Promise((resolve, reject) => {
          const workerData = { entry, module, name: `worker ${i}` };
          const worker = new Worker(inWorker, { eval: true, workerData });
          worker.on("message", resolve).on("error", reject);
        }),
    ),
  );
  assert.deepEqual(results, Array(16).fill({ wrong: [], compiled: 0 }));
  assert.equal(first.decode(body("still here")).choices[0].message.content, "still here");
});
