// Decoding beside TextDecoder and JSON.parse alone, which neither check, rename nor type anything.
import { StreamDecoder, safeDecode } from "chatwire";
import { find, make, plural, style } from "../dom.js";
import { measure, type Ways } from "../measure.js";
import type { Reading } from "../reading/reading.js";
import type { Span } from "../span.js";

const view = find("panel-speed");
const ours = "chatwire";
const theirs = "TextDecoder + JSON.parse";
const utf8 = new TextDecoder();

let latest = 0;

function decodeStreamOf(reads: readonly Uint8Array[]): void {
  const decoder = new StreamDecoder();
  try {
    for (const read of reads) decoder.feed(read);
    decoder.end();
  } catch {
    // How it ends is told elsewhere.
  }
  decoder.free();
}

const parsed = (bytes: Uint8Array) => JSON.parse(utf8.decode(bytes)) as unknown;

/** Both ways to read what is shown. */
function waysFor({ kind, bytes, frames, entries }: Reading): Ways {
  const slice = ({ from, to }: Span) => bytes.subarray(from, to);
  if (kind === "stream") {
    const reads = frames.map(slice);
    const values = frames.flatMap(({ json }) => (json ? slice(json) : []));
    return {
      [ours]: () => decodeStreamOf(reads),
      [theirs]: () => {
        for (const value of values) parsed(value);
      },
    };
  }
  const bodies = kind === "log" ? entries.map(({ span }) => slice(span)) : [bytes];
  return {
    [ours]: () => {
      for (const body of bodies) safeDecode(body);
    },
    [theirs]: () => {
      for (const body of bodies) parsed(body);
    },
  };
}

function timeText(milliseconds: number): string {
  if (milliseconds >= 1) return `${milliseconds.toPrecision(3)} ms`;
  return `${(milliseconds * 1000).toPrecision(3)} µs`;
}

function failureOf(way: () => void): string | undefined {
  try {
    way();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

interface Measured {
  readonly name: string;
  readonly time: number;
  /** Of the longer one of the times. */
  readonly share: number;
  readonly does: string;
}

function barOf({ name, time, share, does }: Measured, bytes: number): HTMLElement {
  const bar = make("span", { class: name === ours ? "bar ours" : "bar" });
  const rate = Number((bytes / time / 1000).toPrecision(3));
  return make(
    "li",
    {},
    make(
      "span",
      { class: "speed-head" },
      make("strong", {}, name),
      make("span", { class: "number" }, timeText(time)),
    ),
    make("span", { class: "bar-box" }, style(bar, { "--share": `${share * 100}%` })),
    make("span", { class: "faint" }, `${does}: ${rate} MB/s`),
  );
}

function verdictOf(own: number, other: number): string {
  const ratio = other / own;
  if (ratio >= 1.05)
    return `${ratio.toFixed(1)} times as fast, and it has checked, renamed and typed everything.`;
  if (ratio > 0.95) return "As fast, and it has checked, renamed and typed everything.";
  return `It takes ${(own / other).toFixed(1)} times as long here, and it has checked, renamed and typed everything.`;
}

async function run(reading: Reading, result: HTMLElement): Promise<void> {
  const turn = ++latest;
  const ways = waysFor(reading);
  const failure = failureOf(ways[theirs] as () => void);
  result.setAttribute("aria-busy", "true");
  const measured = await measure(
    failure === undefined ? ways : { [ours]: ways[ours] as () => void },
    () => turn === latest,
  );
  if (measured === undefined) return;
  const { times, rounds } = measured;
  const own = times[ours] as number;
  const other = times[theirs];
  const most = Math.max(own, other ?? 0);
  const size = reading.bytes.length;
  const decodes = "Decodes, checks, renames";
  const bars = [barOf({ name: ours, time: own, share: own / most, does: decodes }, size)];
  if (other !== undefined) {
    const does =
      reading.kind === "stream" ? "Parses only, cut into events beforehand" : "Parses only";
    bars.push(barOf({ name: theirs, time: other, share: other / most, does }, size));
  }
  const words =
    other === undefined ? `JSON.parse cannot read it: ${failure}` : verdictOf(own, other);
  result.replaceChildren(
    make("ul", { class: "speeds" }, ...bars),
    make("p", { class: "conclusion" }, words),
    make(
      "p",
      { class: "hint" },
      `Medians of ${plural(rounds, "round")}, in turn, on this input in this browser.`,
    ),
  );
  result.setAttribute("aria-busy", "false");
}

export function showSpeed(reading: Reading): void {
  latest++; // what is being measured is not wanted any more
  const result = make(
    "div",
    { id: "speed-result", "aria-live": "polite" },
    make("p", { class: "hint" }, "Not measured yet."),
  );
  const again = make(
    "button",
    { type: "button", class: "primary", id: "measure", onclick: () => void run(reading, result) },
    "Measure",
  );
  const of = {
    body: "this body",
    stream: "this stream, event by event",
    log: "all lines of this log",
  };
  view.replaceChildren(
    make(
      "div",
      { class: "controls" },
      again,
      make("span", { class: "faint" }, `Bytes to objects: ${of[reading.kind]}`),
    ),
    result,
  );
}

/** Measures at once what has not been, when somebody looks. */
export function measureIfNew(): void {
  const button = view.querySelector<HTMLButtonElement>("#measure");
  if (view.querySelector(".speeds") === null) button?.click();
}
