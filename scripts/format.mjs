// Puts every hand-written source into the repository's format: npm run format. With --check it
// changes nothing and fails where something is not.
import { join } from "node:path";
import { clangTool, clangVersion, filesUnder, isGenerated, root, run } from "./shell.mjs";

const check = process.argv.includes("--check");
const cppFolders = ["src", "bindings", "tests", "scripts", "bench", "examples"];

async function formatCpp() {
  const files = cppFolders
    .flatMap((folder) => filesUnder(folder, /\.[ch]pp$/))
    .filter((path) => !isGenerated(path));
  const program = clangTool("clang-format");
  if (program === undefined)
    console.log(`C++ left alone: its format is that of clang-format ${clangVersion}`);
  else if (files.length > 0)
    await run([program, ...(check ? ["--dry-run", "-Werror"] : ["-i"]), ...files]);
}

/** Biome formats TypeScript, JavaScript and JSON, and checks its own rules at the same time. */
async function formatScripts() {
  const biome = join(root, "node_modules/.bin/biome");
  const colors = process.stdout.isTTY ? "force" : "off";
  await run([biome, ...(check ? ["ci"] : ["check", "--write"]), `--colors=${colors}`]);
}

const results = await Promise.allSettled([formatCpp(), formatScripts()]);
for (const { reason } of results) if (reason) console.error(reason.message);
process.exitCode = results.some(({ status }) => status === "rejected") ? 1 : 0;
