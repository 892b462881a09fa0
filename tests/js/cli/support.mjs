// Runs the command line as users do: the file of the package's bin, in a process of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const { bin, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
export const program = join(root, bin.chatwire);
export const sample = (name) => join(root, "examples/samples", name);

/** Starts it. `ended` is `{ code, signal, stdout, stderr }`. */
export function start(args, { env = {}, node = [], ...options } = {}) {
  const child = spawn(process.execPath, [...node, program, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    ...options,
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  child.stdin.on("error", () => {}); // it may end before it has read everything
  const ended = new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  /** Waits until standard output has this. */
  const shown = async (text) => {
    while (!output.stdout.includes(text) && child.exitCode === null)
      await new Promise((resolve) => child.stdout.once("data", resolve).once("close", resolve));
  };
  return { child, ended, shown };
}

/** Runs it to its end, with `input` as standard input. */
export function chatwire(args, { input, ...options } = {}) {
  const { child, ended } = start(args, options);
  child.stdin.end(input);
  return ended;
}

/** A folder for the files of a test. Returns what writes one and gives its path. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "chatwire-cli-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}

export const lines = (...objects) =>
  objects
    .map((of) => (typeof of === "string" ? of : JSON.stringify(of)))
    .map((text) => `${text}\n`)
    .join("");

/** A completion as servers send it. */
export const completion = (over = {}) => ({
  id: "c-1",
  object: "chat.completion",
  created: 1763719200,
  model: "m-1",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi!" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  ...over,
});
