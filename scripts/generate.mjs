// Writes everything that follows from the models: TypeScript, C++ structs, documents, schemas; and the
// references of the APIs, from the sources in ts and src/chatwire.
//
//   node scripts/generate.mjs [--check] [path of emit_models]
//
// Without a path, emit_models is built from the sources as they are, in build/native.
// --check writes nothing, names each file that is not up to date, and fails if there is one.

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { apiPageFiles } from "./generate/api-page.mjs";
import { buildersFiles } from "./generate/builders.mjs";
import { Catalog } from "./generate/catalog.mjs";
import { contractsFiles } from "./generate/contracts.mjs";
import { cppApiPageFiles } from "./generate/cpp-api-page.mjs";
import { dictionaryFiles } from "./generate/dictionary.mjs";
import { staleFiles, writeFiles } from "./generate/files.mjs";
import { issueCodesFiles } from "./generate/issue-codes.mjs";
import { limitsFiles } from "./generate/limits.mjs";
import { makersFiles } from "./generate/makers.mjs";
import { modelIdsFiles } from "./generate/model-ids.mjs";
import { modelPagesFiles } from "./generate/model-pages.mjs";
import { schemasFiles } from "./generate/schemas.mjs";
import { structsFiles } from "./generate/structs.mjs";
import { typesFiles } from "./generate/types.mjs";
import { vocabularyFiles } from "./generate/vocabulary.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputs = [
  typesFiles,
  contractsFiles,
  buildersFiles,
  modelIdsFiles,
  vocabularyFiles,
  issueCodesFiles,
  limitsFiles,
  makersFiles,
  structsFiles,
  modelPagesFiles,
  schemasFiles,
  dictionaryFiles,
  apiPageFiles,
  cppApiPageFiles,
];

function builtEmitter() {
  const run = (...args) => execFileSync("cmake", args, { cwd: root, encoding: "utf8" });
  run("--preset", "native");
  run("--build", "build/native", "--target", "emit_models");
  return join(root, "build/native/emit_models");
}

function readCatalog(program) {
  const printed = execFileSync(program, { encoding: "utf8", maxBuffer: 1 << 28 });
  return new Catalog(JSON.parse(printed));
}

const args = process.argv.slice(2);
const check = args.includes("--check");
const program = args.find((arg) => !arg.startsWith("--")) ?? builtEmitter();
const catalog = readCatalog(program);
const files = new Map();
for (const output of outputs) {
  // Some are made from files that were generated before them.
  for (const [path, text] of output(catalog, files)) files.set(path, text);
}

if (check) {
  const stale = staleFiles(root, files);
  for (const path of stale) console.error(`stale: ${path}`);
  if (stale.length > 0) process.exit(1);
} else {
  writeFiles(root, files);
}
