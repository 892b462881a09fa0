import { safeDecode } from "./decode.js";
import type { ContractName, Contracts } from "./generated/contracts.js";
import { contractNames } from "./generated/contracts.js";
import { isInput } from "./options.js";

/** Standard Schema v1 (standardschema.dev), as far as chatwire needs it. */
export interface StandardSchema<Value> {
  /** What libraries ask: which version, whose schema, and whether a value is valid. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "chatwire";
    readonly validate: (value: unknown) => StandardResult<Value>;
    readonly types?: { readonly input: unknown; readonly output: Value } | undefined;
  };
}

/** What a Standard Schema validates to. */
export type StandardResult<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path: readonly (string | number)[];
      }[];
    };

/** A contract as a schema for every library that takes one. */
export interface Contract<Name extends ContractName>
  extends StandardSchema<Contracts[Name]["completion"]> {
  /** The contract's name, as the option `contract` takes it. */
  readonly name: Name;
}

function validate<Name extends ContractName>(
  value: unknown,
  contract: Name,
): StandardResult<Contracts[Name]["completion"]> {
  // What a framework has parsed already goes back to text first: there is one way to decode.
  const input = isInput(value) ? value : JSON.stringify(value);
  if (input === undefined) {
    return { issues: [{ message: "Expected a chat completion, received nothing.", path: [] }] };
  }
  const result = safeDecode(input, { contract });
  if (result.ok) return { value: result.value };
  if (result.error.name === "ProviderError") {
    return { issues: [{ message: result.error.message, path: [] }] };
  }
  const errors = result.issues.filter((issue) => issue.severity === "error");
  return { issues: errors.map(({ message, path }) => ({ message, path })) };
}

function contract<Name extends ContractName>(name: Name): Contract<Name> {
  return {
    name,
    "~standard": { version: 1, vendor: "chatwire", validate: (value) => validate(value, name) },
  };
}

/**
 * The contracts as schemas (Standard Schema v1): each validates the body of a completion, as bytes,
 * as text, or parsed already, strictly, and gives the camelCase object.
 *
 * @example
 * const result = contracts.openai["~standard"].validate(await response.text());
 */
export const contracts: { readonly [Name in ContractName]: Contract<Name> } = /* @__PURE__ */ (() =>
  Object.fromEntries(contractNames.map((name) => [name, contract(name)])) as never)();
