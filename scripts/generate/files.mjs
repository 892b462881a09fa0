// Generated files on disk: written, or compared with what they should be.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** Folders in which every file (of these endings) is a generated one. */
const owned = [
  ["ts/generated", /\.ts$/],
  ["docs/models", /\.md$/],
  ["schemas", /\.json$/],
  ["src/structs/generated", /\.(hpp|cpp)$/],
];

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function filesUnder(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Files in owned folders that nothing generates any more. */
function orphans(root, files) {
  return owned
    .flatMap(([folder, ending]) =>
      filesUnder(join(root, folder)).filter((path) => ending.test(path)),
    )
    .map((path) => relative(root, path).split(sep).join("/"))
    .filter((path) => !files.has(path));
}

/** The paths, from the root of the project, of files that are not as they should be. */
export function staleFiles(root, files) {
  const changed = [...files]
    .filter(([path, text]) => textOf(join(root, path)) !== text)
    .map(([path]) => path);
  return [...changed, ...orphans(root, files)];
}

/** Makes the files on disk as they should be. */
export function writeFiles(root, files) {
  for (const path of staleFiles(root, files)) {
    const place = join(root, path);
    const text = files.get(path);
    if (text === undefined) {
      rmSync(place);
    } else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text);
    }
  }
}
