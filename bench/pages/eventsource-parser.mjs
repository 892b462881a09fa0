import { EventSourceParserStream } from "eventsource-parser/stream";

/** The chunks: it puts nothing together. */
export async function stream(response) {
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const chunks = [];
  for await (const { data } of events) if (data !== "[DONE]") chunks.push(JSON.parse(data));
  return chunks;
}
