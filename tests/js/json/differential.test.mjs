// The scanner against JSON.parse: the same verdict and the same value for any document, whole,
// damaged, or a part of a body.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode, safeDecode } from "chatwire";
import fc from "fast-check";
import {
  assertSame,
  bytesOf,
  compare,
  decodeJson,
  defaultLimits,
  keepBigIntegersBit,
  parseJson,
} from "./decode-json.mjs";
import { damaged, document, numberToken, space, stringToken, valueToken } from "./documents.mjs";

fc.configureGlobal({ includeErrorInReport: true });

describe("whole documents", () => {
  it("of fast-check have JSON.parse's value", () => {
    const property = fc.property(fc.json({ stringUnit: "binary" }), (text) => {
      assert.ok(compare(text));
      assert.ok(compare(bytesOf(text)));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("of our own have JSON.parse's value", () => {
    const property = fc.property(document, (text) => {
      assert.ok(compare(text));
      assert.ok(compare(bytesOf(text)));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it("of numbers have JSON.parse's value", () => {
    const property = fc.property(fc.array(numberToken, { minLength: 1 }), (tokens) => {
      assert.ok(compare(`[${tokens.join(",")}]`));
      assert.ok(compare(tokens[0]));
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it("end too early wherever they are cut", () => {
    const property = fc.property(document, fc.nat(), (text, at) => {
      const whole = bytesOf(text);
      const part = whole.subarray(0, at % whole.length);
      const result = decodeJson(part);
      if (result.ok) return; // a shorter number, or only white space was cut off
      assert.match(result.issue.code, /^(TRUNCATED|EMPTY_BODY)$/);
      assert.equal(result.issue.offset, part.length);
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it("leave nothing behind for the next one", () => {
    const property = fc.property(
      fc.array(fc.oneof(document.map(bytesOf), damaged(document.map(bytesOf)), document)),
      (inputs) => {
        const results = inputs.map((input) => decodeJson(input));
        inputs.forEach((input, i) => {
          const expected = parseJson(input);
          assert.equal(results[i].ok, expected.ok);
          if (expected.ok) assertSame(results[i].value, expected.value);
        });
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});

describe("damaged documents", () => {
  it("have JSON.parse's verdict and value", () => {
    let taken = 0;
    let refused = 0;
    const property = fc.property(damaged(document.map(bytesOf)), (bytes) => {
      if (compare(bytes)) taken++;
      else refused++;
    });
    fc.assert(property, { numRuns: 15_000 });
    assert.ok(taken > 1000 && refused > 1000, `${taken} taken, ${refused} refused`);
  });

  it("are good up to where the error is", () => {
    const property = fc.property(damaged(document.map(bytesOf)), (bytes) => {
      const result = decodeJson(bytes);
      if (result.ok) return;
      const good = decodeJson(bytes.subarray(0, result.issue.offset));
      if (!good.ok) assert.match(good.issue.code, /^(TRUNCATED|EMPTY_BODY)$/);
    });
    fc.assert(property, { numRuns: 5000 });
  });
});

describe("nesting", () => {
  const deep = (open, close, depth) => `${open.repeat(depth)}0${close.repeat(depth)}`;
  const shapes = [
    ["[", "]"],
    ['{"a":', "}"],
    [' [ {"a" : ', " } ] "],
    ['[1,"x",{"b":[],"a":', '},{"c":[[]]}]'],
  ];
  const levels = [1, 1, 2, 2];

  it("goes as deep as the limit and no deeper", () => {
    shapes.forEach(([open, close], i) => {
      for (const depth of [2, 8, 128, 130]) {
        const limits = { ...defaultLimits, depth };
        // The last shape has further arrays inside its innermost level.
        const most = Math.floor((depth - (i === 3 ? 2 : 0)) / levels[i]);
        const fitting = deep(open, close, most);
        const result = decodeJson(fitting, { limits });
        assert.ok(result.ok, `${open} ${depth}: ${result.issue?.message}`);
        assertSame(result.value, JSON.parse(fitting));
        const refused = decodeJson(deep(open, close, most + 1), { limits });
        assert.equal(refused.issue?.code, "LIMIT");
        assert.equal(refused.issue.expected, "depth");
      }
    });
  });

  it("takes no stack", () => {
    const depth = 200_000;
    const limits = { ...defaultLimits, depth };
    for (const [open, close] of shapes.slice(0, 2)) {
      let { value } = decodeJson(deep(open, close, depth), { limits });
      for (let level = 0; level < depth; level++) value = Array.isArray(value) ? value[0] : value.a;
      assert.equal(value, 0);
      assert.equal(decodeJson(open.repeat(depth), { limits }).issue.code, "TRUNCATED");
    }
  });

  it("counts from the body where a value is a part of one", () => {
    const body = (value) => `{"choices":[{"index":0,"finish_reason":"stop","x":${value}}]}`;
    // The body, its choices and the choice are three levels.
    const fitting = deep("[", "]", 125);
    assertSame(decode(body(fitting)).choices[0].extra.x, JSON.parse(fitting));
    const { error } = safeDecode(body(deep("[", "]", 126)));
    assert.equal(error?.limit, "depth");
  });
});

describe("integers beyond 2^53", () => {
  it("keep their digits where that is asked for", () => {
    const isBig = (token) => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
    const property = fc.property(
      fc.array(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })),
      fc.array(numberToken),
      (whole, others) => {
        const tokens = [...whole.map(String), ...others];
        const options = { flags: keepBigIntegersBit, readBig: BigInt };
        const { value } = decodeJson(`[${tokens}]`, options);
        const expected = tokens.map((token) => (isBig(token) ? BigInt(token) : JSON.parse(token)));
        assert.deepStrictEqual(value, expected);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});

describe("parts of a body", () => {
  const knownNames = new Set(["index", "message", "logprobs", "finish_reason", "messages"]);
  const parts = fc
    .record({
      content: stringToken,
      name: stringToken,
      args: stringToken,
      token: stringToken,
      logprobs: fc.array(numberToken, { maxLength: 6 }),
      extra: valueToken,
      extraName: stringToken,
      spaces: fc.array(space, { minLength: 30, maxLength: 30 }),
    })
    .filter(({ extraName }) => !knownNames.has(JSON.parse(extraName)));

  // A completion with documents where free text and values stand, and space between its tokens.
  function bodyOf({ content, name, args, token, logprobs, extra, extraName, spaces }) {
    const call = `{"id":"c","type":"function","function":{"name":${name},"arguments":${args}}}`;
    const entries = logprobs.map((logprob) => `{"token":${token},"logprob":${logprob}}`);
    const layout =
      '{|"id"|:|id|,|"choices"|:|[|{|"index"|:|0|,|"message"|:|{|message|}|,|' +
      '"logprobs"|:|{|"content"|:|[|entries|]|}|,|extra|,|"finish_reason"|:|"stop"|}|]|}';
    const values = {
      id: name,
      message: `"role":"assistant","content":${content},"tool_calls":[${call}]`,
      entries: entries.join(),
      extra: `${extraName}:${extra}`,
    };
    return layout
      .split("|")
      .map((token, i) => spaces[i % spaces.length] + (values[token] ?? token))
      .join("");
  }

  function check(input) {
    const text = typeof input === "string" ? input : new TextDecoder().decode(input);
    const wire = JSON.parse(text);
    const result = safeDecode(input);
    assert.ok(result.ok, result.error?.message);
    assertSame(result.value.id, wire.id);
    const [choice] = result.value.choices;
    const [{ message, logprobs, index, finish_reason, ...extra }] = wire.choices;
    assert.equal(choice.index, index);
    assert.equal(choice.finishReason, finish_reason);
    assertSame(choice.message.content, message.content);
    assertSame(choice.message.toolCalls, message.tool_calls);
    assertSame(choice.logprobs, logprobs);
    assertSame(choice.extra, extra);
  }

  it("have JSON.parse's value", () => {
    const property = fc.property(parts.map(bodyOf), (text) => {
      check(text);
      check(bytesOf(text));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it("are tool arguments without their white space where those came as JSON", () => {
    const structured = fc.oneof(
      fc.array(valueToken).map((items) => `[${items}]`),
      fc
        .array(fc.tuple(stringToken, valueToken))
        .map((of) => `{${of.map((one) => one.join(":"))}}`),
    );
    const property = fc.property(structured, (args) => {
      const call = `{"id":"c","type":"function","function":{"name":"f","arguments":${args}}}`;
      const message = `"message":{"tool_calls":[${call}]}`;
      const text = `{"choices":[{"index":0,"finish_reason":"stop",${message}}]}`;
      const made = decode(text).choices[0].message.toolCalls[0].function;
      assertSame(JSON.parse(made.arguments), JSON.parse(args));
      assertSame(made.extra, { arguments: JSON.parse(args) });
      if (!args.includes('"')) assert.equal(made.arguments, args.replace(/\s/g, ""));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("fail the decode where the body is damaged, or are as they were", () => {
    const property = fc.property(damaged(parts.map(bodyOf).map(bytesOf)), (bytes) => {
      const expected = parseJson(bytes);
      const result = safeDecode(bytes);
      const codes = result.issues.map(({ code }) => code);
      // Lenient decoding takes two things that JSON.parse refuses, and says so.
      const forgiven = codes.some((code) => /^(TRAILING_BYTES|NON_FINITE_NUMBER)$/.test(code));
      if (!expected.ok) assert.ok(!result.ok || forgiven, "took what JSON.parse refuses");
      else assert.ok(!codes.includes("TRUNCATED"), "an end where there is none");
    });
    fc.assert(property, { numRuns: 5000 });
  });
});
