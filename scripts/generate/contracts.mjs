// ts/generated/contracts/<id>.ts: the types of each contract, exactly as its document has them;
// ts/generated/contracts.ts: which of them a decode gives.

import { banner } from "./catalog.mjs";
import { code, rulesInWords, tsdoc } from "./prose.mjs";
import { tsMember, tsType } from "./ts-type.mjs";
import { extraMember } from "./types.mjs";

function member(field, indent = "  ") {
  const type = tsType(field, { typeName: (name) => name, closed: true });
  const doc = tsdoc(
    [
      field.doc,
      field.example ? `Example: ${code(field.example)}.` : "",
      field.deprecated ? "@deprecated" : "",
    ],
    indent,
  );
  const line = tsMember(field.camel, { optional: !field.required, nullable: field.nullable, type });
  return `${doc}${indent}${line}\n`;
}

/** The member whose value tells the variants of a model apart, where it tells them all. */
function tagOf(view) {
  const tag = view.fields.find((field) => field.wire === view.rules[0]?.tag);
  if (!tag?.closed || view.rules.some((rule) => rule.tag !== tag.wire)) return undefined;
  const told = view.rules.map((rule) => rule.value);
  return tag.values.every((value) => told.includes(value)) ? tag : undefined;
}

/** A model of several variants, each with members that the others have not. */
function union(view, tag) {
  const own = new Set(view.rules.flatMap((rule) => rule.members));
  const common = view.fields.filter((field) => field !== tag && !own.has(field.wire));
  const variants = view.rules.map((rule) => {
    const members = view.fields.filter((field) => rule.members.includes(field.wire));
    const tagged = { ...tag, values: [rule.value], example: "" };
    return [tagged, ...members.map((field) => ({ ...field, required: true }))];
  });
  const block = (fields) => `{\n${fields.map((field) => member(field, "      ")).join("")}    }`;
  return `export type ${view.name} = {
${common.map((field) => member(field)).join("")}${extraMember}} & (
${variants.map((fields) => `  | ${block(fields)}\n`).join("")});
`;
}

function declaration(view) {
  const tag = tagOf(view);
  if (tag !== undefined) return tsdoc([view.doc]) + union(view, tag);
  const camel = new Map(view.fields.map((field) => [field.wire, field.camel]));
  const rules = rulesInWords(view, (wire) => camel.get(wire) ?? wire);
  const members = view.fields.map((field) => member(field)).join("");
  return `${tsdoc([view.doc, ...rules])}export interface ${view.name} {\n${members}${extraMember}}\n`;
}

function contractFile(contract) {
  const all = contract.models.map(declaration).join("\n");
  return `// ${banner}

// The types of the contract \`${contract.id}\` (${contract.title}), under the names of its document.

import type { Extra } from "../types.js";

${all}`;
}

function indexFile(catalog) {
  const { contracts } = catalog;
  const imports = contracts
    .map(({ id }) => `import type * as ${id} from "./contracts/${id}.js";\n`)
    .join("");
  const names = contracts.map(({ id }) => JSON.stringify(id)).join(", ");
  const type = (id, name) => (name ? `${id}.${name}` : "unknown");
  const entries = contracts
    .map(
      ({ id, title, completion, chunk, error }) => `  /** ${title}. */
  ${id}: {
    completion: ${type(id, completion)};
    chunk: ${type(id, chunk)};
    error: ${type(id, error)};
  };
`,
    )
    .join("");
  return `// ${banner}

${imports}
/** What each contract decodes to. \`error\` is the document's error body, \`unknown\` if it has none. */
export interface Contracts {
${entries}}

/** The contracts by name. */
export type ContractName = keyof Contracts;

/** Every contract's name, in the order of their numbers: the first is 1, since 0 is lenient. */
export const contractNames: readonly ContractName[] = [${names}];

export type { ${contracts.map(({ id }) => id).join(", ")} };
`;
}

export function contractsFiles(catalog) {
  return [
    ...catalog.contracts.map((contract) => [
      `ts/generated/contracts/${contract.id}.ts`,
      contractFile(contract),
    ]),
    ["ts/generated/contracts.ts", indexFile(catalog)],
  ];
}
