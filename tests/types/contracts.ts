// What a contract promises is also what the lenient types say, so that helpers which take those
// work on the values of contracts. Two documents allow more than the lenient types: Sudo's leaves
// some members open to any JSON, Mistral's has tool arguments that are objects.

import type { Contracts, openai } from "../../ts/generated/contracts.js";
import type { ChatCompletion, ChatCompletionChunk } from "../../ts/generated/types.js";

type Closed = Exclude<keyof Contracts, "sudo" | "mistral">;

export function lenientCompletion(strict: Contracts[Closed]["completion"]): ChatCompletion {
  return strict;
}

export function lenientChunk(strict: Contracts[Closed]["chunk"]): ChatCompletionChunk {
  return strict;
}

/** The kind of a tool call tells which of its members it has. */
export function calledName(call: openai.ChatCompletionMessageToolCall): string {
  return call.type === "function" ? call.function.name : call.custom.name;
}
