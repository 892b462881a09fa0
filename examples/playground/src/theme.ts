// Light, dark, or as the system has it. What was chosen is remembered, where the browser does so.
import { find } from "./dom.js";

const themes = ["auto", "light", "dark"] as const;
const signs = { auto: "◐", light: "☀", dark: "☾" };
const key = "chatwire-theme";
const button = find("theme");

function remembered(): (typeof themes)[number] {
  try {
    const name = localStorage.getItem(key);
    return themes.find((theme) => theme === name) ?? "auto";
  } catch {
    return "auto";
  }
}

function apply(theme: (typeof themes)[number]): void {
  document.documentElement.dataset.theme = theme;
  button.textContent = signs[theme];
  button.setAttribute("aria-label", `Theme: ${theme}`);
  button.title = `Theme: ${theme}`;
}

let current = remembered();
apply(current);

button.addEventListener("click", () => {
  current = themes[(themes.indexOf(current) + 1) % themes.length] ?? "auto";
  apply(current);
  try {
    localStorage.setItem(key, current);
  } catch {
    // It holds until the page is closed.
  }
});
