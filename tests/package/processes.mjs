// Programs of other runtimes: what they print, what they serve, and whether they end as they should.
import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const patience = 180_000; // milliseconds

// Programs that would tell somebody that they run, or ask for newer ones.
const quiet = {
  DENO_NO_UPDATE_CHECK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  CI: "1",
};
const env = { ...process.env, ...quiet };
delete env.NODE_TEST_CONTEXT; // a test runner that is started is on its own

/**
 * Runs a program in a folder.
 * @returns what it prints on standard output
 * @throws Error with all that it printed, where it fails
 */
export function outputOf(folder, program, ...given) {
  return outputUnder({}, folder, program, ...given);
}

/** The same, with more variables in its environment. */
export function outputUnder(variables, folder, program, ...given) {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...env, ...variables }, timeout: patience };
    execFile(program, given, options, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** The same, read as JSON. */
export async function jsonOf(...command) {
  return JSON.parse(await outputOf(...command));
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a server, and waits until it answers: `{ origin, output, close }`, where `output()` is what it
 * has printed.
 * @param commandFor gives the arguments of the program for a port
 * @param variables more of them in its environment, in which PORT is the port
 */
export async function serve(folder, program, commandFor, variables = {}) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const options = { cwd: folder, env: { ...env, PORT: String(port), ...variables } };
  // A group of its own, so that what it starts ends with it.
  const child = spawn(program, commandFor(port), { ...options, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const ended = new Promise((resolve) => child.on("close", resolve));
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid);
    await ended;
  };
  const end = Date.now() + patience;
  while (child.exitCode === null && Date.now() < end) {
    const answers = await fetch(origin, { method: "HEAD" }).catch(() => undefined);
    if (answers !== undefined) return { origin, output: () => output, close };
    await sleep(100);
  }
  await close();
  throw new Error(`${program} does not serve:\n${output}`);
}
