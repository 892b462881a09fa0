// A thread that counts.
import { parentPort } from "node:worker_threads";
import { countBlock, countRange } from "./count.js";
import type { Answer, Order } from "./pool.js";
import type { Tally } from "./tally.js";

const tally: Tally = new Map();
const answer = (of: Answer, buffers: ArrayBuffer[]) => parentPort?.postMessage(of, buffers);

parentPort?.on("message", ({ work, mostBad }: Order) => {
  if (work === undefined) {
    answer({ tally }, []);
    parentPort?.close();
  } else if (work instanceof Uint8Array) {
    answer({ counted: countBlock(work, tally, mostBad), buffer: work.buffer }, [work.buffer]);
  } else {
    answer({ counted: countRange(work, tally, mostBad) }, []);
  }
});
