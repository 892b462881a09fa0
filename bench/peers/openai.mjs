// openai: its stream of chunks, and its helper that puts them together.
import OpenAI from "openai";
import { Stream } from "openai/streaming";

const request = { model: "model", messages: [{ role: "user", content: "Hello" }] };

export const streams = {
  openai: (use) => async (response) => {
    const stream = Stream.fromSSEResponse(response, new AbortController());
    for await (const chunk of stream) use(chunk);
  },
  "openai-final": (use) => async (response) => {
    // One for each stream, so that streams can be read side by side.
    const client = new OpenAI({
      apiKey: "none",
      maxRetries: 0,
      dangerouslyAllowBrowser: true,
      fetch: async () => response,
    });
    use(await client.chat.completions.stream(request).finalChatCompletion());
  },
};
