// What npm start shows bodies and streams with: colours, facts, values, issues and errors.
import { inspect } from "node:util";

const colors = process.stdout.isTTY === true && !process.env.NO_COLOR;
export const paint = (code, text) => (colors ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = (text) => paint(1, text);
export const dim = (text) => paint(2, text);
const severityColors = { error: 31, warning: 33, info: 36 };

/** Text from outside without the characters that a terminal would obey; line feeds stay. */
export function harmless(text) {
  return text
    .replace(/\r/g, "")
    .replace(/\t/g, " ")
    .replace(/(?!\n)\p{Cc}/gu, "\ufffd");
}

/** Text from outside on one line, cut. */
export function line(text, longest = 76) {
  const plain = harmless(text.replace(/\s+/g, " "));
  const characters = Array.from(plain);
  return characters.length > longest ? `${characters.slice(0, longest - 3).join("")}...` : plain;
}

const layout = { depth: null, breakLength: 96, maxStringLength: 64, maxArrayLength: 6, colors };

/** From here on values take fewer lines: where many bodies and streams are shown in a row. */
export function showBriefly() {
  Object.assign(layout, { compact: true, maxArrayLength: 2 });
}

export function show(value) {
  console.log(inspect(value, layout).replace(/^/gm, "  "));
}

export function showFact(name, value, longest) {
  if (value === undefined || value === "") return;
  console.log(`  ${dim(name.padEnd(20))} ${line(value, longest)}`);
}

/** What is shown, how long it is, and what became of it where that is known already. */
export function showTitle(name, ...facts) {
  console.log(`\n${[bold(line(name)), ...facts].join("  ")}`);
}

/** The verdict in its colour. */
export function verdictText(verdict) {
  return paint(verdict.endsWith("Error") ? 31 : 32, verdict);
}

function pathText(path, root) {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return steps.join("").replace(/^\./, "") || root;
}

/** The issues of a body or, by the number of the event, those of a stream. */
export function showIssues(issues, whole = "(the body)") {
  for (const { code, severity, path, offset, event, expected, received } of issues) {
    const said = expected ? `: expected ${expected}, received ${received ?? "nothing"}` : "";
    const grade = paint(severityColors[severity], severity.padEnd(7));
    const place = event === undefined ? "" : `event ${event}, `;
    const root = event === undefined ? whole : "(the event)";
    const at = line(pathText(path, root));
    console.log(`  ${grade} ${code} at ${at}, ${place}byte ${offset}${line(said)}`);
  }
}

/** Whether anything was decoded: lists may be there although nothing came. */
function hasMembers(partial) {
  return Object.values(partial ?? {}).some((value) => !Array.isArray(value) || value.length > 0);
}

/** An error of chatwire's, the provider's own if it has one, and what was decoded before it. */
export function showError(error) {
  console.log(`  ${paint(31, error.name)}: ${line(error.message, 300)}`);
  for (const name of ["code", "status", "limit"])
    if (error[name] !== undefined) showFact(name, String(error[name]));
  const { error: payload, partial } = error;
  if (payload !== undefined) show(payload); // the provider's own, with all its members
  // All that there is of most bodies with a provider's error is that error.
  if (!hasMembers(partial) || (payload !== undefined && partial.choices === undefined)) return;
  console.log(dim("  What was decoded before it:"));
  show(partial);
}
