// Measures one series in a process of its own and prints the result as JSON; bench/run.mjs starts it:
//
//   node --expose-gc bench/series/run-series.mjs ID PLAN
//   node bench/series/run-series.mjs ID check             whether both sides give what they should
//
// What a process keeps for a while, V8 allocates where old objects are from then on, which takes
// longer. Checks keep everything, so they are made apart from measurements.
import { deepStrictEqual } from "node:assert/strict";
import { init, safeDecode } from "chatwire";
import { bodies, bodyClasses } from "../payloads/bodies.mjs";
import { streamClasses, streams } from "../payloads/streams.mjs";
import { responseOf } from "../peers/response.mjs";
import { series } from "./all.mjs";
import { assembled, essence, renamed } from "./expected.mjs";
import { interleave, plans } from "./measure.mjs";

// ---- What is given, and what must come of it ----------------------------------------------------

function bodyPayloads({ payload, way }) {
  const encoder = new TextEncoder();
  const unknown = bodyClasses[payload].unknown ?? [];
  return bodies(payload).map((json) => ({
    input: way === "text" ? json : encoder.encode(json),
    size: Buffer.byteLength(json),
    isAscii: Buffer.byteLength(json) === json.length,
    count: 1,
    expected: () => [renamed(JSON.parse(json), unknown)],
  }));
}

const endsInCompletion = ["completion", "final"];
/** Whether a peer puts nothing together, whatever it is compared with. */
const isBare = (way) => way === "lines";

function streamPayloads({ payload, ours, way }) {
  const unknown = streamClasses[payload].unknown ?? [];
  return streams(payload).map(({ events, reads }) => {
    const chunks = () => events.map((json) => renamed(JSON.parse(json), unknown));
    const completion = () => [renamed(assembled(events), unknown)];
    return {
      input: reads,
      size: reads.reduce((sum, { length }) => sum + length, 0),
      isAscii: events.every((json) => Buffer.byteLength(json) === json.length),
      count: events.length,
      expected: endsInCompletion.includes(ours) ? completion : chunks,
      // What a peer gives that puts nothing together.
      expectedOfPeer: isBare(way) ? chunks : undefined,
    };
  });
}

/** The contract of our side, where all bodies keep to it. */
function contractOf({ contract }, payloads) {
  if (contract === undefined) return undefined;
  const isKept = payloads.every(({ input }) => safeDecode(input, { contract }).ok);
  return isKept ? contract : undefined;
}

// ---- The sides ----------------------------------------------------------------------------------

const wireFiles = ["json-parse", "lines", "eventsource-parser", "openai"];

/** How results of a file's ways are used, with a module of its own for each side. */
async function usesOf(side, { group, file }, isCompletion) {
  const use = await import(`./use.mjs?${side}`);
  const isWire = side === "theirs" && wireFiles.includes(file);
  const kind = group === "body" || isCompletion ? "Completion" : "Chunk";
  return { ...use, use: use[`use${isWire ? "Wire" : ""}${kind}`] };
}

async function makeSide(side, of, file, way, options) {
  const isOurs = file === "chatwire";
  const isCompletion = isOurs
    ? endsInCompletion.includes(way)
    : endsInCompletion.includes(of.ours) && !isBare(way);
  const uses = await usesOf(side, of, isCompletion);
  // Put together by hand, names are in camelCase already.
  if (way === "assembled") uses.use = uses.useCompletion;
  const peer = await import(`../peers/${file}.mjs`);
  const ways = of.group === "body" ? peer.bodies : peer.streams;
  const act = ways[way](uses.use, options);
  // For both sides alike, a response is made when it is read.
  const readsResponse = ["iterate", "batches", "final"].includes(of.ours);
  return { uses, act: readsResponse ? (reads) => act(responseOf(reads)) : act };
}

async function resultsOf({ uses, act }, input) {
  uses.keep();
  await act(input);
  return uses.taken();
}

/** Results as plain data in camelCase, whatever a peer makes them of. */
const plain = (results) => renamed(JSON.parse(JSON.stringify(results)));

const essences = (results, omits) => results.map((of) => essence(of, omits));

async function checkTheirs(side, payloads, omits) {
  for (const { input, expected, expectedOfPeer = expected } of payloads) {
    const results = plain(await resultsOf(side, input));
    deepStrictEqual(essences(results, omits), essences(expectedOfPeer(), omits));
  }
}

async function checkOurs(side, payloads, isExact) {
  for (const { input, expected } of payloads) {
    const results = await resultsOf(side, input);
    if (isExact) deepStrictEqual(results, expected());
    else deepStrictEqual(essences(results), essences(expected()));
  }
}

/** An action on all payloads, one after the other. */
async function onAll({ act }, payloads) {
  const inputs = payloads.map(({ input }) => input);
  const first = act(inputs[0]);
  const isAsync = first instanceof Promise;
  await first;
  const run = isAsync
    ? async () => {
        for (const input of inputs) await act(input);
      }
    : () => {
        for (const input of inputs) act(input);
      };
  return { run, isAsync };
}

// ---- The series ---------------------------------------------------------------------------------

const sum = (payloads, name) => payloads.reduce((total, of) => total + of[name], 0);

async function prepare(of) {
  await init();
  const payloads = of.group === "body" ? bodyPayloads(of) : streamPayloads(of);
  const contract = contractOf(of, payloads);
  const options = contract && { contract };
  const ours = await makeSide("ours", of, "chatwire", of.ours, options);
  const theirs = await makeSide("theirs", of, of.file, of.way);
  return { payloads, contract, ours, theirs };
}

async function check(of) {
  const { payloads, contract, ours, theirs } = await prepare(of);
  // Members of other documents are elsewhere under a contract.
  const isExact = contract === undefined && !endsInCompletion.includes(of.ours);
  await checkOurs(ours, payloads, isExact);
  try {
    await checkTheirs(theirs, payloads, of.omits);
  } catch (error) {
    return { refused: error.message.slice(0, 500) };
  }
  return {};
}

async function measure(of, plan) {
  const { payloads, contract, ours, theirs } = await prepare(of);
  const times = await interleave(await onAll(theirs, payloads), await onAll(ours, payloads), plan);
  if (!ours.uses.isUsed() || !theirs.uses.isUsed()) throw new Error("Results were not used.");
  const count = sum(payloads, "count");
  const each = (milliseconds) => (milliseconds * 1000) / count;
  return {
    contract,
    bytes: Math.round(sum(payloads, "size") / count),
    isAscii: payloads.every(({ isAscii }) => isAscii),
    // Microseconds for one body or one event, of each round.
    theirs: times.theirs.map(each),
    ours: times.ours.map(each),
  };
}

const [id, plan] = process.argv.slice(2);
const of = series.find((one) => one.id === id);
try {
  const result = plan === "check" ? await check(of) : await measure(of, plans[plan]);
  console.log(JSON.stringify(result));
} catch (error) {
  // Not the error itself: it holds all that was compared.
  throw new Error(`${of.id}: ${error.message.slice(0, 2000)}`);
}
