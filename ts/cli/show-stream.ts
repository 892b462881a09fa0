// Decodes streams and shows them as they come, then what has become of them.

import type { DecodeStreamOptions } from "../decode-stream.js";
import {
  ChatwireError,
  type DecodedStream,
  decodeStream,
  type StreamEvent,
  type TruncatedError,
  totalTokens,
  unifiedFinishReason,
} from "../index.js";
import type { StreamInput } from "./input.js";
import { Live } from "./live.js";
import { show, showError, showFact, showIssues, showTitle, verdictText } from "./show.js";
import { dim } from "./terminal.js";

const labels = { text: "answer", reasoning: "reasoning", refusal: "refusal" };

/** Shows an event as it comes. `names` has the names of the tool calls so far. */
function showEvent(event: StreamEvent, live: Live, names: Map<string, string>): void {
  const { type } = event;
  const { choice = 0, toolCall } = event as { choice?: number; toolCall?: number };
  const of = choice > 0 ? ` (${choice})` : "";
  const channel = `${type} ${choice} ${toolCall}`;
  const call = `${choice} ${toolCall}`;
  if (type === "text" || type === "reasoning" || type === "refusal") {
    live.write(channel, labels[type] + of, event.text, type === "reasoning" ? dim : undefined);
  } else if (type === "tool-call") {
    const name = (event.name ?? `tool call ${toolCall}`) + of;
    names.set(call, name);
    live.write(`tool-call-arguments ${call}`, name, "");
  } else if (type === "tool-call-arguments") {
    live.write(channel, names.get(call) ?? `tool call ${toolCall}${of}`, event.text);
  } else if (type === "heartbeat") {
    live.write(type, "heartbeats", ".", dim);
  }
}

type Ending = { readonly completion: unknown } | { readonly error: unknown };

/** Reads the stream to its end. Returns the completion, or the error that ended it. */
async function follow(stream: DecodedStream): Promise<Ending> {
  const live = new Live();
  const names = new Map<string, string>();
  try {
    for await (const event of stream.events()) showEvent(event, live, names);
    live.end();
    return { completion: await stream.finalCompletion() };
  } catch (error) {
    live.end();
    return { error };
  }
}

function showFinish(stream: DecodedStream, error: unknown): void {
  const { choices, usage } = stream.snapshot();
  const { toolCalls = [] } = (error ?? {}) as Partial<TruncatedError>;
  for (const { choice, toolCall, name, state } of toolCalls)
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

const milliseconds = (time: number) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

/** When what came, counted from when it was opened, and how fast the tokens did. */
function showTiming(stream: DecodedStream, { began, firstByte, note }: StreamInput): void {
  const { firstToken, lastEvent, ...timing } = stream.timing;
  const moments = Object.entries({
    "first byte": firstByte ?? timing.firstByte,
    "first token": firstToken,
    "last event": lastEvent,
  });
  const parts = moments.flatMap(([name, time]) =>
    time === undefined ? [] : [`${name} ${milliseconds(time - began)}`],
  );
  const seconds = ((lastEvent ?? 0) - (firstToken ?? 0)) / 1000;
  const tokens = stream.snapshot().usage?.completionTokens ?? 0;
  if (seconds > 0 && tokens > 0) parts.push(`${Math.round(tokens / seconds)} tokens per second`);
  if (parts.length !== 0) showFact("timing", `${parts.join(", ")} (${note})`, 120);
}

/**
 * Decodes a stream, shows what comes while it comes and then what has become of it.
 *
 * @returns the verdict in a word, as for bodies
 * @throws what kept the stream from being read, after what came of it
 */
export async function showStream(
  name: string,
  input: StreamInput,
  options: DecodeStreamOptions = {},
): Promise<string> {
  showTitle(name, "a stream");
  const stream = decodeStream(input.source, options as object);
  const ending = await follow(stream);
  const error = "error" in ending ? ending.error : undefined;
  const isRepaired = stream.issues.some(({ severity }) => severity === "warning");
  const verdict = (error as Error | undefined)?.name ?? (isRepaired ? "repaired" : "decoded");
  if (error instanceof ChatwireError) {
    showError(error);
  } else {
    if (error === undefined) console.log(`  ${verdictText(verdict)}`);
    show("completion" in ending ? ending.completion : stream.snapshot());
  }
  showFinish(stream, error);
  showTiming(stream, input);
  showIssues(stream.issues, "(the stream)");
  const isTold = error === undefined || error instanceof ChatwireError || options.signal?.aborted;
  if (!isTold) throw error;
  return verdict;
}
