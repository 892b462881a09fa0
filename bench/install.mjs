// Installs what chatwire is compared with, when it is needed first.
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { installLocked } from "../scripts/npm.mjs";
import { hasProgram, root, run } from "../scripts/shell.mjs";

/** Installs the npm packages that the lock file names, and chatwire beside them. */
export async function installPeers() {
  await installLocked("bench", "what chatwire is compared with");
  linkPackage();
}

/** Has chatwire imported as by whoever has installed it. */
function linkPackage() {
  const link = join(root, "bench/node_modules/chatwire");
  if (!existsSync(link)) symlinkSync(root, link, "dir");
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
