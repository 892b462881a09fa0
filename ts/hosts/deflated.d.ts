/** The WebAssembly module, compressed ("deflate-raw"), as base64. */
export declare const deflatedBase64: string;
