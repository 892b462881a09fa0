// Where the module comes from in browsers, and wherever else nobody says more: it is inlined, and
// compressed, since base64 of the bytes themselves would add a third to what a page loads.
import { bytesOf } from "./base64.js";
import { compile, compileNow } from "./compile.js";
import { deflatedBase64 } from "./deflated.js";
import type { Host } from "./host.js";

interface Zlib {
  inflateRawSync(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

// What looks like a browser may have Node behind it, which has a faster way, and one without waiting.
const host = globalThis as {
  process?: { getBuiltinModule?: (name: "node:zlib") => Zlib | undefined };
};
const zlib = () => host.process?.getBuiltinModule?.("node:zlib");

export const loadNow: Host["loadNow"] = () => {
  const inflated = zlib()?.inflateRawSync(bytesOf(deflatedBase64));
  if (inflated === undefined)
    throw new Error("chatwire is not ready: `await init()` once before the first decode.");
  return compileNow(inflated);
};

export const load: Host["load"] = async () => {
  if (zlib() !== undefined) return loadNow();
  const bytes = new Blob([bytesOf(deflatedBase64)]).stream();
  const inflated = bytes.pipeThrough(new DecompressionStream("deflate-raw"));
  return compile(await new Response(inflated).arrayBuffer());
};
