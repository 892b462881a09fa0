// What holds for all commands: help, versions, statuses, what is refused, where output goes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as zlib from "node:zlib";
import { commands } from "../../../build/modules/cli/commands.js";
import {
  chatwire,
  completion,
  program,
  root,
  sample,
  scratch,
  start,
  version,
} from "./support.mjs";

const write = scratch();

describe("the command line", () => {
  test("shows its version and its help, and the help of each command", async () => {
    assert.equal((await chatwire(["--version"])).stdout, `${version}\n`);
    const { code, stdout } = await chatwire(["--help"]);
    assert.equal(code, 0);
    for (const { name } of commands) {
      assert.match(stdout, new RegExp(`^  ${name} `, "m"));
      const help = await chatwire([name, "--help"]);
      assert.equal(help.code, 0);
      assert.match(help.stdout, new RegExp(`^Usage: chatwire ${name} `));
      assert.match(help.stdout, /^Examples:\n {2}\S.*chatwire|^Examples:\n {2}chatwire/m);
      assert.equal((await chatwire(["help", name])).stdout, help.stdout);
      for (const line of (help.stdout + stdout).split("\n"))
        assert.ok(line.length <= 80 || /^ {2}\S/.test(line), line);
    }
  });

  for (const [what, args, message] of [
    ["no command", [], /a command is missing/],
    ["an unknown command", ["decod"], /no command "decod"; there are decode, /],
    ["an unknown option", ["decode", "--jsn", "-"], /'--jsn'/],
    ["an option before the command", ["--json", "decode"], /no option --json before/],
    ["no file", ["decode"], /decode takes FILE/],
    ["too many files", ["stream", "a", "b"], /no more than FILE/],
    ["standard input twice", ["decode", "-", "-"], /standard input can be read once/],
    ["an unknown contract", ["decode", "--contract", "x", "-"], /--contract takes atoma, .*"x"/],
    ["options that exclude each other", ["stream", "--json", "--text", "-"], /exclude each other/],
    [
      "a file that is not there",
      ["decode", "nowhere.json"],
      /nowhere\.json: there is no such file/,
    ],
    ["a folder", ["decode", "examples"], /examples: this is a folder/],
  ]) {
    test(`refuses ${what}, with status 2 and on standard error`, async () => {
      const { code, stdout, stderr } = await chatwire(args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.ok(!stderr.includes("    at "), "a stack");
    });
  }

  const packers = {
    gz: zlib.gzipSync,
    br: zlib.brotliCompressSync,
    zst: zlib.zstdCompressSync, // in newer Node
  };
  const body = JSON.stringify(completion());
  for (const [ending, pack] of Object.entries(packers)) {
    test(`unpacks .${ending}`, { skip: !pack && "this Node has no zstd" }, async () => {
      const file = write(`packed.json.${ending}`, pack(body));
      const { code, stdout } = await chatwire(["decode", "--json", file]);
      assert.equal(code, 0);
      assert.equal(JSON.parse(stdout).choices[0].message.content, "Hi!");
    });
  }

  test("unpacks standard input", async () => {
    const { stdout } = await chatwire(["decode", "--json", "-"], { input: zlib.gzipSync(body) });
    assert.equal(JSON.parse(stdout).model, "m-1");
  });

  test("says what is wrong with packed files", async () => {
    const cut = write("cut.json.gz", zlib.gzipSync(body).subarray(0, 100));
    const broken = await chatwire(["decode", cut]);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /cut\.json\.gz: it cannot be unpacked: unexpected end of file/);
    if (zlib.createZstdDecompress !== undefined) return;
    const zstd = write("a.zst", new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0, 0]));
    const old = await chatwire(["decode", zstd]);
    assert.equal(old.code, 2);
    assert.match(old.stderr, /zstd, which Node reads from 22\.15 on/);
  });

  test("is quiet where nobody reads to the end", () => {
    const command = `set -o pipefail; "${process.execPath}" "${program}" decode ${"examples/samples/plain.json ".repeat(200)} | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const output = execFileSync("bash", ["-c", `(${command}) 2>&1`], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(output, "\n0\n");
  });

  test("shows colours on terminals alone, and not with NO_COLOR", (t) => {
    const onTerminal = (env) =>
      execFileSync(
        "script",
        ["-qec", `"${process.execPath}" "${program}" decode ${sample("plain.json")}`, "/dev/null"],
        {
          encoding: "utf8",
          env: { ...process.env, TERM: "xterm", ...env },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
    let plain;
    try {
      plain = onTerminal({ NO_COLOR: "1" });
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      return t.skip("there is no program `script`");
    }
    assert.ok(!plain.includes("\x1b["));
    assert.ok(onTerminal({ NO_COLOR: "" }).includes("\x1b[32m"));
  });
});

describe("chatwire decode", () => {
  test("prints all of a body as JSON", async () => {
    const { code, stdout, stderr } = await chatwire(["decode", "--json", sample("logprobs.json")]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.ok(JSON.parse(stdout).choices[0].logprobs.content.length > 0);
  });

  test("puts a stream together", async () => {
    const { code, stdout } = await chatwire(["decode", "--json", sample("tool-calls.sse")]);
    assert.equal(code, 0);
    const [{ message, finishReason }] = JSON.parse(stdout).choices;
    assert.equal(message.toolCalls.length, 2);
    assert.equal(finishReason, "tool_calls");
  });

  test("shows the object, what helpers read of it, and the issues", async () => {
    const { code, stdout } = await chatwire(["decode", "-"], {
      input: '{"choices":[{"message":{"content":"4"}}],"usage":{"total_tokens":"7"}}',
    });
    assert.equal(code, 0);
    assert.match(stdout, /^standard input {2}\d+ bytes {2}repaired$/m);
    assert.match(stdout, /totalTokens: 7/);
    assert.match(stdout, /^ {2}messageText +4$/m);
    assert.match(stdout, /^ {2}warning NUMBER_FROM_STRING at usage\.total_tokens, byte \d+/m);
  });

  test("decodes what is wrapped, and each line of a log", async () => {
    const wrapped = (id) =>
      JSON.stringify({ custom_id: id, response: { body: completion({ id }) } });
    const one = await chatwire(["decode", "--json", "-"], { input: wrapped("a") });
    assert.equal(JSON.parse(one.stdout).id, "a");
    const log = `${wrapped("a")}\n\nbad\n${wrapped("b")}\n`;
    const all = await chatwire(["decode", "-"], { input: `${wrapped("0")}\n${log}` });
    assert.equal(all.code, 1);
    const titles = all.stdout.match(/^standard input:.*/gm);
    assert.deepEqual(
      titles.map((title) => title.replace(/\d+ bytes/, "N bytes")),
      [
        "1  N bytes  decoded",
        "2  N bytes  decoded",
        "4  N bytes  DecodeError",
        "5  N bytes  decoded",
      ].map((title) => `standard input:${title}`),
    );
  });

  test("ends with 1 where something cannot be decoded, and goes on", async () => {
    const files = [sample("truncated.json"), sample("plain.json"), sample("broken-off.sse")];
    const { code, stdout } = await chatwire(["decode", ...files]);
    assert.equal(code, 1);
    assert.match(stdout, /plain\.json {2}\d+ bytes {2}decoded/);
    assert.match(stdout, /broken-off\.sse {2}a stream {2}TruncatedError/);
    const json = await chatwire(["decode", "--json", sample("truncated.json")]);
    assert.equal(json.code, 1);
    assert.match(JSON.parse(json.stdout).choices[0].message.content, /^Pack for four seasons/);
    assert.match(json.stderr, /truncated\.json: error: .* \[TRUNCATED\]$/m);
  });

  test("holds what a contract says", async () => {
    const input = JSON.stringify(completion({ id: 5 }));
    const lenient = await chatwire(["decode", "--json", "-"], { input });
    const strict = await chatwire(["decode", "--json", "--contract", "atoma", "-"], { input });
    assert.deepEqual([lenient.code, strict.code], [0, 1]);
    assert.match(strict.stderr, /\[BAD_TYPE\]/);
  });
});

describe("chatwire stream", () => {
  test("shows text as it comes, then completion, usage and timing", async () => {
    const { code, stdout } = await chatwire(["stream", "--replay", sample("chat.sse")]);
    assert.equal(code, 0);
    const order = [
      "answer      Tea wants",
      "finishReason: 'stop'",
      "usage   ",
      "tokens per second",
    ];
    const places = order.map((text) => stdout.indexOf(text));
    assert.ok(
      places.every((place, at) => place > (places[at - 1] ?? 0)),
      `${places}\n${stdout}`,
    );
  });

  test("prints the text alone while it comes", async () => {
    const { child, ended, shown } = start(["stream", "--text", "-"]);
    const send = (content, end = "null") =>
      child.stdin.write(
        `data: {"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":${end}}]}\n\n`,
      );
    send("One");
    await shown("One");
    send(" two", '"stop"');
    child.stdin.end("data: [DONE]\n\n");
    const { code, stdout } = await ended;
    assert.equal(code, 0);
    assert.equal(stdout, "One two\n");
  });

  test("prints events as JSON", async () => {
    const { stdout } = await chatwire(["stream", "--json", sample("tool-calls.sse")]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(events.filter(({ type }) => type === "tool-call-end").length, 2);
  });

  test("ends with 1 where a stream breaks off, after what came", async () => {
    for (const options of [[], ["--text"]]) {
      const { code, stdout, stderr } = await chatwire([
        "stream",
        ...options,
        sample("broken-off.sse"),
      ]);
      assert.equal(code, 1);
      assert.match(stdout, /I will book the table/);
      assert.match(stdout + stderr, /TruncatedError/);
    }
  });

  test("shows what came when it is interrupted", async () => {
    const { child, ended, shown } = start(["stream", "-"]);
    child.stdin.write('data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n');
    await shown("Half");
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.equal(code, 130);
    assert.match(stdout, /content: 'Half'/);
  });

  test("takes a whole body for a stream", async () => {
    const { code, stdout } = await chatwire(["stream", "--text", sample("plain.json")]);
    assert.equal(code, 0);
    assert.match(stdout, /^Three things keep/);
  });
});

describe("chatwire schema", () => {
  test("prints the schema of a contract, or of a part of it", async () => {
    for (const [name, file] of [
      ["openai", "openai.completion"],
      ["groq.chunk", "groq.chunk"],
    ]) {
      const { code, stdout } = await chatwire(["schema", name]);
      assert.equal(code, 0);
      const schema = await import(join(root, `schemas/${file}.json`), { with: { type: "json" } });
      assert.deepEqual(JSON.parse(stdout), schema.default);
    }
  });

  test("lists them, and knows no others", async () => {
    const { stdout } = await chatwire(["schema"]);
    assert.match(stdout, /^openai\.completion$/m);
    const { code, stderr } = await chatwire(["schema", "gpt"]);
    assert.equal(code, 2);
    assert.match(stderr, /no schema "gpt"; there are .*mistral\.error/);
  });
});
