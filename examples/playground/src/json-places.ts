// Where the values of JSON stand. It judges nothing: what is no JSON, or ends too early, has the places
// that it has as far as it goes.
import { type Span, textOf } from "./span.js";

export interface JsonPlace extends Span {
  readonly kind: "object" | "array" | "string" | "other";
  readonly members: readonly { readonly name: string; readonly value: JsonPlace }[];
  readonly items: readonly JsonPlace[];
}

const deepest = 200; // deeper values have no places of their own
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const none: never[] = [];

const isBlank = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isEnd = (byte: number | undefined) =>
  byte === undefined || isBlank(byte) || byte === comma || byte === 0x5d || byte === 0x7d;

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #to: number;
  at: number;

  constructor(bytes: Uint8Array, { from, to }: Span) {
    this.#bytes = bytes;
    this.at = from;
    this.#to = to;
  }

  get #byte(): number | undefined {
    return this.at < this.#to ? this.#bytes[this.at] : undefined;
  }

  value(depth = 0): JsonPlace | undefined {
    this.#skipBlanks();
    const from = this.at;
    switch (this.#byte) {
      case undefined:
        return undefined;
      case 0x7b:
        return depth < deepest ? this.#object(from, depth) : this.#opaque(from);
      case 0x5b:
        return depth < deepest ? this.#array(from, depth) : this.#opaque(from);
      case quote:
        this.#skipString();
        return { kind: "string", from, to: this.at, members: none, items: none };
      default:
        while (!isEnd(this.#byte)) this.at++;
        return { kind: "other", from, to: this.at, members: none, items: none };
    }
  }

  #object(from: number, depth: number): JsonPlace {
    const members: { name: string; value: JsonPlace }[] = [];
    this.at++;
    while (this.#hasMore(0x7d)) {
      const start = this.at;
      if (this.#byte === quote) this.#skipString();
      const name = nameOf(textOf(this.#bytes, { from: start, to: this.at }));
      this.#skipBlanks();
      if (this.#byte === colon) this.at++;
      const value = this.value(depth + 1);
      if (value !== undefined && value.to > start) members.push({ name, value });
      if (this.at === start) this.at++; // whatever this is, go on
    }
    return { kind: "object", from, to: this.at, members, items: none };
  }

  #array(from: number, depth: number): JsonPlace {
    const items: JsonPlace[] = [];
    this.at++;
    while (this.#hasMore(0x5d)) {
      const start = this.at;
      const value = this.value(depth + 1);
      if (value !== undefined) items.push(value);
      if (this.at === start) this.at++;
    }
    return { kind: "array", from, to: this.at, members: none, items };
  }

  /** Goes to what comes next in an object or array; over its end, where there is nothing. */
  #hasMore(end: number): boolean {
    this.#skipBlanks();
    while (this.#byte === comma) {
      this.at++;
      this.#skipBlanks();
    }
    if (this.#byte === undefined) return false;
    if (this.#byte !== end) return true;
    this.at++;
    return false;
  }

  #opaque(from: number): JsonPlace {
    let open = 0;
    do {
      const byte = this.#byte;
      if (byte === quote) this.#skipString();
      else this.at++;
      if (byte === 0x7b || byte === 0x5b) open++;
      if (byte === 0x7d || byte === 0x5d) open--;
    } while (open > 0 && this.#byte !== undefined);
    return { kind: "other", from, to: this.at, members: none, items: none };
  }

  #skipString(): void {
    this.at++;
    while (this.#byte !== undefined && this.#byte !== quote)
      this.at += this.#byte === backslash ? 2 : 1;
    this.at = Math.min(this.at + 1, this.#to);
  }

  // An event may have several lines of data; their names are no part of its JSON.
  #skipBlanks(): void {
    while (isBlank(this.#byte)) {
      const isNewLine = this.#byte === 0x0a || this.#byte === 0x0d;
      this.at++;
      if (isNewLine && textOf(this.#bytes, { from: this.at, to: this.at + 5 }) === "data:")
        this.at += 5;
    }
  }
}

function nameOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** The places of the first JSON value of some bytes. */
export function jsonPlaces(bytes: Uint8Array, span: Span): JsonPlace | undefined {
  return new Scanner(bytes, span).value();
}
