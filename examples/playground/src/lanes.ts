// What a time line shows: for each kind of event when it came, and how long a tool call took.
import type { Frame } from "./reading/reading.js";

export interface Lane {
  readonly name: string;
  readonly kind: string;
  readonly times: number[];
  /** Whether it goes on from its first event to its last. */
  readonly isBar: boolean;
}

export interface Pace {
  readonly duration: number;
  readonly firstToken: number | undefined;
  readonly tokens: number;
  /** Whether the server has counted the tokens; else each event counts as one. */
  readonly isCounted: boolean;
  readonly perSecond: number | undefined;
}

const order = ["heartbeat", "reasoning", "text", "refusal", "call", "usage", "issue", "finish"];
const kindOf = (type: string) => (type === "tool-call-end" ? "finish" : type);
const isToken = (type: string) =>
  /^(text|reasoning|refusal|tool-call|tool-call-arguments)$/.test(type);

export function lanesOf(frames: readonly Frame[]): Lane[] {
  const lanes = new Map<string, Lane>();
  const called = new Map<string, string>();
  for (const { events, time } of frames) {
    for (const event of events) {
      const isCall = event.type === "tool-call" || event.type === "tool-call-arguments";
      const key = isCall ? `call ${event.choice} ${event.toolCall}` : kindOf(event.type);
      if (event.type === "tool-call") called.set(key, event.name ?? "tool call");
      const name = called.get(key) ?? key;
      const kind = isCall ? "call" : key;
      const lane = lanes.get(key) ?? { name, kind, times: [], isBar: isCall };
      if (lane.times.at(-1) !== time) lane.times.push(time);
      lanes.set(key, lane.name === name ? lane : { ...lane, name });
    }
  }
  return [...lanes.values()].sort(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind),
  );
}

export function paceOf(frames: readonly Frame[], counted: number | null | undefined): Pace {
  const said = frames.filter(({ events }) => events.some(({ type }) => isToken(type)));
  const first = said[0]?.time;
  const seconds = ((said.at(-1)?.time ?? 0) - (first ?? 0)) / 1000;
  const tokens = counted ?? said.length;
  return {
    duration: frames.at(-1)?.time ?? 0,
    firstToken: first,
    tokens,
    isCounted: typeof counted === "number",
    perSecond: seconds > 0 ? tokens / seconds : undefined,
  };
}
