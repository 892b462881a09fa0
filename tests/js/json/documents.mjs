// Arbitrary JSON documents as texts, full of what breaks scanners.
import fc from "fast-check";

const join = (parts) => parts.join("");

/** Mostly nothing, sometimes white space of all four kinds. */
export const space = fc.oneof(
  { weight: 5, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(" ", "\n", "\r", "\t"), { minLength: 1, maxLength: 20 })
      .map(join),
  },
);

// ---- Strings ------------------------------------------------------------------------------------

// Where blocks of 16 bytes, pooled texts (128) and pieces of pools (2048) end.
const lengths = [0, 1, 2, 7, 8, 14, 15, 16, 17, 18, 30, 31, 32, 33, 34, 47, 48, 49, 63, 64, 65];
const longLengths = [126, 127, 128, 129, 130, 143, 144, 145, 255, 256, 257];
const pieceLengths = [1919, 1920, 1921, 2031, 2032, 2046, 2047, 2048, 2049, 2050];
const plainRun = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...lengths) },
      { weight: 4, arbitrary: fc.constantFrom(...longLengths) },
      { weight: 1, arbitrary: fc.constantFrom(...pieceLengths) },
    ),
    fc.constantFrom("a", "ab, []{}:", "0123456789", "the quick brown fox ", "\x7f~ !#"),
  )
  .map(([length, pattern]) => pattern.repeat(length / pattern.length + 1).slice(0, length));

const hex4 = fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.boolean()).map(([unit, upper]) => {
  const digits = unit.toString(16).padStart(4, "0");
  return `\\u${upper ? digits.toUpperCase() : digits}`;
});
const surrogateEscape = fc
  .tuple(
    fc.constantFrom("D800", "d83d", "DBFF", "dC00", "dE00", "DfFf"),
    fc.constantFrom("", "\\uDC00", "\\uDFFF", "\\uDBFF", "\\uE000", "\\u0041", "\\n", "x"),
  )
  .map(([first, second]) => `\\u${first}${second}`);

/** A raw surrogate, or a pair of them; a half of one is what only texts can hold. */
const rawSurrogate = fc.constantFrom("\ud800", "\udbff", "\udc00", "\udfff", "\ud83d\ude00");

const piece = fc.oneof(
  { weight: 4, arbitrary: plainRun },
  {
    weight: 3,
    arbitrary: fc.constantFrom("\\n", "\\t", "\\r", "\\b", "\\f", '\\"', "\\\\", "\\/"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("\\u0000", "\\u0041", "\\u007f", "\\u0080", "\\u00E9", "\\uffff"),
  },
  { weight: 1, arbitrary: hex4 },
  { weight: 1, arbitrary: surrogateEscape },
  {
    weight: 3,
    arbitrary: fc.constantFrom("\u00e9", "\u07ff", "\u0800", "\u4e2d", "\uffff", "\u{1f600}"),
  },
  { weight: 1, arbitrary: fc.constantFrom("\u4e2d\u6587".repeat(40), "\ufeff", "\u2028\u2029") },
  { weight: 1, arbitrary: rawSurrogate },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0x80, max: 0x10ffff }).map((point) => String.fromCodePoint(point)),
  },
);

/** A string as it stands in a document, with its quotes. */
export const stringToken = fc.array(piece, { maxLength: 6 }).map((pieces) => `"${join(pieces)}"`);

// ---- Numbers ------------------------------------------------------------------------------------

const digits = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 999 }).map(String) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "0",
      "9007199254740991",
      "9007199254740992",
      "9007199254740993",
      "18446744073709551615",
      "18446744073709551616",
      "999999999999999",
      "9999999999999999",
      "99999999999999999999",
    ),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 60n }).map(String) },
);
const fraction = fc
  .tuple(fc.constantFrom("", "", "0", "000", "0000000000000000"), digits)
  .map(([zeros, rest]) => `.${zeros}${rest}`);
const exponent = fc
  .tuple(
    fc.constantFrom("e", "E"),
    fc.constantFrom("", "+", "-"),
    fc.oneof(
      { weight: 3, arbitrary: fc.nat({ max: 25 }).map(String) },
      { weight: 2, arbitrary: fc.nat({ max: 400 }).map(String) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("00", "0001", "308", "309", "324", "999", "2147483648"),
      },
    ),
  )
  .map(join);
const maybe = (arbitrary) => fc.oneof(fc.constant(""), arbitrary);
const writtenNumber = fc.tuple(fc.constantFrom("", "-"), digits, maybe(fraction), maybe(exponent));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** A number as it stands in a document. */
export const numberToken = fc.oneof(
  { weight: 4, arbitrary: writtenNumber.map(join) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(finite, fc.integer({ min: 1, max: 22 }))
      .map(([value, precision]) => value.toPrecision(precision)),
  },
  { weight: 1, arbitrary: finite.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constantFrom("-0", "-0.0", "0e0", "1e999", "-1e999", "1e-999") },
);

// ---- Values -------------------------------------------------------------------------------------

const nameToken = fc.oneof(
  { weight: 2, arbitrary: stringToken },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '""',
      '"a"',
      '"\\u0061"',
      '"__proto__"',
      '"\\u005f_proto__"',
      '"constructor"',
      '"toString"',
      '"0"',
      '"1"',
      '"-1"',
      '"4294967295"',
    ),
  },
);

const scalarToken = fc.oneof(
  { weight: 3, arbitrary: stringToken },
  { weight: 3, arbitrary: numberToken },
  { weight: 1, arbitrary: fc.constantFrom("true", "false", "null") },
);

const padded = (arbitrary) => fc.tuple(space, arbitrary, space).map(join);

const { value } = fc.letrec((tie) => ({
  array: fc.array(padded(tie("value")), { maxLength: 5 }).map((items) => `[${items.join(",")}]`),
  member: fc
    .tuple(padded(nameToken), padded(tie("value")))
    .map(([name, inner]) => `${name}:${inner}`),
  object: fc.array(tie("member"), { maxLength: 5 }).map((members) => `{${members.join(",")}}`),
  empty: space.map((inside) => `[${inside}]`),
  value: fc.oneof({ depthSize: "small" }, scalarToken, tie("array"), tie("object"), tie("empty")),
}));

/** Any JSON value as text. */
export const valueToken = value;

/** A whole document: a value with white space around it. */
export const document = padded(value);

// ---- Damage -------------------------------------------------------------------------------------

// What makes another document of the same bytes more often than any byte would.
const telling = Array.from('"\\{}[]:,0123456789-+.eEtfn /u\n', (c) => c.charCodeAt(0));
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...telling) },
  { weight: 2, arbitrary: fc.nat({ max: 255 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 9, 0x1f, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4),
  },
);
const damage = fc.record({
  kind: fc.constantFrom("flip", "replace", "delete", "insert", "copy", "cut"),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 8 }),
  byte,
});

function splice(bytes, from, to, between) {
  return Uint8Array.from([...bytes.subarray(0, from), ...between, ...bytes.subarray(to)]);
}

function apply(bytes, { kind, at, length, byte: put }) {
  const from = at % (bytes.length + 1);
  const to = Math.min(from + length, bytes.length);
  switch (kind) {
    case "flip":
      return splice(bytes, from, from + 1, [(bytes[from] ?? 0) ^ (1 << (length - 1))]);
    case "replace":
      return splice(bytes, from, from + 1, [put]);
    case "delete":
      return splice(bytes, from, to, []);
    case "insert":
      return splice(bytes, from, from, [put]);
    case "copy":
      return splice(bytes, to, to, bytes.subarray(from, to));
    default:
      return bytes.slice(0, from);
  }
}

/** What one to three accidents make of bytes. */
export function damaged(bytes) {
  return fc
    .tuple(bytes, fc.array(damage, { minLength: 1, maxLength: 3 }))
    .map(([whole, accidents]) => accidents.reduce(apply, whole));
}
