// The bytes as they came, page by page: marked where a value of the tree is, flagged where an issue is.
import type { Issue } from "chatwire";
import { count, find, make, plural } from "../dom.js";
import { forgetMarks, type Marks, mark, onMarks, unmark } from "../marks.js";
import { pageStarts, segments } from "../segments.js";
import { moreText, overlaps, placeText, type Span, textOf } from "../span.js";
import { hideTip, showTip } from "../tip.js";

const pageSize = 24 * 1024;
const view = find("bytes");
const status = find("bytes-status");
const pager = find("pager");

let bytes: Uint8Array = new Uint8Array(0);
let issues: readonly Issue[] = [];
let starts: readonly number[] = [0];
let page = 0;
let shown: Shown[] = [];
let marked: readonly Span[] = [];

interface Shown {
  readonly element: HTMLElement;
  readonly span: Span;
  readonly issues: readonly Issue[];
}

const spanOfPage = (): Span => ({
  from: starts[page] ?? 0,
  to: starts[page + 1] ?? bytes.length,
});

/** A flag that says an issue's words. Keys come to what it stands before instead. */
function flag(issue: Issue): HTMLElement {
  const button = make(
    "button",
    {
      class: `flag ${issue.severity}`,
      type: "button",
      tabindex: -1,
      "aria-label": `${issue.code}: ${issue.message}`,
      onmouseenter: () => showTip(button, tipOf(issue)),
      onmouseleave: hideTip,
      onfocus: () => showTip(button, tipOf(issue)),
      onblur: hideTip,
    },
    issue.severity === "info" ? "i" : "!",
  );
  return button;
}

const tipOf = ({ code, message }: Issue) => [make("strong", {}, code), make("p", {}, message)];

function show(): void {
  const { from, to } = spanOfPage();
  shown = [];
  const flags = issues.filter(
    ({ offset }) => offset >= from && (offset < to || to === bytes.length),
  );
  flags.sort((one, other) => one.offset - other.offset);
  const content = document.createDocumentFragment();
  for (const segment of segments(bytes, from, to)) {
    const here: Issue[] = [];
    while (flags[0] && flags[0].offset < segment.to) here.push(flags.shift() as Issue);
    content.append(...here.map(flag));
    const worst = here.find(({ severity }) => severity === "error") ?? here[0];
    const element = make(
      "span",
      { class: worst ? `${segment.kind} flagged ${worst.severity}` : segment.kind },
      textOf(bytes, segment),
    );
    shown.push({ element, span: segment, issues: here });
    content.append(element);
  }
  content.append(...flags.map(flag)); // at the end of the input
  view.replaceChildren(content);
  showPager();
  paint();
}

function showPager(): void {
  const last = starts.length - 1;
  const go = (to: number) => () => {
    page = to;
    show();
    view.scrollTop = 0;
  };
  const button = (label: string, text: string, to: number) =>
    make(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": label,
        disabled: to < 0 || to > last,
        onclick: go(to),
      },
      text,
    );
  const focused = [...pager.children].indexOf(document.activeElement as Element);
  pager.hidden = last === 0;
  pager.replaceChildren(
    button("Earlier bytes", "‹", page - 1),
    make("span", {}, `${page + 1} / ${last + 1}`),
    button("Later bytes", "›", page + 1),
  );
  const again = pager.children[focused];
  if (again instanceof HTMLElement) again.focus();
}

function paint(): void {
  const here = marked.filter((span) => overlaps(span, spanOfPage()));
  for (const { element, span } of shown)
    element.classList.toggle(
      "marked",
      here.some((of) => overlaps(span, of)),
    );
  const total = plural(bytes.length, "byte");
  status.textContent =
    marked.length === 0
      ? total
      : `${placeText(marked)}${moreText(marked)} of ${count(bytes.length)}`;
}

function reveal(spans: readonly Span[]): void {
  const [first] = spans;
  if (first === undefined) return;
  const { from, to } = spanOfPage();
  if (first.from < from || first.from >= to) {
    page = Math.max(
      0,
      starts.findLastIndex((start) => start <= first.from),
    );
    show();
  }
  const target = shown.find(({ span }) => span.to > first.from)?.element;
  if (target === undefined) return;
  const top = target.offsetTop - view.clientHeight / 3;
  view.scrollTop = Math.max(0, top);
}

onMarks((marks: Marks) => {
  marked = marks.spans;
  if (marks.isChosen && marks.by !== "bytes") reveal(marks.spans);
  paint();
});

function segmentOf(target: EventTarget | null): Span | undefined {
  return shown.find(({ element }) => element === target)?.span;
}

function markSegment(span: Span | undefined, isChosen: boolean): void {
  if (span !== undefined) mark({ spans: [span], by: "bytes", isChosen });
}

view.addEventListener("mouseover", ({ target }) => markSegment(segmentOf(target), false));
view.addEventListener("mouseleave", unmark);
view.addEventListener("blur", hideTip);
view.addEventListener("click", ({ target }) => markSegment(segmentOf(target), true));
view.addEventListener("keydown", (event) => {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
  const step = steps[event.key];
  const telling = shown.filter(({ element }) => /string|word|flagged/.test(element.className));
  const at = telling.findIndex(({ element }) => element.classList.contains("marked"));
  if (event.key === "Enter" && event.target === view) markSegment(telling[at]?.span, true);
  if (step === undefined) return;
  event.preventDefault();
  const next = telling[Math.min(telling.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  markSegment(next.span, false);
  next.element.scrollIntoView({ block: "nearest" });
  hideTip();
  // After the scrolling, which hides it.
  if (next.issues.length > 0)
    requestAnimationFrame(() => showTip(next.element, next.issues.flatMap(tipOf)));
});

export function showBytes(of: Uint8Array, noticed: readonly Issue[], near: number): void {
  bytes = of;
  issues = noticed;
  starts = pageStarts(bytes, pageSize);
  page = Math.max(
    0,
    starts.findLastIndex((start) => start <= near),
  );
  marked = [];
  forgetMarks();
  view.scrollTop = 0;
  show();
}
