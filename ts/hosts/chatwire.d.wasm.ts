/** The WebAssembly module, where an import of its file compiles it. */
declare const module: WebAssembly.Module;
export default module;
