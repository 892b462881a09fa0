// A stream as a time line, which can be replayed.
import { count, emptyState, find, make, shape, style } from "../dom.js";
import { type Lane, lanesOf, paceOf } from "../lanes.js";
import { mark } from "../marks.js";
import { type GrowingCall, Player } from "../player.js";
import { pace } from "../reading/frames.js";
import type { Reading } from "../reading/reading.js";

const view = find("panel-time");
const speeds = [0.25, 0.5, 1, 2, 5, 10];
const seconds = (time: number) => `${(time / 1000).toFixed(2)} s`;

let player: Player | undefined;
let stop = () => {};

/** Ticks as one path, however many they are, in a picture that is 1000 wide. */
function laneElement({ name, kind, times, isBar }: Lane, duration: number): HTMLElement {
  const x = (time: number) => ((time / duration) * 1000).toFixed(1);
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? first;
  const picture = shape("svg", {
    viewBox: "0 0 1000 20",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  if (isBar) {
    const width = Math.max(4, Number(x(last)) - Number(x(first)));
    picture.append(shape("rect", { x: x(first), y: 3, width, height: 14, class: "span" }));
  }
  picture.append(
    shape("path", { d: times.map((time) => `M${x(time)} 3V17`).join(""), class: "ticks" }),
  );
  const words = isBar
    ? `${name}: from ${seconds(first)} to ${seconds(last)}`
    : `${name}: ${times.length}, from ${seconds(first)} to ${seconds(last)}`;
  return make(
    "li",
    { class: `lane of-${kind}`, title: words },
    make("span", { class: "lane-name" }, name),
    make("span", { class: "lane-track" }, picture),
    make("span", { class: "lane-count" }, count(times.length)),
  );
}

const figure = (label: string, value: string) =>
  make("div", { class: "fact" }, make("dt", {}, label), make("dd", {}, value));

function figures({ frames, completion }: Reading): HTMLElement {
  const { duration, firstToken, tokens, isCounted, perSecond } = paceOf(
    frames,
    completion.usage?.completionTokens,
  );
  const json = frames.filter((frame) => frame.json !== undefined).length;
  return make(
    "dl",
    { class: "facts" },
    figure("First token", firstToken === undefined ? "none" : seconds(firstToken)),
    figure("Tokens / s", perSecond === undefined ? "–" : perSecond.toFixed(1)),
    figure(isCounted ? "Tokens" : "Tokens, about", count(tokens)),
    figure("Events", count(json)),
    figure("Duration", seconds(duration)),
  );
}

function callElement({ name, arguments: partial }: GrowingCall): HTMLElement {
  const value = partial?.value === undefined ? "…" : JSON.stringify(partial.value, undefined, 2);
  const state = partial?.complete ? "complete" : "growing";
  return make(
    "section",
    { class: `growing ${state}` },
    make(
      "h3",
      {},
      make("code", { class: "call" }, name),
      " ",
      make("span", { class: "badge" }, state),
    ),
    make("pre", {}, value),
  );
}

function axis(duration: number): HTMLElement {
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => make("span", {}, seconds(duration * share)));
  return make(
    "li",
    { class: "lane axis", "aria-hidden": "true" },
    make("span", {}),
    make("span", { class: "axis-marks" }, ...marks),
    make("span", {}),
  );
}

export function showTimeLine(reading: Reading): void {
  stop();
  player?.free();
  player = undefined;
  if (reading.kind !== "stream") {
    view.replaceChildren(
      emptyState(
        "Not a stream.",
        "A recorded stream, of server-sent events or of lines, is shown here as it arrives.",
      ),
    );
    return;
  }
  const { frames, bytes } = reading;
  const playing = new Player(bytes, frames);
  player = playing;
  const duration = Math.max(1, frames.at(-1)?.time ?? 1);
  let time = duration;
  let speed = 1;
  let request = 0;
  let before = 0;

  const head = make("span", { class: "playhead", "aria-hidden": "true" });
  const play = make(
    "button",
    {
      type: "button",
      class: "primary",
      id: "play",
      onclick: () => (request === 0 ? start() : pause()),
    },
    "▶ Replay",
  );
  const position = make("input", {
    type: "range",
    id: "position",
    min: 0,
    max: Math.ceil(duration),
    step: 10,
    value: Math.ceil(duration),
    "aria-label": "Position in the stream",
    oninput: () => {
      pause();
      show(Number(position.value));
    },
  });
  const clock = make("output", { class: "clock", for: "position" });
  const speedChoice = make(
    "select",
    {
      id: "speed-choice",
      "aria-label": "Speed of the replay",
      onchange: () => {
        speed = Number(speedChoice.value);
      },
    },
    ...speeds.map((factor) =>
      make("option", { value: factor, selected: factor === 1 }, `${factor}×`),
    ),
  );
  const said = make("div", { class: "prose live", id: "live-text" });
  const calls = make("div", { class: "live-calls" });

  function show(to: number, isMoved = true): void {
    time = Math.min(duration, to);
    const had = playing.arrived;
    playing.goTo(time);
    position.value = String(Math.round(time));
    position.setAttribute(
      "aria-valuetext",
      `${seconds(time)}, ${playing.arrived} of ${frames.length} events`,
    );
    clock.textContent = `${seconds(time)} · ${playing.arrived} / ${frames.length}`;
    style(head, { left: `${(time / duration) * 100}%` });
    const reasoning =
      playing.reasoning && make("span", { class: "faint" }, `${playing.reasoning}\n\n`);
    said.replaceChildren(...(reasoning ? [reasoning] : []), playing.text);
    said.scrollTop = said.scrollHeight;
    calls.replaceChildren(...playing.calls.map(callElement));
    const frame = frames[playing.arrived - 1];
    if (isMoved && frame && playing.arrived !== had)
      mark({
        spans: [{ from: frame.from, to: frame.json?.to ?? frame.to }],
        by: "none",
        isChosen: true,
      });
  }

  function step(now: number): void {
    show(time + (now - before) * speed);
    before = now;
    if (time >= duration) pause();
    else request = requestAnimationFrame(step);
  }

  function start(): void {
    if (time >= duration) show(0);
    before = performance.now();
    play.textContent = "❚❚ Pause";
    request = requestAnimationFrame(step);
  }

  function pause(): void {
    cancelAnimationFrame(request);
    request = 0;
    play.textContent = "▶ Replay";
  }
  stop = pause;

  view.replaceChildren(
    make("div", { class: "controls" }, play, position, speedChoice, clock),
    figures(reading),
    make(
      "div",
      { class: "lanes-box" },
      make(
        "ul",
        { class: "lanes", "aria-label": "What came when" },
        ...lanesOf(frames).map((lane) => laneElement(lane, duration)),
        axis(duration),
      ),
      make("div", { class: "playhead-box" }, head),
    ),
    make("div", { class: "live-box" }, said, calls),
    make(
      "p",
      { class: "hint" },
      `A recording has no clock: the replay gives the first event ${pace.first} ms, each other ${pace.event} ms, heartbeats ${pace.heartbeat} ms.`,
    ),
  );
  show(duration, false);
}
