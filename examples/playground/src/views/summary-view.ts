// The line above all: what it is, what became of it, who answered, why it ended.
import { totalTokens } from "chatwire";
import { count, find, make, plural } from "../dom.js";
import type { Reading } from "../reading/reading.js";

const view = find("summary");

export function showSummary({ kind, verdict, failure, completion, issues }: Reading): void {
  const { model, choices, usage } = completion;
  const reasons = [
    ...new Set((choices ?? []).map(({ finishReason }) => finishReason ?? "unfinished")),
  ];
  const tokens = totalTokens(usage);
  const facts = [
    model,
    ...(failure === undefined ? reasons : []),
    tokens === undefined ? undefined : plural(tokens, "token"),
  ].filter((fact) => fact !== undefined && fact !== "");
  view.replaceChildren(
    make("span", { class: `badge ${verdict}` }, verdict),
    make("span", { class: "summary-kind" }, kind),
    make("span", { class: "summary-words", title: failure }, failure ?? facts.join(" · ")),
  );
  const number = find("issue-count");
  number.textContent = issues.length === 0 ? "" : count(issues.length);
  number.className = issues.some(({ severity }) => severity === "error") ? "count error" : "count";
}
