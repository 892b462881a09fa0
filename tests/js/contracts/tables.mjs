// The tables of models, as src/models has them, for tests that are made from them.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../build/native/emit_models", import.meta.url));
if (!existsSync(program)) {
  throw new Error(
    "build/native/emit_models is not there. `npm test -- js` builds it before it runs these tests.",
  );
}
const tables = JSON.parse(execFileSync(program, { encoding: "utf8", maxBuffer: 1 << 28 }));

/** JSON Schemas: `schemas[contract][root]`. */
export const schemas = tables.schemas;

/** What bodies are: the completion and the chunk. */
export const roots = ["completion", "chunk"];

function fieldsOf(fields) {
  return new Map(fields.filter((field) => !field.derived).map((field) => [field.wire, field]));
}

/**
 * The contracts: `{ name, completion, chunk, models }`. `models` maps the names that fields refer to
 * to `{ id, name, tolerant, fields, rules }`, where `fields` is a map from wire names.
 */
export const contracts = tables.contracts.map(({ id, completion, chunk, models }) => ({
  name: id,
  completion,
  chunk,
  models: new Map(
    models.map((model) => [model.name, { ...model, fields: fieldsOf(model.fields) }]),
  ),
}));

/** The merged models in the same form. Under no contract nothing is required, and all may be null. */
export const lenient = {
  name: undefined,
  completion: "chat_completion",
  chunk: "chat_completion_chunk",
  models: new Map(
    tables.merged.map(({ id, fields }) => [
      id,
      {
        id,
        name: id,
        tolerant: false,
        rules: [],
        fields: fieldsOf(
          fields.map((field) => ({ ...field, required: false, nullable: true, closed: false })),
        ),
      },
    ]),
  ),
};

/** The model of a root. */
export function rootModel(of, root) {
  return of.models.get(of[root]);
}

/** The model of a field's objects. */
export function modelOf(of, field) {
  return of.models.get(field.object);
}
