// JSON itself, and what it is abused for: section 6 of the list of quirks.
//
// Parsed tool arguments (Q126, Q129, Q130: big integers, previews of unfinished arguments, repair)
// are the tool helpers' tests; prototypes (Q127) have a folder of their own, ../isolation,
// and limits (Q128) and cut bodies (Q129) are in ../bad-input.test.mjs as well.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LimitError, safeDecode, TruncatedError } from "chatwire";
import { body, calling, chunk, completion } from "./support.mjs";

const firstFunction = (value) => value.choices[0].message.toolCalls[0].function;

test("Q126: integers beyond 2^53 in arguments keep every digit", () => {
  const digits = "2512292042121000001";
  const text = `{"id":${digits},"list":[-${digits},1e400,0.1234567890123456789]}`;
  const call = { id: "a", type: "function", function: { name: "f", arguments: text } };
  assert.equal(firstFunction(body.decodes(calling(call))).arguments, text);
  // And where the arguments came as an object, from which the text is made.
  const input = JSON.stringify(calling(call)).replace(JSON.stringify(text), text);
  const { value, issues } = safeDecode(input);
  assert.equal(firstFunction(value).arguments, text);
  assert.deepEqual(
    issues.map(({ code }) => code),
    ["ARGUMENTS_NOT_STRING"],
  );
});

test("Q126: elsewhere numbers are those of JSON.parse", () => {
  const numbers =
    "[9007199254740993,-0,1e308,1E-7,123456789012345678901234567890,5e-324,1e999,0.1,-1.5e+3]";
  const value = body.decodes(`{"choices":[],"x":${numbers},"usage":{"cost":-0.0}}`, [], {
    allowEmptyChoices: true,
  });
  assert.ok(value.extra.x.every((number, i) => Object.is(number, JSON.parse(numbers)[i])));
  assert.ok(Object.is(value.usage.cost, -0));
});

test("Q127: no name is refused, and none reaches a prototype", () => {
  const text =
    '{"choices":[],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  const value = body.decodes(text, [], { allowEmptyChoices: true, wire: JSON.parse(text) });
  assert.deepEqual(Object.keys(value.extra), ["__proto__", "constructor"]);
  assert.equal({}.polluted, undefined);
});

const nested = (depth, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);

test("Q128: nesting has a limit, however it is nested", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"a":', "}]"],
  ]) {
    const bomb = nested(100_000, open, open === "[" ? "]" : `1${close}`);
    const { error } = safeDecode(`{"x":${bomb}}`);
    assert.ok(error instanceof LimitError);
    assert.equal(error.limit, "depth");
    assert.deepEqual(error.path, ["x"]);
  }
  body.decodes(`{"choices":[],"x":${nested(127)}}`, [], { allowEmptyChoices: true });
});

test("Q128: the limit is an option, and millions of levels are no danger to the stack", () => {
  const levels = 1_000_000;
  const { ok, value } = safeDecode(`{"choices":[],"x":${nested(levels)}}`, {
    allowEmptyChoices: true,
    limits: { depth: levels + 1 },
  });
  assert.ok(ok);
  let depth = 0;
  for (let at = value.extra.x; at !== undefined; at = at[0]) depth++;
  assert.equal(depth, levels);
});

test("Q129: a body that is cut inside an escape, number or literal keeps what was whole", () => {
  const start = '{"id":"x","choices":[{"index":0,"message":{"content":"';
  for (const [cut, content] of [
    ["ab\\", "ab"],
    ["ab\\u", "ab"],
    ["ab\\u00e", "ab"],
    ["ab\\ud83d", "ab\ud83d"],
    ["ab\\ud83d\\ude0", "ab\ud83d"],
    ["ab\\ud83d\\ude00", "ab😀"],
    ["é\\n", "é\n"],
  ]) {
    const { error } = safeDecode(start + cut);
    assert.ok(error instanceof TruncatedError);
    assert.equal(error.partial.choices[0].message.content, content);
  }
  for (const cut of [
    "-",
    "12",
    "12.",
    "12.5e",
    "12.5e+",
    "t",
    "tru",
    "n",
    "nul",
    "N",
    "Na",
    "-Inf",
  ]) {
    for (const member of [`"usage":{"prompt_tokens":1,"cost":`, `"new":`, `"logprobs":`]) {
      const { error } = safeDecode(`{"id":"x",${member}${cut}`);
      assert.ok(error instanceof TruncatedError, `${member}${cut}: ${error.message}`);
      assert.equal(error.partial.id, "x");
      assert.ok(!("extra" in error.partial), "nothing is made up for what is cut off");
    }
  }
});

test("Q130: the body itself must be JSON", () => {
  const call = (text) =>
    `{"choices":[{"index":0,"message":{"tool_calls":[{"id":"a","type":"function","function":` +
    `{"name":"f","arguments":"${text}"}}]},"finish_reason":"tool_calls"}]}`;
  for (const [text, at] of [
    [call("a\nb"), "\nb"],
    [call("a\u0000b"), "\u0000b"],
    [call("\\x41"), "\\x41"],
    [call("\\ud83"), "\\ud83"],
    ['{"choices":[],}', "}"],
    ['{"choices":[1,]}', "]}"],
    ["{'choices':[]}", "'choices'"],
    ['{"choices":[] "id":1}', '"id"'],
    ['{"usage":{"prompt_tokens":01}}', "01"],
    ['{"usage":{"prompt_tokens":1.}}', "1."],
    ['{"usage":{"prompt_tokens":+1}}', "+1"],
    ['{"usage":{"prompt_tokens":0x10}}', "x10"],
    ['{"id":undefined}', "undefined"],
    ['{"id":nul}', "nul}"],
    ["{choices:[]}", "choices"],
    ["{/**/}", "/**/"],
  ]) {
    const { error } = safeDecode(text);
    assert.equal(error?.code, "NOT_JSON", text);
    assert.ok(text.slice(error.offset).startsWith(at), `${text} at ${error.offset}`);
  }
});

test("Q130: what the model wrote into its arguments is text as it stands", () => {
  for (const given of ['{"a":"line\nbreak\u0000"}', '{"a":1,}', "{a:1}", "\u2028"]) {
    const call = { id: "a", type: "function", function: { name: "f", arguments: given } };
    assert.equal(firstFunction(body.decodes(calling(call))).arguments, given);
  }
});

test("Q129: lone surrogates stay, as in JSON.parse", () => {
  const content = "a\ud83d b\ude00 \ud83d\ude00";
  for (const text of [
    JSON.stringify(completion({ content })), // escaped
    `{"choices":[{"index":0,"message":{"content":"${content}"},"finish_reason":"stop"}]}`,
  ]) {
    assert.equal(body.decodes(text).choices[0].message.content, content);
    chunk.decodes(text.replaceAll("message", "delta"));
  }
});
