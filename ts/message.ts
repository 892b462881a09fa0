// What a message says, wherever a server has put it, and the message for the next request.
import { type ModelId, wireMembers } from "./core/models.js";
import {
  isObject,
  jsonText,
  needObject,
  objectOrNothing,
  readMember,
  type WireObject,
  type WireRules,
  wireObject,
} from "./encode.js";
import {
  functionCallModel,
  messageModel,
  toolCallModel,
  toolFunctionModel,
} from "./generated/model-ids.js";

/** A message as the helpers take it: lenient or of any contract, whole or a chunk's delta. */
export interface MessageLike {
  /** Who speaks. */
  readonly role?: string | null;
  /** The text, or its parts. */
  readonly content?: string | readonly object[] | null;
  /** The calls that it asks for. */
  readonly toolCalls?: readonly object[] | null;
  /** What no model knows, and originals of what was repaired. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** How {@link messageText} reads a message. */
export interface MessageTextOptions {
  /**
   * Whether a `<think>…</think>` that the text begins with is left out, together with the white
   * space after it. Default: false, the text is given as it came.
   */
  readonly omitThinking?: boolean | undefined;
}

/**
 * Where {@link messageReasoning} found the reasoning: in the member of that name, in the `thinking`
 * parts of the content, or in the content's leading `<think>…</think>`.
 */
export type ReasoningSource =
  | "reasoningContent"
  | "reasoning"
  | "reasoningDetails"
  | "thinkingParts"
  | "thinkTags";

/** A function that a message of a request has called. */
export interface RequestFunctionCall {
  /** The name of the function. */
  name: string;
  /** JSON; `{}` where there are none. */
  arguments: string;
  /** Whatever else the server sent. */
  [name: string]: unknown;
}

/** A tool call of a message of a request. */
export interface RequestToolCall {
  /** Which call the tool's message answers. */
  id: string;
  /** The kind of tool. */
  type: "function" | "custom" | (string & {});
  /** The function, where `type` is `function`. */
  function?: RequestFunctionCall;
  /** Whatever else the server sent, such as a custom tool's `custom`. */
  [name: string]: unknown;
}

/** A message of a request, with the names of the wire. */
export interface RequestMessage {
  /** Who spoke. */
  role: "assistant" | (string & {});
  /** The text, or its parts; left out where calls or sound are all there is. */
  content?: string | WireObject[] | null;
  /** The refusal, where the model refused. */
  refusal?: string;
  /** The calls that the next messages answer. */
  tool_calls?: RequestToolCall[];
  /** The older form of a call. */
  function_call?: RequestFunctionCall;
  /** The sound, by its identifier. */
  audio?: { id: string };
  /** Notes on passages, as they came. */
  annotations?: unknown;
  /** Whatever else the server sent and wants back. */
  [name: string]: unknown;
}

interface Reasoning {
  readonly source: ReasoningSource;
  readonly text: string;
}

const wanted = "a message";

/**
 * The text of a message: its content, or the text parts of its content joined; "" where it has
 * none. Refusals and thinking are not part of it.
 *
 * @param message a message or a chunk's delta; null and undefined have no text
 * @param options whether thinking in tags is left out
 * @throws TypeError where the message is not an object
 * @example
 * messageText({ content: [{ type: "text", text: "4" }, { type: "text", text: "2" }] }); // "42"
 */
export function messageText(
  message: MessageLike | null | undefined,
  options: MessageTextOptions = {},
): string {
  const from = objectOrNothing("messageText", wanted, message);
  const text = from === undefined ? "" : textOf(from);
  return options.omitThinking === true ? (splitThinking(text)?.rest ?? text) : text;
}

/**
 * What the model thought before it answered; undefined where the server does not tell.
 *
 * Servers send it in different places, and some the same text in several. The first of these that
 * has any text is taken, and nothing is ever added from another:
 *
 * 1. `reasoningContent` (DeepSeek, Qwen, older vLLM)
 * 2. `reasoning` (OpenRouter, Groq, newer vLLM)
 * 3. `reasoningDetails`: the texts of its pieces joined, or else their summaries (OpenRouter,
 *    MiniMax); encrypted pieces have none
 * 4. the `thinking` parts of the content joined (Mistral, gateways to Anthropic)
 * 5. `<think>…</think>` at the beginning of the content, without the white space around; one that
 *    is not closed counts to the end, since the answer was cut off
 *
 * @param message a message or a chunk's delta; null and undefined have none
 * @throws TypeError where the message is not an object
 * @example
 * messageReasoning({ reasoning: "2 + 2", content: "4" }); // "2 + 2"
 */
export function messageReasoning(message: MessageLike | null | undefined): string | undefined {
  return reasoningOf("messageReasoning", message)?.text;
}

/**
 * Where {@link messageReasoning} takes its text from; undefined where there is none.
 *
 * @param message a message or a chunk's delta; null and undefined have none
 * @throws TypeError where the message is not an object
 * @example
 * messageReasoningSource({ content: "<think>2 + 2</think>4" }); // "thinkTags"
 */
export function messageReasoningSource(
  message: MessageLike | null | undefined,
): ReasoningSource | undefined {
  return reasoningOf("messageReasoningSource", message)?.source;
}

/**
 * Whether a message asks for tool calls, whatever its choice's finish reason says. The older
 * `functionCall` is not counted.
 *
 * @param message a message or a chunk's delta; null and undefined have none
 * @throws TypeError where the message is not an object
 * @example
 * if (hasToolCalls(message)) for (const call of message.toolCalls) run(call);
 */
export function hasToolCalls<Message extends MessageLike>(
  message: Message | null | undefined,
): message is Message & { toolCalls: NonNullable<Message["toolCalls"]> } {
  const from = objectOrNothing("hasToolCalls", wanted, message) as Message | undefined;
  return Array.isArray(from?.toolCalls) && from.toolCalls.length > 0;
}

/**
 * The message to send in the next request, so that the conversation goes on from it: an object
 * with the names of the wire, ready for `JSON.stringify`.
 *
 * What providers want back is kept, known or not: `reasoning_content`, `reasoning_details` with
 * their signatures and encrypted data, thinking parts, thought signatures in a tool call's
 * `extra_content`, annotations. What servers refuse although others send it is put right:
 *
 * - `role` is `assistant` where there was none.
 * - `content` is "" where there is neither content nor a call nor sound.
 * - Tool calls have their `id`, also one that chatwire made up (answer it under that id), their
 *   `type`, and `arguments` that are a string, `{}` where they were empty or null. Their `index`
 *   is left out.
 * - `audio` is its `id` alone.
 * - Members that are null, empty `tool_calls` and empty `annotations` are left out.
 *
 * A server that refuses a member which it sent itself needs that one deleted from the result.
 * Open values in it are shared with the message.
 *
 * @param message a message of a completion, lenient or of any contract
 * @returns a new object
 * @throws TypeError where the message is not an object
 * @example
 * const message = completion.choices[0]?.message;
 * if (message) messages.push(toRequestMessage(message));
 */
export function toRequestMessage(message: MessageLike): RequestMessage {
  const from = needObject("toRequestMessage", wanted, message);
  const to = wireObject(from, messageModel, requestRules) as Sendable;
  for (const { wire } of wireMembers(messageModel).values()) {
    if (to[wire] === null && wire !== "content") delete to[wire];
  }
  if (!isFilled(to.role)) to.role = "assistant";
  if (!isFilled(to.refusal)) delete to.refusal;
  if (Array.isArray(to.annotations) && to.annotations.length === 0) delete to.annotations;
  sendCalls(to);
  sendAudio(to);
  sendContent(to);
  return to as unknown as RequestMessage;
}

// Members of a message, a tool call or a function, as a server may have sent them.
interface Sendable extends WireObject {
  role?: unknown;
  content?: unknown;
  refusal?: unknown;
  annotations?: unknown;
  tool_calls?: unknown;
  function_call?: unknown;
  audio?: unknown;
  id?: unknown;
  index?: unknown;
  type?: unknown;
  function?: unknown;
  custom?: unknown;
  arguments?: unknown;
}

// The original of a repaired value is what the provider knows, so it goes back; but not where it
// is what other servers refuse.
const repaired: { readonly [id: ModelId]: readonly string[] } = {
  [messageModel]: ["role", "tool_calls", "function_call"],
  [toolCallModel]: ["id", "type", "function", "custom"],
  [toolFunctionModel]: ["name", "arguments"],
  [functionCallModel]: ["name", "arguments"],
};
const requestRules: WireRules = {
  open: [],
  prefersRepaired: (model, wire) => repaired[model]?.includes(wire) === true,
};

function sendCalls(to: Sendable): void {
  const calls = objectsOf(to.tool_calls).map(sendableCall);
  if (calls.length > 0) to.tool_calls = calls;
  else delete to.tool_calls;
  if (isObject(to.function_call)) to.function_call = sendableFunction(to.function_call);
  else delete to.function_call;
}

function sendableCall(call: Sendable): Sendable {
  const to: Sendable = { ...call };
  delete to.index;
  if (!isFilled(to.type)) {
    if (isObject(to.function)) to.type = "function";
    else if (isObject(to.custom)) to.type = "custom";
  }
  if (isObject(to.function)) to.function = sendableFunction(to.function);
  return to;
}

function sendableFunction(called: Sendable): Sendable {
  const given = called.arguments ?? "";
  const text = typeof given === "string" ? given : jsonText(given);
  return { ...called, arguments: text.trim() === "" ? "{}" : text };
}

function sendAudio(to: Sendable): void {
  const audio: Sendable = isObject(to.audio) ? to.audio : {};
  if (isFilled(audio.id)) to.audio = { id: audio.id };
  else delete to.audio;
}

function sendContent(to: Sendable): void {
  const { content } = to;
  if (typeof content === "string" || (Array.isArray(content) && content.length > 0)) return;
  const hasCalls = to.tool_calls !== undefined || to.function_call !== undefined;
  if (hasCalls && content === null) return;
  if (hasCalls || to.audio !== undefined) delete to.content;
  else to.content = "";
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function reasoningOf(caller: string, message: unknown): Reasoning | undefined {
  const from = objectOrNothing(caller, wanted, message);
  if (from === undefined) return undefined;
  for (const [source, read] of readers) {
    const text = read(from);
    if (isFilled(text)) return { source, text };
  }
  return undefined;
}

// In the order of their priority.
const readers: readonly (readonly [ReasoningSource, (from: object) => unknown])[] = [
  ["reasoningContent", (from) => readMember(from, "reasoningContent")],
  ["reasoning", (from) => readMember(from, "reasoning")],
  ["reasoningDetails", detailsText],
  ["thinkingParts", thinkingPartsText],
  ["thinkTags", (from) => splitThinking(textOf(from))?.thinking],
];

function detailsText(from: object): string {
  const details = objectsOf(readMember(from, "reasoningDetails"));
  return joined(details, "text") || joined(details, "summary");
}

function thinkingPartsText(from: MessageLike): string {
  let text = "";
  for (const part of objectsOf(from.content)) {
    if (part.type !== "thinking") continue;
    // Some gateways send a string, which does not fit the model and is under `extra`.
    const thinking = readMember(part, "thinking");
    text += typeof thinking === "string" ? thinking : joined(objectsOf(thinking), "text");
  }
  return text;
}

function textOf({ content }: MessageLike): string {
  if (typeof content === "string") return content;
  return joined(objectsOf(content).filter(isTextPart), "text");
}

function isTextPart({ type }: Sendable): boolean {
  return type === "text" || type === "output_text" || type === undefined || type === null;
}

interface SplitText {
  readonly thinking: string;
  readonly rest: string;
}

function splitThinking(text: string): SplitText | undefined {
  const [open, close] = ["<think>", "</think>"];
  const from = text.trimStart();
  if (!from.startsWith(open)) return undefined;
  const end = from.indexOf(close);
  if (end === -1) return { thinking: from.slice(open.length).trim(), rest: "" };
  return {
    thinking: from.slice(open.length, end).trim(),
    rest: from.slice(end + close.length).trimStart(),
  };
}

function objectsOf(value: unknown): Sendable[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function joined(parts: readonly Sendable[], name: string): string {
  let text = "";
  for (const part of parts) {
    const piece = part[name];
    if (typeof piece === "string") text += piece;
  }
  return text;
}
