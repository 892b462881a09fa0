// Express between browsers and a provider. Whatever the provider sends, browsers get clean events; when
// one leaves, the provider is told to stop. What was used is billed, however the answer ends.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  ChatwireError,
  decodeStream,
  encodeStream,
  messageText,
  totalTokens,
  toWire,
} from "chatwire";
import express from "express";

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

const app = express();

app.post("/chat", express.json(), async (request, response) => {
  const leaving = new AbortController();
  response.on("close", () => leaving.abort());
  const upstream = await ask(request.body, leaving.signal);
  const stream = decodeStream(upstream);
  if (!upstream.ok) return response.status(upstream.status).json(await refusal(stream));
  const events = encodeStream(stream);
  bill(stream);
  response.type("text/event-stream");
  // Where the answer breaks off, so does the response: that is how browsers know.
  await pipeline(Readable.fromWeb(events), response).catch(() => {});
});

app.listen(Number(PORT), "127.0.0.1");
