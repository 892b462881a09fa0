// ts/generated/builders.ts: functions that read an object of a model off the tape.
// The words of an object are told in src/tape/tape.hpp.

import { banner } from "./catalog.mjs";
import { commonSets, hotMembers } from "./hot-members.mjs";

const headerWords = 4;
const slotWords = 2;

/** Models outside of completions and chunks that are read from the tape. */
const otherRoots = ["error_payload"];

class Writer {
  constructor(catalog) {
    this.catalog = catalog;
    this.numbers = new Map(catalog.merged.map(({ id }, number) => [id, number]));
    this.hot = catalog.merged.filter(({ id }) => id in hotMembers);
  }

  byTable(id, at) {
    const { name } = this.catalog.model(id);
    return `byTable<${name}>(${this.numbers.get(id)}, ${at})`;
  }

  /** The expression of a function that reads an object of a model. */
  builder(id) {
    const { name } = this.catalog.model(id);
    return id in hotMembers ? `build${name}` : `builder<${name}>(${this.numbers.get(id)})`;
  }

  /** The expression that reads a member's value, not null and of its kind. */
  read(field) {
    const slot = `at + ${headerWords + slotWords * field.slot}`;
    switch (field.kind) {
      case "text":
        return `text(${slot})`;
      case "integer":
      case "count":
      case "number":
        return `number(${slot})`;
      case "boolean":
        return `words[${slot}] === 1`;
      case "object":
        return field.object in hotMembers
          ? `${this.builder(field.object)}(inside(${slot}))`
          : this.byTable(field.object, `inside(${slot})`);
      case "objects":
        return `list(${this.builder(field.object)}, ${slot})`;
      case "integers":
      case "numbers":
        return `numberArray(inside(${slot}), count(${slot}))`;
      case "content":
        return `content(${slot})`;
      default:
        throw new Error(`${field.wire}: a ${field.kind} among the hot members`);
    }
  }

  /** The builder of a hot model: its hot members by name; the table where there is any other. */
  hotBuilder(model) {
    const names = hotMembers[model.id].split(" ");
    const fields = model.fields.filter(({ wire }) => names.includes(wire));
    if (fields.length !== names.length)
      throw new Error(`${model.id} has not all of its hot members`);
    const bit = ({ slot }) => 1 << slot;
    const others = ~fields.reduce((sum, field) => sum | bit(field), 0);
    // Only sure members are typed without null, and only a failed decode leaves one of them null.
    const value = (field) =>
      `nulls & ${bit(field)} ? ${field.sure ? "(null as never)" : "null"} : ${this.read(field)}`;
    const rows = fields.map(
      (field) => `  if (present & ${bit(field)}) made.${field.camel} = ${value(field)};\n`,
    );
    const common = commonSets[model.id]?.split(" ") ?? [];
    const set = fields.filter(({ wire }) => common.includes(wire));
    const literal =
      set.length === 0
        ? ""
        : `  if (present === ${set.reduce((sum, field) => sum | bit(field), 0)} && words[at + 2] === 0) {
    return {
${set.map((field) => `      ${field.camel}: ${value(field)},\n`).join("")}    };
  }
`;
    return `export function build${model.name}(at: number): ${model.name} {
  const present = words[at] as number;
  const nulls = words[at + 1] as number;
  if ((present & ${others}) | (nulls & ~present)) return ${this.byTable(model.id, "at")};
${literal}  const made = {} as ${model.name};
${rows.join("")}  return withExtras(made, at);
}
`;
  }

  rootBuilder(id) {
    const { name } = this.catalog.model(id);
    return `export function build${name}(at: number): ${name} {
  return ${this.byTable(id, "at")};
}
`;
  }

  file() {
    const roots = otherRoots.map((id) => this.rootBuilder(id));
    const code = [...this.hot.map((model) => this.hotBuilder(model)), ...roots].join("\n");
    const types = this.catalog.merged
      .map(({ name }) => name)
      .filter((name) => new RegExp(`\\b${name}\\b`).test(code + helpers));
    return `// ${banner}

// Objects read off the tape. \`at\` is the index in \`words\` of an object of the model.

import { type Kind, type Member, type ModelId, members } from "../core/models.js";
import { extras, openValue } from "../core/open-value.js";
import { base, doubles, numberArray, text, textArray, words } from "../core/tape.js";
import { contentPartModel } from "./model-ids.js";
import type {
${["Extra", ...types]
  .sort()
  .map((name) => `  ${name},\n`)
  .join("")}} from "./types.js";

${code}
// By the numbers of the models.
const builders: { [id: ModelId]: (at: number) => unknown } = {
${this.hot.map(({ id, name }) => `  ${this.numbers.get(id)}: build${name},\n`).join("")}};

${helpers}`;
  }
}

const helpers = `/** The function that reads objects of a model. */
function builder<Built>(id: ModelId): (at: number) => Built {
  builders[id] ??= (at) => byTable(id, at);
  return builders[id] as (at: number) => Built;
}

/** An object of any model, member by member. */
function byTable<Built>(id: ModelId, at: number): Built {
  const present = words[at] as number;
  const nulls = words[at + 1] as number;
  const made: Record<string, unknown> = {};
  const all = members(id);
  for (let left = present | nulls; left !== 0; left &= left - 1) {
    const index = 31 - Math.clz32(left & -left);
    const bit = 1 << index;
    const slot = at + 4 + 2 * index;
    const { name, kind, child } = all[index] as Member;
    // Where it is null and not present, the value came in another form than the model's.
    if (nulls & bit) made[name] = present & bit ? null : openValue(inside(slot));
    else made[name] = value(kind, child as ModelId, slot);
  }
  return withExtras(made, at) as Built;
}

function value(kind: Kind, child: ModelId, slot: number): unknown {
  switch (kind) {
    case "":
      return text(slot);
    case "n":
      return number(slot);
    case "b":
      return words[slot] === 1;
    case "o":
      return builder(child)(inside(slot));
    case "l":
      return list(builder(child), slot);
    case "c":
      return content(slot);
    case "a":
      return numberArray(inside(slot), count(slot));
    case "s":
      return textArray(inside(slot), count(slot));
    case "j":
      return openValue(inside(slot));
  }
}

// What the slots of an object hold, by the index of their first word.

function inside(slot: number): number {
  return base + (words[slot] as number);
}

function count(slot: number): number {
  return words[slot + 1] as number;
}

function number(slot: number): number {
  return doubles[slot >> 1] as number;
}

function content(slot: number): string | ContentPart[] {
  const meta = count(slot);
  return (meta & 7) === 6 ? list(builder<ContentPart>(contentPartModel), slot, meta >>> 3) : text(slot);
}

function list<Item>(build: (at: number) => Item, slot: number, length = count(slot)): Item[] {
  const first = inside(slot);
  if (length === 1) return [build(first)];
  const made = new Array<Item>(length);
  for (let i = 0, at = first; i < length; ++i) {
    made[i] = build(at);
    at = inside(at + 3);
  }
  return made;
}

/** With the members that the model does not know. */
function withExtras<Built extends { extra?: Extra }>(made: Built, at: number): Built {
  const first = words[at + 2] as number;
  if (first !== 0) made.extra = extras(first, base);
  return made;
}
`;

export function buildersFiles(catalog) {
  return [["ts/generated/builders.ts", new Writer(catalog).file()]];
}
