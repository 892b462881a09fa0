// JSON.parse and zod.
import { compile } from "zod";
import { completion } from "./zod-schema.mjs";

function decoding(schema) {
  return (use) => {
    const decoder = new TextDecoder();
    return (bytes) => use(schema.parse(JSON.parse(decoder.decode(bytes))));
  };
}

export const bodies = {
  zod: decoding(completion),
  "zod-compiled": decoding(compile(completion)),
};
