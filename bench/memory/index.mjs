// How much memory decoding takes at its peak: a body of 64 MiB, a stream of 100,000 events, each in a
// fresh process.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";
import { bodies } from "../payloads/bodies.mjs";
import { createRandom } from "../payloads/random.mjs";
import { text } from "../payloads/texts.mjs";
import { number } from "../report/format.mjs";
import { printTable } from "../report/table.mjs";
import { spread } from "../series/measure.mjs";
import { node } from "../shell.mjs";

const processes = { full: 5, quick: 1 };
const folder = join(root, "build/memory");
const bodySize = 64 * 2 ** 20;

const inputs = {
  prose: "a body of 64 MiB that is one text",
  logprobs: "a body of 64 MiB of log-probabilities",
  events: "a stream of 100,000 text events",
};

const body = (input) => [
  { input, name: "chatwire", file: "chatwire", way: "decode", title: "chatwire" },
  { input, name: "json-parse", title: "TextDecoder + JSON.parse" },
  { input, name: "zod", title: "zod, Atoma's model" },
  { input, name: "openrouter", title: "@openrouter/sdk" },
];
const input = "events";
const ways = [
  ...body("prose"),
  ...body("logprobs"),
  { input, name: "chatwire", way: "iterate", title: "chatwire, for await" },
  { input, name: "chatwire-final", file: "chatwire", way: "final", title: "chatwire, completion" },
  { input, name: "reader", file: "lines", title: "lines + JSON.parse, chunks" },
  { input, name: "openai", title: "openai, chunks" },
  { input, name: "openai-final", file: "openai", title: "openai, finalChatCompletion()" },
  { input, name: "ai-sdk", title: "AI SDK, doStream put together" },
  { input, name: "openrouter", title: "@openrouter/sdk, put together" },
  { input, name: "mistral", title: "@mistralai/mistralai, put together" },
].map((of) => ({ file: of.name, way: of.name, ...of, id: `memory/${of.input}/${of.name}` }));

export const rows = ways.map(({ id }) => id);

/** A body of one long text: pieces of it, again and again. */
function longProse() {
  const body = JSON.parse(bodies("small")[0]);
  body.choices[0].message.content = "";
  const [before, after] = JSON.stringify(body).split('"content":""');
  const piece = JSON.stringify(text(createRandom("memory"), "prose", 2 ** 20)).slice(1, -1);
  const left = bodySize - before.length - after.length - 12;
  const count = Math.floor(left / piece.length);
  return `${before}"content":"${piece.repeat(count)}"${after}`;
}

/** A body of many log-probabilities: those of some bodies, again and again. */
function manyLogprobs() {
  const all = bodies("logprobs").map((json) => JSON.parse(json));
  const [body] = all;
  const tokens = all.flatMap(({ choices }) => choices[0].logprobs.content);
  const piece = JSON.stringify(tokens).slice(1, -1);
  body.choices[0].logprobs.content = [];
  const [before, after] = JSON.stringify(body).split('"logprobs":{"content":[]');
  const left = bodySize - Buffer.byteLength(before + after) - 30;
  const count = Math.floor(left / (Buffer.byteLength(piece) + 1));
  const content = Array.from({ length: count }, () => piece).join(",");
  return `${before}"logprobs":{"content":[${content}]${after}`;
}

async function measureMemory(of, plan) {
  const samples = [];
  for (let i = 0; i < processes[plan]; i++) {
    const output = await node(
      "--expose-gc",
      "bench/memory/run-memory.mjs",
      ...[of.file, of.way, of.input, join(folder, `${of.input}.json`)],
    );
    samples.push(JSON.parse(output));
  }
  return {
    ...of,
    mebibytes: spread(samples.map(({ mebibytes }) => mebibytes)),
    milliseconds: spread(samples.map(({ milliseconds }) => milliseconds)),
  };
}

export async function measure(ids, plan, progress) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "prose.json"), longProse());
  writeFileSync(join(folder, "logprobs.json"), manyLogprobs());
  const results = [];
  for (const of of ways.filter(({ id }) => ids.includes(id))) {
    progress(of.id);
    results.push(await measureMemory(of, plan));
  }
  progress("");
  for (const [input, about] of Object.entries(inputs)) {
    const some = results.filter((of) => of.input === input);
    if (some.length === 0) continue;
    console.log(`\nMemory at the peak, beside the input: ${about}`);
    printTable(
      ["", "MiB", "ms"],
      some.map(({ id, mebibytes, milliseconds }) => [
        id,
        number(mebibytes.median),
        number(milliseconds.median),
      ]),
    );
  }
  return results;
}
