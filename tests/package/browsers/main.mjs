import * as chatwire from "chatwire";
import { conformance } from "./conformance.mjs";

/** What the first decode says where nobody has called init(). */
function tooEarly() {
  try {
    return chatwire.decode('{"choices":[{}]}');
  } catch (error) {
    return error.message;
  }
}

export const early = tooEarly();
export const report = await conformance(chatwire);
