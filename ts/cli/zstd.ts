// Tells whether zstd (RFC 8878) is all there: Node unpacks what is cut off without a word.

const magic = 0xfd2fb528;
const skippable = 0x184d2a50; // and the fifteen after it
const isSkippable = (word: number) => (word & 0xfffffff0) >>> 0 === skippable;
const magicSize = 4;
const skippedSize = 4;
const blockHeaderSize = 3;
const checksumSize = 4;
const dictionarySizes = [0, 1, 2, 4] as const;
const contentSizes = [0, 2, 4, 8] as const;
const runOfOneByte = 1;

type Part = "magic" | "skipped" | "frame" | "block" | "checksum";

function littleEndian(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte, at) => sum + byte * 2 ** (8 * at), 0);
}

/** Follows frames and blocks by their headers, without unpacking anything. */
export class ZstdFrames {
  #part: Part = "magic";
  #needed = magicSize;
  #header: number[] = [];
  #toSkip = 0;
  #hasChecksum = false;

  /** Takes the next bytes. */
  feed(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#toSkip > 0) {
        const step = Math.min(this.#toSkip, bytes.length - at);
        this.#toSkip -= step;
        at += step;
      } else {
        this.#header.push(bytes[at++] as number);
        if (this.#header.length === this.#needed) this.#read(this.#header.splice(0));
      }
    }
  }

  /** Whether it may end here. */
  get isComplete(): boolean {
    return this.#part === "magic" && this.#header.length === 0 && this.#toSkip === 0;
  }

  #expect(part: Part, needed: number): void {
    this.#part = part;
    this.#needed = needed;
  }

  #read(header: readonly number[]): void {
    const word = littleEndian(header);
    switch (this.#part) {
      case "magic":
        if (isSkippable(word)) this.#expect("skipped", skippedSize);
        else if (word === magic) this.#expect("frame", 1);
        // Anything else is for the decoder to judge.
        else this.#toSkip = Number.POSITIVE_INFINITY;
        break;
      case "skipped":
        this.#toSkip = word;
        this.#expect("magic", magicSize);
        break;
      case "frame": {
        const isSingle = (word & 0x20) !== 0;
        this.#hasChecksum = (word & 0x04) !== 0;
        const content = contentSizes[(word >> 6) as 0] ?? 0;
        const contentSize = content === 0 && isSingle ? 1 : content;
        const dictionary = dictionarySizes[(word & 3) as 0] ?? 0;
        this.#toSkip = (isSingle ? 0 : 1) + dictionary + contentSize;
        this.#expect("block", blockHeaderSize);
        break;
      }
      case "block": {
        const isLast = (word & 1) !== 0;
        const isRun = ((word >> 1) & 3) === runOfOneByte;
        this.#toSkip = isRun ? 1 : word >> 3;
        if (isLast && this.#hasChecksum) this.#expect("checksum", checksumSize);
        else if (isLast) this.#expect("magic", magicSize);
        break;
      }
      case "checksum":
        this.#expect("magic", magicSize);
        break;
    }
  }
}
