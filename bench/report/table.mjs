// Tables for terminals.

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

export const number = (value) =>
  value.toFixed(value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0);
export const times = (value) => `${value.toFixed(value < 10 ? 2 : 1)}x`;
export const timesBetween = ({ median, low, high }) =>
  `${times(median)} (${times(low).slice(0, -1)}-${times(high).slice(0, -1)})`;

/** Why a peer does not do it, in short. */
export function shortRefusal(message) {
  const line = message.startsWith("Expected values")
    ? "the result differs"
    : message.split("\n")[0];
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/** The series of one payload. */
export function printSeries(title, results) {
  const unit = results[0].group === "body" ? "body" : "event";
  console.log(`\n${title}`);
  const rows = results.map((of) =>
    of.refused
      ? [of.name, "-", "-", `refused: ${shortRefusal(of.refused)}`]
      : [of.name, number(of.theirs.median), number(of.ours.median), timesBetween(of.ratio)],
  );
  printTable(["", `µs per ${unit}`, "chatwire", "times as long"], rows);
}
