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
import { type Input, openInput, titleOf } from "../input.js";
import { show, showError, showIssues, showTitle, verdictText } from "../show.js";
import { showBody } from "../show-body.js";
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

async function completionOf(input: Input, options: Options): Promise<Decoded> {
  if (input.bytes !== undefined) {
    const result = safeDecode(input.bytes, options as object);
    if (result.ok) return result;
    return { value: result.error.partial, error: result.error, issues: result.issues };
  }
  const stream = decodeStream(input.source, { ...(options as object), collect: true });
  try {
    return { value: await stream.finalCompletion(), issues: stream.issues };
  } catch (error) {
    if (!(error instanceof ChatwireError)) throw error;
    return { value: error.partial, error, issues: stream.issues };
  }
}

function printJson(name: string, { value, error, issues }: Decoded): void {
  if (value !== undefined) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  for (const { severity, code, message } of issues)
    process.stderr.write(`${name}: ${severity}: ${line(message, 300)} [${code}]\n`);
  if (error !== undefined && issues.length === 0)
    process.stderr.write(`${name}: ${error.message}\n`);
}

function showDecoded(name: string, { value, error, issues }: Decoded): void {
  showTitle(name, "a stream", verdictText(error?.name ?? "decoded"));
  if (error === undefined) show(value);
  else showError(error);
  showIssues(issues, "(the stream)");
}

export async function run({ files, options }: Invocation): Promise<number> {
  const { contract, json } = options;
  const decoding: Options = { contract: contract as ContractName | undefined };
  let status: number = exitCodes.ok;
  for (const file of files) {
    const name = titleOf(file);
    const input = await openInput(file);
    let isDecoded: boolean;
    if (input.bytes !== undefined && !json) {
      isDecoded = !showBody(name, input.bytes, decoding).endsWith("Error");
    } else {
      const decoded = await completionOf(input, decoding);
      if (json) printJson(name, decoded);
      else showDecoded(name, decoded);
      isDecoded = decoded.error === undefined;
    }
    if (!isDecoded) status = exitCodes.findings;
  }
  return status;
}
