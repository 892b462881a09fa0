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
      return `(openValue(base + ${word(at)}) as never)`;
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

function literal(catalog, fields) {
  const members = fields.map(
    (field) => `        ${field.camel}: ${valueOrNull(catalog, field)},\n`,
  );
  return `{\n${members.join("")}      }`;
}

function shapeCase(catalog, model, shape) {
  const names = shape.split(" ");
  const fields = model.fields.filter((field) => names.includes(field.wire));
  if (fields.length !== names.length) {
    throw new Error(`${model.id} has not all of these members: ${shape}`);
  }
  const mask = fields.reduce((sum, field) => sum | (1 << field.slot), 0);
  return `    case ${hex(mask)}:
      made = ${literal(catalog, fields)};
      break;
`;
}

/** The builder of a hot model: literals for its commonest shapes, the table for all others. */
function hotBuilder(catalog, model) {
  const table = `return byTable("${model.id}", at) as ${model.name};`;
  const cases = shapes[model.id].map((shape) => shapeCase(catalog, model, shape));
  const open = model.fields.some((field) => field.mayBeOpen)
    ? `  if ((nulls & ~present) !== 0) ${table}\n`
    : "";
  return `export function build${model.name}(at: number): ${model.name} {
  const w = words;
  const present = w[at] as number;
  const nulls = w[at + 1] as number;
${open}  let made: ${model.name};
  switch (present) {
${cases.join("")}    default:
      ${table}
  }
  const first = w[at + 2] as number;
  if (first !== 0) made.extra = extras(base + first);
  return made;
}
`;
}

function coldBuilder(model) {
  return `export const build${model.name} = (at: number): ${model.name} =>
  byTable("${model.id}", at) as ${model.name};
`;
}

const byTable = `/** An object of any model, member by member. */
function byTable(id: ModelId, at: number): object {
  const w = words;
  const present = w[at] as number;
  const nulls = w[at + 1] as number;
  const made: Record<string, unknown> = {};
  const all = members(id);
  for (let left = present | nulls; left !== 0; left &= left - 1) {
    const slot = 31 - Math.clz32(left & -left);
    const { name, kind, child } = all[slot] as Member;
    const word = at + 4 + 2 * slot;
    const bit = 1 << slot;
    if ((present & bit) === 0) made[name] = openValue(base + (w[word] as number));
    else made[name] = nulls & bit ? null : memberValue(kind, child, word);
  }
  const first = w[at + 2] as number;
  if (first !== 0) made["extra"] = extras(base + first);
  return made;
}

function memberValue(kind: Kind, child: ModelId, word: number): unknown {
  const first = words[word] as number;
  const count = words[word + 1] as number;
  switch (kind) {
    case "n":
      return doubles[word >> 1];
    case "b":
    case "f":
      return first === 1;
    case "o":
      return objectAt(child, base + first);
    case "l":
      return objectsAt(child, base + first, count);
    case "c":
      return (count & 7) === 6 ? objectsAt(child, base + first, count >>> 3) : text(word);
    case "a":
      return numberArray(base + first, count);
    case "s":
      return textArray(base + first, count);
    case "j":
      return openValue(base + first);
    default:
      return text(word);
  }
}

function objectAt(id: ModelId, at: number): object {
  const build = hot[id];
  return build === undefined ? byTable(id, at) : build(at);
}

function objectsAt(id: ModelId, first: number, count: number): object[] {
  const list: object[] = [];
  for (let at = first; list.length < count; at = base + (words[at + 3] as number)) {
    list.push(objectAt(id, at));
  }
  return list;
}
`;

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
  const hot = catalog.merged.filter((model) => model.id in shapes);
  const bodies = catalog.merged.map((model) =>
    hot.includes(model) ? hotBuilder(catalog, model) : coldBuilder(model),
  );
  const code = bodies.join("\n");
  const lists = catalog.merged.filter((model) => code.includes(`list${model.name}(`)).map(lister);
  const text = `// ${banner}

// Objects read off the tape. \`at\` is the index in \`words\` of an object of the model.

import {
  base,
  doubles,
  extras,
  numberArray,
  openValue,
  text,
  textArray,
  words,
} from "../core/tape.js";
import type {
${catalog.merged
  .map(({ name }) => `  ${name},\n`)
  .sort()
  .join("")}} from "./types.js";
import { type Kind, type Member, type ModelId, members } from "./wire.js";

// What stands where a member that is sure by type is null all the same: in the remains of a decode
// that failed.
const none = null as never;

${code}
${lists.join("\n")}
// The builders of the models that every completion has.
const hot: { readonly [id in ModelId]?: (at: number) => object } = {
${hot.map(({ id, name }) => `  ${id}: build${name},\n`).join("")}};

${byTable}`;
  return [["ts/generated/builders.ts", text]];
}
