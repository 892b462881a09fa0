// Where the module comes from in workerd, Cloudflare's runtime: it compiles no bytes while it runs,
// but what is imported.
import module from "./chatwire.wasm";
import type { Host } from "./host.js";

export const loadNow: Host["loadNow"] = () => {
  return module;
};

export const load: Host["load"] = async () => {
  return module;
};
