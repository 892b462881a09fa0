// Sends streams of text events, as fast as they are read; bench/http/index.mjs starts it:
//
//   node bench/http/server.mjs PORT...      Prints a line when it listens. It ends with its parent.
import { createServer } from "node:http";
import { makeStream } from "../payloads/streams.mjs";
import { eventCount, variantCount } from "./shape.mjs";

const readLength = 1500;

/** The first events of a stream of 2,000, and its end, in pieces of about 1.5 KB. */
function piecesOf(variant) {
  const { events } = makeStream("text", variant);
  const some = [...events.slice(0, eventCount - 2), ...events.slice(-2), "[DONE]"];
  const bytes = Buffer.from(some.map((data) => `data: ${data}\n\n`).join(""));
  const count = Math.ceil(bytes.length / readLength);
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * readLength, (i + 1) * readLength),
  );
}

const variants = Array.from({ length: variantCount }, (_, variant) => piecesOf(variant));
const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
};

/** Writes until the reader is behind; then again when it is not. */
function send(response, pieces) {
  let next = 0;
  const write = () => {
    while (next < pieces.length) {
      if (response.destroyed) return;
      if (!response.write(pieces[next++])) {
        response.once("drain", write);
        return;
      }
    }
    response.end();
  };
  write();
}

function answer(request, response) {
  const variant = Number(new URL(request.url, "http://localhost").searchParams.get("variant"));
  response.writeHead(200, headers);
  response.socket.setNoDelay(true);
  send(response, variants[variant % variantCount]);
}

for (const port of process.argv.slice(2)) {
  // Connections are kept as long as readers want them.
  const server = createServer({ keepAliveTimeout: 600_000 }, answer);
  await new Promise((resolve) => server.listen(Number(port), "127.0.0.1", resolve));
}
console.log("listening");
process.on("disconnect", () => process.exit());
