// Encoding gives back what was decoded: nothing lost, nothing made up.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wireMembers } from "../../build/modules/core/models.js";
import {
  chatCompletionChunkModel,
  chatCompletionModel,
  choiceModel,
  chunkChoiceModel,
} from "../../build/modules/generated/model-ids.js";
import { decode, decodeChunk, encode, toWire } from "../../build/modules/index.js";

const message = (members) => ({ choices: [{ index: 0, message: members, finish_reason: "stop" }] });
const call = (members) => message({ role: "assistant", tool_calls: [members] });

/** JSON text, with the numbers that JSON.stringify changes. */
function spell(value) {
  if (Object.is(value, -0)) return "-0";
  if (value === Infinity || value === -Infinity) return value > 0 ? "1e999" : "-1e999";
  if (Array.isArray(value)) return `[${value.map(spell)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.keys(value).map((name) => `${JSON.stringify(name)}:${spell(value[name])}`);
  return `{${members}}`;
}

/** A body, as JSON or its text, is the same after decoding and encoding. */
function checkKept(body, read = decode, options = {}) {
  const text = typeof body === "string" ? body : spell(body);
  const value = read(text, { allowEmptyChoices: true, ...options });
  const encoded = encode(value, options);
  assert.deepStrictEqual(JSON.parse(encoded), JSON.parse(text));
  assert.equal(JSON.stringify(toWire(value, options)), JSON.stringify(JSON.parse(encoded)));
}

const bodies = {
  "Q5: content that is null": message({ role: "assistant", content: null }),
  "Q5: content that is missing": message({ role: "assistant" }),
  "Q5: content that is empty": message({ role: "assistant", content: "" }),
  "Q6: content in parts": message({
    content: [
      { type: "thinking", thinking: [{ type: "text", text: "hmm" }], closed: true },
      { type: "text", text: "4" },
      { type: "never_seen", image_url: "data:,", input_audio: "AAAA", rest: { camelCase: 1 } },
    ],
  }),
  "Q6: parts that are no objects": message({ content: ["4", { type: "text", text: "2" }, null] }),
  "Q6: thinking that is a string": message({ content: [{ type: "thinking", thinking: "hmm" }] }),
  "Q7: nothing but a choice": { choices: [{ message: { content: "hi" } }] },
  "Q8: an object of another kind": { object: "chat.completion.chunk", ...message({}) },
  "Q9: created with a fraction": { created: 1757876416.5661082, ...message({}) },
  "Q10: created as a string": { created: "1757876416", ...message({}) },
  "Q10: created that is empty": { created: "", ...message({}) },
  "Q12: usage with holes": { usage: { prompt_tokens: 23, total_tokens: null }, ...message({}) },
  "Q13: fractional counts": { usage: { completion_tokens: 14417.92 }, ...message({}) },
  "Q14: counts as strings, below zero, as lists": {
    usage: { prompt_tokens: "1", completion_tokens: -1, total_tokens: [3], queue_time: "x" },
    ...message({}),
  },
  "Q15: unknown members of the usage": {
    usage: { prompt_cache_hit_tokens: 4, prompt_token_details: { cached_tokens: 3 } },
    ...message({}),
  },
  "Q17: tool_calls that is null": message({ tool_calls: null }),
  "Q18: tool_calls that is empty": message({ content: "done", tool_calls: [] }),
  "Q21: arguments that are an object": call({ function: { name: "f", arguments: { x: 1 } } }),
  "Q21: arguments that are a list": call({ function: { name: "f", arguments: [1, "a"] } }),
  "Q22: arguments that are empty": call({ id: "a", function: { name: "f", arguments: "" } }),
  "Q22: arguments that are null": call({ id: "a", function: { name: "f", arguments: null } }),
  "Q25: no id": call({ type: "function", function: { name: "f", arguments: "{}" } }),
  "Q25: an id that is null": call({ id: null, function: { name: "f", arguments: "{}" } }),
  "Q25: an id that is empty": call({ id: "", function: { name: "f", arguments: "{}" } }),
  "Q26: no type": call({ id: "a", function: { name: "f", arguments: "{}" } }),
  "Q26: a type that is null": call({ id: "a", type: null, function: { name: "f" } }),
  "Q26: a type that is empty": call({ id: "a", type: "", function: { name: "f" } }),
  "Q27: a custom tool": call({ id: "a", type: "custom", custom: { name: "f", input: "{" } }),
  "Q28: the older function_call": message({ function_call: { name: "f", arguments: { x: 1 } } }),
  "Q31: a finish reason that says null": { choices: [{ finish_reason: "null", message: {} }] },
  "Q97: a finish reason that is empty": { choices: [{ finish_reason: "", message: {} }] },
  "Q32: no index": { choices: [{ message: { content: "hi" } }, { message: {} }] },
  "Q32: an index that is null": { choices: [{ index: null, message: {} }] },
  "Q35: log probabilities of the older form": {
    choices: [
      {
        message: {},
        logprobs: {
          tokens: ["a"],
          token_logprobs: [null, -0.5],
          top_logprobs: [{ topLogprobs: -1 }],
          text_offset: [0],
        },
      },
    ],
  },
  "Q37: reasoning in two places": message({ reasoning: "hm", reasoning_content: "hm" }),
  "Q39: details of the reasoning": message({
    reasoning_details: [{ type: "reasoning.new", index: "0", foo: [1] }, 3],
  }),
  "Q40: opaque state of a tool call": call({
    id: "a",
    type: "function",
    function: { name: "f", arguments: "{}" },
    extra_content: { google: { thought_signature: "AY89" } },
  }),
  "Q43: annotations, nested and flat": message({
    annotations: [
      { type: "url_citation", url_citation: { start_index: 0, url: "u" } },
      { type: "url_citation", start_index: 0, title: "t", startIndex: 1 },
    ],
  }),
  "Q45: sound": message({ audio: { id: "a", expires_at: 1.5, data: "AAAA", format: "wav" } }),
  "Q47: what providers add": {
    x_groq: { id: "r", seed: 1 },
    timings: { predicted_n: 3 },
    prompt_logprobs: [null, { 1: { logprob: -1 } }],
    choices: [{ message: {}, stop_reason: 5, matched_stop: null, content_filter_results: {} }],
  },
  "members that have chatwire's names": {
    systemFingerprint: "x",
    extra: { a: 1 },
    choices: [{ finishReason: "x", indexSynthetic: true, extra: [], message: { extra: null } }],
  },
  "choices that are no objects": { choices: [1, { message: {} }, null] },
};

for (const [name, body] of Object.entries(bodies)) {
  test(`${name}: encoded as it came`, () => checkKept(body));
}

const delta = (members) => ({ choices: [{ index: 0, delta: members, finish_reason: null }] });
const chunks = {
  "Q89: a filter's frame": { choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
  "Q2: choices that are null": { choices: null, usage: { prompt_tokens: 1 } },
  "Q96: a role that is empty": delta({ role: "" }),
  "Q97: a finish reason that is empty": { choices: [{ delta: {}, finish_reason: "" }] },
  "Q119: a function that is null": delta({ tool_calls: [{ index: 0, function: null }] }),
  "Q122: an index that is a string": delta({ tool_calls: [{ index: "0", id: "" }] }),
  "Q99: a message beside the delta": {
    choices: [{ delta: { content: "a" }, message: { role: "assistant", tool_calls: [] } }],
  },
  "a stop reason that is a number": { choices: [{ delta: {}, stop_reason: 128009 }] },
  "a stop reason that is a string": { choices: [{ delta: {}, stop_reason: "</s>" }] },
  "a stop reason that is an object": { choices: [{ delta: {}, stop_reason: { Int: 5 } }] },
  "obfuscation and metadata": { obfuscation: "x", ...delta({ metadata: { camelCase: 1 } }) },
};

for (const [name, body] of Object.entries(chunks)) {
  test(`${name}: encoded as it came in a stream`, () => checkKept(body, decodeChunk));
}

test("Q33: numbers that are no finite JSON numbers", () => {
  checkKept('{"choices":[{"message":{}}],"created":1e999,"a":-1e999,"usage":{"cost":1e999}}');
  const text = '{"choices":[{"message":{}}],"usage":{"cost":NaN,"queue_time":-Infinity},"a":NaN}';
  const encoded = encode(decode(text, { nonFinite: "number" }));
  assert.deepStrictEqual(JSON.parse(encoded), {
    choices: [{ message: {} }],
    usage: { cost: null, queue_time: -Infinity },
    a: null,
  });
});

test("numbers at the edges keep their value", () => {
  const usage = '{"cost":-0,"queue_time":5e-324,"total_time":1.7976931348623157e308}';
  checkKept(`{"choices":[{"message":{}}],"created":-0,"usage":${usage},"a":[-0,0.1,1e21,123e-20]}`);
});

test("Q126: bigints are written as their digits", () => {
  const big = 2512292042121000001n;
  assert.equal(encode({ choices: [], extra: { big } }), '{"choices":[],"big":2512292042121000001}');
});

test("Q127: members called __proto__ and constructor stay members", () => {
  const odd = '"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"toString":3,"toJSON":4';
  const text = `{"choices":[{"message":{"tool_calls":[{"id":"a","function":{${odd}},${odd}}],${odd}},${odd}}],"metadata":{${odd}},${odd}}`;
  checkKept(text);
  const wire = toWire(decode(text));
  assert.ok(Object.hasOwn(wire, "__proto__"));
  assert.equal(Object.getPrototypeOf(wire), Object.prototype);
});

test("Q82: halves of surrogate pairs are escaped", () => {
  const value = decode('{"choices":[{"message":{"content":"\\ud83d","\\udc00":1}}]}');
  assert.equal(encode(value), '{"choices":[{"message":{"content":"\\ud83d","\\udc00":1}}]}');
  checkKept(message({ content: "\u0000\u001f\u007f\u2028 é 漢 😀 \ud800", "\ud800": '\\"' }));
});

test("what chatwire made up is not written", () => {
  const text = '{"choices":[{"message":{"tool_calls":[{"function":{"name":"f"}}]}}]}';
  const value = decode(text);
  const [choice] = value.choices;
  assert.equal(choice.indexSynthetic, true);
  assert.equal(choice.message.toolCalls[0].idSynthetic, true);
  assert.equal(encode(value), text);
  delete choice.indexSynthetic;
  assert.deepEqual(JSON.parse(encode(value)).choices[0].index, 0);
});

test("a flag of chatwire's kind on a member that it never makes up means nothing", () => {
  const { choices } = toWire({
    choices: [{ index: 0, message: { content: "x", contentSynthetic: true } }],
  });
  assert.equal(choices[0].message.content, "x");
});

test("a chunk is told from a completion by its choices, whatever its object says", () => {
  const toolCalls = [{ index: 0, id: "a", function: { name: "f", arguments: "" } }];
  const wire = [{ index: 0, id: "a", function: { name: "f", arguments: "" } }];
  const chunk = { object: "chat.completion", choices: [{ index: 0, delta: { toolCalls } }] };
  assert.deepEqual(toWire(chunk).choices, [{ index: 0, delta: { tool_calls: wire } }]);
  const whole = {
    object: "chat.completion.chunk",
    choices: [{ index: 0, message: { toolCalls } }],
  };
  assert.deepEqual(toWire(whole).choices, [{ index: 0, message: { tool_calls: wire } }]);
  const none = { object: "chat.completion.chunk", serviceTier: "flex", obfuscation: "x" };
  assert.equal(
    encode(none),
    '{"object":"chat.completion.chunk","service_tier":"flex","obfuscation":"x"}',
  );
});

test("the original of a repaired value goes before the repaired one", () => {
  const value = {
    created: 1,
    choices: [{ index: 0, message: {}, finishReason: null, extra: { finish_reason: "null" } }],
    extra: { created: 1.5 },
  };
  assert.deepEqual(JSON.parse(encode(value)), {
    choices: [{ index: 0, message: {}, finish_reason: "null" }],
    created: 1.5,
  });
});

const strict = { id: "i", object: "chat.completion", created: 1, model: "m" };
const counts = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };

test("under Sudo's contract, open members keep the names they came with", () => {
  const top = [{ token: "b", logprob: -1, bytes: null }];
  const body = {
    ...strict,
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        logprobs: { content: [{ token: "a", logprob: 0, top_logprobs: top }], text_offset: [1] },
        message: {
          role: "assistant",
          content: "a",
          annotations: [{ type: "url_citation", url_citation: { start_index: 1 } }],
          audio: { expires_at: 1 },
        },
      },
    ],
    usage: { ...counts, completion_tokens_details: { reasoning_tokens: 1 } },
    metadata: { a_b: "c", aB: "c" },
  };
  checkKept(body, decode, { contract: "sudo" });
  const value = decode(JSON.stringify(body), { contract: "sudo" });
  assert.deepEqual(JSON.parse(encode(value)), body);

  const odd = { topLogprobs: 1, extra: { a: 1 }, content: [{ topLogprobs: 1, extra: {} }] };
  body.choices[0].logprobs = odd;
  body.choices[0].message.annotations = [{ startIndex: 1, extra: { a: 1 } }];
  body.choices[0].message.audio = { expiresAt: 1, extra: 5 };
  body.usage.completion_tokens_details = { reasoningTokens: 1, extra: { b: 1 } };
  body.usage.prompt_tokens_details = [{ cachedTokens: 1 }];
  checkKept(body, decode, { contract: "sudo" });
  const chunk = {
    ...strict,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: {}, logprobs: odd }],
  };
  checkKept(chunk, decodeChunk, { contract: "sudo" });
});

test("under Mistral's contract, arguments may stay an object", () => {
  const calls = [{ id: "a", function: { name: "f", arguments: { snake_case: 1, camelCase: 2 } } }];
  const choice = {
    index: 0,
    finish_reason: "tool_calls",
    message: { role: "assistant", content: "", tool_calls: calls },
  };
  checkKept({ ...strict, usage: counts, choices: [choice] }, decode, { contract: "mistral" });
});

test("members that a contract does not have are kept", () => {
  const choice = {
    index: 0,
    finish_reason: "stop",
    message: { role: "assistant", content: "a", reasoning_content: "b", reasoning_details: [{}] },
  };
  const body = { ...strict, usage: counts, choices: [choice], x_groq: { id: "r" } };
  for (const contract of ["atoma", "sudo", "mistral"]) checkKept(body, decode, { contract });
});

test("values of any depth are written", () => {
  for (const depth of [90, 101, 10_000, 200_000]) {
    let deep = 1;
    for (let i = 0; i < depth; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
    const text = encode({ choices: [], extra: { deep } });
    assert.match(text, /^\{"choices":\[\],"deep":(\{"a":|\[)*1(\}|\])*$/);
    assert.equal(text.match(/\[|\{/g).length, depth + 2);
  }
  const text = `{"choices":[{"message":{}}],"deep":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  assert.equal(encode(decode(text, { limits: { depth: 20_000 } })), text);
});

test("the same object may stand in several places, but not in itself", () => {
  let shared = { a: [1] };
  for (let i = 0; i < 10; i++) shared = [shared, shared];
  assert.equal(JSON.parse(encode({ choices: [], extra: { shared } })).shared.length, 2);
  let deep = [1];
  for (let i = 0; i < 200; i++) deep = [deep];
  const twice = JSON.parse(encode({ choices: [], extra: { twice: [deep, deep] } })).twice;
  assert.deepEqual(twice[0], twice[1]);

  const circle = { a: [] };
  circle.a.push({ circle });
  assert.throws(() => encode({ choices: [], extra: { circle } }), {
    name: "TypeError",
    message: /contains itself/,
  });
});

test("what JSON.stringify leaves out or calls for is treated as there", () => {
  const extra = {
    none: undefined,
    function: () => {},
    date: new Date(0),
    list: [undefined, () => {}, -0, new Date(0)],
    name: { toJSON: (name) => name },
    symbol: Symbol("x"),
  };
  const text = encode({ id: undefined, choices: [{ index: 0, message: undefined }], extra });
  assert.equal(
    text,
    '{"choices":[{"index":0}],"date":"1970-01-01T00:00:00.000Z","list":[null,null,-0,"1970-01-01T00:00:00.000Z"],"name":"name"}',
  );
  delete extra.list;
  const ordinary = { choices: [], extra };
  assert.equal(encode(ordinary), '{"choices":[],"date":"1970-01-01T00:00:00.000Z","name":"name"}');
  // An undefined original is none.
  assert.equal(
    encode({ id: "a", choices: [], extra: { id: undefined } }),
    '{"id":"a","choices":[]}',
  );
});

test("the argument is read only", () => {
  const freeze = (value) => {
    if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  const value = freeze(decode('{"choices":[{"message":{"tool_calls":[]}}],"created":1.5}'));
  const wire = toWire(value);
  wire.choices[0].message.content = "changed";
  assert.equal(encode(value), '{"choices":[{"message":{"tool_calls":[]}}],"created":1.5}');
});

test("arguments of other types are refused in words", () => {
  const wrong = [null, undefined, "{}", 5, [], new Uint8Array(2), Promise.resolve({}), () => {}];
  for (const value of wrong) {
    for (const [name, run] of Object.entries({ encode, toWire })) {
      assert.throws(() => run(value), {
        name: "TypeError",
        message: new RegExp(`^${name} takes a completion or a chunk, not `),
      });
    }
  }
  assert.throws(() => encode({ choices: [] }, { contract: "nobody" }), {
    name: "TypeError",
    message: /^There is no contract "nobody"; there are .*openai/,
  });
});

test("encode can be given to map", () => {
  assert.deepEqual([{ choices: [] }, { choices: [], id: "a" }].map(encode), [
    '{"choices":[]}',
    '{"choices":[],"id":"a"}',
  ]);
});

// ---- Any body at all ----------------------------------------------------------------------------

const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(-0, 0, Infinity));
const string = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "null", "stop", "function", "\ud800", "1", "-1.5", "__proto__"),
);
const strange = fc.constantFrom("__proto__", "constructor", "extra", "finishReason", "toJSON", "");
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    number,
    string,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.array(fc.tuple(fc.oneof(strange, string), tie("json")), { maxLength: 3 }).map(asObject),
  ),
}));

function asObject(entries) {
  const made = {};
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return made;
}

const unknownMember = fc.tuple(fc.oneof(strange, string), json);

/** Objects with some of a model's members, most of them as the model has them, and unknown ones. */
function objectOf(model, without = []) {
  const members = [...wireMembers(model).values()].filter(({ wire }) => !without.includes(wire));
  const known = members.map(({ wire, kind, child }) => {
    const fitting = child === undefined ? json : kind === "o" ? objectOf(child) : listOf(child);
    const value = fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: json });
    return fc.tuple(fc.constant(wire), value);
  });
  return fc
    .array(fc.oneof(unknownMember, ...known), { maxLength: 6 })
    .map((entries) => asObject(entries.filter(([name]) => !without.includes(name))));
}

function listOf(model) {
  const item = fc.oneof({ weight: 9, arbitrary: objectOf(model) }, { weight: 1, arbitrary: json });
  return fc.array(item, { maxLength: 3 });
}

// Bodies with these are providers' errors or envelopes.
const notHere = ["choices", "error", "detail", "message", "object", "result", "errors", "code"];

function bodyOf(root, choice) {
  return fc
    .tuple(objectOf(root, notHere), objectOf(choice), listOf(choice))
    .map(([body, first, others]) => ({ ...body, choices: [first, ...others] }));
}

const anyBody = [
  ["completion", decode, bodyOf(chatCompletionModel, choiceModel)],
  ["chunk", decodeChunk, bodyOf(chatCompletionChunkModel, chunkChoiceModel)],
];

for (const [kind, read, body] of anyBody) {
  test(`any ${kind} is encoded as it came`, () => {
    fc.assert(
      fc.property(body, (value) => checkKept(value, read)),
      { numRuns: 1000 },
    );
  });
}

test("any JSON under extra survives", () => {
  fc.assert(
    fc.property(json, json, (value, other) => {
      const x = { choices: [{ index: 0, message: { extra: { other } } }], extra: { value } };
      assert.deepStrictEqual(decode(encode(x)), x);
    }),
    { numRuns: 1000 },
  );
});

// ---- Any value of the models --------------------------------------------------------------------

const some = (members) => fc.record(members, { requiredKeys: [], noNullPrototype: true });
const orNull = (of) => fc.option(of, { nil: null });
const text = string;
const count = fc.nat();
const token = { token: text, logprob: orNull(number), bytes: orNull(fc.array(fc.nat(255))) };
const called = some({ name: text, arguments: text });
const completion = fc.record(
  {
    id: orNull(text),
    created: orNull(count),
    model: text,
    serviceTier: orNull(text),
    metadata: orNull(fc.array(fc.tuple(fc.oneof(strange, text), text)).map(asObject)),
    xGroq: some({ id: text, seed: fc.integer() }),
    usage: some({
      promptTokens: orNull(count),
      promptTokensDetails: some({ cachedTokens: count }),
      completionTokensDetails: orNull(some({ reasoningTokens: count })),
      queueTime: number,
      isByok: fc.boolean(),
    }),
    choices: fc.array(
      fc.record(
        {
          index: count,
          finishReason: orNull(text.filter((reason) => reason !== "" && reason !== "null")),
          logprobs: orNull(
            some({
              content: orNull(fc.array(some({ ...token, topLogprobs: fc.array(some(token)) }))),
              tokenLogprobs: fc.array(json),
              topLogprobs: json,
              textOffset: fc.array(fc.integer()),
            }),
          ),
          message: some({
            role: text,
            content: fc.oneof(
              text,
              fc.constant(null),
              fc.array(
                some({
                  type: text,
                  text,
                  imageUrl: fc.oneof(text, some({ url: text })),
                  referenceIds: fc.array(fc.oneof(text, number)),
                  thinking: fc.array(some({ type: text, text })),
                }),
              ),
            ),
            reasoningContent: text,
            functionCall: called,
            toolCalls: fc.array(
              fc.record(
                {
                  id: text.filter((id) => id !== ""),
                  type: text.filter((type) => type !== ""),
                  function: called,
                  custom: some({ name: text, input: text }),
                },
                { requiredKeys: ["id", "type"], noNullPrototype: true },
              ),
              { minLength: 1 },
            ),
            annotations: fc.array(some({ type: text, urlCitation: some({ startIndex: count }) })),
            reasoningDetails: fc.array(some({ type: text, summary: text, toolCallId: text })),
          }),
        },
        { requiredKeys: ["index"], noNullPrototype: true },
      ),
      { minLength: 1 },
    ),
  },
  { requiredKeys: ["choices"], noNullPrototype: true },
);

test("decoding what was encoded gives an equal value", () => {
  fc.assert(
    fc.property(completion, (x) => {
      assert.deepStrictEqual(decode(encode(x)), x);
    }),
    { numRuns: 1000 },
  );
});
