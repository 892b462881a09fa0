// The typed tree. Each row knows its bytes: pointing at it marks them, and bytes find their row.
import { find, make, style } from "../dom.js";
import { mark, onMarks, unmark } from "../marks.js";
import type { Reading } from "../reading/reading.js";
import type { TreeNode } from "../reading/tree-node.js";
import { isInside, moreText, placeText, type Span } from "../span.js";

const step = 200; // children that are shown at once
const startDepth = 4;
const mostAtFirst = 40;
const view = find("tree");
const details = find("details");

interface Row {
  readonly node: TreeNode;
  readonly parent: Row | undefined;
  readonly element: HTMLElement;
  /** It stands for the children that are not shown yet. */
  readonly isMore: boolean;
}

let roots: readonly TreeNode[] = [];
let rows: readonly Row[] = [];
let open = new Set<string>();
let limits = new Map<string, number>();
let focused = "";

const isBranch = ({ value }: TreeNode) =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `array · ${value.length}`;
  return typeof value === "object" ? `object · ${Object.keys(value).length}` : typeof value;
}

function preview(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "";
  if (typeof value === "object" && value !== null)
    return Object.keys(value).length === 0 ? "{}" : "";
  return JSON.stringify(typeof value === "string" ? value.slice(0, 300) : value) ?? "undefined";
}

function rowElement(node: TreeNode, level: number, position: number, size: number): HTMLElement {
  const branch = isBranch(node);
  const kind = node.value === null ? "null" : typeof node.value;
  const element = make(
    "div",
    {
      role: "treeitem",
      class: "row",
      tabindex: node.path === focused ? 0 : -1,
      "data-path": node.path,
      "aria-level": level,
      "aria-posinset": position,
      "aria-setsize": size,
      "aria-selected": node.path === focused ? "true" : "false",
      "aria-expanded": branch ? String(open.has(node.path)) : undefined,
    },
    make(
      "span",
      { class: "twist", "aria-hidden": "true" },
      branch ? (open.has(node.path) ? "▾" : "▸") : "",
    ),
    make("span", { class: "name" }, node.name),
    make("span", { class: `value ${kind}` }, preview(node.value)),
    make("span", { class: "type" }, typeOf(node.value)),
    make(
      "span",
      { class: node.places.length === 0 ? "place unsent" : "place" },
      placeText(node.places),
      make("span", { class: "place-more" }, moreText(node.places)),
    ),
  );
  return style(element, { "--level": String(level - 1) });
}

/** A row that asks for the children that are not shown yet. */
function moreRow(left: number, level: number, size: number, parent: Row): Row {
  const node: TreeNode = {
    name: `… ${left} more`,
    path: `${parent.node.path} more`,
    value: undefined,
    places: [],
    children: () => [],
  };
  const element = rowElement(node, level, size - left + 1, size);
  element.classList.add("more");
  element.replaceChildren(make("span", { class: "twist" }), make("span", {}, node.name));
  return { node, parent, element, isMore: true };
}

function rowsOf(nodes: readonly TreeNode[], level: number, parent: Row | undefined): Row[] {
  const size = nodes.length;
  const limit = limits.get(parent?.node.path ?? "") ?? step;
  const made = nodes.slice(0, limit).flatMap((node, at) => {
    const element = rowElement(node, level, at + 1, size);
    const row: Row = { node, parent, element, isMore: false };
    return open.has(node.path) ? [row, ...rowsOf(node.children(), level + 1, row)] : [row];
  });
  if (size > limit && parent !== undefined) made.push(moreRow(size - limit, level, size, parent));
  return made;
}

function show(): void {
  rows = rowsOf(roots, 1, undefined);
  if (!rows.some(({ node }) => node.path === focused) && rows[0]) {
    focused = rows[0].node.path;
    rows[0].element.tabIndex = 0;
    rows[0].element.setAttribute("aria-selected", "true");
  }
  view.replaceChildren(...rows.map(({ element }) => element));
}

/** Shows the rows again, and keeps the focus where it is. */
function showAgain(): void {
  const hadFocus = view.contains(document.activeElement);
  show();
  if (hadFocus) rows.find(({ node }) => node.path === focused)?.element.focus();
}

function toggle(row: Row, isOpen = !open.has(row.node.path)): void {
  if (row.isMore && row.parent !== undefined) {
    const path = row.parent.node.path;
    limits.set(path, (limits.get(path) ?? step) + step);
  } else if (isOpen) open.add(row.node.path);
  else open.delete(row.node.path);
  showAgain();
}

function focus(row: Row | undefined, isMarking = true): void {
  if (row === undefined) return;
  for (const { element } of rows.filter(({ node }) => node.path === focused)) {
    element.tabIndex = -1;
    element.setAttribute("aria-selected", "false");
  }
  focused = row.node.path;
  row.element.tabIndex = 0;
  row.element.setAttribute("aria-selected", "true");
  row.element.focus({ preventScroll: true });
  row.element.scrollIntoView({ block: "nearest" });
  showDetails(row.node);
  if (isMarking) mark({ spans: row.node.places, by: "tree", isChosen: true });
}

function showDetails({ path, value, places }: TreeNode): void {
  const text = typeof value === "string" ? value : (JSON.stringify(value, undefined, 2) ?? "");
  details.replaceChildren(
    make(
      "div",
      { class: "details-head" },
      make("code", {}, path),
      make(
        "span",
        {},
        `${typeOf(value)}, ${places.length === 0 ? "not sent" : `bytes ${placeText(places)}${moreText(places)}`}`,
      ),
    ),
    make(
      "pre",
      { tabindex: 0, role: "region", "aria-label": "The whole value" },
      text.slice(0, 20_000) || "(empty)",
    ),
  );
}

const rowOf = (target: EventTarget | null): Row | undefined => {
  const element = target instanceof Element ? target.closest(".row") : null;
  return rows.find((row) => row.element === element);
};

view.addEventListener("click", ({ target }) => {
  const row = rowOf(target);
  if (row === undefined) return;
  const wasFocused = row.node.path === focused && row.element === document.activeElement;
  const isTwist = target instanceof Element && target.classList.contains("twist");
  focus(row);
  // A first click chooses a row, the next one opens or closes it.
  if (row.isMore || (isBranch(row.node) && (isTwist || wasFocused))) toggle(row);
});

view.addEventListener("mouseover", ({ target }) => {
  const row = rowOf(target);
  if (row) mark({ spans: row.node.places, by: "tree", isChosen: false });
});
view.addEventListener("mouseleave", unmark);

const keys: Record<string, (row: Row, at: number) => void> = {
  ArrowDown: (_, at) => focus(rows[at + 1]),
  ArrowUp: (_, at) => focus(rows[at - 1]),
  Home: () => focus(rows[0]),
  End: () => focus(rows.at(-1)),
  ArrowRight: (row, at) => {
    if (open.has(row.node.path)) focus(rows[at + 1]);
    else if (isBranch(row.node)) toggle(row, true);
  },
  ArrowLeft: (row) => {
    if (open.has(row.node.path)) toggle(row, false);
    else focus(row.parent);
  },
  Enter: (row) => toggle(row),
  " ": (row) => toggle(row),
};

view.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  const row = rowOf(event.target);
  if (act === undefined || row === undefined) return;
  event.preventDefault();
  act(row, rows.indexOf(row));
});

/** The nodes from a root down to the smallest value that some bytes are in. */
function wayTo(span: Span, nodes: readonly TreeNode[]): TreeNode[] {
  for (const node of nodes) {
    if (!node.places.some((place) => isInside(span, place))) continue;
    return [node, ...wayTo(span, node.children())];
  }
  return [];
}

onMarks(({ spans, by, isChosen }) => {
  const span = by === "tree" ? undefined : spans[0];
  const way = span ? wayTo(span, roots) : [];
  if (isChosen && way.length > 0) {
    for (const { path } of way.slice(0, -1)) open.add(path);
    focused = way.at(-1)?.path ?? focused;
    show();
    const row = rows.find(({ node }) => node.path === focused);
    row?.element.scrollIntoView({ block: "nearest" });
    if (row) showDetails(row.node);
  }
  const paths = new Set(way.map(({ path }) => path));
  const deepest = rows.findLast(({ node }) => paths.has(node.path));
  for (const row of rows) row.element.classList.toggle("marked", row === deepest);
});

/** Opens what is small enough to be seen at a glance. */
function openAtFirst(nodes: readonly TreeNode[], depth: number): void {
  if (depth === 0) return;
  for (const node of nodes) {
    const isSmall = isBranch(node) && Object.keys(node.value as object).length <= mostAtFirst;
    if (!isSmall || node.path === "chunks") continue;
    open.add(node.path);
    openAtFirst(node.children(), depth - 1);
  }
}

export function showTree(reading: Reading): void {
  roots = reading.roots;
  open = new Set();
  limits = new Map();
  focused = "";
  openAtFirst(roots, startDepth);
  show();
  details.replaceChildren(
    make(
      "p",
      { class: "hint" },
      "Choose a row, or a value among the bytes, to see all of it here.",
    ),
  );
  if (roots.length === 0 || rows.length === 0)
    view.replaceChildren(make("p", { class: "hint" }, "Nothing could be decoded."));
}
