// Which bytes are marked. The views tell each other here.
import type { Span } from "./span.js";

export interface Marks {
  readonly spans: readonly Span[];
  /** The view that marks; it need not follow. */
  readonly by: "tree" | "bytes" | "issues" | "none";
  /** Whether the others are to show what is marked, rather than mark what they show. */
  readonly isChosen: boolean;
}

const listeners: ((marks: Marks) => void)[] = [];
const nothing: Marks = { spans: [], by: "none", isChosen: false };
let chosen = nothing;

export function onMarks(listener: (marks: Marks) => void): void {
  listeners.push(listener);
}

export function mark(marks: Marks): void {
  if (marks.isChosen) chosen = { ...marks, isChosen: false };
  for (const listener of listeners) listener(marks);
}

/** Where nothing is pointed at any more, what was chosen is marked again. */
export function unmark(): void {
  mark(chosen);
}

/** What was chosen is of an input that is gone. */
export function forgetMarks(): void {
  chosen = nothing;
}
