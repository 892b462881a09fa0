import type { InitOptions } from "../core/load.js";

/** What each file here exports that says where the module comes from. */
export interface Host {
  /** For `init()`. */
  load(options: InitOptions): Promise<WebAssembly.Module>;
  /** For the first decode, where `init()` was not called. */
  loadNow(): WebAssembly.Module;
}
