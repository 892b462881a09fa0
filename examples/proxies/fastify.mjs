// Fastify between browsers and a provider. The provider's bytes go on as they are, and are decoded on the
// side; when a browser leaves, the answer is read to its end, so that what it used is known.
import { ChatwireError, decodeStream, messageText, totalTokens, toWire } from "chatwire";
import fastify from "fastify";

const { UPSTREAM = "http://127.0.0.1:8080/v1", API_KEY = "none", PORT = "3000" } = process.env;

/** Asks the provider for a stream that tells what it used. */
function ask(request) {
  return fetch(`${UPSTREAM}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
  }).catch(({ message }) => new Response(`No provider: ${message}`, { status: 502 }));
}

/** The provider's own words, in the form that OpenAI's clients know. */
async function refusal(response) {
  const stream = decodeStream(response);
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

const app = fastify();

app.post("/chat", async (request, reply) => {
  const upstream = await ask(request.body);
  if (!upstream.ok) return reply.code(upstream.status).send(await refusal(upstream));
  const [forBrowser, forBill] = upstream.body.tee();
  bill(decodeStream(forBill, { collect: true }));
  return reply.type(upstream.headers.get("content-type")).send(forBrowser);
});

await app.listen({ port: Number(PORT) });
