import validate from "../node_modules/.compiled/ajv.mjs";
import { toCompletion } from "../peers/camel-case.mjs";

const decoder = new TextDecoder();

export function body(bytes) {
  const value = JSON.parse(decoder.decode(bytes));
  if (!validate(value)) throw new TypeError(JSON.stringify(validate.errors));
  return toCompletion(value);
}
