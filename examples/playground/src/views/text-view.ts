// What the model said: its text token by token, as likely as each was, its reasoning, its tool calls.
import {
  type ChatCompletion,
  isClamped,
  messageReasoning,
  messageText,
  parseToolArguments,
  type TokenLogprob,
  tokenLogprobs,
} from "chatwire";
import { emptyState, find, make, plural, style } from "../dom.js";
import type { Reading } from "../reading/reading.js";
import { hideTip, showTip } from "../tip.js";

type Choice = NonNullable<ChatCompletion["choices"]>[number];

const mostTokens = 5000;
const view = find("panel-text");

function percent(probability: number): string {
  const digits = probability > 0.995 || probability < 0.01 ? 2 : 1;
  if (probability > 0 && probability < 0.0001) return "< 0.01 %";
  return `${(probability * 100).toFixed(digits)} %`;
}

const probabilityOf = (logprob: number | null | undefined) =>
  logprob === null || logprob === undefined
    ? undefined
    : isClamped(logprob)
      ? 0
      : Math.exp(logprob);

const visible = (token: string | null | undefined) =>
  (token ?? "").replaceAll(" ", "␣").replaceAll("\n", "⏎") || "(empty)";

/** What else there might have been, with bars. */
function alternatives({ token, logprob, topLogprobs }: TokenLogprob): Node[] {
  const own = { token: token ?? "", logprob: logprob ?? null };
  const tops = topLogprobs ?? [];
  const all = tops.some((top) => top.token === own.token) ? tops : [own, ...tops];
  const rows = all.map((top) => {
    const probability = probabilityOf(top.logprob) ?? 0;
    const bar = style(make("span", { class: "bar" }), { "--share": `${probability * 100}%` });
    return make(
      "li",
      { class: top.token === own.token ? "chosen" : "" },
      make("code", {}, visible(top.token)),
      make("span", { class: "bar-box" }, bar),
      make("span", { class: "number" }, isClamped(top.logprob) ? "~ 0" : percent(probability)),
    );
  });
  const log =
    logprob === null || logprob === undefined ? "no logprob" : `logprob ${logprob.toFixed(4)}`;
  return [make("strong", {}, log), make("ul", { class: "alternatives" }, ...rows)];
}

function tokenElement(of: TokenLogprob, at: number): HTMLElement {
  const probability = probabilityOf(of.logprob);
  // Doubt is told from 1 to 1/1000, since half of what is interesting lies below 10 %.
  const doubt =
    probability === undefined ? 0 : Math.min(1, -Math.log10(Math.max(probability, 0.001)) / 3);
  const words = probability === undefined ? "" : `, ${percent(probability)}`;
  const element = make(
    "span",
    {
      class: "token",
      role: "option",
      tabindex: at === 0 ? 0 : -1,
      "aria-label": `${visible(of.token)}${words}`,
      onmouseenter: () => showTip(element, alternatives(of)),
      onmouseleave: hideTip,
      onfocus: () => showTip(element, alternatives(of)),
      onblur: hideTip,
    },
    of.token ?? "",
  );
  return style(element, { "--doubt": `${Math.round(doubt * 100)}%` });
}

function moveAmong(event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const step = steps[event.key];
  const target = event.target as HTMLElement;
  if (step === undefined) return;
  event.preventDefault();
  const next = step > 0 ? target.nextElementSibling : target.previousElementSibling;
  if (!(next instanceof HTMLElement)) return;
  target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

function legend(tokens: readonly TokenLogprob[]): HTMLElement {
  const known = tokens.flatMap(({ logprob }) =>
    typeof logprob === "number" && !isClamped(logprob) ? logprob : [],
  );
  const mean = known.reduce((sum, logprob) => sum + logprob, 0) / Math.max(1, known.length);
  return make(
    "p",
    { class: "legend" },
    make("span", {}, "certain"),
    make("span", { class: "scale", "aria-hidden": "true" }),
    make("span", {}, "1 in 1,000"),
    make(
      "span",
      { class: "legend-note" },
      `${plural(tokens.length, "token")}, perplexity ${Math.exp(-mean).toFixed(2)}`,
    ),
  );
}

function heatMap(tokens: readonly TokenLogprob[]): HTMLElement {
  const list = make(
    "div",
    {
      class: "tokens prose",
      role: "listbox",
      "aria-label": "Tokens, by how likely they were",
      "aria-orientation": "horizontal",
      onkeydown: moveAmong,
    },
    ...tokens.slice(0, mostTokens).map(tokenElement),
  );
  return make("div", {}, legend(tokens), list);
}

function section(title: string, ...content: HTMLElement[]): HTMLElement {
  return make("section", { class: "said" }, make("h3", {}, title), ...content);
}

function toolCalls(choice: Choice): HTMLElement[] {
  return (choice.message?.toolCalls ?? []).map((call) => {
    const text = call.function?.arguments ?? call.custom?.input ?? "";
    const parsed = parseToolArguments(text);
    const shown = parsed.ok ? JSON.stringify(parsed.value, undefined, 2) : text;
    return section(
      "Tool call",
      make(
        "p",
        {},
        make("code", { class: "call" }, call.function?.name ?? call.custom?.name ?? "(no name)"),
        " ",
        make("span", { class: "faint" }, call.id ?? ""),
      ),
      make("pre", { class: "boxed" }, shown === "" ? "(no arguments)" : (shown ?? text)),
    );
  });
}

function contentOf(choice: Choice): HTMLElement[] {
  const { message } = choice;
  const reasoning = messageReasoning(message);
  const text = messageText(message);
  const tokens = tokenLogprobs(choice) ?? [];
  const refusal = message?.refusal;
  const parts: HTMLElement[] = [];
  if (reasoning) parts.push(section("Reasoning", make("p", { class: "prose faint" }, reasoning)));
  if (tokens.length > 0) parts.push(section("Text, as likely as each token was", heatMap(tokens)));
  else if (text) {
    const hint = "Without log-probabilities. Servers send them for requests with “logprobs”: true.";
    parts.push(
      section("Text", make("p", { class: "prose" }, text), make("p", { class: "hint" }, hint)),
    );
  }
  if (refusal) parts.push(section("Refusal", make("p", { class: "prose" }, refusal)));
  return [...parts, ...toolCalls(choice)];
}

export function showText({ completion }: Reading): void {
  const choices = completion.choices ?? [];
  const content = choices.flatMap((choice, at) => {
    const title = choices.length > 1 ? [make("h2", {}, `Choice ${choice.index ?? at}`)] : [];
    return [...title, ...contentOf(choice)];
  });
  view.replaceChildren(...content);
  if (content.length === 0)
    view.append(emptyState("No text.", "There is no answer in it, or an empty one."));
}
