// chatwire schema: the JSON Schemas that lie in the package.
import { readdirSync, readFileSync } from "node:fs";
import type { Invocation } from "../commands.js";
import { exitCodes, UsageError } from "../failures.js";
import { packageFolder } from "../package.js";

const folder = new URL("schemas/", packageFolder);

export function run({ files: [name] }: Invocation): number {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length));
  if (name === undefined) {
    process.stdout.write(`${names.join("\n")}\n`);
    return exitCodes.ok;
  }
  const wanted = name.includes(".") ? name : `${name}.completion`;
  if (!names.includes(wanted))
    throw new UsageError(`there is no schema "${name}"; there are ${names.join(", ")}`);
  process.stdout.write(readFileSync(new URL(`${wanted}.json`, folder)));
  return exitCodes.ok;
}
