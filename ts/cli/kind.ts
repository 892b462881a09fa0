// Tells what a file is: a body, a stream, or a log, which has an answer a line.
import { locate } from "./log/locate.js";
import { isBlank, Sniffer } from "./sniffer.js";

export const fileKinds = ["body", "stream", "log"] as const;
export type FileKind = (typeof fileKinds)[number];

const lineFeed = 0x0a;
const brace = 0x7b;
const looksLikeChunk = /^\s*\{[\s\S]*?("object"\s*:\s*"chat\.completion\.chunk"|"delta"\s*:)/;

/**
 * What bytes begin to be, by their first object and their file's name; undefined where more of them
 * must be seen. `isAll`: no more will come.
 */
export function kindOf(name: string, bytes: Uint8Array, isAll: boolean): FileKind | undefined {
  const sniffer = new Sniffer();
  const kind = sniffer.kindOf(bytes) ?? (isAll ? sniffer.kindAtEnd : undefined);
  const isLog = /\.(jsonl|ndjson)(\.|$)/i.test(name);
  if (kind !== "stream") return kind && isLog ? "log" : kind;
  const start = bytes.findIndex((byte) => !isBlank(byte));
  const end = bytes.indexOf(lineFeed, start);
  const line = Buffer.from(bytes.subarray(Math.max(0, start), end === -1 ? bytes.length : end));
  if (line[0] !== brace) return isLog ? "log" : "stream";
  const { from, to } = locate(line, 0, line.length);
  return looksLikeChunk.test(line.subarray(from, to).toString("latin1")) ? "stream" : "log";
}
