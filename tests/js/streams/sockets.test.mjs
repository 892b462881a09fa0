// Streams over real sockets, read through fetch.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as chatwire from "chatwire";
import { all, contentOf, drain, textOf } from "./reading.mjs";
import { cases, read, startServer } from "./server.mjs";

let server;
before(async () => {
  server = await startServer();
});
after(() => server.close());

describe("through fetch", () => {
  for (const { name, path, options, check } of cases) {
    test(name, async () => {
      const result = await read(chatwire, `${server.origin}/${path}`, options);
      await check(result, server.states[path]);
    });
  }

  test("a connection is used again after [DONE]", async () => {
    for (let i = 0; i < 5; i++) {
      const response = await fetch(`${server.origin}/ends`);
      await all(chatwire.decodeStream(response));
      while (server.states.ends.closed <= i) await sleep(5);
      await sleep(100); // until the client knows it
    }
    assert.equal(server.states.ends.asked, 5);
    assert.equal(server.states.ends.sockets.size, 1);
  });

  test("many at once", async () => {
    const url = `${server.origin}/bytes`;
    const results = await Promise.all(Array.from({ length: 30 }, () => read(chatwire, url)));
    for (const result of results) assert.equal(result.text, results[0].text);
    assert.equal(results[0].error, undefined);
  });
});

describe("through node:http", () => {
  const request = (path) =>
    new Promise((resolve, reject) => {
      get(`${server.origin}/${path}`, resolve).on("error", reject);
    });

  test("single bytes", async () => {
    const stream = chatwire.decodeStream(await request("bytes"));
    assert.equal(textOf(await all(stream)), "Grüße, 世界 😀");
  });

  test("a signal while the server stalls closes the connection", async () => {
    const controller = new AbortController();
    const message = await request("stall");
    const stream = chatwire.decodeStream(message, { signal: controller.signal });
    const reading = drain(stream);
    setTimeout(() => controller.abort(), 50);
    const [items, error] = await reading;
    assert.equal(items.length, 3);
    assert.equal(error.name, "AbortError");
    assert.equal(contentOf(stream.snapshot()), "Grüße, 世界");
    await sleep(50);
    assert.ok(message.destroyed);
    assert.ok(message.socket.destroyed);
  });

  test("a reset within an event", async () => {
    const stream = chatwire.decodeStream(await request("reset"));
    const [items, error] = await drain(stream);
    assert.equal(items.length, 3);
    assert.ok(error instanceof chatwire.TruncatedError);
    assert.equal(error.cause.code, "ECONNRESET");
    assert.equal(contentOf(stream.snapshot()), "Grüße, 世界");
  });
});
