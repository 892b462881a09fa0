import type { IssueCode, Severity } from "./generated/issue-codes.js";

/** Something to know about an input: what was repaired, left out, or is wrong with it. */
export interface Issue {
  /** What it is about; docs/issues.md lists all codes. */
  readonly code: IssueCode;
  /** `error` fails the decode, `warning` and `info` do not. */
  readonly severity: Severity;
  /** Where in the document: names as they are on the wire, and indices of arrays. */
  readonly path: readonly (string | number)[];
  /** Where in the input, in bytes from its beginning (of its UTF-8 form, if it was a string). */
  readonly offset: number;
  /** Which event of a stream, counted from 0. */
  readonly event?: number;
  /** All of it in words. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What stands there, as it stands there, cut if it is long. */
  readonly received?: string;
}
