// The openai SDK asks, and asks again where a server is busy; chatwire reads. Two ways: its response is
// decoded here, or a fetch of one's own gives the SDK what it knows, whatever the server sends.
import { decodeStream, encodeStream } from "chatwire";
import OpenAI from "openai";

const { UPSTREAM: baseURL, API_KEY: apiKey = "none", MODEL: model = "chat" } = process.env;
const request = { model, messages: [{ role: "user", content: "Hello" }], stream: true };

const client = new OpenAI({ baseURL, apiKey });
const stream = decodeStream(await client.chat.completions.create(request).asResponse());
for await (const text of stream.text()) process.stdout.write(text);
const { usage } = await stream.finalCompletion();
console.log(`\n${usage?.totalTokens} tokens`);

// Of a server that sends lines of JSON, and no events, the SDK alone reads nothing.
async function eventsFrom(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) return response;
  const headers = { "content-type": "text/event-stream" };
  return new Response(encodeStream(decodeStream(response)), { headers });
}
const other = new OpenAI({ baseURL, apiKey, fetch: eventsFrom });
for await (const { choices } of await other.chat.completions.create({ ...request, model: "lines" }))
  process.stdout.write(choices[0]?.delta.content ?? "");
console.log();
