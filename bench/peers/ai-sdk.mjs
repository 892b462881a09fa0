// The AI SDK's provider for OpenAI-compatible servers: doStream, and its parts put together by hand.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";

const prompt = [{ role: "user", content: [{ type: "text", text: "Hello" }] }];

/** The parts that doStream gives, as one completion. */
class PartAssembly {
  completion = { id: "", created: 0, model: "", choices: [], usage: undefined };
  #message = { content: null, reasoningContent: null, toolCalls: [] };

  add(part) {
    const message = this.#message;
    switch (part.type) {
      case "text-delta":
        message.content = (message.content ?? "") + part.delta;
        break;
      case "reasoning-delta":
        message.reasoningContent = (message.reasoningContent ?? "") + part.delta;
        break;
      case "tool-call":
        message.toolCalls.push({
          id: part.toolCallId,
          function: { name: part.toolName, arguments: part.input },
        });
        break;
      case "response-metadata":
        this.completion.id = part.id;
        this.completion.model = part.modelId;
        this.completion.created = part.timestamp.getTime() / 1000;
        break;
      case "finish":
        this.#finish(part);
        break;
      case "error":
        throw part.error;
    }
  }

  #finish({ finishReason, usage }) {
    const promptTokens = usage.inputTokens.total;
    const completionTokens = usage.outputTokens.total;
    this.completion.usage = {
      promptTokens,
      completionTokens,
      totalTokens: promptTokens + completionTokens,
    };
    this.completion.choices = [
      { index: 0, message: this.#message, finishReason: finishReason.raw, logprobs: null },
    ];
  }
}

export const streams = {
  "ai-sdk": (use) => async (response) => {
    // One for each stream, so that streams can be read side by side.
    const provider = createOpenAICompatible({
      name: "server",
      baseURL: "http://localhost",
      fetch: async () => response,
    });
    const assembly = new PartAssembly();
    const { stream } = await provider.chatModel("model").doStream({ prompt });
    for await (const part of stream) assembly.add(part);
    use(assembly.completion);
  },
};
