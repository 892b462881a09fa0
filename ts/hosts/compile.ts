// Compiles the module, and says what can be done where that is forbidden.

// Content-Security-Policy forbids compiling where 'wasm-unsafe-eval' is missing.
function failure(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `chatwire cannot compile its WebAssembly module: ${reason}. Under a Content-Security-Policy, script-src needs 'wasm-unsafe-eval'; where compiling is forbidden altogether, pass init({ module }).`,
    { cause },
  );
}

export function compileNow(bytes: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw failure(error);
  }
}

export async function compile(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw failure(error);
  }
}

/** Compiles while the bytes come. */
export async function compileStreaming(response: Response): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (error) {
    throw failure(error);
  }
}
