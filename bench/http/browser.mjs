// Reads streams in Chromium.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";

const program = "/usr/bin/chromium";

/** Whether there is a browser. */
export const hasBrowser = () => existsSync(program);

/** The page's module in one file. */
async function bundlePage() {
  const { build } = await import("esbuild"); // not at the top: it may not be installed yet
  const { outputFiles } = await build({
    entryPoints: [join(root, "bench/http/page.mjs")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    external: ["node:*"],
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Starts the browser with a page. Gives `{ version, measure, close }`. */
export async function openBrowser() {
  const { chromium } = await import("playwright-core");
  const script = await bundlePage();
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  const address = `http://127.0.0.1:${server.address().port}/`;
  return {
    version: browser.version(),
    /** In a page of its own. */
    async measure(...given) {
      const page = await browser.newPage();
      await page.goto(address);
      await page.waitForFunction(() => globalThis.measure !== undefined);
      const result = await page.evaluate((all) => globalThis.measure(...all), given);
      await page.close();
      return result;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
