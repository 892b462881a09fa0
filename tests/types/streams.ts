// What streams are read from, and what types come out of them.

import {
  type ChatCompletion,
  type ChatCompletionChunk,
  ChatCompletionDecoderStream,
  type Contracts,
  type DecodedStream,
  type DecodeStreamOptions,
  decodeStream,
  encodeStream,
  type Issue,
  type PartialJson,
  StreamDecoder,
  type StreamEvent,
  type StreamSource,
  type ToolCallState,
  TruncatedError,
  type Usage,
} from "../../ts/index.js";

/** Holds where both types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

/** Everything that can be read. */
export function sources(
  response: Response,
  bytes: Uint8Array,
  view: DataView,
  texts: AsyncIterable<string>,
  stream: ReadableStream<Uint8Array>,
  mixed: ReadableStream<Uint8Array | string>,
): StreamSource[] {
  const { body } = response;
  if (body !== null) decodeStream(body);
  decodeStream(stream.pipeThrough(new TextDecoderStream() as never) as ReadableStream<string>);
  decodeStream([bytes, "text", view, bytes.buffer as ArrayBuffer]);
  decodeStream(new Set([bytes]).values());
  // @ts-expect-error A fetch has to be waited for.
  decodeStream(fetch("/"));
  // @ts-expect-error Numbers are no pieces.
  decodeStream([1, 2]);
  // @ts-expect-error Nor are objects.
  decodeStream({ choices: [] });
  return [
    response,
    bytes,
    view,
    texts,
    stream,
    mixed,
    "text",
    ["a"],
    [bytes],
    bytes.buffer as ArrayBuffer,
  ];
}

/** Leniently. */
export async function lenient(response: Response, signal: AbortSignal): Promise<ChatCompletion> {
  const stream = decodeStream(response, { signal, collect: true, onBadEvent: "skip" });
  same<typeof stream, DecodedStream<ChatCompletionChunk, ChatCompletion>>(true);
  for await (const chunk of stream) same<typeof chunk, ChatCompletionChunk>(true);
  for await (const chunks of stream.batches()) same<typeof chunks, ChatCompletionChunk[]>(true);
  for await (const event of stream.events()) same<typeof event, StreamEvent>(true);
  for await (const text of stream.text({ choice: 1 })) same<typeof text, string>(true);
  same<ReturnType<typeof stream.partialContent>, PartialJson | undefined>(true);
  same<typeof stream.issues, readonly Issue[]>(true);
  const { start, firstToken } = stream.timing;
  same<typeof start, number>(true);
  same<typeof firstToken, number | undefined>(true);
  // @ts-expect-error There is no such option.
  decodeStream(response, { onBadEvent: "ignore" });
  return stream.finalCompletion();
}

/** Under a contract: its types. */
export async function strict(response: Response): Promise<void> {
  const stream = decodeStream(response, { contract: "mistral" });
  for await (const chunk of stream) same<typeof chunk, Contracts["mistral"]["chunk"]>(true);
  const completion = await stream.finalCompletion();
  same<typeof completion, Contracts["mistral"]["completion"]>(true);
  same<ReturnType<typeof stream.snapshot>, ChatCompletion>(true);
}

/** Events are told apart by their types. */
export function show(event: StreamEvent): string {
  switch (event.type) {
    case "text":
    case "reasoning":
    case "refusal":
    case "tool-call-arguments":
      return event.text;
    case "tool-call":
      return event.name ?? event.id ?? String(event.toolCall);
    case "usage":
      same<typeof event.usage, Usage>(true);
      return String(event.usage.totalTokens);
    case "tool-call-end":
      same<typeof event.state, ToolCallState["state"]>(true);
      return event.arguments;
    case "finish":
      return event.finishReason ?? "";
    case "issue":
      return event.issue.message;
    case "heartbeat":
      return "";
    default:
      return event satisfies never;
  }
}

/** As stages of Web Streams, and back. */
export function stages(body: ReadableStream<Uint8Array<ArrayBuffer>>): void {
  const chunks = body.pipeThrough(new ChatCompletionDecoderStream());
  same<typeof chunks, ReadableStream<ChatCompletionChunk>>(true);
  const groq = body.pipeThrough(new ChatCompletionDecoderStream({ contract: "groq" }));
  same<typeof groq, ReadableStream<Contracts["groq"]["chunk"]>>(true);
  const bytes: ReadableStream<Uint8Array> = encodeStream(chunks, { done: false });
  new Response(encodeStream(groq));
  encodeStream(decodeStream(bytes, { contract: "sudo" }), { contract: "sudo" });
  encodeStream([{ choices: [] }]);
  // @ts-expect-error These are no chunks.
  encodeStream(["data: {}"]);
}

/** The states of tool calls are on the error of a stream that was cut. */
export function unfinished(error: unknown): readonly ToolCallState[] {
  return error instanceof TruncatedError ? error.toolCalls : [];
}

/** Options can be kept and passed on. */
export const kept: DecodeStreamOptions = { limits: { eventBytes: 1000 }, signal: null as never };
export const decoder: StreamDecoder = new StreamDecoder({ cumulativeDeltas: "auto" });
