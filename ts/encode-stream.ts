// Chunks back to the event stream that servers send.
import { type Encodable, type EncodeOptions, encode } from "./encode.js";
import { ProviderError } from "./errors.js";
import { sourceOf } from "./stream-source.js";

/** How {@link encodeStream} writes. */
export interface EncodeStreamOptions extends EncodeOptions {
  /** Whether `data: [DONE]` ends the stream. Default: true. */
  readonly done?: boolean | undefined;
}

const utf8 = new TextEncoder();

/**
 * Encodes chunks as an event stream, as servers send it: for a proxy, or to keep a stream. Chunks are
 * asked for as the stream is read; cancelling it cancels where they come from.
 *
 * A {@link ProviderError} of theirs is written as the event that it came as, `{"error":{…}}`, and ends
 * the stream without `[DONE]`. Other errors are those of the stream.
 *
 * @param chunks what decodeStream gives, or any chunks
 * @param options whether `[DONE]` is written, and the contract of the chunks
 * @returns a stream of bytes, for the body of a response
 * @throws TypeError where there are no chunks to be read
 * @example
 * return new Response(encodeStream(decodeStream(upstream)), {
 *   headers: { "content-type": "text/event-stream" },
 * });
 */
export function encodeStream(
  chunks: ReadableStream<Encodable> | AsyncIterable<Encodable> | Iterable<Encodable>,
  options: EncodeStreamOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  // A decoded stream gives all chunks of a read at once.
  const decoded = chunks as { batches?: () => AsyncIterable<Encodable[]> } | null | undefined;
  const source = sourceOf<Encodable | Encodable[]>("encodeStream", decoded?.batches?.() ?? chunks);
  return new ReadableStream(
    {
      async pull(controller) {
        const write = (...texts: string[]) =>
          controller.enqueue(utf8.encode(texts.map((text) => `data: ${text}\n\n`).join("")));
        try {
          const { done, value } = await source.read();
          if (!done) return write(...[value].flat().map((chunk) => encode(chunk, options)));
          if (options.done !== false) write("[DONE]");
        } catch (error) {
          void source.cancel(error);
          if (!(error instanceof ProviderError)) throw error;
          const { status: code, message } = error;
          write(encode({ error: { message, ...(code && { code }), ...error.error } }));
        }
        controller.close();
      },
      cancel: (reason) => source.cancel(reason) as Promise<void>,
    },
    { highWaterMark: 0 },
  );
}
