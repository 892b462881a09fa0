// Tables for terminals.
import { number, refusal, timesBetween } from "./format.mjs";

/** Prints rows as columns of equal width: the first to the left, all others to the right. */
export function printTable(header, rows) {
  const table = [header, ...rows];
  const widths = header.map((_, at) => Math.max(...table.map((row) => (row[at] ?? "").length)));
  for (const row of table) {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
    );
    console.log(cells.join("  ").trimEnd());
  }
}

/** The series of one payload. */
export function printSeries(title, results) {
  const [{ group, kind = group }] = results;
  const unit = kind === "stream" ? "event" : "body";
  console.log(`\n${title}`);
  const rows = results.map(({ name, refused, theirs, ours, ratio }) =>
    refused
      ? [name, "-", "-", refusal(refused)]
      : [name, number(theirs.median), number(ours.median), timesBetween(ratio)],
  );
  printTable(["", `µs per ${unit}`, "chatwire", "times as long"], rows);
}

const count = (cases, isMet) => cases.filter((of) => of.isMet === isMet).length;

/** The numbers to be held, and how many rows hold them. */
export function printTargets(targets) {
  if (targets.length === 0) return;
  console.log("\nNumbers to be held");
  for (const { what, least, most, unit = "×", cases } of targets) {
    const wanted = least === undefined ? `at most ${most}` : `at least ${least}`;
    console.log(`  ${what}: ${wanted}${unit}; ${count(cases, true)} of ${cases.length} do`);
    for (const { id, value, isMet } of cases)
      if (!isMet) console.log(`    missed  ${id.padEnd(32)} ${number(value)}${unit}`);
  }
}
