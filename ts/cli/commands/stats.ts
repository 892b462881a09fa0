// chatwire stats: what the answers in logs come to.
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Invocation } from "../commands.js";
import { exitCodes, InputError, UsageError } from "../failures.js";
import { open, plainSize, type Reading, titleOf } from "../input.js";
import { interruptible } from "../interrupt.js";
import { blocks } from "../log/blocks.js";
import { type BadLine, type Counted, countBlock, joined, nothing } from "../log/count.js";
import { Pool, type Work } from "../log/pool.js";
import { type Report, reportCsv, reportJson, reportText } from "../log/report.js";
import { showProgress } from "../progress.js";
import { complain, line } from "../terminal.js";

function wholeNumber(name: string, value: unknown, least: number, otherwise: number): number {
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (/^\d{1,9}$/.test(String(value)) && number >= least) return number;
  throw new UsageError(`--${name} takes a number from ${least} on; not "${value}"`);
}

const rangeSize = 8 << 20;
const perThread = 64 << 20; // a thread starts as long as it counts most of this

/** The work of a file, part by part; undefined: a line that is too long. */
async function* workOf(
  name: string,
  plain: number | undefined,
  reading: Reading,
  spare: ArrayBuffer[],
): AsyncGenerator<Work | undefined> {
  if (plain === undefined) return yield* blocks(reading.bytes, spare);
  for (let from = 0; from < plain; from += rangeSize)
    yield { file: name, from, to: Math.min(plain, from + rangeSize) };
}

/** Counts files, and keeps what of them is bad in the order of the lines. */
class Counting {
  readonly pool: Pool;
  readonly first: (BadLine & { file: string })[] = [];
  lines = 0;
  bad = 0;
  /** Bytes of the files that were done. */
  done = 0;
  private readonly mostBad: number;

  constructor(threads: number, mostBad: number, expected: number | undefined) {
    this.pool = new Pool(threads, mostBad, expected);
    this.mostBad = mostBad;
  }

  async file(name: string, signal: AbortSignal): Promise<void> {
    const reading = await open(name);
    const plain = await plainSize(name);
    const before = this.done;
    let ofFile = nothing;
    let last: Promise<unknown> = Promise.resolve();
    const note = (counted: Counted) => {
      ofFile = joined(ofFile, counted, this.mostBad);
      this.lines += counted.lines;
      this.bad += counted.bad;
    };
    const stop = () => reading.destroy();
    signal.addEventListener("abort", stop);
    try {
      for await (const work of workOf(name, plain, reading, this.pool.spare)) {
        const counted =
          work === undefined
            ? async () => countBlock(undefined, this.pool.tally, this.mostBad)
            : await this.pool.count(work);
        // Threads end in any order; lines are numbered in theirs.
        const earlier = last;
        const end = work !== undefined && "to" in work ? work.to : undefined;
        last = earlier
          .then(counted)
          .then(note)
          .then(() => {
            this.done = before + (end ?? reading.done());
          });
        last.catch(() => {}); // it is waited for below
        if (signal.aborted) break;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      reading.destroy();
      await last;
      const room = this.mostBad - this.first.length;
      for (const of of ofFile.first.slice(0, room)) this.first.push({ file: name, ...of });
    }
  }
}

/** How long the files are together; undefined where that cannot be known. */
async function totalSize(files: readonly string[]): Promise<number | undefined> {
  let total = 0;
  for (const file of files) {
    const found = file === "-" ? undefined : await stat(file).catch(() => undefined);
    if (found === undefined || !found.isFile()) return undefined;
    total += found.size;
  }
  return total;
}

/** As many threads as cores; fewer where they would take longer to start than to count. */
function threadsFor(size: number | undefined): number {
  const cores = availableParallelism();
  return size === undefined ? cores : Math.min(cores, Math.max(1, Math.floor(size / perThread)));
}

export function run({ files, options }: Invocation): Promise<number> {
  const { json, csv, threads, bad } = options;
  const mostBad = wholeNumber("bad", bad, 0, 20);
  const most = wholeNumber("threads", threads, 1, 0);
  return interruptible(async (signal) => {
    const size = await totalSize(files);
    const counting = new Counting(most || threadsFor(size), mostBad, size);
    const { pool } = counting;
    let status: number = exitCodes.ok;
    let isPartial = false;
    const progress = showProgress(
      size,
      () => counting.done,
      () => `${counting.lines} lines`,
    );
    try {
      for (const file of files) {
        if (signal.aborted) break;
        try {
          await counting.file(file, signal);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          progress.end();
          complain(error.message);
          isPartial = true;
          status = exitCodes.trouble;
        }
      }
      isPartial ||= signal.aborted;
      const { lines, bad, first } = counting;
      const report: Report = {
        files,
        lines,
        models: await pool.end(),
        bad: { count: bad, first },
        isPartial,
      };
      progress.end();
      process.stdout.write((json ? reportJson : csv ? reportCsv : reportText)(report));
      for (const { file, line: at, message, code } of first)
        process.stderr.write(`${titleOf(file)}:${at}: ${line(message, 300)} [${code}]\n`);
      if (bad > first.length && mostBad > 0)
        process.stderr.write(`and ${bad - first.length} more bad lines\n`);
    } finally {
      progress.end();
      await pool.stop();
    }
    return signal.aborted ? exitCodes.interrupted : status;
  });
}
