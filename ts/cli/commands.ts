// The commands: what each takes, and what its help says.
import { contractNames } from "../generated/contracts.js";

/** What files can be taken for. */
export const fileKinds = ["body", "stream", "log"] as const;
export type FileKind = (typeof fileKinds)[number];

/** What answers can be converted to. */
export const directions = ["camel", "wire"] as const;
export type Direction = (typeof directions)[number];

/** An option of a command. */
export interface Option {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What the help calls its value. */
  readonly value?: string;
  readonly about: string;
  /** The values that it may have; any, where there are none. */
  readonly among?: readonly string[];
}

/** A command as it is called. */
export interface Invocation {
  readonly files: readonly string[];
  readonly options: { readonly [name: string]: string | boolean | undefined };
}

export interface Command {
  readonly name: string;
  readonly takes: string;
  /** How many arguments it may have. */
  readonly count: readonly [least: number, most: number];
  readonly about: string;
  readonly details: readonly string[];
  readonly options: { readonly [name: string]: Option };
  /** Options that exclude each other. */
  readonly alone?: readonly string[];
  readonly examples: readonly string[];
  /** What it does. Gives the status to end with. */
  readonly load: () => Promise<{ run: (invocation: Invocation) => number | Promise<number> }>;
}

const contract: Option = {
  type: "string",
  value: "NAME",
  about: `Check against a contract: ${contractNames.join(", ")}.`,
  among: contractNames,
};
const any = Number.POSITIVE_INFINITY;

export const commands: readonly Command[] = [
  {
    name: "decode",
    takes: "FILE|- ...",
    count: [1, any],
    about: "Decode bodies, streams and logs, and show the typed objects.",
    details: [
      "A stream is put together to the completion that it amounts to. Of a log, each line is decoded, bare or wrapped as stats reads it. What is odd is listed below the object; with --json, on standard error. Long texts and lists are cut, but not with --json.",
      "Ends with 1 where something cannot be decoded. What was decoded before that is shown.",
    ],
    options: {
      contract,
      json: { type: "boolean", about: "Print objects as JSON, with nothing left out." },
    },
    examples: [
      "chatwire decode answer.json",
      "chatwire decode answer.json --contract openai",
      "curl -s $URL -d @request.json | chatwire decode - --json",
    ],
    load: () => import("./commands/decode.js"),
  },
  {
    name: "stream",
    takes: "FILE|-",
    count: [1, 1],
    about: "Show a stream as it comes, then its completion, usage and timing.",
    details: [
      "Reads server-sent events, lines of JSON, or a whole body. Ends with 1 where the stream breaks off or fails; what came before is shown.",
    ],
    options: {
      contract,
      text: { type: "boolean", about: "Print the text of the first choice, and nothing else." },
      json: { type: "boolean", about: "Print events as JSON, one a line." },
      replay: { type: "boolean", about: "Play a file at the pace of a server." },
    },
    alone: ["text", "json"],
    examples: [
      "curl -sN $URL -d @request.json | chatwire stream -",
      "chatwire stream recorded.sse --replay",
      "chatwire stream recorded.sse --text > answer.md",
    ],
    load: () => import("./commands/stream.js"),
  },
  {
    name: "check",
    takes: "FILE|- ...",
    count: [1, any],
    about: "List issues of bodies, streams and logs, as FILE:LINE:COLUMN: SEVERITY: ... [CODE].",
    details: [
      "Without a contract it tells what would be repaired, and what cannot be decoded. Columns are counted in characters. A stream is checked up to the first event that is wrong. A log has one answer a line, bare or wrapped as stats reads it.",
      "Ends with 1 where there are errors. Issues are on standard output, their number on standard error.",
    ],
    options: {
      contract,
      as: {
        type: "string",
        value: "KIND",
        about: `Take the files for this: ${fileKinds.join(", ")}. Without it their first bytes tell.`,
        among: fileKinds,
      },
      json: { type: "boolean", about: "Print issues as JSON, one a line." },
    },
    examples: [
      "chatwire check answer.json --contract openai",
      "chatwire check logs/*.jsonl --contract groq > issues.txt",
      "chatwire check recorded.sse --json | jq .code | sort | uniq -c",
    ],
    load: () => import("./commands/check.js"),
  },
  {
    name: "stats",
    takes: "FILE|- ...",
    count: [1, any],
    about: "Count the answers in logs: by model, tokens, finish reasons, errors, issues.",
    details: [
      "A log has one answer a line: a completion, a line of a batch's output (response.body), or what a logger puts around it: response, body, completion, chat_completion, output, data, payload, res, raw_response, response_body, one inside the other, as JSON or as a string of it.",
      "Lines that are neither a completion nor an error of the provider are counted as bad, and named on standard error as FILE:LINE. They are no failure: the status is 0. Logs of any length take the same memory.",
    ],
    options: {
      json: { type: "boolean", about: "Print JSON." },
      csv: { type: "boolean", about: "Print CSV: a row for each model." },
      bad: {
        type: "string",
        value: "N",
        about: "How many bad lines to name; 20 where it is not given.",
      },
      threads: {
        type: "string",
        value: "N",
        about: "How many threads; else as many as cores, where there is enough to count.",
      },
    },
    alone: ["json", "csv"],
    examples: [
      "chatwire stats batch_output.jsonl",
      "chatwire stats logs/*.jsonl.gz --csv > usage.csv",
      "zstd -dc big.jsonl.zst | chatwire stats - --json",
    ],
    load: () => import("./commands/stats.js"),
  },
  {
    name: "convert",
    takes: "FILE|- ...",
    count: [1, any],
    about: "Convert answers to camelCase JSON, one a line, and back to what travels.",
    details: [
      "A log is converted line by line: what is around its answers stays, and so do lines that hold none. A body becomes one line, a stream a line for each chunk. Both ways together give the same JSON again.",
      "A line that cannot be converted without a loss is left as it is and named on standard error, and the status is 1. Lines with errors of the provider are left, too, but not named.",
    ],
    options: {
      to: {
        type: "string",
        value: "FORM",
        about: "camel, which is meant where it is not given, or wire.",
        among: directions,
      },
    },
    examples: [
      "chatwire convert batch_output.jsonl > camel.jsonl",
      "chatwire convert --to wire camel.jsonl > batch_output.jsonl",
      "chatwire convert recorded.sse | jq -r '.choices[0].delta.content // empty'",
    ],
    load: () => import("./commands/convert.js"),
  },
  {
    name: "schema",
    takes: "[NAME]",
    count: [0, 1],
    about: "Print the JSON Schema of a contract; without a name, list them.",
    details: [
      "NAME is a contract, whose completion is meant, or one of its parts, such as openai.chunk.",
    ],
    options: {},
    examples: ["chatwire schema openai > completion.schema.json", "chatwire schema groq.chunk"],
    load: () => import("./commands/schema.js"),
  },
];
