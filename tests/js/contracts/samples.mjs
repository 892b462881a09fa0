// Documents made from the tables of models: the smallest in which a member exists, and whole ones.
import { modelOf, rootModel } from "./tables.mjs";

/** What a value of an open field looks like, by its rule. */
const openSamples = {
  anything: { any_thing: [1, { at_all: null }], "": "\u00e4" },
  map: { some_name: { deep_inside: [true] } },
  map_of_text: { "cl\u00e9": "valeur", other_key: "" },
  map_of_bools: { one_way: true, or_another: false },
  map_of_numbers: { some_score: 0.5, another: 1e-9 },
  map_of_texts: { of_text: ["text", "\u56fe"], of_none: [] },
  scalar: "scalar",
  list: [null, 1, ["list", { of_any: "thing" }]],
  list_of_scalars: [1, "two", 3.5],
  list_of_numbers: [[0, 1.5], [], [2]],
};

/** Whether objects of a model stand in a field, alone or in an array. */
const isNested = (field) => field.object !== null;

// Members without which lenient decoding has something to repair.
const quiet = {
  chat_completion: ["choices"],
  chat_completion_chunk: ["choices"],
  choice: ["index", "finish_reason"],
  chunk_choice: ["index"],
  tool_call: ["id", "type", "function"],
};

function quietMembers(of, model) {
  return of.name === undefined ? (quiet[model.id] ?? []) : [];
}

/** The value of the tag that decides what else an object must have. */
function tagValue(model, wanted) {
  const tagged = model.rules.filter((rule) => rule.tag !== null);
  const chosen = tagged.find((rule) => rule.members.some((name) => wanted.has(name))) ?? tagged[0];
  return chosen?.value;
}

function addRuleMembers(model, wanted, value) {
  for (const rule of model.rules) {
    const holds = rule.tag === null || (wanted.has(rule.tag) && rule.value === value);
    if (!holds) continue;
    if (rule.tag !== null) for (const name of rule.members) wanted.add(name);
    else if (!rule.members.some((name) => wanted.has(name))) wanted.add(rule.members[0]);
  }
}

/** The names of the members that an object needs, with those of `also`, in the model's order. */
function smallest(of, model, also) {
  const wanted = new Set([...also, ...quietMembers(of, model)]);
  for (const field of model.fields.values()) if (field.required) wanted.add(field.wire);
  const value = tagValue(model, wanted);
  addRuleMembers(model, wanted, value);
  return { names: [...model.fields.keys()].filter((name) => wanted.has(name)), tag: value };
}

function sampleText(field, tag) {
  if (tag !== undefined) return tag;
  return field.values?.[0] ?? `${field.wire} \u00fc\ud83d\ude42`;
}

/** A valid value for a field; what it contains is as small as it can be. */
function sample(of, field, tag) {
  switch (field.kind) {
    case "text":
      return sampleText(field, tag);
    case "content":
      return "Content \u2713";
    case "integer":
      return -7;
    case "count":
      return 7;
    case "number":
      return -0.25;
    case "boolean":
      return true;
    case "integers":
      return [-1, 461479];
    case "numbers":
      return [0.5, -2];
    case "texts":
      return ["text", "\u00e9"];
    case "open":
      return openSamples[field.rule];
    case "object":
      return smallestObject(of, modelOf(of, field));
    case "objects":
      return [smallestObject(of, modelOf(of, field))];
    default:
      throw new Error(`no sample of kind ${field.kind}`);
  }
}

/** The smallest object of a model that has the members `forced` (a map to their values). */
function smallestObject(of, model, forced = new Map()) {
  const { names, tag } = smallest(of, model, forced.keys());
  const isTag = (name) => model.rules.some((rule) => rule.tag === name);
  return Object.fromEntries(
    names.map((name) => [
      name,
      forced.has(name)
        ? forced.get(name)
        : sample(of, model.fields.get(name), isTag(name) ? tag : undefined),
    ]),
  );
}

/**
 * Every place of a document in which an object of a model can stand: `{ model, fields, path }` with
 * the fields that lead there.
 */
export function places(of, root) {
  const found = [];
  const walk = (model, fields, path) => {
    found.push({ model, fields, path });
    for (const field of model.fields.values()) {
      if (!isNested(field)) continue;
      const step = field.kind === "object" ? [field.wire] : [field.wire, 0];
      walk(modelOf(of, field), [...fields, field], [...path, ...step]);
    }
  };
  walk(rootModel(of, root), [], []);
  return found;
}

/** The smallest document that has an object at `place`, and in it the member `field`, if given. */
export function smallestDocument(of, root, place, field) {
  const build = (model, [next, ...rest]) => {
    if (next === undefined) {
      const forced = field === undefined ? [] : [field.wire];
      const { tag } = smallest(of, model, forced);
      const isTag = model.rules.some((rule) => rule.tag === field?.wire);
      const values = forced.map((name) => [name, sample(of, field, isTag ? tag : undefined)]);
      return smallestObject(of, model, new Map(values));
    }
    const inner = build(modelOf(of, next), rest);
    const value = next.kind === "object" ? inner : [inner];
    return smallestObject(of, model, new Map([[next.wire, value]]));
  };
  return build(rootModel(of, root), place.fields);
}

/**
 * How a whole document is made.
 * @typedef {object} Style
 * @property {number} elements how many each array of objects has
 * @property {boolean} parts contents are lists of parts
 * @property {boolean} other fields have the further form that they take, if there is one
 * @property {boolean} nulls what may be null is null, except where objects of models stand
 * @property {number} variant which variant tagged objects are of
 */

/**
 * A document with all members that the tables know, except those that make it an error.
 * @param {Style} style
 */
export function wholeDocument(of, root, style) {
  let made = 0; // so that no two values are alike
  const value = (field, tag) => {
    made++;
    if (style.nulls && field.nullable && !isNested(field)) return null;
    if (style.other && field.also.length > 0) {
      return { text: `other ${made}`, number: made, map: { [`other_${made}`]: made } }[
        field.also[made % field.also.length]
      ];
    }
    switch (field.kind) {
      case "text":
        return tag ?? field.values?.[made % field.values.length] ?? `${field.wire}\u00df${made}`;
      case "content":
        if (!style.parts) return `content ${made}`;
        return list(field);
      case "integer":
      case "count":
        return made;
      case "number":
        return made + 0.125;
      case "boolean":
        return made % 2 === 0;
      case "integers":
        return Array.from({ length: made % 6 }, (_, i) => made * 1000 - i);
      case "numbers":
        return Array.from({ length: made % 6 }, (_, i) => made / 8 - i);
      case "texts":
        return Array.from({ length: made % 4 }, (_, i) => `${i} \u4e2d${made}`);
      case "open":
        return openSamples[field.rule];
      case "object":
        return object(modelOf(of, field));
      default:
        return list(field);
    }
  };
  const list = (field) => Array.from({ length: style.elements }, () => object(modelOf(of, field)));
  const object = (model) => {
    const tagged = model.rules.filter((rule) => rule.tag !== null);
    const chosen = tagged[style.variant % tagged.length];
    const others = tagged.filter((rule) => rule !== chosen).flatMap((rule) => rule.members);
    const fields = [...model.fields.values()].filter(({ wire }) => !others.includes(wire));
    return Object.fromEntries(
      fields.map((field) => [
        field.wire,
        value(field, field.wire === chosen?.tag ? chosen.value : undefined),
      ]),
    );
  };
  const document = object(rootModel(of, root));
  delete document.error;
  return document;
}

/** Styles of whole documents that between them have every form of every field. */
export const styles = [
  { elements: 1, parts: false, other: false, nulls: false, variant: 0 },
  { elements: 2, parts: true, other: false, nulls: false, variant: 1 },
  { elements: 1, parts: true, other: true, nulls: false, variant: 0 },
  { elements: 1, parts: false, other: false, nulls: true, variant: 1 },
];

/** One value or more of each kind that JSON has, to put where they do not belong. */
export const kinds = [
  true,
  3,
  -3,
  1.5,
  "wrong \ud83d\ude42",
  "",
  "12",
  "-0.5e1",
  "0x10",
  [],
  ["x"],
  [1.5],
  [[2]],
  [{}],
  {},
  { "cl\u00e9": { deep: [1] } },
];

/** A member to put first, so that bytes and characters differ before every value. */
export const prelude = { "\u00fcber": "\u4e2d\u6587 \ud83d\ude42" };

/** The path to a place in what is decoded. */
export function camelPath({ fields }) {
  return fields.flatMap(({ camel, kind }) => (kind === "object" ? [camel] : [camel, 0]));
}
