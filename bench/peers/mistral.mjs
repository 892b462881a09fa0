// @mistralai/mistralai: what its client does with a response, without the client.
import { EventStream } from "@mistralai/mistralai/lib/event-streams.js";
import { chatCompletionResponseFromJSON } from "@mistralai/mistralai/models/components/chatcompletionresponse.js";
import { CompletionEvent$inboundSchema as schema } from "@mistralai/mistralai/models/components/completionevent.js";
import { Assembly } from "./assembly.mjs";

export const bodies = {
  mistral: (use) => {
    const decoder = new TextDecoder();
    return (bytes) => {
      const result = chatCompletionResponseFromJSON(decoder.decode(bytes));
      if (!result.ok) throw result.error;
      use(result.value);
    };
  },
};

const parse = (event) =>
  event.data === "[DONE]"
    ? { done: true, value: undefined }
    : { done: false, value: schema.parse(event) };

export const streams = {
  mistral: (use) => async (response) => {
    const assembly = new Assembly();
    for await (const { data } of new EventStream(response.body, parse)) assembly.add(data);
    use(assembly.completion);
  },
};
