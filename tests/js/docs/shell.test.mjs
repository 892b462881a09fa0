// The commands of the documents run, in a project that has the package and the files that they name;
// sessions print what the documents say.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { checkedBlocks, commandExceptions, nameOf, root } from "./blocks.mjs";
import { startUpstream } from "./upstream.mjs";

const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const samples = join(root, "examples/samples");

/** A log, as a batch job writes it. */
const batch = ["plain", "quirks", "provider-error"]
  .map((name) => readFileSync(join(samples, `${name}.json`), "utf8"))
  .map((body, n) => {
    const answer = { custom_id: `r-${n}`, response: { status_code: 200, body } };
    return `${JSON.stringify(answer)}\n`;
  })
  .join("");

const files = {
  "request.json": '{"model":"gpt-4o-mini","stream":true,"messages":[]}',
  "batch_output.jsonl": batch,
  "batch_output.jsonl.gz": gzipSync(batch),
  "logs/a.jsonl": batch,
  "logs/b.jsonl.gz": gzipSync(batch),
};

const folder = mkdtempSync(join(tmpdir(), "chatwire-docs-"));
const bin = join(folder, "node_modules/.bin");
let upstream;
let env;

before(async () => {
  for (const name of ["quirks.json", "chat.sse", "tool-calls.sse", "broken-off.sse"])
    copyFileSync(join(samples, name), join(folder, name));
  copyFileSync(join(samples, "plain.json"), join(folder, "answer.json"));
  copyFileSync(join(samples, "chat.sse"), join(folder, "recorded.sse"));
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "logs"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "package.json"), '{"name":"app","private":true}');
  symlinkSync(root, join(folder, "node_modules/chatwire"));
  symlinkSync(join(root, packageJson.bin.chatwire), join(bin, "chatwire"));
  upstream = await startUpstream();
  env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    URL: `${upstream.origin}/v1/chat/completions`,
    KEY: "none",
    npm_config_offline: "true",
  };
});
after(() => {
  upstream.close();
  rmSync(folder, { recursive: true });
});

const has = (program) =>
  process.env.PATH.split(delimiter).some((at) => existsSync(join(at, program)));

describe("sessions print what they say", () => {
  for (const block of checkedBlocks("console")) {
    const [, command, expected] = /^\$ ((?:.*\\\n)*.*)\n([\s\S]*)$/.exec(block.code);
    test(nameOf(block), () => {
      const output = execFileSync("sh", ["-c", `{ ${command}\n} 2>&1 || true`], {
        cwd: folder,
        env,
        encoding: "utf8",
      });
      assert.equal(output, expected);
    });
  }
});

/** Commands of this repository are not run from here: their scripts must be there. */
function namedScript(command) {
  const [, name] = /^npm (?:run )?([\w:]+)/.exec(command) ?? [];
  return /^npm (run |test\b|start\b)/.test(command) ? name : undefined;
}

describe("commands", () => {
  for (const block of checkedBlocks("sh")) {
    const commands = block.code
      .replace(/\\\n/g, " ")
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "");
    for (const command of commands) {
      const name = `${nameOf(block)} ${command}`;
      if (commandExceptions.some(({ matches }) => matches.test(command))) continue;
      if (namedScript(command)) {
        test(name, () => assert.ok(namedScript(command) in packageJson.scripts));
        continue;
      }
      const lacks = ["curl", "jq", "zstd"].find((one) => command.includes(`${one} `) && !has(one));
      test(name, { skip: lacks && `there is no ${lacks}` }, async () => {
        const run = promisify(execFile);
        const { stderr } = await run("sh", ["-c", command], {
          cwd: folder,
          env,
        });
        assert.doesNotMatch(stderr, /No such file|cannot be read|not found|Usage/);
      });
    }
  }
});
