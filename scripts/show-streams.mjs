// Decodes streams and shows them as they come, then what has become of them; npm start runs it.
import { ChatwireError, decodeStream, totalTokens, unifiedFinishReason } from "../dist/index.js";
import {
  dim,
  harmless,
  line,
  show,
  showError,
  showFact,
  showIssues,
  showTitle,
  verdictText,
} from "./show.mjs";

const margin = 14;
const width = Math.max(40, Math.min(process.stdout.columns || 96, 96));

/** Writes what comes, as it comes: what goes on by turns begins a line at every turn. */
class Live {
  #channel = "";
  #column = 0;

  /** More text of a channel, such as the answer of a choice. */
  write(channel, label, text, style = (same) => same) {
    if (channel !== this.#channel) this.#begin(channel, label);
    if (text !== "") process.stdout.write(style(this.#wrap(harmless(text))));
  }

  #begin(channel, label) {
    this.end();
    this.#channel = channel;
    const name = `  ${line(label, 40)}`;
    const isLong = name.length >= margin;
    process.stdout.write(dim(name.padEnd(margin)) + (isLong ? "\n" : ""));
    this.#column = isLong ? 0 : margin;
  }

  // Lines are broken at the first blank near their end: what follows it is not known yet.
  #wrap(text) {
    let wrapped = "";
    for (const character of text) {
      if (character === "\n" || (character === " " && this.#column > width - 10)) {
        wrapped += "\n";
        this.#column = 0;
        continue;
      }
      if (this.#column === 0) {
        wrapped += " ".repeat(margin);
        this.#column = margin;
      }
      wrapped += character;
      this.#column++;
    }
    return wrapped;
  }

  /** Ends the line that is being written, if one is. */
  end() {
    if (this.#column !== 0) process.stdout.write("\n");
    this.#channel = "";
    this.#column = 0;
  }
}

const labels = { text: "answer", reasoning: "reasoning", refusal: "refusal" };

/** Shows an event as it comes. `names` has the names of the tool calls so far. */
function showEvent(event, live, names) {
  const { type, choice, toolCall } = event;
  const of = choice > 0 ? ` (${choice})` : "";
  const channel = `${type} ${choice} ${toolCall}`;
  const call = `${choice} ${toolCall}`;
  if (type in labels) {
    live.write(channel, labels[type] + of, event.text, type === "reasoning" ? dim : undefined);
  } else if (type === "tool-call") {
    names.set(call, (event.name ?? `tool call ${toolCall}`) + of);
    live.write(`tool-call-arguments ${call}`, names.get(call), "");
  } else if (type === "tool-call-arguments") {
    live.write(channel, names.get(call) ?? `tool call ${toolCall}${of}`, event.text);
  } else if (type === "heartbeat") {
    live.write(type, "heartbeats", ".", dim);
  }
}

/** Reads the stream to its end. Returns the completion, or the error that ended it. */
async function follow(stream) {
  const live = new Live();
  const names = new Map();
  try {
    for await (const event of stream.events()) showEvent(event, live, names);
    live.end();
    return { completion: await stream.finalCompletion() };
  } catch (error) {
    live.end();
    return { error };
  }
}

function showFinish(stream, error) {
  const { choices, usage } = stream.snapshot();
  for (const { choice, toolCall, name, state } of error?.toolCalls ?? [])
    showFact(`tool call ${choice}.${toolCall}`, `${name ?? "(no name)"}: arguments ${state}`);
  for (const choice of choices ?? []) {
    const reason = choice.finishReason;
    const unified = unifiedFinishReason(choice);
    const meaning = reason && reason !== unified ? `, which is ${unified}` : "";
    showFact(`finish of choice ${choice.index}`, (reason ?? "none") + meaning);
  }
  const updates = stream.usageUpdates > 1 ? `, told ${stream.usageUpdates} times` : "";
  if (usage) showFact("usage", `${totalTokens(usage) ?? "unknown"} tokens in all${updates}`);
}

const milliseconds = (time) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

/** When what came, counted from `began`, and how fast the tokens did. */
function showTiming(stream, { began = stream.timing.start, firstByte, note }) {
  const { firstToken, lastEvent, ...timing } = stream.timing;
  const moments = [
    ["first byte", firstByte ?? timing.firstByte],
    ["first token", firstToken],
    ["last event", lastEvent],
  ];
  const parts = moments
    .filter(([, time]) => time !== undefined)
    .map(([name, time]) => `${name} ${milliseconds(time - began)}`);
  const seconds = (lastEvent - firstToken) / 1000;
  const tokens = stream.snapshot().usage?.completionTokens;
  if (seconds > 0 && tokens > 0) parts.push(`${Math.round(tokens / seconds)} tokens per second`);
  if (parts.length !== 0) showFact("timing", `${parts.join(", ")} (${note})`, 120);
}

/**
 * Decodes a stream, shows what comes while it comes and then what has become of it.
 *
 * @param input as input.mjs opens files and standard input
 * @returns the verdict in a word, as for bodies
 * @throws what kept the stream from being read, after what came of it
 */
export async function showStream(name, input) {
  showTitle(name, input.size === undefined ? "a stream" : `${input.size} bytes of a stream`);
  const stream = decodeStream(input.source);
  const { completion, error } = await follow(stream);
  const isRepaired = stream.issues.some(({ severity }) => severity === "warning");
  const verdict = error?.name ?? (isRepaired ? "repaired" : "decoded");
  if (error instanceof ChatwireError) {
    showError(error);
  } else {
    if (error === undefined) console.log(`  ${verdictText(verdict)}`);
    show(completion ?? stream.snapshot());
  }
  showFinish(stream, error);
  showTiming(stream, input);
  showIssues(stream.issues, "(the stream)");
  if (error !== undefined && !(error instanceof ChatwireError)) throw error;
  return verdict;
}
