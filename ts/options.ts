import { allowEmptyChoicesBit, keepNonFiniteBit } from "./core/session.js";
import type { ContractName } from "./generated/contracts.js";
import { contractNames } from "./generated/contracts.js";
import { defaultLimits, type Limits } from "./generated/limits.js";
import type { Issue } from "./issue.js";

/** Bytes of a body, or its text. */
export type Input = string | ArrayBuffer | ArrayBufferView;

/** How to decode. */
export interface DecodeOptions {
  /** Decode strictly: every departure from this contract's document is an error. Default: leniently. */
  readonly contract?: ContractName | undefined;
  /** What the input may ask for; members that are left out keep their defaults. */
  readonly limits?: Limits | undefined;
  /** Called with each issue, also of decodes that succeed. */
  readonly onIssue?: ((issue: Issue) => void) | undefined;
  /** A completion without choices is no error. Contracts decide that themselves. Default: false. */
  readonly allowEmptyChoices?: boolean | undefined;
  /** What NaN and infinities, which are not JSON, become: null, or the number. Default: `"null"`. */
  readonly nonFinite?: "null" | "number" | undefined;
}

/** Options, checked and packed for the core. */
export interface PackedOptions {
  readonly bits: number;
  readonly limits: Required<Limits>;
}

const noOptions: PackedOptions = { bits: 0, limits: defaultLimits };

function packLimits(given: Limits): Required<Limits> {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`limits must be an object, not ${describe(given)}.`);
  }
  const limits = { ...defaultLimits };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(limits, name)) throw new TypeError(`There is no limit called "${name}".`);
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
      throw new TypeError(
        `limits.${name} must be an integer from 0 to 2147483647, not ${String(value)}.`,
      );
    }
    limits[name as keyof Limits] = value;
  }
  return limits;
}

/** @throws TypeError where an option is not what it should be */
export function packOptions(options: DecodeOptions | undefined): PackedOptions {
  if (options === undefined) return noOptions;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Options must be an object, not ${describe(options)}.`);
  }
  const { contract, limits, onIssue, allowEmptyChoices, nonFinite } = options;
  let bits = contractNumber(contract);
  if (onIssue !== undefined && typeof onIssue !== "function") {
    throw new TypeError(`onIssue must be a function, not ${describe(onIssue)}.`);
  }
  if (nonFinite !== undefined && nonFinite !== "null" && nonFinite !== "number") {
    throw new TypeError(`nonFinite must be "null" or "number", not ${quote(nonFinite)}.`);
  }
  if (allowEmptyChoices !== undefined && typeof allowEmptyChoices !== "boolean") {
    throw new TypeError(
      `allowEmptyChoices must be true or false, not ${describe(allowEmptyChoices)}.`,
    );
  }
  if (allowEmptyChoices === true) bits |= allowEmptyChoicesBit;
  if (nonFinite === "number") bits |= keepNonFiniteBit;
  return { bits, limits: limits === undefined ? defaultLimits : packLimits(limits) };
}

/**
 * The number of a contract; 0: none.
 * @throws TypeError where there is no such contract
 */
export function contractNumber(contract: ContractName | undefined): number {
  if (contract === undefined) return 0;
  const number = contractNames.indexOf(contract) + 1;
  if (number !== 0) return number;
  throw new TypeError(
    `There is no contract ${quote(contract)}; there are ${contractNames.join(", ")}.`,
  );
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : describe(value);
}

/** What a value is, for messages. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return `a ${typeof value}`.replace("a undefined", "undefined");
  return Array.isArray(value) ? "an array" : `an object (${value.constructor?.name ?? "Object"})`;
}

/** What a value is, whichever realm it is of, such as an iframe's or a test environment's. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** Whether a value is the bytes or the text of a body. */
export function isInput(value: unknown): value is Input {
  return (
    typeof value === "string" ||
    ArrayBuffer.isView(value) ||
    tagOf(value) === "[object ArrayBuffer]"
  );
}

/**
 * The bytes or the text of an input.
 * @throws TypeError where it is neither
 */
export function checkInput(input: Input): Uint8Array | string {
  if (typeof input === "string" || input instanceof Uint8Array) return input;
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  if (isInput(input)) return new Uint8Array(input);
  const hint =
    typeof input === "object" && input !== null && "choices" in input
      ? " It looks like a body that was parsed already: pass its text or bytes instead."
      : "";
  throw new TypeError(
    `The input must be a string, an ArrayBuffer or a view of one (Uint8Array, Buffer), not ${describe(input)}.${hint}`,
  );
}
