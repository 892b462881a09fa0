// All series: what is compared with what, on which payloads. Nothing of a peer is loaded here.
import { bodyClasses } from "../payloads/bodies.mjs";
import { streamClasses } from "../payloads/streams.mjs";

// The floor is measured on all payloads, libraries on those that differ for them.
const bodiesForPeers = "small answer prose code chinese logprobs tools choices".split(" ");
const streamsForPeers =
  "text text-event obfuscated chinese arguments logprobs reasoning choices".split(" ");

const ajv = { title: "TextDecoder + JSON.parse + ajv + names by hand", file: "ajv", way: "ajv" };
const zod = {
  title: "TextDecoder + JSON.parse + zod, Atoma's model",
  file: "zod",
  way: "zod",
  // The document has no members for a token itself, only for those that were likely.
  omits: ["logprobs"],
};
const openrouter = { title: "@openrouter/sdk", file: "openrouter", way: "openrouter" };
const mistral = {
  title: "@mistralai/mistralai",
  file: "mistral",
  way: "mistral",
  omits: ["logprobs"],
};

/** The same against chatwire under the contract that is nearest to what a peer checks. */
const under = (contract, of) => ({
  ...of,
  title: `${of.title}; against the contract ${contract}`,
  contract,
  on: ["small", "answer"],
});

/**
 * Ways to decode a body: what it is, in which file of peers/ and under which name there, on which
 * payloads it is measured (else on all), with which way of chatwire it is compared, and what it leaves
 * out of what matters.
 */
const bodyWays = {
  "json-parse": { title: "TextDecoder + JSON.parse", file: "json-parse" },
  text: { title: "JSON.parse of a string; against decode of a string", file: "json-parse" },
  buffer: { title: "Buffer.toString + JSON.parse (Node only)", file: "json-parse" },
  strict: { title: "chatwire under the contract openai; against without", file: "chatwire" },
  ajv: { ...ajv, on: bodiesForPeers },
  zod: { ...zod, on: bodiesForPeers },
  "zod-compiled": {
    ...zod,
    title: `${zod.title}, z.compile`,
    way: "zod-compiled",
    on: bodiesForPeers,
  },
  openrouter: { ...openrouter, on: bodiesForPeers },
  mistral: { ...mistral, on: bodiesForPeers },
  "ajv-contract": under("openai", ajv),
  "zod-contract": under("atoma", zod),
  "openrouter-contract": under("openrouter", openrouter),
  "mistral-contract": under("mistral", mistral),
};

/** Ways to decode a stream. */
const streamWays = {
  lines: { title: "lines + JSON.parse, chunks", file: "lines", ours: "chunks" },
  "lines-final": {
    title: "lines + JSON.parse, nothing put together; against the completion",
    file: "lines",
    way: "lines",
    ours: "completion",
  },
  assembled: {
    title: "lines + JSON.parse, put together by hand; against the completion",
    file: "lines",
    ours: "completion",
  },
  reader: {
    title: "the same over a Response; against for await",
    file: "lines",
    ours: "iterate",
  },
  "reader-batches": {
    title: "the same over a Response; against batches()",
    file: "lines",
    way: "reader",
    ours: "batches",
  },
  strict: {
    title: "chatwire under the contract openai, chunks; against without",
    file: "chatwire",
    ours: "chunks",
    omits: ["reasoning"], // the document has none
  },
  ajv: {
    title: "lines + JSON.parse + ajv + names by hand, chunks",
    file: "ajv",
    ours: "chunks",
    omits: ["reasoning"],
    on: streamsForPeers,
  },
  "eventsource-parser": {
    title: "eventsource-parser + JSON.parse, chunks",
    file: "eventsource-parser",
    ours: "chunks",
    on: streamsForPeers,
  },
  "eventsource-stream": {
    title: "eventsource-parser/stream + JSON.parse, chunks",
    file: "eventsource-parser",
    ours: "iterate",
    on: streamsForPeers,
  },
  openai: { title: "openai, chunks", file: "openai", ours: "iterate", on: streamsForPeers },
  "openai-final": {
    title: "openai, finalChatCompletion()",
    file: "openai",
    ours: "final",
    on: streamsForPeers,
    omits: ["reasoning"], // it keeps the last fragment
  },
  "ai-sdk": {
    title: "AI SDK, doStream put together",
    file: "ai-sdk",
    ours: "final",
    on: streamsForPeers,
    omits: ["logprobs"],
  },
  openrouter: {
    title: "@openrouter/sdk, EventStream put together",
    file: "openrouter",
    ours: "final",
    on: streamsForPeers,
    omits: ["reasoning"],
  },
  mistral: {
    title: "@mistralai/mistralai, EventStream put together",
    file: "mistral",
    ours: "final",
    on: streamsForPeers,
    omits: ["logprobs", "reasoning"],
  },
};

function seriesOf(group, classes, ways) {
  return classes.flatMap((payload) =>
    Object.entries(ways)
      .filter(([, { on = classes }]) => on.includes(payload))
      .map(([name, of]) => ({
        way: name,
        ours: "decode",
        omits: [],
        ...of,
        id: `${group}/${payload}/${name}`,
        group,
        payload,
        name,
      })),
  );
}

/** Every series, as it is shown. */
export const series = [
  ...seriesOf("body", Object.keys(bodyClasses), bodyWays),
  ...seriesOf("stream", Object.keys(streamClasses), streamWays),
];
