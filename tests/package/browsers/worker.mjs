import { conformance } from "./conformance.mjs";
import * as chatwire from "./node_modules/chatwire/dist/index.js";

postMessage(await conformance(chatwire));
