// undici asks, chatwire reads: a response is made of the status and the body, so that an error by its
// status is one here, too, with the provider's words.
import { decodeStream, ProviderError } from "chatwire";
import { request } from "undici";

const { UPSTREAM, API_KEY = "none", MODEL: model = "chat" } = process.env;

const { statusCode: status, body } = await request(`${UPSTREAM}/chat/completions`, {
  method: "POST",
  headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
  body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], stream: true }),
});

try {
  for await (const event of decodeStream(new Response(body, { status })).events()) {
    if (event.type === "text") process.stdout.write(event.text);
    if (event.type === "tool-call-end") console.log(`\n${event.name} ${event.arguments}`);
    if (event.type === "usage") console.log(`\n${event.usage.totalTokens} tokens`);
  }
} catch (error) {
  if (!(error instanceof ProviderError)) throw error;
  console.error(`${error.status ?? ""} ${error.message}`);
  process.exitCode = 1;
}
