// docs/command-line.md has what --help says, and its examples run.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, describe, test } from "node:test";
import { commands } from "../../../build/modules/cli/commands.js";
import { help, helpOf } from "../../../build/modules/cli/help.js";
import { program, root, sample } from "./support.mjs";

const document = readFileSync(join(root, "docs/command-line.md"), "utf8");
const blocks = [...document.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text,
}));

test("docs/command-line.md has the help of all commands", () => {
  const texts = blocks.filter(({ language }) => language === "text").map(({ text }) => text);
  for (const [name, text] of [
    ["chatwire --help", help()],
    ...commands.map((command) => [`chatwire ${command.name} --help`, helpOf(command)]),
  ])
    assert.ok(
      texts.includes(text),
      `docs/command-line.md should have what \`${name}\` says:\n\n${text}`,
    );
});

describe("docs/command-line.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "chatwire-document-"));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "bin"));
  symlinkSync(program, join(folder, "bin/chatwire"));
  for (const name of ["quirks.json", "chat.sse"]) symlinkSync(sample(name), join(folder, name));
  const env = { ...process.env, PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` };

  const sessions = blocks.filter(({ language }) => language === "console");
  assert.ok(sessions.length > 2);
  for (const { text } of sessions) {
    const [, command, expected] = /^\$ ((?:.*\\\n)*.*)\n([\s\S]*)$/.exec(text);
    test(command, () => {
      const output = execFileSync("sh", ["-c", `{ ${command}\n} 2>&1 || true`], {
        cwd: folder,
        env,
        encoding: "utf8",
      });
      assert.equal(output, expected);
    });
  }
});
