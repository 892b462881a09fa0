import * as external from "./node_modules/chatwire/dist/external.js";
import * as chatwire from "./node_modules/chatwire/dist/index.js";

/** What an act throws. */
async function thrown(act) {
  try {
    await act();
    return undefined;
  } catch ({ name, message, cause }) {
    return { name, message, cause: cause?.name };
  }
}

const wasm = "/node_modules/chatwire/dist/chatwire.wasm";
export const inlined = await thrown(() => chatwire.init());
export const again = await thrown(() => chatwire.init());
export const streamed = await thrown(() => external.init({ wasm }));
export const fromBytes = await thrown(async () => {
  const response = await fetch(wasm);
  await external.init({ wasm: await response.arrayBuffer() });
});
