// chatwire, in each of the ways in which it is compared with others.
import { decode, decodeStream, StreamDecoder } from "chatwire";

/** `use` is given what is decoded. */
export const bodies = {
  decode: (use, options) => (body) => use(decode(body, options)),
  strict: (use) => (body) => use(decode(body, { contract: "openai" })),
};

function chunks(use, options) {
  return (reads) => {
    const decoder = new StreamDecoder(options);
    for (const read of reads) for (const chunk of decoder.feed(read)) use(chunk);
    for (const chunk of decoder.end()) use(chunk);
    decoder.free();
  };
}

export const streams = {
  // From reads, without promises.
  chunks,
  strict: (use) => chunks(use, { contract: "openai" }),
  completion: (use) => (reads) => {
    const decoder = new StreamDecoder({ collect: true });
    for (const read of reads) decoder.feed(read);
    decoder.end();
    use(decoder.completion());
    decoder.free();
  },
  // From a Response.
  iterate: (use, options) => async (response) => {
    for await (const chunk of decodeStream(response, options)) use(chunk);
  },
  batches: (use, options) => async (response) => {
    for await (const chunks of decodeStream(response, options).batches())
      for (const chunk of chunks) use(chunk);
  },
  final: (use, options) => async (response) => {
    use(await decodeStream(response, options).finalCompletion());
  },
};
