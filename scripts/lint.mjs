// Runs clang-tidy over the C++ core: names, sizes of functions, mistakes that compilers miss. Does
// nothing where nothing has changed since it last found nothing.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  clangTool,
  clangVersion,
  cores,
  filesUnder,
  hashOf,
  isGenerated,
  root,
  run,
} from "./shell.mjs";

const database = "build/clang-asan"; // how clang++ compiles each file
const stampFile = join(root, "build/lint.stamp");
const noise = /^\d+ warnings? (and \d+ errors? )?generated\.\n/gm; // counts of what is not shown

async function lintFiles(program, queue) {
  let failures = 0;
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      try {
        await run([program, "-p", database, "--quiet", file], { capture: true });
      } catch (error) {
        failures++;
        console.log(error.output.replace(noise, ""));
      }
    }
  };
  await Promise.all(Array.from({ length: cores }, worker));
  return failures;
}

const program = clangTool("clang-tidy");
const current = hashOf([".clang-tidy", ...filesUnder("src", /\.[ch]pp$/)]);
if (program === undefined) {
  console.log(`Nothing checked: the rules are those of clang-tidy ${clangVersion}`);
} else if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === current) {
  console.log("unchanged since clang-tidy found nothing");
} else {
  await run(["cmake", "--preset", "clang-asan"], { capture: true });
  const files = filesUnder("src", /\.cpp$/).filter((path) => !isGenerated(path));
  const failures = await lintFiles(program, files);
  console.log(failures > 0 ? `${failures} files with findings` : "clang-tidy finds nothing");
  if (failures === 0) writeFileSync(stampFile, current);
  process.exitCode = failures > 0 ? 1 : 0;
}
