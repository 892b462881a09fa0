// chatwire stats: what is counted, how it is told, what of it is bad, and how much memory it takes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { chatwire, completion, lines, program, root, scratch, start } from "./support.mjs";

const write = scratch();
const batch = (body, over = {}) => ({
  id: "batch_req_1",
  custom_id: "request-1",
  response: { status_code: 200, request_id: "r-1", body },
  error: null,
  ...over,
});
const error = { error: { message: "Rate limit reached", type: "requests", code: 429 } };

const mixed = lines(
  completion(),
  completion({ choices: [{ index: 0, message: { content: "…" }, finish_reason: "length" }] }),
  batch(completion({ model: "m-2", usage: null })),
  "",
  batch(error, { response: { status_code: 429, body: error } }),
  batch(null, { response: null, error: { code: "batch_expired", message: "Too late" } }),
  completion({ choices: [{ message: { content: "a" } }, { message: { content: "b" } }] }),
  completion({
    usage: {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 30 },
    },
  }),
  { level: 30, response: JSON.stringify(completion({ model: "m-2" })) },
);

const report = async (args, options) => {
  const { code, stdout, stderr } = await chatwire(["stats", "--json", ...args], options);
  assert.ok(stdout.startsWith("{"), stderr);
  return { code, stderr, ...JSON.parse(stdout) };
};

describe("chatwire stats", () => {
  test("counts by model: answers, tokens, finish reasons, errors, issues", async () => {
    const {
      code,
      models,
      lines: count,
      complete,
      badLines,
    } = await report([write("mixed.jsonl", mixed)]);
    assert.equal(code, 0);
    assert.equal(count, 9);
    assert.equal(complete, true);
    assert.deepEqual(badLines, { count: 0, first: [] });
    assert.deepEqual(models, [
      {
        model: "m-1",
        answers: 4,
        choices: 5,
        withoutUsage: 0,
        promptTokens: 130,
        completionTokens: 56,
        totalTokens: 186,
        cachedTokens: 64,
        reasoningTokens: 30,
        finishReasons: { stop: 2, "(none)": 2, length: 1 },
        errors: {},
        issues: { CHOICE_INDEX_MISSING: 2, FINISH_REASON_MISSING: 2 },
      },
      {
        model: "m-2",
        answers: 2,
        choices: 2,
        withoutUsage: 1,
        promptTokens: 10,
        completionTokens: 2,
        totalTokens: 12,
        cachedTokens: 0,
        reasoningTokens: 0,
        finishReasons: { stop: 2 },
        errors: {},
        issues: {},
      },
      {
        model: "(no model)",
        answers: 0,
        choices: 0,
        withoutUsage: 0,
        promptTokens: 0,
        completionTokens: 0,
        totalTokens: 0,
        cachedTokens: 0,
        reasoningTokens: 0,
        finishReasons: {},
        errors: { 429: 1, batch_expired: 1 },
        issues: {},
      },
    ]);
  });

  test("shows a table", async () => {
    const { code, stdout, stderr } = await chatwire(["stats", write("mixed.jsonl", mixed)]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.equal(
      stdout,
      `model       answers  prompt  completion  total  cached  reasoning
m-1               4     130          56    186      64         30
  finish  stop 2, (none) 2, length 1
  issues  CHOICE_INDEX_MISSING 2, FINISH_REASON_MISSING 2
m-2               2      10           2     12       0          0
  finish  stop 2
  usage   missing in 1
(no model)        0       0           0      0       0          0
  errors  429 1, batch_expired 1

9 lines of 1 file, none bad
`,
    );
  });

  test("prints CSV, with quotes where they are needed", async () => {
    const log = lines(completion({ model: 'a,"b"' }), completion());
    const { stdout } = await chatwire(["stats", "--csv", "-"], { input: log });
    assert.equal(
      stdout,
      `model,answers,prompt,`.replace("prompt", "promptTokens") +
        `completionTokens,totalTokens,cachedTokens,reasoningTokens,choices,withoutUsage,finish:stop
"a,""b""",1,10,2,12,0,0,1,0,1
m-1,1,10,2,12,0,0,1,0,1
`,
    );
  });

  test("reads any line ends, a mark of the byte order, and no line feed at the end", async () => {
    const text = `\ufeff${JSON.stringify(completion())}\r\n\r\n  ${JSON.stringify(completion())}`;
    const { models, lines: count, badLines } = await report(["-"], { input: text });
    assert.deepEqual([models[0].answers, count, badLines.count], [2, 3, 0]);
  });

  test("names bad lines by file and line, and goes on", async () => {
    const first = write("first.jsonl", lines(completion(), "not json", completion(), "{"));
    const second = write("second.jsonl", lines({ level: 30, event: "started" }, completion()));
    const all = await report([first, second]);
    assert.equal(all.code, 0);
    assert.equal(all.models[0].answers, 3);
    assert.equal(all.badLines.count, 3);
    assert.deepEqual(
      all.badLines.first.map(({ file, line, code }) => [file, line, code]),
      [
        [first, 2, "NOT_JSON"],
        [first, 4, "TRUNCATED"],
        [second, 1, "NO_CHOICES"],
      ],
    );
    for (const [file, line] of [
      [first, 2],
      [first, 4],
      [second, 1],
    ])
      assert.ok(all.stderr.includes(`${file}:${line}: `), all.stderr);
    const some = await chatwire(["stats", "--bad", "1", first, second]);
    assert.match(some.stderr, /^\S+:2: .* \[NOT_JSON\]\nand 2 more bad lines\n$/);
    assert.match(some.stdout, /6 lines of 2 files, 3 bad/);
  });

  test("is the same in any number of threads, from a pipe, and unpacked on the way", async () => {
    const filler = "x".repeat(3000);
    const bad = new Set([17, 3000, 5555, 9999]);
    const text = Array.from({ length: 10_000 }, (_, at) =>
      bad.has(at + 1)
        ? "bad\n"
        : lines(
            completion({
              model: `m-${at % 7}`,
              choices: [{ index: 0, message: { content: filler }, finish_reason: "stop" }],
            }),
          ),
    ).join("");
    assert.ok(text.length > 24 << 20, "too little for threads");
    const file = write("long.jsonl", text);
    const one = await report(["--threads", "1", file]);
    assert.deepEqual(
      one.badLines.first.map(({ line }) => line),
      [...bad],
    );
    assert.equal(
      one.models.reduce((sum, { answers }) => sum + answers, 0),
      10_000 - bad.size,
    );
    const packed = write("long.jsonl.gz", gzipSync(text, { level: 1 }));
    const byName = (a, b) => (a.model < b.model ? -1 : 1);
    const sorted = (models) => models.toSorted(byName);
    for (const [args, input] of [
      [["--threads", "3", file]],
      [["--threads", "3", packed]],
      [["--threads", "2", "-"], text],
    ]) {
      const other = await report(args, { input });
      assert.deepEqual(sorted(other.models), sorted(one.models));
      assert.equal(other.lines, one.lines);
      assert.deepEqual(
        other.badLines.first.map(({ line }) => line),
        [...bad],
      );
    }
  });

  test("counts as one what has too many names", async () => {
    const models = Array.from({ length: 1500 }, (_, at) => completion({ model: `m-${at}` }));
    const { models: counted } = await report(["-"], { input: lines(...models) });
    assert.equal(counted.length, 1001);
    assert.deepEqual([counted[0].model, counted[0].answers], ["(others)", 500]);
  });

  test("takes names from outside for nothing but names", async () => {
    const models = lines(completion({ model: "__proto__" }), completion({ model: "\u001b[31m" }));
    const { models: counted } = await report(["-"], { input: models });
    assert.deepEqual(
      counted.map(({ model }) => model),
      ["__proto__", "\u001b[31m"],
    );
    const { stdout } = await chatwire(["stats", "-"], { input: models });
    assert.ok(!stdout.includes("\u001b"));
  });

  test("tells what it has counted where a file breaks off, with status 2", async () => {
    const packed = gzipSync(lines(...Array(20_000).fill(completion())), { level: 0 });
    const cut = write("cut.jsonl.gz", packed.subarray(0, packed.length >> 1));
    const { code, complete, models, stderr } = await report([
      cut,
      write("whole.jsonl", lines(completion())),
    ]);
    assert.equal(code, 2);
    assert.equal(complete, false);
    assert.ok(models[0].answers > 1000);
    assert.match(stderr, /cut\.jsonl\.gz: it cannot be unpacked/);
  });

  test("tells what it has counted when it is interrupted", async () => {
    const { child, ended } = start(["stats", "-"]);
    const some = lines(...Array(20_000).fill(completion()));
    if (!child.stdin.write(some)) await once(child.stdin, "drain");
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.equal(code, 130);
    assert.match(stdout, /m-1 +[\d,]+ /);
    assert.match(stdout, /lines of 1 file, .*not to the end/);
  });

  test("shows how far it is on terminals only", (t) => {
    const file = write("mixed.jsonl", mixed);
    const { stderr } = {
      stderr: execFileSync(process.execPath, [program, "stats", file], {
        encoding: "utf8",
        stdio: "pipe",
      }),
    };
    assert.ok(!stderr.includes("\r"));
    try {
      const command = `"${process.execPath}" "${program}" stats ${file}`;
      const shown = execFileSync("script", ["-qec", command, "/dev/null"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      assert.match(shown, /\[ *\] +0 %/);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      t.skip("there is no program `script`");
    }
  });

  for (const [what, args, message] of [
    [
      "a number of threads that is none",
      ["--threads", "0", "-"],
      /--threads takes a number from 1 on/,
    ],
    ["two formats", ["--json", "--csv", "-"], /--json and --csv exclude each other/],
  ]) {
    test(`refuses ${what}`, async () => {
      const { code, stderr } = await chatwire(["stats", ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  test("takes the same memory for any number of lines", async () => {
    const line = Buffer.from(
      lines(
        completion({
          choices: [{ index: 0, message: { content: "x".repeat(600) }, finish_reason: "stop" }],
        }),
      ),
    );
    const block = Buffer.concat(Array(1000).fill(line));
    const run = async (count) => {
      const file = write(`${count}.jsonl`, "");
      const to = createWriteStream(file);
      for (let at = 0; at < count; at += 1000) if (!to.write(block)) await once(to, "drain");
      await once(to.end(), "finish");
      const tell = `process.on("exit",()=>process.stderr.write(String(process.resourceUsage().maxRSS)))`;
      const { code, stdout, stderr } = await chatwire(["stats", "--json", "--threads", "2", file], {
        node: [
          "--max-old-space-size=32",
          "--import",
          `data:text/javascript,${encodeURIComponent(`import{isMainThread}from"node:worker_threads";if(isMainThread)${tell}`)}`,
        ],
      });
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).models[0].answers, count);
      return Number(stderr) / 1024; // MiB
    };
    const little = await run(40_000);
    const much = await run(200_000);
    assert.ok(much < little + 40, `${little} MiB, then ${much} MiB for five times as much`);
  });

  const corpus = new URL("../shared/corpus/bodies/", `file://${root}`);
  const hasCorpus = existsSync(corpus);
  test("reads answers of real servers", {
    skip: !hasCorpus && "the corpus is not here",
  }, async () => {
    const bodies = readdirSync(corpus).map((name) =>
      JSON.parse(readFileSync(new URL(name, corpus), "utf8")),
    );
    const { models, badLines } = await report(["-"], { input: lines(...bodies) });
    assert.equal(badLines.count, 0);
    assert.equal(
      models.reduce((sum, { answers }) => sum + answers, 0),
      bodies.length,
    );
    const total = bodies.reduce((sum, { usage }) => sum + (usage?.completion_tokens ?? 0), 0);
    assert.equal(
      models.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
      total,
    );
  });
});
