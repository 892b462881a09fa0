/** The WebAssembly module, as base64: what every bundler carries along. */
export declare const wasmBase64: string;
