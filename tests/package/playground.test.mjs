// The page of examples/playground, built and opened as its users do: from the disk, without a server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/shell.mjs";
import { lackOf, launch } from "./drivers.mjs";
import { outputOf } from "./processes.mjs";

const folder = join(root, "examples/playground");
const built = join(folder, "dist/index.html");
const tabs = ["tree", "text", "time", "log", "issues", "usage", "speed"];
const quick = process.env.CHATWIRE_PACKAGE_TESTS === "quick";

// What the programs that drive browsers do differently.
const resizes = {
  Chromium: (page, width, height) => page.setViewportSize({ width, height }),
  Firefox: (page, width, height) => page.setViewport({ width, height }),
};

/** Runs a function in a page: as text, under any policy. */
const run = (page, of, ...given) => page.evaluate(`(${of})(...${JSON.stringify(given)})`);

/** Waits until an expression is true in a page. */
async function until(page, expression) {
  for (let wait = 0; wait < 400; wait++) {
    if (await page.evaluate(`Boolean(${expression})`)) return;
    await sleep(25);
  }
  assert.fail(`not in time: ${expression}`);
}

const textOf = (page, selector) =>
  run(page, (of) => document.querySelector(of)?.textContent, selector);
const textsOf = (page, selector) =>
  run(page, (of) => [...document.querySelectorAll(of)].map((one) => one.textContent), selector);
const focusOf = (page) =>
  run(page, () => document.activeElement.id || document.activeElement.dataset.path);

/** Waits until what was given is shown. */
const isShown = (page, words) =>
  until(page, `document.querySelector("#summary").textContent.includes(${JSON.stringify(words)})`);

async function choose(page, sample, words) {
  await run(
    page,
    (name) => {
      const list = document.querySelector("#sample");
      list.value = name;
      list.dispatchEvent(new Event("change"));
    },
    sample,
  );
  await isShown(page, words);
}

const paste = (page, text) =>
  run(
    page,
    (pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      const event = new ClipboardEvent("paste", { bubbles: true });
      Object.defineProperty(event, "clipboardData", { value: clipboardData }); // Firefox keeps it back
      document.body.dispatchEvent(event);
    },
    text,
  );

const drop = (page, name, text) =>
  run(
    page,
    (of, content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], of));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
    },
    name,
    text,
  );

const body =
  '{"model":"pasted-1","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße"},"finish_reason":"stop"}],"cost":2}';
const offsetOf = (text) => Buffer.byteLength(body.slice(0, body.indexOf(text)));
const rowOf = (path) => `.row[data-path="${path}"]`;

before(async () => {
  await outputOf(folder, process.execPath, "node_modules/vite/bin/vite.js", "build");
});

test("the playground's types hold", async () => {
  await outputOf(root, process.execPath, "node_modules/typescript/bin/tsc", "-p", folder);
});

test("the built page is one file whose policy allows nothing but itself", () => {
  const page = readFileSync(built, "utf8");
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^ ]+' 'wasm-unsafe-eval';/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  assert.doesNotMatch(page, /<(script|link|img)[^>]* (src|href)="(?!data:)/);
});

for (const name of quick ? ["Chromium"] : ["Chromium", "Firefox"]) {
  describe(name, { skip: lackOf(name) }, () => {
    const errors = [];
    let browser;
    let page;
    before(async () => {
      browser = await launch(name);
      page = await browser.open(pathToFileURL(built).href);
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await until(page, "document.documentElement.dataset.kind");
    });
    after(() => browser?.close());
    beforeEach(async () => {
      await resizes[name](page, 1280, 800);
      await page.click("#tab-tree");
    });

    test("a pasted body is a tree whose values know their bytes, and bytes their value", async () => {
      await paste(page, body);
      await isShown(page, "pasted-1");
      const content = rowOf("completion.choices[0].message.content");
      const from = offsetOf('"Grüße"');
      assert.equal(await textOf(page, `${content} .value`), '"Grüße"');
      assert.equal(await textOf(page, `${content} .type`), "string");
      assert.equal(await textOf(page, `${content} .place`), `${from}–${from + 9}`);
      await page.hover(content);
      assert.deepEqual(await textsOf(page, "#bytes .marked"), ['"Grüße"']);
      await page.hover(rowOf("completion.extra.cost"));
      assert.deepEqual(await textsOf(page, "#bytes .marked"), ["2"]);

      await run(page, () => {
        const pieces = [...document.querySelectorAll("#bytes span")];
        pieces.find(({ textContent }) => textContent === '"stop"').id = "piece";
      });
      await page.hover("#piece");
      assert.deepEqual(await textsOf(page, ".row.marked .name"), ["finishReason"]);
      await page.click("#piece");
      assert.match(await textOf(page, "#details"), /choices\[0\]\.finishReason.*"?stop/);
      await page.hover(content);
      await page.hover("h1"); // what was chosen is marked again
      assert.deepEqual(await textsOf(page, "#bytes .marked"), ['"stop"']);
    });

    test("a dropped log is a list of answers, each of which can be chosen", async () => {
      const refused = '{"error":{"message":"No credits left","code":402}}';
      await drop(page, "answers.jsonl", `${body}\n\n{"response":{"body":${body}}}\n${refused}\n`);
      await isShown(page, "log");
      await page.click("#tab-log");
      assert.deepEqual(await textsOf(page, ".log .log-row code"), ["1", "3", "4"]);
      assert.deepEqual(await textsOf(page, ".log .log-row .badge"), [
        ...["decoded", "decoded", "ProviderError"],
      ]);
      await page.click(".log li:nth-child(3) button");
      await isShown(page, "No credits left");
      await page.click(".log li:nth-child(2) button");
      await isShown(page, "pasted-1");
      await page.click("#tab-tree");
      const [from] = (await textOf(page, `${rowOf("completion")} .place`)).split("–");
      const before = Buffer.byteLength(`${body}\n\n{"response":{"body":`);
      assert.equal(Number(from), before);
    });

    test("issues are flagged at their bytes, with their words", async () => {
      await choose(page, "quirks.json", "repaired");
      await page.click("#tab-issues");
      const codes = await textsOf(page, ".issue code");
      assert.ok(codes.includes("NUMBER_FROM_STRING"), codes.join());
      const flags = await run(page, () =>
        [...document.querySelectorAll(".flag")].map((flag) => [
          flag.getAttribute("aria-label"),
          flag.nextElementSibling.textContent,
        ]),
      );
      assert.equal(flags.length, codes.length);
      const words = flags.find(([, bytes]) => bytes === '"212"')?.[0];
      assert.match(words, /NUMBER_FROM_STRING: .*usage\.prompt_tokens/);
      await page.hover(".flag");
      assert.match(await textOf(page, "#tip:not([hidden])"), /NOT_INTEGER/);
      await page.hover("h1");
      await page.focus("#bytes");
      for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowRight");
      await until(page, 'document.querySelector("#tip:not([hidden])")');
      assert.match(await textOf(page, "#tip"), /NOT_INTEGER/);
      const number = codes.indexOf("NUMBER_FROM_STRING") + 1;
      await page.click(`.issues li:nth-child(${number}) button`);
      assert.deepEqual(await textsOf(page, "#bytes .marked"), ['"212"']);
    });

    test("tokens are a heat map with alternatives", async () => {
      await choose(page, "doubts.json", "62 tokens");
      await page.click("#tab-text");
      const tokens = await textsOf(page, ".token");
      assert.equal(tokens.join("").slice(0, 28), "Octopuses have three hearts:");
      const likely = await run(page, () =>
        [...document.querySelectorAll(".token")].map((one) => [
          one.textContent,
          Number.parseFloat(one.style.getPropertyValue("--doubt")),
        ]),
      );
      const doubt = Object.fromEntries(likely);
      assert.ok(doubt[" serves"] > doubt[" of"] && doubt.op === 0);
      await page.focus(".token");
      for (let at = 0; at < tokens.indexOf(" serves"); at++)
        await page.keyboard.press("ArrowRight");
      const shown = await textsOf(page, "#tip:not([hidden]) li");
      assert.deepEqual(shown, [
        "␣pumps52.0 %",
        "␣sends21.0 %",
        "␣circulates17.0 %",
        "␣serves6.0 %",
      ]);
      await page.keyboard.press("Escape");
      assert.equal(await textOf(page, "#tip:not([hidden])"), undefined);
    });

    test("a stream is a time line, on which tool arguments grow", async () => {
      await choose(page, "tool-calls.sse", "345 tokens");
      await page.click("#tab-time");
      const lanes = await textsOf(page, ".lane-name");
      assert.deepEqual(lanes, ["text", "find_trains", "get_weather", "usage", "finish"]);
      assert.match(
        await textOf(page, "#panel-time .facts"),
        /First token0\.36 s.*Tokens \/ s37\.5/,
      );
      const goTo = (time) =>
        run(
          page,
          (to) => {
            const position = document.querySelector("#position");
            position.value = to;
            position.dispatchEvent(new Event("input"));
          },
          time,
        );
      const calls = () => textsOf(page, ".growing");
      const end = await calls();
      await goTo(1300);
      const [first] = await calls();
      assert.match(first, /^find_trains growing\{/);
      assert.doesNotMatch(first, /seats/);
      assert.match(await textOf(page, "#bytes .marked"), /^data/);
      await goTo(0);
      assert.deepEqual(await calls(), []);
      await run(page, () => {
        const speed = document.querySelector("#speed-choice");
        speed.value = "10";
        speed.dispatchEvent(new Event("change"));
      });
      await page.click("#play");
      await until(page, 'document.querySelector(".clock").textContent.endsWith("43 / 43")');
      assert.equal(await textOf(page, "#live-text"), "Let me look up both.");
      assert.deepEqual(await calls(), end);
      assert.ok(end.every((call) => call.includes("complete")));
    });

    test("a value of a stream knows all its pieces, and how it broke off is told", async () => {
      await choose(page, "broken-off.sse", "TruncatedError");
      await page.hover(rowOf("partial.choices[0].message.content"));
      const marked = await textsOf(page, "#bytes .marked");
      assert.deepEqual(marked.slice(0, 3), ['"I"', '" will"', '" book"']);
      await page.hover(rowOf("partial.choices[0].logprobs"));
      assert.equal(await textOf(page, "#bytes .marked"), "null");
      await choose(page, "provider-error.sse", "ProviderError");
      assert.equal((await textsOf(page, rowOf("error"))).length, 1);
    });

    test("usage, finish reason and model are shown", async () => {
      await choose(page, "reasoning.json", "199 tokens");
      await page.click("#tab-usage");
      const usage = await textOf(page, "#panel-usage");
      assert.match(usage, /^199 tokens.*Prompt41Reasoning97Answer61.*deepseek-reasoner.*stop/);
    });

    test("decoding is timed beside JSON.parse, where that can read the input", async () => {
      await choose(page, "plain.json", "115 tokens");
      await page.click("#tab-speed");
      await until(page, 'document.querySelectorAll(".speeds li").length === 2');
      const times = await textsOf(page, ".speeds .number");
      for (const time of times) assert.match(time, /^[\d.]+ (µs|ms)$/);
      await choose(page, "quirks.json", "repaired");
      await until(page, 'document.querySelectorAll(".speeds li").length === 1');
      assert.match(await textOf(page, ".conclusion"), /JSON\.parse cannot read it/);
    });

    test("a contract makes it strict", async () => {
      await choose(page, "tool-calls.json", "decoded");
      const setContract = (to) =>
        run(
          page,
          (contract) => {
            const list = document.querySelector("#contract");
            list.value = contract;
            list.dispatchEvent(new Event("change"));
          },
          to,
        );
      await setContract("openai");
      await isShown(page, "DecodeError");
      await setContract("");
      await isShown(page, "decoded");
    });

    test("what is edited is decoded again", async () => {
      await choose(page, "plain.json", "gpt-4.1-mini");
      await page.click("#edit");
      await run(page, () => {
        const editor = document.querySelector("#editor");
        editor.value = editor.value.replace("gpt-4.1-mini-2025-04-14", "edited-model");
        editor.dispatchEvent(new Event("input"));
      });
      await isShown(page, "edited-model");
      await page.click("#edit");
      assert.match(await textOf(page, "#bytes"), /"edited-model"/);
    });

    test("everything is reached by keys, and what has the focus shows it", async () => {
      await choose(page, "plain.json", "115 tokens");
      await page.focus("#theme");
      const reached = [];
      for (let n = 0; n < 8; n++) {
        await page.keyboard.press("Tab");
        reached.push(await focusOf(page));
      }
      assert.deepEqual(reached, [
        ...["sample", "open", "edit", "bytes", "read-as", "contract"],
        ...["tab-tree", "completion"],
      ]);
      await page.focus("#tab-tree");
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowDown");
      assert.equal(await focusOf(page), "completion.id");
      const outline = await run(page, () => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return `${outlineStyle} ${outlineWidth}`;
      });
      assert.equal(outline, "solid 2px");
      assert.equal(
        await textOf(page, "#bytes .marked"),
        '"chatcmpl-9xK2mQ4tVbYhLs7Rw0pDcEfGuJnZa"',
      );
      const expanded = () => run(page, () => document.activeElement.getAttribute("aria-expanded"));
      await page.keyboard.press("Home");
      assert.equal(await expanded(), "true");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await expanded(), "false");
      assert.equal((await textsOf(page, ".row")).length, 1);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("End");
      assert.equal(await focusOf(page), "completion.systemFingerprint");

      await page.focus("#tab-tree");
      await page.keyboard.press("ArrowRight");
      assert.equal(await focusOf(page), "tab-text");
      await page.keyboard.press("ArrowRight"); // what is hidden is passed over
      assert.equal(await focusOf(page), "tab-issues");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Home");
      assert.equal(await focusOf(page), "tab-tree");
      assert.equal(
        await run(page, () => document.querySelectorAll("[role=tabpanel]:not([hidden])").length),
        1,
      );

      await page.focus("#bytes");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await textOf(page, "#bytes .marked"), '"system_fingerprint"');
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      assert.match(await textOf(page, "#details"), /^completion\.systemFingerprint/);
    });

    test("nothing is wider than a phone", async () => {
      await resizes[name](page, 360, 740);
      for (const [sample, words] of [
        ["doubts.json", "62 tokens"],
        ["tool-calls.sse", "345 tokens"],
        ["answers.jsonl", "log"],
        ["quirks.json", "repaired"],
      ]) {
        await choose(page, sample, words);
        for (const tab of tabs) {
          const width = await run(
            page,
            (of) => {
              const button = document.querySelector(`#tab-${of}`);
              if (!button.hidden) button.click();
              return document.documentElement.scrollWidth;
            },
            tab,
          );
          assert.ok(width <= 360, `${sample}, ${tab}: ${width}`);
        }
      }
    });

    test("it is light or dark, as is chosen", async () => {
      const lightness = () =>
        run(page, () => {
          const colour = getComputedStyle(document.body).backgroundColor;
          return Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
        });
      const seen = {};
      for (let n = 0; n < 3; n++) {
        await page.click("#theme");
        seen[await run(page, () => document.documentElement.dataset.theme)] = await lightness();
      }
      assert.ok(seen.light > 230 && seen.dark < 40, JSON.stringify(seen));
      if (name !== "Chromium") return; // the other cannot be told what the system prefers
      await page.emulateMedia({ colorScheme: "dark" });
      assert.ok((await lightness()) < 40);
      await page.emulateMedia({ colorScheme: "light" });
      assert.ok((await lightness()) > 230);
    });

    test("nothing moves while it opens", { skip: name !== "Chromium" }, async () => {
      const fresh = await browser.open(pathToFileURL(built).href);
      await until(fresh, "document.documentElement.dataset.kind");
      const shift = await run(fresh, () => {
        const observer = new PerformanceObserver(() => {});
        observer.observe({ type: "layout-shift", buffered: true });
        return new Promise((resolve) =>
          setTimeout(
            () => resolve(observer.takeRecords().reduce((sum, { value }) => sum + value, 0)),
            50,
          ),
        );
      });
      assert.equal(shift, 0);
      await fresh.close();
    });

    test("no error was left", () => {
      assert.deepEqual(errors, []);
    });
  });
}
