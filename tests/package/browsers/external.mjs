import * as chatwire from "chatwire/external";
import { conformance } from "./conformance.mjs";

const messageOf = (promise) =>
  promise.then(
    () => "no error",
    ({ message }) => message,
  );

export const withoutModule = await messageOf(chatwire.init());
export const notFound = await messageOf(chatwire.init({ wasm: "/nowhere.wasm" }));
// After what has failed, and not awaited: conformance() does that.
const ready = chatwire.init({ wasm: fetch("/node_modules/chatwire/dist/chatwire.wasm") });
export const report = await conformance(chatwire);
await ready;
