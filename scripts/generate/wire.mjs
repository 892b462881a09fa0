// ts/generated/wire.ts: what each member is called on the wire, for encoding.

import { banner } from "./catalog.mjs";

/** The rule by which names become camelCase, backwards. Must agree with `wireName` below. */
const mechanical = (camel) => camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function entry(field) {
  const wire = mechanical(field.camel) === field.wire ? "" : `=${field.wire}`;
  const child = field.object ? `>${field.object}` : "";
  const list = field.kind === "objects" || field.kind === "content" ? "*" : "";
  return `${field.camel}${wire}${child}${list}`;
}

function row(model) {
  return `  ${model.id}: ${JSON.stringify(model.known.map(entry).join(" "))},\n`;
}

function flagRow(model) {
  const flags = model.fields.filter((field) => field.derived);
  if (flags.length === 0) return "";
  const pairs = flags.map((flag) => `${flag.camel}: ${JSON.stringify(flag.about?.camel ?? "")}`);
  return `  ${model.id}: { ${pairs.join(", ")} },\n`;
}

export function wireFiles(catalog) {
  const text = `// ${banner}

/** The models by their ids. */
export type ModelId =
${catalog.merged.map(({ id }) => `  | ${JSON.stringify(id)}`).join("\n")};

/** A member's wire name, the model of the object inside, and whether it may be a list of those. */
export type WireMember = readonly [wire: string, child: ModelId | undefined, isList: boolean];

// camelCase names; "=" before the wire name where it does not follow from the other, ">" before
// the model of the object inside, "*" where that may come as a list.
const table: Readonly<Record<ModelId, string>> = {
${catalog.merged.map(row).join("")}};

/** Members that chatwire sets, and the member that each calls made up ("" if none). */
export const flags: { readonly [id in ModelId]?: Readonly<Record<string, string>> } = {
${catalog.merged.map(flagRow).join("")}};

const parsed = new Map<ModelId, ReadonlyMap<string, WireMember>>();

/** The members of a model by their camelCase names, without those that never travel. */
export function wireMembers(id: ModelId): ReadonlyMap<string, WireMember> {
  let members = parsed.get(id);
  if (members === undefined) {
    members = new Map(table[id].split(" ").map(wireMember));
    parsed.set(id, members);
  }
  return members;
}

function wireMember(entry: string): [string, WireMember] {
  const isList = entry.endsWith("*");
  const [names = "", child] = (isList ? entry.slice(0, -1) : entry).split(">");
  const [camel = "", wire] = names.split("=");
  return [camel, [wire ?? wireName(camel), child as ModelId | undefined, isList]];
}

function wireName(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => \`_\${letter.toLowerCase()}\`);
}
`;
  return [["ts/generated/wire.ts", text]];
}
