// The proxies of examples/, each as somebody would copy it: a file, the packed package, the framework. A
// provider is before them, a client behind them.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeStream, messageText, ProviderError, TruncatedError } from "chatwire";
import { build } from "esbuild";
import { startUpstream } from "../../examples/upstream.mjs";
import { root } from "../../scripts/shell.mjs";
import { lackOf, launch } from "./drivers.mjs";
import { serve } from "./processes.mjs";
import { makeProject } from "./project.mjs";

const modules = join(root, "examples/node_modules");
const textOf = (path) => readFileSync(join(root, "examples", path), "utf8");
const eventsOf = (sample) => textOf(`samples/${sample}`).split(/(?<=\n\n)/);
const chat = eventsOf("chat.sse");
const lines = textOf("samples/lines.ndjson").split(/(?<=\n)/);
const json = { "content-type": "application/json" };

const names = ["express", "fastify", "hono"];
const tools = ["express", "fastify", "hono", "@hono/node-server"];
const readsOn = "fastify"; // though its client has left
const renames = "hono"; // the model

/** The chat: four events at once, the rest on `goOn()`. `left` says whether it was cut short. */
function pace() {
  const of = { left: false };
  const goingOn = new Promise((resolve) => {
    of.goOn = resolve;
  });
  of.answer = async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.on("close", () => {
      of.left = !response.writableFinished;
    });
    for (const event of chat.slice(0, 4)) response.write(event);
    await goingOn;
    response.end(chat.slice(4).join(""));
  };
  return of;
}
const refuse =
  (status, body, headers = json) =>
  (response) =>
    response.writeHead(status, headers).end(body);
const breakOff = (texts) => async (response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const text of texts) await new Promise((resolve) => response.write(text, resolve));
  response.destroy();
};

let paced;
const answers = {
  paced: (response) => paced.answer(response),
  "breaks-off-in-lines": breakOff(lines.slice(0, 8)),
  "breaks-off-in-chat": breakOff(chat.slice(0, 8)),
  "never-answers": (response) => response.destroy(),
  busy: refuse(429, '{"detail":"Slow down","retry_after":7}'),
  page: refuse(502, "<html><title>Bad gateway</title></html>", { "content-type": "text/html" }),
  key: refuse(401, '{"error":{"message":"Wrong key","type":"auth","code":"invalid_api_key"}}'),
};

/** The installed package as a script that makes the global `chatwire`. */
async function scriptOf(project) {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "chatwire";', resolveDir: project },
    bundle: true,
    format: "iife",
    globalName: "chatwire",
    write: false,
  });
  return outputFiles[0].text;
}

async function until(is) {
  for (let n = 0; n < 3000; n++) {
    const value = is();
    if (value) return value;
    await sleep(10);
  }
  return assert.fail(`not in time: ${is}`);
}

const skip =
  !existsSync(modules) && "what the examples need is not installed: npm run test:package";

describe("proxies", { skip }, () => {
  let upstream;
  let project;
  before(async () => {
    upstream = await startUpstream({ answers });
    const files = names.map((name) => [`${name}.mjs`, textOf(`proxies/${name}.mjs`)]);
    const linked = tools.map((tool) => [modules, tool]);
    project = await makeProject("proxies", Object.fromEntries(files), linked);
  });
  after(() => upstream?.close());

  for (const name of names) {
    describe(name, () => {
      let proxy;
      let taken = 0; // of the bills
      before(async () => {
        const variables = { UPSTREAM: `${upstream.origin}/v1`, API_KEY: "secret" };
        proxy = await serve(project, process.execPath, () => [`${name}.mjs`], variables);
      });
      after(() => proxy?.close());

      const bills = () => proxy.output().match(/^\{.*\}$/gm) ?? [];
      const nextBill = async () => {
        const bill = await until(() => bills()[taken]);
        taken++;
        return JSON.parse(bill);
      };
      const ask = (model, signal) =>
        fetch(`${proxy.origin}/chat`, {
          method: "POST",
          headers: json,
          body: JSON.stringify({ model, messages: [{ role: "user", content: "Hi" }] }),
          signal,
        });

      test("an answer goes on while it comes; its usage is asked for and billed", async () => {
        paced = pace();
        const response = await ask("paced");
        assert.match(response.headers.get("content-type"), /^text\/event-stream/);
        const [forText, forCompletion] = response.body.tee();
        const texts = decodeStream(forText).text();
        const { value: first } = await texts.next(); // before the rest is even sent
        paced.goOn();
        let text = first;
        for await (const more of texts) text += more;
        const expected = await decodeStream(chat).finalCompletion();
        assert.equal(text, messageText(expected.choices[0].message));
        const { choices, usage } = await decodeStream(forCompletion).finalCompletion();
        assert.deepEqual({ choices, usage }, { choices: expected.choices, usage: expected.usage });
        const bill = { model: "gpt-4.1-mini-2025-04-14", ended: "complete", tokens: 62 };
        assert.deepEqual(await nextBill(), bill);
        const { path, headers, body } = upstream.requests.at(-1);
        assert.equal(path, "/v1/chat/completions");
        assert.equal(headers.authorization, "Bearer secret");
        assert.deepEqual(body, {
          model: "paced",
          messages: [{ role: "user", content: "Hi" }],
          stream: true,
          stream_options: { include_usage: true },
        });
      });

      for (const sample of ["tool-calls.sse", "reasoning.sse", "lines.ndjson"]) {
        test(`${sample} comes to what it comes to without a proxy`, async () => {
          const expected = await decodeStream(textOf(`samples/${sample}`)).finalCompletion();
          const got = await decodeStream(await ask(sample.split(".")[0])).finalCompletion();
          const model = name === renames ? "house-model" : expected.model;
          assert.deepEqual(got, { ...expected, model });
          const { tokens, ended } = await nextBill();
          assert.deepEqual([ended, tokens], ["complete", expected.usage.totalTokens]);
        });
      }

      test("where the provider breaks off, so does the proxy; what was told is billed", async () => {
        const said = JSON.parse(lines[7]).usage.total_tokens;
        const stream = decodeStream(await ask("breaks-off-in-lines"));
        await assert.rejects(stream.finalCompletion(), TruncatedError);
        const { ended, tokens } = await nextBill();
        assert.deepEqual([ended, tokens], ["TruncatedError", said]);
      });

      test("where it had told no usage, the text is billed", async () => {
        const expected = decodeStream(chat.slice(0, 8));
        await assert.rejects(expected.finalCompletion(), TruncatedError);
        const text = messageText(expected.snapshot().choices[0].message);
        const stream = decodeStream(await ask("breaks-off-in-chat"));
        await assert.rejects(stream.finalCompletion(), TruncatedError);
        assert.equal(messageText(stream.snapshot().choices[0].message), text);
        const bill = { model: "gpt-4.1-mini-2025-04-14", ended: "TruncatedError", text };
        assert.deepEqual(await nextBill(), bill);
      });

      test("an error in the middle has the provider's own words", async () => {
        const stream = decodeStream(await ask("provider-error"));
        await assert.rejects(stream.finalCompletion(), (error) => {
          assert.ok(error instanceof ProviderError);
          assert.equal(error.message, "The upstream server stopped answering");
          assert.equal(error.metadata.provider_name, "Nordwind");
          return true;
        });
        assert.equal((await nextBill()).ended, "ProviderError");
      });

      test("a refusal keeps its status and its words, in the form of OpenAI's", async () => {
        const refusals = {
          busy: [429, { message: "Slow down", detail: "Slow down" }],
          page: [502, { message: "Bad gateway" }],
          key: [401, { message: "Wrong key", type: "auth", code: "invalid_api_key" }],
          "never-answers": [502, { message: "No provider: fetch failed" }],
          "of no sample": [404, { message: "There is no model of no sample" }],
        };
        for (const [model, [status, expected]] of Object.entries(refusals)) {
          const response = await ask(model);
          assert.equal(response.status, status, model);
          const { error } = await response.json();
          for (const [member, value] of Object.entries(expected))
            assert.equal(error[member], value, `${model}: ${member}`);
        }
        assert.equal(bills().length, taken);
      });

      test("a browser shows it while it comes", { skip: lackOf("Chromium") }, async (context) => {
        paced = pace();
        const browser = await launch("Chromium");
        context.after(() => browser.close());
        const page = await browser.open(`${proxy.origin}/`, { bypassCSP: true });
        await page.evaluate(await scriptOf(project));
        const request = { method: "POST", headers: json, body: '{"model":"paced","messages":[]}' };
        const first = await page.evaluate(`(async () => {
          await chatwire.init();
          const response = await fetch("/chat", ${JSON.stringify(request)});
          globalThis.texts = chatwire.decodeStream(response).text();
          return (await texts.next()).value;
        })()`); // before the rest is even sent
        paced.goOn();
        const rest = await page.evaluate(`(async () => {
          let rest = "";
          for await (const text of texts) rest += text;
          return rest;
        })()`);
        const { choices } = await decodeStream(chat).finalCompletion();
        assert.equal(first + rest, messageText(choices[0].message));
        assert.equal((await nextBill()).tokens, 62);
      });

      test("a client that leaves is noticed", async () => {
        paced = pace();
        const leaving = new AbortController();
        const response = await ask("paced", leaving.signal);
        await response.body.getReader().read();
        leaving.abort();
        if (name === readsOn) {
          paced.goOn();
          const { ended, tokens } = await nextBill();
          assert.deepEqual([ended, tokens], ["complete", 62]);
          assert.equal(paced.left, false);
        } else {
          const { ended, text } = await nextBill();
          assert.equal(ended, "left");
          assert.match(text, /^Tea/);
          await until(() => paced.left);
          paced.goOn();
        }
      });
    });
  }
});
