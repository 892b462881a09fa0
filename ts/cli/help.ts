// What --help says. docs/command-line.md has the same, which a test compares.
import { type Command, commands, type Option } from "./commands.js";

const width = 80;
const general: { readonly [name: string]: Option } = {
  help: { type: "boolean", short: "h", about: "Show this." },
};
const exits = [
  ["0", "All is well."],
  ["1", "Something was found: errors, or what cannot be decoded."],
  ["2", "The command line is wrong, or a file cannot be read."],
  ["130", "Interrupted. What had come is shown."],
] as const;

function wrap(text: string, margin: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1] as string;
    if (last !== "" && margin + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join(`\n${" ".repeat(margin)}`);
}

function rows(all: readonly (readonly [name: string, about: string])[]): string {
  const margin = Math.max(...all.map(([name]) => name.length)) + 4;
  return all
    .map(([name, about]) => `  ${name.padEnd(margin - 2)}${wrap(about, margin)}\n`)
    .join("");
}

function optionRows(options: { readonly [name: string]: Option }): string {
  return rows(
    Object.entries(options).map(([name, { short, value, about }]) => [
      `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
      about,
    ]),
  );
}

const examples = (all: readonly string[]) => `Examples:\n${all.map((of) => `  ${of}\n`).join("")}`;

/** The help of a command. */
export function helpOf({ name, takes, about, details, options, examples: shown }: Command): string {
  return [
    `Usage: chatwire ${name} [options] ${takes}\n`,
    `${[about, ...details].map((text) => `${wrap(text, 0)}\n`).join("\n")}`,
    `Options:\n${optionRows({ ...options, ...general })}`,
    examples(shown),
  ].join("\n");
}

/** The help of the whole. */
export function help(): string {
  return [
    "Usage: chatwire COMMAND [options] ...\n",
    `${wrap("Reads what OpenAI-compatible servers answer: bodies, streams and logs of them.", 0)}\n`,
    `Commands:\n${rows(commands.map(({ name, about }) => [name, about]))}`,
    `Options:\n${optionRows({ ...general, version: { type: "boolean", about: "Show the version." } })}`,
    `${wrap('"-" is standard input. Files may be compressed: gzip, zstd (Node 22.15 and later), and brotli where their names end in ".br".', 0)}\n`,
    `Exit status:\n${rows(exits)}`,
    examples(commands.map(({ examples: [first] }) => first as string)),
    '"chatwire COMMAND --help" tells about a command.\n',
  ].join("\n");
}
