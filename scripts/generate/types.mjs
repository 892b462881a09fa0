// ts/generated/types.ts: the lenient interfaces, the superset of all contracts.

import { banner } from "./catalog.mjs";
import { code, tsdoc } from "./prose.mjs";
import { tsMember, tsType } from "./ts-type.mjs";

const head = `// ${banner}

/**
 * Members that the model does not know, by their wire names, and the originals of values that did
 * not fit their member's type or were repaired.
 */
export type Extra = Record<string, unknown>;
`;

export const extraMember = `${tsdoc(["Members that the model does not know, and originals of values that did not fit."], "  ")}  extra?: Extra;\n`;

function derivedDoc(field) {
  return [field.doc, "Set by chatwire, never on the wire."];
}

function knownDoc(catalog, model, field) {
  const declarers = catalog.declarers(model.id, field.wire).map((contract) => contract.short);
  return [
    field.doc,
    declarers.length > 0 ? `Declared by: ${declarers.join(", ")}.` : "",
    field.example ? `Example: ${code(field.example)}.` : "",
  ];
}

function member(catalog, model, field) {
  if (field.derived) {
    return `${tsdoc(derivedDoc(field), "  ")}  ${field.camel}?: true;\n`;
  }
  const type = tsType(field, { typeName: (id) => catalog.model(id).name, closed: false });
  const line = tsMember(field.camel, { optional: !field.sure, nullable: !field.sure, type });
  return `${tsdoc(knownDoc(catalog, model, field), "  ")}  ${line}\n`;
}

function declaration(catalog, model) {
  const members = model.fields.map((field) => member(catalog, model, field)).join("");
  return `${tsdoc([model.doc])}export interface ${model.name} {\n${members}${extraMember}}\n`;
}

export function typesFiles(catalog) {
  const all = catalog.merged.map((model) => declaration(catalog, model)).join("\n");
  return [["ts/generated/types.ts", `${head}\n${all}`]];
}
