// The AI SDK asks and reads; in between a fetch of one's own decodes what comes. It gives the SDK clean
// events, whatever the server sends, and tells what was odd about them.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import { decodeStream, encodeStream } from "chatwire";

const { UPSTREAM: baseURL, API_KEY: apiKey = "none", MODEL = "lines" } = process.env;

async function decoding(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) return response;
  const onIssue = ({ code, message }) => console.error(`${code}: ${message}`);
  const headers = { "content-type": "text/event-stream" };
  return new Response(encodeStream(decodeStream(response, { onIssue })), { headers });
}

const provider = createOpenAICompatible({ name: "any", baseURL, apiKey, fetch: decoding });
const result = streamText({ model: provider.chatModel(MODEL), prompt: "Hello" });
for await (const text of result.textStream) process.stdout.write(text);
console.log(`\n${(await result.usage).totalTokens} tokens, ${await result.finishReason}`);
