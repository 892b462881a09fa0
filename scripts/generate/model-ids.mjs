// ts/generated/model-ids.ts: the numbers of the models, and what the core does not tell of them.

import { banner } from "./catalog.mjs";

/** The rule by which names become camelCase; ts/core/models.ts has the same. */
const camelCase = (wire) =>
  wire.replace(/^.|_./g, (at, index) =>
    index === 0 ? at.toLowerCase() : at.slice(1).toUpperCase(),
  );

function check(model) {
  for (const { wire, camel, derived, about } of model.fields) {
    if (camel !== camelCase(wire)) throw new Error(`${model.id}: the rule does not give ${camel}`);
    if (derived && about === undefined) throw new Error(`${model.id}: ${camel} is about nothing`);
  }
}

function syntheticRow(model, number) {
  const about = model.fields.filter((field) => field.derived).map((flag) => flag.about.camel);
  if (about.length === 0) return "";
  return `  ${number}: ${JSON.stringify(about)}, // ${model.id}\n`;
}

/** The name of the constant that has a model's number. */
const constant = ({ id }) => {
  const camel = camelCase(id);
  return camel.endsWith("Model") ? camel : `${camel}Model`;
};

export function modelIdsFiles(catalog) {
  catalog.merged.forEach(check);
  const ids = catalog.merged.map(
    (model, number) => `export const ${constant(model)} = ${number};\n`,
  );
  const text = `// ${banner}

// The merged models by their numbers.
${ids.join("")}
/**
 * Members that chatwire makes up where they are missing, by the number of the model: a flag of the
 * member's name and \`Synthetic\` then says so. The flags come after all other members.
 */
export const synthetic: { readonly [id: number]: readonly string[] } = {
${catalog.merged.map(syntheticRow).join("")}};
`;
  return [["ts/generated/model-ids.ts", text]];
}
