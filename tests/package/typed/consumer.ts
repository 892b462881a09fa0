// What a program in TypeScript imports.
import { decode, init, type openai } from "chatwire";
import bodies from "chatwire/bodies.wasm";
import module from "chatwire/chatwire.wasm";
import type { ChatCompletion } from "chatwire/contracts/groq";
import type { CreateChatCompletionResponse } from "chatwire/contracts/openai";
import { init as initExternal } from "chatwire/external";

await init();
await initExternal({ wasm: fetch("/chatwire.wasm") });
await initExternal({ module });
await initExternal({ module: bodies });

const body = '{"choices":[]}';
const completion: openai.CreateChatCompletionResponse = decode(body, { contract: "openai" });
export const same: CreateChatCompletionResponse = completion;
export const other: ChatCompletion = decode(body, { contract: "groq" });
// @ts-expect-error: a contract's completion is not any other's.
export const wrong: ChatCompletion = completion;
