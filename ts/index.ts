export { type Contract, contracts, type StandardResult, type StandardSchema } from "./contracts.js";
export { type InitOptions, init } from "./core/load.js";
export {
  type DecodeFailure,
  type DecodeResult,
  decode,
  decodeChunk,
  type LenientOptions,
  type StrictOptions,
  safeDecode,
  safeDecodeChunk,
} from "./decode.js";
export {
  ChatwireError,
  DecodeError,
  LimitError,
  ProviderError,
  TruncatedError,
} from "./errors.js";
export type * from "./generated/contracts.js";
export type { IssueCode, Severity } from "./generated/issue-codes.js";
export type { Limits } from "./generated/limits.js";
export type * from "./generated/types.js";
export type { Issue } from "./issue.js";
export type { DecodeOptions, Input } from "./options.js";
export {
  parseToolArguments,
  type ToolArguments,
  type ToolArgumentsOptions,
} from "./tool-arguments.js";
export { encode } from "./encode.js";
export { type UnifiedFinishReason, unifiedFinishReason } from "./finish-reason.js";
export { isClamped, tokenLogprobs } from "./logprobs.js";
export {
  hasToolCalls,
  messageReasoning,
  messageReasoningSource,
  messageText,
  toRequestMessage,
} from "./message.js";
export { cachedTokens, reasoningTokens, textTokens, totalTokens } from "./usage.js";
