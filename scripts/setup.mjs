// Makes the machine ready to build and test: npm run setup. Does nothing, in well under a second,
// where nothing is missing. No dependencies: it runs before there are any.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installLocked } from "./npm.mjs";
import { hasProgram, main, run } from "./shell.mjs";

// Programs and headers, and the package of Debian and Ubuntu that each comes with.
const programs = {
  cmake: "cmake",
  ninja: "ninja-build",
  "g++": "g++",
  "clang++": "clang",
  "clang-format": "clang-format",
  "clang-tidy": "clang-tidy",
  "em++": "emscripten",
  valgrind: "valgrind",
};
const headers = {
  "nlohmann/json.hpp": "nlohmann-json3-dev",
  "fast_float/fast_float.h": "libfast-float-dev",
  "doctest/doctest.h": "doctest-dev",
};
const minimumClang = 14;

/** A problem whose message is all that the user needs. */
export class SetupError extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `chatwire is built with Node 20.19 or later; this is ${process.version}.\n` +
      "Install a current one, for example from https://nodejs.org, and run this again.",
  );
}

function hasHeader(name) {
  const folders = [
    "/usr/include",
    "/usr/local/include",
    ...(process.env.CPATH ?? "").split(delimiter),
  ];
  return folders.some((folder) => folder !== "" && existsSync(join(folder, name)));
}

/** The runtime of clang's sanitizers and of libFuzzer, which some distributions package apart. */
function hasSanitizers() {
  const resources = execFileSync("clang++", ["-print-resource-dir"], { encoding: "utf8" }).trim();
  const folder = join(resources, "lib/linux");
  const libraries = existsSync(folder) ? readdirSync(folder) : [];
  return [".asan", ".fuzzer"].every((part) => libraries.some((name) => name.includes(part)));
}

function missingPackages() {
  const missing = [
    ...Object.entries(programs).filter(([program]) => !hasProgram(program)),
    ...Object.entries(headers).filter(([header]) => !hasHeader(header)),
  ].map(([, name]) => name);
  if (hasProgram("clang++") && !hasSanitizers()) missing.push("libclang-rt-dev");
  return missing;
}

function checkClang() {
  const version = execFileSync("clang++", ["-dumpversion"], { encoding: "utf8" }).trim();
  if (Number.parseInt(version, 10) >= minimumClang) return;
  throw new SetupError(`clang++ ${minimumClang} or later is needed; this is ${version}.`);
}

async function install(packages) {
  const apt = ["apt-get", "-q", "-y"];
  const commands = [
    [...apt, "update"],
    [...apt, "install", "--no-install-recommends", ...packages],
  ];
  const help =
    `These packages are missing: ${packages.join(" ")}\nInstall them, then run this again:\n` +
    "  sudo apt-get update && " +
    `sudo apt-get install -y --no-install-recommends ${packages.join(" ")}`;

  const isRoot = process.getuid?.() === 0;
  if (!hasProgram("apt-get") || !(isRoot || hasProgram("sudo"))) throw new SetupError(help);
  console.log(`Installing ${packages.join(" ")}`);
  const before = isRoot ? [] : ["sudo", "-n"]; // -n: fail rather than wait for a password
  try {
    for (const command of commands)
      await run([...before, "env", "DEBIAN_FRONTEND=noninteractive", ...command]);
  } catch (error) {
    throw new SetupError(`${error.message}\n${help}`);
  }
}

/** Installs what is missing. Returns whether anything was. */
async function installPackages() {
  let isChanged = false;
  // Twice: what clang's own package leaves out shows only once it is there.
  for (let round = 0; round < 2; round++) {
    const missing = missingPackages();
    if (missing.length === 0) break;
    await install(missing);
    isChanged = true;
  }
  const missing = missingPackages();
  if (missing.length > 0) throw new SetupError(`Still missing: ${missing.join(" ")}`);
  checkClang();
  return isChanged;
}

/** Installs a browser. Without it the tests in it are left out. */
export async function installBrowser(program) {
  if (hasProgram(program)) return;
  try {
    await install([program]);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(`${error.message}\nWithout ${program} the tests in it are left out.`);
  }
}

export async function setup() {
  checkNode();
  const hasNewPackages = await installPackages();
  const hasNewModules = await installLocked(".", "npm packages");
  // Not on every run, for it may be that it cannot be had.
  if (hasNewPackages || hasNewModules) await installBrowser("chromium");
}

/** Runs `setup`; tells what is wrong in plain words and ends the program if it fails. */
export async function setupOrExit() {
  try {
    await setup();
  } catch (error) {
    console.error(`\n${error instanceof SetupError ? error.message : error.stack}`);
    process.exit(1);
  }
}

await main(import.meta.url, setupOrExit);
