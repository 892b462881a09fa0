// The numbers that chatwire wants to hold, and whether it does.
import { wanted } from "../../scripts/sizes.mjs";

const libraries = ["openai-final", "ai-sdk", "openrouter", "mistral"];
const isSmall = ({ payload }) => payload === "small";
const isShort = ({ payload }) => payload === "short";
const isEventReads = ({ payload }) => payload.endsWith("-event");
const row =
  (group, ...names) =>
  (of) =>
    of.group === group && names.includes(of.name);
const native = (kind, ...names) => and(row("native", ...names), (of) => of.kind === kind);
const and =
  (...tests) =>
  (of) =>
    tests.every((test) => test(of));
const not = (test) => (of) => !test(of);

/**
 * What is to be held: in words, of which rows, which number of them, and what it must at least or at most
 * be. `sample` names the rows as people know them.
 */
const targets = [
  {
    what: "Body, bytes to objects, against TextDecoder + JSON.parse",
    of: row("body", "json-parse"),
    least: 2.5,
  },
  {
    what: "Body of 0.7 KB, against SDKs and schemas that validate with zod",
    of: and(row("body", "zod", "zod-compiled", "openrouter", "mistral"), isSmall),
    least: 10,
  },
  {
    what: "Body, string to objects, against JSON.parse, ASCII",
    of: and(row("body", "text"), ({ isAscii }) => isAscii),
    least: 1,
  },
  {
    what: "Stream to chunks, against lines + JSON.parse",
    of: and(row("stream", "lines"), not(isEventReads), not(isShort)),
    least: 5,
  },
  {
    what: "The same of a short stream, to chunks or to the completion",
    of: and(row("stream", "lines", "lines-final"), isShort),
    least: 1,
  },
  {
    what: "The same where there is one event per read",
    of: and(row("stream", "lines"), isEventReads),
    least: 2,
  },
  {
    what: "Stream to the completion, against lines + JSON.parse",
    of: and(row("stream", "lines-final"), not(isShort)),
    least: 10,
  },
  {
    what: "Stream to the completion, against openai, the AI SDK and SDKs that validate with zod",
    of: row("stream", ...libraries),
    least: 20,
  },
  {
    what: "Body, contract against none: times as long",
    of: row("body", "strict"),
    most: 1.1,
  },
  {
    what: "Stream to chunks, contract against none: times as long",
    of: and(row("stream", "strict"), ({ payload }) => !["reasoning", "short"].includes(payload)),
    most: 1.1,
  },
  {
    what: "C++: body to structs, against nlohmann/json",
    of: native("body", "nlohmann"),
    least: 10,
  },
  {
    what: "C++: body to structs, against simdjson on demand",
    of: native("body", "simdjson", "simdjson-own"),
    least: 1,
  },
  {
    what: "C++: stream to chunks, against nlohmann/json",
    of: native("stream", "nlohmann"),
    least: 10,
  },
  {
    what: "C++: stream to chunks, against simdjson on demand",
    of: native("stream", "simdjson", "simdjson-own", "simdjson-own-one"),
    least: 1,
  },
];

function judge({ what, of, least, most }, rows) {
  const cases = rows
    .filter((row) => of(row) && row.ratio !== undefined)
    .map(({ id, payload, name, ratio: { median } }) => ({
      id,
      payload,
      name,
      value: median,
      isMet: least === undefined ? median <= most : median >= least,
    }));
  return { what, least, most, cases };
}

const atMost = (most) => (of) => ({ ...of, isMet: of.value <= most });

/** What is not a ratio: sizes and times of chatwire alone. */
function limits({ size = [], start = [] }) {
  const ofSize = (name, most) =>
    size
      .filter((of) => of.name === name)
      .map(({ id, gzip }) => ({ id, name, value: gzip / 1024 }))
      .map(atMost(most));
  const starts = start
    .filter(({ name, kind }) => name === "chatwire" && kind === "body")
    .map(({ id, form, milliseconds: { import: load, ready } }) => ({
      id,
      name: form,
      value: load.median + ready.median,
    }))
    .map(atMost(5));
  return [
    {
      what: "Size, compressed, WASM in a file of its own",
      most: wanted.separate,
      unit: " KiB",
      cases: ofSize("files", wanted.separate),
    },
    {
      what: "Size, compressed, WASM inlined",
      most: wanted.inlined,
      unit: " KiB",
      cases: ofSize("all", wanted.inlined),
    },
    { what: "Import and init in Node", most: 5, unit: " ms", cases: starts },
  ];
}

/** Each number with the rows that it is about; those of which nothing was measured are left out. */
export function judged(results) {
  const rows = [...(results.series ?? []), ...(results.native ?? [])];
  return targets
    .map((target) => judge(target, rows))
    .concat(limits(results))
    .filter(({ cases }) => cases.length > 0);
}
