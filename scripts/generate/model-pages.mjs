// docs/models: a page for each merged model, a page for each contract, and a list of them all.

import { cppMember } from "./cpp-type.mjs";
import { anchor, fieldsTable, literal, note, table, typeInWords } from "./markdown.mjs";
import { rulesInWords } from "./prose.mjs";

const page = (model) => `${model.id.replaceAll("_", "-")}.md`;

const presenceCodes = (field) => `${field.required ? "R" : "O"}${field.nullable ? "N" : ""}`;

/** How a contract has a member: once for each of its views of the model, where those differ. */
function presence(catalog, contract, model, field) {
  const found = catalog
    .views(contract, model.id)
    .map((view) => view.fields.find((twin) => twin.wire === field.wire))
    .map((twin) => (twin === undefined ? "\u2013" : presenceCodes(twin)));
  return [...new Set(found)].join(" / ");
}

function presenceSection(catalog, model) {
  const contracts = catalog.contracts.filter(
    (contract) => catalog.views(contract, model.id).length,
  );
  if (contracts.length === 0) return "";
  const heads = contracts.map(({ id, short }) => `[${short}](contracts/${id}.md)`);
  const rows = model.known.map((field) => [
    literal(field.camel),
    literal(field.wire),
    ...contracts.map((contract) => presence(catalog, contract, model, field)),
  ]);
  return `
## In the contracts

R: required. O: optional. N: may be null. \u2013: the document does not have it. Where a contract has
several models of this kind that differ, each is told.

${table(["Field", "On the wire", ...heads], rows)}`;
}

function modelPage(catalog, model) {
  const link = (id) => `[${catalog.model(id).name}](${page(catalog.model(id))})`;
  const rows = model.fields.map((field) => ({
    name: field.camel,
    type: field.derived
      ? "*true*"
      : typeInWords(field, { link, closed: false, nullable: !field.sure }),
    required: field.sure,
    doc: field.derived ? `${field.doc} Set by chatwire, never on the wire.` : field.doc,
    example: field.example,
  }));
  rows.push({
    name: "extra",
    type: "Record\\<string, *any*\\>",
    required: false,
    doc: "Members that the model does not know, and originals of values that did not fit or were repaired, by their wire names.",
    example: "",
  });
  const renamed = model.fields.filter((field) => cppMember(field) !== field.wire);
  const cppNames = renamed.map((f) => `${literal(f.wire)} is ${literal(cppMember(f))}`).join(", ");
  return `${note}

# ${model.name}

${model.doc}

In C++: \`chatwire::${model.id}\`, whose members have their names on the wire${cppNames ? `; ${cppNames}` : ""}.

## Fields

${fieldsTable(rows)}${presenceSection(catalog, model)}`;
}

function contractSection(view) {
  const camel = new Map(view.fields.map((field) => [field.wire, field.camel]));
  const rows = view.fields.map((field) => ({
    name: field.camel,
    type: typeInWords(field, {
      link: (name) => `[${name}](${anchor(name)})`,
      closed: true,
      nullable: field.nullable,
    }),
    required: field.required,
    doc: (field.deprecated ? "**Deprecated.** " : "") + field.doc,
    example: field.example,
  }));
  const rules = rulesInWords(view, (wire) => camel.get(wire) ?? wire);
  const tolerant = view.tolerant
    ? ["The document keeps what does not fit here, so departures inside are warnings."]
    : [];
  return `## ${view.name}

${[view.doc, ...rules, ...tolerant].filter(Boolean).join("\n\n")}

${fieldsTable(rows)}`;
}

function contractPage(contract) {
  const roots = [
    ["completion", contract.completion],
    ["chunk", contract.chunk],
    ["error", contract.error],
  ].filter(([, name]) => name);
  const rootRows = roots.map(([what, name]) => [
    `A${what === "error" ? "n" : ""} ${what}`,
    `[${name}](${anchor(name)})`,
    `[${contract.id}.${what}.json](../../../schemas/${contract.id}.${what}.json)`,
  ]);
  return `${note}

# The contract \`${contract.id}\`

${contract.title}. Named as \`contract: "${contract.id}"\` in TypeScript and as \`chatwire::contract::${contract.id}\` in C++,
decoding fails where the input departs from the tables below. Names are camelCase, as in TypeScript;
what they are on the wire is told on the pages of the [models](../README.md).

${table(["", "Model", "JSON Schema"], rootRows)}
${contract.models.map(contractSection).join("\n")}`;
}

function listPage(catalog) {
  const models = catalog.merged.map((model) => [`[${model.name}](${page(model)})`, model.doc]);
  const contracts = catalog.contracts.map(({ id, title, completion }) => [
    `[\`${id}\`](contracts/${id}.md)`,
    title,
    literal(completion),
  ]);
  return `${note}

# Models

Decoding without a contract gives these: the superset of what is documented and of what real servers
send. Every member may be absent or null, except for those marked as required.

${table(["Model", "What it is"], models)}
## Contracts

A contract is one documented shape. Naming one makes decoding strict.

${table(["Contract", "Whose document", "Its completion"], contracts)}`;
}

export function modelPagesFiles(catalog) {
  return [
    ["docs/models/README.md", listPage(catalog)],
    ...catalog.merged.map((model) => [`docs/models/${page(model)}`, modelPage(catalog, model)]),
    ...catalog.contracts.map((contract) => [
      `docs/models/contracts/${contract.id}.md`,
      contractPage(contract),
    ]),
  ];
}
