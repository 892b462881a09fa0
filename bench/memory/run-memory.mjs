// Measures the memory that one decode takes, and prints it as JSON; bench/memory/index.mjs starts it:
//
//   node --expose-gc bench/memory/run-memory.mjs FILE WAY INPUT BODY
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { makeStream } from "../payloads/streams.mjs";

const [file, way, input, path] = process.argv.slice(2);
const eventCount = 100_000;
const readLength = 1500;

/** Has Linux forget the highest use so far. Elsewhere that is the process's. */
function forgetPeak() {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function peak() {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** A response of many events: those of one stream, again and again. */
function longStream() {
  const { events } = makeStream("text", 0);
  const frame = (all) => Buffer.from(all.map((data) => `data: ${data}\n\n`).join(""));
  const [first, ...middle] = events;
  const end = frame([...middle.splice(-2), "[DONE]"]);
  const some = frame(middle);
  let left = Math.round(eventCount / middle.length);
  let from = 0;
  const body = new ReadableStream(
    {
      start: (controller) => controller.enqueue(frame([first])),
      pull(controller) {
        if (left === 0) {
          controller.enqueue(end);
          controller.close();
          return;
        }
        controller.enqueue(new Uint8Array(some.subarray(from, from + readLength)));
        from += readLength;
        if (from < some.length) return;
        from = 0;
        left--;
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

let result;
let count = 0;
const use = (of) => {
  result = of;
  count++;
};
const peer = await import(`../peers/${file}.mjs`);
const act = (input === "events" ? peer.streams : peer.bodies)[way](use);
const given = input === "events" ? longStream() : readFileSync(path);
globalThis.gc();
await sleep(50);
globalThis.gc();
const before = process.memoryUsage.rss();
forgetPeak();
const start = performance.now();
await act(given);
const milliseconds = performance.now() - start;
const mebibytes = (peak() - before) / 2 ** 20;

const [choice] = result.choices ?? [];
const sizes = { prose: choice?.message?.content, logprobs: choice?.logprobs?.content };
const isWhole =
  input === "events" && count > 1
    ? count >= eventCount
    : (sizes[input] ?? sizes.prose)?.length > 1e5;
if (!isWhole) throw new Error(`Not all was decoded: ${count} results.`);
console.log(JSON.stringify({ mebibytes, milliseconds }));
