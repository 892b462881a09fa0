/** What the core exports: functions over integers (bindings/bindings.cpp), and its memory. */
export interface Core {
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
}

export default function createCore(host: object): Promise<Core>;
