// A server that sends streams as networks and servers do, and what is to be made of each: shared by the
// tests over sockets, in Node and in a browser.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { answer, done, utf8 } from "./reading.mjs";

const text = "Grüße, 世界 😀";
const events = [...answer("Grüße, ", "世界", " 😀"), done];
const whole = events.join("");
const stream = { "content-type": "text/event-stream" };

/** Writes pieces that do not share a packet. */
async function write(response, pieces) {
  response.socket.setNoDelay(true);
  for (const piece of pieces) {
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const routes = {
  async bytes(response) {
    response.writeHead(200, stream);
    await write(
      response,
      Array.from(utf8(whole), (byte) => Uint8Array.of(byte)),
    );
    response.end();
  },
  async crlf(response) {
    response.writeHead(200, stream);
    await write(response, whole.replaceAll("\n", "\r\n").split(/(?<=\r)/));
    response.end();
  },
  async "no-blank-line"(response) {
    response.writeHead(200, stream);
    response.end(whole.slice(0, -done.length).trimEnd());
  },
  async compressed(response) {
    response.writeHead(200, { ...stream, "content-encoding": "gzip" });
    const gzip = createGzip();
    gzip.pipe(response);
    for (const event of events) {
      gzip.write(event);
      await new Promise((resolve) => gzip.flush(resolve));
    }
    gzip.end();
  },
  async body(response) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        choices: [{ index: 0, message: { content: text }, finish_reason: "stop" }],
      }),
    );
  },
  // Ends as it should, a moment after [DONE].
  async ends(response) {
    response.writeHead(200, stream);
    response.write(whole);
    await sleep(30);
    response.end();
  },
  // The socket stays open after [DONE].
  async open(response) {
    response.writeHead(200, stream);
    await write(response, events);
  },
  async stall(response) {
    response.writeHead(200, stream);
    await write(response, events.slice(0, 3));
  },
  async reset(response) {
    response.writeHead(200, stream);
    await write(response, [...events.slice(0, 3), events[3].slice(0, 20)]);
    await sleep(30);
    response.socket.destroy();
  },
  // Without a length the end of the connection is the end of the body.
  async cut(response) {
    const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    response.socket.end(head + events.slice(0, 3).join("") + events[3].slice(0, 20));
  },
  async refuse(response) {
    response.writeHead(429, { "content-type": "application/json" });
    response.end('{"error":{"message":"slow down","code":"rate_limited"}}');
  },
  async "refuse-in-words"(response) {
    response.writeHead(502, "Bad Gateway", { "content-type": "text/plain" });
    response.end("upstream is gone\n");
  },
  async "refuse-silently"(response) {
    response.writeHead(500, "Internal Server Error");
    response.end();
  },
  async endless(response, state) {
    response.writeHead(200, stream);
    response.write(events[0]);
    const filler = `:${" ".repeat(1 << 16)}\n\n`;
    let wake;
    for (const happens of ["drain", "close"]) response.on(happens, () => wake?.());
    while (!response.closed) {
      state.sent += filler.length;
      if (response.write(filler)) continue;
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  },
};

/**
 * Starts the server: `{ origin, states, close }`. `states` has for each path how often it was asked for,
 * by how many sockets, and when its connection was closed. `serve` may answer other paths.
 */
export async function startServer(serve) {
  const states = {};
  const sockets = new Set();
  const server = createServer((request, response) => {
    const path = request.url.slice(1);
    if (serve?.(request, response)) return;
    if (!Object.hasOwn(routes, path)) return response.writeHead(404).end();
    states[path] ??= { asked: 0, sent: 0, sockets: new Set(), closed: 0 };
    const state = states[path];
    state.asked++;
    state.sockets.add(request.socket);
    response.on("close", () => {
      state.closed++;
    });
    routes[path](response, state).catch(() => {});
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    states,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/**
 * Reads one of the server's streams. It stands alone, so that a page can run it too.
 *
 * @param abortAfter, leaveAfter, waitAfter abort, leave the loop, or wait for 300 ms after so many chunks
 */
export async function read(chatwire, url, { abortAfter, leaveAfter, waitAfter, isFinal } = {}) {
  const { decodeStream, ChatwireError } = chatwire;
  const controller = new AbortController();
  const content = (completion) => completion?.choices?.[0]?.message?.content ?? "";
  const response = await fetch(url);
  const start = performance.now();
  const decoded = decodeStream(response, { signal: controller.signal });
  const result = { chunks: 0, text: "" };
  try {
    if (isFinal) {
      result.text = content(await decoded.finalCompletion());
    } else {
      for await (const { choices } of decoded) {
        result.chunks++;
        result.text += choices?.[0]?.delta?.content ?? "";
        if (result.chunks === leaveAfter) break;
        if (result.chunks === abortAfter) setTimeout(() => controller.abort(), 30);
        if (result.chunks === waitAfter) await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  } catch (error) {
    const { name, message, status, partial, cause } = error;
    const isOurs = error instanceof ChatwireError;
    result.error = { name, message, status, isOurs, cause: cause?.name, partial: content(partial) };
  }
  result.milliseconds = performance.now() - start;
  result.snapshot = content(decoded.snapshot());
  result.issues = decoded.issues.map(({ code }) => code);
  result.hasTimes = Object.values(decoded.timing).every(Number.isFinite) && "end" in decoded.timing;
  return result;
}

const begun = "Grüße, 世界";

function isWhole({ error, text: read, snapshot, hasTimes }) {
  assert.equal(error, undefined, error?.message);
  assert.equal(read, text);
  assert.equal(snapshot, text);
  assert.ok(hasTimes);
}

/** Waits until the server has seen that the client closed the connection. */
async function isClosed(state, within = 2000) {
  const until = performance.now() + within;
  while (state.closed < state.asked && performance.now() < until) await sleep(10);
  assert.equal(state.closed, state.asked, "the connection is closed");
}

/** What there is to read, how, and what must come of it: `{ name, path, options, check }`. */
export const cases = [
  { name: "single bytes", path: "bytes", check: isWhole },
  { name: "single bytes, all at once", path: "bytes", options: { isFinal: true }, check: isWhole },
  { name: "CRLF, cut between CR and LF", path: "crlf", check: isWhole },
  {
    name: "no blank line at the end",
    path: "no-blank-line",
    check(result) {
      isWhole(result);
      assert.deepEqual(result.issues, ["LAST_EVENT_CUT"]);
    },
  },
  { name: "compressed", path: "compressed", check: isWhole },
  {
    name: "a whole body",
    path: "body",
    options: { isFinal: true },
    check: isWhole,
  },
  {
    name: "Q73: a socket that stays open after [DONE]",
    path: "open",
    async check(result, state) {
      isWhole(result);
      assert.ok(result.milliseconds < 900, `${result.milliseconds} ms`);
      assert.equal(state.closed, 0, "not yet");
      await isClosed(state);
    },
  },
  {
    name: "a signal while the server stalls",
    path: "stall",
    options: { abortAfter: 3 },
    async check({ error, chunks, snapshot }, state) {
      assert.equal(chunks, 3);
      assert.equal(error.name, "AbortError");
      assert.equal(snapshot, begun);
      await isClosed(state);
    },
  },
  {
    name: "a loop that is left while the server stalls",
    path: "stall",
    options: { leaveAfter: 2 },
    async check({ error, chunks, snapshot }, state) {
      assert.equal(error, undefined);
      assert.equal(chunks, 2);
      assert.ok(begun.startsWith(snapshot));
      await isClosed(state);
    },
  },
  {
    name: "a reset within an event",
    path: "reset",
    check({ error, chunks, text: read, snapshot }) {
      assert.equal(error.name, "TruncatedError");
      assert.equal(error.isOurs, true);
      assert.equal(error.cause, "TypeError"); // that of fetch
      assert.equal(chunks, 3);
      assert.equal(read, begun);
      assert.equal(snapshot, begun);
    },
  },
  {
    name: "a connection that ends within an event",
    path: "cut",
    check({ error, chunks, snapshot }) {
      assert.equal(error.name, "TruncatedError");
      assert.equal(error.isOurs, true);
      assert.equal(chunks, 3);
      assert.equal(error.partial, begun);
      assert.equal(snapshot, begun);
    },
  },
  {
    name: "status 429 with an error",
    path: "refuse",
    check({ error }) {
      assert.equal(error.name, "ProviderError");
      assert.equal(error.message, "slow down");
      assert.equal(error.status, 429);
    },
  },
  {
    name: "Q62: status 502 with plain text",
    path: "refuse-in-words",
    check({ error }) {
      assert.equal(error.name, "ProviderError");
      assert.equal(error.message, "upstream is gone");
      assert.equal(error.status, 502);
    },
  },
  {
    name: "Q62: status 500 with nothing",
    path: "refuse-silently",
    check({ error }) {
      assert.equal(error.name, "ProviderError");
      assert.equal(error.message, "Internal Server Error");
      assert.equal(error.status, 500);
    },
  },
  {
    name: "a reader that is slow slows the server down",
    path: "endless",
    options: { waitAfter: 1, leaveAfter: undefined, abortAfter: 1 },
    async check({ error, chunks }, state) {
      assert.equal(chunks, 1);
      assert.equal(error.name, "AbortError");
      await isClosed(state);
      assert.ok(state.sent < 64 << 20, `${state.sent} bytes`);
    },
  },
];
