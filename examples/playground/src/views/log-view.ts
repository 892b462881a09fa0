// The answers of a log, one a row; the other views show the one that is chosen.
import { totalTokens } from "chatwire";
import { count, emptyState, find, make, plural } from "../dom.js";
import type { Entry, Reading } from "../reading/reading.js";

const most = 500;
const view = find("panel-log");

function rowOf(entry: Entry, isChosen: boolean, choose: () => void): HTMLElement {
  const { line, verdict, completion, issueCount } = entry;
  const { model, usage, choices } = completion;
  const cells = [
    make("code", { class: "faint" }, String(line)),
    make("span", { class: `badge ${verdict}` }, verdict),
    make("span", { class: "log-model" }, model || "–"),
    make("span", { class: "faint" }, choices?.[0]?.finishReason ?? "–"),
    make("span", { class: "number" }, usage ? count(totalTokens(usage) ?? 0) : "–"),
    make("span", { class: "number" }, issueCount === 0 ? "–" : count(issueCount)),
  ];
  return make(
    "li",
    {},
    make(
      "button",
      {
        type: "button",
        class: "log-row",
        "aria-pressed": String(isChosen),
        "aria-label": `Line ${line}: ${verdict}, ${model || "no model"}`,
        onclick: choose,
      },
      ...cells,
    ),
  );
}

export function showLog(
  { kind, entries }: Reading,
  shown: number,
  choose: (at: number) => void,
): void {
  if (kind !== "log") {
    view.replaceChildren(
      emptyState(
        "Not a log.",
        "JSON Lines, one answer a line, and the output files of batches are listed here.",
      ),
    );
    return;
  }
  const tokens = entries.reduce(
    (sum, { completion }) => sum + (totalTokens(completion.usage) ?? 0),
    0,
  );
  const failed = entries.filter(({ verdict }) => /Error$/.test(verdict)).length;
  const head = ["#", "", "model", "finish", "tokens", "issues"].map((name) =>
    make("span", {}, name),
  );
  view.replaceChildren(
    make(
      "p",
      { class: "hint" },
      `${plural(entries.length, "line")}, ${plural(tokens, "token")}, ${failed} failed`,
    ),
    make("div", { class: "log-row log-head", "aria-hidden": "true" }, ...head),
    make(
      "ol",
      { class: "log" },
      ...entries.slice(0, most).map((entry, at) => rowOf(entry, at === shown, () => choose(at))),
    ),
  );
  if (entries.length > most)
    view.append(make("p", { class: "hint" }, `The first ${count(most)} are listed.`));
}
