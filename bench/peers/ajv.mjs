// JSON.parse, ajv with chatwire's JSON Schemas of the contract `openai`, and renaming by hand.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { toChunk, toCompletion } from "./camel-case.mjs";
import { LineSplitter } from "./lines.mjs";

function compile(name) {
  const path = new URL(`../../schemas/openai.${name}.json`, import.meta.url);
  return new Ajv2020({ allErrors: false, strict: false }).compile(JSON.parse(readFileSync(path)));
}

function validator(name) {
  const validate = compile(name);
  return (value) => {
    if (!validate(value)) throw new TypeError(JSON.stringify(validate.errors));
    return value;
  };
}

export const bodies = {
  ajv: (use) => {
    const validate = validator("completion");
    const decoder = new TextDecoder();
    return (bytes) => use(toCompletion(validate(JSON.parse(decoder.decode(bytes)))));
  },
};

export const streams = {
  ajv: (use) => {
    const validate = validator("chunk");
    const take = (json) => use(toChunk(validate(JSON.parse(json))));
    return (reads) => {
      const splitter = new LineSplitter();
      for (const read of reads) splitter.feed(read, take);
    };
  },
};
