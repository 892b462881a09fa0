// eventsource-parser and JSON.parse: fed by hand, and as a stage of Web Streams.
import { createParser } from "eventsource-parser";
import { EventSourceParserStream } from "eventsource-parser/stream";

export const streams = {
  "eventsource-parser": (use) => (reads) => {
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent({ data }) {
        if (data !== "[DONE]") use(JSON.parse(data));
      },
    });
    for (const read of reads) parser.feed(decoder.decode(read, { stream: true }));
  },
  "eventsource-stream": (use) => async (response) => {
    const events = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { data } of events) {
      if (data !== "[DONE]") use(JSON.parse(data));
    }
  },
};
