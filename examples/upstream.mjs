// A provider to try the examples with: a model is called as one of the samples, and answers what that has.
//
//   node upstream.mjs [PORT]     8080 unless it is told
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const sampleOf = (name) => fileURLToPath(new URL(`samples/${name}`, import.meta.url));
const isPlainName = /^[\w-]+$/;

/** Sends a recorded stream, event by event. */
async function replay(response, file) {
  const type = file.endsWith(".sse") ? "text/event-stream" : "application/x-ndjson";
  response.writeHead(200, { "content-type": type });
  const events = readFileSync(file, "utf8").split(
    type === "text/event-stream" ? /(?<=\n\n)/ : /(?<=\n)/,
  );
  for (const event of events) {
    response.write(event);
    await sleep(5);
  }
  // What broke off when it was recorded does so again.
  if (file.endsWith("broken-off.sse")) response.destroy();
  else response.end();
}

/** Answers a request with the sample that its model is called as. */
async function answer(response, { model, stream = false }) {
  const names = stream ? [`${model}.sse`, `${model}.ndjson`] : [`${model}.json`];
  const file = names.map(sampleOf).find((path) => isPlainName.test(model) && existsSync(path));
  if (file === undefined) {
    response.writeHead(404, { "content-type": "application/json" });
    return response.end(JSON.stringify({ detail: `There is no model ${model}` }));
  }
  if (stream) return replay(response, file);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(readFileSync(file));
}

/**
 * Starts the provider: `{ origin, requests, close }`. `requests` has what it was asked.
 * @param port one that is free unless it is told
 * @param answers more models: by name, a function that is given the response
 */
export async function startUpstream({ port = 0, answers = {} } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    const body = JSON.parse(text || "{}");
    requests.push({ path: request.url, headers: request.headers, body });
    if (Object.hasOwn(answers, body.model)) return answers[body.model](response);
    await answer(response, body);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, requests, close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { origin } = await startUpstream({ port: Number(process.argv[2] ?? 8080) });
  console.log(
    `${origin}/v1 answers as the samples do: chat, reasoning, tool-calls, broken-off and others`,
  );
}
