// @openrouter/sdk: what its client does with a response, without the client.
import { EventStream } from "@openrouter/sdk/lib/event-streams.js";
import { chatResultFromJSON } from "@openrouter/sdk/models/chatresult.js";
import { ChatStreamingResponse$inboundSchema as schema } from "@openrouter/sdk/models/chatstreamingresponse.js";
import { Assembly } from "./assembly.mjs";

export const bodies = {
  openrouter: (use) => {
    const decoder = new TextDecoder();
    return (bytes) => {
      const result = chatResultFromJSON(decoder.decode(bytes));
      if (!result.ok) throw result.error;
      use(result.value);
    };
  },
};

const parse = (event) =>
  event.data === "[DONE]"
    ? { done: true, value: undefined }
    : { done: false, value: schema.parse(event).data };

export const streams = {
  openrouter: (use) => async (response) => {
    const assembly = new Assembly();
    for await (const chunk of new EventStream(response.body, parse)) assembly.add(chunk);
    use(assembly.completion);
  },
};
