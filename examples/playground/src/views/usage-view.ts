// Tokens, finish reasons, the model.
import {
  type ChatCompletion,
  cachedTokens,
  reasoningTokens,
  totalTokens,
  unifiedFinishReason,
} from "chatwire";
import { count, emptyState, find, make, plural, style } from "../dom.js";
import type { Reading } from "../reading/reading.js";

const view = find("panel-usage");

function bar(parts: readonly { label: string; tokens: number; kind: string }[]): HTMLElement {
  const total = Math.max(
    1,
    parts.reduce((sum, { tokens }) => sum + tokens, 0),
  );
  const label = parts.map((part) => `${part.label} ${part.tokens}`).join(", ");
  return make(
    "div",
    { class: "stack", role: "img", "aria-label": label },
    ...parts
      .filter(({ tokens }) => tokens > 0)
      .map(({ tokens, kind }) =>
        style(make("span", { class: kind }), { "flex-grow": String(tokens / total) }),
      ),
  );
}

const fact = (label: string, value: string, kind = "") =>
  make("div", { class: `fact ${kind}` }, make("dt", {}, label), make("dd", {}, value));

function tokensOf(usage: NonNullable<ChatCompletion["usage"]>): HTMLElement[] {
  const prompt = usage.promptTokens ?? 0;
  const completion = usage.completionTokens ?? 0;
  const cached = Math.min(prompt, cachedTokens(usage) ?? 0);
  const reasoning = Math.min(completion, reasoningTokens(usage) ?? 0);
  const parts = [
    { label: "Cached prompt", tokens: cached, kind: "of-cached" },
    { label: "Prompt", tokens: prompt - cached, kind: "of-prompt" },
    { label: "Reasoning", tokens: reasoning, kind: "of-reasoning" },
    { label: "Answer", tokens: completion - reasoning, kind: "of-answer" },
  ];
  return [
    make(
      "p",
      { class: "big" },
      count(totalTokens(usage) ?? prompt + completion),
      make("span", {}, " tokens"),
    ),
    bar(parts),
    make(
      "dl",
      { class: "facts keyed" },
      ...parts.map(({ label, tokens, kind }) => fact(label, count(tokens), kind)),
    ),
  ];
}

function finishOf(completion: Partial<ChatCompletion>): HTMLElement[] {
  return (completion.choices ?? []).map((choice, at) => {
    const sent = choice.finishReason ?? "none";
    const unified = unifiedFinishReason(choice);
    const words = sent === unified ? sent : `${sent} (${unified})`;
    return fact(
      `Finish reason${at > 0 || (completion.choices?.length ?? 0) > 1 ? ` ${choice.index}` : ""}`,
      words,
    );
  });
}

export function showUsage({ completion }: Reading): void {
  const { usage, model, created, id, choices } = completion;
  const made =
    typeof created === "number" && created > 0
      ? new Date(created * 1000).toISOString().replace(".000Z", " UTC").replace("T", " ")
      : "not told";
  const about = [
    fact("Model", model || "not told"),
    ...finishOf(completion),
    fact("Id", id || "not told"),
    fact("Created", made),
    fact("Answers", plural(choices?.length ?? 0, "choice")),
  ];
  view.replaceChildren(
    ...(usage
      ? tokensOf(usage)
      : [
          emptyState(
            "No usage.",
            "Streams tell it for requests with “stream_options”: { “include_usage”: true }.",
          ),
        ]),
    make("dl", { class: "facts" }, ...about),
  );
}
