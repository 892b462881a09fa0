// What bodies and streams are shown with: facts, values, issues and errors.
import { inspect } from "node:util";
import type { ChatCompletion, ChatwireError, Issue, ProviderError } from "../index.js";
import { bold, colors, dim, line, paint, severityColors } from "./terminal.js";

const layout = {
  depth: null,
  breakLength: 96,
  maxStringLength: 400,
  maxArrayLength: 12,
  compact: 3 as boolean | number,
  colors,
};

/** From here on values take fewer lines: where many bodies and streams are shown in a row. */
export function showBriefly(): void {
  Object.assign(layout, { compact: true, maxStringLength: 64, maxArrayLength: 2 });
}

export function show(value: unknown): void {
  console.log(inspect(value, layout).replace(/^/gm, "  "));
}

export function showFact(name: string, value: string | undefined, longest?: number): void {
  if (value === undefined || value === "") return;
  console.log(`  ${dim(name.padEnd(20))} ${line(value, longest)}`);
}

/** What is shown, how long it is, and what became of it where that is known already. */
export function showTitle(name: string, ...facts: string[]): void {
  console.log(`\n${[bold(line(name)), ...facts].join("  ")}`);
}

/** The verdict in its colour. */
export function verdictText(verdict: string): string {
  return paint(verdict.endsWith("Error") ? 31 : 32, verdict);
}

/** A path as JavaScript writes it; `root` where it is empty. */
function pathText(path: Issue["path"], root: string): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return steps.join("").replace(/^\./, "") || root;
}

/** The issues of a body or, by the number of the event, those of a stream. */
export function showIssues(issues: readonly Issue[], whole = "(the body)"): void {
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
function hasMembers(partial: unknown): partial is Partial<ChatCompletion> {
  const values = Object.values(partial ?? {});
  return values.some((value) => !Array.isArray(value) || value.length > 0);
}

/** An error of chatwire's, the provider's own if it has one, and what was decoded before it. */
export function showError(error: ChatwireError): void {
  console.log(`  ${paint(31, error.name)}: ${line(error.message, 300)}`);
  const facts = error as ChatwireError & { readonly [name: string]: unknown };
  for (const name of ["code", "status", "limit"])
    if (facts[name] !== undefined) showFact(name, String(facts[name]));
  const { error: payload } = error as Partial<ProviderError>;
  const { partial } = error;
  if (payload !== undefined) show(payload); // the provider's own, with all its members
  // All that there is of most bodies with a provider's error is that error.
  if (!hasMembers(partial) || (payload !== undefined && partial.choices === undefined)) return;
  console.log(dim("  What was decoded before it:"));
  show(partial);
}
