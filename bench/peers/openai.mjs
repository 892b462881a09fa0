// openai: its stream of chunks, and its helper that puts them together.
import OpenAI from "openai";
import { Stream } from "openai/streaming";
import { responseOf } from "./response.mjs";

const request = { model: "model", messages: [{ role: "user", content: "Hello" }] };

export const streams = {
  openai: (use) => async (reads) => {
    const stream = Stream.fromSSEResponse(responseOf(reads), new AbortController());
    for await (const chunk of stream) use(chunk);
  },
  "openai-final": (use) => {
    let reads;
    const client = new OpenAI({
      apiKey: "none",
      maxRetries: 0,
      fetch: async () => responseOf(reads),
    });
    return async (given) => {
      reads = given;
      use(await client.chat.completions.stream(request).finalChatCompletion());
    };
  },
};
