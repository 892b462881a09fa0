// The packed package inside the test runners of its users.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { root } from "../../scripts/shell.mjs";
import { outputOf } from "./processes.mjs";
import { filesOf, makeProject } from "./project.mjs";

const modules = join(root, "tests/package/bundlers/node_modules");
const tools = [
  ...["happy-dom", "jest", "jest-environment-jsdom", "jest-fixed-jsdom", "vitest"],
  "@babel/plugin-transform-modules-commonjs",
];

const jest = (...given) => [join(modules, "jest/bin/jest.js"), ...given];
const jestModules = (...given) => [
  "--experimental-vm-modules",
  ...jest("--config=jest.modules.json", ...given),
];
const vitest = (...given) => [join(modules, "vitest/vitest.mjs"), "run", ...given];

const runners = {
  "Jest, ES modules": jestModules(),
  "Jest, ES modules, jsdom": jestModules("--env=jest-fixed-jsdom"),
  "Jest, CommonJS by Babel": jest("--config=jest.common-js.json"),
  Vitest: vitest("vitest.test.mjs"),
  "Vitest, happy-dom": vitest("vitest.test.mjs", "--environment=happy-dom"),
};

const skip = !existsSync(modules) && "no test runners are installed: npm run test:package";

describe("test runners", { skip }, () => {
  let project;
  before(async () => {
    project = await makeProject(
      "test-runners",
      filesOf("runners"),
      tools.map((tool) => [modules, tool]),
    );
  });

  // Where the test inside fails, so does its runner.
  for (const [name, command] of Object.entries(runners))
    test(name, () => outputOf(project, process.execPath, ...command));
});
