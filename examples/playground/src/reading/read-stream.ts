import {
  type ChatCompletionChunk,
  ChatwireError,
  decodeStream,
  type Issue,
  ProviderError,
  StreamDecoder,
} from "chatwire";
import type { JsonPlace } from "../json-places.js";
import { type Span, textOf } from "../span.js";
import { framesOf } from "./frames.js";
import type { Options } from "./read-body.js";
import { type Frame, type Reading, verdictOf } from "./reading.js";
import { type TreeNode, treeOf } from "./tree-node.js";

interface ChunkOfFrame {
  readonly chunk: ChatCompletionChunk;
  readonly json: JsonPlace | undefined;
}

/** The chunks of each event. What ends the stream is told elsewhere. */
function chunksOf(bytes: Uint8Array, frames: readonly Frame[], options: Options): ChunkOfFrame[] {
  const decoder = new StreamDecoder(options as object);
  const found: ChunkOfFrame[] = [];
  const add = (chunks: readonly unknown[], frame: Frame | undefined) => {
    for (const chunk of chunks)
      found.push({ chunk: chunk as ChatCompletionChunk, json: frame?.json });
  };
  let frame: Frame | undefined;
  try {
    for (frame of frames) {
      if (decoder.done) break;
      add(decoder.feed(bytes.subarray(frame.from, frame.to)), frame);
    }
    add(decoder.end(), frame);
  } catch (error) {
    if (!(error instanceof ChatwireError)) throw error;
    add(error.chunks, frame);
  } finally {
    decoder.free();
  }
  return found;
}

/** Decodes a recorded stream, event by event, so that it is known what each of them says. */
export async function readStream(bytes: Uint8Array, options: Options): Promise<Reading> {
  const frames = framesOf(bytes);
  let current: Frame | undefined;
  function* reads() {
    for (current of frames) yield bytes.subarray(current.from, current.to);
  }
  const issues: Issue[] = [];
  const onIssue = (issue: Issue) => void issues.push(issue);
  const stream = decodeStream(reads(), { ...(options as object), onIssue });
  let failure: ChatwireError | undefined;
  try {
    for await (const event of stream.events()) current?.events.push(event);
  } catch (error) {
    if (!(error instanceof ChatwireError)) throw error;
    failure = error;
  }
  const completion = stream.snapshot();
  const read = (place: Span) => textOf(bytes, place);
  const chunks = chunksOf(bytes, frames, options);
  const places = chunks.flatMap(({ json }) => json ?? []);
  const roots: TreeNode[] = [];
  if (failure instanceof ProviderError) {
    const last = current?.json;
    const of = last?.members.find(({ name }) => name === "error")?.value ?? last;
    roots.push(treeOf("error", failure.error, of === undefined ? [] : [of], read));
  }
  roots.push(treeOf(failure ? "partial" : "completion", completion, places, read));
  roots.push(rootOfChunks(chunks, read, bytes));
  return {
    kind: "stream",
    bytes,
    verdict: failure?.name ?? verdictOf(issues),
    failure: failure?.message,
    completion,
    issues,
    roots,
    frames,
    entries: [],
  };
}

function rootOfChunks(
  chunks: readonly ChunkOfFrame[],
  read: (place: Span) => string,
  bytes: Uint8Array,
): TreeNode {
  let children: readonly TreeNode[] | undefined;
  return {
    name: "chunks",
    path: "chunks",
    value: chunks.map(({ chunk }) => chunk),
    places: [{ from: 0, to: bytes.length }],
    children: () => {
      children ??= chunks.map(({ chunk, json }, at) =>
        treeOf(String(at), chunk, json ? [json] : [], read, `chunks[${at}]`),
      );
      return children;
    },
  };
}
