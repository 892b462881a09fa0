// Everything that was odd, in words. Choosing an issue shows its bytes.
import type { Issue } from "chatwire";
import { emptyState, find, make, plural } from "../dom.js";
import { mark } from "../marks.js";
import type { Reading } from "../reading/reading.js";

const most = 300;
const view = find("panel-issues");

function itemOf(issue: Issue, bytes: Uint8Array): HTMLElement {
  const { code, severity, path, offset, event, message } = issue;
  const from = Math.min(offset, Math.max(0, bytes.length - 1));
  const choose = () => mark({ spans: [{ from, to: from + 1 }], by: "issues", isChosen: true });
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: `issue ${severity}`, onclick: choose },
      make(
        "span",
        { class: "issue-head" },
        make("span", { class: `badge ${severity}` }, severity),
        make("code", {}, code),
      ),
      make("span", { class: "issue-words" }, message),
      make(
        "span",
        { class: "issue-place" },
        [path.join("."), `byte ${offset}`, event === undefined ? "" : `event ${event}`]
          .filter((part) => part !== "")
          .join(" · "),
      ),
    ),
  );
}

export function showIssues({ issues, bytes, failure, verdict }: Reading): void {
  const head =
    failure === undefined
      ? undefined
      : make("p", { class: "failure" }, make("strong", {}, verdict), ` ${failure}`);
  if (issues.length === 0) {
    view.replaceChildren(
      emptyState("Nothing is odd about it.", "Every value is of its type and in its place."),
    );
    return;
  }
  const list = make(
    "ol",
    { class: "issues" },
    ...issues.slice(0, most).map((issue) => itemOf(issue, bytes)),
  );
  const rest = issues.length - most;
  view.replaceChildren(...(head ? [head] : []), list);
  if (rest > 0) view.append(make("p", { class: "hint" }, `And ${plural(rest, "more issue")}.`));
}
