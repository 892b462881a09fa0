import { decode, decodeStream, init } from "chatwire";

export const ready = init;
export const body = (bytes) => decode(bytes);
export const stream = (response) => decodeStream(response).finalCompletion();
