/** What the core exports: functions over integers (bindings/bindings.cpp), and its memory. */
export interface Core {
  /** A view of all memory; empty as soon as that has grown, when there is a new one. */
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  openSession(): number;
  input(session: number, bytes: number): number;
  limit(
    session: number,
    bodyBytes: number,
    eventBytes: number,
    depth: number,
    choices: number,
    toolCalls: number,
  ): void;
  decode(session: number, length: number, options: number): number;
  shrink(session: number, bytes: number): void;
  /** The address of a text, which stays the same until the next call: see core/models.ts. */
  modelText(id: number): number;
  // Of streams, which bodies.wasm does not have:
  openStream(session: number, options: number): number;
  streamInput(session: number, stream: number, bytes: number): number;
  feed(session: number, stream: number, length: number, wants: number): number;
  finish(session: number, stream: number, wants: number): number;
  complete(session: number, stream: number, final: number): number;
  partial(session: number, stream: number, choice: number, toolCall: number): number;
  closeStream(stream: number): void;
}
