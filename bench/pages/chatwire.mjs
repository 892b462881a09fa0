import { decode, decodeStream, init } from "../../dist/index.js";

export const ready = init;
export const body = (bytes) => decode(bytes);
export const stream = (response) => decodeStream(response).finalCompletion();
