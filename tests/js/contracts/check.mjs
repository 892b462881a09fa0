// How tests decode documents and compare what comes of it.
import assert from "node:assert/strict";
import * as chatwire from "chatwire";
import { expected, madeId } from "./oracle.mjs";
import { print } from "./wire-text.mjs";

/** Decodes bytes or text as what a root is; under the contract `of`, or leniently. */
export function safely(of, root, input, options = {}) {
  const run = root === "completion" ? chatwire.safeDecode : chatwire.safeDecodeChunk;
  return run(input, { ...options, contract: of.name });
}

const key = ({ offset, path, code }) =>
  `${String(offset).padStart(9, "0")} ${JSON.stringify(path)} ${code}`;

/** Issues without their words, in a fixed order. */
export function plain(issues) {
  return issues
    .map(({ code, severity, path, offset }) => ({ code, severity, path, offset }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Puts ids that were made up where the expectation only says that there is one. */
function settle(wanted, actual) {
  if (typeof wanted !== "object" || wanted === null) return;
  for (const [name, value] of Object.entries(wanted)) {
    if (value === madeId) {
      if (madeId.test(actual?.[name])) wanted[name] = actual[name];
    } else {
      settle(value, actual?.[name]);
    }
  }
}

function pathText(path) {
  const step = (text, name) => (typeof name === "number" ? `[${name}]` : `${text && "."}${name}`);
  return path.reduce((text, name) => text + step(text, name), "");
}

// What is reported of a value that stands in the input; the rest is about what does not.
const ofValues = new Set([
  "NULL_VALUE",
  "BAD_VALUE",
  "BAD_TYPE",
  "NOT_INTEGER",
  "NEGATIVE_COUNT",
  "NUMBER_FROM_STRING",
  "ARGUMENTS_NOT_STRING",
]);

/** Asserts that an issue says where it is, and what stands there. */
function assertWords({ code, path, offset, message, expected, received }, bytes) {
  assert.ok(message.endsWith(` (byte ${offset})`), message);
  if (path.length > 0) assert.ok(message.startsWith(`${pathText(path)}: `), message);
  if (!ofValues.has(code) && code !== "MISSING") return;
  assert.ok(message.includes(`: expected ${expected}, received ${received}`), message);
  const there = Buffer.from(bytes).toString("utf8", offset);
  if (code === "MISSING") assert.equal(received, "nothing", message);
  else assert.ok(received.length > 0 && there.startsWith(received), message);
}

/** Asserts that encoding a value gives the document again. */
export function assertEncodes(of, value, document, note) {
  assert.deepEqual(JSON.parse(chatwire.encode(value, { contract: of.name })), document, note);
}

/**
 * Decodes a document and asserts that value and issues are those that the tables give.
 * @param issues the issues, where the test knows them better than the oracle
 */
export function assertDecodes(of, root, document, { note, issues } = {}) {
  const printed = print(document);
  const result = safely(of, root, printed.bytes);
  const wanted = expected(of, root, document, printed.offsetOf);
  const because = `${note ?? ""}\n${printed.text}`;
  assert.deepEqual(plain(result.issues), plain(issues ?? wanted.issues), because);
  const failures = result.issues.filter(({ severity }) => severity === "error");
  assert.equal(result.ok, failures.length === 0, because);
  for (const issue of result.issues) assertWords(issue, printed.bytes);
  const value = result.ok ? result.value : result.error.partial;
  settle(wanted.value, value);
  assert.deepEqual(value, wanted.value, because);
  if (result.ok) {
    assertEncodes(of, value, document, because);
  } else {
    const [first] = failures;
    assert.ok(result.error instanceof chatwire.DecodeError, because);
    assert.equal(result.error.code, first.code, because);
    assert.deepEqual(result.error.path, first.path, because);
    assert.equal(result.error.offset, first.offset, because);
  }
  return result;
}

/** Asserts that a document is taken for the provider's error. */
export function assertProviderError(of, root, document, note) {
  const result = safely(of, root, print(document).bytes);
  assert.equal(result.ok, false, note);
  assert.ok(result.error instanceof chatwire.ProviderError, note);
  assert.deepEqual(result.error.raw, document, note);
  return result.error;
}
