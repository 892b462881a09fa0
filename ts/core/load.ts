// Compiles and instantiates the core.
import { wasmBase64 } from "./binary.js";
import createCore, { type Core } from "./glue.js";

/** Where the core comes from, for hosts that cannot or should not compile it from its bytes. */
export interface InitOptions {
  /** A module that was compiled elsewhere, such as an edge runtime's import of `chatwire.wasm`. */
  readonly module?: WebAssembly.Module;
}

let module: WebAssembly.Module | undefined;
let compiling: Promise<WebAssembly.Module> | undefined;
let core: Core | undefined;

// Native ways to read base64 take a tenth of the time, where there are any.
const native = globalThis as {
  Buffer?: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> };
};
const NativeBytes = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

function wasmBytes(): Uint8Array<ArrayBuffer> {
  if (NativeBytes.fromBase64 !== undefined) return NativeBytes.fromBase64(wasmBase64);
  if (native.Buffer !== undefined) return native.Buffer.from(wasmBase64, "base64");
  return Uint8Array.from(atob(wasmBase64), (letter) => letter.charCodeAt(0));
}

// Content-Security-Policy forbids compiling where 'wasm-unsafe-eval' is missing.
function compileFailure(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `chatwire cannot compile its WebAssembly module: ${reason}. Under a Content-Security-Policy, script-src needs 'wasm-unsafe-eval'; where compiling is forbidden altogether, pass init({ module }).`,
    { cause },
  );
}

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
 * @throws Error where WebAssembly must not be compiled (Content-Security-Policy, edge runtimes).
 */
export async function init(options: InitOptions = {}): Promise<void> {
  if (core !== undefined) return;
  if (options.module !== undefined) {
    module = options.module;
  } else if (module === undefined) {
    compiling ??= WebAssembly.compile(wasmBytes());
    try {
      module = await compiling;
    } catch (error) {
      throw compileFailure(error);
    } finally {
      compiling = undefined;
    }
  }
  core ??= instantiate(module);
}

/** The core; it is compiled now if it was not before. */
export function getCore(): Core {
  if (core !== undefined) return core;
  try {
    module ??= new WebAssembly.Module(wasmBytes());
  } catch (error) {
    throw compileFailure(error);
  }
  core = instantiate(module);
  return core;
}

/** Forgets a core that has trapped: its stack is never restored. The next one is made from the
 * compiled module. */
export function discardCore(): void {
  core = undefined;
}
