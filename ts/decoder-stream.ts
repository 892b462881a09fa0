// Decoding as a stage of Web Streams.
import { DecodedStream, type DecodeStreamOptions } from "./decode-stream.js";
import type { ContractName } from "./generated/contracts.js";
import type { Input } from "./options.js";
import type { ChunkOf } from "./stream-decoder.js";

/**
 * Decodes bytes or text to chunks: a stage for `pipeThrough`.
 *
 * @example
 * const chunks = response.body.pipeThrough(new ChatCompletionDecoderStream());
 */
export class ChatCompletionDecoderStream<Name extends ContractName | undefined = undefined> {
  /** The chunks. It fails as the stream does, after the chunks that came before. */
  readonly readable: ReadableStream<ChunkOf<Name>>;
  /** Takes what came over the wire, cut anywhere. */
  readonly writable: WritableStream<Input>;

  /**
   * @param options how to decode, as for `decodeStream`
   * @throws TypeError where an option is not what it should be
   */
  constructor(options?: DecodeStreamOptions & { readonly contract?: Name }) {
    const { readable, writable } = new TransformStream<Input, Input>();
    const stream = new DecodedStream<never>(readable, options);
    const batches = stream.batches();
    this.writable = writable;
    // An error takes with it what waits in the queue of a stream. So nothing does: there is no more
    // than one batch, and what follows is asked for when it was read.
    this.readable = new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await batches.next();
          if (done) controller.close();
          else for (const chunk of value) controller.enqueue(chunk);
        },
        cancel: (reason) => stream.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }
}
