// Cuts a recorded stream into its events, and gives each a time: a recording has none.
import { jsonPlaces } from "../json-places.js";
import { type Span, textOf } from "../span.js";
import type { Frame } from "./reading.js";

/** How long a replayed server takes, in milliseconds. */
export const pace = { first: 320, heartbeat: 120, event: 40 };

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const brace = 0x7b;

/** The lines of some bytes, with their line ends. */
function* linesOf(bytes: Uint8Array): Generator<Span> {
  for (let from = 0; from < bytes.length; ) {
    let to = from;
    while (to < bytes.length && bytes[to] !== lineFeed && bytes[to] !== carriageReturn) to++;
    if (bytes[to] === carriageReturn && bytes[to + 1] === lineFeed) to++;
    to = Math.min(to + 1, bytes.length);
    yield { from, to };
    from = to;
  }
}

const isBlankLine = (bytes: Uint8Array, { from }: Span) =>
  bytes[from] === lineFeed || bytes[from] === carriageReturn;

/** Events end with blank lines; where values come without framing, with every line. */
function* spansOf(bytes: Uint8Array): Generator<Span> {
  let from = 0;
  let hasData = false;
  for (const line of linesOf(bytes)) {
    const isBlank = isBlankLine(bytes, line);
    if (!isBlank && hasData && bytes[from] === brace) {
      yield { from, to: line.from };
      from = line.from;
    }
    if (isBlank && hasData) {
      yield { from, to: line.to };
      from = line.to;
    }
    hasData = !isBlank;
  }
  if (from < bytes.length) yield { from, to: bytes.length };
}

function jsonOf(bytes: Uint8Array, span: Span) {
  const start = /(?<=^|^data:[ \t]*)\{/m.exec(textOf(bytes, span));
  if (start === null) return undefined;
  const from = bytes.indexOf(brace, span.from);
  return jsonPlaces(bytes, { from, to: span.to });
}

export function framesOf(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  let time = pace.first;
  for (const span of spansOf(bytes)) {
    const json = jsonOf(bytes, span);
    frames.push({ ...span, json, events: [], time });
    time += json === undefined ? pace.heartbeat : pace.event;
  }
  return frames;
}
