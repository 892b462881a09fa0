// The contract of Sudo's ChatCompletion, which requires the usage and has a map of metadata. What
// its document leaves open (`any`) is open here: names inside stay as they came.
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::sudo {

inline constexpr values delta_roles{"assistant", "user", "system", "tool"};
inline constexpr values finish_reasons{"stop", "length", "tool_calls", "content_filter"};
inline constexpr values chunk_objects{"chat.completion.chunk"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model usage{
    merged::usage, "Usage",
    {
        member("completion_tokens", R, count),
        member("completion_tokens_details", ON, anything),
        member("prompt_tokens", R, count),
        member("prompt_tokens_details", ON, anything),
        member("total_tokens", R, count),
    }};

inline constexpr contract_model tool_function{
    merged::tool_function, "ToolCallFunction",
    {
        member("arguments", R, text),
        member("name", R, text),
    }};

inline constexpr contract_model tool_call{
    merged::tool_call, "ToolCall",
    {
        member("function", R, object(tool_function)),
        member("id", R, text),
        member("type", R, text),
    }};

inline constexpr contract_model message{
    merged::message, "MessageResponse",
    {
        member("annotations", ON, anything),
        member("audio", ON, anything),
        member("content", ON, text),
        member("refusal", ON, text),
        member("role", R, text),
        member("tool_calls", ON, objects(tool_call)),
    }};

inline constexpr contract_model choice{
    merged::choice, "Choice",
    {
        member("finish_reason", R, text),
        member("index", R, count),
        member("logprobs", ON, anything),
        member("message", R, object(message)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "ChatCompletion",
    {
        member("choices", R, objects(choice)),
        member("created", R, count),
        member("id", R, text),
        member("model", R, text),
        member("object", R, text),
        member("service_tier", ON, text),
        member("system_fingerprint", ON, text),
        member("usage", R, object(usage)),
        member("metadata", ON, map_of_text,
               "Developer-defined metadata attached to the completion."),
    }};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model chunk_usage{
    merged::usage, "ChatCompletionChunkUsage",
    {
        member("completion_tokens", R, count),
        member("completion_tokens_details", ON, anything),
        member("prompt_tokens", R, count),
        member("prompt_tokens_details", ON, anything),
        member("total_tokens", R, count),
    }};

// The document takes whole tool calls for fragments.
inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "ChatCompletionDeltaToolCall",
    {
        member("function", R, object(tool_function)),
        member("id", R, text),
        member("type", R, text),
    }};

inline constexpr contract_model delta{
    merged::delta, "ChatCompletionDelta",
    {
        member("content", ON, text),
        member("role", ON, closed(delta_roles)),
        member("tool_calls", ON, objects(tool_call_delta)),
        member("refusal", ON, text),
    }};

inline constexpr contract_model chunk_choice{
    merged::chunk_choice, "ChatCompletionChunkChoice",
    {
        member("index", R, count),
        member("delta", R, object(delta)),
        member("finish_reason", ON, closed(finish_reasons)),
        member("logprobs", ON, map),
    }};

// What the data of an event holds. The document's ChatCompletionChunk is the event around it.
inline constexpr contract_model chunk{
    merged::chat_completion_chunk, "ChatCompletionChunkData",
    {
        member("id", R, text),
        member("object", R, closed(chunk_objects)),
        member("created", R, count),
        member("model", R, text),
        member("system_fingerprint", ON, text),
        member("choices", R, objects(chunk_choice)),
        member("usage", ON, object(chunk_usage)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

inline constexpr contract_model error_payload{
    merged::error_payload, "ErrorDetail",
    {
        member("message", R, text),
        member("type", R, text),
    }};

inline constexpr contract_model error{
    merged::error_response, "ErrorResponse",
    {
        member("error", R, object(error_payload)),
    }};

}  // namespace chatwire::models::sudo
