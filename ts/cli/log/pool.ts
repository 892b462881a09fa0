// Counts parts of logs in threads; where there is little, here.
import { setImmediate as otherTasks } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Range } from "./blocks.js";
import { type Counted, countBlock, countRange } from "./count.js";
import { merge, type Tally } from "./tally.js";

/** Lines that were read, or where they are to be read. */
export type Work = Uint8Array<ArrayBuffer> | Range;

/** What a thread is asked for: to count, or (`work` undefined) for what it has counted. */
export interface Order {
  readonly work: Work | undefined;
  readonly mostBad: number;
}

/** What it answers. */
export type Answer =
  | { readonly counted: Counted; readonly buffer?: ArrayBuffer }
  | { readonly tally: Tally };

// A thread takes as long to start as it takes to count this many bytes.
const countedHere = 8 << 20;
const waitingPerThread = 2;

interface Thread {
  readonly worker: Worker;
  /** Those who wait for an answer, in order. */
  readonly waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[];
}

export class Pool {
  readonly tally: Tally = new Map();
  /** Memory of blocks that were counted. */
  readonly spare: ArrayBuffer[] = [];
  readonly #size: number;
  readonly #mostBad: number;
  readonly #threads: Thread[] = [];
  readonly #isMuch: boolean;
  #begun = 0;
  #freed: (() => void) | undefined;

  /**
   * @param size how many threads; one: this one
   * @param mostBad how many bad lines are to be named
   * @param expected how many bytes there will be; undefined where that is not known
   */
  constructor(size: number, mostBad: number, expected: number | undefined) {
    this.#size = size;
    this.#isMuch = expected !== undefined && expected > countedHere;
    this.#mostBad = mostBad;
  }

  /** Has something counted. What this promises comes when it has begun, and is what will come of it. */
  async count(work: Work): Promise<() => Promise<Counted>> {
    const isBlock = work instanceof Uint8Array;
    this.#begun += isBlock ? work.length : work.to - work.from;
    if (this.#size === 1 || (!this.#isMuch && this.#begun <= countedHere)) {
      const counted = isBlock
        ? countBlock(work, this.tally, this.#mostBad)
        : countRange(work, this.tally, this.#mostBad);
      if (isBlock) this.spare.push(work.buffer);
      await otherTasks(); // Ctrl-C, and what is shown
      return async () => counted;
    }
    const thread = await this.#free();
    const answer = this.#ask(thread, work);
    const counted = answer.then((of) => {
      if (!("counted" in of)) throw new Error("a thread has answered what it was not asked");
      if (of.buffer !== undefined && this.spare.length < 2) this.spare.push(of.buffer);
      return of.counted;
    });
    counted.catch(() => {}); // whoever waits for it is told
    return () => counted;
  }

  /** Ends the threads, and has what all have counted. */
  async end(): Promise<Tally> {
    const answers = await Promise.all(this.#threads.map((thread) => this.#ask(thread, undefined)));
    for (const answer of answers) if ("tally" in answer) merge(this.tally, answer.tally);
    await this.stop();
    return this.tally;
  }

  /** Ends the threads at once. */
  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    this.#threads.length = 0;
  }

  async #free(): Promise<Thread> {
    for (;;) {
      const least = Math.min(...this.#threads.map(({ waiting }) => waiting.length));
      const idlest = this.#threads.find(({ waiting }) => waiting.length === least);
      if (idlest?.waiting.length === 0) return idlest;
      if (this.#threads.length < this.#size) return this.#start();
      if (idlest !== undefined && least < waitingPerThread) return idlest;
      await new Promise<void>((resolve) => {
        this.#freed = resolve;
      });
    }
  }

  #start(): Thread {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    const thread: Thread = { worker, waiting: [] };
    worker.on("message", (answer: Answer) => {
      thread.waiting.shift()?.resolve(answer);
      this.#freed?.();
    });
    worker.on("error", (error) => {
      for (const { reject } of thread.waiting.splice(0)) reject(error as Error);
      this.#freed?.();
    });
    this.#threads.push(thread);
    return thread;
  }

  #ask({ worker, waiting }: Thread, work: Work | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      const order: Order = { work, mostBad: this.#mostBad };
      worker.postMessage(order, work instanceof Uint8Array ? [work.buffer] : []);
    });
  }
}
