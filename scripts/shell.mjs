// What the scripts share: where the repository is, running programs, finding and hashing files.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const cores = availableParallelism();

/** A command that failed. `output` is what it printed, where that was captured. */
export class CommandError extends Error {
  constructor(command, how, output) {
    const start = command.slice(0, 5).join(" ");
    super(`${start}${command.length > 5 ? " ..." : ""}: ${how}`);
    this.output = output;
  }
}

/** Runs a program in the repository. With `capture` its output is returned instead of shown. */
export function run(command, { capture = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (error) => reject(new CommandError(command, error.message, output)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandError(command, signal ?? `exit code ${code}`, output));
    });
  });
}

/** Whether a program is on the PATH. */
export function hasProgram(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, name)));
}

/** Configures a CMake preset and builds it, or one target of it. */
export async function cmakeBuild(preset, { target, ...options } = {}) {
  await run(["cmake", "--preset", preset], options);
  const only = target ? ["--target", target] : [];
  await run(
    ["cmake", "--build", "--preset", preset, "--parallel", String(cores), ...only],
    options,
  );
}

/** The files under a folder whose names match, as sorted paths from the repository's root. */
export function filesUnder(folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return entry.name === "node_modules" ? [] : filesUnder(path, pattern);
      return pattern.test(entry.name) ? [path] : [];
    })
    .sort();
}

/** One hash over the paths and contents of files. */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

/** Whether the module at `url` is the program that was started, not imported by another. */
export function isMain(url) {
  return process.argv[1] === fileURLToPath(url);
}
