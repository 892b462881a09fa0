// What C++ and JavaScript say of the memory that both read: the same words, at the same places.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, name, value]) => [name, value]);

/** What stands between a beginning and the next end. */
function part(text, begin, end) {
  const from = text.indexOf(begin);
  assert.notEqual(from, -1, `there is no ${begin}`);
  return text.slice(from + begin.length, text.indexOf(end, from));
}

/** The value of a C++ constant: `1U << 4U`, `0xFF`, `4`. */
function constantOf(text, name) {
  const [, written] = new RegExp(`\\b${name} = ([^;]+);`).exec(text) ?? assert.fail(name);
  const [value, shift = 0] = written.replaceAll("U", "").split("<<").map(Number);
  return value * 2 ** shift;
}

const session = source("bindings/session.hpp");

test("the words of an outcome", () => {
  const fields = part(session, "struct outcome_words {", "}");
  const names = all(fields, /std::uint32_t (\w+)/g).map(([name]) => camel(name));
  const words = all(source("ts/core/tape.ts"), /const (\w+)Word = (\d+);/g);
  assert.deepEqual(
    words,
    names.map((name, at) => [name, String(at)]),
  );
});

test("the bits of options", () => {
  const options = part(session, "struct packed_options {", "};");
  const flags = all(options, /std::uint32_t (\w+) = 1U << \d+U;/g);
  const bits = all(source("ts/core/session.ts"), /const (\w+)Bit = (\w+);/g);
  assert.deepEqual(
    bits.map(([name, value]) => [name, Number(value)]),
    flags.map(([name]) => [camel(name), constantOf(options, name)]),
  );
});

test("the words of chunks, and the texts in which they differ", () => {
  const cpp = source("src/stream/stream.hpp");
  const js = source("ts/core/stream.ts");
  for (const name of ["is_model", "is_like", "like_shift", "word_mask"])
    assert.equal(constantOf(js, camel(name)), constantOf(cpp, name), name);
  assert.equal(constantOf(js, "broken"), constantOf(session, "stream_broken"));
  assert.equal(constantOf(cpp, "most_likes"), 4); // two bits say which
  const kinds = all(
    part(source("src/stream/likeness.hpp"), "enum class varying", "kinds_"),
    /^ +(\w+),/gm,
  );
  const bits = all(source("ts/core/like-chunks.ts"), /const (\w+)Bit = (\d+);/g);
  assert.deepEqual(
    bits,
    kinds.map(([name], at) => [camel(name), String(2 ** at)]),
  );
  for (const name of ["count_shift", "order_shift"])
    assert.equal(
      constantOf(source("ts/core/like-chunks.ts"), camel(name)),
      constantOf(cpp, `like_${name}`),
      name,
    );
});

test("how many issues are kept", () => {
  const most = constantOf(source("src/decode/issue_log.hpp"), "most");
  assert.equal(constantOf(source("ts/stream-decoder.ts"), "mostIssues"), most);
  assert.ok(source("docs/errors.md").includes(`up to ${most} of a body or a stream`));
});

test("the names that are kept from one tape to the next", () => {
  const cpp = source("src/tape/tape.hpp");
  const js = source("ts/core/open-value.ts");
  for (const name of ["name_count", "first_name", "longest_name", "name_bytes"])
    assert.equal(constantOf(js, camel(name)), constantOf(cpp, name), name);
});
