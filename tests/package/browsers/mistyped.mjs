import * as chatwire from "chatwire/external";
import { conformance } from "./conformance.mjs";

// A server that does not know what WebAssembly is.
await chatwire.init({ wasm: new URL("/mistyped.wasm", location.href) });
export const report = await conformance(chatwire);
