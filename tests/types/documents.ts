// The example values of the contracts' own documents must be values of the contracts' types, as
// they are printed there: only the imports differ.

import type { CreateChatCompletionResponse } from "../../ts/generated/contracts/argot.js";
import type { ChatCompletionResponse } from "../../ts/generated/contracts/atoma.js";
import type { Contracts } from "../../ts/generated/contracts.js";

/** Atoma, TypeScript document. */
export function atomaTypeScript(): ChatCompletionResponse {
  let value: ChatCompletionResponse = {
    choices: [
      {
        index: 0,
        message: {
          name: "AI expert",
          role: "system",
        },
      },
    ],
    created: 1677652288,
    id: "chatcmpl-123",
    model: "meta-llama/Llama-3.3-70B-Instruct",
    object: "chat.completion",
    serviceTier: "auto",
    systemFingerprint: "fp_44709d6fcb",
    usage: {
      completionTokens: 12,
      promptTokens: 9,
      promptTokensDetails: {
        audioTokens: 0,
        cachedTokens: 10,
      },
      totalTokens: 21,
    },
  };
  return value;
}

/** argot-open-ai, TypeScript document. */
export function argotTypeScript(): CreateChatCompletionResponse {
  let value: CreateChatCompletionResponse = {
    id: "<id>",
    choices: [
      {
        finishReason: "function_call",
        index: 978619,
        message: {
          content: "<value>",
          refusal: "<value>",
          role: "assistant",
        },
        logprobs: {
          content: [
            {
              token: "<value>",
              logprob: 7991.59,
              bytes: [461479],
              topLogprobs: [
                {
                  token: "<value>",
                  logprob: 7805.29,
                  bytes: [118274],
                },
              ],
            },
          ],
          refusal: [
            {
              token: "<value>",
              logprob: 6399.21,
              bytes: [143353],
              topLogprobs: [
                {
                  token: "<value>",
                  logprob: 9446.69,
                  bytes: [521848],
                },
              ],
            },
          ],
        },
      },
    ],
    created: 414662,
    model: "Challenger",
    serviceTier: "scale",
    object: "chat.completion",
  };
  return value;
}

/** Atoma, Python document: put together from its column of examples. */
export const atomaPython: Contracts["atoma"]["completion"] = {
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "Hello! How can you help me today?",
      },
      finishReason: null,
      // The example has this member, the document's model has not.
      extra: { stop_reason: null },
    },
  ],
  created: 1677652288,
  id: "chatcmpl-123",
  model: "meta-llama/Llama-3.3-70B-Instruct",
  object: "chat.completion",
  serviceTier: "auto",
  systemFingerprint: "fp_44709d6fcb",
};

/** log10py, Python document: the example of its OpenAPI document. */
export const log10Python: Contracts["log10"]["completion"] = {
  id: "chatcmpl-123",
  object: "chat.completion",
  created: 1677652288,
  model: "gpt-3.5-turbo-0125",
  systemFingerprint: "fp_44709d6fcb",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "\n\nHello there, how may I assist you today?",
      },
      logprobs: null,
      finishReason: "stop",
    },
  ],
  usage: {
    promptTokens: 9,
    completionTokens: 12,
    totalTokens: 21,
  },
};

/** Sudo, Python document: the example of its TypeScript twin. */
export const sudoPython: Contracts["sudo"]["completion"] = {
  choices: [],
  created: 676471,
  id: "<id>",
  model: "Altima",
  object: "<value>",
  usage: {
    completionTokens: 818271,
    promptTokens: 339789,
    totalTokens: 7790,
  },
};
