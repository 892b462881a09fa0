// Tabs by the pattern of ARIA: one of them in the order of tabs, arrows between them.
const tabs = [...document.querySelectorAll<HTMLElement>('[role="tab"]')];
const listeners: ((name: string) => void)[] = [];

export function onTab(listener: (name: string) => void): void {
  listeners.push(listener);
}

export const chosenTab = () =>
  tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.tab ?? "";

export function chooseTab(name: string, isFocused = false): void {
  for (const tab of tabs) {
    const isChosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !isChosen;
    if (!isChosen) continue;
    if (isFocused) tab.focus();
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  for (const listener of listeners) listener(name);
}

const moves: Record<string, (at: number) => number> = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: () => -1,
};

for (const tab of tabs) {
  tab.addEventListener("click", () => chooseTab(tab.dataset.tab ?? ""));
  tab.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const shown = tabs.filter((one) => !one.hidden);
    const next = shown.at(move(shown.indexOf(tab)) % shown.length);
    chooseTab(next?.dataset.tab ?? "", true);
  });
}
