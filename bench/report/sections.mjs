// The parts of docs/benchmarks.md that are not ratios of series.
import { eventCount } from "../http/shape.mjs";
import { kibibytes, number, refusal, times } from "./format.mjs";
import { table } from "./markdown.mjs";

const section = (title, intro, ...parts) => [`## ${title}`, intro, ...parts].join("\n\n");

const thousands = (perSecond) => number(perSecond / 1000);
const code = (name) => `\`${name}\``;

function httpRow({ name, title, refused, eventsPerSecond, ratio, busy }) {
  const label = `${code(name)}: ${title}`;
  if (refused) return [label, refusal(refused)];
  const { theirs, ours } = eventsPerSecond;
  return [
    label,
    `${thousands(theirs)} (${number(theirs / eventCount)})`,
    `${thousands(ours)} (${number(ours / eventCount)})`,
    times(ratio.median),
    ...(busy ? [number(busy.theirs.median), number(busy.ours.median)] : []),
  ];
}

export function httpSection(http = []) {
  if (http.length === 0) return "";
  const header = ["", "peer", "chatwire", "ratio"];
  const of = (host) => http.filter(({ payload }) => payload === host);
  const [inBrowser] = of("chromium");
  const parts = [
    of("node").length > 0 && "In Node, with the microseconds for which the process was busy:",
    of("node").length > 0 &&
      table([...header, "peer, busy µs", "chatwire, busy µs"], of("node").map(httpRow)),
    inBrowser && `In Chromium${inBrowser.version ? ` ${inBrowser.version}` : ""}:`,
    inBrowser && table(header, of("chromium").map(httpRow)),
  ];
  return section(
    "Over HTTP",
    `Thousand events a second, and in parentheses streams a second: 256 streams at a time of ${eventCount} text events, from two server processes on the same machine, which takes part of it. \`transport\` decodes nothing: faster than that, no decoder can be.`,
    ...parts.filter(Boolean),
  );
}

export function sizeSection(size = []) {
  if (size.length === 0) return "";
  return section(
    "Size",
    "KiB of what a page loads, bundled and minified by esbuild, and compressed by gzip.",
    table(
      ["", "raw", "gzip"],
      size.map(({ title, raw, gzip }) => [title, kibibytes(raw), kibibytes(gzip)]),
    ),
  );
}

export function startSection(start = []) {
  if (start.length === 0) return "";
  const row = ({ name, kind, form, milliseconds }) => [
    `${code(name)}, ${kind}, ${form}`,
    ...Object.values(milliseconds).map(({ median }) => number(median)),
  ];
  return section(
    "Start",
    "Milliseconds in fresh processes of Node: as packages are installed, and bundled to one file. The body is one of 0.7 KB, the stream one of 20 events.",
    table(
      ["", "import", "init", "first decode", "second", "until the first is done"],
      start.map(row),
    ),
  );
}

export function memorySection(memory = []) {
  if (memory.length === 0) return "";
  const row = ({ input, title, mebibytes, milliseconds }) => [
    `${code(input)}: ${title}`,
    number(mebibytes.median),
    number(milliseconds.median),
  ];
  return section(
    "Memory",
    "MiB at the peak beyond what the process had with the input, in fresh processes of Node, and how long it took: bodies of 64 MiB (`prose` is one text, `logprobs` many small objects), a stream of 100,000 events. Garbage that is not collected yet counts.",
    table(["", "MiB", "ms"], memory.map(row)),
  );
}

export function cliSection(cli = []) {
  if (cli.length === 0) return "";
  const [{ lines, bytes, threads }] = cli;
  const row = ({ log, title, refused, linesPerSecond, ratio }) => [
    `${code(log)}: ${title}`,
    ...(refused
      ? [refusal(refused)]
      : [thousands(linesPerSecond.theirs), thousands(linesPerSecond.ours), times(ratio.median)]),
  ];
  return section(
    "Counting logs",
    `Thousand lines a second of \`chatwire stats\`, with ${threads} threads, beside other programs that count answers, tokens and finish reasons by model, from start to end of the processes: ${number(lines / 1000)} thousand answers of 0.7 to 4.5 KB, ${number(bytes / 2 ** 20)} MiB. \`bare\` has a completion a line, \`batch\` lines of a batch's output.`,
    table(["", "peer", "chatwire", "ratio"], cli.map(row)),
  );
}
