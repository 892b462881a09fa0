// What counts a log: by model answers, tokens and finish reasons. Each prints JSON.
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";

const stats = [process.execPath, join(root, "dist/cli/main.js"), "stats", "--json"];
const script = (name) => [process.execPath, join(root, "bench/cli", name)];

const jqProgram = `reduce (inputs | (.response.body // .)) as $answer ({};
  .[$answer.model] |= (
    .answers += 1
    | .prompt += $answer.usage.prompt_tokens
    | .completion += $answer.usage.completion_tokens
    | .total += $answer.usage.total_tokens
    | reduce $answer.choices[].finish_reason as $reason (.; .finish[$reason] += 1)))`;

/** What `chatwire stats` says, in the members that all programs give. */
function fromStats(report) {
  return Object.fromEntries(
    report.models.map((of) => [
      of.model,
      {
        answers: of.answers,
        prompt: of.promptTokens,
        completion: of.completionTokens,
        total: of.totalTokens,
        finish: of.finishReasons,
      },
    ]),
  );
}

export const chatwire = { command: stats, read: fromStats };

export const peers = {
  readline: {
    title: "Node, readline + JSON.parse",
    command: script("count-readline.mjs"),
  },
  blocks: {
    title: "Node, lines cut from blocks by hand + JSON.parse",
    command: script("count-blocks.mjs"),
  },
  jq: { title: "jq", needs: "jq", command: ["jq", "-n", "-c", jqProgram] },
  "one-thread": {
    title: "chatwire stats --threads 1",
    command: [...stats, "--threads", "1"],
    read: fromStats,
  },
};
