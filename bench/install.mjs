// Installs what chatwire is compared with, when it is needed first.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, hasProgram, root, run } from "../scripts/shell.mjs";

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

// C++ libraries, by the header that shows that they are there.
const libraries = {
  "/usr/include/simdjson.h": "libsimdjson-dev",
  "/usr/include/rapidjson/reader.h": "rapidjson-dev",
};

/** Installs Debian packages where that can be done; without them their rows say so. */
async function installPackages(packages) {
  const isRoot = process.getuid?.() === 0;
  if (packages.length === 0 || !hasProgram("apt-get") || !(isRoot || hasProgram("sudo"))) return;
  console.error(`Installing ${packages.join(" ")}`);
  const before = isRoot ? [] : ["sudo", "-n"]; // -n: fail rather than wait for a password
  const apt = [...before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"];
  try {
    await run([...apt, "update"], { capture: true });
    await run([...apt, "install", "--no-install-recommends", ...packages], { capture: true });
  } catch (error) {
    console.error(`${error.message}; rows that need these are left out`);
  }
}

/** Installs C++ libraries. */
export async function installLibraries() {
  const missing = Object.keys(libraries).filter((header) => !existsSync(header));
  await installPackages(missing.map((header) => libraries[header]));
}

/** Installs programs that read JSON. */
export async function installPrograms() {
  await installPackages(hasProgram("jq") ? [] : ["jq"]);
}

/** The versions of the packages that are compared. */
export function peerVersions() {
  const { dependencies } = JSON.parse(readFileSync(join(root, "bench/package.json"), "utf8"));
  return dependencies;
}
