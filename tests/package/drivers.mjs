// Browsers, driven by programs: each gives `open(address)`, for a page with `evaluate(text)`, and `close`.
// `open(address, { bypassCSP: true })`, in Chromium, is for pages whose policy allows nothing.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/shell.mjs";

const programs = { Chromium: "/usr/bin/chromium", Firefox: "/usr/bin/firefox-esr" };
const modules = join(root, "tests/package/runtimes/node_modules");

/** Why a browser cannot be used; false where it can. */
export function lackOf(name) {
  if (!existsSync(programs[name])) return `there is no ${programs[name]}`;
  if (name === "Firefox" && !existsSync(join(modules, "puppeteer-core")))
    return "what drives it is not installed: npm run test:package";
  return false;
}

const launches = {
  async Chromium() {
    const { chromium } = await import("playwright-core");
    return chromium.launch({ executablePath: programs.Chromium, args: ["--no-sandbox"] });
  },
  // Debian's Firefox speaks WebDriver BiDi, which Playwright does not.
  async Firefox() {
    const entry = createRequire(join(modules, "_")).resolve("puppeteer-core");
    const { default: puppeteer } = await import(pathToFileURL(entry).href);
    return puppeteer.launch({ browser: "firefox", executablePath: programs.Firefox });
  },
};

export async function launch(name) {
  const browser = await launches[name]();
  const open = async (address, options) => {
    const page = await browser.newPage(options);
    await page.goto(address);
    return page;
  };
  return { open, close: () => browser.close() };
}
