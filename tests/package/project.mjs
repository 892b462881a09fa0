// Projects that have installed chatwire as its users do: packed, from the tarball.
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { filesUnder, root, run } from "../../scripts/shell.mjs";

const folder = join(root, "build/package");
export const tarball = join(folder, "chatwire.tgz");
const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** Packs dist/, as it is published. */
export async function pack() {
  mkdirSync(folder, { recursive: true });
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const command = ["npm", "pack", "--ignore-scripts", "--pack-destination", folder];
  await run(command, { capture: true });
  renameSync(join(folder, `${name}-${version}.tgz`), tarball);
}

/** Writes what conformance.mjs is given: the samples, and what must come of them. */
export async function writeConformance() {
  const paths = filesUnder("examples/samples", /\.(json|sse|ndjson)$/);
  const samples = paths.map((path) => [basename(path), readFileSync(join(root, path), "utf8")]);
  const write = (expected) =>
    writeFileSync(
      join(folder, "data.mjs"),
      `export const samples = ${JSON.stringify(Object.fromEntries(samples))};\n` +
        `export const expected = ${JSON.stringify(expected)};\n`,
    );
  const conformance = join(folder, "conformance.mjs");
  cpSync(join(root, "tests/package/conformance.mjs"), conformance);
  write({});
  const { results } = await import(pathToFileURL(conformance).href);
  write(await results(await import("../../build/modules/index.js")));
}

/** Files of the repository as `makeProject` takes them, named from one of its folders. */
export function repositoryFiles(from, paths) {
  return Object.fromEntries(
    paths.map((path) => [relative(from, path), readFileSync(join(root, path), "utf8")]),
  );
}

/** The files of a folder beside this one. */
export function filesOf(name) {
  const from = join("tests/package", name);
  return repositoryFiles(from, filesUnder(from, /./));
}

/**
 * Makes a project in which chatwire is installed, and nothing else.
 * @param name of its folder
 * @param files what is in it besides conformance.mjs: texts by name
 * @param tools packages that are installed in it, too: where their folders are, and their names
 * @returns its folder
 */
export async function makeProject(name, files = {}, tools = []) {
  const project = join(folder, name);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name, private: true, type: "module" }),
  );
  for (const file of ["conformance.mjs", "data.mjs"])
    cpSync(join(folder, file), join(project, file));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  await run(["npm", "install", "--offline", "--prefix", project, ...quietly, tarball], {
    capture: true,
  });
  for (const [from, tool] of tools) {
    const link = join(project, "node_modules", tool);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(from, tool), link, "dir");
  }
  return project;
}
