// ts/generated/wire.ts: the members of every model as a table, for encoding and for the builders
// of models that are not hot.

import { banner } from "./catalog.mjs";

/** The rule by which names become camelCase, backwards. Must agree with `wireName` below. */
const mechanical = (camel) => camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** How a member is read: a letter for each kind. */
const letters = {
  text: "",
  integer: "n",
  count: "n",
  number: "n",
  boolean: "b",
  object: "o",
  objects: "l",
  integers: "a",
  numbers: "a",
  texts: "s",
  open: "j",
  content: "c",
};

function entry(field) {
  if (field.derived) return `${field.camel}:f${field.about?.camel ?? ""}`;
  const wire = mechanical(field.camel) === field.wire ? "" : `=${field.wire}`;
  const kind = letters[field.kind] === "" ? "" : `:${letters[field.kind]}${field.object ?? ""}`;
  return `${field.camel}${wire}${kind}`;
}

export function wireFiles(catalog) {
  const row = (model) => `  ${model.id}: ${JSON.stringify(model.fields.map(entry).join(" "))},\n`;
  const text = `// ${banner}

/** The models by their ids. */
export type ModelId =
${catalog.merged.map(({ id }) => `  | ${JSON.stringify(id)}`).join("\n")};

/** A member's wire name, the model of the object inside, and whether it may be a list of those. */
export type WireMember = readonly [wire: string, child: ModelId | undefined, isList: boolean];

/** How the tape holds a member: see \`table\`. */
export type Kind = "" | "n" | "b" | "o" | "l" | "c" | "a" | "s" | "j" | "f";

/** One member of a model. */
export interface Member {
  readonly name: string;
  /** The name on the wire; of a flag the member that it is about, in camelCase ("" if none). */
  readonly wire: string;
  readonly kind: Kind;
  readonly child: ModelId;
}

// The members of each model in the order of their slots: the camelCase name, after "=" the wire name
// where it does not follow from it, after ":" the kind where it is not text: n number, b boolean,
// o object, l list of objects, c content, a list of numbers, s list of texts, j any JSON; o, l and c
// with the model inside. Last, with f, the flags that chatwire sets: the member that each is about.
const table: Readonly<Record<ModelId, string>> = {
${catalog.merged.map(row).join("")}};

const parsed = new Map<ModelId, readonly Member[]>();
const renamed = new Map<ModelId, ReadonlyMap<string, WireMember>>();

/** The members of a model in the order of their slots on the tape. */
export function members(id: ModelId): readonly Member[] {
  let made = parsed.get(id);
  if (made === undefined) {
    made = table[id].split(" ").map(member);
    parsed.set(id, made);
  }
  return made;
}

function member(entry: string): Member {
  const [names = "", type = ""] = entry.split(":");
  const [name = "", wire] = names.split("=");
  const kind = type.slice(0, 1) as Kind;
  const rest = type.slice(1);
  return { name, wire: kind === "f" ? rest : (wire ?? wireName(name)), kind, child: rest as ModelId };
}

function wireName(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => \`_\${letter.toLowerCase()}\`);
}

/** The members of a model by their camelCase names, without those that never travel. */
export function wireMembers(id: ModelId): ReadonlyMap<string, WireMember> {
  let made = renamed.get(id);
  if (made === undefined) {
    made = new Map(
      members(id)
        .filter(({ kind }) => kind !== "f")
        .map(({ name, wire, kind, child }) => {
          const list = kind === "l" || kind === "c";
          return [name, [wire, list || kind === "o" ? child : undefined, list]];
        }),
    );
    renamed.set(id, made);
  }
  return made;
}

/** Members that chatwire sets, and the member that each calls made up ("" if none). */
export const flags: { readonly [id in ModelId]?: Readonly<Record<string, string>> } = {
${catalog.merged.map(flagRow).join("")}};
`;
  return [["ts/generated/wire.ts", text]];
}

function flagRow(model) {
  const flags = model.fields.filter((field) => field.derived);
  if (flags.length === 0) return "";
  const pairs = flags.map((flag) => `${flag.camel}: ${JSON.stringify(flag.about?.camel ?? "")}`);
  return `  ${model.id}: { ${pairs.join(", ")} },\n`;
}
