// Measures one class of bodies in a process of its own and prints the result as JSON; bench/run.mjs
// starts it:  node bench/body.mjs NAME PLAN
import { deepStrictEqual } from "node:assert/strict";
import { decodeInput } from "../dist/core/session.js";
import { decode, init, safeDecode } from "../dist/index.js";
import { interleave, plans, ratios, spread } from "./measure.mjs";
import { classes, payloads } from "./payloads.mjs";

const contract = "openai";

// ---- Using the results --------------------------------------------------------------------------
// A character of each text is read. One function for each form of the object, as in a program that
// has only one of them.

let used = 0;
const useText = (text) => {
  if (typeof text === "string" && text.length > 0) used += text.charCodeAt(text.length >> 1);
};

function useWire(completion) {
  useText(completion.id);
  useText(completion.model);
  for (const { message, finish_reason, logprobs } of completion.choices) {
    useText(message.content);
    useText(message.reasoning_content);
    useText(finish_reason);
    for (const call of message.tool_calls ?? []) useText(call.function.arguments);
    for (const token of logprobs?.content ?? []) {
      used += token.logprob + token.bytes.length;
      for (const other of token.top_logprobs) useText(other.token);
    }
  }
}

function useObject(completion) {
  useText(completion.id);
  useText(completion.model);
  for (const { message, finishReason, logprobs } of completion.choices) {
    useText(message.content);
    useText(message.reasoningContent);
    useText(finishReason);
    for (const call of message.toolCalls ?? []) useText(call.function.arguments);
    for (const token of logprobs?.content ?? []) {
      used += token.logprob + token.bytes.length;
      for (const other of token.topLogprobs) useText(other.token);
    }
  }
}

// ---- Checking the results -----------------------------------------------------------------------

const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** What JSON.parse made, with chatwire's names. Unknown members stay as they are, under `extra`. */
function renamed(value, unknown) {
  if (Array.isArray(value)) return value.map((item) => renamed(item, unknown));
  if (typeof value !== "object" || value === null) return value;
  const made = {};
  for (const [name, member] of Object.entries(value)) {
    if (unknown.includes(name)) made.extra = { ...made.extra, [name]: member };
    else made[camelCase(name)] = renamed(member, unknown);
  }
  return made;
}

function check(json, bytes, unknown) {
  const expected = renamed(JSON.parse(json), unknown);
  deepStrictEqual(safeDecode(bytes), { ok: true, value: expected, issues: [] });
  deepStrictEqual(decode(json), expected);
}

// ---- Measuring ----------------------------------------------------------------------------------

/** An action on all payloads, one after the other. */
function each(payloads, action) {
  return () => {
    for (const payload of payloads) action(payload);
  };
}

async function measure(name, plan) {
  await init();
  const encoder = new TextEncoder();
  const bodies = payloads(name).map((json) => encoder.encode(json));
  const decoder = new TextDecoder();
  const texts = bodies.map((bytes) => decoder.decode(bytes));
  bodies.forEach((bytes, index) => {
    check(texts[index], bytes, classes[name].unknown ?? []);
  });

  const options = { contract };
  const actions = {
    parseBytes: each(bodies, (bytes) => useWire(JSON.parse(decoder.decode(bytes)))),
    decodeBytes: each(bodies, (bytes) => useObject(decode(bytes))),
    parseText: each(texts, (text) => useWire(JSON.parse(text))),
    decodeText: each(texts, (text) => useObject(decode(text))),
    // Without building an object: what happens in WebAssembly, and the copy into it.
    coreOnly: each(bodies, (bytes) => decodeInput(bytes, 0)),
  };
  if (bodies.every((bytes) => safeDecode(bytes, options).ok)) {
    actions.decodeStrictly = each(bodies, (bytes) => useObject(decode(bytes, options)));
  }
  const pairs = [
    ["parseBytes", "decodeBytes"],
    ["parseText", "decodeText"],
  ];
  const times = interleave(actions, pairs, plan);
  if (!Number.isFinite(used)) throw new Error("The results were not used.");

  const perBody = (milliseconds) => (milliseconds * 1000) / bodies.length;
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length;
  return {
    name,
    about: classes[name].about,
    bytes: Math.round(bytes),
    rounds: times.parseBytes.length,
    microseconds: Object.fromEntries(
      Object.entries(times).map(([action, durations]) => [action, spread(durations.map(perBody))]),
    ),
    ratios: {
      bytes: spread(ratios(times.parseBytes, times.decodeBytes)),
      text: spread(ratios(times.parseText, times.decodeText)),
      strict: times.decodeStrictly && spread(ratios(times.decodeStrictly, times.decodeBytes)),
      core: spread(ratios(times.coreOnly, times.decodeBytes)),
    },
  };
}

const [name, plan] = process.argv.slice(2);
console.log(JSON.stringify(await measure(name, plans[plan])));
