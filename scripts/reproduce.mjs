// Builds the package twice, from nothing and in different folders, and compares every byte of dist/:
// npm run reproduce. It takes minutes.
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setupOrExit } from "./setup.mjs";
import { main, root, run } from "./shell.mjs";

// All that a build reads.
const sources = ["bindings", "cmake", "scripts", "src", "ts"];
const files = [
  "CMakeLists.txt",
  "CMakePresets.json",
  "package-lock.json",
  "package.json",
  "tsconfig.json",
];

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Copies the sources. */
function copyTo(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of [...sources, ...files])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
}

/** Builds such a copy; the hash of each file of its dist/. */
async function buildIn(folder) {
  await run(
    [
      "env",
      "-C",
      folder,
      "node",
      "--input-type=module",
      "--eval",
      'const { build } = await import("./scripts/build.mjs"); await build();',
    ],
    { capture: true },
  );
  const dist = join(folder, "dist");
  const built = readdirSync(dist, { recursive: true, withFileTypes: true });
  return new Map(
    built
      .filter((entry) => entry.isFile())
      .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
      .map((file) => [relative(dist, file), hash(readFileSync(file))]),
  );
}

await main(import.meta.url, async () => {
  await setupOrExit();
  const base = mkdtempSync(join(tmpdir(), "chatwire-"));
  try {
    const folders = [join(base, "one"), join(base, "another/that-is/deeper")].map(copyTo);
    const one = await buildIn(folders[0]);
    const other = await buildIn(folders[1]);
    const names = [...new Set([...one.keys(), ...other.keys()])];
    const different = names.filter((name) => one.get(name) !== other.get(name));
    for (const name of different) console.error(`differs: ${name}`);
    console.log(
      `${names.length - different.length} of ${names.length} files of dist/ are the same`,
    );
    if (different.length > 0 || names.length === 0) process.exitCode = 1;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});
