// What a stream says, event by event.
import type { ToolCallState } from "./errors.js";
import type { Usage } from "./generated/types.js";
import type { Issue } from "./issue.js";

/** A tool call with all of its arguments, as text. */
export interface ToolCallEndEvent extends ToolCallState {
  /** Tells it from the other events. */
  readonly type: "tool-call-end";
  /** As they came, whether they are JSON or not: `state` says it. Of a custom tool its input. */
  readonly arguments: string;
}

/**
 * What `events()` of a decoded stream gives:
 *
 * - `text`, `reasoning`, `refusal`: what the answer, the thinking, the refusal went on with
 * - `tool-call`: a tool call began; `tool-call-arguments`: what its arguments went on with
 * - `usage`: the tokens so far. Some servers tell them once, some again and again; the last counts
 * - `heartbeat`: the server is still there; `issue`: something was odd
 * - `tool-call-end`, then `finish`: when the stream is complete, once for each call and choice
 *
 * `choice` is a choice's index, `toolCall` a call's position in its message, whatever the server calls
 * it; `text` is only what was added.
 */
export type StreamEvent =
  | {
      readonly type: "text" | "reasoning" | "refusal";
      readonly choice: number;
      readonly text: string;
    }
  | {
      readonly type: "tool-call";
      readonly choice: number;
      readonly toolCall: number;
      readonly id?: string;
      readonly name?: string;
    }
  | {
      readonly type: "tool-call-arguments";
      readonly choice: number;
      readonly toolCall: number;
      readonly text: string;
    }
  | { readonly type: "usage"; readonly usage: Usage }
  | ToolCallEndEvent
  | { readonly type: "finish"; readonly choice: number; readonly finishReason: string | null }
  | { readonly type: "heartbeat" }
  | { readonly type: "issue"; readonly issue: Issue };

/** Those of them that come over the wire. @internal */
export type CoreEvent = Exclude<
  StreamEvent,
  { readonly type: "tool-call-end" | "finish" | "heartbeat" | "issue" }
>;

/** When things happened, in milliseconds of `performance.now()`. */
export interface StreamTiming {
  /** The stream was made. */
  readonly start: number;
  /** The first byte came, be it only a sign of life. */
  readonly firstByte?: number;
  /** The first of the answer came: text, thinking, a refusal or a tool call. */
  readonly firstToken?: number;
  /** The last event came that was no heartbeat. */
  readonly lastEvent?: number;
  /** The stream ended, however it did. */
  readonly end?: number;
  /** How many comments, empty events and pings came. */
  readonly heartbeats: number;
}
