// The library for C++ and the package are one: a stream comes to the same in both, down to the issues
// and their places. Halves of surrogate pairs, which C++ has as WTF-8 does, are the same as well:
// encoding writes them as escapes in both.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import {
  encode,
  ProviderError,
  StreamDecoder,
  TruncatedError,
  toWire,
} from "../../../build/modules/index.js";
import { toolCallStates } from "../../../build/modules/stream-decoder.js";
import { someStream } from "./generator.mjs";
import {
  answer,
  bytesOf,
  calling,
  calls,
  cutOff,
  delta,
  done,
  event,
  finish,
  stream,
} from "./support.mjs";

const program = fileURLToPath(
  new URL("../../../build/native/chatwire_stream_tool", import.meta.url),
);
if (!existsSync(program)) {
  throw new Error(
    "build/native/chatwire_stream_tool is not there. `npm test -- js` builds it before it runs these tests.",
  );
}

// ---- What comes of a stream, in both --------------------------------------------------------------

const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flags = {
  onBadEvent: () => ["--skip-bad-events"],
  cumulativeDeltas: () => ["--cumulative-deltas"],
  allowEmptyChoices: () => ["--allow-empty-choices"],
  nonFinite: () => ["--keep-non-finite"],
  collect: () => ["--collect"],
  contract: (name) => ["--contract", name],
  limits: (limits) =>
    Object.entries(limits).flatMap(([name, value]) => [`--${dashed(name)}`, String(value)]),
};

/** What the library makes of the bytes, in reads of `size` bytes (0: all at once). */
function ofLibrary(bytes, options, size, events) {
  const args = Object.entries(options).flatMap(([name, value]) => flags[name](value));
  args.push("--read", String(size), ...(events ? ["--events"] : []));
  const printed = execFileSync(program, args, { input: bytes, maxBuffer: 1 << 28 });
  const made = JSON.parse(printed.toString());
  if (!events) made.items = made.items.map((item) => JSON.parse(item));
  for (const name of ["snapshot", "completion"])
    if (name in made) made[name] = JSON.parse(made[name]);
  if (made.state === "failed") delete made.toolCalls;
  return made;
}

/** The first of an error's issues that is one. */
function reasonOf({ issues }) {
  const { code, offset, message } = issues.find(({ severity }) => severity === "error");
  return { code, offset, message };
}

/** How far the tool calls came. Of streams that fail, the package tells it for those that break off. */
function callsOf(completion, error) {
  const states = toolCallStates(completion);
  if (!(error instanceof TruncatedError)) return states;
  return states.map((call, i) => ({ ...call, state: error.toolCalls[i].state }));
}

/** The same of the package. */
function ofPackage(bytes, options, size, events) {
  const decoder = new StreamDecoder(options);
  const wire = (value) => JSON.parse(encode(value, { contract: options.contract }));
  const wants = events ? "events" : options.collect ? "nothing" : "chunks";
  const made = { items: [] };
  let error;
  const take = (read) => {
    const { chunks, events: told, failure } = decoder.take(read, wants);
    made.items.push(...chunks.map(wire));
    for (const one of told)
      made.items.push(one.type === "usage" ? { ...one, usage: toWire(one).usage } : one);
    error = failure;
  };
  for (let at = 0; at < bytes.length && decoder.state === "open"; at += size || bytes.length)
    take(bytes.subarray(at, at + (size || bytes.length)));
  if (decoder.state === "open") take(undefined);
  for (const name of ["state", "done", "heartbeats", "usageUpdates", "issues"])
    made[name] = structuredClone(decoder[name]);
  const snapshot = decoder.snapshot();
  made.snapshot = wire(snapshot);
  if (made.state !== "failed") made.toolCalls = callsOf(snapshot, error);
  if (error !== undefined) made.failure = reasonOf(error);
  if (error instanceof ProviderError) {
    made.failure.provider = toWire({ error: error.error }).error;
    made.failure.body = error.raw ?? null;
  }
  try {
    made.completion = wire(decoder.completion());
  } catch (thrown) {
    if (error === undefined) made.invalid = reasonOf(thrown);
  }
  decoder.free();
  return made;
}

const isWide = (text = "") => /[^\0-\x7f]/.test(text);

/**
 * Of these the package says what was received only where that is ASCII, the library always: takes it
 * from both where they differ by that.
 */
function dropWideText(library, package_) {
  for (const [i, one] of library.issues.entries()) {
    const other = package_.issues[i];
    if (!["UNKNOWN_PART_TYPE", "PROVIDER_ERROR"].includes(one.code) || !isWide(one.received))
      continue;
    for (const issue of [one, other]) delete issue?.received;
    for (const told of [one, other, library.failure, package_.failure])
      if (told?.offset === one.offset) delete told.message;
  }
}

/** Compares both, in reads of some size; returns what they agree on. */
function compare(input, options = {}, size = 0, events = false) {
  const bytes = bytesOf(input);
  const expected = ofPackage(bytes, options, size, events);
  const made = ofLibrary(bytes, options, size, events);
  dropWideText(made, expected);
  assert.deepStrictEqual(made, expected);
  return expected;
}

// ---- Streams of many kinds ------------------------------------------------------------------------

const hello = delta({ role: "assistant", content: "Hello" });
const text = (content) => delta({ content });
const other = (members, index = 1) => delta(members, { index });
const hi = stream(text("Hi"), finish());
const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
const named = (name, more) => ({ function: { name, arguments: more } });
const open = { id: "a", type: "function", function: { name: "f", arguments: "" } };
const piece = (more, index = 0) => ({ index, function: { arguments: more } });
const whole = { choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }] };
const audio = (members) => delta({ audio: members });
const detail = (more, members = {}) =>
  delta({ reasoning_details: [{ type: "reasoning.text", text: more, index: 0, ...members }] });
const bytes = (...parts) =>
  Buffer.concat(parts.map((part) => Buffer.from(part, typeof part === "string" ? "utf8" : null)));

const framed = {
  "CRLF line ends": hi.replaceAll("\n", "\r\n"),
  "CR line ends": hi.replaceAll("\n", "\r"),
  "mixed line ends": hi.replace("\n", "\r\n").replace("\n\n", "\r\r"),
  "a byte order mark": `\ufeff${hi}`,
  comments: `: one\n\n:two\n${hi}: three\n`,
  "no space after the colon": hi.replaceAll("data: ", "data:"),
  "names, ids and retries": `event: message\nid: 1\nretry: 5\n${hi}`,
  "pings and blank data": `event: ping\ndata: {}\n\ndata:\n\ndata:   \n\n${hi}`,
  "data of several lines": stream(
    JSON.stringify(text("Hi"), null, 1).replaceAll("\n", "\ndata: "),
    finish(),
  ),
  "no blank line at the end": cutOff(hello, finish()).trimEnd(),
  "no line end, and [DONE]": hi.trimEnd(),
  "half of [DONE]": `${cutOff(hello, finish())}data: [DO`,
  "spaces around [DONE]": `${cutOff(hello)}data:   [DONE]  \n\n`,
  "data after [DONE]": `${hi}${event(text("more"))}`,
  "an error after [DONE]": `${hi}${event({ error: { message: "late" } })}`,
  "several chunks in an event": `data: ${JSON.stringify(text("a"))}\ndata: ${JSON.stringify(finish())}\ndata: [DONE]\n\n`,
  "several chunks in an event, the first like the one before": `${event(text("a"))}data: ${JSON.stringify(text("b"))}\ndata: ${JSON.stringify(text("c"))}\n\n${hi}`,
  "lines of JSON": `${JSON.stringify(text("a"))}\n${JSON.stringify(finish())}\n`,
  "an array of chunks": JSON.stringify([text("a"), finish()], null, 1),
  "a whole body": JSON.stringify(whole),
  "a whole body over lines": JSON.stringify(whole, null, 2),
  "a whole body in an event": stream(whole),
  "an envelope": JSON.stringify({ result: whole, success: true }),
  nothing: "",
  "white space": " \n \r\n ",
  "only comments": ": one\n\n: two\n\n",
  "only [DONE]": done,
  "a page": "<!doctype html><html><head><title>Sign in</title></head></html>",
  "plain text": "upstream connect error",
  "text in lines": "Internal\nServer\nError\n\n",
  "compressed bytes": bytes([0x1f, 0x8b, 8, 0, 1, 2, 3]),
  "bytes that are not UTF-8": bytes(
    'data: {"choices":[{"delta":{"content":"a',
    [0xff, 0xe2, 0x82],
    'b"}}]}\n\n',
    done,
  ),
  "characters of all lengths": answer({ content: "aé中😀" }, { content: "\u0000\u2028" }),
};

const assembled = {
  "several choices": stream(
    text("a"),
    other({ content: "x" }),
    text("b"),
    other({ content: "y" }),
    finish(),
    delta({}, { index: 1, finish_reason: "length" }),
  ),
  "choices without indices": stream(
    { choices: [{ delta: { content: "a" } }, { delta: { content: "b" } }] },
    { choices: [{ finish_reason: "stop" }, { finish_reason: "stop" }] },
  ),
  "choices in any order": stream(other({ content: "c" }, 7), other({ content: "b" }, 2), text("a")),
  "a pair of surrogates in halves": answer({ content: "a\ud83d" }, { content: "\ude00b" }),
  "halves that stay alone": answer(
    { content: "\ud83d" },
    { content: "x\ude00" },
    { reasoning: "\udfff" },
  ),
  "a half in raw bytes": bytes(
    'data: {"choices":[{"delta":{"content":"',
    [0xed, 0xa0, 0xbd],
    '"}}]}\n\n',
    done,
  ),
  escapes: stream(
    '{"choices":[{"delta":{"content":"\\u0041\\n\\"\\\\\\/\\u00e9"},"finish_reason":"stop"}]}',
  ),
  reasoning: answer({ reasoning_content: "Let " }, { reasoning_content: "me" }, { content: "Yes" }),
  "reasoning twice": answer(
    { reasoning: "a", reasoning_content: "a" },
    { reasoning: "b", reasoning_content: "b" },
  ),
  "reasoning details": stream(
    detail("one "),
    detail("two", { signature: "s" }),
    delta({ reasoning_details: [{ type: "reasoning.encrypted", data: "xx" }] }),
    finish(),
  ),
  "a refusal": answer({ content: null, refusal: "I " }, { refusal: "cannot" }),
  parts: answer(
    { content: [{ type: "text", text: "a" }] },
    { content: [{ type: "text", text: "b" }] },
    { content: "c" },
    { content: [{ type: "image_url", image_url: { url: "u" } }] },
  ),
  "parts that think": answer(
    { content: [{ type: "thinking", thinking: [{ type: "text", text: "h" }] }] },
    { content: [{ type: "thinking", thinking: [{ type: "text", text: "m" }], signature: "s" }] },
    { content: "4" },
  ),
  "text, then parts": answer({ content: "a" }, { content: [{ type: "thinking", thinking: [] }] }),
  "parts of no known type": answer({ content: [{ type: "odd", value: [1] }] }),
  audio: stream(
    audio({ id: "au", data: "QQ==", transcript: "H" }),
    audio({ data: "Qg==", transcript: "i" }),
    audio({ expires_at: 99 }),
  ),
  images: answer(
    { images: [{ type: "image_url", image_url: { url: "1" } }] },
    { images: [{ type: "image_url", image_url: { url: "2" } }] },
  ),
  annotations: answer(
    { content: "a", annotations: [{ type: "url_citation", url_citation: { url: "1" } }] },
    { annotations: [] },
  ),
  "log probabilities": stream(
    delta(
      { content: "a" },
      {
        logprobs: {
          content: [{ token: "a", logprob: -0.5, bytes: [97], top_logprobs: [] }],
          refusal: null,
        },
      },
    ),
    delta(
      { content: "b" },
      { logprobs: { content: [{ token: "b", logprob: -1e-7, bytes: null, top_logprobs: [] }] } },
    ),
    finish("stop", { logprobs: null }),
  ),
  "usage at the end": stream(text("a"), finish(), { choices: [], usage }),
  "usage in each chunk": stream(
    delta({ content: "a" }, {}, { usage: { ...usage, total_tokens: 1 } }),
    finish("stop", { usage }),
    { choices: [], usage: null },
  ),
  "usage in the choice": stream(text("a"), delta({}, { usage, finish_reason: "stop" })),
  "usage in x_groq": stream(
    delta({ content: "a" }, {}, { x_groq: { id: "r" } }),
    delta({}, { finish_reason: "stop" }, { x_groq: { id: "r", usage } }),
  ),
  "ids that change": stream(
    delta({ content: "a" }, {}, { id: "one" }),
    delta({ content: "b" }, { finish_reason: "stop" }, { id: "two", model: "m" }),
  ),
  "empty ids first": stream(
    delta({}, {}, { id: "", model: "", created: 0 }),
    delta({ content: "b" }, { finish_reason: "stop" }, { id: "two", model: "m", created: 5 }),
  ),
  "a prompt filter": stream(
    { id: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
    text("a"),
    delta(null, { content_filter_offsets: { check_offset: 4 } }),
    finish(),
  ),
  "unknown members": stream(
    { ...text("a"), x_own: [1, { "": null }] },
    delta({ content: "b", own: "p" }, { mine: 1.5 }),
    delta({ own: "q" }, { mine: -0 }),
    finish(),
  ),
  "the name __proto__": stream(
    '{"choices":[{"delta":{"content":"a","__proto__":{"x":1}},"__proto__":2}],"__proto__":[]}',
    finish(),
  ),
  "numbers of all kinds": stream(
    '{"choices":[{"delta":{"content":"a"},"n":[1e21,1E-7,-0.0,12345678901234567890,9007199254740993,1e400]}],"created":1e9}',
    finish(),
  ),
  "no number": stream(
    '{"choices":[{"delta":{"content":"a"},"n":NaN}],"created":Infinity}',
    finish(),
  ),
  "a role that is empty": answer({ role: "", content: "a" }, { role: null }),
  "messages beside deltas": stream(
    delta({ content: "a" }, { message: { content: "a" } }),
    delta({ content: "b" }, { message: { role: "assistant", content: "ab", own: 1 } }),
    finish(),
  ),
  "messages in place of deltas": stream(
    { choices: [{ message: { content: "a" } }] },
    { choices: [{ message: { content: "ab" }, finish_reason: "stop" }] },
  ),
  "deltas that repeat": answer({ content: "Hel" }, { content: "Hello" }, { content: "Hello!" }),
  "a function call": answer(
    { function_call: { name: "f", arguments: "{" } },
    { function_call: { arguments: "}" } },
  ),
  "duplicate members": stream(
    '{"choices":[{"delta":{"content":"a","content":"b"},"delta":{"content":"c"}}]}',
    finish(),
  ),
  "values of other types": stream(
    {
      id: 5,
      created: "7",
      choices: [{ index: "0", delta: { content: 5, role: {} }, finish_reason: true }],
    },
    finish(),
  ),
  filler: answer({ content: "" }, { content: "", tool_calls: [] }, {}, { content: "a" }),
};

const ended = {
  "cut in a string": cutOff(hello).slice(0, -12),
  "cut after an event": cutOff(hello, text(" you")),
  "cut between choices": cutOff(hello, other({ content: "x" }), finish()),
  "cut in a tool call": cutOff(
    calls({ index: 0, ...open }),
    calls(piece('{"a":')),
    calls({ index: 1, ...open, id: "b" }),
    calls(piece("{}", 1)),
  ),
  "[DONE] without a reason": stream(hello),
  "no [DONE]": cutOff(hello, finish()),
  "two reasons": stream(hello, finish(), finish("tool_calls")),
  "two reasons, the first one better": stream(hello, finish("length"), finish("stop")),
  "reasons that are none": stream(
    delta({ content: "a" }, { finish_reason: "" }),
    delta({}, { finish_reason: "null" }),
    finish(),
  ),
  "deltas after the reason": stream(hello, finish(), text("!"), text("?")),
  "tools that never came": stream(hello, finish("tool_calls")),
  "no choices": stream({ id: "c", choices: [], usage }),
  "null choices": stream({ id: "c", choices: null, usage }, text("a"), finish()),
};

const refused = {
  "an error event": `event: error\n${event({ message: "Overloaded", code: 503 })}`,
  "an error event of text": `${event(hello)}event: error\ndata: Too many requests\n\n`,
  "an error field": `${event(hello)}error: {"code":500,"message":"broken"}\n\n`,
  "an error in the data": `${event(hello)}${event({ error: { message: "no", type: "t", code: "c", param: null, own: [1] } })}`,
  "an error without a form": `${event(hello)}data: error: rate limited\n\n`,
  "an error without framing": '{"error":{"message":"too long"}}',
  "an error beside a choice": stream(hello, {
    ...delta({ content: "x" }, { finish_reason: "error" }),
    error: { message: "upstream", code: 502 },
  }),
  "an error in a choice": stream(
    hello,
    delta({ content: "x" }, { error: { message: "upstream" } }),
  ),
  "an error that is a string": stream({ error: "no" }),
  "an error that is not ASCII": stream({ error: { message: "zu viel: \u4e2d\u6587" } }),
  "no error": stream({ ...hello, error: null }, { ...text("!"), error: {} }, finish()),
  "an event that is not JSON": stream(hello, "{oops}", text("!"), finish()),
  "an event that is cut": stream(hello, '{"choices":[{"delta":{"content":"x', finish()),
  "an event of another type": stream(hello, "[1]", '"x"', "5", finish()),
  "an empty event": stream(hello, {}, finish()),
};

const called = {
  "a tool call": calling({ index: 0, ...open }, piece('{"x'), piece('":1}')),
  "two of them": calling(
    { index: 0, ...open },
    piece('{"x":1}'),
    { index: 1, ...open, id: "b" },
    piece("[]", 1),
  ),
  "without indices": calling(
    { ...open, ...named("f", '{"x":1}') },
    { ...open, id: "b", ...named("g", '{"y":2}') },
  ),
  "with one index": calling(
    { index: 0, ...open, ...named("f", '{"x":1}') },
    { index: 0, id: "b", ...named("g", '{"y":2}') },
  ),
  "without ids": calling(
    { index: 0, ...named("f", '{"x":1}') },
    { index: 1, ...named("f", '{"x":1}') },
  ),
  "with an id each time": calling(
    { index: 0, ...open },
    { id: "b", ...piece('{"x"') },
    { id: "c", ...piece(":1}") },
  ),
  "with empty ids": calling(
    { index: 0, ...open },
    { id: "", ...piece("{"), type: "" },
    { id: "", function: { name: "", arguments: "}" }, index: 0 },
  ),
  "with a name each time": calling(
    { index: 0, ...open, ...named("f", "{") },
    { index: 0, ...named("f", "}") },
  ),
  "with a name in pieces": calling(
    { index: 0, id: "a", ...named("edit_ex") },
    { index: 0, ...named("isting", "{}") },
  ),
  "with a name that changes": calling(
    { index: 0, ...open, ...named("f", '{"a') },
    { index: 0, ...named("g", '":1}') },
  ),
  "with a name that comes late": calling(
    { index: 0, id: "a", ...piece('{"a') },
    { index: 0, ...named("g", '":1}') },
  ),
  "with a placeholder": calling({ index: 0, ...open, ...named("f", "{}") }, piece('{"x":1}')),
  "sent twice": calling({ index: 0, ...open }, piece('{"x":1}'), piece('{"x":1}')),
  "with arguments of another one": calling(
    { index: 0, ...open, ...named("f", '{"x":1}') },
    piece('{"y":2}'),
  ),
  "with the rest of nothing": calling({ function: { arguments: '{"x":1}' } }),
  "with an object": calling({ index: 0, ...open, ...named("f", { x: [1, " a"], "\u00e9": null }) }),
  "with nulls": calling(
    { index: 0, ...open, function: { name: "f", arguments: null } },
    { index: 0, function: null },
    piece("{}"),
  ),
  "with odd indices": calling(
    { index: "1", ...open },
    { index: -4, ...open, id: "b" },
    { index: 1e12, ...open, id: "c" },
  ),
  "with halves of surrogates": calling(
    { index: 0, ...open },
    piece('{"\ud83d'),
    piece('\ude00":"\\ud83d'),
    piece('\\ude00"}'),
  ),
  "with arguments that are no JSON": calling({ index: 0, ...open }, piece("{'x': 1}")),
  "with arguments that are a number": calling({ index: 0, ...open }, piece("12")),
  "cut at the length": stream(
    calls({ index: 0, ...open }),
    calls(piece('{"x":')),
    finish("length"),
  ),
  "of a custom tool": calling(
    { index: 0, id: "a", type: "custom", custom: { name: "c", input: "in" } },
    { index: 0, custom: { input: "put" } },
  ),
  "with unknown members": calling(
    { index: 0, ...open, extra_content: { google: { thought_signature: "s" } } },
    { ...piece("{}"), own: 1 },
  ),
  "among text": stream(
    text("a"),
    calls({ index: 0, ...open }),
    text("b"),
    calls(piece("{}")),
    finish("tool_calls"),
  ),
  "of two choices": stream(
    calls({ index: 0, ...open }),
    delta({ tool_calls: [{ index: 0, ...open, id: "z" }] }, { index: 1 }),
    calls(piece("{}")),
    delta({ tool_calls: [piece("[]")] }, { index: 1 }),
    finish("tool_calls"),
    delta({}, { index: 1, finish_reason: "tool_calls" }),
  ),
};

const kinds = { framed, assembled, ended, refused, called };
const optional = [
  ["a bad event", refused["an event that is not JSON"], { onBadEvent: "skip" }],
  ["a bad event at the end", cutOff(hello, finish(), "{oops"), { onBadEvent: "skip" }],
  ["bad events only", stream("{a", "[", "5"), { onBadEvent: "skip" }],
  ["deltas that repeat", assembled["deltas that repeat"], { cumulativeDeltas: "auto" }],
  [
    "reasoning that repeats",
    answer(
      { reasoning: "Hm" },
      { reasoning: "Hmm, " },
      { reasoning: "Hmm, so" },
      { content: "Yes" },
    ),
    { cumulativeDeltas: "auto" },
  ],
  [
    "deltas that only seem to",
    answer({ content: "ha" }, { content: "haha" }, { content: "!" }),
    { cumulativeDeltas: "auto" },
  ],
  ["no choices", ended["no choices"], { allowEmptyChoices: true }],
  ["no number", assembled["no number"], { nonFinite: "number" }],
  ["nothing but the completion", assembled["several choices"], { collect: true }],
  ["long events", stream(hello, text("x".repeat(500)), finish()), { limits: { eventBytes: 300 } }],
  ["a long event that never ends", `data: ${"x".repeat(5000)}`, { limits: { eventBytes: 300 } }],
  [
    "much text",
    answer(...Array(50).fill({ content: "x".repeat(50) })),
    { limits: { bodyBytes: 1000 } },
  ],
  [
    "deep events",
    stream(hello, { ...hello, own: [[[[[[1]]]]]] }, finish()),
    { limits: { depth: 5 } },
  ],
  [
    "many choices",
    stream(...[0, 1, 2, 3].map((index) => other({ content: "a" }, index))),
    { limits: { choices: 3 } },
  ],
  [
    "many tool calls",
    calling(...[0, 1, 2, 3].map((index) => ({ index, ...open, id: `${index}` }))),
    { limits: { toolCalls: 3 } },
  ],
  ...["atoma", "log10", "argot", "sudo", "openai", "openrouter", "mistral", "groq"].flatMap(
    (contract) => [
      [`under ${contract}`, hi, { contract }],
      [`more under ${contract}`, strictStream(usage), { contract }],
      [`ambiguous under ${contract}`, called["with the rest of nothing"], { contract }],
    ],
  ),
];

function strictStream(last) {
  const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
  const chunk = (members, more = {}) => ({
    ...head,
    choices: [{ index: 0, delta: members, finish_reason: null, logprobs: null, ...more }],
    system_fingerprint: "fp",
  });
  const all = [
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Hi" }),
    chunk({}, { finish_reason: "stop" }),
    { ...head, choices: [], usage: last, system_fingerprint: "fp" },
  ];
  return stream(...all);
}

// ---- Tests ----------------------------------------------------------------------------------------

const sizes = [0, 1, 7];

describe("in C++ as in JavaScript", () => {
  for (const [area, streams] of Object.entries(kinds)) {
    describe(area, () => {
      for (const [name, input] of Object.entries(streams)) {
        it(name, () => {
          for (const size of sizes) compare(input, {}, size);
          compare(input, {}, 0, true);
        });
      }
    });
  }

  describe("with options", () => {
    for (const [name, input, options] of optional) {
      it(name, () => {
        for (const size of sizes) compare(input, options, size);
        compare(input, options, 0, true);
      });
    }
  });

  const corpus = new URL("../../../../shared/corpus/streams/", import.meta.url);
  describe("recorded streams", {
    skip: !existsSync(corpus) && `there is no ${corpus.pathname}`,
  }, () => {
    for (const name of existsSync(corpus) ? readdirSync(corpus) : []) {
      it(name, () => {
        const recorded = readFileSync(new URL(name, corpus));
        const { state } = compare(recorded);
        assert.equal(state, "complete");
        compare(recorded, {}, 1000);
        compare(recorded, {}, 1000, true);
        compare(recorded, { collect: true });
        assert.equal(compare(recorded.subarray(0, recorded.length >> 1)).state, "truncated");
      });
    }
  });
});

const accident = fc.record({
  kind: fc.constantFrom("drop", "change", "repeat", "break off", "none"),
  at: fc.nat(),
  size: fc.integer({ min: 1, max: 30 }),
  byte: fc.constantFrom(...'{}[]",:\\\n\r 0-'.split("").map((one) => one.charCodeAt(0)), 0xff),
});

/** Bytes to which something has happened. */
function damaged(bytes, { kind, at: number, size, byte }) {
  const at = number % (bytes.length + 1);
  const rest = bytes.subarray(at);
  const parts = {
    drop: [rest.subarray(size)],
    change: [Uint8Array.of(byte), rest.subarray(1)],
    repeat: [rest.subarray(0, size), rest],
    "break off": [],
    none: [rest],
  };
  return Buffer.concat([bytes.subarray(0, at), ...parts[kind]]);
}

describe("in C++ as in JavaScript, any stream", () => {
  const somehow = [fc.constantFrom(0, 0, 1, 64), fc.boolean()];

  it("of a server that behaves", () => {
    const property = fc.property(someStream, ...somehow, (one, size, events) => {
      assert.equal(compare(one.bytes, {}, size, events).state, "complete");
    });
    fc.assert(property, { numRuns: 150 });
  });

  it("to which something happens", () => {
    const property = fc.property(someStream, accident, ...somehow, (one, what, size, events) => {
      const input = damaged(one.bytes, what);
      compare(input, {}, size, events);
      compare(input, { onBadEvent: "skip", cumulativeDeltas: "auto" }, size, events);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("with tool calls in fragments of any kind", () => {
    const fragment = fc.record(
      {
        index: fc.constantFrom(0, 0, 1, 2, "1", null),
        id: fc.constantFrom("a", "b", "", null),
        type: fc.constant("function"),
        function: fc.record(
          {
            name: fc.constantFrom("f", "g", "fg", ""),
            arguments: fc.constantFrom("", "{}", '{"x":', "1}", '{"x":1}', "null", "12", {}),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const property = fc.property(
      fc.array(fragment, { maxLength: 8 }),
      ...somehow,
      (all, ...how) => {
        compare(calling(...all), {}, ...how);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
