// The decoded object as a tree: each value, and the bytes that it was made of.
import type { JsonPlace } from "../json-places.js";
import type { Span } from "../span.js";

export interface TreeNode {
  readonly name: string;
  /** Names and indices from the root on, as a program would write them. */
  readonly path: string;
  readonly value: unknown;
  readonly places: readonly Span[];
  readonly children: () => readonly TreeNode[];
}

/** What a value was made of: one value of a body, or one of each of many events. */
type Sources = readonly JsonPlace[];

const camelCase = (name: string) =>
  name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

// Chunks say in a delta what a completion says in a message.
const otherNames: Readonly<Record<string, string>> = { delta: "message" };

function membersNamed(sources: Sources, name: string, isMerged: boolean): Sources {
  return sources.flatMap(({ members }) =>
    members
      .filter((member) => {
        const camel = camelCase(member.name);
        return member.name === name || camel === name || (isMerged && otherNames[camel] === name);
      })
      .map(({ value }) => value),
  );
}

/** Parts of a merged list say which element they are of, by an index or by their order. */
function elements(sources: Sources, at: number, value: unknown, read: (place: Span) => string) {
  if (sources.length <= 1) return sources.flatMap(({ items }) => items[at] ?? []);
  const indexOf = (item: JsonPlace) => item.members.find(({ name }) => name === "index")?.value;
  const all = sources.flatMap(({ items }) => items);
  if (!all.some((item) => indexOf(item) !== undefined)) return all.slice(at, at + 1);
  const wanted = (value as { index?: unknown } | null)?.index ?? at;
  return all.filter((item, position) => {
    const index = indexOf(item);
    return index === undefined ? position === at : read(index) === String(wanted);
  });
}

const isEmptyText = ({ kind, from, to }: JsonPlace) => kind === "string" && to - from === 2;

/** Of many events, those count that added something. */
function placesOf(sources: Sources): Sources {
  const telling = sources.length > 1 ? sources.filter((source) => !isEmptyText(source)) : sources;
  return telling.length === 0 ? sources.slice(0, 1) : telling;
}

const placesOfNode = ({ places }: TreeNode) => places;

/**
 * @param sources where the value was sent
 * @param read the text of a place
 */
export function treeOf(
  name: string,
  value: unknown,
  sources: Sources,
  read: (place: Span) => string,
  path = name,
): TreeNode {
  const isMerged = sources.length > 1;
  // Of many events, most say null of what only some of them tell.
  const withoutNulls = (found: Sources) => {
    const telling = found.filter((place) => place.kind !== "other" || read(place) !== "null");
    return telling.length === 0 ? found : telling;
  };
  const childrenOf = (): readonly TreeNode[] => {
    if (Array.isArray(value)) {
      return value.map((item, at) =>
        treeOf(String(at), item, elements(sources, at, item, read), read, `${path}[${at}]`),
      );
    }
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).map(([key, member]) => {
      const found = membersNamed(sources, key, isMerged);
      // Members of `extra` stand beside those that the model knows.
      const from = key === "extra" && found.length === 0 ? sources : withoutNulls(found);
      const child = treeOf(key, member, from, read, `${path}.${key}`);
      return from === sources
        ? { ...child, places: child.children().flatMap(placesOfNode) }
        : child;
    });
  };
  let children: readonly TreeNode[] | undefined;
  return {
    name,
    path,
    value,
    places: placesOf(sources),
    children: () => {
      children ??= childrenOf();
      return children;
    },
  };
}
