// Replays a stream up to a moment: what has come by then, and tool arguments as far as they are there.
import { ChatwireError, type PartialJson, StreamDecoder } from "chatwire";
import type { Frame } from "./reading/reading.js";

export interface GrowingCall {
  readonly choice: number;
  readonly toolCall: number;
  readonly name: string;
  readonly arguments: PartialJson | undefined;
}

export class Player {
  readonly #bytes: Uint8Array;
  readonly #frames: readonly Frame[];
  #decoder = new StreamDecoder();
  #arrived = 0;
  #calls = new Map<string, Omit<GrowingCall, "arguments">>();
  text = "";
  reasoning = "";

  constructor(bytes: Uint8Array, frames: readonly Frame[]) {
    this.#bytes = bytes;
    this.#frames = frames;
  }

  get arrived(): number {
    return this.#arrived;
  }

  /** Goes to a time, in milliseconds of the stream; back to an earlier one by way of the beginning. */
  goTo(time: number): void {
    if (this.#arrived > 0 && (this.#frames[this.#arrived - 1]?.time ?? 0) > time) this.#rewind();
    for (; (this.#frames[this.#arrived]?.time ?? Infinity) <= time; this.#arrived++)
      this.#take(this.#frames[this.#arrived] as Frame);
  }

  get calls(): GrowingCall[] {
    return [...this.#calls.values()].map((call) => ({
      ...call,
      arguments: this.#decoder.partialArguments(call.choice, call.toolCall),
    }));
  }

  free(): void {
    this.#decoder.free();
  }

  #rewind(): void {
    this.#decoder.free();
    this.#decoder = new StreamDecoder();
    this.#arrived = 0;
    this.#calls = new Map();
    this.text = "";
    this.reasoning = "";
  }

  #take({ from, to, events }: Frame): void {
    for (const event of events) {
      if (event.type === "text") this.text += event.text;
      if (event.type === "reasoning") this.reasoning += event.text;
      if (event.type === "tool-call") {
        const { choice, toolCall, name = "" } = event;
        this.#calls.set(`${choice} ${toolCall}`, { choice, toolCall, name });
      }
    }
    try {
      if (!this.#decoder.done) this.#decoder.feed(this.#bytes.subarray(from, to));
    } catch (error) {
      if (!(error instanceof ChatwireError)) throw error; // how it ended is told elsewhere
    }
  }
}
