// chatwire check: issues as compilers tell them.
import { type ContractName, decodeStream, type Issue, safeDecode } from "../../index.js";
import type { FileKind, Invocation } from "../commands.js";
import { exitCodes, InputError } from "../failures.js";
import { open, titleOf } from "../input.js";
import { openKind } from "../kind.js";
import { linesOf, textIn } from "../log/lines.js";
import { answerBytes, locate, type Place } from "../log/locate.js";
import { Places } from "../places.js";
import { isBlank } from "../sniffer.js";
import { complain, line as onOneLine, paint, severityColors } from "../terminal.js";

interface Options {
  readonly contract: ContractName | undefined;
}

/** Writes issues and counts them. */
class Findings {
  answers = 0;
  readonly counts = { error: 0, warning: 0, info: 0 };
  private readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  /** The issues of an answer. `toFile` tells where an offset of it is in the bytes of `places`. */
  write(
    file: string,
    issues: readonly Issue[],
    places: Places,
    toFile: (offset: number) => number = (offset) => offset,
  ): void {
    this.answers++;
    let text = "";
    for (const issue of issues) {
      this.counts[issue.severity]++;
      const { line, column } = places.of(toFile(issue.offset));
      if (this.json) {
        text += `${JSON.stringify({ file, line, column, ...issue })}\n`;
        continue;
      }
      const { severity, code } = issue;
      // Its place is told already.
      const message = onOneLine(issue.message.replace(/ \((event \d+, )?byte \d+\)$/, ""), 300);
      const grade = paint(severityColors[severity], `${severity}:`);
      text += `${file}:${line}:${column}: ${grade} ${message} [${code}]\n`;
    }
    process.stdout.write(text);
  }

  get summary(): string {
    const { error, warning, info } = this.counts;
    const count = (number: number, name: string) => `${number} ${name}${number === 1 ? "" : "s"}`;
    const parts = [count(error, "error"), count(warning, "warning"), `${info} info`];
    return `${parts.join(", ")} in ${count(this.answers, "answer")}`;
  }
}

/** Checks the answer at a place in bytes. */
function checkAnswer(
  file: string,
  bytes: Uint8Array,
  place: Place,
  places: Places,
  options: Options,
  to: Findings,
): void {
  const { issues } = safeDecode(answerBytes(bytes, place), options as object);
  // Of an answer in a string, only where that begins is known.
  to.write(file, issues, places, (offset) => (place.isText ? place.from : place.from + offset));
}

/** Checks the answer in a body, or in a line of a log. */
function checkText(
  file: string,
  bytes: Buffer,
  places: Places,
  options: Options,
  to: Findings,
): void {
  const text = textIn(bytes);
  checkAnswer(file, bytes, locate(bytes, text.from, text.to), places, options, to);
}

async function checkLog(
  file: string,
  reads: AsyncIterable<Uint8Array>,
  options: Options,
  to: Findings,
): Promise<void> {
  for await (const { number, bytes } of linesOf(reads)) {
    if (bytes === undefined) {
      const message = "the line is too long for an answer";
      const issue = { code: "LIMIT", severity: "error", path: [], offset: 0, message } as const;
      to.write(file, [issue], new Places(new Uint8Array(0), number));
    } else if (!bytes.every(isBlank)) {
      checkText(file, bytes, new Places(bytes, number), options, to);
    }
  }
}

async function checkStream(
  file: string,
  bytes: Uint8Array,
  options: Options,
  to: Findings,
): Promise<void> {
  const stream = decodeStream([bytes], { ...(options as object), collect: true });
  await stream.finalCompletion().catch(() => {}); // what it fails with is among the issues
  to.write(file, stream.issues, new Places(bytes));
}

async function check(
  file: string,
  kind: FileKind | undefined,
  options: Options,
  to: Findings,
): Promise<void> {
  const reading = await open(file);
  const told = kind === undefined ? await openKind(file, reading) : { kind, ...reading };
  const name = titleOf(file);
  if (told.kind === "log") return checkLog(name, told.bytes, options, to);
  const pieces: Uint8Array[] = [];
  for await (const piece of told.bytes) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  if (told.kind === "body") checkText(name, whole, new Places(whole), options, to);
  else await checkStream(name, whole, options, to);
}

export async function run({ files, options }: Invocation): Promise<number> {
  const { contract, as, json } = options;
  const to = new Findings(json === true);
  const decoding: Options = { contract: contract as ContractName | undefined };
  let isReadable = true;
  for (const file of files) {
    try {
      await check(file, as as FileKind | undefined, decoding, to);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      complain(error.message);
      isReadable = false;
    }
  }
  process.stderr.write(`${to.summary}\n`);
  if (!isReadable) return exitCodes.trouble;
  return to.counts.error > 0 ? exitCodes.findings : exitCodes.ok;
}
