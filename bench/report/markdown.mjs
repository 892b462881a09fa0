// docs/benchmarks.md: the results as people look at them.
import { number, refusal, times } from "./format.mjs";

const quoted = (text) => text.replaceAll("|", "\\|");

/** A table: the first column to the left, all others to the right, unless it is one of words. */
export function table(header, rows, isOfWords = false) {
  const line = (cells) => `| ${cells.map(quoted).join(" | ")} |`;
  const rule = `| --- |${(isOfWords ? " --- |" : " ---: |").repeat(header.length - 1)}`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

const unique = (list) => [...new Set(list)];

// ---- The numbers to be held ---------------------------------------------------------------------

function range(cases, unit) {
  const values = cases.map(({ value }) => value).sort((a, b) => a - b);
  const show = unit === "×" ? times : (value) => `${number(value)}${unit}`;
  return values.length === 1 ? show(values[0]) : `${show(values[0])} to ${show(values.at(-1))}`;
}

function missed(cases) {
  const isOneWay = unique(cases.map(({ name }) => name)).length === 1;
  const isOnePayload = unique(cases.map(({ payload }) => payload)).length === 1;
  const ids = cases
    .filter(({ isMet }) => !isMet)
    .map(({ payload, name }) => {
      if (isOneWay && !isOnePayload) return payload;
      return isOnePayload ? name : `${payload}/${name}`;
    });
  if (ids.length === 0) return "";
  return ids.length === cases.length && ids.length > 1 ? "all" : ids.join(", ");
}

export function targetTable(targets) {
  const rows = targets.map(({ what, least, most, unit = "×", cases }) => [
    what,
    least === undefined ? `≤ ${most}${unit}` : `≥ ${least}${unit}`,
    range(cases, unit),
    cases.every(({ isMet }) => isMet)
      ? "met"
      : `missed by ${cases.filter(({ isMet }) => !isMet).length} of ${cases.length}`,
    missed(cases),
  ]);
  return table(["What", "To be held", "Measured", "", "Missed on"], rows, true);
}

// ---- Ratios -------------------------------------------------------------------------------------

/** A ratio with a mark where chatwire is behind. */
function cell(of) {
  if (of === undefined) return "";
  if (of.refused) return refusal(of.refused);
  const ratio = times(of.ratio.median);
  return of.ratio.median < 1 && of.name !== "strict" ? `**${ratio}**` : ratio;
}

/** Payloads downwards, ways across. */
function payloadTable(results, about, floor) {
  const payloads = unique(results.map(({ payload }) => payload));
  const names = unique(
    results.filter(({ payload }) => payload === payloads.at(-1)).map(({ name }) => name),
  ).filter((name) => results.filter((of) => of.name === name).length === payloads.length);
  const find = (payload, name) => results.find((of) => of.payload === payload && of.name === name);
  const rows = payloads.map((payload) => {
    const { theirs, ours } = find(payload, floor);
    return [
      `\`${payload}\`: ${about[payload].about}`,
      number(theirs.median),
      number(ours.median),
      ...names.map((name) => cell(find(payload, name))),
    ];
  });
  const header = ["", `${floor}, µs`, "chatwire, µs", ...names.map((name) => `\`${name}\``)];
  return { text: table(header, rows), names };
}

/** Ways downwards, payloads across: of those that are not measured on all payloads. */
function peerTable(results, without) {
  const some = results.filter(({ name }) => !without.includes(name));
  const payloads = unique(some.map(({ payload }) => payload));
  const rows = unique(some.map(({ name }) => name)).map((name) => [
    `\`${name}\``,
    ...payloads.map((payload) =>
      cell(some.find((of) => of.name === name && of.payload === payload)),
    ),
  ]);
  return table(["", ...payloads.map((payload) => `\`${payload}\``)], rows);
}

function legend(results) {
  const titles = new Map(results.map(({ name, title }) => [name, title]));
  return [...titles].map(([name, title]) => `- \`${name}\`: ${title}`).join("\n");
}

export function seriesSection(title, intro, results, about, floor) {
  if (results.length === 0) return "";
  const { text, names } = payloadTable(results, about, floor);
  const peers = results.some(({ name }) => !names.includes(name));
  return [
    `## ${title}`,
    intro,
    text,
    ...(peers ? ["Others, on some of these:", peerTable(results, names)] : []),
    legend(results),
  ].join("\n\n");
}
