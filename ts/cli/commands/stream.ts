// chatwire stream: a stream as it comes.
import type { DecodeStreamOptions } from "../../decode-stream.js";
import { ChatwireError, type ContractName, type DecodedStream, decodeStream } from "../../index.js";
import type { Invocation } from "../commands.js";
import { exitCodes } from "../failures.js";
import { type Input, openInput, type StreamInput, titleOf } from "../input.js";
import { interruptible } from "../interrupt.js";
import { showStream } from "../show-stream.js";
import { complain } from "../terminal.js";

const longestReplay = 60; // seconds

/** A body where a stream was asked for is a stream of one event. */
function asStream(input: Input): StreamInput {
  if (input.bytes === undefined) return input;
  const { bytes } = input;
  const source = (async function* () {
    yield bytes;
  })();
  return { source, began: performance.now(), firstByte: undefined, note: "a whole body" };
}

async function printText(stream: DecodedStream): Promise<void> {
  try {
    for await (const text of stream.text()) process.stdout.write(text);
  } finally {
    process.stdout.write("\n");
  }
}

async function printEvents(stream: DecodedStream): Promise<void> {
  for await (const event of stream.events()) process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Prints a stream for other programs. Returns whether it came to its end. */
async function print(
  name: string,
  { source }: StreamInput,
  options: DecodeStreamOptions,
  write: (stream: DecodedStream) => Promise<void>,
): Promise<boolean> {
  try {
    await write(decodeStream(source, options as object));
    return true;
  } catch (error) {
    if (options.signal?.aborted) return false;
    if (!(error instanceof ChatwireError)) throw error;
    complain(`${name}: ${error.name}: ${error.message}`);
    return false;
  }
}

export function run({ files, options }: Invocation): Promise<number> {
  const [file] = files as [string];
  const { contract, text, json, replay } = options;
  return interruptible(async (signal) => {
    const input = await openInput(file, replay ? { replaySeconds: longestReplay } : {});
    const stream = asStream(input);
    const decoding = { contract: contract as ContractName | undefined, signal };
    const name = titleOf(file);
    const isWhole =
      text || json
        ? await print(name, stream, decoding, text ? printText : printEvents)
        : !(await showStream(name, stream, decoding)).endsWith("Error");
    if (signal.aborted) return exitCodes.interrupted;
    return isWhole ? exitCodes.ok : exitCodes.findings;
  });
}
