// Packages of npm, where a lock file names them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, root, run } from "./shell.mjs";

/**
 * Installs the packages that the lock file of a folder names, if it is not these that are installed.
 * Returns whether it was not. None gets to run an install script: no package here needs one.
 */
export async function installLocked(folder, about) {
  const marker = join(root, folder, "node_modules/.chatwire-lock");
  const wanted = hashOf([join(folder, "package-lock.json")]);
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return false;
  console.error(`Installing ${about}`);
  // Some say that they want a newer Node than this may be; whether they work is seen when they are used.
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(["npm", "ci", "--include=dev", "--prefix", folder, ...quietly]);
  writeFileSync(marker, wanted);
  return true;
}
