// No name of an input reaches a prototype, and results are plain objects, whatever the input says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, decodeChunk, ProviderError, safeDecode } from "chatwire";

const hostile = [
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "valueOf",
  "toJSON",
  "then",
  "__defineGetter__",
  "__lookupSetter__",
  "length",
  "extra",
];
const poison = '{"polluted":true,"prototype":{"polluted":true},"__proto__":{"polluted":true}}';
const members = hostile.map((name) => `${JSON.stringify(name)}:${poison}`).join(",");

/** `text` with the hostile members at each place marked %. */
const poisoned = (text) => text.replaceAll("%", members);

const completion = poisoned(`{"id":"x",%,"choices":[{%,"index":0,"finish_reason":"stop",
  "message":{%,"role":"assistant","content":[{%,"type":"text","text":"a"}],
    "tool_calls":[{%,"id":"a","type":"function","function":{%,"name":"f","arguments":"{}"}}],
    "annotations":[{%,"type":"url_citation","url_citation":{%,"url":"u"}}],
    "audio":{%,"id":"a"},"reasoning_details":[{%,"type":"reasoning.text"}]},
  "logprobs":{%,"content":[{%,"token":"a","logprob":-1,"top_logprobs":[{%,"token":"a"}]}]}}],
  "usage":{%,"prompt_tokens":1,"prompt_tokens_details":{%,"cached_tokens":1}},
  "deep":{%,"list":[{%},[{%}]]},
  "x_groq":{%,"id":"r"}}`);
const chunk = poisoned(`{"id":"x",%,"choices":[{%,"index":0,"delta":{%,"content":"a",
  "metadata":{%},"tool_calls":[{%,"index":0,"function":{%,"name":"f"}}]}}]}`);
const error = poisoned(`{%,"error":{%,"message":"m","metadata":{%},"debug":{%}}}`);

/** Everything that a prototype has, to be compared before and after. */
function snapshot() {
  return [Object.prototype, Array.prototype, Function.prototype, Error.prototype].map((of) =>
    Reflect.ownKeys(of).map((key) => [key, Object.getOwnPropertyDescriptor(of, key)]),
  );
}

/** Every object inside a value, once. */
function* objectsIn(value) {
  const left = [value];
  while (left.length !== 0) {
    const next = left.pop();
    if (typeof next !== "object" || next === null) continue;
    yield next;
    left.push(
      ...Reflect.ownKeys(next).map((key) => Object.getOwnPropertyDescriptor(next, key).value),
    );
  }
}

function assertPlain(value) {
  let seen = 0;
  for (const object of objectsIn(value)) {
    seen++;
    const prototype = Array.isArray(object) ? Array.prototype : Object.prototype;
    assert.equal(Object.getPrototypeOf(object), prototype);
    assert.equal(object.polluted === true && !Object.hasOwn(object, "polluted"), false);
    assert.ok(Object.isExtensible(object));
    for (const key of Reflect.ownKeys(object)) {
      assert.equal(typeof key, "string");
      if (Array.isArray(object) && key === "length") continue;
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      assert.ok("value" in descriptor, `${key} is no getter`);
      assert.ok(descriptor.enumerable && descriptor.writable && descriptor.configurable, key);
      assert.notEqual(descriptor.value, undefined, `${key} is there and has a value`);
    }
  }
  return seen;
}

/** An object in `value` that has the hostile members has them all, as JSON.parse gives them. */
function countPoisoned(value) {
  let count = 0;
  for (const object of objectsIn(value)) {
    if (!Object.hasOwn(object, "__defineGetter__")) continue;
    count++;
    for (const name of hostile) {
      assert.ok(Object.hasOwn(object, name), name);
      const { value: given } = Object.getOwnPropertyDescriptor(object, name);
      assert.deepEqual(given, JSON.parse(poison));
      assert.ok(Object.hasOwn(given, "__proto__"));
    }
  }
  return count;
}

const places = (text) => text.split('"__defineGetter__"').length - 1;

test("hostile names at every level of a body are members like others", () => {
  const before = snapshot();
  const value = decode(completion);
  assert.deepEqual(snapshot(), before);
  assertPlain(value);
  assert.equal(countPoisoned(value), places(completion));
});

test("hostile names at every level of a chunk are members like others", () => {
  const before = snapshot();
  const value = decodeChunk(chunk);
  assert.deepEqual(snapshot(), before);
  assertPlain(value);
  assert.equal(countPoisoned(value), places(chunk));
});

test("hostile names in an error are members like others", () => {
  const before = snapshot();
  const { error: failure } = safeDecode(error);
  assert.ok(failure instanceof ProviderError);
  assert.deepEqual(snapshot(), before);
  for (const value of [failure.error, failure.raw, failure.partial]) assertPlain(value);
  assert.equal(countPoisoned(failure.raw), places(error));
  assert.equal(countPoisoned(failure.error), places(error) - 1);
  assert.equal(Object.getPrototypeOf(failure), ProviderError.prototype);
});

test("hostile names in a map that a contract knows", () => {
  const map = hostile.map((name) => `"${name}":"text"`).join();
  const value = decode(`{"choices":[],"metadata":{${map}}}`, { allowEmptyChoices: true });
  assertPlain(value);
  assert.deepEqual(Object.keys(value.metadata), hostile);
});

test("escapes hide no name", () => {
  const spellings = [
    "__proto__",
    "\\u005f_proto__",
    "\\u005F\\u005fproto\\u005f\\u005f",
    "__\\u0070roto__",
    "\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f",
  ];
  for (const name of spellings) {
    const text = `{"${name}":{"polluted":1},"choices":[],"deep":{"${name}":{"polluted":1}}}`;
    const value = decode(text, { allowEmptyChoices: true });
    assertPlain(value);
    for (const object of [value.extra, value.extra.deep]) {
      assert.ok(Object.hasOwn(object, "__proto__"));
      assert.equal(object.polluted, undefined);
      const { value: own } = Object.getOwnPropertyDescriptor(object, "__proto__");
      assert.deepEqual(own, { polluted: 1 });
    }
  }
});

test("names that only resemble it are what they are", () => {
  for (const name of [
    "__proto_",
    "__proto__ ",
    "__prot\u00f6__",
    "\u0000__proto__",
    "__PROTO__",
    "",
  ]) {
    const { extra } = decode(`{${JSON.stringify(name)}:1,"choices":[]}`, {
      allowEmptyChoices: true,
    });
    assert.deepEqual(Object.entries(extra), [[name, 1]]);
  }
});

test("a prototype may be any value", () => {
  for (const given of ["null", "5", '"text"', "[]", "true"]) {
    const { extra } = decode(`{"__proto__":${given},"choices":[]}`, { allowEmptyChoices: true });
    assert.equal(Object.getPrototypeOf(extra), Object.prototype);
    assert.equal(JSON.stringify(extra), `{"__proto__":${given}}`);
  }
});

test("known members with escapes in their names are known", () => {
  const value = decode('{"\\u0069d":"x","ch\\u006fices":[],"\\u0075sage":null}', {
    allowEmptyChoices: true,
  });
  assert.deepEqual(value, { id: "x", choices: [], usage: null });
});

test("members that are numbers keep their names", () => {
  const { extra } = decode('{"2":"b","1":"a","choices":[],"-1":"c","1.5":"d"}', {
    allowEmptyChoices: true,
  });
  assert.deepEqual(extra, JSON.parse('{"2":"b","1":"a","-1":"c","1.5":"d"}'));
});

test("results can be cloned, spread and turned into JSON", () => {
  const text = `{"id":"x","choices":[{"index":0,"finish_reason":"stop","new":{"a":[1,{}]},
    "message":{"role":"assistant","content":"a","tool_calls":[{"function":{"name":"f"}}]}}]}`;
  const value = decode(text);
  assert.ok(assertPlain(value) > 5);
  assert.deepEqual(structuredClone(value), value);
  assert.deepEqual({ ...value }, value);
  assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
  const { error: failure } = safeDecode(text.slice(0, -10));
  assertPlain(failure.partial);
  assert.deepEqual(structuredClone(failure.partial), failure.partial);
});

test("two results share nothing that can be changed", () => {
  const text =
    '{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"new":{}}';
  const first = decode(text);
  const second = decode(text);
  const seen = new Set(objectsIn(first));
  for (const object of objectsIn(second)) assert.ok(!seen.has(object));
});

test("a result is not touched by the decodes after it", () => {
  const make = (letter) =>
    JSON.stringify({
      id: letter.repeat(20),
      choices: [{ index: 0, message: { content: letter.repeat(300) }, finish_reason: "stop" }],
      new: { ä: `${letter}ö`.repeat(200) },
    });
  const input = Buffer.from(make("a"));
  const first = decode(input);
  input.fill(0x62);
  for (const letter of "bcdefgh") decode(make(letter));
  assert.equal(first.id, "a".repeat(20));
  assert.equal(first.choices[0].message.content, "a".repeat(300));
  assert.deepEqual(first.extra, { new: { ä: "aö".repeat(200) } });
});
