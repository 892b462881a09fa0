// schemas/<contract>.<what>.json: each contract as JSON Schemas.

export function schemasFiles(catalog) {
  return Object.entries(catalog.schemas).flatMap(([contract, roots]) =>
    Object.entries(roots)
      .filter(([, schema]) => schema !== null)
      .map(([what, schema]) => [
        `schemas/${contract}.${what}.json`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
  );
}
