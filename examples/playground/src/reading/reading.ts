// What comes of an input, for all views.
import type { ChatCompletion, Issue, StreamEvent } from "chatwire";
import type { JsonPlace } from "../json-places.js";
import type { Span } from "../span.js";
import type { TreeNode } from "./tree-node.js";

export type Kind = "body" | "stream" | "log";

/** An event of a stream: its bytes, what it says, and when it arrives in a replay. */
export interface Frame extends Span {
  readonly json: JsonPlace | undefined;
  readonly events: StreamEvent[];
  /** In milliseconds from the request on. */
  readonly time: number;
}

/** One line of a log. */
export interface Entry {
  readonly line: number;
  readonly span: Span;
  readonly verdict: string;
  readonly completion: Partial<ChatCompletion>;
  readonly issueCount: number;
}

export interface Reading {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
  /** "decoded", "repaired", or the name of an error. */
  readonly verdict: string;
  /** The error's words. */
  readonly failure: string | undefined;
  /** The completion; what there is of it, where decoding failed. */
  readonly completion: Partial<ChatCompletion>;
  readonly issues: readonly Issue[];
  readonly roots: readonly TreeNode[];
  readonly frames: readonly Frame[];
  readonly entries: readonly Entry[];
}

export const verdictOf = (issues: readonly Issue[]): string =>
  issues.some(({ severity }) => severity === "warning") ? "repaired" : "decoded";
