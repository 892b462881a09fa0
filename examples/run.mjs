// Runs an example against upstream.mjs, and shows what it prints: npm start -- proxies/express
//
//   npm start -- proxies/express tool-calls     with another model than the example's: a sample's name
//
// A proxy is asked for an answer, as a browser would. What it prints by itself is its bill.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeStream } from "chatwire";
import { startUpstream } from "./upstream.mjs";

const [name = "", model] = process.argv.slice(2);
const program = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
if (!/^(clients|proxies|validation)\//.test(name) || !existsSync(program)) {
  console.error("Name an example, such as proxies/express. README.md lists them.");
  process.exit(2);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks a proxy that may still be starting. */
async function ask(url) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({
    model: model ?? "chat",
    messages: [{ role: "user", content: "Hello" }],
  });
  for (let n = 0; ; n++) {
    try {
      return await fetch(url, { method: "POST", headers, body });
    } catch (error) {
      if (n === 100) throw error;
      await sleep(50);
    }
  }
}

const upstream = await startUpstream();
const port = await freePort();
const env = { ...process.env, UPSTREAM: `${upstream.origin}/v1`, PORT: String(port) };
if (model !== undefined) env.MODEL = model;
const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
const ended = new Promise((resolve) => child.on("close", resolve));

if (name.startsWith("proxies/")) {
  const bill = new Promise((resolve) => child.stdout.once("data", resolve));
  try {
    const stream = decodeStream(await ask(`http://127.0.0.1:${port}/chat`));
    for await (const text of stream.text()) process.stdout.write(text);
  } catch (error) {
    process.stdout.write(`\n${error.name}: ${error.message}`);
  }
  // Of an answer that never began there is none.
  console.log(`\n${await Promise.race([bill, sleep(500, "Nothing is billed.")])}`);
  child.kill();
} else {
  child.stdout.pipe(process.stdout);
}
process.exitCode = (await ended) ?? 0;
upstream.close();
