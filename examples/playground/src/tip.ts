// The one tip of the page, beside whatever it is about.
import { find, style } from "./dom.js";

const tip = find("tip");
const gap = 6;

export function showTip(beside: HTMLElement, content: readonly Node[]): void {
  tip.replaceChildren(...content);
  tip.hidden = false;
  const place = beside.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(place.left, document.documentElement.clientWidth - width - gap);
  const below = place.bottom + gap;
  const top = below + height > window.innerHeight ? place.top - height - gap : below;
  style(tip, { left: `${Math.max(gap, left)}px`, top: `${Math.max(gap, top)}px` });
}

export function hideTip(): void {
  tip.hidden = true;
}

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") hideTip();
});
document.addEventListener("scroll", hideTip, { capture: true, passive: true });
