// The TypeScript type of a member's value.

const scalars = {
  text: "string",
  integer: "number",
  count: "number",
  number: "number",
  boolean: "boolean",
};
const lists = { integers: "number[]", numbers: "number[]", texts: "string[]" };
const opens = {
  anything: "unknown",
  map: "Record<string, unknown>",
  map_of_text: "Record<string, string>",
  map_of_bools: "Record<string, boolean>",
  map_of_numbers: "Record<string, number>",
  map_of_texts: "Record<string, string[]>",
  scalar: "string | number",
  list: "unknown[]",
  list_of_scalars: "(string | number)[]",
  list_of_numbers: "number[][]",
};
const others = { text: "string", number: "number", map: "Record<string, unknown>" };

function textType(field, closed) {
  if (!field.values || field.values.length === 0) return "string";
  const known = field.values.map((value) => JSON.stringify(value)).join(" | ");
  return closed ? known : `${known} | (string & {})`;
}

/**
 * The type without null. `typeName` tells what the object's model is called here; `closed` says
 * whether closed lists of values are taken at their word.
 */
export function tsType(field, { typeName, closed }) {
  const base = baseType(field, typeName, closed && field.closed);
  if (base === "unknown") return base;
  const more = field.also.map((form) => others[form]).filter((type) => type !== base);
  return [base, ...more].join(" | ");
}

function baseType(field, typeName, closed) {
  switch (field.kind) {
    case "text":
      return textType(field, closed);
    case "object":
      return typeName(field.object);
    case "objects":
      return `${typeName(field.object)}[]`;
    case "content":
      return `string | ${typeName(field.object)}[]`;
    case "open":
      return known(opens, field.rule);
    default:
      return scalars[field.kind] ?? known(lists, field.kind);
  }
}

function known(table, key) {
  if (!(key in table)) throw new Error(`no TypeScript type for ${key}`);
  return table[key];
}

/** One member of an interface. */
export function tsMember(name, { optional, nullable, type }) {
  const whole = nullable && type !== "unknown" ? `${type} | null` : type;
  return `${name}${optional ? "?" : ""}: ${whole};`;
}
