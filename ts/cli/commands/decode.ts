// chatwire decode: the typed object of bodies and streams.
import {
  ChatwireError,
  type ContractName,
  decodeStream,
  type Issue,
  safeDecode,
} from "../../index.js";
import type { Invocation } from "../commands.js";
import { exitCodes } from "../failures.js";
import { open, titleOf } from "../input.js";
import { openKind } from "../kind.js";
import { linesOf, textIn } from "../log/lines.js";
import { answerBytes, locate } from "../log/locate.js";
import { show, showError, showIssues, showTitle, verdictText } from "../show.js";
import { showBody } from "../show-body.js";
import { isBlank } from "../sniffer.js";
import { line } from "../terminal.js";

interface Options {
  readonly contract: ContractName | undefined;
}

/** What something was decoded to; `value` of a failed decode is what came before the error. */
interface Decoded {
  readonly value: unknown;
  readonly error?: ChatwireError;
  readonly issues: readonly Issue[];
}

function printJson(name: string, { value, issues }: Decoded): void {
  if (value !== undefined) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  for (const { severity, code, message } of issues)
    process.stderr.write(`${name}: ${severity}: ${line(message, 300)} [${code}]\n`);
}

/** The answer in bytes that are a body, or a line of a log. */
function answerIn(bytes: Buffer): Uint8Array {
  const { from, to } = textIn(bytes);
  return answerBytes(bytes, locate(bytes, from, to));
}

/** Decodes and shows. Each function returns whether there was something to decode. */
class Showing {
  private readonly options: Options;
  private readonly json: boolean;

  constructor(options: Options, json: boolean) {
    this.options = options;
    this.json = json;
  }

  private body(name: string, bytes: Uint8Array): boolean {
    if (!this.json) return !showBody(name, bytes, this.options).endsWith("Error");
    const result = safeDecode(bytes, this.options as object);
    const value = result.ok ? result.value : result.error.partial;
    printJson(name, { value, issues: result.issues });
    return result.ok;
  }

  private async stream(name: string, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
    const stream = decodeStream(bytes, { ...(this.options as object), collect: true });
    let decoded: Decoded;
    try {
      const value = await stream.finalCompletion();
      decoded = { value, issues: stream.issues };
    } catch (error) {
      if (!(error instanceof ChatwireError)) throw error;
      decoded = { value: error.partial, error, issues: stream.issues };
    }
    const { value, error, issues } = decoded;
    if (this.json) {
      printJson(name, decoded);
    } else {
      showTitle(name, "a stream", verdictText(error?.name ?? "decoded"));
      if (error === undefined) show(value);
      else showError(error);
      showIssues(issues, "(the stream)");
    }
    return error === undefined;
  }

  private async log(name: string, reads: AsyncIterable<Uint8Array>): Promise<boolean> {
    let isDecoded = true;
    for await (const { number, bytes } of linesOf(reads)) {
      const isEmpty = bytes?.every(isBlank);
      if (!isEmpty && !this.body(`${name}:${number}`, bytes ? answerIn(bytes) : new Uint8Array(0)))
        isDecoded = false;
    }
    return isDecoded;
  }

  async file(file: string): Promise<boolean> {
    const name = titleOf(file);
    const { kind, bytes } = await openKind(file, await open(file));
    if (kind === "log") return this.log(name, bytes);
    if (kind === "stream") return this.stream(name, bytes);
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    return this.body(name, answerIn(Buffer.concat(pieces)));
  }
}

export async function run({ files, options }: Invocation): Promise<number> {
  const { contract, json } = options;
  const showing = new Showing({ contract: contract as ContractName | undefined }, json === true);
  let status: number = exitCodes.ok;
  for (const file of files) if (!(await showing.file(file))) status = exitCodes.findings;
  return status;
}
