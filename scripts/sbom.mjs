// Writes the software bill of materials of the npm package: npm run sbom. With --check it only compares.
//
// npm tells the dependencies, of which there must be none. What is compiled into the WebAssembly module
// is added: the parts of the toolchain, by the versions that are installed.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main, root, run } from "./shell.mjs";

const file = join(root, "sbom.cdx.json");

/** What the WebAssembly module has of others, and its licence. */
export function nativeParts() {
  const folder = execFileSync("em-config", ["EMSCRIPTEN_ROOT"], { encoding: "utf8" }).trim();
  const read = (path) => readFileSync(join(folder, path), "utf8");
  const libcxx = Number(
    /_LIBCPP_VERSION (\d+)/.exec(read("system/lib/libcxx/include/__config"))[1],
  );
  const llvm = `${Math.floor(libcxx / 1000)}.${Math.floor((libcxx % 1000) / 100)}.${libcxx % 100}`;
  const apache = "Apache-2.0 WITH LLVM-exception";
  return [
    [
      "emscripten",
      read("emscripten-version.txt").replace(/["\s]/g, ""),
      "MIT",
      "emscripten-core/emscripten",
    ],
    ["musl", read("system/lib/libc/musl/VERSION").trim(), "MIT"],
    ["libc++", llvm, apache, "llvm/llvm-project"],
    ["compiler-rt", llvm, apache, "llvm/llvm-project"],
  ].map(([name, version, licence, repository]) => ({
    "bom-ref": `${name}@${version}`,
    type: "library",
    name,
    version,
    scope: "required",
    purl: repository ? `pkg:github/${repository}@${version}` : `pkg:generic/${name}@${version}`,
    licenses: licence.includes(" ") ? [{ expression: licence }] : [{ license: { id: licence } }],
  }));
}

/** The bill of materials: always the same for the same package, so without times and random numbers. */
async function makeBill() {
  const command = [
    "npm",
    "sbom",
    "--sbom-format",
    "cyclonedx",
    "--omit",
    "dev",
    "--loglevel=error",
  ];
  const { serialNumber: _, ...bill } = JSON.parse(await run(command, { capture: true }));
  const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { component, lifecycles } = bill.metadata;
  const parts = nativeParts();
  bill.metadata = { lifecycles, component: { ...component, name } };
  bill.components.push(...parts);
  bill.dependencies[0].dependsOn.push(...parts.map((part) => part["bom-ref"]));
  return bill;
}

/** What must be the same: the rest depends on the version of npm. */
const essence = ({ components, dependencies, metadata: { component } }) =>
  JSON.stringify([component.name, component.version, components, dependencies]);

await main(import.meta.url, async () => {
  const bill = await makeBill();
  if (!process.argv.includes("--check"))
    return writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  if (essence(JSON.parse(readFileSync(file, "utf8"))) === essence(bill))
    return console.log("sbom.cdx.json is current");
  console.error("sbom.cdx.json is not what is in the package: npm run sbom");
  process.exitCode = 1;
});
