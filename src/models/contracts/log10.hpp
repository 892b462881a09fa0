// The contract of log10py: CreateChatCompletionResponse as OpenAI specified it in spring 2024,
// without service tiers and refusals.
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::log10 {

inline constexpr values tool_call_types{"function"};
inline constexpr values message_roles{"assistant"};
inline constexpr values finish_reasons{"stop", "length", "tool_calls", "content_filter",
                                       "function_call"};
inline constexpr values completion_objects{"chat.completion"};
inline constexpr values delta_roles{"system", "user", "assistant", "tool"};
inline constexpr values chunk_objects{"chat.completion.chunk"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model usage{
    merged::usage, "CompletionUsage",
    {
        member("completion_tokens", R, integer),
        member("prompt_tokens", R, integer),
        member("total_tokens", R, integer),
    }};

inline constexpr contract_model top_logprob{
    merged::top_logprob, "TopLogprobs",
    {
        member("token", R, text),
        member("logprob", R, number),
        member("bytes", RN, integers),
    }};

inline constexpr contract_model token_logprob{
    merged::token_logprob, "ChatCompletionTokenLogprob",
    {
        member("token", R, text),
        member("logprob", R, number),
        member("bytes", RN, integers),
        member("top_logprobs", R, objects(top_logprob)),
    }};

inline constexpr contract_model logprobs{
    merged::logprobs, "Logprobs",
    {
        member("content", RN, objects(token_logprob)),
    }};

inline constexpr contract_model function_call{
    merged::function_call, "ChatCompletionResponseMessageFunctionCall",
    {
        member("arguments", R, text),
        member("name", R, text),
    }};

inline constexpr contract_model tool_function{
    merged::tool_function, "FunctionT",
    {
        member("name", R, text),
        member("arguments", R, text),
    }};

inline constexpr contract_model tool_call{
    merged::tool_call, "ChatCompletionMessageToolCall",
    {
        member("id", R, text),
        member("type", R, closed(tool_call_types)),
        member("function", R, object(tool_function)),
    }};

inline constexpr contract_model message{
    merged::message, "ChatCompletionResponseMessage",
    {
        member("content", RN, text),
        member("tool_calls", O, objects(tool_call)),
        member("role", R, closed(message_roles)),
        deprecated(member("function_call", O, object(function_call))),
    }};

inline constexpr contract_model choice{
    merged::choice, "Choices",
    {
        member("finish_reason", R, closed(finish_reasons)),
        member("index", R, integer),
        member("message", R, object(message)),
        member("logprobs", RN, object(logprobs)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "CreateChatCompletionResponse",
    {
        member("id", R, text, "A unique identifier for the chat completion."),
        member("choices", R, objects(choice),
               "A list of chat completion choices. Can be more than one if `n` is greater than "
               "1."),
        member("created", R, integer,
               "The Unix timestamp (in seconds) of when the chat completion was created."),
        member("model", R, text, "The model used for the chat completion."),
        member("system_fingerprint", O, text,
               "This fingerprint represents the backend configuration that the model runs "
               "with.\n\nCan be used in conjunction with the `seed` request parameter to "
               "understand when backend changes have been made that might impact determinism."),
        member("object", R, closed(completion_objects),
               "The object type, which is always `chat.completion`."),
        member("usage", O, object(usage), "Usage statistics for the completion request."),
    },
    {.doc = "Represents a chat completion response returned by model, based on the provided "
            "input."}};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model chunk_usage{
    merged::usage, "ChunkUsage",
    {
        member("completion_tokens", R, integer),
        member("prompt_tokens", R, integer),
        member("total_tokens", R, integer),
    }};

inline constexpr contract_model delta_tool_function{
    merged::tool_function, "ToolCallChunkFunction",
    {
        member("name", O, text),
        member("arguments", O, text),
    }};

inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "ChatCompletionMessageToolCallChunk",
    {
        member("index", R, integer),
        member("id", O, text),
        member("type", O, closed(tool_call_types)),
        member("function", O, object(delta_tool_function)),
    }};

inline constexpr contract_model delta_function_call{
    merged::function_call, "DeltaFunctionCall",
    {
        member("arguments", O, text),
        member("name", O, text),
    }};

inline constexpr contract_model delta{
    merged::delta, "ChatCompletionStreamResponseDelta",
    {
        member("content", ON, text),
        deprecated(member("function_call", O, object(delta_function_call))),
        member("tool_calls", O, objects(tool_call_delta)),
        member("role", O, closed(delta_roles)),
    }};

inline constexpr contract_model chunk_choice{
    merged::chunk_choice, "ChunkChoice",
    {
        member("delta", R, object(delta)),
        member("logprobs", ON, object(logprobs)),
        member("finish_reason", RN, closed(finish_reasons)),
        member("index", R, integer),
    }};

inline constexpr contract_model chunk{
    merged::chat_completion_chunk, "CreateChatCompletionStreamResponse",
    {
        member("id", R, text),
        member("choices", R, objects(chunk_choice)),
        member("created", R, integer),
        member("model", R, text),
        member("system_fingerprint", O, text),
        member("object", R, closed(chunk_objects)),
        member("usage", O, object(chunk_usage)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

inline constexpr contract_model error_payload{
    merged::error_payload, "ErrorT",
    {
        member("code", RN, scalar),
        member("message", R, text),
        member("param", RN, text),
        member("type", R, text),
    }};

inline constexpr contract_model error{
    merged::error_response, "ErrorResponse",
    {
        member("error", R, object(error_payload)),
    }};

}  // namespace chatwire::models::log10
