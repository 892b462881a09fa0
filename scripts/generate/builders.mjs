// ts/generated/builders.ts: functions that read an object of a model off the tape.
// The words of an object are told in src/tape/tape.hpp.

import { banner } from "./catalog.mjs";
import { shapes } from "./shapes.mjs";

const headerWords = 4;
const slotWords = 2;
const partsKind = 6;

const word = (offset) => `(w[at + ${offset}] as number)`;
const argument = (offset) => `w[at + ${offset}] as number`;
const place = (field) => headerWords + slotWords * field.slot;
const hex = (mask) => `0x${(mask >>> 0).toString(16)}`;
const bit = (field) => hex(1 << field.slot);

/** The expression that reads a member's value, not null and of its kind. */
function read(catalog, field) {
  const at = place(field);
  const child = () => catalog.model(field.object).name;
  switch (field.kind) {
    case "text":
      return `text(at + ${at})`;
    case "integer":
    case "count":
    case "number":
      return `(doubles[(at >> 1) + ${at / 2}] as number)`;
    case "boolean":
      return `${word(at)} === 1`;
    case "object":
      return `build${child()}(base + ${word(at)})`;
    case "objects":
      return `list${child()}(base + ${word(at)}, ${argument(at + 1)})`;
    case "integers":
    case "numbers":
      return `numberArray(base + ${word(at)}, ${argument(at + 1)})`;
    case "texts":
      return `textArray(base + ${word(at)}, ${argument(at + 1)})`;
    case "open":
      return `open(base + ${word(at)})`;
    case "content":
      return `(${word(at + 1)} & 7) === ${partsKind} ? list${child()}(base + ${word(at)}, ${word(at + 1)} >>> 3) : text(at + ${at})`;
    default:
      throw new Error(`no way to read a ${field.kind}`);
  }
}

function valueOrNull(catalog, field) {
  // Only sure members are typed without null, and only a failed decode leaves one of them null.
  const none = field.sure ? "none" : "null";
  return `nulls & ${bit(field)} ? ${none} : ${read(catalog, field)}`;
}

function literal(catalog, fields, extra) {
  const members = fields
    .map((field) => `        ${field.camel}: ${valueOrNull(catalog, field)},\n`)
    .join("");
  return `{\n${members}${extra ? "        extra: extras(base + first),\n" : ""}      }`;
}

function shapeCase(catalog, model, shape) {
  const words = shape.split(" ");
  const withExtra = words.at(-1) === "+extra";
  const names = withExtra ? words.slice(0, -1) : words;
  const fields = model.fields.filter((field) => names.includes(field.wire));
  if (fields.length !== names.length) return ""; // a member that the model no longer has
  const mask = fields.reduce((sum, field) => sum | (1 << field.slot), 0);
  const plain = `return ${literal(catalog, fields, false)};`;
  const head = `    case ${hex(mask)}:\n`;
  if (!withExtra) return `${head}      if (first !== 0) break;\n      ${plain}\n`;
  return `${head}      if (first !== 0) {
        return ${indented(literal(catalog, fields, true)).trimStart()};
      }
      ${plain}\n`;
}

function fastPath(catalog, model) {
  const cases = (shapes[model.id] ?? []).map((shape) => shapeCase(catalog, model, shape)).join("");
  if (cases === "") return "";
  const open = model.fields.some((field) => field.mayBeOpen);
  const choose = `  switch (present) {\n${cases}  }\n`;
  return open ? `  if ((nulls & ~present) === 0) {\n${indented(choose)}  }\n` : choose;
}

const indented = (text) => text.replace(/^(?=.)/gm, "  ");

function setMember(catalog, field) {
  if (field.derived) return `  if (present & ${bit(field)}) made.${field.camel} = true;\n`;
  const set = `  if (present & ${bit(field)}) made.${field.camel} = ${valueOrNull(catalog, field)};\n`;
  if (!field.mayBeOpen) return set;
  return `${set}  else if (nulls & ${bit(field)}) made.${field.camel} = open(base + ${word(place(field))});\n`;
}

function builder(catalog, model) {
  const members = model.fields.map((field) => setMember(catalog, field)).join("");
  const nulls = model.known.length > 0 ? "  const nulls = w[at + 1] as number;\n" : "";
  return `export function build${model.name}(at: number): ${model.name} {
  const w = words;
  const present = w[at] as number;
${nulls}  const first = w[at + 2] as number;
${fastPath(catalog, model)}  const made = {} as ${model.name};
${members}  if (first !== 0) made.extra = extras(base + first);
  return made;
}
`;
}

function lister(model) {
  return `function list${model.name}(first: number, count: number): ${model.name}[] {
  if (count === 1) return [build${model.name}(first)];
  const list: ${model.name}[] = new Array(count);
  for (let i = 0, at = first; i < count; ++i) {
    list[i] = build${model.name}(at);
    at = base + (words[at + 3] as number);
  }
  return list;
}
`;
}

export function buildersFiles(catalog) {
  const listed = new Set(
    catalog.merged.flatMap((model) =>
      model.fields
        .filter(({ kind }) => kind === "objects" || kind === "content")
        .map((field) => field.object),
    ),
  );
  const kinds = new Set(catalog.merged.flatMap((model) => model.fields.map((field) => field.kind)));
  const imports = ["base", "doubles", "extras", "openValue", "text", "words"];
  if (kinds.has("integers") || kinds.has("numbers")) imports.push("numberArray");
  if (kinds.has("texts")) imports.push("textArray");
  const bodies = catalog.merged.map(
    (model) => builder(catalog, model) + (listed.has(model.id) ? `\n${lister(model)}` : ""),
  );
  const text = `// ${banner}

// Objects read off the tape. \`at\` is the index in \`words\` of an object of the model.

import { ${imports.sort().join(", ")} } from "../core/tape.js";
import type {
${catalog.merged
  .map(({ name }) => `  ${name},\n`)
  .sort()
  .join("")}} from "./types.js";

// What stands where a member that is sure by type is null all the same: in the remains of a decode
// that failed.
const none = null as never;
const open = openValue as (at: number) => never;

${bodies.join("\n")}`;
  return [["ts/generated/builders.ts", text]];
}
