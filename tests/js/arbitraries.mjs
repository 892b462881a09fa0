// Arbitrary values of models as servers might send them, and what they are in camelCase.
import fc from "fast-check";
import { modelOf } from "./contracts/tables.mjs";
import { setMember } from "./contracts/wire-text.mjs";

// ---- Values of fields ---------------------------------------------------------------------------

const words = [
  "",
  "a",
  "stop",
  "null",
  "caf\u00e9",
  "\u4e2d\u6587",
  "\u{1f600}",
  "\ud800",
  '\\"/\n\u0000',
];
const anyText = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.nat(300).map((length) => "0123456789".repeat(30).slice(0, length)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...words), fc.nat(200))
      .map(([word, length]) => "x".repeat(length) + word.repeat(length)),
  },
);
const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -20, max: 0, noNaN: true }),
  fc.integer(),
);
const anyInteger = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, -0, 1e21, -1e22));
const anyCount = fc.oneof(fc.nat(), fc.nat(10), fc.constantFrom(0, 1e21, Number.MAX_SAFE_INTEGER));
const anyValue = fc.oneof(anyText, anyNumber, fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }));

const few = (arbitrary, most = 4) => fc.array(arbitrary, { maxLength: most });
const anyName = fc.oneof(anyText, fc.constantFrom("__proto__", "constructor", "0", "toJSON"));
const mapOf = (arbitrary) => fc.array(fc.tuple(anyName, arbitrary), { maxLength: 4 }).map(objectOf);

function objectOf(entries) {
  const made = {};
  for (const [name, value] of entries) setMember(made, name, value);
  return made;
}

const byRule = {
  anything: anyValue,
  map: mapOf(anyValue),
  map_of_text: mapOf(anyText),
  map_of_bools: mapOf(fc.boolean()),
  map_of_numbers: mapOf(anyNumber),
  map_of_texts: mapOf(few(anyText)),
  scalar: fc.oneof(anyText, anyNumber),
  list: few(anyValue),
  list_of_scalars: few(fc.oneof(anyText, anyNumber)),
  list_of_numbers: few(few(anyNumber)),
};
const byForm = { text: anyText, number: anyNumber, map: mapOf(anyValue) };
const byKind = {
  integer: anyInteger,
  count: anyCount,
  number: anyNumber,
  boolean: fc.boolean(),
  integers: few(anyInteger),
  numbers: few(anyNumber),
  texts: few(anyText),
};

// What lenient decoding repairs is not for these tests: members that it adds are there, and lists
// and strings that it takes for nothing are something.
const needed = {
  chat_completion: ["choices"],
  chat_completion_chunk: ["choices"],
  choice: ["index"],
  chunk_choice: ["index"],
  tool_call: ["id", "type"],
};
const something = {
  chat_completion: ["choices"],
  chat_completion_chunk: ["choices"],
  choice: ["finish_reason"],
  chunk_choice: ["finish_reason"],
  message: ["tool_calls"],
  tool_call: ["id", "type"],
};
const isNothing = (value) => value === "" || value === "null" || value?.length === 0;

/** Whether lenient decoding adds a member where it is absent or null. */
function isAdded(of, model, { wire }) {
  return of.name === undefined && needed[model.id]?.includes(wire) === true;
}

function isNeeded(of, model, field) {
  // Of the variants of a tagged model all members are there: any of them may be the right one.
  const inVariant = model.rules.some((rule) => rule.members.includes(field.wire));
  return field.required || inVariant || isAdded(of, model, field);
}

// ---- Objects ------------------------------------------------------------------------------------

class Maker {
  constructor(of) {
    this.of = of;
  }

  text(field) {
    if (field.values === null) return anyText;
    const known = fc.constantFrom(...field.values);
    return field.closed ? known : fc.oneof({ weight: 3, arbitrary: known }, anyText);
  }

  /** `nested` says how deep optional members hold objects. */
  field(field, nested) {
    const inner = () => this.object(modelOf(this.of, field), nested - 1);
    switch (field.kind) {
      case "text":
        return this.text(field);
      case "object":
        return inner();
      case "objects":
        return few(inner(), 2);
      case "content":
        return fc.oneof(anyText, few(inner(), 2));
      case "open":
        return byRule[field.rule];
      default:
        return byKind[field.kind];
    }
  }

  /** A field's value in any form that it may have, or null where it may be. */
  value(model, field, nested) {
    let made = this.field(field, nested);
    if (field.also.length !== 0) made = fc.oneof(made, ...field.also.map((form) => byForm[form]));
    if (something[model.id]?.includes(field.wire)) made = made.filter((value) => !isNothing(value));
    if (!field.nullable || isAdded(this.of, model, field)) return made;
    return fc.oneof({ weight: 5, arbitrary: made }, fc.constant(null));
  }

  /** An object of a model; `forced` gives the arbitrary of a member that is surely there. */
  object(model, nested, forced = {}) {
    const members = [];
    for (const field of model.fields.values()) {
      const { wire } = field;
      // The provider's errors are for other tests.
      if (wire === "error" && model.id === "chat_completion_chunk") continue;
      if (forced[wire] !== undefined) members.push(forced[wire].map((value) => [[wire, value]]));
      else if (isNeeded(this.of, model, field))
        members.push(this.value(model, field, nested).map((value) => [[wire, value]]));
      else if (nested > 0 || field.object === null)
        members.push(
          fc.oneof(
            { weight: nested > 0 ? 1 : 3, arbitrary: fc.constant([]) },
            {
              weight: 1,
              arbitrary: this.value(model, field, nested).map((value) => [[wire, value]]),
            },
          ),
        );
    }
    members.push(this.unknown(model));
    return fc
      .tuple(fc.tuple(...members), fc.boolean())
      .map(([made, turned]) => objectOf(turned ? made.flat().reverse() : made.flat()));
  }

  /** Members that the model does not know, some named as its own are in camelCase. */
  unknown(model) {
    const fields = [...model.fields.values()];
    const close = [...fields.map(({ camel }) => camel), "extra", "index_synthetic", "__proto__"];
    const name = fc.oneof(anyName, fc.constantFrom(...close));
    const known = new Set([...model.fields.keys(), "error", "msg", "detail", "error_message"]);
    return fc
      .array(fc.tuple(name, anyValue), { maxLength: 2 })
      .map((entries) => entries.filter(([wire]) => !known.has(wire)));
  }
}

/** An arbitrary object of a model of a contract, or of the merged models. */
export function modelValue(contract, model) {
  return new Maker(contract).object(model, 2);
}

/**
 * A document of a root with an arbitrary object at a place: the objects on the way there have what
 * they need.
 */
export function documentWith(contract, root, place) {
  const maker = new Maker(contract);
  const build = (model, [next, ...rest]) => {
    if (next === undefined) return maker.object(model, 2);
    const inner = build(modelOf(contract, next), rest);
    const value = next.kind === "object" ? inner : fc.tuple(inner);
    return maker.object(model, 0, { [next.wire]: value });
  };
  return build(contract.models.get(contract[root]), place.fields);
}

// ---- What decoding makes of them ----------------------------------------------------------------

/** The object that decoding gives, for one in which nothing is repaired. */
export function inCamelCase(contract, model, wire) {
  const made = {};
  const extra = {};
  for (const [name, value] of Object.entries(wire)) {
    const field = model.fields.get(name);
    if (field === undefined) setMember(extra, name, value);
    else made[field.camel] = fieldInCamelCase(contract, field, value);
  }
  if (Object.keys(extra).length !== 0) made.extra = extra;
  return made;
}

function fieldInCamelCase(contract, field, value) {
  if (field.object === null || typeof value !== "object" || value === null) return value;
  const inner = modelOf(contract, field);
  if (!Array.isArray(value)) return inCamelCase(contract, inner, value);
  return value.map((element) => inCamelCase(contract, inner, element));
}

// ---- Writing ------------------------------------------------------------------------------------

/** Numbers between 0 and `limit`, the same for each seed. */
function random(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** A JSON text of a value, with white space and escapes in one of the many ways to write it. */
export function write(value, seed) {
  const below = random(seed);
  const spaced = below(3) === 0;
  const escaped = below(4); // 0: nothing but what must be, 3: everything
  const space = () => (spaced && below(2) === 0 ? " \n\r\t".slice(below(4)) : "");
  const unit = (code) => `\\u${code.toString(16).padStart(4, "0")}`;
  const string = (text) => {
    if (escaped === 0 && text.isWellFormed()) return JSON.stringify(text);
    let made = '"';
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const isPlain = code >= 0x20 && code !== 0x22 && code !== 0x5c && (code & 0xf800) !== 0xd800;
      made += isPlain && below(3) >= escaped ? text[i] : unit(code);
    }
    return `${made}"`;
  };
  const walk = (inner) => {
    if (typeof inner === "string") return string(inner);
    if (Object.is(inner, -0)) return "-0";
    if (typeof inner !== "object" || inner === null) return JSON.stringify(inner);
    const isArray = Array.isArray(inner);
    const parts = Object.entries(inner).map(([name, member]) => {
      const written = `${space()}${walk(member)}${space()}`;
      return isArray ? written : `${space()}${string(name)}${space()}:${written}`;
    });
    return isArray ? `[${parts.join(",") || space()}]` : `{${parts.join(",") || space()}}`;
  };
  return space() + walk(value) + space();
}
