// Lists what is decoded, or writes it to files, for programs that are not JavaScript and for people:
//
//   node bench/payloads/write.mjs [FOLDER]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bodies, bodyClasses } from "./bodies.mjs";
import { byteLength } from "./parts.mjs";
import { streamClasses, streams } from "./streams.mjs";

const [folder] = process.argv.slice(2);
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function tell(group, className, { about }, size) {
  const kilobytes = (size / 1000).toFixed(1).padStart(7);
  console.log(`${`${group}/${className}`.padEnd(24)} ${kilobytes} KB  ${about}`);
}

/** Each file of a class in a folder of the class, by the number of its variant. */
function write(group, className, contents, extension) {
  if (folder === undefined) return;
  const path = join(folder, group, className);
  mkdirSync(path, { recursive: true });
  contents.forEach((content, variant) => {
    writeFileSync(join(path, `${String(variant).padStart(2, "0")}.${extension}`), content);
  });
}

for (const [className, of] of Object.entries(bodyClasses)) {
  const made = bodies(className);
  tell("body", className, of, mean(made.map(byteLength)));
  write("body", className, made, "json");
}
for (const [className, of] of Object.entries(streamClasses)) {
  const made = streams(className);
  tell("stream", className, of, mean(made.map(({ reads }) => Buffer.concat(reads).length)));
  // Reads are told apart by their lengths, in a line before them all.
  const packed = made.map(({ reads }) =>
    Buffer.concat([Buffer.from(`${reads.map(({ length }) => length).join(" ")}\n`), ...reads]),
  );
  write("stream", className, packed, "reads");
}
