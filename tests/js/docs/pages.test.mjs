// The pages of the documents open in Chromium, from a server that has the package where they look for
// it, and log what they say. What is only a part of a page is put into one.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { checkedBlocks, nameOf, root, unprinted } from "./blocks.mjs";
import { startUpstream } from "./upstream.mjs";

const program = "/usr/bin/chromium";
const skip = !existsSync(program) && `there is no ${program}: apt-get install chromium`;
const blocks = checkedBlocks("html");
const packaged = "/node_modules/chatwire/";

const pageOf = ({ code }) =>
  code.includes("<!doctype")
    ? code
    : `<!doctype html><title>Part of a page</title>\n${code}
<script type="module">
import { decode, init } from "chatwire";
await init();
console.log(decode('{"choices":[{"message":{"content":"Hi!"}}]}').choices[0].message.content);
</script>`;

function serve({ url }, response) {
  const send = (type, text) => {
    response.writeHead(200, { "content-type": type }).end(text);
    return true;
  };
  const page = /^\/page-(\d+)$/.exec(url);
  if (page) return send("text/html", pageOf(blocks[page[1]]));
  if (!url.startsWith(packaged)) return false;
  return send("text/javascript", readFileSync(join(root, url.slice(packaged.length))));
}

describe("in Chromium", { skip }, () => {
  let upstream;
  let browser;
  before(async () => {
    upstream = await startUpstream(serve);
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    upstream?.close();
  });

  for (const [n, block] of blocks.entries())
    test(nameOf(block), async () => {
      const page = await browser.newPage();
      const lines = [];
      const problems = [];
      page.on("console", (message) => lines.push(message.text()));
      page.on("pageerror", (error) => problems.push(error.message));
      await page.goto(`${upstream.origin}/page-${n}`);
      // A page that asks for something is given it.
      await page.evaluate(`(() => {
        const [form] = document.forms;
        if (form) form.querySelector("input").value = "How does one make tea?";
        form?.querySelector("button").click();
      })()`);
      const isDone = () => lines.length > 0 && unprinted(block.code, lines) === undefined;
      const end = Date.now() + 20_000;
      while (!isDone() && problems.length === 0 && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(problems, []);
      assert.ok(isDone(), `"${unprinted(block.code, lines)}" is not logged. What is: ${lines}`);
      await page.close();
    });
});
