// chatwire convert: what travels to camelCase JSONL, and back.
import { once } from "node:events";
import { jsonText } from "../../encode.js";
import { ChatwireError, decodeStream } from "../../index.js";
import type { Direction, Invocation } from "../commands.js";
import { exitCodes, InputError } from "../failures.js";
import { open, titleOf } from "../input.js";
import { openKind } from "../kind.js";
import { longestLine } from "../log/blocks.js";
import { convertLine } from "../log/convert.js";
import { linesOf, textIn } from "../log/lines.js";
import { complain, line as onOneLine } from "../terminal.js";

const lineEnd = Buffer.from("\n");
const empty = new Uint8Array(0);
const writtenAtOnce = 256 << 10;

async function write(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
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
    let parts: Uint8Array[] = [];
    let size = 0;
    for await (const { number, bytes } of linesOf(reads)) {
      if (bytes === undefined)
        throw new InputError(`${name}:${number}: the line is longer than ${longestLine} bytes`);
      const { from, to } = textIn(bytes);
      const made = from < to ? this.line(bytes.subarray(from, to), `${name}:${number}`) : empty;
      // A line that is left as it is lies in memory that is used again.
      parts.push(made.buffer === bytes.buffer ? Buffer.from(made) : made, lineEnd);
      size += made.length + 1;
      if (size < writtenAtOnce) continue;
      await write(Buffer.concat(parts));
      parts = [];
      size = 0;
    }
    await write(Buffer.concat(parts));
  }

  async body(name: string, bytes: Buffer): Promise<void> {
    const { from, to } = textIn(bytes);
    await write(Buffer.concat([this.line(bytes.subarray(from, to), name), lineEnd]));
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
