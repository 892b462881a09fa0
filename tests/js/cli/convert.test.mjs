// chatwire convert: camelCase and back, with nothing lost.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { decode, decodeStream } from "chatwire";
import fc from "fast-check";
import { convertLine } from "../../../build/modules/cli/log/convert.js";
import { modelValue, write as writeJson } from "../arbitraries.mjs";
import { lenient, rootModel } from "../contracts/tables.mjs";
import { chatwire, completion, lines, root, sample, scratch } from "./support.mjs";

const write = scratch();

/** Converts standard input, and what comes of it back. */
async function both(input) {
  const camel = await chatwire(["convert", "-"], { input });
  const wire = await chatwire(["convert", "--to", "wire", "-"], { input: camel.stdout });
  return { camel, wire };
}

describe("chatwire convert", () => {
  const body = completion({ system_fingerprint: null, x_custom_name: { inner_name: 1 } });

  test("gives camelCase, and the same JSON back", async () => {
    const log = lines(
      body,
      { custom_id: "a b", response: { status_code: 200, body }, error: null },
      "",
      { note: "kept", response: JSON.stringify(body) },
      { success: true, result: body },
    );
    const { camel, wire } = await both(log);
    assert.deepEqual([camel.code, camel.stderr, wire.code, wire.stderr], [0, "", 0, ""]);
    assert.equal(wire.stdout, log);
    const [bare, batch, , text, envelope] = camel.stdout.split("\n");
    const expected = decode(JSON.stringify(body));
    assert.deepEqual(JSON.parse(bare), expected);
    assert.deepEqual(JSON.parse(batch).response.body, expected);
    assert.deepEqual(JSON.parse(JSON.parse(text).response), expected);
    assert.deepEqual(JSON.parse(envelope).result, expected);
  });

  test("keeps what was repaired, and what was not there", async () => {
    const odd = lines(
      '{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}}],"usage":{"total_tokens":"7"},"created":1.5}',
    );
    const { camel, wire } = await both(odd);
    assert.equal(JSON.parse(camel.stdout).usage.totalTokens, 7);
    assert.deepEqual(JSON.parse(wire.stdout), JSON.parse(odd));
  });

  test("keeps all digits of integers that no model knows", async () => {
    const big =
      '{"choices":[{"index":0}],"seed_of_request":12345678901234567890,"__proto__":-9007199254740993}\n';
    const { camel, wire } = await both(big);
    assert.match(camel.stdout, /"seed_of_request":12345678901234567890/);
    assert.equal(wire.stdout, big);
  });

  test("leaves lines as they are that it would lose something of, and names them", async () => {
    const log = lines(
      body,
      "not json",
      '{"choices":[{"index":0}],"id":"a","id":"b"}',
      '{"choices":[{"index":0}]} and more',
      { error: { message: "Rate limit reached", code: 429 } },
      { level: 30, event: "started" },
    );
    const file = write("odd.jsonl", log);
    const { code, stdout, stderr } = await chatwire(["convert", file]);
    assert.equal(code, 1);
    assert.deepEqual(stdout.split("\n").slice(1), log.split("\n").slice(1));
    const codes = stderr
      .trimEnd()
      .split("\n")
      .map((row) => /odd\.jsonl:(\d+): .*\[(.*)\]$/.exec(row).slice(1));
    assert.deepEqual(codes, [
      ["2", "NOT_JSON"],
      ["3", "DUPLICATE_KEY"],
      ["4", "TRAILING_BYTES"],
      ["6", "NO_CHOICES"],
    ]);
  });

  test("makes a line of a body, and a line of each chunk of a stream", async () => {
    const bodyLine = await chatwire(["convert", write("body.json", JSON.stringify(body, null, 2))]);
    assert.equal(bodyLine.stdout, lines(decode(JSON.stringify(body))));
    const { stdout, code } = await chatwire(["convert", sample("tool-calls.sse")]);
    assert.equal(code, 0);
    const chunks = [];
    for await (const chunk of decodeStream(readFileSync(sample("tool-calls.sse"))))
      chunks.push(chunk);
    assert.equal(stdout, lines(...chunks));
    const wire = await chatwire(["convert", "--to", "wire", "-"], { input: stdout });
    const events = readFileSync(sample("tool-calls.sse"), "utf8").match(/(?<=^data: )\{.*/gm);
    assert.deepEqual(wire.stdout.trimEnd().split("\n").map(JSON.parse), events.map(JSON.parse));
    const broken = await chatwire(["convert", sample("broken-off.sse")]);
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /TruncatedError/);
  });

  test("knows two forms", async () => {
    const { code, stderr } = await chatwire(["convert", "--to", "snake", "-"]);
    assert.equal(code, 2);
    assert.match(stderr, /--to takes camel, wire; not "snake"/);
  });

  test("loses nothing of any completion, wrapped or not", () => {
    const completions = modelValue(lenient, rootModel(lenient, "completion")).filter(
      ({ choices }) => choices?.length > 0,
    );
    fc.assert(
      fc.property(
        completions,
        fc.nat(),
        fc.constantFrom("", "object", "text"),
        (wire, seed, wrapper) => {
          const text = writeJson(wire, seed).trim();
          const inner = wrapper === "text" ? JSON.stringify(text) : text;
          const line = wrapper === "" ? text : `{"a":1,"response":${inner}}`;
          const camel = convertLine(Buffer.from(line), "camel");
          assert.equal(camel.why, undefined);
          const back = convertLine(Buffer.from(camel.bytes), "wire");
          assert.equal(back.why, undefined);
          let found = JSON.parse(Buffer.from(back.bytes).toString());
          if (wrapper !== "") found = found.response;
          if (wrapper === "text") found = JSON.parse(found);
          assert.deepStrictEqual(found, JSON.parse(text));
        },
      ),
    );
  });

  const corpus = join(root, "../shared/corpus");
  test("loses nothing of recordings of real servers", {
    skip: !existsSync(corpus) && "the corpus is not here",
  }, async () => {
    const bodies = readdirSync(join(corpus, "bodies")).map((name) =>
      readFileSync(join(corpus, "bodies", name), "utf8"),
    );
    const log = lines(...bodies.map((text) => JSON.parse(text)));
    const { camel, wire } = await both(log);
    assert.equal(camel.code, 0, camel.stderr);
    assert.deepEqual(wire.stdout.trimEnd().split("\n").map(JSON.parse), bodies.map(JSON.parse));
  });
});
