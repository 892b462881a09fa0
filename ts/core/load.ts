// Compiles and instantiates the core.
// The build puts another file of ../hosts in the place of this one, for each entry of the package.
import { load, loadNow } from "../hosts/node.js";
import type { Core } from "./core.js";

/** Where the module comes from, for hosts that cannot or should not compile it from inlined bytes. */
export interface InitOptions {
  /** A module that was compiled elsewhere, such as an edge runtime's import of `chatwire.wasm`. */
  readonly module?: WebAssembly.Module;
  /**
   * Where `chatwire.wasm` is served: its address, what `fetch()` gives for it, or its bytes. It is
   * compiled while it streams. For `chatwire/external`; other entries have the module already. Pages
   * that decode no streams may load `bodies.wasm` instead, which is little more than half as large.
   */
  readonly wasm?: string | URL | Response | BufferSource | PromiseLike<Response | BufferSource>;
}

let module: WebAssembly.Module | undefined;
let loading: Promise<WebAssembly.Module> | undefined;
let core: Core | undefined;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly __indirect_function_table: WebAssembly.Table;
  _initialize(): void;
  /** The address of what bindings/embind.cpp has written down: names of functions and their places. */
  functions(): number;
}

function instantiate(compiled: WebAssembly.Module): Core {
  const instance = new WebAssembly.Instance(compiled);
  const given = instance.exports as unknown as Exports;
  given._initialize();
  let heap = new Uint8Array(given.memory.buffer);
  const made: Record<string, unknown> = {
    get HEAPU8() {
      if (heap.length === 0) heap = new Uint8Array(given.memory.buffer);
      return heap;
    },
  };
  const words = new Uint32Array(heap.buffer);
  for (let at = given.functions() >>> 2; words[at] !== 0; at += 2) {
    const place = words[at + 1] as number;
    made[textAt(heap, words[at] as number)] = given.__indirect_function_table.get(place);
  }
  return made as unknown as Core;
}

/** A text that ends with a zero. */
export function textAt(heap: Uint8Array, from: number): string {
  return String.fromCharCode(...heap.subarray(from, heap.indexOf(0, from)));
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
