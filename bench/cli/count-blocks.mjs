// Counts a log by JSON.parse, with lines cut from large reads by hand.
import { openSync, readSync } from "node:fs";
import { count } from "./tally.mjs";

const models = {};
const file = openSync(process.argv[2], "r");
let block = Buffer.alloc(1 << 20);
let held = 0;
for (;;) {
  if (held === block.length) block = Buffer.concat([block], block.length * 2);
  const read = readSync(file, block, held, block.length - held, null);
  if (read === 0) break;
  const end = held + read;
  let from = 0;
  for (;;) {
    const to = block.indexOf(0x0a, from);
    if (to === -1 || to >= end) break;
    count(models, JSON.parse(block.utf8Slice(from, to)));
    from = to + 1;
  }
  block.copy(block, 0, from, end);
  held = end - from;
}
console.log(JSON.stringify(models));
