// Measures a start in a process of its own and prints milliseconds as JSON; bench/run.mjs starts
// it:  node bench/start.mjs
import { classes, payloads } from "./payloads.mjs";

const [first, second] = payloads(Object.keys(classes)[0]).map((json) => Buffer.from(json));

async function milliseconds(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

let chatwire;
const times = {
  import: await milliseconds(async () => {
    chatwire = await import("../dist/index.js");
  }),
  init: await milliseconds(() => chatwire.init()),
  firstDecode: await milliseconds(() => chatwire.decode(first)),
  secondDecode: await milliseconds(() => chatwire.decode(second)),
};
console.log(JSON.stringify(times));
