// Counts a log as most scripts do: line by line, each by JSON.parse.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { count } from "./tally.mjs";

const models = {};
const input = createReadStream(process.argv[2]);
for await (const line of createInterface({ input })) count(models, JSON.parse(line));
console.log(JSON.stringify(models));
