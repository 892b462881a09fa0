// Installs what chatwire is compared with, when it is needed first.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, root, run } from "../scripts/shell.mjs";

const marker = join(root, "bench/node_modules/.chatwire-lock");

/** Installs the npm packages that the lock file names, if it is not these that are installed. */
export async function installPeers() {
  const wanted = hashOf(["bench/package-lock.json"]);
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  console.error("Installing what chatwire is compared with");
  // No package here needs its install script, so none gets to run one. Some say that they want a newer
  // Node than this may be; whether they work is seen when their results are checked.
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(["npm", "ci", "--prefix", "bench", ...quietly]);
  writeFileSync(marker, wanted);
}

/** The versions of the packages that are compared. */
export function peerVersions() {
  const { dependencies } = JSON.parse(readFileSync(join(root, "bench/package.json"), "utf8"));
  return dependencies;
}
