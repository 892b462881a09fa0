// What hostile inputs cost for each byte, beside ordinary ones:
//
//   npm run bench:hostile               the table of docs/reliability.md
//   npm run bench:hostile -- nesting    inputs whose names have this in them
import { build } from "../../scripts/build.mjs";
import { main } from "../../scripts/shell.mjs";
import { bodies, ordinary, streams } from "./inputs.mjs";

const rounds = 5;
const atLeast = 30; // milliseconds a round
const most = 20; // times the ordinary
const mostOfFloor = 3; // times JSON.parse, where making the objects is what costs
const mostMilliseconds = 20; // of a whole body, where its thousand issues are what costs
const mostForRead = 1000; // nanoseconds of a read of a stream, however short

/** Nanoseconds for each byte: the best of several rounds, since the others were disturbed. */
function measure(size, act) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    let times = 0;
    const start = performance.now();
    let now = start;
    for (; now - start < atLeast; now = performance.now()) {
      act();
      times++;
    }
    best = Math.min(best, ((now - start) * 1e6) / times / size);
  }
  return best;
}

await main(import.meta.url, async () => {
  await build();
  const { safeDecode, StreamDecoder } = await import("../../dist/node.js");
  const wanted = process.argv[2] ?? "";

  const utf8 = new TextDecoder();
  const parse = (bytes) => {
    try {
      JSON.parse(utf8.decode(bytes));
    } catch {} // what is no JSON
  };

  const costOfBody = (given) => {
    const bytes = typeof given === "string" ? new TextEncoder().encode(given) : given;
    return {
      size: bytes.length,
      cost: measure(bytes.length, () => safeDecode(bytes)),
      floor: measure(bytes.length, () => parse(bytes)),
    };
  };
  const costOfStream = (reads) => {
    const size = reads.reduce((sum, { length }) => sum + length, 0);
    const act = () => {
      const decoder = new StreamDecoder({ onBadEvent: "skip", cumulativeDeltas: "auto" });
      try {
        for (const read of reads) decoder.feed(read);
        decoder.end();
      } catch {} // many fail, which is as well
      decoder.free();
    };
    return { size, cost: measure(size, act), reads: reads.length };
  };

  let isOver = false;
  for (const [kind, inputs, cost] of [
    ["Bodies", bodies, costOfBody],
    ["Streams", streams, costOfStream],
  ]) {
    const usual = ordinary[kind.toLowerCase()]();
    const base = cost(usual);
    const hasFloor = base.floor !== undefined;
    console.log(
      `\n| ${kind} | MB | ns/byte | times the ordinary |${hasFloor ? " JSON.parse, ns/byte |" : ""}`,
    );
    console.log(`| --- | ---: | ---: | ---: |${hasFloor ? " ---: |" : ""}`);
    const show = (name, { size, cost: ours, floor, reads }, beside) => {
      const times = ours / beside;
      const isDear = times > most;
      const milliseconds = (ours * size) / 1e6;
      const isExcused =
        reads === undefined
          ? ours <= mostOfFloor * floor || milliseconds <= mostMilliseconds
          : milliseconds * 1e6 <= mostForRead * reads && reads >= size / 2;
      isOver ||= isDear && !isExcused;
      const note = isDear ? (isExcused ? " (*)" : " (!)") : "";
      const cells = [name, (size / 1e6).toFixed(2), ours.toFixed(2), times.toFixed(2) + note];
      if (floor !== undefined) cells.push(floor.toFixed(2));
      console.log(`| ${cells.join(" | ")} |`);
    };
    show("ordinary", base, base.cost);
    // Each has the ordinary measured beside it, since other programs slow the machine down at times.
    for (const [name, make] of Object.entries(inputs))
      if (name.includes(wanted)) show(name, cost(make()), cost(usual).cost);
  }
  if (isOver) process.exitCode = 1;
});
