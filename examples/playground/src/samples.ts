// The samples of the repository, one of the page itself, and a log made of them.
const texts = import.meta.glob<string>(["../../samples/*.{json,sse,ndjson}", "../samples/*.json"], {
  query: "?raw",
  import: "default",
  eager: true,
});

const byName = new Map(
  Object.entries(texts).map(([path, text]) => [path.slice(path.lastIndexOf("/") + 1), text]),
);
const textOf = (name: string) => byName.get(name) ?? "";

/** A body on a line of its own. */
function lineOf(name: string): string {
  return textOf(name).replace(/\s*\n\s*/g, " ");
}

const bodies = [
  { name: "doubts.json", shows: "log-probabilities" },
  { name: "plain.json", shows: "a plain answer" },
  { name: "reasoning.json", shows: "reasoning, in Chinese" },
  { name: "tool-calls.json", shows: "tool calls" },
  { name: "thinking-parts.json", shows: "content in parts" },
  { name: "logprobs.json", shows: "few tokens, escapes" },
  { name: "quirks.json", shows: "repaired quirks" },
  { name: "provider-error.json", shows: "a provider's error" },
  { name: "truncated.json", shows: "a body that is cut off" },
];
const streams = [
  { name: "chat.sse", shows: "a plain answer" },
  { name: "tool-calls.sse", shows: "tool calls as they grow" },
  { name: "reasoning.sse", shows: "reasoning and heartbeats" },
  { name: "content-filter.sse", shows: "a content filter" },
  { name: "lines.ndjson", shows: "lines without framing" },
  { name: "provider-error.sse", shows: "an error in the middle" },
  { name: "broken-off.sse", shows: "a stream that breaks off" },
];

/** What can be chosen, in groups. */
export const sampleGroups = [
  { label: "Bodies", samples: bodies },
  { label: "Streams", samples: streams },
  { label: "Logs", samples: [{ name: "answers.jsonl", shows: "nine answers, one a line" }] },
];

export function sample(name: string): Uint8Array {
  const text =
    name === "answers.jsonl"
      ? bodies.map((body) => `${lineOf(body.name)}\n`).join("")
      : textOf(name);
  return new TextEncoder().encode(text);
}
