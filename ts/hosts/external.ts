// Where the module comes from in `chatwire/external`: from whoever calls init().
import { compile, compileStreaming } from "./compile.js";
import type { Host } from "./host.js";

const help =
  'pass init({ wasm: "/chatwire.wasm" }), where that serves the file chatwire/chatwire.wasm, or init({ module })';

export const loadNow: Host["loadNow"] = () => {
  throw new Error(`chatwire/external is not ready: before the first decode, ${help}.`);
};

export const load: Host["load"] = async ({ wasm }) => {
  if (wasm === undefined) throw new Error(`chatwire/external has no module: ${help}.`);
  const given = await (typeof wasm === "string" || wasm instanceof URL ? fetch(wasm) : wasm);
  if (!(given instanceof Response)) return compile(given);
  if (!given.ok) throw new Error(`No chatwire.wasm at ${given.url}: status ${given.status}.`);
  // Only what is said to be WebAssembly is compiled while it comes.
  return given.headers.get("content-type") === "application/wasm"
    ? compileStreaming(given)
    : compile(await given.arrayBuffer());
};
