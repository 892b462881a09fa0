// docs/command-line.md has what --help says. (Its examples run in tests/js/docs/shell.test.mjs.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commands } from "../../../build/modules/cli/commands.js";
import { help, helpOf } from "../../../build/modules/cli/help.js";
import { root } from "./support.mjs";

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
