// Tells what an input is by how it begins.
import { jsonPlaces } from "../json-places.js";
import { textOf } from "../span.js";
import type { Kind } from "./reading.js";

export function kindOf(bytes: Uint8Array): Kind {
  const start = textOf(bytes, { from: 0, to: 4096 }).trimStart();
  if (/^(:|(data|event|id|retry):)/.test(start)) return "stream";
  if (!start.startsWith("{")) return "body";
  const first = jsonPlaces(bytes, { from: 0, to: bytes.length });
  if (first === undefined) return "body";
  const text = textOf(bytes, first);
  const isChunk =
    text.includes('"chat.completion.chunk"') ||
    (text.includes('"delta"') && !text.includes('"message"'));
  if (isChunk) return "stream";
  const rest = textOf(bytes, { from: first.to, to: first.to + 4096 }).trimStart();
  return rest.startsWith("{") ? "log" : "body";
}
