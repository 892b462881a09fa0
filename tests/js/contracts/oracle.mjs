// What decoding gives, worked out from the tables in plain JavaScript: the value, and the issues as
// `{ code, severity, path, offset }`.
import { lenient, modelOf, rootModel } from "./tables.mjs";
import { setMember } from "./wire-text.mjs";

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const isNumber = (value) => typeof value === "number";
const isScalar = (value) => isText(value) || isNumber(value);
const every = (value, fits) => Array.isArray(value) && value.every(fits);
const everyMember = (value, fits) => isObject(value) && Object.values(value).every(fits);

const openRules = {
  anything: () => true,
  map: isObject,
  map_of_text: (value) => everyMember(value, isText),
  map_of_bools: (value) => everyMember(value, (inner) => typeof inner === "boolean"),
  map_of_numbers: (value) => everyMember(value, isNumber),
  map_of_texts: (value) => everyMember(value, (inner) => every(inner, isText)),
  scalar: isScalar,
  list: Array.isArray,
  list_of_scalars: (value) => every(value, isScalar),
  list_of_numbers: (value) => every(value, (inner) => every(inner, isNumber)),
};
const otherForms = { text: isText, number: isNumber, map: isObject };

/** Whether a value is of the JSON kind that a field takes; what it contains is another matter. */
export function isOfKind(field, value) {
  if (field.also.some((form) => otherForms[form](value))) return true;
  switch (field.kind) {
    case "text":
      return isText(value);
    case "integer":
    case "count":
    case "number":
      return isNumber(value);
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    case "content":
      return isText(value) || Array.isArray(value);
    case "open":
      return openRules[field.rule](value);
    default:
      return Array.isArray(value);
  }
}

const elementFits = { integers: Number.isInteger, numbers: isNumber, texts: isText };

/** The places inside a value, as steps from it, that are of a kind which the field does not take. */
export function misfitsOf(field, value) {
  if (!isOfKind(field, value)) return [[]];
  if (!Array.isArray(value) || field.kind === "open") return [];
  if (field.object !== null) return value.flatMap((element, i) => (isObject(element) ? [] : [[i]]));
  const first = value.findIndex((element) => !elementFits[field.kind](element));
  return first === -1 ? [] : [[first]];
}

/** Whether a member says something: not null, false, "", [], or an object of nulls and "". */
function isSet(value) {
  if (value === undefined || value === null || value === false || value === "") return false;
  if (typeof value !== "object" || Array.isArray(value)) return value.length !== 0;
  return Object.values(value).some((inner) => inner !== null && inner !== "");
}

/** Whether a document is the provider's error, of those that the generators make. */
export function isProviderError(root, document) {
  const first = (value) => (Array.isArray(value) ? value[0] : value);
  const isReport = (value) => isText(first(value)) || isObject(first(value));
  if (isSet(document.error) && typeof document.error !== "number" && document.error !== true)
    return isReport(document.error);
  const { choices } = document;
  if (Array.isArray(choices) && choices.some(isObject)) {
    return choices.some(
      (choice) => isObject(choice) && isSet(choice.error) && isReport([choice.error]),
    );
  }
  if (root === "chunk") {
    if (isObject(document.x_groq) && isSet(document.x_groq.error))
      return isReport(document.x_groq.error);
    if (Array.isArray(document.choices) || isSet(document.usage)) return false;
  }
  return isObject(document.error);
}

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;

/** What stands for the id that the decoder makes for a tool call without one. */
export const madeId = /^call_[0-9a-f]{16}$/;

class Reader {
  issues = [];

  constructor(of, root, offsetOf) {
    this.of = of;
    this.root = root;
    this.strict = of.name !== undefined;
    this.offsetOf = offsetOf;
  }

  note(code, severity, path, at = path) {
    this.issues.push({ code, severity, path, offset: this.offsetOf(at) });
  }

  /** Something that a contract forbids: an error, except where its document tolerates it. */
  depart(code, tolerated, path, at = path) {
    this.note(code, this.strict && !tolerated ? "error" : "warning", path, at);
  }

  object(model, wire, path, tolerated) {
    const state = { model, wire, path, made: {}, extra: {}, misfits: new Set() };
    state.tolerated = tolerated || model.tolerant;
    for (const [name, value] of Object.entries(wire)) {
      const field = model.fields.get(name);
      if (field === undefined) setMember(state.extra, name, value);
      else this.member(state, field, value);
    }
    if (this.strict) this.checkRequired(state);
    else repairs[model.id]?.(this, state);
    if (Object.keys(state.extra).length > 0) state.made.extra = state.extra;
    return state.made;
  }

  member(state, field, value) {
    const path = [...state.path, field.wire];
    if (value === null) {
      if (this.strict && !field.nullable) this.depart("NULL_VALUE", state.tolerated, path);
      state.made[field.camel] = null;
      return;
    }
    const misfits = misfitsOf(field, value);
    if (misfits.length > 0 && !this.strict && this.repaired(state, field, value, path)) return;
    for (const steps of misfits) this.depart("BAD_TYPE", state.tolerated, [...path, ...steps]);
    if (misfits.length > 0) this.keep(state, field, value);
    // Of a list of objects those that are some remain.
    const remains = field.object !== null && isOfKind(field, value);
    if (misfits.length === 0 || remains) this.fitting(state, field, value, path);
  }

  keep(state, field, value) {
    setMember(state.extra, field.wire, value);
    state.misfits.add(field.wire);
  }

  fitting(state, field, value, path) {
    if (field.object !== null && Array.isArray(value)) {
      state.made[field.camel] = value.flatMap((element, i) =>
        isObject(element) ? [this.inner(state, field, element, [...path, i])] : [],
      );
    } else if (field.kind === "object" && isObject(value)) {
      state.made[field.camel] = this.inner(state, field, value, path);
    } else {
      if (field.closed && !field.values.includes(value))
        this.depart("BAD_VALUE", state.tolerated, path);
      if (!isNumber(value) || this.integral(state, field, value, path))
        state.made[field.camel] ??= value;
    }
  }

  inner(state, field, value, path) {
    return this.object(modelOf(this.of, field), value, path, state.tolerated);
  }

  /** Whether a number may stand as it is in a field that is perhaps not for all numbers. */
  integral(state, field, value, path) {
    if (field.kind !== "integer" && field.kind !== "count") return true;
    if (!Number.isInteger(value)) {
      this.depart("NOT_INTEGER", state.tolerated, path);
      if (!this.strict && field.kind === "integer") {
        this.keep(state, field, value);
        state.made[field.camel] = Math.floor(value);
      }
    }
    if (field.kind === "integer" || value >= 0) return true;
    this.depart("NEGATIVE_COUNT", state.tolerated, path);
    this.keep(state, field, value);
    return false;
  }

  /** Values of the wrong kind that lenient decoding converts. */
  repaired(state, field, value, path) {
    const isFunction = state.model.id === "tool_function" || state.model.id === "function_call";
    if (isFunction && field.wire === "arguments" && typeof value === "object") {
      this.note("ARGUMENTS_NOT_STRING", "warning", path);
      this.keep(state, field, value);
      state.made.arguments = JSON.stringify(value);
      return true;
    }
    if (!isText(value) || !jsonNumber.test(value)) return false;
    const number = Number(value);
    const fits = { number: true, integer: true, count: number >= 0 };
    if (!fits[field.kind]) return false;
    this.note("NUMBER_FROM_STRING", "warning", path);
    this.keep(state, field, value);
    state.made[field.camel] = number;
    if (field.kind === "number" || Number.isInteger(number)) return true;
    this.note("NOT_INTEGER", "warning", path);
    if (field.kind === "integer") state.made[field.camel] = Math.floor(number);
    return true;
  }

  checkRequired({ model, wire, path, tolerated }) {
    const missing = new Set();
    const lacks = (name) => !Object.hasOwn(wire, name);
    for (const { wire: name, required } of model.fields.values())
      if (required && lacks(name)) missing.add(name);
    for (const rule of model.rules) {
      const holds = rule.tag === null ? rule.members.every(lacks) : wire[rule.tag] === rule.value;
      if (holds) for (const name of rule.members.filter(lacks)) missing.add(name);
    }
    for (const name of missing) this.depart("MISSING", tolerated, [...path, name], path);
  }
}

/** Notes what is repaired of a member: at its value, or at the object where there is none. */
function noteRepair(reader, { wire, path }, code, severity, name) {
  const of = [...path, name];
  reader.note(code, severity, of, Object.hasOwn(wire, name) ? of : path);
}

function repairChoice(reader, state) {
  const { model, made, extra, misfits, path } = state;
  const whole = model.id === "choice";
  const warn = (code, name) => noteRepair(reader, state, code, "warning", name);
  if (!isNumber(made.index)) {
    warn("CHOICE_INDEX_MISSING", "index");
    if (made.index === null) extra.index = null;
    made.index = path.at(-1);
    made.indexSynthetic = true;
  }
  if (made.finishReason === "" || made.finishReason === "null") {
    if (whole) warn("FINISH_REASON_NOT_A_REASON", "finish_reason");
    extra.finish_reason = made.finishReason;
    misfits.add("finish_reason");
    made.finishReason = null;
  }
  if (!whole) return;
  if (!isText(made.finishReason)) {
    if (!misfits.has("finish_reason")) warn("FINISH_REASON_MISSING", "finish_reason");
  } else if (made.finishReason === "tool_calls" && !made.message?.toolCalls?.length) {
    warn("FINISH_TOOLS_WITHOUT_CALLS", "finish_reason");
  }
}

function repairToolCall(reader, state) {
  const { made, extra } = state;
  if (!made.id) {
    noteRepair(reader, state, "TOOL_CALL_ID_MISSING", "warning", "id");
    if ("id" in made) extra.id = made.id;
    made.id = madeId;
    made.idSynthetic = true;
  }
  if (made.type || !made.function) return;
  noteRepair(reader, state, "TOOL_CALL_TYPE_MISSING", "info", "type");
  if ("type" in made) extra.type = made.type;
  made.type = "function";
  made.typeSynthetic = true;
}

/** What lenient decoding puts right in a whole object. */
const repairs = {
  choice: repairChoice,
  chunk_choice: repairChoice,
  tool_call: repairToolCall,
  message(_, { made, extra, misfits }) {
    if (made.toolCalls?.length !== 0) return;
    if (!misfits.has("tool_calls")) extra.tool_calls = [];
    delete made.toolCalls;
  },
  tool_function(reader, state) {
    if (reader.root !== "completion") return;
    if (state.made.arguments === null || state.made.arguments === "")
      noteRepair(reader, state, "EMPTY_ARGUMENTS", "info", "arguments");
  },
  content_part(reader, state) {
    const { model, made } = state;
    if (isText(made.type) && !model.fields.get("type").values.includes(made.type))
      noteRepair(reader, state, "UNKNOWN_PART_TYPE", "warning", "type");
  },
};

/** What the payload of a provider's error decodes to, under any contract. */
export function expectedError(payload) {
  const reader = new Reader(lenient, "error", () => 0);
  return reader.object(lenient.models.get("error_payload"), payload, [], false);
}

/**
 * What a document decodes to that is not the provider's error.
 * @param of a contract or `lenient`
 * @param offsetOf where each value begins in the text
 */
export function expected(of, root, document, offsetOf) {
  const reader = new Reader(of, root, offsetOf);
  const value = reader.object(rootModel(of, root), document, [], false);
  if (!reader.strict && root === "completion" && !value.choices?.length)
    reader.note("NO_CHOICES", "error", ["choices"], "choices" in document ? ["choices"] : []);
  return { value, issues: reader.issues };
}
