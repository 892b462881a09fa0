// Faults of the network, over real sockets: connections that are reset anywhere, servers that stall,
// coded bodies, wrong content types, errors of each shape with each status, readers that are slow.
import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  brotliCompressSync,
  createBrotliCompress,
  createGzip,
  deflateSync,
  gzipSync,
} from "node:zlib";
import { decode, decodeStream, ProviderError, TruncatedError } from "chatwire";
import { getCore } from "../../../build/modules/core/load.js";
import { contentOf, drain, textOf } from "./reading.mjs";
import { bytesOf, delta, done, event, finish } from "./support.mjs";

const words = Array.from({ length: 40 }, (_, i) => `wörd ${i} `);
const events = [...words.map((content) => event(delta({ content }))), event(finish()), done];
const whole = bytesOf(events.join(""));
const said = words.join("");
const completion = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: said }, finish_reason: "stop" }],
});
const eventStream = { "content-type": "text/event-stream" };

let serve; // what the test at hand answers
let server;
let origin;
const sockets = new Set();
before(async () => {
  server = createServer((request, response) => serve(request, response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const request = () =>
  new Promise((resolve, reject) => {
    get(origin, { agent: false }, resolve).on("error", reject);
  });
const clients = { fetch: () => fetch(origin), "node:http": request };

/** How many events are whole in the first so many bytes, the last one perhaps without its blank line. */
function wholeIn(length) {
  const parts = new TextDecoder().decode(whole.subarray(0, length)).split("\n\n");
  const isWhole = events.some((one) => one.trimEnd() === parts.at(-1)?.trimEnd());
  return Math.min(parts.length - (isWhole ? 0 : 1), words.length);
}

for (const [name, open] of Object.entries(clients)) {
  describe(`a reset, through ${name}`, () => {
    for (let tenth = 1; tenth < 10; tenth++) {
      test(`after ${tenth} tenths`, async () => {
        const length = Math.floor((whole.length * tenth) / 10);
        serve = (_, response) => {
          response.writeHead(200, eventStream);
          response.write(whole.subarray(0, length));
          setTimeout(() => response.socket.resetAndDestroy(), 40);
        };
        const stream = decodeStream(await open());
        const [chunks, error] = await drain(stream);
        assert.ok(error instanceof TruncatedError, error?.stack);
        assert.ok(error.cause instanceof Error);
        assert.equal(chunks.length, wholeIn(length));
        assert.equal(textOf(chunks), words.slice(0, wholeIn(length)).join(""));
        // What came of the event that was cut off is there, too.
        const content = contentOf(error.partial);
        assert.ok(
          content.startsWith(textOf(chunks)) && said.startsWith(content.replace(/\ufffd$/, "")),
        );
        assert.deepEqual(stream.snapshot(), error.partial);
      });
    }

    test("before any byte", async () => {
      serve = (_, response) => {
        response.writeHead(200, eventStream);
        response.flushHeaders();
        setTimeout(() => response.socket.resetAndDestroy(), 40);
      };
      const [chunks, error] = await drain(decodeStream(await open()));
      assert.deepEqual(chunks, []);
      assert.ok(error instanceof Error && !(error instanceof TruncatedError), error?.stack);
    });

    test("after [DONE] it is no matter", async () => {
      serve = (_, response) => {
        response.writeHead(200, eventStream);
        response.write(whole);
        setTimeout(() => response.socket.resetAndDestroy(), 40);
      };
      const stream = decodeStream(await open());
      assert.equal(contentOf(await stream.finalCompletion()), said);
      await sleep(80);
    });
  });

  test(`a half-open connection that says nothing more, through ${name}`, async () => {
    serve = (_, response) => {
      response.writeHead(200, eventStream);
      response.write(events.slice(0, 3).join(""));
    };
    const signal = AbortSignal.timeout(150);
    const stream = decodeStream(await open(), { signal });
    const [chunks, error] = await drain(stream);
    assert.equal(chunks.length, 3);
    assert.equal(error, signal.reason);
    assert.equal(error.name, "TimeoutError");
    assert.equal(contentOf(stream.snapshot()), words.slice(0, 3).join(""));
  });

  test(`a reader that is slow takes no more memory than reads have, through ${name}`, async () => {
    let sent = 0;
    const bytes = bytesOf(event(delta({ content: "x".repeat(1000) })).repeat(50));
    serve = async (_, response) => {
      response.writeHead(200, eventStream);
      const closed = new Promise((wake) => response.once("close", wake));
      while (!response.closed && sent < 200 << 20) {
        sent += bytes.length;
        if (!response.write(bytes))
          await Promise.race([closed, new Promise((wake) => response.once("drain", wake))]);
      }
    };
    const before = getCore().HEAPU8.length;
    let read = 0;
    for await (const _ of decodeStream(await open())) {
      if (read++ % 50 === 0) await sleep(30);
      if (read === 500) break;
    }
    assert.ok(sent < 32 << 20, `${sent} bytes were sent for ${read * 1000} that were read`);
    assert.ok(getCore().HEAPU8.length - before < 8 << 20);
  });
}

describe("coded bodies, through fetch", () => {
  const codings = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };
  for (const [coding, encode] of Object.entries(codings)) {
    test(`${coding}: a body`, async () => {
      serve = (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": coding });
        response.end(encode(completion));
      };
      const response = await fetch(origin);
      assert.equal(decode(await response.arrayBuffer()).choices[0].message.content, said);
    });
  }

  for (const [coding, create] of [
    ["gzip", createGzip],
    ["br", createBrotliCompress],
  ]) {
    const start = async (response, count) => {
      response.writeHead(200, { ...eventStream, "content-encoding": coding });
      const encoder = create();
      encoder.pipe(response);
      for (const one of events.slice(0, count)) {
        encoder.write(one);
        await new Promise((resolve) => encoder.flush(resolve));
      }
      return encoder;
    };

    test(`${coding}: a stream`, async () => {
      serve = async (_, response) => (await start(response)).end();
      const [chunks, error] = await drain(decodeStream(await fetch(origin)));
      assert.equal(error, undefined);
      assert.equal(textOf(chunks), said);
    });

    test(`${coding}: a stream that is reset`, async () => {
      serve = async (_, response) => {
        await start(response, 5);
        setTimeout(() => response.socket.resetAndDestroy(), 40);
      };
      const [chunks, error] = await drain(decodeStream(await fetch(origin)));
      assert.ok(error instanceof TruncatedError, error?.stack);
      assert.equal(textOf(chunks), words.slice(0, 5).join(""));
      assert.equal(contentOf(error.partial), words.slice(0, 5).join(""));
    });
  }

  test("bytes that nobody has decoded are told from JSON", async () => {
    serve = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(gzipSync(completion));
    };
    const [, error] = await drain(decodeStream(await fetch(origin)));
    assert.equal(error.code, "NOT_JSON");
    assert.match(error.message, /gzip|compress/i);
  });
});

describe("wrong content types", () => {
  for (const type of [
    undefined,
    "",
    "application/json",
    "text/plain",
    "text/html",
    "x/y; charset=utf-16",
  ]) {
    for (const [what, bytes] of Object.entries({ stream: whole, body: bytesOf(completion) })) {
      test(`a ${what} as ${type === undefined ? "nothing" : JSON.stringify(type)}`, async () => {
        serve = (_, response) => {
          response.writeHead(200, type === undefined ? {} : { "content-type": type });
          response.end(bytes);
        };
        assert.equal(contentOf(await decodeStream(await fetch(origin)).finalCompletion()), said);
      });
    }
  }

  test("a body as an event stream", async () => {
    serve = (_, response) => {
      response.writeHead(200, eventStream);
      response.end(completion);
    };
    assert.equal(contentOf(await decodeStream(await fetch(origin)).finalCompletion()), said);
  });
});

// Each shape that docs/errors.md lists.
const shapes = {
  "an object": { error: { message: "no", type: "t", code: "c" } },
  "a text": { error: "no" },
  "a list of objects": { error: [{ message: "no" }] },
  detail: { detail: "no" },
  "detail of fields": { detail: [{ loc: ["body", "model"], msg: "no", type: "missing" }] },
  errors: { errors: [{ message: "no" }] },
  message: { message: "no" },
  details: { details: "no" },
  msg: { code: 1, msg: "no" },
  error_msg: { error_code: 1, error_msg: "no" },
  error_message: { error_message: "no" },
  base_resp: { base_resp: { status_code: 1004, status_msg: "no" } },
  "a list around one": [{ error: { message: "no" } }],
};

describe("errors with a status", () => {
  for (const status of [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529]) {
    test(`${status}, in each shape, and as an event`, async () => {
      for (const [name, shape] of Object.entries(shapes)) {
        for (const text of [JSON.stringify(shape), event(shape), JSON.stringify(shape, null, 2)]) {
          serve = (_, response) => {
            response.writeHead(status, { "content-type": "application/json" });
            response.end(text);
          };
          const [chunks, error] = await drain(decodeStream(await fetch(origin)));
          assert.deepEqual(chunks, []);
          assert.ok(error instanceof ProviderError, `${name}: ${error?.stack}`);
          assert.match(error.message, /\bno\b/, name);
          assert.equal(error.status, status, name);
        }
      }
    });

    test(`${status}, with what is no error of a provider`, async () => {
      for (const text of [
        "",
        "no",
        "<html><title>no</title></html>",
        "{}",
        "null",
        '{"choices":[',
      ]) {
        serve = (_, response) => {
          response.writeHead(status, { "content-type": "text/html" });
          response.end(text);
        };
        const [, error] = await drain(decodeStream(await fetch(origin)));
        assert.ok(error instanceof ProviderError, `${text}: ${error?.stack}`);
        assert.equal(error.status, status, text);
      }
    });
  }
});
