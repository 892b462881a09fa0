// The page: takes bytes, reads them, and hands what comes of them to the views.
import "./style.css";
import "./theme.js";
import { contracts, init } from "chatwire";
import { find, make } from "./dom.js";
import { chooseSample, setEditorText, takeInput } from "./input.js";
import { kindOf } from "./reading/kind.js";
import { type Options, readBody } from "./reading/read-body.js";
import { readLog, showEntry } from "./reading/read-log.js";
import { readStream } from "./reading/read-stream.js";
import type { Kind, Reading } from "./reading/reading.js";
import { chooseTab, chosenTab, onTab } from "./tabs.js";
import { showIssues } from "./views/issues-view.js";
import { showLog } from "./views/log-view.js";
import { showBytes } from "./views/raw-view.js";
import { measureIfNew, showSpeed } from "./views/speed-view.js";
import { showSummary } from "./views/summary-view.js";
import { showText } from "./views/text-view.js";
import { showTimeLine } from "./views/time-line-view.js";
import { showTree } from "./views/tree-view.js";
import { showUsage } from "./views/usage-view.js";

const contract = find<HTMLSelectElement>("contract");
const readAs = find<HTMLSelectElement>("read-as");

let bytes: Uint8Array = new Uint8Array(0);
let turn = 0;

const options = (): Options =>
  contract.value === "" ? {} : { contract: contract.value as NonNullable<Options["contract"]> };

function show(reading: Reading, entry: number): void {
  showSummary(reading);
  showBytes(reading.bytes, reading.issues, reading.entries[entry]?.span.from ?? 0);
  showTree(reading);
  showText(reading);
  showIssues(reading);
  showTimeLine(reading);
  showUsage(reading);
  showLog(reading, entry, (at) => show(showEntry(bytes, options(), reading.entries, at), at));
  showSpeed(reading);
  find("tab-log").hidden = reading.kind !== "log";
  find("tab-time").hidden = reading.kind !== "stream";
  const chosen = chosenTab();
  if (find(`tab-${chosen}`).hidden) chooseTab("tree");
  else if (chosen === "speed") measureIfNew();
}

async function read(): Promise<void> {
  const mine = ++turn;
  const kind = readAs.value === "" ? kindOf(bytes) : (readAs.value as Kind);
  const reading =
    kind === "stream"
      ? await readStream(bytes, options())
      : kind === "log"
        ? readLog(bytes, options())
        : readBody(bytes, options());
  if (mine !== turn) return; // there is something newer by now
  show(reading, 0);
  document.documentElement.dataset.kind = kind;
}

function load(given: Uint8Array): void {
  bytes = given;
  setEditorText(bytes);
  void read();
}

contract.append(
  make("option", { value: "" }, "lenient"),
  ...Object.keys(contracts).map((name) => make("option", { value: name }, name)),
);
for (const choice of [contract, readAs]) choice.addEventListener("change", () => void read());
onTab((name) => {
  if (name === "speed") measureIfNew();
});
// What is chosen among the bytes is shown in the tree.
find("bytes").addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.classList.contains("flag")) chooseTab("issues");
  else if (chosenTab() !== "tree" && target !== find("bytes")) chooseTab("tree");
});

await init();
takeInput(load);
load(chooseSample("doubts.json"));
