import { type ChatCompletion, type DecodeOptions, ProviderError, safeDecode } from "chatwire";
import { type JsonPlace, jsonPlaces } from "../json-places.js";
import { type Span, textOf } from "../span.js";
import { type Reading, verdictOf } from "./reading.js";
import { type TreeNode, treeOf } from "./tree-node.js";

export type Options = Pick<DecodeOptions, "contract">;

const member = (place: JsonPlace | undefined, name: string) =>
  place?.members.find((one) => one.name === name)?.value;

/** Decodes one body, which is all of the bytes or some of them. */
export function readBody(
  bytes: Uint8Array,
  options: Options,
  span: Span = { from: 0, to: bytes.length },
): Reading {
  const result = safeDecode(bytes.subarray(span.from, span.to), options as object);
  const shifted = result.issues.map((issue) => ({ ...issue, offset: issue.offset + span.from }));
  const place = jsonPlaces(bytes, span);
  const completionPlace = member(place, "choices") ? place : (member(place, "result") ?? place);
  const read = (of: Span) => textOf(bytes, of);
  const root = (name: string, value: unknown, of: JsonPlace | undefined) =>
    treeOf(name, value, of === undefined ? [] : [of], read);
  const common = { kind: "body", bytes, issues: shifted, frames: [], entries: [] } as const;
  if (result.ok) {
    const completion = result.value as ChatCompletion;
    return {
      ...common,
      verdict: verdictOf(result.issues),
      failure: undefined,
      completion,
      roots: [root("completion", completion, completionPlace)],
    };
  }
  const { error } = result;
  const partial = (error.partial ?? {}) as Partial<ChatCompletion>;
  const roots: TreeNode[] = [];
  if (error instanceof ProviderError)
    roots.push(root("error", error.error, member(place, "error") ?? place));
  if (Object.keys(partial).length > 0) roots.push(root("partial", partial, completionPlace));
  return { ...common, verdict: error.name, failure: error.message, completion: partial, roots };
}
