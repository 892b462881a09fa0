// On what was measured.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/shell.mjs";
import { peerVersions } from "./install.mjs";

function git(...command) {
  try {
    return execFileSync("git", command, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined; // not a clone
  }
}

const round = (number) => Math.round(number * 100) / 100;

/** How busy the machine is: the load of the last minute. */
export const load = () => round(loadavg()[0]);

export function environment() {
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    chatwire: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
    commit: git("rev-parse", "HEAD"),
    changed: git("status", "--porcelain", "--", "src", "bindings", "ts") !== "",
    peers: peerVersions(),
    load: { before: load() },
  };
}
