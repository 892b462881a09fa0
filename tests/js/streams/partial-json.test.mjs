// Tool arguments and structured content while they come: whenever somebody looks, the value is what
// the simplest reader makes of all the text that has come.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decode, StreamDecoder, TruncatedError } from "chatwire";
import fc from "fast-check";
import { bytesOf, calls, delta, done, event, finish } from "./support.mjs";

fc.configureGlobal({ includeErrorInReport: true });

// ---- The simplest reader ------------------------------------------------------------------------

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings have none
const stringStart = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const cutEscape = /\\(?:u[0-9a-fA-F]{0,3})?$/y;
const numberStart = /-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE](?:[-+]?\d*)?)?)?|[eE](?:[-+]?\d*)?)?)?/y;
const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/;
const white = /[ \t\n\r]*/y;

/**
 * What a text says so far. It is read from its beginning, every time.
 *
 * @param ended no more text will come
 */
function best(text, ended = false) {
  let at = 0;
  const match = (pattern) => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [""];
    at += found.length;
    return found;
  };
  const next = () => {
    match(white);
    return text[at];
  };
  const cutOrBroken = () => (at === text.length ? "cut" : "broken");

  function readString() {
    const start = match(stringStart);
    if (text[at] === '"') {
      at++;
      return { how: "whole", value: JSON.parse(`${start}"`) };
    }
    match(cutEscape);
    const how = cutOrBroken();
    const value = JSON.parse(`${start}"`);
    return { how, value: ended && how === "cut" ? value : value.replace(/[\ud800-\udbff]$/, "") };
  }
  function readNumber() {
    const start = match(numberStart);
    if (start === "") return { how: cutOrBroken() };
    const [number] = wholeNumber.exec(start) ?? [""];
    const value = number === "" ? undefined : JSON.parse(number);
    if (at === text.length && !(ended && number === start)) return { how: "cut", value };
    return { how: number === start ? "whole" : "broken", value };
  }
  function readWord(word) {
    let length = 0;
    while (length < word.length && text[at] === word[length]) {
      length++;
      at++;
    }
    return { how: length === word.length ? "whole" : cutOrBroken(), value: JSON.parse(word) };
  }
  function readContainer(depth) {
    const isArray = text[at++] === "[";
    const close = isArray ? "]" : "}";
    const value = isArray ? [] : {};
    const broken = () => ({ how: cutOrBroken(), value });
    for (let first = true; ; first = false) {
      if (first && next() === close) break;
      let name;
      if (!isArray) {
        if (next() !== '"') return broken();
        const read = readString();
        if (read.how !== "whole") return { how: read.how, value };
        name = read.value;
        if (next() !== ":") return broken();
        at++;
      }
      const inner = readValue(depth + 1);
      if (inner.value !== undefined) {
        if (isArray) value.push(inner.value);
        else Object.defineProperty(value, name, { ...ownMember, value: inner.value });
      }
      if (inner.how !== "whole") return { how: inner.how, value };
      if (next() === close) break;
      if (text[at] !== ",") return broken();
      at++;
    }
    at++;
    return { how: "whole", value };
  }
  function readValue(depth) {
    const first = next();
    if (first === "{" || first === "[") {
      return depth === 128 ? { how: "broken" } : readContainer(depth);
    }
    if (first === '"') return readString();
    const word = ["true", "false", "null"].find((one) => one[0] === first);
    return word === undefined ? readNumber() : readWord(word);
  }

  const { how, value } = readValue(0);
  next();
  return { value, complete: how === "whole" && at === text.length };
}
/** The same while its choice has not finished: nothing is complete before that, since more may come. */
const coming = (text) => ({ ...best(text), complete: false });
const ownMember = { writable: true, enumerable: true, configurable: true };

// ---- Streams of arguments and content -----------------------------------------------------------

const beginCall = (index = 0) =>
  calls({ index, id: `call_${index}`, type: "function", function: { name: `f${index}` } });
const argumentsPiece = (text, index = 0) => calls({ index, function: { arguments: text } });

/** The two ways that JSON comes in pieces. */
const ways = {
  arguments: {
    begin: beginCall(),
    piece: (text) => argumentsPiece(text),
    look: (decoder) => decoder.partialArguments(0, 0),
    reason: "tool_calls",
  },
  content: {
    begin: delta({ role: "assistant" }),
    piece: (text) => delta({ content: text }),
    look: (decoder) => decoder.partialContent(0),
    reason: "stop",
  },
};

/** Text as a server writes it in an event: all beyond ASCII escaped, or nothing that may be raw. */
const ascii = (data) =>
  `data: ${JSON.stringify(data).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )}\n\n`;

function using(options, act) {
  const decoder = new StreamDecoder(options);
  try {
    return act(decoder);
  } finally {
    decoder.free();
  }
}

/** Feeds the texts as deltas and compares what is there after each one, and at the end. */
function follow(texts, { way = ways.arguments, write = event, looks = () => true } = {}) {
  return using({ collect: true }, (decoder) => {
    decoder.feed(write(way.begin));
    let text = "";
    for (const [i, piece] of texts.entries()) {
      decoder.feed(write(way.piece(piece)));
      text += piece;
      if (looks(i) && text !== "") assert.deepEqual(way.look(decoder), coming(text), text);
    }
    decoder.feed(write(finish(way.reason)) + done);
    decoder.end();
    const last = way.look(decoder);
    if (text !== "") assert.deepEqual(last, best(text, true), text);
    return last;
  });
}

/** A text in pieces. Pairs of surrogates may be cut. */
const pieces = (text, places) => {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))];
  ends.sort((a, b) => a - b);
  return [0, ...ends].map((from, i) => text.slice(from, ends[i] ?? text.length));
};
const eachUnit = (text) => text.split("");

// ---- Arbitrary texts ----------------------------------------------------------------------------

const someValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }),
  fc.dictionary(
    fc.string({ maxLength: 8 }),
    fc.jsonValue({ maxDepth: 2, stringUnit: "grapheme" }),
    {
      maxKeys: 5,
    },
  ),
);
/** JSON, its strings with more escapes than need be. */
const someText = fc
  .tuple(someValue, fc.constantFrom(undefined, 1, "\t"), fc.boolean())
  .map(([value, indent, escapes]) => {
    const text = JSON.stringify(value, undefined, indent);
    if (!escapes) return text;
    return text.replace(
      /[\u0080-\uffff/]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  });
const somePlaces = fc.array(fc.nat(), { maxLength: 30 });
const someWay = fc.constantFrom(...Object.values(ways));
const someWrite = fc.constantFrom(event, ascii);

const texts = [
  '{"city": "Z\u00fcrich", "days": [1, 23, -4.5e-1], "sure": true, "else": null, "no": false}',
  '{"a":{"b":{"c":[[],[{}],{"d":"e"}]}}}',
  ' [ "" , "\\"\\\\\\/\\b\\f\\n\\r\\t" , "\\u00e9\\u4e2d\\ud83d\\ude00" , "\u4e2d\u6587 \u{1f600}" ] ',
  '{"json":"{\\"in\\":\\"json\\\\n\\"}","path":"C:\\\\temp"}',
  '["\\ud83d","\\ude00","\\ud83d\\ud83d\\ude00","\\ud83dx","\ud83d","\ude00\ud83d","\ud83d\\ude00"]',
  '"a text by itself"',
  "true",
  "-12.5e+3",
  "12 ",
  '{"":1,"__proto__":{"polluted":true},"constructor":{"prototype":[]},"toString":"x"}',
  '{"a":1,"a":{"b":2},"a":[3]}',
];

describe("Q129: partial JSON", () => {
  for (const [name, way] of Object.entries(ways)) {
    test(`${name}, delta by delta`, () => {
      for (const text of texts) {
        for (const write of [event, ascii]) {
          follow(eachUnit(text), { way, write });
          for (let at = 1; at < text.length; at++)
            follow([text.slice(0, at), text.slice(at)], { way, write });
        }
      }
    });
  }

  test("any value, cut anywhere, looked at at any time", () => {
    const property = fc.property(
      someText,
      somePlaces,
      someWay,
      someWrite,
      fc.nat(6),
      (text, places, way, write, often) => {
        const last = follow(pieces(text, places), { way, write, looks: (i) => i % 7 <= often });
        if (text !== "") assert.deepEqual(last, { value: JSON.parse(text), complete: true });
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  test("texts that are not JSON: what came before stays, and is never complete", () => {
    const other = fc.constantFrom(...'{}[]",:\\ue+-.019tfn \n\u0001x\ud83d\ude00\u00e9');
    const change = fc.tuple(fc.nat(), fc.nat(2), other);
    let broken = 0;
    const property = fc.property(
      someText,
      fc.array(change, { minLength: 1, maxLength: 3 }),
      somePlaces,
      (text, changes, places) => {
        for (const [place, how, unit] of changes) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + (how === 0 ? "" : unit) + text.slice(at + (how === 2 ? 0 : 1));
        }
        // Arguments that come twice are another matter, Q118.
        if (text.trim() !== "" && !follow(pieces(text, places), { way: ways.content }).complete)
          broken++;
      },
    );
    fc.assert(property, { numRuns: 1000 });
    assert.ok(broken > 300, `${broken}`);
  });

  test("after each byte of the stream", () => {
    const text = '{"city":"Z\u00fcrich \u{1f600}","list":[1,{"a":"\\u00e9\\n"}],"n":-1.5}';
    const deltas = pieces(text, [3, 10, 12, 19, 24, 31, 39, 42, 44, 50, 57]);
    for (const write of [event, ascii]) {
      using(undefined, (decoder) => {
        decoder.feed(write(beginCall()));
        let come = "";
        for (const piece of deltas) {
          const bytes = bytesOf(write(argumentsPiece(piece)));
          for (const [i, byte] of bytes.entries()) {
            if (i === bytes.length - 1) come += piece;
            decoder.feed(Uint8Array.of(byte));
            if (come === "") continue;
            assert.deepEqual(decoder.partialArguments(0, 0), coming(come), come);
          }
        }
      });
    }
  });

  test("once a member shows it stays, and containers grow in place", () => {
    const text = '{"a":{"b":["x",{"c":1}]},"d":"e","f":[[],[true]]}';
    using(undefined, (decoder) => {
      decoder.feed(event(beginCall()));
      const seen = new Map();
      const visit = (value, path) => {
        if (typeof value !== "object" || value === null) return;
        if (seen.has(path)) assert.equal(seen.get(path), value, path);
        seen.set(path, value);
        for (const [name, inner] of Object.entries(value)) visit(inner, `${path}/${name}`);
      };
      let before;
      for (const unit of eachUnit(text)) {
        decoder.feed(event(argumentsPiece(unit)));
        const { value } = decoder.partialArguments(0, 0);
        visit(value, "");
        if (before !== undefined) {
          for (const path of before) assert.ok(seen.has(path), path);
        }
        before = [...seen.keys()];
      }
      assert.deepEqual(seen.get(""), JSON.parse(text));
      assert.equal(seen.size, 7);
    });
  });

  test("numbers are those of JSON.parse", () => {
    const numbers = [
      "0",
      "-0",
      "1e400",
      "-1e-400",
      "5e-324",
      "1.7976931348623157e308",
      "9007199254740993",
      "2512292042121000001",
      "0.1",
      "123456789.123456789",
      "9007199254740992.99999999999999999999",
      "9007199254740993.00000000000000000001",
      "2.2250738585072011e-308",
      `0.${"1234567890".repeat(50)}`,
      "1".repeat(400),
    ];
    for (const number of numbers) {
      const { value } = follow([`[${number.slice(0, 3)}`, number.slice(3), "]"]);
      assert.ok(Object.is(value[0], JSON.parse(number)), number);
      assert.ok(Object.is(follow([number]).value, JSON.parse(number)), number);
    }
  });

  test("long texts, and many members", () => {
    const value = {
      ascii: "0123456789\n".repeat(2000),
      wide: "\u4e2d\u6587\u{1f600}".repeat(3000),
      lone: "\ud800x".repeat(3000),
      list: Array.from({ length: 2000 }, (_, i) => ({ i })),
    };
    const text = JSON.stringify(value);
    const chunks = Array.from({ length: 50 }, (_, i) => i * 1009);
    for (const cut of [[text], pieces(text, chunks)])
      assert.deepEqual(follow(cut), { value, complete: true });
  });

  test("values of 128 levels, and no deeper", () => {
    const deep = "[".repeat(128) + "]".repeat(128);
    assert.deepEqual(follow(pieces(deep, [7, 100, 128, 200])), {
      value: JSON.parse(deep),
      complete: true,
    });
    const { value, complete } = follow([`[${deep}]`], { way: ways.content });
    assert.deepEqual([value.flat(200), complete], [[], false]);
  });
});

describe("Q83: surrogates", () => {
  test("a half shows when the other one has come, or none can come", () => {
    using(undefined, (decoder) => {
      const piece = (text) => {
        decoder.feed(event(argumentsPiece(text)));
        return decoder.partialArguments(0, 0).value;
      };
      decoder.feed(event(beginCall()));
      assert.deepEqual(piece('["a\ud83d'), ["a"]);
      assert.deepEqual(piece("\ude00"), ["a\u{1f600}"]);
      assert.deepEqual(piece("\\ud83d"), ["a\u{1f600}"]);
      assert.deepEqual(piece("\\ude"), ["a\u{1f600}"]);
      assert.deepEqual(piece("00"), ["a\u{1f600}\u{1f600}"]);
      assert.deepEqual(piece("\ud83d"), ["a\u{1f600}\u{1f600}"]);
      assert.deepEqual(piece("b"), ["a\u{1f600}\u{1f600}\ud83db"]);
    });
  });
});

describe("Q123, Q124: complete or not", () => {
  const look = (text, ending, before = true) =>
    using(undefined, (decoder) => {
      decoder.feed(event(beginCall()) + event(argumentsPiece(text)));
      if (before) decoder.partialArguments(0, 0);
      try {
        if (ending !== undefined) decoder.feed(ending);
        decoder.end();
      } catch (error) {
        assert.ok(error instanceof TruncatedError, error.stack);
      }
      return decoder.partialArguments(0, 0);
    });

  test("a number is complete when the stream is", () => {
    assert.deepEqual(look("12", event(finish("tool_calls")) + done), { value: 12, complete: true });
    assert.deepEqual(look("12"), { value: 12, complete: false });
    assert.deepEqual(look("12."), { value: 12, complete: false });
    assert.deepEqual(look("12.", done), { value: 12, complete: false });
  });

  test("arguments that were cut off are not complete", () => {
    for (const text of ['{"a":"b', '{"a":"b"', '{"a":[1,2', '{"a":tru', "{"]) {
      const expected = { value: best(text).value, complete: false };
      for (const before of [true, false]) {
        assert.deepEqual(look(text, undefined, before), expected);
        assert.deepEqual(look(text, event(finish("length")) + done, before), expected);
      }
    }
  });

  test("what follows a complete value", () => {
    using(undefined, (decoder) => {
      const piece = (text) => {
        decoder.feed(event(delta({ content: text })));
        return decoder.partialContent(0);
      };
      assert.deepEqual(piece('{"a":1}'), { value: { a: 1 }, complete: false });
      assert.deepEqual(piece(" \n"), { value: { a: 1 }, complete: false });
      assert.deepEqual(piece("x"), { value: { a: 1 }, complete: false });
      assert.deepEqual(piece("}"), { value: { a: 1 }, complete: false });
    });
  });

  test("nobody looked before the end", () => {
    for (const text of [...texts, '{"a":[1,2', '{"a":"b', "[1,]", "12"]) {
      for (const way of Object.values(ways)) follow(eachUnit(text), { way, looks: () => false });
    }
  });
});

describe("several at a time", () => {
  test("choices, tool calls and content are apart, and so are streams", () => {
    const indices = [0, 1, 2];
    const texts = indices.map((i) => `{"call":${i},"text":"${"x".repeat(i * 10)}","list":[${i}]}`);
    const content = '{"content":"\u00e9"}';
    const decoders = [new StreamDecoder(), new StreamDecoder({ collect: true })];
    const other = event(delta({ content: "[" }, { index: 1 }));
    for (const decoder of decoders) decoder.feed(other);
    const longest = Math.max(...texts.map((text) => text.length));
    for (let at = 0; at < longest; at++) {
      const fragments = indices
        .filter((i) => at < texts[i].length)
        .map((index) => ({
          index,
          ...(at === 0 && { id: `call_${index}`, type: "function" }),
          function: { ...(at === 0 && { name: "f" }), arguments: texts[index][at] },
        }));
      for (const [which, decoder] of decoders.entries()) {
        decoder.feed(event(calls(...fragments)));
        if (at < content.length) decoder.feed(event(delta({ content: content[at] })));
        decoder.feed(event(delta({ content: `${at},` }, { index: 1 })));
        for (const i of indices) {
          if ((at + i) % (which + 2) !== 0) continue;
          assert.deepEqual(decoder.partialArguments(0, i), coming(texts[i].slice(0, at + 1)));
        }
        assert.deepEqual(decoder.partialContent(0), coming(content.slice(0, at + 1)));
        assert.equal(decoder.partialContent(1).value.length, at + 1);
        assert.equal(decoder.partialArguments(1, 0), undefined);
        assert.equal(decoder.partialArguments(0, 3), undefined);
        // Other work of the core comes between.
        if (at % 10 === 0) decoder.snapshot();
        decode('{"choices":[{"index":0,"message":{"content":"\u4e2d"}}]}');
      }
    }
    for (const decoder of decoders) decoder.free();
  });
});

describe("texts that begin again", () => {
  test("Q117: the real arguments take the place of a placeholder", () => {
    using(undefined, (decoder) => {
      const piece = (text) => {
        decoder.feed(event(argumentsPiece(text)));
        return decoder.partialArguments(0, 0);
      };
      decoder.feed(event(beginCall()));
      assert.deepEqual(piece("{}"), { value: {}, complete: false });
      assert.deepEqual(piece('{"a"'), { value: {}, complete: false });
      assert.deepEqual(piece(":[1"), { value: { a: [1] }, complete: false });
      assert.deepEqual(piece("]}"), { value: { a: [1] }, complete: false });
      decoder.feed(event(finish("tool_calls")));
      assert.deepEqual(decoder.partialArguments(0, 0), { value: { a: [1] }, complete: true });
    });
  });

  test("Q118: arguments that come once more change nothing", () => {
    using(undefined, (decoder) => {
      const text = '{"a":{"b":1}}';
      decoder.feed(event(beginCall()) + event(argumentsPiece(text)));
      assert.deepEqual(decoder.partialArguments(0, 0).value, JSON.parse(text));
      decoder.feed(event(argumentsPiece(text)));
      assert.deepEqual(decoder.partialArguments(0, 0), {
        value: JSON.parse(text),
        complete: false,
      });
    });
  });

  test("Q100: deltas that repeat all that came before", () => {
    const text = '{"answer":"a text that is long enough","list":[1,2,3]}';
    using({ cumulativeDeltas: "auto" }, (decoder) => {
      for (let length = 1; length <= text.length; length++)
        decoder.feed(event(delta({ content: text.slice(0, length) })));
      decoder.partialContent(0);
      decoder.feed(event(finish()) + done);
      decoder.end();
      assert.deepEqual(decoder.partialContent(0), { value: JSON.parse(text), complete: true });
    });
  });

  test("reset() begins with nothing", () => {
    using(undefined, (decoder) => {
      for (const text of ['{"a":1}', "[2,3]"]) {
        decoder.feed(event(beginCall()) + event(argumentsPiece(text)));
        assert.deepEqual(decoder.partialArguments(0, 0).value, JSON.parse(text));
        decoder.reset();
        assert.equal(decoder.partialArguments(0, 0), undefined);
      }
    });
  });
});

test("Q127: no name is a prototype's", () => {
  const text = '{"__proto__":{"polluted":1},"a":{"__proto__":"x","constructor":{"prototype":2}}}';
  for (const cut of [[text], eachUnit(text)]) {
    const { value } = follow(cut);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ["__proto__", "a"]);
    assert.deepEqual(Object.keys(value.a), ["__proto__", "constructor"]);
    assert.equal(value.polluted, undefined);
    assert.equal({}.polluted, undefined);
    assert.equal(JSON.stringify(value), text);
  }
});

test("half a surrogate pair that a text ends in comes when the choice has finished", () => {
  for (const content of ['"a\ud83d', '"a\\ud83d']) {
    const decoder = new StreamDecoder();
    decoder.feed(event(delta({ content })));
    assert.equal(decoder.partialContent(0).value, "a");
    decoder.feed(event(finish("stop")));
    assert.equal(decoder.partialContent(0).value, "a\ud83d");
    decoder.free();
  }
});
