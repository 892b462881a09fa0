// Tells bodies from streams and logs by their first bytes.

const brace = { open: 0x7b, close: 0x7d };
const quote = 0x22;
const backslash = 0x5c;
const byteOrderMark = [0xef, 0xbb, 0xbf];

export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);

export type Kind = "body" | "stream";
type See = (byte: number) => Kind | undefined;

/**
 * Tells whether bytes are a body, one JSON object, or anything else, which is for the decoder of
 * streams to judge. Says so with the first byte, or where the first object is followed by another.
 */
export class Sniffer {
  #depth = 0;

  /** "body", "stream", or undefined where that is still open. */
  kindOf(bytes: Uint8Array): Kind | undefined {
    for (const byte of bytes) {
      const kind = this.#see(byte);
      if (kind !== undefined) return kind;
    }
    return undefined;
  }

  /** What it is if nothing else comes. */
  get kindAtEnd(): Kind {
    return this.#see === this.#before ? "stream" : "body";
  }

  readonly #before: See = (byte) => {
    if (isBlank(byte) || byteOrderMark.includes(byte)) return undefined;
    if (byte !== brace.open) return "stream";
    this.#depth = 1;
    this.#see = this.#inside;
    return undefined;
  };

  readonly #inside: See = (byte) => {
    if (byte === quote) this.#see = this.#inText;
    else if (byte === brace.open) this.#depth++;
    else if (byte === brace.close && --this.#depth === 0) this.#see = this.#after;
    return undefined;
  };

  readonly #inText: See = (byte) => {
    if (byte === quote) this.#see = this.#inside;
    else if (byte === backslash) this.#see = this.#escaped;
    return undefined;
  };

  readonly #escaped: See = () => {
    this.#see = this.#inText;
    return undefined;
  };

  readonly #after: See = (byte) => {
    if (isBlank(byte)) return undefined;
    return byte === brace.open ? "stream" : "body";
  };

  #see: See = this.#before;
}
