// A project as its readers have one: with the package, and the files that documents name.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { documents, root } from "./blocks.mjs";

export const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const samples = join(root, "examples/samples");
const sample = (name) => readFileSync(join(samples, name), "utf8");

/** A log, as a batch job writes it. */
const quirky = `{"id":"c-2","model":"local/hermes-3","choices":[{"message":{"content":"4"},"finish_reason":"eos"}],"usage":{"prompt_tokens":"5","completion_tokens":"2"}}`;
const batch = [
  { response: { status_code: 200, body: JSON.parse(sample("plain.json")) } },
  { response: { status_code: 200, body: JSON.parse(quirky) } },
  { response: { status_code: 429, body: { error: { message: "Slow down", code: 429 } } } },
]
  .map((answer, n) => `${JSON.stringify({ custom_id: `r-${n + 1}`, ...answer })}\n`)
  .join("");

/** The files that documents tell to save. */
const saved = documents.flatMap(({ text }) =>
  [...text.matchAll(/Save this as `([\w.-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
    ([, name, code]) => [name, code],
  ),
);

/** Makes the project. Returns its folder. */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), "chatwire-docs-"));
  const bin = join(folder, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "logs"));
  for (const name of ["quirks.json", "chat.sse"])
    copyFileSync(join(samples, name), join(folder, name));
  const files = {
    "package.json": '{"name":"app","private":true}',
    "answer.json": sample("plain.json"),
    "recorded.sse": sample("chat.sse"),
    "request.json": '{"model":"gpt-4o-mini","stream":true,"messages":[]}',
    "batch_output.jsonl": batch,
    "batch_output.jsonl.gz": gzipSync(batch),
    "logs/a.jsonl.gz": gzipSync(batch),
    ...Object.fromEntries(saved),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  symlinkSync(root, join(folder, "node_modules/chatwire"));
  symlinkSync(join(root, packageJson.bin.chatwire), join(bin, "chatwire"));
  return folder;
}
