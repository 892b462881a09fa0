// The parts that logs are read with: lines cut from reads, and answers found in lines.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { LineCutter, rangeBlocks } from "../../../build/modules/cli/log/blocks.js";
import { answerBytes, locate } from "../../../build/modules/cli/log/locate.js";
import { scratch } from "./support.mjs";

const write = scratch();
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const textLine = fc.string({ unit: fc.constantFrom("a", "b", "\r", "é"), maxLength: 12 });
const texts = fc
  .tuple(fc.array(textLine, { maxLength: 20 }), fc.boolean())
  .map(([all, hasEnd]) => all.join("\n") + (hasEnd ? "\n" : ""));

describe("blocks of lines", () => {
  test("are whole lines, and all of them, however they are read", () => {
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 40 }),
        (text, size, block) => {
          const spare = [];
          const cutter = new LineCutter(block, spare);
          const found = [];
          const take = (blocks) => {
            for (const bytes of blocks) {
              found.push(Buffer.from(bytes).toString());
              spare.push(bytes.buffer);
            }
          };
          const bytes = Buffer.from(text);
          for (let at = 0; at < bytes.length; at += size)
            take(cutter.feed(bytes.subarray(at, at + size)));
          take(cutter.end());
          for (const of of found.slice(0, -1)) assert.ok(of.endsWith("\n"));
          assert.equal(found.join(""), text);
        },
      ),
    );
  });

  test("of parts of a file are each line once", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 30 }), (text, size) => {
        const file = write("ranges.txt", text);
        const length = Buffer.byteLength(text);
        const found = [];
        for (let from = 0; from < length; from += size) {
          const to = Math.min(length, from + size);
          const blocks = Array.from(rangeBlocks({ file, from, to }), (of) =>
            Buffer.from(of).toString(),
          );
          const begun = linesOf(text).reduce(
            ({ at, lines }, line) => {
              const isHere = at >= from && at < to;
              return { at: at + Buffer.byteLength(line), lines: isHere ? lines + line : lines };
            },
            { at: 0, lines: "" },
          );
          assert.equal(blocks.join(""), begun.lines);
          found.push(...blocks);
        }
        assert.equal(found.join(""), text);
      }),
      { numRuns: 300 },
    );
  });

  test("of parts of a file are each line once, where lines are longer than reads", () => {
    const sizes = [100, 700_000, 10, 262_143, 262_144, 1_500_000, 0, 262_145, 5];
    const lines = sizes.map((size, at) => `${"abcdefghi"[at].repeat(size)}\n`);
    const file = write("long-lines.txt", lines.join(""));
    const length = lines.join("").length;
    for (const size of [100_000, 262_144, 300_001, length]) {
      let found = "";
      for (let from = 0; from < length; from += size)
        for (const of of rangeBlocks({ file, from, to: Math.min(length, from + size) }))
          found += Buffer.from(of).toString();
      assert.ok(found === lines.join(""), `parts of ${size}`);
    }
  });

  test("leave out what is too long to be an answer, and tell where it was", () => {
    const cutter = new LineCutter(1 << 20, []);
    const long = new Uint8Array(10 << 20).fill(97);
    const found = [];
    const take = (blocks) => {
      for (const of of blocks) found.push(of && Buffer.from(of).toString());
    };
    take(cutter.feed(Buffer.from("before\n")));
    for (let i = 0; i < 20; i++) take(cutter.feed(long));
    take(cutter.feed(Buffer.from("\nafter\n")));
    take(cutter.end());
    assert.deepEqual(found, ["before\n", undefined, "after\n"]);
  });
});

const body =
  '{"id":"c","choices":[{"message":{"content":"}{\\"\\\\"}}],"usage":{"a":[1,{"b":[]}]}}';
const answerIn = (line) => {
  const bytes = Buffer.from(line);
  return Buffer.from(answerBytes(bytes, locate(bytes, 0, bytes.length))).toString();
};

describe("the answer in a line of a log", () => {
  const long = '"x\\\\\\"y {}[] '.repeat(30);
  for (const [what, line, answer] of [
    ["a completion", body, body],
    ["a completion with bytes after it", `${body} x`, `${body} x`],
    [
      "a line of a batch's output",
      `{"id":"b","custom_id":"1","response":{"status_code":200,"request_id":"","body":${body}},"error":null}`,
      body,
    ],
    ["with blanks", `{ "response" : { "body" : ${body} } , "error" : null }`, body],
    [
      "after long texts",
      `{"prompt":"${long.replaceAll('"', "'")}","q":${JSON.stringify(long)},"output":${body}}`,
      body,
    ],
    [
      "beside a request",
      `{"request":{"messages":[{"content":"choices"}],"choices":1},"response":${body},"ms":12}`,
      body,
    ],
    ["as text", `{"time":1,"response":${JSON.stringify(body)}}`, body],
    ["after an error that was retried", `{"error":{"message":"slow"},"response":${body}}`, body],
    ["an error", '{"error":{"message":"no"}}', '{"error":{"message":"no"}}'],
    [
      "an error of a batch",
      '{"response":null,"error":{"code":"batch_expired"}}',
      '{"response":null,"error":{"code":"batch_expired"}}',
    ],
    [
      "an error inside",
      '{"response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null}',
      '{"error":{"message":"no"}}',
    ],
    [
      "something else inside",
      '{"response":{"status_code":404,"body":{"detail":"Not Found"}},"error":null}',
      '{"detail":"Not Found"}',
    ],
    ["no object", "[1]", "[1]"],
    ["cut off", '{"response":{"body":{"choices":[{"mess', '{"choices":[{"mess'],
    ["no JSON", '{"response":{"body" {', '{"body" {'],
  ]) {
    test(what, () => assert.equal(answerIn(line), answer));
  }

  test("is a part of any bytes", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      ":",
      ",",
      "\\",
      " ",
      "1",
      '"response"',
      '"choices"',
      '"error"',
      "null",
      body,
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const line = Buffer.from(parts.join(""));
        const { from, to } = locate(line, 0, line.length);
        assert.ok(from >= 0 && from <= to && to <= line.length);
      }),
      { numRuns: 2000 },
    );
  });
});
