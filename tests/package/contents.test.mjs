// What is in the package, file by file, and what comes along with it: nothing.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { root } from "../../scripts/shell.mjs";
import { outputOf } from "./processes.mjs";
import { makeProject } from "./project.mjs";

let installed;
let project;
before(async () => {
  project = await makeProject("contents");
  installed = join(project, "node_modules/chatwire");
});

const read = (name) => readFileSync(join(installed, name), "utf8");

test("its files are those of the list", () => {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) =>
      join(parentPath ?? path, name).slice(installed.length + 1),
    );
  const listed = readFileSync(join(root, "tests/package/contents.txt"), "utf8").trim().split("\n");
  assert.deepEqual(files.sort(), listed.sort());
});

test("it brings no other package along", () => {
  const all = readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(all, ["chatwire"]);
  const told = JSON.parse(read("package.json"));
  const kinds = /dependencies$/i;
  const named = Object.keys(told).filter((key) => kinds.test(key) && key !== "devDependencies");
  assert.deepEqual(named, []);
});

test("nothing runs when it is installed", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const hooks = /^(pre|post)?(install|uninstall|prepare|publish)$|^dependencies$/;
  assert.deepEqual(
    Object.keys(scripts).filter((name) => hooks.test(name)),
    [],
  );
  // npm builds what has such a file, without being told to.
  assert.ok(!readdirSync(installed).includes("binding.gyp"));
});

test("licences of what is compiled in are there, and what is promised", () => {
  for (const name of ["Emscripten", "musl", "LLVM", "nlohmann/json", "fast_float"])
    assert.ok(read("THIRD-PARTY.md").includes(name), name);
  assert.match(read("THIRD-PARTY.md"), /Permission is hereby granted, free of charge/);
  assert.match(read("LICENSE"), /MIT/);
  assert.match(read("SECURITY.md"), /Report a vulnerability/);
});

test("the bill of materials is current, and each of its parts has its licence told", async () => {
  await outputOf(root, process.execPath, "scripts/sbom.mjs", "--check");
  const { metadata, components } = JSON.parse(read("sbom.cdx.json"));
  const { name, version } = JSON.parse(read("package.json"));
  assert.equal(`${metadata.component.name}@${metadata.component.version}`, `${name}@${version}`);
  assert.deepEqual(
    components.map((component) => component.name),
    ["emscripten", "musl", "libc++", "compiler-rt"],
  );
});
