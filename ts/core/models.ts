// The members of the merged models, as the core tells them (bindings/model_text.hpp).
import { synthetic } from "../generated/model-ids.js";
import { getCore, textAt } from "./load.js";

/** The number of a merged model: ts/generated/model-ids.ts has them by name. */
export type ModelId = number;

/**
 * How the tape holds a member: "" text, n number, b boolean, o object, l list of objects, c content,
 * a list of numbers, s list of texts, j any JSON.
 */
export type Kind = "" | "n" | "b" | "o" | "l" | "c" | "a" | "s" | "j";

/** One member of a model. */
export interface Member {
  readonly name: string;
  /** The name on the wire; "" of a flag that chatwire sets, which never travels. */
  readonly wire: string;
  readonly kind: Kind;
  /** The model inside, of the kinds o, l and c. */
  readonly child: ModelId | undefined;
}

const inOrder: (readonly Member[])[] = [];
const byName: ReadonlyMap<string, Member>[] = [];

/** The members of a model in the order of their slots on the tape. */
export function members(id: ModelId): readonly Member[] {
  inOrder[id] ??= [...modelText(id).split(" ").map(wireMember), ...syntheticFlags(id)];
  return inOrder[id];
}

/** The members of a model by their camelCase names, without those that never travel. */
export function wireMembers(id: ModelId): ReadonlyMap<string, Member> {
  byName[id] ??= new Map(
    members(id)
      .filter(({ wire }) => wire !== "")
      .map((member) => [member.name, member]),
  );
  return byName[id];
}

function modelText(id: ModelId): string {
  const core = getCore();
  return textAt(core.HEAPU8, core.modelText(id));
}

function wireMember(entry: string): Member {
  const [wire = "", type = ""] = entry.split(":");
  // The first letter too: there is an `Int` on the wire.
  const name = wire.replace(/^.|_./g, (at, index) =>
    index === 0 ? at.toLowerCase() : at.slice(1).toUpperCase(),
  );
  const child = type.length > 1 ? Number(type.slice(1)) : undefined;
  return { name, wire, kind: type.slice(0, 1) as Kind, child };
}

/** The name of the flag that says of a member that chatwire made it up. */
export function flagOf(name: string): string {
  return `${name}Synthetic`;
}

function syntheticFlags(id: ModelId): Member[] {
  const names = synthetic[id] ?? [];
  return names.map((of) => ({ name: flagOf(of), wire: "", kind: "b", child: undefined }));
}
