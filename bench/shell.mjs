// Running programs for measurements.
import { run } from "../scripts/shell.mjs";

/** What a command prints; where it fails, that is shown. */
export async function outputOf(commands) {
  try {
    return await commands;
  } catch (error) {
    console.error(error.output);
    throw error;
  }
}

/** What a program for Node prints. */
export const node = (...command) =>
  outputOf(run([process.execPath, ...command], { capture: true }));
