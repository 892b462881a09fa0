// Where the module comes from on Node, Deno and Bun: it is inlined as it is, and compiled at once.
// In a file of its own it would start no sooner, and be lost where servers are bundled.
import { bytesOf } from "./base64.js";
import { wasmBase64 } from "./binary.js";
import { compileNow } from "./compile.js";
import type { Host } from "./host.js";

export const loadNow: Host["loadNow"] = () => {
  return compileNow(bytesOf(wasmBase64));
};

export const load: Host["load"] = async () => {
  return loadNow();
};
