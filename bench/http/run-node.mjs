// Reads streams in Node and prints samples as JSON; bench/http/index.mjs starts it:
//
//   node bench/http/run-node.mjs NAME PLAN ORIGIN...
import { compare } from "./client.mjs";
import { plans } from "./shape.mjs";
import { load, makeSides } from "./sides.mjs";

const [name, plan, ...origins] = process.argv.slice(2);

/** Milliseconds for which the process was busy. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const sides = await makeSides(name, load);
console.log(JSON.stringify(await compare({ ...sides, origins, plan: plans[plan], cpu })));
process.exit(); // connections stay open otherwise
