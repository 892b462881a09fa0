#!/usr/bin/env node
// The command line: finds the command, runs it, ends with its status.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Command, commands, type Invocation } from "./commands.js";
import { exitCodes, InputError, UsageError } from "./failures.js";
import { help, helpOf } from "./help.js";
import { packageFolder } from "./package.js";
import { complain } from "./terminal.js";

// Whoever reads the output, such as head, may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

function version(): string {
  const file = new URL("package.json", packageFolder);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function find(name: string): Command {
  const command = commands.find((of) => of.name === name);
  if (command !== undefined) return command;
  throw new UsageError(
    `there is no command "${name}"; there are ${commands.map((of) => of.name).join(", ")}`,
  );
}

/** The options of a command line; undefined: help was asked for. */
function parse(command: Command, args: string[]): Invocation | undefined {
  const options = { ...command.options, help: { type: "boolean", short: "h" } as const };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify .*/s, ""));
  }
  const values = parsed.values as Invocation["options"];
  const { help: isHelp } = values;
  if (isHelp) return undefined;
  for (const [name, { among }] of Object.entries(command.options)) {
    const value = values[name];
    if (typeof value === "string" && among?.includes(value) === false)
      throw new UsageError(`--${name} takes ${among.join(", ")}; not "${value}"`);
  }
  const { positionals: files } = parsed;
  const [least, most] = command.count;
  if (files.length < least) throw new UsageError(`${command.name} takes ${command.takes}`);
  if (files.length > most)
    throw new UsageError(`${command.name} takes no more than ${command.takes}`);
  const conflict = command.alone?.filter((name) => values[name]) ?? [];
  if (conflict.length > 1)
    throw new UsageError(`${conflict.map((of) => `--${of}`).join(" and ")} exclude each other`);
  if (files.filter((file) => file === "-").length > 1)
    throw new UsageError("standard input can be read once");
  return { files, options: values };
}

async function start(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version") {
    process.stdout.write(`${version()}\n`);
    return exitCodes.ok;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const [about] = rest;
    process.stdout.write(name === "help" && about !== undefined ? helpOf(find(about)) : help());
    return exitCodes.ok;
  }
  if (name === undefined) throw new UsageError("a command is missing");
  if (name.startsWith("-")) throw new UsageError(`there is no option ${name} before a command`);
  const command = find(name);
  const invocation = parse(command, rest);
  if (invocation === undefined) {
    process.stdout.write(helpOf(command));
    return exitCodes.ok;
  }
  return (await command.load()).run(invocation);
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof InputError)) throw error;
  complain(error.message);
  if (error instanceof UsageError) process.stderr.write('See "chatwire --help".\n');
  process.exitCode = exitCodes.trouble;
}
