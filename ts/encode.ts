// Objects back to what servers and clients exchange: names of the wire, originals before what they
// were repaired to, nothing that chatwire made up.
import { flagOf, type Member, type ModelId, wireMembers } from "./core/models.js";
import type { ContractName, Contracts } from "./generated/contracts.js";
import {
  chatCompletionChunkModel,
  chatCompletionModel,
  choiceModel,
  chunkChoiceModel,
  synthetic,
} from "./generated/model-ids.js";
import type { ChatCompletion, ChatCompletionChunk } from "./generated/types.js";
import { contractNumber, describe, tagOf } from "./options.js";

/** What {@link encode} takes: a completion or a chunk, lenient or of a contract. */
export type Encodable =
  | ChatCompletion
  | ChatCompletionChunk
  | Contracts[ContractName]["completion" | "chunk"];

/** A JSON object with the names of the wire. */
export type WireObject = Record<string, unknown>;

/** How {@link encode} and {@link toWire} read their argument. */
export interface EncodeOptions {
  /**
   * The contract that the value was decoded under. It matters under `sudo` alone, which leaves
   * objects open that other contracts type: told so, encoding takes every name inside them for
   * the wire's own. Not told, it renames those that look like chatwire's, such as `topLogprobs`,
   * which no server is known to send.
   */
  readonly contract?: ContractName | undefined;
}

/** How objects of models become objects of the wire. */
export interface WireRules {
  /** Members, by their camelCase names, whose objects have the names of the wire already. */
  readonly open: readonly string[];
  /**
   * Where what chatwire repaired or made up goes before what came over the wire, by the model and
   * the member's wire name.
   */
  prefersRepaired(model: ModelId, wire: string): boolean;
}

type Members = ReadonlyMap<string, Member>;

/** An object whose members are read by name. */
interface Source {
  readonly extra?: unknown;
  readonly toJSON?: unknown;
  readonly [name: string]: unknown;
}

// The members whose objects a contract leaves open and the merged models do not.
const openUnder: { readonly [name in ContractName]?: readonly string[] } = {
  sudo: ["logprobs", "annotations", "audio", "promptTokensDetails", "completionTokensDetails"],
};

// Completions and chunks have most members in common, and no name means two things. So one table
// serves both, and nothing depends on telling them apart by an `object` that servers get wrong.
const twins: { readonly [id: ModelId]: ModelId } = {
  [chatCompletionModel]: chatCompletionChunkModel,
  [choiceModel]: chunkChoiceModel,
  [chunkChoiceModel]: choiceModel,
};

const unions: Members[] = [];

function membersOf(model: ModelId): Members {
  const twin = twins[model];
  if (twin === undefined) return wireMembers(model);
  unions[model] ??= new Map([...wireMembers(twin), ...wireMembers(model)]);
  return unions[model];
}

/**
 * Encodes a completion or a chunk as wire JSON. Nothing is lost: decoding the text gives an equal
 * value, and the text equals the JSON that the value was decoded from, but for white space, the
 * order of members and how numbers are spelt.
 *
 * - Members of `extra` stand in their object again. One that has the name of a known member is the
 *   original of a value that was repaired or did not fit, so it is written instead of that member.
 * - What chatwire made up (`idSynthetic`, `typeSynthetic`, `indexSynthetic`) is left out. Delete
 *   the flag to have the member written.
 * - Infinity is written as `1e999`, which reads as Infinity again; NaN as null; a bigint as its
 *   digits; half a surrogate pair as `\uXXXX`.
 * - Members that are undefined are left out, as in `JSON.stringify`.
 *
 * @param value a completion or a chunk; the error body of a provider will do, too
 * @param options the contract under which it was decoded
 * @returns the JSON, without white space
 * @throws TypeError where the value is not an object, or contains itself, or an option is wrong
 * @example
 * const completion = decode('{"choices":[{"finish_reason":"stop","seed":7}]}');
 * encode(completion); // '{"choices":[{"finish_reason":"stop","seed":7}]}'
 */
export function encode(value: Encodable, options: EncodeOptions = {}): string {
  return jsonText(wireRoot("encode", value, options));
}

/**
 * What {@link encode} writes, as an object: for a server that sends JSON by itself, or to change
 * something first. Objects of the models are copied; open values, such as `metadata` and what is
 * under `extra`, are shared with the argument.
 *
 * @param value a completion or a chunk
 * @param options the contract under which it was decoded
 * @returns a new object, ready for `JSON.stringify`
 * @throws TypeError where the value is not an object, or an option is wrong
 * @example
 * response.json({ ...toWire(completion), model: "mine" });
 */
export function toWire(value: Encodable, options: EncodeOptions = {}): WireObject {
  return wireRoot("toWire", value, options);
}

function wireRoot(caller: string, value: Encodable, options: EncodeOptions): WireObject {
  const from = needObject(caller, "a completion or a chunk", value);
  const { contract } = options;
  contractNumber(contract); // checks it
  const open = (contract && openUnder[contract]) ?? [];
  return wireObject(from, chatCompletionModel, { open, prefersRepaired: () => false });
}

/** An object of a model as an object of the wire. @internal */
export function wireObject(source: object, model: ModelId, rules: WireRules): WireObject {
  const from = source as Source;
  const members = membersOf(model);
  const madeUp = synthetic[model] ?? [];
  // Among open JSON an `extra` may be anything.
  const extra = isObject(from.extra) ? from.extra : {};
  const to: WireObject = {};
  for (const name of Object.keys(from)) {
    const value = from[name];
    if (value === undefined || (name === "extra" && value === extra)) continue;
    const member = members.get(name);
    if (member === undefined) {
      const isFlag = madeUp.some((of) => name === flagOf(of));
      if (!isFlag && !hasValue(extra, name)) setOwn(to, name, value);
      continue;
    }
    const isMadeUp = madeUp.includes(name) && from[flagOf(name)] === true;
    const { wire } = member;
    if ((isMadeUp || hasValue(extra, wire)) && !rules.prefersRepaired(model, wire)) continue;
    setOwn(to, wire, rules.open.includes(name) ? value : wireValue(value, member, rules));
  }
  for (const name of Object.keys(extra)) {
    const value = extra[name];
    if (value !== undefined && !Object.hasOwn(to, name)) setOwn(to, name, value);
  }
  return to;
}

// A value that is not an object where the model has one came in another form (`stop_reason: 5`).
function wireValue(value: unknown, { kind, child }: Member, rules: WireRules): unknown {
  if (child === undefined) return value;
  const wired = (of: unknown) => (isObject(of) ? wireObject(of, child, rules) : of);
  if (kind === "o") return wired(value);
  return Array.isArray(value) ? value.map(wired) : value;
}

/**
 * A member, wherever a decode has left it: under its camelCase name; under the wire's, inside
 * objects that a contract leaves open; or under `extra`, from a contract that does not have it.
 * @internal
 */
export function readMember(of: object, camel: string): unknown {
  const from = of as Source;
  const typed = from[camel];
  if (typed !== undefined && typed !== null) return typed;
  const wire = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return from[wire] ?? (isObject(from.extra) ? from.extra[wire] : undefined);
}

/** Whether a value is an object that is not an array. @internal */
export function isObject(value: unknown): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What a function that takes an object was given.
 * @throws TypeError where it is something else, such as a promise or bytes
 * @internal
 */
export function needObject(caller: string, wanted: string, value: unknown): object {
  if (tagOf(value) === "[object Object]") return value as object;
  throw new TypeError(`${caller} takes ${wanted}, not ${describe(value)}.`);
}

/** The same where the object may be missing. @internal */
export function objectOrNothing(
  caller: string,
  wanted: string,
  value: unknown,
): object | undefined {
  return value === undefined || value === null ? undefined : needObject(caller, wanted, value);
}

function hasValue(of: WireObject, name: string): boolean {
  return Object.hasOwn(of, name) && of[name] !== undefined;
}

// A member of any name becomes a member of its own, never a prototype.
function setOwn(to: WireObject, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(to, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    to[name] = value;
  }
}

/**
 * Any value as JSON.
 * @throws TypeError where the value contains itself
 * @internal
 */
export function jsonText(value: unknown): string {
  // Almost every value is one that the engine writes as it should be.
  return isOrdinary(value, ordinaryDepth) ? JSON.stringify(value) : carefulText(value);
}

// Deeper than answers go. Beyond, the engine might run out of stack.
const ordinaryDepth = 100;

/** Whether JSON.stringify loses nothing of a value. Not so where one contains itself. */
function isOrdinary(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isOrdinary(value[i], depth - 1)) return false;
    return true;
  }
  for (const name of Object.keys(value)) {
    if (!isOrdinary((value as Source)[name], depth - 1)) return false;
  }
  return typeof (value as Source).toJSON !== "function";
}

/** What is left to be written: a value, or the end of the array or object `value`. */
interface Unwritten {
  readonly before: string;
  readonly value: unknown;
  readonly isEnd: boolean;
}

// What JSON.stringify writes, but for numbers that it changes and without recursion, for what a
// value holds decides how deep it is.
function carefulText(root: unknown): string {
  const left: Unwritten[] = [{ before: "", value: unwrapped(root, ""), isEnd: false }];
  const containing = new Set<unknown>();
  let text = "";
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { before, value, isEnd } = next;
    text += before;
    if (isEnd) {
      containing.delete(value);
    } else if (typeof value !== "object" || value === null) {
      text += scalarText(value);
    } else {
      if (containing.has(value)) throw new TypeError("A value that contains itself is no JSON.");
      containing.add(value);
      const isArray = Array.isArray(value);
      const items: Unwritten[] = [];
      for (const [name, held] of isArray ? value.entries() : Object.entries(value)) {
        const item = unwrapped(held, name);
        if (!isArray && !hasJson(item)) continue;
        const separator = items.length === 0 ? "" : ",";
        const before = isArray ? separator : `${separator}${JSON.stringify(name)}:`;
        items.push({ before, value: item, isEnd: false });
      }
      text += isArray ? "[" : "{";
      left.push({ before: isArray ? "]" : "}", value, isEnd: true });
      for (let item = items.pop(); item !== undefined; item = items.pop()) left.push(item);
    }
  }
  return text;
}

// Dates and the like know how to be written, as for JSON.stringify.
function unwrapped(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value, String(name)) : value;
}

function hasJson(value: unknown): boolean {
  return !["undefined", "function", "symbol"].includes(typeof value);
}

function scalarText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
      return Number.isNaN(value) ? "null" : value > 0 ? "1e999" : "-1e999";
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return "null";
  }
}
