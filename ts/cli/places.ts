// Where in a file something is: line and column, as editors count them.

const lineFeed = 0x0a;

export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Tells lines and columns, both from 1 on, of places in some bytes. Columns are counted in
 * characters. Places are best asked for in order.
 */
export class Places {
  readonly #bytes: Uint8Array;
  readonly #firstLine: number;
  #at = 0;
  #line: number;
  #lineStart = 0;
  #column = 1;

  /** @param firstLine the number of the line that the bytes begin with */
  constructor(bytes: Uint8Array, firstLine = 1) {
    this.#bytes = bytes;
    this.#firstLine = firstLine;
    this.#line = firstLine;
  }

  of(offset: number): Position {
    const to = Math.min(offset, this.#bytes.length);
    if (to < this.#at) {
      this.#at = 0;
      this.#line = this.#firstLine;
      this.#lineStart = 0;
      this.#column = 1;
    }
    for (;;) {
      const end = this.#bytes.indexOf(lineFeed, Math.max(this.#at, this.#lineStart));
      if (end === -1 || end >= to) break;
      this.#line++;
      this.#lineStart = end + 1;
      this.#at = end + 1;
      this.#column = 1;
    }
    // All bytes of a character but the first are 10xxxxxx.
    for (; this.#at < to; this.#at++)
      if (((this.#bytes[this.#at] as number) & 0xc0) !== 0x80) this.#column++;
    return { line: this.#line, column: this.#column };
  }
}
