// What the tests of clients share: a provider, and its answers.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { startUpstream } from "./upstream.mjs";

const url = (name) => new URL(`samples/${name}`, import.meta.url);
export const sample = (name) => readFileSync(url(name), "utf8");

export const request = { messages: [{ role: "user", content: "Hi" }] };
/** A request as clients without an SDK make it. */
export const post = (model, stream = true) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ ...request, model, stream }),
});

const json = { "content-type": "application/json" };
const eventStream = { "content-type": "text/event-stream" };
const quarter = (response, end) => {
  const bytes = Buffer.from(sample("chat.sse"));
  response.writeHead(200, eventStream);
  response.write(bytes.subarray(0, bytes.length / 4), () => end?.());
};
const answers = {
  busy: (response) => response.writeHead(429, json).end('{"detail":"Slow down"}'),
  page: (response) => response.writeHead(502).end("<html><title>Bad gateway</title></html>"),
  "breaks-off": (response) => quarter(response, () => response.destroy()),
  stalls: (response) => quarter(response),
};

/** Starts a provider that answers as samples do, or as above: `{ address, requests, close }`. */
export async function startProvider() {
  const upstream = await startUpstream({ answers });
  return { ...upstream, address: `${upstream.origin}/v1` };
}

/** All that an iterable gives, and what it throws. */
export async function drain(iterable) {
  const items = [];
  try {
    for await (const item of iterable) items.push(item);
    return [items, undefined];
  } catch (error) {
    return [items, error];
  }
}
