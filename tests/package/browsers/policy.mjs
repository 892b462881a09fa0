import { conformance } from "./conformance.mjs";
import * as chatwire from "./node_modules/chatwire/dist/index.js";

export const report = await conformance(chatwire);
