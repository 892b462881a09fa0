// chatwire convert: what travels to camelCase JSONL, and back.
import { once } from "node:events";
import { jsonText } from "../../encode.js";
import { ChatwireError, decodeStream } from "../../index.js";
import type { Direction, Invocation } from "../commands.js";
import { exitCodes, InputError } from "../failures.js";
import { open, titleOf } from "../input.js";
import { openKind } from "../kind.js";
import { blocks, longestLine } from "../log/blocks.js";
import { convertLine } from "../log/convert.js";
import { isBlank } from "../sniffer.js";
import { complain, line as onOneLine } from "../terminal.js";

const lineFeed = 0x0a;
const lineEnd = Buffer.of(lineFeed);

async function write(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
}

function trimmed(bytes: Buffer): Buffer {
  let from = 0;
  let to = bytes.length;
  while (from < to && isBlank(bytes[from])) from++;
  while (from < to && isBlank(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

/** Converts files, and tells what it leaves as it is. */
class Conversion {
  left = 0;
  private readonly direction: Direction;

  constructor(direction: Direction) {
    this.direction = direction;
  }

  private tell(place: string, code: string, message: string): void {
    this.left++;
    process.stderr.write(`${place}: left as it is: ${onOneLine(message, 300)} [${code}]\n`);
  }

  private line(bytes: Buffer, place: string): Uint8Array {
    const { bytes: made, why } = convertLine(bytes, this.direction);
    if (why !== undefined) this.tell(place, why.code, why.message);
    return made;
  }

  async log(name: string, reads: AsyncIterable<Uint8Array>): Promise<void> {
    let number = 0;
    for await (const block of blocks(reads, [])) {
      if (block === undefined)
        throw new InputError(`${name}:${number + 1}: the line is longer than ${longestLine} bytes`);
      const buffer = Buffer.from(block.buffer, block.byteOffset, block.length);
      const parts: Uint8Array[] = [];
      for (let start = 0; start < buffer.length; ) {
        number++;
        const found = buffer.indexOf(lineFeed, start);
        const end = found === -1 ? buffer.length : found;
        const line = trimmed(buffer.subarray(start, end));
        if (line.length !== 0) parts.push(this.line(line, `${name}:${number}`));
        parts.push(lineEnd);
        start = end + 1;
      }
      await write(Buffer.concat(parts));
    }
  }

  async body(name: string, bytes: Buffer): Promise<void> {
    // One line, whatever its blanks were.
    const made = Buffer.from(
      this.line(Buffer.from(bytes.toString("latin1").trim(), "latin1"), name),
    );
    await write(Buffer.concat([made, lineEnd]));
  }

  async stream(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunks of decodeStream(bytes).batches())
        await write(Buffer.from(chunks.map((chunk) => `${jsonText(chunk)}\n`).join("")));
    } catch (error) {
      if (!(error instanceof ChatwireError)) throw error;
      this.left++;
      complain(`${name}: ${error.name}: ${error.message}`);
    }
  }
}

export async function run({ files, options }: Invocation): Promise<number> {
  const { to } = options;
  const direction = (to ?? "camel") as Direction;
  const conversion = new Conversion(direction);
  for (const file of files) {
    const { kind, bytes } = await openKind(file, await open(file));
    const name = titleOf(file);
    if (kind === "stream" && direction === "camel") {
      await conversion.stream(name, bytes);
    } else if (kind === "body") {
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      await conversion.body(name, Buffer.concat(pieces));
    } else {
      await conversion.log(name, bytes);
    }
  }
  return conversion.left > 0 ? exitCodes.findings : exitCodes.ok;
}
