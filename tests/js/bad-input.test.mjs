// What should never have been passed to a decoder: each gets an error that says what it is, and the
// next decode works.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as chatwire from "chatwire";
import {
  ChatwireError,
  DecodeError,
  decode,
  decodeChunk,
  LimitError,
  ProviderError,
  safeDecode,
  safeDecodeChunk,
  TruncatedError,
} from "chatwire";

const good = '{"id":"g","choices":[{"index":0,"message":{"content":"ö"},"finish_reason":"stop"}]}';
const goodValue = {
  id: "g",
  choices: [{ index: 0, message: { content: "ö" }, finishReason: "stop" }],
};
const utf8 = (text) => new TextEncoder().encode(text);

/** Body and chunk fail with this error, and what follows is not affected. */
function fails(input, ErrorClass, code, options) {
  const errors = [safeDecode, safeDecodeChunk].map((safe) => {
    const { ok, error, issues } = safe(input, options);
    assert.equal(ok, false);
    assert.equal(error.constructor, ErrorClass, error.message);
    assert.equal(issues.find(({ severity }) => severity === "error").code, code);
    assert.deepEqual(decode(good), goodValue);
    return error;
  });
  assert.throws(() => decode(input, options), ErrorClass);
  assert.throws(() => decodeChunk(input, options), ErrorClass);
  return errors[0];
}

// ---- What is no body at all ----

test("inputs that are no JSON", () => {
  const gzip = new Uint8Array(gzipSync(good));
  const zstd = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58]);
  for (const [input, code, says] of [
    ["", "EMPTY_BODY", /empty/],
    [" \r\n\t ", "EMPTY_BODY", /empty/],
    [new Uint8Array(0), "EMPTY_BODY", /empty/],
    [new ArrayBuffer(0), "EMPTY_BODY", /empty/],
    ["<html><title>Not Found</title></html>", "HTML_BODY", /Not Found/],
    ["<?xml version='1.0'?><Error/>", "HTML_BODY", /xml/],
    ["Bad Gateway", "NOT_JSON", /Bad Gateway/],
    ['data: {"id":"x"}\n\ndata: [DONE]\n\n', "NOT_JSON", /event stream/],
    [": OPENROUTER PROCESSING\n\n", "NOT_JSON", /event stream/],
    [gzip, "NOT_JSON", /gzip or zstd/],
    [zstd, "NOT_JSON", /gzip or zstd/],
    [new Uint8Array([0xff, 0xfe, 0x7b, 0x00]), "NOT_JSON", /JSON/],
    [new Uint8Array([0x00]), "NOT_JSON", /JSON/],
    ["{]", "NOT_JSON", /member's name/],
    ["}", "NOT_JSON", /JSON/],
    ["\\", "NOT_JSON", /JSON/],
  ]) {
    const error = fails(input, DecodeError, code);
    assert.match(error.message, says);
    fails(input, DecodeError, code, { contract: "openai" });
  }
});

test("JSON of another kind where the body belongs", () => {
  for (const [text, received] of [
    ['"text"', '"text"'],
    ["12", "12"],
    ["-1.5e3 ", "-1.5e3"],
    ["null", "null"],
    ["true\n", "true"],
    ["[]", "[]"],
    ['[{"id":"x"}]', '[{"id":"x"}]'],
  ]) {
    const error = fails(text, DecodeError, "BAD_TYPE");
    assert.deepEqual(error.path, []);
    assert.equal(error.issues[0].expected, "an object");
    assert.equal(error.issues[0].received, received);
    assert.equal(error.partial, undefined);
  }
});

test("every shape of provider error", () => {
  for (const input of [
    { error: { message: "m", code: 502 } },
    { error: "m" },
    { detail: "m" },
    { detail: [{ loc: ["body"], msg: "m", type: "t" }] },
    { message: "m" },
    { object: "error", message: "m", type: "t", code: 400 },
    [{ error: { code: 400, message: "m", status: "S" } }],
    { error: { message: "m", metadata: { raw: '{"error":"n"}' } } },
    { error: { message: "m", failed_generation: "g" } },
    { error: { message: "m" }, id: "x", usage: { prompt_tokens: 1 } },
    { result: null, success: false, errors: [{ code: 1, message: "m" }], messages: [] },
  ]) {
    for (const options of [undefined, { contract: "groq" }]) {
      const error = fails(JSON.stringify(input), ProviderError, "PROVIDER_ERROR", options);
      assert.equal(error.message, "m");
      assert.deepEqual(error.raw, input);
    }
  }
});

test("bytes after the body: a warning leniently, an error under a contract", () => {
  const { ok, issues } = safeDecode(`${good} {`);
  assert.ok(ok);
  assert.deepEqual(
    issues.map(({ code, offset }) => [code, offset]),
    [["TRAILING_BYTES", utf8(good).length + 1]],
  );
  const strict = '{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[]}';
  assert.ok(safeDecode(strict, { contract: "openai" }).ok);
  const { error } = safeDecode(`${strict}\n]`, { contract: "openai" });
  assert.equal(error.code, "NOT_JSON");
  assert.equal(error.offset, strict.length + 1);
});

// ---- What is cut off ----

const rich = `{"id":"chatcmpl-1","object":"chat.completion","created":1757876416,"model":"m-1",
 "choices":[{"index":0,"message":{"role":"assistant","content":"a\\"\\\\\\n\\u00e9 é 東京 😀 \\ud83d\\ude00 end",
   "refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f",
   "arguments":"{\\"ort\\":\\"Köln\\",\\"n\\":12}"}}],"annotations":[{"type":"url_citation",
   "url_citation":{"start_index":0,"end_index":12,"url":"https://a.example/ü","title":"T"}}],
   "new":{"deep":[1,[true,false,null],{"k":"v","é":-1.5e-3}],"t":"x"}},
   "logprobs":{"content":[{"token":"a","logprob":-0.25,"bytes":[97,195,169],
     "top_logprobs":[{"token":"b","logprob":-1e1,"bytes":null}]}],"tokens":["a","bc"],
     "token_logprobs":[null,-0.5],"text_offset":[0,10]},"finish_reason":"tool_calls"},
  {"index":1,"message":{"role":"assistant","content":[{"type":"text","text":"long ${"x".repeat(150)}"},
   {"type":"thinking","thinking":[{"type":"text","text":"hm"}],"closed":true}]},"finish_reason":"stop"}],
 "usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46,"is_byok":false,
   "prompt_tokens_details":{"cached_tokens":0}},"metadata":{"key":"välue","other":"o"},"zz":"last"}`;
const richChunk = `{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"é\\u0041",
 "tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\\"a\\":"}}],
 "metadata":{"a":[1,{}]}},"stop_reason":"</s>","finish_reason":null}],"usage":null,"x":[[]]}`;

/** What an unfinished value may be: like the whole one, but for what has not come yet. */
function isBeginningOf(part, whole) {
  if (typeof part === "string") return typeof whole === "string" && whole.startsWith(part);
  if (typeof part !== "object" || part === null) return Object.is(part, whole);
  if (typeof whole !== "object" || whole === null) return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  return Object.keys(part).every((key) => key in whole && isBeginningOf(part[key], whole[key]));
}

function cutEverywhere(text, safe, options) {
  const bytes = utf8(text);
  const { ok, value: whole, issues: none } = safe(bytes, options);
  assert.ok(ok);
  assert.deepEqual(none, []);
  let before = {};
  let growth = 0;
  for (let length = 1; length < bytes.length; length++) {
    const { error, issues } = safe(bytes.subarray(0, length), options);
    const at = `cut at ${length}: ${text.slice(Math.max(0, length - 30), length)}`;
    assert.ok(error instanceof TruncatedError, `${at}: ${error?.message}`);
    assert.equal(error.name, "TruncatedError");
    assert.equal(error.code, "TRUNCATED");
    assert.equal(error.offset, length);
    assert.equal(issues.length, 1, `${at}: ${JSON.stringify(issues)}`);
    const { partial } = error;
    assert.ok(isBeginningOf(partial, whole), `${at}: ${JSON.stringify(partial)}`);
    assert.ok(isBeginningOf(before, partial), `${at} loses ${JSON.stringify(before)}`);
    if (!isBeginningOf(partial, before)) growth++;
    before = partial;
  }
  assert.deepEqual(before, whole); // only the last brace is missing
  return growth;
}

test("a body that is cut at any byte: what came is there, and grows with what comes", () => {
  assert.ok(cutEverywhere(rich, safeDecode) > 400);
});

test("a chunk that is cut at any byte", () => {
  assert.ok(cutEverywhere(richChunk, safeDecodeChunk) > 50);
});

test("a body that is cut is cut under a contract, too, and nothing else", () => {
  const text = `{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
    "message":{"role":"assistant","content":"é","refusal":null},"logprobs":null,
    "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`;
  cutEverywhere(text, safeDecode, { contract: "openai" });
});

test("numbers that JSON does not have may be cut, too", () => {
  const text = '{"usage":{"cost":-Infinity,"x":[NaN]},"y":Infinity}';
  const { value } = safeDecodeChunk(text);
  for (let length = 1; length < text.length; length++) {
    const { error } = safeDecodeChunk(text.slice(0, length));
    assert.ok(error instanceof TruncatedError, text.slice(0, length));
    assert.ok(isBeginningOf(error.partial, value), JSON.stringify(error.partial));
  }
});

test("an error that is cut is cut, and what it says is there", () => {
  const text = '{"error":{"message":"Rate limit reached","code":429}}';
  for (let length = 1; length < text.length; length++) {
    const { error } = safeDecode(text.slice(0, length));
    assert.ok(error instanceof TruncatedError);
    assert.ok(isBeginningOf(error.partial.extra?.error ?? {}, JSON.parse(text).error));
  }
  assert.equal(safeDecode(text.slice(0, 25)).error.partial.extra.error.message, "Rate");
});

test("a body that breaks off in the middle of it keeps what was before", () => {
  const { error } = safeDecode(`{"id":"x","choices":[{"index":0,"message":{"content":"a" "b"}}]}`);
  assert.equal(error.code, "NOT_JSON");
  assert.deepEqual(error.path, ["choices", 0, "message"]);
  assert.deepEqual(error.partial, { id: "x", choices: [{ index: 0, message: { content: "a" } }] });
});

// ---- Limits ----

/** How deep the arrays and objects of a JSON text nest. */
function depthOf(text) {
  let depth = 0;
  let deepest = 0;
  for (const [character] of text.replace(/"(\\.|[^"\\])*"/gs, "").matchAll(/[[\]{}]/g)) {
    depth += "[{".includes(character) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const typed = (message, choice = "") =>
  `{"choices":[{"index":0,"finish_reason":"stop","message":{${message}}${choice}}]}`;
const call = (given) =>
  typed(`"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":${given}}}]`);

test("nesting: exactly the limit is fine, one more is not, wherever it is", () => {
  const texts = {
    typed: typed('"content":[{"type":"thinking","thinking":[{"type":"text"}]}]'),
    "empty typed": typed('"content":[{"type":"thinking","thinking":[]}]'),
    numbers: typed("", ',"logprobs":{"content":[{"token":"a","top_logprobs":[{"bytes":[1]}]}]}'),
    "no numbers": typed("", ',"logprobs":{"content":[{"token":"a","bytes":[]}]}'),
    "odd numbers": typed("", ',"logprobs":{"content":[{"token":"a","bytes":["x"]}]}'),
    texts: typed("", ',"logprobs":{"tokens":["a"]}'),
    "no texts": typed("", ',"logprobs":{"tokens":[]}'),
    "unknown members": `{"choices":[{"index":0,"finish_reason":"stop","x":[[{"y":[[]]}]]}]}`,
    maps: '{"choices":[{"index":0,"finish_reason":"stop"}],"metadata":{"a":"b"}}',
    "open lists": typed("", ',"logprobs":{"top_logprobs":[{"a":[1]}]}'),
    arguments: call('{"a":[[{}]]}'),
    misfits: typed('"content":{"a":[[]]}'),
    elements: typed('"tool_calls":[[[[]]]]'),
    custom: typed('"tool_calls":[{"id":"a","type":"custom","custom":{"name":"c","x":[{"a":[]}]}}]'),
  };
  for (const [name, text] of Object.entries(texts)) {
    const depth = depthOf(text);
    assert.ok(safeDecode(text, { limits: { depth } }).ok, name);
    for (let less = depth - 1; less >= 0; less--) {
      const { error } = safeDecode(text, { limits: { depth: less } });
      assert.ok(error instanceof LimitError, `${name}: ${less} of ${depth}`);
      assert.equal(error.limit, "depth");
      assert.equal(error.code, "LIMIT");
      assert.equal(depthOf(text.slice(0, error.offset + 1)), less + 1, name);
    }
  }
});

test("nesting in errors, envelopes and maps has the limit, too", () => {
  const deep = (levels) => "[".repeat(levels) + "]".repeat(levels);
  for (const text of [
    `{"error":{"metadata":{"a":${deep(500)}}}}`,
    `{"error":${'{"error":'.repeat(500)}1${"}".repeat(500)}}`,
    `{"success":true,"result":{"choices":[],"x":${deep(500)}}}`,
    `{"choices":[],"metadata":{"a":${deep(500)}}}`,
    deep(500),
  ]) {
    const error = fails(text, LimitError, "LIMIT");
    assert.equal(error.limit, "depth");
  }
});

test("the default limit is 128 levels", () => {
  const nested = (levels) => `{"choices":[],"x":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  assert.ok(safeDecode(nested(127), { allowEmptyChoices: true }).ok);
  assert.equal(safeDecode(nested(128), { allowEmptyChoices: true }).error.limit, "depth");
});

test("bytes of a body, counted as UTF-8", () => {
  const size = utf8(good).length;
  assert.ok(size > good.length);
  for (const input of [good, utf8(good)]) {
    assert.ok(safeDecode(input, { limits: { bodyBytes: size } }).ok);
    const { error } = safeDecode(input, { limits: { bodyBytes: size - 1 } });
    assert.ok(error instanceof LimitError);
    assert.equal(error.limit, "bodyBytes");
    assert.equal(error.offset, 0);
    assert.equal(error.partial, undefined);
  }
  const huge = new Uint8Array(64 * 2 ** 20 + 1).fill(0x20);
  assert.equal(safeDecode(huge).error.limit, "bodyBytes");
  assert.equal(safeDecode(huge.subarray(1)).error.code, "EMPTY_BODY");
});

test("a chunk is an event, and has the limit of events", () => {
  const text = '{"choices":[]}';
  assert.ok(safeDecodeChunk(text, { limits: { eventBytes: 14, bodyBytes: 1 } }).ok);
  assert.equal(safeDecodeChunk(text, { limits: { eventBytes: 13 } }).error.limit, "eventBytes");
});

test("a body beyond the limit is not even copied", () => {
  const huge = new Uint8Array(300 * 2 ** 20);
  const before = process.memoryUsage().rss;
  const { error, issues } = safeDecode(huge, { limits: { bodyBytes: 1000 } });
  assert.equal(error.limit, "bodyBytes");
  assert.deepEqual(
    issues.map(({ code, severity }) => [code, severity]),
    [["LIMIT", "error"]],
  );
  assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
});

test("choices and tool calls", () => {
  const many = (count, one) => `[${Array(count).fill(one).join()}]`;
  const choice = '{"index":0,"finish_reason":"stop","message":{}}';
  const tool = '{"id":"a","type":"function","function":{"name":"f"}}';
  const choices = (count) => `{"choices":${many(count, choice)}}`;
  const tools = (count) => typed(`"tool_calls":${many(count, tool)}`);
  for (const [limit, make, path] of [
    ["choices", choices, ["choices"]],
    ["toolCalls", tools, ["choices", 0, "message", "tool_calls"]],
  ]) {
    for (const [count, limits] of [
      [1024, undefined],
      [3, { [limit]: 3 }],
    ]) {
      assert.ok(safeDecode(make(count), { limits }).ok);
      const { error } = safeDecode(make(count + 1), { limits });
      assert.ok(error instanceof LimitError);
      assert.equal(error.limit, limit);
      assert.deepEqual(error.path, [...path, count]);
      const kept = path.reduce(
        (at, name) => at[name === "tool_calls" ? "toolCalls" : name],
        error.partial,
      );
      assert.equal(kept.length, count);
    }
  }
  const { error } = safeDecodeChunk('{"choices":[{},{}]}', { limits: { choices: 1 } });
  assert.equal(error.limit, "choices");
});

test("the place of an issue is told by the names of the input, whatever they are", () => {
  const filling = Array.from({ length: 300 }, (_, i) => `"k${i}":"${"v".repeat(100)}"`).join();
  for (const [source, name] of [
    ["plain", "plain"],
    ["", ""],
    ["größe 東京 😀", "größe 東京 😀"],
    ['a\\nb\\u00e9\\ud83d\\ude00\\"', 'a\nbé😀"'],
    ["\\u0000", "\u0000"],
    ["half \\ud83d", "half \ufffd"],
  ]) {
    const text = `{"choices":[],"${source}":{${filling},"x":NaN}}`;
    const { issues } = safeDecode(text, { allowEmptyChoices: true });
    assert.deepEqual(
      issues.map(({ code, path }) => [code, path]),
      [["NON_FINITE_NUMBER", [name]]],
    );
    assert.ok(issues[0].message.startsWith(`${name}: `));
    assert.deepEqual(safeDecode(`{"${source}":{${filling}`).error.path, [name]);
  }
});

test("more issues than are kept: the error is among them", () => {
  const odd = '{"index":0,"finish_reason":"stop","created":[],"message":{"content":5}}';
  const text = `{"choices":[${Array(1000).fill(odd).join()}],"created":"x","usage":5`;
  const { error, issues } = safeDecode(text);
  assert.ok(error instanceof TruncatedError);
  assert.equal(error.offset, text.length);
  assert.equal(issues.length, 257); // the first 256, and the error
  assert.equal(error.partial.choices.length, 1000);
  const limit = safeDecode(`{"choices":[${Array(1100).fill(odd).join()}]}`, {
    limits: { choices: 1050 },
  });
  assert.equal(limit.error.limit, "choices");
});

// ---- Arguments ----

test("inputs of a wrong type", () => {
  for (const [input, says] of [
    [undefined, /not undefined/],
    [null, /not null/],
    [5, /not a number/],
    [5n, /not a bigint/],
    [true, /not a boolean/],
    [Symbol("x"), /not a symbol/],
    [() => good, /not a function/],
    [[], /not an array/],
    [{}, /not an object/],
    [{ choices: [] }, /parsed already/],
    [new Date(0), /not an object \(Date\)/],
    [Object.create(null), /not an object/],
    [new Response(good), /not an object \(Response\)/],
    [Promise.resolve(good), /not an object \(Promise\)/],
    [new SharedArrayBuffer(8), /not an object \(SharedArrayBuffer\)/],
  ]) {
    for (const call of [decode, safeDecode, decodeChunk, safeDecodeChunk]) {
      const onIssue = () => assert.fail("nothing runs");
      assert.throws(
        () => call(input, { onIssue }),
        (error) => error instanceof TypeError && says.test(error.message),
        String(says),
      );
    }
  }
  assert.deepEqual(decode(good), goodValue);
});

test("options of a wrong type or value", () => {
  for (const [options, says] of [
    [null, /not null/],
    ["openai", /Options must be an object/],
    [5, /not a number/],
    [{ contract: "openAI" }, /no contract "openAI"; there are .*openai/],
    [{ contract: "" }, /no contract/],
    [{ contract: null }, /no contract/],
    [{ contract: 1 }, /no contract/],
    [{ contract: 1n }, /no contract/],
    [{ contract: "constructor" }, /no contract/],
    [{ limits: null }, /limits must be an object, not null/],
    [{ limits: 5 }, /limits must be an object, not a number/],
    [{ limits: { size: 5 } }, /no limit called "size"/],
    [{ limits: { constructor: 5 } }, /no limit called "constructor"/],
    [{ limits: { depth: "5" } }, /limits\.depth must be an integer/],
    [{ limits: { depth: -1 } }, /limits\.depth must be an integer/],
    [{ limits: { depth: 1.5 } }, /limits\.depth must be an integer/],
    [{ limits: { depth: NaN } }, /limits\.depth must be an integer/],
    [{ limits: { depth: Infinity } }, /limits\.depth must be an integer/],
    [{ limits: { depth: null } }, /limits\.depth must be an integer/],
    [{ limits: { depth: 5n } }, /limits\.depth must be an integer/],
    [{ limits: { depth: Symbol("x") } }, /limits\.depth must be an integer/],
    [{ limits: { bodyBytes: 2 ** 31 } }, /limits\.bodyBytes must be an integer/],
    [{ onIssue: "log" }, /onIssue must be a function, not a string/],
    [{ onIssue: {} }, /onIssue must be a function/],
    [{ nonFinite: "nan" }, /nonFinite must be "null" or "number", not "nan"/],
    [{ nonFinite: null }, /nonFinite must be/],
    [{ nonFinite: 1n }, /nonFinite must be/],
    [{ allowEmptyChoices: "no" }, /allowEmptyChoices must be true or false/],
    [{ allowEmptyChoices: 1 }, /allowEmptyChoices must be true or false/],
  ]) {
    for (const call of [decode, safeDecode, decodeChunk, safeDecodeChunk]) {
      assert.throws(
        () => call(good, options),
        (error) => error instanceof TypeError && says.test(error.message),
        String(says),
      );
    }
  }
  for (const options of [
    undefined,
    {},
    { contract: undefined, limits: undefined, onIssue: undefined, nonFinite: undefined },
    { limits: { depth: undefined }, allowEmptyChoices: undefined },
    { limits: {}, nonFinite: "null", allowEmptyChoices: false },
  ]) {
    assert.deepEqual(decode(good, options), goodValue);
  }
});

test("limits of one decode are not those of the next", () => {
  assert.ok(!safeDecode(good, { limits: { depth: 1 } }).ok);
  assert.ok(safeDecode(good).ok);
  assert.ok(!safeDecodeChunk(good, { limits: { choices: 0 } }).ok);
  assert.ok(safeDecodeChunk(good).ok);
});

// ---- Forms of input ----

test("bytes in every form", () => {
  const bytes = utf8(good);
  const framed = new Uint8Array(bytes.length + 20).fill(0x7b);
  framed.set(bytes, 7);
  const shared = new Uint8Array(new SharedArrayBuffer(framed.length));
  shared.set(framed);
  const { buffer } = framed;
  const view = [7, bytes.length];
  const wide = utf8(good + " ".repeat(bytes.length % 2));
  for (const input of [
    bytes,
    bytes.buffer,
    new DataView(bytes.buffer),
    new DataView(buffer, ...view),
    new Uint8Array(buffer, ...view),
    new Uint8ClampedArray(buffer, ...view),
    new Int8Array(buffer, ...view),
    new Uint16Array(wide.buffer),
    framed.subarray(7, 7 + bytes.length),
    Buffer.from(good),
    Buffer.from(buffer, ...view),
    shared.subarray(7, 7 + bytes.length),
    new DataView(shared.buffer, ...view),
    Object.freeze(new DataView(bytes.buffer)),
  ]) {
    assert.deepEqual(decode(input), goodValue);
  }
  assert.deepEqual(bytes, utf8(good), "the input is not changed");
});

test("bytes that were given away are no bytes", () => {
  const bytes = utf8(good);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  assert.throws(() => decode(bytes), TypeError);
  assert.throws(() => decode(bytes.buffer), TypeError);
  assert.deepEqual(decode(good), goodValue);
});

test("text with surrogates that have lost their other half", () => {
  const content = "\ud83d a \ude00\ud83d ö \udc00";
  const text = `{"id":"\udfff","choices":[{"index":0,"message":{"content":"${content}"},
    "finish_reason":"stop"}],"\ud800":"${"\udbff".repeat(500)}"}`;
  const value = decode(text);
  assert.equal(value.id, "\udfff");
  assert.equal(value.choices[0].message.content, content);
  assert.deepEqual(value.extra, { "\ud800": "\udbff".repeat(500) });
  assert.deepEqual(decode(good), goodValue);
  assert.equal(safeDecode("\ud800").error.code, "NOT_JSON");
});

test("bytes that are not UTF-8 become U+FFFD leniently; under a contract they are no JSON", () => {
  const make = (...bytes) =>
    Buffer.concat([
      Buffer.from(
        '{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[],"system_fingerprint":"a',
      ),
      Buffer.from(bytes),
      Buffer.from('b"}'),
    ]);
  for (const [bytes, text] of [
    [[0xff], "\ufffd"],
    [[0xc3], "\ufffd"],
    [[0xe6, 0x9d], "\ufffd"],
    [[0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
    [[0xc0, 0x80], "\ufffd\ufffd"],
    [[0xf8, 0x41], "\ufffdA"],
  ]) {
    const input = make(...bytes);
    const { value, issues } = safeDecode(input, { allowEmptyChoices: true });
    assert.equal(value.systemFingerprint, `a${text}b`);
    assert.equal(
      value.systemFingerprint,
      JSON.parse(new TextDecoder().decode(input)).system_fingerprint,
    );
    assert.deepEqual(
      issues.map(({ code, severity, path, offset }) => [code, severity, path, offset]),
      [["INVALID_UTF8", "warning", ["system_fingerprint"], input.length - 3 - bytes.length]],
    );
    const { error } = safeDecode(input, { contract: "openai" });
    assert.equal(error.code, "NOT_JSON");
  }
});

test("texts of many bytes for their length", () => {
  for (const letter of ["a", "é", "東", "😀", "\ud800"]) {
    for (const length of [1, 127, 128, 129, 2047, 2048, 5000, 100_000]) {
      const content = letter.repeat(length);
      const text = `{"choices":[{"index":0,"message":{"content":"${content}"},"finish_reason":"stop"}]}`;
      assert.equal(decode(text).choices[0].message.content, content);
    }
  }
});

// ---- Errors ----

const failing = [
  ["{", TruncatedError],
  ["{}", DecodeError],
  ["<", DecodeError],
  [`{"x":${"[".repeat(200)}`, LimitError],
  ['{"error":"m"}', ProviderError],
];

test("what errors have", () => {
  for (const [text, ErrorClass] of failing) {
    const { error, issues } = safeDecode(text);
    assert.equal(error.constructor, ErrorClass);
    assert.equal(error.name, ErrorClass.name);
    assert.ok(error instanceof Error && error instanceof ChatwireError);
    assert.ok(error.stack.includes(ErrorClass.name));
    assert.equal(error.issues, issues);
    assert.ok("partial" in error);
    const first = issues.find(({ severity }) => severity === "error");
    for (const member of ["code", "severity", "path", "offset", "message"])
      assert.ok(member in first);
    if (ErrorClass === ProviderError) {
      for (const member of ["type", "code", "status", "param", "metadata", "error", "raw"]) {
        assert.ok(member in error, member);
      }
      assert.equal(error.message, "m");
    } else {
      assert.equal(error.code, first.code);
      assert.equal(error.path, first.path);
      assert.equal(error.offset, first.offset);
      assert.ok(error.message.startsWith(first.message));
    }
    assert.equal(error.limit, ErrorClass === LimitError ? "depth" : undefined);
  }
});

test("an error tells how many more there are", () => {
  const { error, issues } = safeDecode('{"choices":[{}]}', { contract: "openai" });
  const errors = issues.filter(({ severity }) => severity === "error");
  assert.ok(errors.length > 3);
  assert.ok(error.message.endsWith(` (and ${errors.length - 1} more)`));
});

test("errors are what they are, and nothing else", () => {
  const classes = [ChatwireError, DecodeError, TruncatedError, LimitError, ProviderError];
  for (const [text, ErrorClass] of failing) {
    const { error } = safeDecode(text);
    const parents = { TruncatedError: DecodeError, LimitError: DecodeError };
    const is = new Set([ChatwireError, ErrorClass, parents[ErrorClass.name]]);
    for (const other of classes) assert.equal(error instanceof other, is.has(other), other.name);
  }
  for (const of of classes) {
    for (const value of [null, undefined, 5, "x", {}, new Error("x"), new TypeError("x")]) {
      assert.ok(!(value instanceof of));
    }
  }
  // A subclass of an application has its own instances only.
  class Mine extends DecodeError {}
  const { error } = safeDecode("{}");
  assert.ok(!(error instanceof Mine));
  const mine = new Mine(error.issues, undefined);
  for (const of of [Mine, DecodeError, ChatwireError]) assert.ok(mine instanceof of);
  assert.ok(!(mine instanceof LimitError));
});

const copy = mkdtempSync(join(tmpdir(), "chatwire-copy-"));
after(() => rmSync(copy, { recursive: true }));

test("two copies of the package know each other's errors", async () => {
  cpSync(dirname(fileURLToPath(import.meta.resolve("chatwire"))), copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), '{"type":"module"}');
  const other = await import(pathToFileURL(join(copy, "index.js")).href);
  assert.notEqual(other.DecodeError, DecodeError);
  for (const [text, ErrorClass] of failing) {
    for (const [from, by] of [
      [other, chatwire],
      [chatwire, other],
    ]) {
      const { error } = from.safeDecode(text);
      assert.ok(error instanceof by[ErrorClass.name]);
      assert.ok(error instanceof by.ChatwireError);
      for (const name of ["TruncatedError", "LimitError", "ProviderError"]) {
        assert.equal(error instanceof by[name], name === ErrorClass.name);
      }
    }
  }
});

// ---- Callbacks, and many decodes ----

const odd = (text) =>
  `{"id":"${text}","created":"x","choices":[{"index":0,"message":{"content":"${text}"},"finish_reason":"stop"}]}`;

test("a callback may decode", () => {
  const seen = [];
  const value = decode(odd("outer".repeat(100)), {
    onIssue(issue) {
      seen.push(issue.code);
      const inner = decode(odd("ä".repeat(1000)), {
        onIssue: ({ code }) => seen.push(`inner ${code}`),
      });
      assert.equal(inner.id, "ä".repeat(1000));
      assert.throws(() => decode("{"), TruncatedError);
    },
  });
  assert.equal(value.id, "outer".repeat(100));
  assert.equal(value.choices[0].message.content, "outer".repeat(100));
  assert.deepEqual(seen, ["BAD_TYPE", "inner BAD_TYPE"]);
});

test("a callback hears of every issue, in order, also where the decode fails", () => {
  for (const input of [odd("a"), `{"created":"x","choices":[`, "{}", "", '{"error":"m"}']) {
    const heard = [];
    const { issues } = safeDecode(input, { onIssue: (issue) => heard.push(issue) });
    assert.deepEqual(heard, issues);
    assert.ok(heard.length > 0);
  }
});

test("what a callback throws goes to the caller", () => {
  const onIssue = () => {
    throw new RangeError("mine");
  };
  assert.throws(() => safeDecode(odd("a"), { onIssue }), RangeError);
  assert.deepEqual(decode(good), goodValue);
});

test("ten thousand failing decodes leave nothing behind", () => {
  const wide = "é".repeat(3000);
  const inputs = [
    "",
    "{",
    '{"a":nope}',
    `{"id":"${"x".repeat(5000)}`,
    `{"choices":[{"index":0,"message":{"content":"${wide}`,
    `{"error":{"message":"${wide}"}}`,
    `{"x":${"[".repeat(1000)}`,
    `{"choices":[],"x":"${wide}"}`,
    "<html>",
    odd("a").slice(0, -1),
  ];
  const run = (times) => {
    for (let i = 0; i < times; i++) assert.ok(!safeDecode(inputs[i % inputs.length]).ok);
    globalThis.gc?.();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const before = run(1000);
  const grown = run(10_000) - before;
  assert.ok(grown < (globalThis.gc ? 4 : 60) * 2 ** 20, `${grown} bytes`);
});
