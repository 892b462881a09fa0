// Strings of every length around the sizes that the scanner works by, with every kind of special
// byte at every position. Strings are compared one by one, so these are many small decodes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { assertSame, bytesOf, decodeJson, parseJson } from "./decode-json.mjs";

// Blocks are 16 bytes, pooled texts up to 128, pieces of pools 2048.
const shortLengths = [...Array(36).keys(), 47, 48, 49, 63, 64, 65];
const longLengths = [126, 127, 128, 129, 130, 143, 144, 145];
const pieceLengths = [2046, 2047, 2048, 2049, 2050];

/** `length` characters of text that no two places have alike. */
function plain(length) {
  let made = "";
  while (made.length < length) made += `${made.length}.abcdefghijklmnopqrstuvwxyz `;
  return made.slice(0, length);
}

/** All positions in short texts; in long ones those near the ends of blocks and pools. */
function positions(length) {
  const all = [...Array(length + 1).keys()];
  if (length < 200) return all;
  return all.filter((at) => at < 20 || at > length - 20 || at % 128 < 2 || at % 128 === 127);
}

function* placed(special, lengths) {
  for (const length of lengths) {
    const text = plain(length);
    for (const at of positions(length))
      yield { text, at, whole: text.slice(0, at) + special + text.slice(at) };
  }
}

const escapes = ["\\n", '\\"', "\\\\", "\\/", "\\u0000", "\\u0041", "\\u007F"];
const wideEscapes = ["\\u0080", "\\u00e9", "\\u4E2D", "\\ud83d\\ude00", "\\ud800", "\\udc00x"];
const raw = [
  "\x7f",
  "\u0080",
  "\u00e9",
  "\u07ff",
  "\u0800",
  "\u4e2d",
  "\ufffd",
  "\uffff",
  "\u{1f600}",
];

describe("strings", () => {
  const kinds = { "an escape": escapes, "an escape beyond ASCII": wideEscapes, "a raw one": raw };
  for (const [kind, specials] of Object.entries(kinds)) {
    it(`with ${kind} at every position are those of JSON.parse`, () => {
      for (const special of specials) {
        for (const { whole } of placed(special, [...shortLengths, ...longLengths])) {
          const document = `"${whole}"`;
          const { value } = decodeJson(document);
          if (value !== JSON.parse(document)) assertSame(value, JSON.parse(document));
        }
      }
    });

    it(`with ${kind} are the same where many are in one document`, () => {
      for (const special of specials) {
        for (const lengths of [shortLengths, longLengths, pieceLengths]) {
          const strings = Array.from(placed(special, lengths), ({ whole }) => `"${whole}"`);
          const document = `[${strings.join(",")}]`;
          assertSame(decodeJson(bytesOf(document)).value, JSON.parse(document));
        }
      }
    });
  }

  it("with two specials at any distance are those of JSON.parse", () => {
    const specials = [
      "\\n",
      "\\u00e9",
      "\\ud83d\\ude00",
      "\u00e9",
      "\u4e2d",
      "\u{1f600}",
      "\ud83d",
    ];
    for (const first of specials) {
      for (const second of specials) {
        for (let apart = 0; apart <= 34; apart++) {
          for (const before of [0, 5, 16]) {
            const document = `"${plain(before)}${first}${plain(apart)}${second}"`;
            const { value } = decodeJson(document);
            if (value !== JSON.parse(document)) assertSame(value, JSON.parse(document));
          }
        }
      }
    }
  });

  it("of words of any length and any letters are those of JSON.parse", () => {
    const letters = [
      "\u0080",
      "\u00e9",
      "я",
      "\u07ff",
      "\u0800",
      "ไ",
      "한",
      "\ud7ff",
      "\ue000",
      "，",
    ];
    const between = [" ", ", ", "\\n", "a", "\u{1f600}", "\\ud83d", "\x7f"];
    for (const letter of letters) {
      for (const separator of between) {
        for (let length = 1; length <= 20; length++) {
          for (const other of [letter, "я", "中"]) {
            const word = letter.repeat(length) + other;
            const document = `"${plain(length)}${`${word}${separator}`.repeat(3)}"`;
            const { value } = decodeJson(bytesOf(document));
            if (value !== JSON.parse(document)) assertSame(value, JSON.parse(document));
          }
        }
      }
    }
  });

  it("of any size are those of JSON.parse", () => {
    for (const size of [2000, 5000, 20_000, 100_000, 3000, 2_000_000, 100]) {
      for (const part of ["a", "\u00e9", "\u4e2d", "\u{1f600}", "ab\u4e2d", "\\n\u00e9\\u4e2d"]) {
        const whole = part.repeat(size / part.length);
        for (const document of [`["${whole}\ud800", "b\u00e9"]`, `"${whole}"`]) {
          const { value } = decodeJson(document);
          if (!isDeepStrictEqual(value, JSON.parse(document))) assert.fail(`${size} of ${part}`);
        }
        const { value } = decodeJson(bytesOf(`"${whole}"`));
        if (value !== JSON.parse(`"${whole}"`)) assert.fail(`bytes, ${size} of ${part}`);
      }
    }
  });

  it("that are cut off end at the end of the input", () => {
    for (const special of [...escapes, ...wideEscapes, ...raw]) {
      for (const { whole } of placed(special, [0, 3, 15, 16, 17, 128])) {
        const bytes = bytesOf(`"${whole}`);
        const { issue } = decodeJson(bytes);
        assert.equal(issue?.code, "TRUNCATED");
        assert.equal(issue.offset, bytes.length);
      }
    }
  });

  it("are told apart as names, one after the other and all in one object", () => {
    const names = shortLengths.flatMap((length) =>
      [...Array(length).keys()].flatMap((at) => {
        const name = plain(length);
        return ["a", "b", "é"].map((letter) => name.slice(0, at) + letter + name.slice(at + 1));
      }),
    );
    const members = names.map((name, i) => `"${name}":[${i}]`);
    for (const member of members)
      assertSame(decodeJson(`{${member}}`).value, JSON.parse(`{${member}}`));
    const all = `{${members.join(",")}}`;
    assertSame(decodeJson(all).value, JSON.parse(all));
  });
});

describe("what a string must not hold", () => {
  it("is a control character, wherever it stands", () => {
    for (let control = 0; control < 0x20; control++) {
      for (const { text, at, whole } of placed(String.fromCharCode(control), shortLengths)) {
        for (const prefix of ["", "\\n", "\\u00e9"]) {
          const { ok, issue } = decodeJson(`"${prefix}${whole}"`);
          assert.ok(!ok, `took ${control} at ${at} of ${text.length}`);
          assert.equal(issue.offset, 1 + prefix.length + at);
        }
      }
    }
  });

  it("is an escape that is none, wherever it stands", () => {
    const bad = [
      "\\x",
      "\\U0041",
      "\\u",
      "\\u00",
      "\\u004",
      "\\u00g0",
      "\\u004 1",
      "\\'",
      "\\0",
      "\\\u00e9",
    ];
    for (const special of [...bad, "\\ud83d\\u", "\\ud83d\\ude0", "\\ud83d\\udeg0", "\\ud83d\\x"]) {
      for (const { at, whole } of placed(special, [0, 1, 14, 15, 16, 17, 31, 32, 33])) {
        const document = `"${whole}"`;
        // What follows may complete the digits.
        const expected = parseJson(document);
        const { ok, value, issue } = decodeJson(document);
        assert.equal(ok, expected.ok, document);
        if (ok) assertSame(value, expected.value);
        else assert.ok(issue.offset >= 1 + at && issue.offset <= 7 + at, issue.message);
      }
    }
  });
});

describe("bytes that are not UTF-8", () => {
  const decoder = new TextDecoder();
  const quote = 0x22;

  function compareBytes(inner) {
    const bytes = Uint8Array.from([quote, ...inner, quote]);
    const expected = parseJson(bytes);
    const { ok, value } = decodeJson(bytes);
    assert.equal(ok, expected.ok, `verdict on ${Buffer.from(bytes).toString("hex")}`);
    if (ok && value !== expected.value) assertSame(value, expected.value);
  }

  it("become U+FFFD as in TextDecoder: all pairs of bytes", () => {
    for (let first = 0x80; first < 0x100; first++)
      for (let second = 0; second < 0x100; second++) compareBytes([first, second]);
  });

  it("become U+FFFD as in TextDecoder: all edges of sequences", () => {
    const leads = [0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef];
    leads.push(0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff);
    const edges = [0x22, 0x41, 0x5c, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0];
    edges.push(0xed, 0xf0, 0xf4, 0xff);
    for (const lead of leads)
      for (const second of edges)
        for (const third of edges)
          for (const fourth of edges) compareBytes([lead, second, third, fourth]);
  });

  it("become U+FFFD wherever they stand", () => {
    const broken = [
      [0x80],
      [0xe4, 0xb8],
      [0xf0, 0x9f, 0x98],
      [0xed, 0xa0, 0x80],
      [0xc3],
      [0xff, 0xfe],
    ];
    for (const bytes of broken)
      for (const length of [...shortLengths, ...longLengths])
        for (const at of positions(length)) {
          const text = bytesOf(plain(length));
          compareBytes([...text.subarray(0, at), ...bytes, ...text.subarray(at)]);
        }
  });

  it("become U+FFFD inside words: all pairs of bytes", () => {
    const word = bytesOf("приветпривет");
    for (let before = 0; before <= 20; before += 5)
      for (let first = 0x7f; first < 0x100; first++)
        for (let second = 0x7f; second < 0x100; second++)
          compareBytes([...word.subarray(0, before), first, second, ...word]);
  });

  it("are reported once for a string, where the first of them is", () => {
    const bytes = Uint8Array.from([0x5b, quote, 0x61, 0x80, 0x62, 0xff, quote, 0x5d]);
    assert.equal(decoder.decode(bytes), '["a\ufffdb\ufffd"]');
    assert.deepEqual(decodeJson(bytes).value, ["a\ufffdb\ufffd"]);
  });

  it("are no surrogates either, unless a text brought them", () => {
    compareBytes([0xed, 0xa0, 0x80]);
    compareBytes([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]);
    for (const text of ["\ud800", "a\udc00b", "\ud83d\ud83d\ude00\ude00", "\u00e9\udfff\u{1f600}"])
      assert.equal(decodeJson(`"${text}"`).value, text);
  });
});

describe("a byte order mark", () => {
  it("is passed over once", () => {
    for (const [bytes, ok] of [
      [[0xef, 0xbb, 0xbf, 0x31], true],
      [[0xef, 0xbb, 0xbf, 0x20, 0x31], true],
      [[0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x31], false],
      [[0x20, 0xef, 0xbb, 0xbf, 0x31], false],
      [[0xef, 0xbb, 0xbf], false],
      [[0xef, 0xbb, 0x31], false],
    ]) {
      const input = Uint8Array.from(bytes);
      assert.equal(decodeJson(input).ok, ok);
      assert.equal(parseJson(input).ok, ok);
    }
    // JSON.parse refuses it in a text; there is no reason to.
    assert.equal(decodeJson("\ufeff[1]").ok, true);
  });

  it("is text inside a string", () => {
    assert.equal(decodeJson(bytesOf('"\ufeffa\ufeff"')).value, "\ufeffa\ufeff");
    assert.equal(decodeJson('"\ufeff\ud800"').value, "\ufeff\ud800");
  });
});
