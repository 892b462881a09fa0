// Hono between browsers and a provider. Chunks are changed on their way: the house's own name stands for
// the model's. All of it is of the web's standards, so it runs on Workers, Deno and Bun as well; there
// `export default app` takes the place of the last line.
import { serve } from "@hono/node-server";
import {
  ChatwireError,
  decodeStream,
  encodeStream,
  messageText,
  totalTokens,
  toWire,
} from "chatwire";
import { Hono } from "hono";

const { UPSTREAM = "http://127.0.0.1:8080/v1", API_KEY = "none", PORT = "3000" } = process.env;

/** Asks the provider for a stream that tells what it used. */
function ask(request, signal) {
  return fetch(`${UPSTREAM}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
    signal,
  }).catch(({ message }) => new Response(`No provider: ${message}`, { status: 502 }));
}

/** The provider's own words, in the form that OpenAI's clients know. */
async function refusal(stream) {
  const { message, error } = await stream.finalCompletion().catch((thrown) => thrown);
  return toWire({ error: { message, ...error } });
}

/** Bills the usage that was told last. Where there was none, the text is there to be counted. */
async function bill(stream) {
  const ended = await stream.finalCompletion().then(
    () => "complete",
    (error) => (error instanceof ChatwireError ? error.name : "left"),
  );
  const { model, usage, choices = [] } = stream.snapshot();
  const tokens = totalTokens(usage);
  const text = choices.map(({ message }) => messageText(message)).join("");
  console.log(JSON.stringify({ model, ended, ...(tokens === undefined ? { text } : { tokens }) }));
}

/** The chunks of a stream under the house's own name. At the end, whichever it is, they are billed. */
async function* renamed(stream) {
  try {
    for await (const chunk of stream) yield { ...chunk, model: "house-model" };
  } finally {
    bill(stream);
  }
}

const app = new Hono();

app.post("/chat", async (context) => {
  const upstream = await ask(await context.req.json(), context.req.raw.signal);
  const stream = decodeStream(upstream);
  if (!upstream.ok) return context.json(await refusal(stream), upstream.status);
  const events = encodeStream(renamed(stream));
  return context.body(events, 200, { "content-type": "text/event-stream" });
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) });
