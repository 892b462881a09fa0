// The commands of the documents run, in a project that has the package and the files that they name;
// sessions print what the documents say.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { checkedBlocks, commandExceptions, nameOf } from "./blocks.mjs";
import { makeProject, packageJson } from "./project.mjs";
import { startUpstream } from "./upstream.mjs";

const folder = makeProject();
const bin = join(folder, "node_modules/.bin");
let upstream;
let env;

before(async () => {
  upstream = await startUpstream();
  env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    URL: `${upstream.origin}/v1/chat/completions`,
    CHAT_URL: `${upstream.origin}/v1/chat/completions`,
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
      const lacks = ["curl", "jq", "zstd", "deno", "bun"].find(
        (one) => new RegExp(`\\b${one} `).test(command) && !has(one),
      );
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
