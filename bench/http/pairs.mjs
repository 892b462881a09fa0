// What is compared over HTTP: the same in Node and in browsers. Nothing of a peer is loaded here.

export const pairs = {
  transport: { title: "the bytes alone, nothing decoded; against for await", ours: "iterate" },
  reader: {
    title: "lines + JSON.parse, chunks; against for await",
    file: "lines",
    ours: "iterate",
  },
  openai: { title: "openai, chunks; against for await", file: "openai", ours: "iterate" },
  "openai-final": { title: "openai, finalChatCompletion()", file: "openai", ours: "final" },
  "ai-sdk": { title: "AI SDK, doStream put together", file: "ai-sdk", ours: "final" },
  openrouter: {
    title: "@openrouter/sdk, EventStream put together",
    file: "openrouter",
    ours: "final",
  },
  mistral: {
    title: "@mistralai/mistralai, EventStream put together",
    file: "mistral",
    ours: "final",
  },
};
