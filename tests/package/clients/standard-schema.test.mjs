// Contracts as Standard Schemas: tRPC validates what comes in and what goes out with them, Hono's validator
// what comes in, both over HTTP.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { serve } from "@hono/node-server";
import { sValidator } from "@hono/standard-validator";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { contracts, decode, encode } from "chatwire";
import { Hono } from "hono";
import { sample } from "./support.mjs";

const plain = sample("plain.json");
const quirks = sample("quirks.json").split("\ndata: ")[0]; // frameworks take JSON alone
const error = sample("provider-error.json");
const camel = decode(plain, { contract: "openai" });

const { procedure, router } = initTRPC.create();
const trpc = router({
  record: procedure.input(contracts.openai).mutation(({ input }) => input),
  answer: procedure.output(contracts.openai).query(() => plain),
  parsed: procedure.output(contracts.openai).query(() => JSON.parse(plain)),
  bytes: procedure.output(contracts.openai).query(() => new TextEncoder().encode(plain)),
  departs: procedure.output(contracts.openai).query(() => quirks),
});

const app = new Hono()
  .all("/trpc/*", (context) =>
    fetchRequestHandler({ endpoint: "/trpc", req: context.req.raw, router: trpc }),
  )
  .post("/openai", sValidator("json", contracts.openai), (context) =>
    context.json(context.req.valid("json")),
  )
  .post("/mistral", sValidator("json", contracts.mistral), (context) =>
    context.json(context.req.valid("json")),
  );

let server;
let origin;
before(async () => {
  server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const json = { "content-type": "application/json" };
async function ask(path, body) {
  const request = body === undefined ? {} : { method: "POST", headers: json, body };
  const response = await fetch(origin + path, request);
  return [response.status, await response.json()];
}

describe("tRPC", () => {
  test("an input is camelCase once it is through", async () => {
    const [status, { result }] = await ask("/trpc/record", plain);
    assert.equal(status, 200);
    assert.deepEqual(result.data, camel);
  });

  test("an input that departs from the contract is refused, with each departure", async () => {
    const [status, answer] = await ask("/trpc/record", quirks);
    assert.equal(status, 400);
    assert.equal(answer.error.data.code, "BAD_REQUEST");
    await assert.rejects(trpc.createCaller({}).record(JSON.parse(quirks)), ({ cause }) => {
      const expected = contracts.openai["~standard"].validate(JSON.parse(quirks)).issues;
      assert.ok(expected.length > 3);
      assert.deepEqual(cause.issues, expected);
      return true;
    });
  });

  test("an output may be text, bytes, or parsed; it goes out in camelCase", async () => {
    for (const name of ["answer", "parsed", "bytes"]) {
      const [status, { result }] = await ask(`/trpc/${name}`);
      assert.equal(status, 200);
      assert.deepEqual(result.data, camel);
    }
  });

  test("an output that departs from the contract does not go out", async () => {
    const [status, answer] = await ask("/trpc/departs");
    assert.equal(status, 500);
    assert.equal(answer.error.message, "Output validation failed");
  });
});

describe("Hono's validator", () => {
  test("what comes in is camelCase once it is through", async () => {
    assert.deepEqual(await ask("/openai", plain), [200, camel]);
  });

  test("what departs from the contract is refused, with places", async () => {
    const [status, { success, error: issues }] = await ask("/openai", quirks);
    assert.deepEqual([status, success], [400, false]);
    const places = issues.map(({ path }) => path.join("."));
    assert.ok(places.includes("choices.0.message.tool_calls.0.id"));
    assert.ok(issues.every(({ message }) => message.length > 0));
  });

  test("a provider's error is refused with its words", async () => {
    const [status, { error: issues }] = await ask("/openai", error);
    assert.equal(status, 400);
    assert.deepEqual(issues, [{ message: "Provider returned error", path: [] }]);
  });

  test("each contract has its own view", async () => {
    const body = sample("tool-calls.json"); // of Mistral's, without what OpenAI requires
    assert.equal((await ask("/openai", body))[0], 400);
    assert.deepEqual(await ask("/mistral", body), [200, decode(body, { contract: "mistral" })]);
  });
});

test("what comes in may have been encoded by chatwire", async () => {
  assert.deepEqual(await ask("/openai", encode(camel)), [200, camel]);
});
