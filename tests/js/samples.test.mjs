// The samples of examples/samples, and what npm start shows of them and of files of the user.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { decodeStream } from "chatwire";
import { Sniffer } from "../../build/modules/cli/sniffer.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = "examples/samples";
const readSample = (name) => readFileSync(join(root, folder, name));

// ---- The streams among the samples --------------------------------------------------------------

/** Reads a sample event by event. */
async function streamOf(name) {
  const stream = decodeStream(readSample(name));
  const events = [];
  let error;
  try {
    for await (const event of stream.events()) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  const [choice] = stream.snapshot().choices;
  const codes = stream.issues.map(({ code }) => code);
  return { stream, events, error, choice, message: choice.message, codes };
}

describe("samples of streams", () => {
  test("chat.sse: an answer, its usage, nothing to remark", async () => {
    const { stream, error, choice, codes } = await streamOf("chat.sse");
    assert.equal(error, undefined);
    assert.deepEqual(codes, []);
    assert.equal(choice.finishReason, "stop");
    assert.match(choice.message.content, /^Tea wants .* not stronger\.$/s);
    assert.equal(stream.snapshot().usage.completionTokens, 41);
    assert.ok(!JSON.stringify(stream.snapshot()).includes("obfuscation"));
  });

  test("reasoning.sse: heartbeats, reasoning, and a character in two halves", async () => {
    const { stream, events, error, message, codes } = await streamOf("reasoning.sse");
    assert.equal(error, undefined);
    assert.deepEqual(codes, []);
    assert.equal(stream.timing.heartbeats, 3);
    assert.match(readSample("reasoning.sse").toString(), /\\ud83d"/);
    assert.ok(events.every(({ text }) => text === undefined || text.isWellFormed()));
    assert.match(message.reasoningContent, /^The bus .* 9:00\.$/s);
    assert.equal(message.content, "You do not wait: one leaves at **9:00** 🚌");
  });

  test("tool-calls.sse: two calls by turns", async () => {
    const { events, error, choice, codes } = await streamOf("tool-calls.sse");
    assert.equal(error, undefined);
    assert.deepEqual(codes, []);
    const ended = events.filter(({ type }) => type === "tool-call-end");
    assert.deepEqual(
      ended.map(({ name, arguments: text, state }) => [name, JSON.parse(text), state]),
      [
        ["find_trains", { from: "Bern", to: "Zürich HB", seats: 2 }, "complete"],
        ["get_weather", { place: "Zürich", days: [1, 2] }, "complete"],
      ],
    );
    assert.equal(choice.finishReason, "tool_calls");
  });

  test("content-filter.sse: frames of a filter are not the answer", async () => {
    const { stream, error, choice, codes } = await streamOf("content-filter.sse");
    assert.equal(error, undefined);
    assert.deepEqual(codes, []);
    assert.match(choice.message.content, /^The lighthouse keeper .* years\.$/);
    assert.equal(choice.extra.content_filter_offsets.end_offset, 164);
    assert.equal(stream.snapshot().model, "gpt-4o-2024-11-20");
    assert.equal(stream.snapshot().extra.prompt_filter_results.length, 1);
  });

  test("lines.ndjson: lines of JSON, usage on each, empty finish reasons", async () => {
    const { stream, error, choice, codes } = await streamOf("lines.ndjson");
    assert.equal(error, undefined);
    assert.deepEqual(codes, ["NOT_EVENT_STREAM"]);
    assert.equal(stream.usageUpdates, 25);
    assert.equal(stream.snapshot().usage.completionTokens, 25);
    assert.equal(choice.finishReason, "stop");
  });

  test("provider-error.sse: the provider's error after half of the answer", async () => {
    const { error, message, codes } = await streamOf("provider-error.sse");
    assert.equal(error.name, "ProviderError");
    assert.equal(error.status, 502);
    assert.deepEqual(codes, ["PROVIDER_ERROR"]);
    assert.match(message.content, /at the bottom$/);
  });

  test("broken-off.sse: cut in the middle of a tool call", async () => {
    const { error, message, codes } = await streamOf("broken-off.sse");
    assert.equal(error.name, "TruncatedError");
    assert.deepEqual(codes, ["TRUNCATED"]);
    assert.deepEqual(
      error.toolCalls.map(({ name, state }) => [name, state]),
      [
        ["book_table", "complete"],
        ["send_mail", "truncated"],
      ],
    );
    assert.equal(message.toolCalls[1].function.arguments, '{"to":["ana@example.org","');
  });
});

test("a body is told from a stream by its bytes, cut anywhere", () => {
  const kinds = {
    '{"a":{"b":"}{\\"}"}}': "body",
    '\n {"choices":[]}\n\ndata: [DONE]\n': "body",
    '\ufeff{"id":': "body",
    '{"a":"{}\\\\"}\n{"a":1}': "stream",
    'data: {"a":1}\n\n': "stream",
    '\ufeffdata:{"a":1}': "stream",
    "[{}]": "stream",
    "<html>": "stream",
    " \n": "stream",
    "": "stream",
  };
  for (const [text, kind] of Object.entries(kinds)) {
    const bytes = Buffer.from(text);
    for (const size of [1, bytes.length || 1]) {
      const sniffer = new Sniffer();
      let found;
      for (let at = 0; at < bytes.length && found === undefined; at += size)
        found = sniffer.kindOf(bytes.subarray(at, at + size));
      assert.equal(found ?? sniffer.kindAtEnd, kind, text);
    }
  }
});

// ---- npm start ----------------------------------------------------------------------------------

/** Starts scripts/decode-samples.mjs. `ended` is `{ code, stdout, stderr }`. */
function start(files) {
  const command = [join(root, "scripts/decode-samples.mjs"), ...files];
  const child = spawn(process.execPath, command, { cwd: root });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  child.stdin.on("error", () => {}); // it may end before it has read everything
  const ended = new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, ...output }));
  });
  /** Waits until this has been shown. */
  const shown = async (text) => {
    while (!output.stdout.includes(text) && child.exitCode === null)
      await new Promise((resolve) => child.stdout.once("data", resolve).once("close", resolve));
    assert.ok(output.stdout.includes(text), output.stdout);
  };
  return { child, ended, shown };
}

function decodeSamples(files, input) {
  const { child, ended } = start(files);
  child.stdin.end(input);
  return ended;
}

const delta = (content, finish_reason = null) =>
  `{"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":${finish_reason}}]}`;

describe("npm start", () => {
  const scratch = mkdtempSync(join(tmpdir(), "chatwire-samples-"));
  after(() => rmSync(scratch, { recursive: true }));
  const write = (name, content) => {
    const path = join(scratch, name);
    writeFileSync(path, content);
    return path;
  };

  test("decodes the samples, each as it should", async () => {
    const { code, stdout, stderr } = await decodeSamples([]);
    assert.equal(code, 0, stderr);
    const names = readdirSync(join(root, folder)).filter((name) => name !== "README.md");
    for (const name of names) {
      const what = name.endsWith(".json") ? "\\d+ bytes  \\w+" : "a stream";
      assert.match(stdout, new RegExp(`^${name}  ${what}$`, "m"));
    }
    assert.match(stdout, new RegExp(`^All ${names.length} samples came out`, "m"));
    assert.match(stdout, /Per body \(\d+ that both read\): chatwire [\d.]+ µs/);
    assert.ok(!stdout.includes("\x1b"), "colours where there is no terminal");
  });

  test("decodes files of the user, and fails where one cannot be decoded", async () => {
    const good = await decodeSamples([`${folder}/plain.json`, "-"], '{"choices":[{}]}');
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /^standard input {2}16 bytes {2}repaired$/m);
    const bad = await decodeSamples([`${folder}/truncated.json`]);
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /TruncatedError/);
    const missing = await decodeSamples([`${folder}/missing.json`, `${folder}/chat.sse`]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^examples\/samples\/missing\.json: there is no such file$/m);
    assert.match(missing.stdout, /^ {2}decoded$/m); // the other one
  });

  test("shows what a stream says, and then what has become of it", async () => {
    const { code, stdout } = await decodeSamples([`${folder}/tool-calls.sse`]);
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}answer {6}Let me look up both\.$/m);
    assert.match(stdout, /^ {2}find_trains \{"from": "Bern", "to": "$/m);
    assert.match(stdout, /^ {2}finish of choice 0 {3}tool_calls, which is tool-calls$/m);
    assert.match(stdout, /^ {2}usage {16}345 tokens in all$/m);
    assert.match(stdout, /^ {2}timing {15}first byte [\d.]+ ms, first token .* \(read at once\)$/m);
    const bad = await decodeSamples(["-"], readSample("broken-off.sse"));
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /^ {2}TruncatedError: /m);
    assert.match(bad.stdout, /^ {2}tool call 0\.1 {8}send_mail: arguments truncated$/m);
  });

  for (const [name, before, between] of [
    ["events", "data: ", "\n\n"],
    ["lines", "", "\n"],
  ]) {
    test(`shows standard input while it comes: ${name}`, async () => {
      const { child, ended, shown } = start(["-"]);
      const send = (json) => child.stdin.write(before + json + between);
      send(delta("One"));
      if (name === "lines") send(delta(" and")); // one line might be a body
      await shown("One");
      send(delta(" two"));
      await shown(" two");
      child.stdin.end(before + delta(" three", '"stop"') + between);
      const { code, stdout } = await ended;
      assert.equal(code, 0);
      assert.match(stdout, /^ {2}answer {6}One( and)? two three$/m);
    });
  }

  test("ends after [DONE] although standard input does not", async () => {
    const { child, ended } = start(["-"]);
    child.stdin.write(`data: ${delta("Hi", '"stop"')}\n\ndata: [DONE]\n\n`);
    assert.equal((await ended).code, 0);
  });

  test("says what is wrong with what is no stream", async () => {
    const files = {
      EMPTY_BODY: write("empty", ""),
      HTML_BODY: write("page.html", "<!doctype html><title>Busy</title>"),
      NOT_JSON: write(
        "binary",
        new Uint8Array(4096).map((_, at) => (at * 167) ^ (at >> 3)),
      ),
    };
    const { code, stdout } = await decodeSamples(Object.values(files));
    assert.equal(code, 1);
    for (const name of Object.keys(files))
      assert.match(stdout, new RegExp(`^  code +${name}$`, "m"));
    assert.ok(!/(?!\n)\p{Cc}/u.test(stdout));
  });

  test("shows nothing that a terminal would obey", async () => {
    const evil = "\\u001b[31mred\\u009b\\u0007\\r";
    const body = `{"choices":[{"message":{"content":"${evil}"}}],"\\u001b[2J":1}`;
    const call = `{"index":0,"id":"${evil}","function":{"name":"${evil}","arguments":"${evil}"}}`;
    const members = ["content", "reasoning_content", "refusal"].map(
      (name) => `"${name}":"${evil}"`,
    );
    const chunk = `{"choices":[{"delta":{${members},"tool_calls":[${call}]},"finish_reason":"${evil}"}]}`;
    const error = `{"error":{"message":"${evil}","code":"${evil}"}}`;
    const stream = `data: ${chunk}\n\ndata: ${error}\n\n`;
    for (const input of [body, stream, `data: ${chunk}\n\n`]) {
      const { stdout, stderr } = await decodeSamples(["-"], input);
      assert.match(stdout, /red/);
      assert.ok(!/(?!\n)\p{Cc}/u.test(stdout + stderr));
    }
  });
});
