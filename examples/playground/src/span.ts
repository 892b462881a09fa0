/** Some bytes of the input: from the first to before the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const utf8 = new TextDecoder();

export function textOf(bytes: Uint8Array, { from, to }: Span): string {
  return utf8.decode(bytes.subarray(from, to));
}

export const overlaps = (one: Span, other: Span): boolean =>
  one.from < other.to && other.from < one.to;

export const isInside = (inner: Span, outer: Span): boolean =>
  inner.from >= outer.from && inner.to <= outer.to;

/** The first of some places, as people read it. */
export function placeText([first]: readonly Span[]): string {
  return first === undefined ? "not sent" : `${first.from}–${first.to}`;
}

/** How many places follow the first one. */
export function moreText(spans: readonly Span[]): string {
  return spans.length > 1 ? ` +${spans.length - 1}` : "";
}
