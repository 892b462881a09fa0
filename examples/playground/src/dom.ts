// Elements, written as function calls.
type Value = string | number | boolean | undefined | ((event: never) => void);
type Child = Node | string | undefined | false;

/**
 * @param values attributes; functions are listeners, by names such as `onclick`
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  values: Readonly<Record<string, Value>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "function")
      element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

export function shape(
  tag: string,
  values: Readonly<Record<string, string | number>>,
  ...children: Node[]
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** An element of the page, which has it. */
export function find<Wanted extends HTMLElement = HTMLElement>(id: string): Wanted {
  return document.getElementById(id) as Wanted;
}

/** What a panel shows where there is nothing to show. */
export function emptyState(title: string, ...hints: Child[]): HTMLElement {
  return make("div", { class: "empty" }, make("strong", {}, title), make("p", {}, ...hints));
}

/** Sets a style that depends on data. */
export function style(element: HTMLElement, values: Readonly<Record<string, string>>): HTMLElement {
  for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value);
  return element;
}

const numbers = new Intl.NumberFormat("en");
export const count = (value: number) => numbers.format(value);
export const plural = (value: number, noun: string) =>
  `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
