// A validator of JSON Schema: as much of it as the schemas of the contracts use, straight from its
// definition. Words that it does not know are an error, so that it never accepts by ignorance.

const annotations = new Set(["$schema", "$defs", "title", "description", "examples", "deprecated"]);

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const types = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: isObject,
};

const words = {
  $ref: (reference, value, root) =>
    isValid(root.$defs[reference.slice("#/$defs/".length)], value, root),
  type: (names, value) => [names].flat().some((name) => types[name](value)),
  enum: (values, value) => values.includes(value),
  const: (wanted, value) => value === wanted,
  minimum: (least, value) => typeof value !== "number" || value >= least,
  required: (names, value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  properties: (members, value, root) =>
    !isObject(value) ||
    Object.entries(members).every(
      ([name, schema]) => !Object.hasOwn(value, name) || isValid(schema, value[name], root),
    ),
  additionalProperties: (schema, value, root, { properties = {} }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, member]) => Object.hasOwn(properties, name) || isValid(schema, member, root),
    ),
  items: (schema, value, root) =>
    !Array.isArray(value) || value.every((element) => isValid(schema, element, root)),
  anyOf: (schemas, value, root) => schemas.some((schema) => isValid(schema, value, root)),
  allOf: (schemas, value, root) => schemas.every((schema) => isValid(schema, value, root)),
  if: (condition, value, root, { then }) =>
    !isValid(condition, value, root) || isValid(then, value, root),
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema, read with `if`
  then: () => true,
};

/** Whether a value is what a schema describes. */
export function isValid(schema, value, root = schema) {
  return Object.entries(schema).every(([word, argument]) => {
    if (annotations.has(word)) return true;
    if (!Object.hasOwn(words, word)) throw new Error(`"${word}" is not known`);
    return words[word](argument, value, root, schema);
  });
}
