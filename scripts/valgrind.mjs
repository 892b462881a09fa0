// Runs the C++ tests under valgrind, which sees what sanitizers do not: values that were never set.
//
//   npm run valgrind              all tests; takes half an hour
//   npm run valgrind -- --quick   what `npm test` runs
import { basename } from "node:path";
import { setupOrExit } from "./setup.mjs";
import { cmakeBuild, filesUnder, main, run } from "./shell.mjs";

// Between them they reach all of the decoder, streams, partial JSON and structs.
const quick = ["cut_json_test", "structs_test", "encode_test", "stream_test"];
const long = "recorded streams*,a stream is what its events*,a stream to which something*"; // tests
const checks = [
  "-q",
  "--error-exitcode=9",
  "--leak-check=full",
  "--errors-for-leak-kinds=definite,possible",
];

await main(import.meta.url, async () => {
  await setupOrExit();
  await cmakeBuild("native", { target: "chatwire_tests", capture: true });
  const all = filesUnder("tests/native", /_test\.cpp$/).map((path) => basename(path, ".cpp"));
  const files = process.argv.includes("--quick") ? quick : all;
  for (const file of files) {
    console.log(file);
    await run([
      "valgrind",
      ...checks,
      "build/native/chatwire_tests",
      `--source-file=*/${file}.cpp`,
      ...(files === quick ? [`--test-case-exclude=${long}`] : []),
    ]);
  }
  console.log(`${files.length} files without errors`);
});
