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
  type DecodedStream,
  type DecodeStreamOptions,
  decodeStream,
  type StreamTextOptions,
} from "./decode-stream.js";
export { ChatCompletionDecoderStream } from "./decoder-stream.js";
export { type Encodable, type EncodeOptions, encode, toWire, type WireObject } from "./encode.js";
export { type EncodeStreamOptions, encodeStream } from "./encode-stream.js";
export {
  ChatwireError,
  DecodeError,
  LimitError,
  ProviderError,
  type ToolCallState,
  TruncatedError,
} from "./errors.js";
export {
  type FinishedChoice,
  type UnifiedFinishReason,
  unifiedFinishReason,
} from "./finish-reason.js";
export type * from "./generated/contracts.js";
export type { IssueCode, Severity } from "./generated/issue-codes.js";
export type { Limits } from "./generated/limits.js";
export type * from "./generated/types.js";
export type { Issue } from "./issue.js";
export { isClamped, type LogprobsLike, tokenLogprobs } from "./logprobs.js";
export {
  hasToolCalls,
  type MessageLike,
  type MessageTextOptions,
  messageReasoning,
  messageReasoningSource,
  messageText,
  type ReasoningSource,
  type RequestFunctionCall,
  type RequestMessage,
  type RequestToolCall,
  toRequestMessage,
} from "./message.js";
export type { DecodeOptions, Input } from "./options.js";
export {
  type ChunkOf,
  type CompletionOf,
  type LenientStreamOptions,
  type PartialJson,
  StreamDecoder,
  type StreamOptions,
  type StrictStreamOptions,
} from "./stream-decoder.js";
export type { StreamEvent, StreamTiming, ToolCallEndEvent } from "./stream-events.js";
export type { StreamSource } from "./stream-source.js";
export {
  parseToolArguments,
  type ToolArguments,
  type ToolArgumentsOptions,
} from "./tool-arguments.js";
export {
  cachedTokens,
  reasoningTokens,
  type TextTokens,
  textTokens,
  totalTokens,
  type UsageLike,
} from "./usage.js";
