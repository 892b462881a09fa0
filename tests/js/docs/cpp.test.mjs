// The C++ of the documents is compiled, as one program, and prints what it says; their CMake files
// configure a project, and build it, against the installed library.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkedBlocks, nameOf, root, unprinted, workFolder } from "./blocks.mjs";

const native = join(root, "build/native");
const folder = workFolder("cpp");
const prefix = join(folder, "prefix");
const run = (program, ...args) =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

before(() => run("cmake", "--install", native, "--prefix", prefix));
after(() => rmSync(folder, { recursive: true }));

const blocks = checkedBlocks("cpp");
const printing = /std::(cout|cerr|puts|printf)\b.*;|std::print(ln)?\(/;

// What examples take for given.
const given = `
#include <chatwire/chatwire.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>
struct connection_type {
  std::vector<std::string> reads{
    R"(data: {"choices":[{"index":0,"delta":{"conte)",
    "nt\\":\\"Hi!\\"},\\"finish_reason\\":\\"stop\\"}]}\\n\\ndata: [DONE]\\n\\n"};
  std::size_t at = 0;
  std::optional<std::string> read() {
    if (at == reads.size()) return std::nullopt;
    return reads[at++];
  }
};
template <class T> void show(const T&) {}
template <class T> void use(const T&) {}
inline int report(const std::string& message) { std::cerr << message; return 1; }
const std::string body =
    R"({"id":"c-1","choices":[{"index":0,"message":{"content":"Hi!"},"finish_reason":"stop"}]})";
`;

const objects = `
  [[maybe_unused]] connection_type connection;
  [[maybe_unused]] chatwire::message message;
`;

/** A block as a function of its own, in a namespace of its own. */
function functionOf({ code }, n) {
  const rest = code.replace(/^#include .*$/gm, "");
  const isProgram = /\bint main\(/.test(rest);
  const own = isProgram
    ? rest.replace(/\bint main\([^)]*\)/, "int example()").replace(/}\s*$/, "  return 0;\n}\n")
    : `int example() {\n${objects}{\n${rest}\n}\nreturn 0;\n}\n`;
  return `namespace block_${n} {\n${own}}\n`;
}

describe("C++", () => {
  let printed;
  before(() => {
    const includes = new Set(blocks.flatMap(({ code }) => code.match(/^#include .*$/gm) ?? []));
    const calls = blocks.map((_, n) => `  std::cout << "\\n=${n}\\n"; block_${n}::example();\n`);
    const source = `${[...includes].join("\n")}${given}${blocks.map(functionOf).join("")}
int main() {\n${calls.join("")}  std::cout.flush();\n}\n`;
    writeFileSync(join(folder, "examples.cpp"), source);
    const program = join(folder, "examples");
    const output = ["-o", program, join(folder, "examples.cpp")];
    const flags = ["-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable"];
    run("g++", ...flags, `-I${prefix}/include`, ...output, join(native, "libchatwire.a"));
    printed = run(program)
      .split(/^=\d+$/m)
      .slice(1);
  });
  for (const [n, block] of blocks.entries())
    test(nameOf(block), () => {
      const lines = printed[n].split("\n");
      const missing = unprinted(block.code, lines, printing);
      assert.equal(missing, undefined, `is not printed. What is:\n${printed[n]}`);
    });
});

describe("CMake", () => {
  const main = blocks.find(({ code }) => /\bint main\(/.test(code)).code;
  for (const [n, block] of checkedBlocks("cmake").entries())
    test(nameOf(block), () => {
      const project = workFolder(`cpp/project-${n}`);
      const isWhole = block.code.includes("project(");
      const head = `cmake_minimum_required(VERSION 3.22)
project(app LANGUAGES CXX)
add_executable(app main.cpp)
`;
      writeFileSync(join(project, "CMakeLists.txt"), isWhole ? block.code : head + block.code);
      writeFileSync(join(project, "main.cpp"), main);
      const build = join(project, "build");
      run("cmake", "-S", project, "-B", build, "-G", "Ninja", `-DCMAKE_PREFIX_PATH=${prefix}`);
      if (isWhole) run("cmake", "--build", build);
    });
});
