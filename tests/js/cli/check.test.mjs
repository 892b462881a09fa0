// chatwire check: issues at their lines and columns, and the status.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { decodeStream, safeDecode } from "chatwire";
import { kindOf } from "../../../build/modules/cli/kind.js";
import { Places } from "../../../build/modules/cli/places.js";
import { chatwire, completion, lines, root, sample, scratch } from "./support.mjs";

const write = scratch();
const whole = completion({
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Hi!", refusal: null },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
});

describe("chatwire check", () => {
  test("says nothing of what a contract allows, with status 0", async () => {
    const file = write("good.json", JSON.stringify(whole, null, 2));
    const { code, stdout, stderr } = await chatwire(["check", file, "--contract", "openai"]);
    assert.equal(stdout, "");
    assert.equal(stderr, "0 errors, 0 warnings, 0 info in 1 answer\n");
    assert.equal(code, 0);
  });

  test("lists errors as compilers do, with status 1", async () => {
    const text =
      '{\n  "choices": [\n    {"index": "0", "message": {"content": "Zürich"}, "x": 1}\n  ]\n}\n';
    const file = write("bad.json", text);
    const { code, stdout, stderr } = await chatwire(["check", file, "--contract", "atoma"]);
    assert.equal(code, 1);
    assert.ok(
      stdout.includes(
        `${file}:3:15: error: choices[0].index: a value of another type: expected an integer, received "0" [BAD_TYPE]\n`,
      ),
      stdout,
    );
    for (const line of stdout.trimEnd().split("\n"))
      assert.match(line, /^.*bad\.json:\d+:\d+: error: .* \[[A-Z_0-9]+\]$/);
    assert.equal(
      stderr,
      `${stdout.trimEnd().split("\n").length} errors, 0 warnings, 0 info in 1 answer\n`,
    );
  });

  test("warns of repairs where there is no contract, with status 0", async () => {
    const file = write(
      "odd.json",
      '{"choices":[{"index":0,"message":{"content":"é"},"finish_reason":"stop"}],\n"usage":{"total_tokens":"7"}}',
    );
    const { code, stdout } = await chatwire(["check", file]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^.*odd\.json:2:25: warning: usage\.total_tokens: .* \[NUMBER_FROM_STRING\]\n$/,
    );
  });

  test("finds the answers of a log by line and column", async () => {
    const log = lines(
      whole,
      "",
      {
        custom_id: "grüezi",
        response: { status_code: 200, body: { ...whole, id: 5 } },
        error: null,
      },
      "bad",
      { note: "x", response: JSON.stringify({ ...whole, id: 6 }) },
    );
    const file = write("log.jsonl", log);
    const { code, stdout, stderr } = await chatwire(["check", file, "--contract", "openai"]);
    assert.equal(code, 1);
    const rows = log.split("\n");
    const column = (row, text) => rows[row].indexOf(text) + 1;
    assert.deepEqual(
      stdout
        .trimEnd()
        .split("\n")
        .map((row) => /:(\d+:\d+): .*\[(.*)\]$/.exec(row).slice(1)),
      [
        [`3:${column(2, "5,")}`, "BAD_TYPE"],
        ["4:1", "NOT_JSON"],
        [`5:${column(4, '"{')}`, "BAD_TYPE"],
      ],
    );
    assert.match(stderr, /^3 errors, .* in 4 answers$/m);
    const packed = write("log.jsonl.gz", gzipSync(log));
    const other = await chatwire(["check", packed, "--contract", "openai"]);
    assert.equal(other.stdout.replaceAll("jsonl.gz", "jsonl"), stdout);
  });

  test("finds what is wrong with a stream", async () => {
    const { code, stdout } = await chatwire(["check", sample("broken-off.sse")]);
    assert.equal(code, 1);
    const { length } = readFileSync(sample("broken-off.sse"), "utf8").split("\n");
    assert.match(
      stdout,
      new RegExp(`broken-off\\.sse:${length}:\\d+: error: .* \\[TRUNCATED\\]\n$`),
    );
    const lenient = await chatwire(["check", sample("chat.sse"), sample("plain.json")]);
    assert.equal(lenient.code, 0);
  });

  test("takes a file for what it is told", async () => {
    const input = `${JSON.stringify(whole)}\nbad\n`;
    const body = await chatwire(["check", "-"], { input });
    assert.match(body.stdout, /^standard input:2:1: warning: .* \[TRAILING_BYTES\]$/m);
    const log = await chatwire(["check", "--as", "log", "-"], { input });
    assert.match(log.stdout, /^standard input:2:1: error: .* \[NOT_JSON\]$/m);
    const wrong = await chatwire(["check", "--as", "text", "-"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--as takes body, stream, log/);
  });

  test("prints issues as JSON, with all that they have", async () => {
    const file = write(
      "odd.json",
      '{"choices":[{"message":{"content":"é"},"finish_reason":"stop"}]}',
    );
    const { stdout } = await chatwire(["check", "--json", file]);
    const { message, ...issue } = JSON.parse(stdout);
    assert.deepEqual(issue, { file, line: 1, column: 13, ...issueOf(file) });
  });
  const issueOf = (file) => {
    const { message, ...issue } = safeDecode(readFileSync(file)).issues[0];
    return issue;
  };

  test("goes on after a file that cannot be read, and ends with 2", async () => {
    const { code, stdout, stderr } = await chatwire([
      "check",
      "nowhere.json",
      sample("quirks.json"),
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /nowhere\.json: there is no such file/);
    assert.match(stdout, /quirks\.json:1:/);
  });

  const corpus = join(root, "../shared/corpus");
  test("finds in recordings of real servers what decoding finds", {
    skip: !existsSync(corpus) && "the corpus is not here",
  }, async () => {
    const files = ["bodies", "streams"].flatMap((folder) =>
      readdirSync(join(corpus, folder)).map((name) => join(corpus, folder, name)),
    );
    const expected = [];
    for (const file of files) {
      const bytes = readFileSync(file);
      const stream = file.endsWith(".sse") && decodeStream([bytes], { contract: "openai" });
      await stream?.finalCompletion?.().catch(() => {});
      const { issues } = stream || safeDecode(bytes, { contract: "openai" });
      for (const { code } of issues) expected.push(`${file} ${code}`);
    }
    const { stdout } = await chatwire(["check", "--contract", "openai", ...files]);
    const found = stdout
      .trimEnd()
      .split("\n")
      .map((row) => row.replace(/:\d+:\d+: .*\[(.*)\]$/, " $1"));
    assert.deepEqual(found, expected);
  });
});

test("what a file is shows in its first object", () => {
  const chunk = '{"object":"chat.completion.chunk","choices":[]}';
  const body = JSON.stringify(whole);
  for (const [name, text, kind] of [
    ["a", body, "body"],
    ["a", JSON.stringify(whole, null, 2), "body"],
    ["a.jsonl", body, "log"],
    ["a.jsonl.gz", body, "log"],
    ["a", `${body}\n${body}`, "log"],
    ["a", `{"response":${body}}\n{"response":${body}}`, "log"],
    ["a", `${chunk}\n${chunk}`, "stream"],
    ["a.ndjson", `${chunk}\n${chunk}`, "stream"],
    ["a", '{"choices":[{"delta":{}}]}\n{}', "stream"],
    ["a", `data: ${chunk}\n\n`, "stream"],
    ["a", ": hello\n\n", "stream"],
    ["a.jsonl", "oops\n", "log"],
    ["a", "", "stream"],
  ])
    assert.equal(kindOf(name, Buffer.from(text), true), kind, `${name} ${text}`);
  assert.equal(kindOf("a", Buffer.from('{"id":'), false), undefined);
});

test("places are lines and columns, in any order", () => {
  const text = "aé🚌b\n\nçd\r\nlast";
  const bytes = Buffer.from(text);
  const expected = [];
  let line = 1;
  let column = 1;
  for (const character of text) {
    for (let i = 0; i < Buffer.byteLength(character); i++)
      expected.push({ line, column: i === 0 ? column : column + 1 });
    column++;
    if (character === "\n") {
      line++;
      column = 1;
    }
  }
  expected.push({ line, column });
  const forward = new Places(bytes);
  const backward = new Places(bytes);
  for (const [offset, place] of expected.entries()) assert.deepEqual(forward.of(offset), place);
  for (const [offset, place] of [...expected.entries()].reverse())
    assert.deepEqual(backward.of(offset), place);
  assert.deepEqual(new Places(bytes, 10).of(7), { line: 10, column: 4 });
});
