// Compiles and instantiates the core.
// The build puts another file of ../hosts in the place of this one, for each entry of the package.
import { load, loadNow } from "../hosts/node.js";
import createCore, { type Core } from "./glue.js";

/** Where the module comes from, for hosts that cannot or should not compile it from inlined bytes. */
export interface InitOptions {
  /** A module that was compiled elsewhere, such as an edge runtime's import of `chatwire.wasm`. */
  readonly module?: WebAssembly.Module;
  /**
   * Where `chatwire.wasm` is served: its address, what `fetch()` gives for it, or its bytes. It is
   * compiled while it streams. For `chatwire/external`; other entries have the module already.
   */
  readonly wasm?: string | URL | Response | BufferSource | PromiseLike<Response | BufferSource>;
}

let module: WebAssembly.Module | undefined;
let loading: Promise<WebAssembly.Module> | undefined;
let core: Core | undefined;

function instantiate(compiled: WebAssembly.Module): Core {
  let failure: unknown;
  const host = {
    // The glue swallows an error thrown here and never settles, so it is kept and thrown below.
    instantiateWasm(
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): WebAssembly.Exports {
      try {
        const instance = new WebAssembly.Instance(compiled, imports);
        receive(instance, compiled);
        return instance.exports;
      } catch (error) {
        failure = error;
        return {};
      }
    },
  };
  // The hook runs at once, so the host object is the finished core when this returns.
  void createCore(host);
  if (failure !== undefined) throw failure;
  return host as unknown as Core;
}

/**
 * Makes chatwire ready: compiles its WebAssembly module without blocking. In browsers and workers,
 * call it once before the first decode; on Node the first decode does the same by itself. It may be
 * called again and from several places at once.
 *
 * @param options where the module comes from; nothing to be said for `chatwire` itself. Once there is
 *   a module, they are ignored
 * @throws Error where WebAssembly must not be compiled (Content-Security-Policy, edge runtimes), or the
 *   module cannot be had
 * @example
 * await init();
 */
export async function init(options: InitOptions = {}): Promise<void> {
  if (core !== undefined) return;
  if (options.module !== undefined) {
    module = options.module;
  } else if (module === undefined) {
    loading ??= load(options);
    try {
      module = await loading;
    } finally {
      loading = undefined;
    }
  }
  core ??= instantiate(module);
}

/** The core; it is compiled now if it was not before. */
export function getCore(): Core {
  if (core !== undefined) return core;
  module ??= loadNow();
  core = instantiate(module);
  return core;
}

/** Forgets a core that has trapped, since its stack is never restored, or is too large. The next one is
 * made from the compiled module. */
export function discardCore(): void {
  core = undefined;
}
