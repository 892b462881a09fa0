// Numbers where conversions go wrong: ties between two doubles, the ends of the range, many digits.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode } from "chatwire";
import fc from "fast-check";
import { decodeJson } from "./decode-json.mjs";

fc.configureGlobal({ includeErrorInReport: true });

function shown(token) {
  return token.length < 100 ? token : `${token.slice(0, 40)}...${token.slice(-40)}`;
}

/** Decodes many numbers at once and compares each with JSON.parse's. */
function check(tokens) {
  const document = `[${tokens}]`;
  const { ok, value, issue } = decodeJson(document);
  assert.ok(ok, issue?.message);
  const expected = JSON.parse(document);
  assert.equal(value.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(value[i], expected[i])) assert.fail(`${shown(tokens[i])} became ${value[i]}`);
}

const bits = new DataView(new ArrayBuffer(8));

/** The double of 64 bits; NaN and infinities become 0. */
function double(high, low) {
  bits.setUint32(0, high);
  bits.setUint32(4, low);
  const value = bits.getFloat64(0);
  return Number.isFinite(value) ? value : 0;
}

/** A positive double as an exact fraction: mantissa and power of two. */
function exact(value) {
  bits.setFloat64(0, value);
  const exponent = (bits.getUint32(0) >>> 20) & 0x7ff;
  const fraction = (BigInt(bits.getUint32(0) & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  return exponent === 0
    ? { mantissa: fraction, power: -1074 }
    : { mantissa: fraction | (1n << 52n), power: exponent - 1075 };
}

/** All decimal digits of mantissa * 2^power. */
function decimal(mantissa, power) {
  if (power >= 0) return String(mantissa << BigInt(power));
  const digits = String(mantissa * 5n ** BigInt(-power)).padStart(1 - power, "0");
  return `${digits.slice(0, power)}.${digits.slice(power)}`;
}

/** What lies half-way between a double and the next, and just beside that, with all its digits. */
function halfway(value) {
  const { mantissa, power } = exact(value);
  const middle = decimal(2n * mantissa + 1n, power - 1);
  const [whole, fraction = "0"] = middle.split(".");
  return [
    middle,
    `${whole}.${fraction}${"0".repeat(30)}1`,
    `${whole}.${fraction.replace(/[1-9](?=0*$)/, (digit) => String(digit - 1))}9`,
    middle.slice(0, 20).replace(/\.$/, ""),
    middle.slice(0, 25).replace(/\.$/, ""),
  ];
}

describe("numbers", () => {
  it("of every exponent have JSON.parse's value", () => {
    const tokens = [];
    const digits = ["1", "9", "1.7976931348623157", "1.7976931348623159", "2.2250738585072011"];
    digits.push("4.9406564584124654", "2.4703282292062327", "2.4703282292062328", "8.5");
    digits.push("9007199254740993", "9223372036854775807", "12345678901234567890", "0.000123");
    for (const written of digits)
      for (let exponent = -360; exponent <= 330; exponent++) tokens.push(`${written}e${exponent}`);
    check(tokens);
    check(tokens.map((token) => `-${token}`));
  });

  it("of every number of digits have JSON.parse's value", () => {
    const tokens = [];
    for (const pattern of ["1234567890", "9", "1", "90", "0", "1000000000000000000000"]) {
      for (let length = 1; length <= 60; length++) {
        const digits = pattern.repeat(60).slice(0, length);
        tokens.push(`0.${digits}`, `1.${digits}`, `1${digits}`, `1${digits}.0`, `1${digits}.5e-9`);
        for (const zeros of [1, 5, 17, 25]) tokens.push(`0.${"0".repeat(zeros)}${digits}`);
        for (let point = 1; point < length; point += 3)
          tokens.push(`7${digits.slice(0, point)}.${digits.slice(point)}`);
      }
    }
    check(tokens);
  });

  it("as engines write them have JSON.parse's value", () => {
    const property = fc.property(
      fc.array(fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)), {
        minLength: 300,
        maxLength: 300,
      }),
      (of) => check(of.map(([high, low]) => JSON.stringify(double(high, low)))),
    );
    fc.assert(property, { numRuns: 400 });
  });

  it("of the sizes that logprobs have have JSON.parse's value", () => {
    const property = fc.property(
      fc.array(fc.double({ min: -50, max: 0, noNaN: true }), { minLength: 300, maxLength: 300 }),
      fc.integer({ min: 1, max: 20 }),
      (of, digits) => {
        check(of.map((value) => JSON.stringify(value)));
        check(of.map((value) => value.toFixed(digits)));
        check(of.map((value) => value.toExponential(digits)));
      },
    );
    fc.assert(property, { numRuns: 400 });
  });

  it("half-way between two doubles are rounded as JSON.parse does", () => {
    const edges = [
      0,
      5e-324,
      2.225073858507201e-308,
      2.2250738585072014e-308,
      1,
      2 ** 53,
      1e22,
      1e23,
    ];
    edges.push(1.7976931348623155e308, 9007199254740991, 0.1, 1 / 3, 123456789.125, 2 ** -40);
    check(edges.flatMap(halfway));
    const property = fc.property(
      fc.array(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { maxLength: 10 }),
      fc.array(fc.double({ min: 1e-12, max: 1e21, noNaN: true }), { maxLength: 20 }),
      (any, usual) => check([...any, ...usual].flatMap(halfway)),
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it("beyond the range are infinite or zero", () => {
    check(["1e309", "-1e309", "1.7976931348623159e308", "1e999999999999999999999", "-1e-400"]);
    check(["0e999999999999", "-0e-99999", "0.0e400", "2.47e-324", "2.4703282292062327e-324"]);
  });

  it("whose exponent makes up for their zeros have JSON.parse's value", () => {
    for (const zeros of [301, 400, 99_990, 199_990, 999_990]) {
      const small = `0.${"0".repeat(zeros)}`;
      const large = `1${"0".repeat(zeros)}`;
      for (const exponent of [zeros - 300, zeros, zeros + 1, zeros + 300, 10 * zeros, 2_000_000])
        check([`${small}1e${exponent}`, `${large}e-${exponent}`, `${large}.5e-${exponent}`]);
    }
  });

  it("with many digits have JSON.parse's value", () => {
    const ones = "1".repeat(10_000);
    const half = "5".padEnd(800, "0");
    check([ones, `0.${ones}`, `${ones}.${ones}`, `1.${half}1`, `9007199254740993.${half}`]);
    check([`9007199254740992.${"9".repeat(2000)}`, `9007199254740993.${"0".repeat(2000)}1`]);
  });

  it("that are zero keep their sign", () => {
    const tokens = ["0", "-0", "0.0", "-0.0", "0e1", "-0e1", "0E-1", "-0.000e+5"];
    check(tokens);
    const values = decodeJson(`[${tokens}]`).value;
    assert.deepEqual(
      values.map((value) => Object.is(value, -0)),
      [0, 1, 0, 1, 0, 1, 0, 1].map(Boolean),
    );
  });
});

describe("numbers of a body", () => {
  it("are those of JSON.parse where a number stands", () => {
    const body = (number) =>
      `{"choices":[{"index":0,"finish_reason":"stop","logprobs":{"content":[{"logprob":${number}}]}}]}`;
    const property = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const [entry] = decode(body(JSON.stringify(number))).choices[0].logprobs.content;
      assert.ok(Object.is(entry.logprob, JSON.parse(JSON.stringify(number))));
    });
    fc.assert(property, { numRuns: 1000 });
    assert.equal(
      decode(body("1e999")).choices[0].logprobs.content[0].logprob,
      Number.POSITIVE_INFINITY,
    );
    assert.ok(Object.is(decode(body("-0")).choices[0].logprobs.content[0].logprob, -0));
  });

  it("are lists of numbers", () => {
    const body = (bytes) =>
      `{"choices":[{"index":0,"finish_reason":"stop","logprobs":{"content":[{"bytes":[${bytes}]}]}}]}`;
    const list = fc.array(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constant(-0)));
    const property = fc.property(list, (bytes) => {
      const text = bytes.map((byte) => (Object.is(byte, -0) ? "-0" : String(byte))).join(" ,\n");
      const [entry] = decode(body(text)).choices[0].logprobs.content;
      assert.deepStrictEqual(entry.bytes, bytes);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

// They are handed over in parts.
it("numbers of thousands and millions of digits", () => {
  const tokens = [];
  for (const length of [4095, 4096, 4097, 8192, 10_000, 1_000_000]) {
    tokens.push(`${"1".repeat(length)}e-${length}`, `0.${"3".repeat(length)}`);
    tokens.push(`0.${"0".repeat(length)}17e${length}`, `9007199254740993.${"0".repeat(length)}1`);
  }
  check(tokens);
});
