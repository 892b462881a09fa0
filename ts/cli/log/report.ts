// What was counted, for readers and for programs.
import { bold, dim, line } from "../terminal.js";
import type { BadLine } from "./count.js";
import type { Counts, ModelTally, Tally } from "./tally.js";

/** What a log came to. */
export interface Report {
  readonly files: readonly string[];
  readonly lines: number;
  readonly models: Tally;
  readonly bad: { readonly count: number; readonly first: readonly (BadLine & { file: string })[] };
  /** It was interrupted, or a file broke off. */
  readonly isPartial: boolean;
}

const numbers = {
  answers: "answers",
  promptTokens: "prompt",
  completionTokens: "completion",
  totalTokens: "total",
  cachedTokens: "cached",
  reasoningTokens: "reasoning",
} as const satisfies { [name in keyof ModelTally]?: string };
const digits = new Intl.NumberFormat("en");

const byCount = (counts: Counts) => [...counts].sort(([, a], [, b]) => b - a);
const ordered = (models: Tally) => [...models].sort(([, a], [, b]) => b.answers - a.answers);

function countsText(counts: Counts): string {
  return byCount(counts)
    .map(([word, count]) => `${line(word, 60)} ${digits.format(count)}`)
    .join(", ");
}

function row(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, at) =>
    at === 0 ? cell.padEnd(widths[at] as number) : cell.padStart(widths[at] as number),
  );
  return padded.join("  ").trimEnd();
}

/** For readers. */
export function reportText({ files, lines, models, bad, isPartial }: Report): string {
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  const table = ordered(models).map(([model, of]) => ({
    of,
    cells: [line(model, 60), ...names.map((name) => digits.format(of[name]))],
  }));
  const header = ["model", ...Object.values(numbers)];
  const widths = header.map((name, at) =>
    Math.max(name.length, ...table.map(({ cells }) => (cells[at] as string).length)),
  );
  const text: string[] = [];
  if (table.length !== 0) text.push(bold(row(header, widths)));
  for (const { of, cells } of table) {
    text.push(row(cells, widths));
    const facts = {
      finish: countsText(of.finishReasons),
      errors: countsText(of.errors),
      issues: countsText(of.issues),
      usage: of.withoutUsage === 0 ? "" : `missing in ${digits.format(of.withoutUsage)}`,
    };
    for (const [name, fact] of Object.entries(facts))
      if (fact !== "") text.push(`  ${dim(name.padEnd(7))} ${fact}`);
  }
  if (table.length !== 0) text.push("");
  const count = (number: number, name: string) =>
    `${digits.format(number)} ${name}${number === 1 ? "" : "s"}`;
  const badText = bad.count === 0 ? "none bad" : `${digits.format(bad.count)} bad`;
  text.push(
    `${count(lines, "line")} of ${count(files.length, "file")}, ${badText}${isPartial ? ", not to the end" : ""}`,
  );
  return `${text.join("\n")}\n`;
}

/** For programs. */
export function reportJson({ files, lines, models, bad, isPartial }: Report): string {
  const report = {
    files,
    lines,
    complete: !isPartial,
    models: ordered(models).map(([model, { finishReasons, errors, issues, ...of }]) => ({
      model,
      ...of,
      finishReasons: Object.fromEntries(byCount(finishReasons)),
      errors: Object.fromEntries(byCount(errors)),
      issues: Object.fromEntries(byCount(issues)),
    })),
    badLines: bad,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const csvCell = (value: string | number) =>
  /[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

/** For spreadsheets: a row for each model, a column for each number and each word. */
export function reportCsv({ models }: Report): string {
  const all = ordered(models);
  const groups = { finishReasons: "finish", errors: "error", issues: "issue" } as const;
  const words = (Object.keys(groups) as (keyof typeof groups)[]).flatMap((group) =>
    [...new Set(all.flatMap(([, of]) => byCount(of[group]).map(([word]) => word)))].map((word) => ({
      group,
      word,
    })),
  );
  const names = [
    ...(Object.keys(numbers) as (keyof typeof numbers)[]),
    "choices",
    "withoutUsage",
  ] as const;
  const header = ["model", ...names, ...words.map(({ group, word }) => `${groups[group]}:${word}`)];
  const rows = all.map(([model, of]) => [
    model,
    ...names.map((name) => of[name]),
    ...words.map(({ group, word }) => of[group].get(word) ?? 0),
  ]);
  return [header, ...rows].map((cells) => `${cells.map(csvCell).join(",")}\n`).join("");
}
