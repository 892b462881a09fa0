// The contract of Mistral, as its TypeScript SDK documents it. Members for which the SDK has a
// default are optional here. Parts of contents that do not fit are kept as they are.
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::mistral {

inline constexpr values tool_types{"function"};
inline constexpr values image_details{"low", "auto", "high"};
inline constexpr values content_part_types{"text", "image_url", "document_url", "file",
                                           "input_audio", "reference", "thinking",
                                           "tool_reference"};
inline constexpr values message_roles{"assistant"};
inline constexpr values finish_reasons{"stop", "length", "model_length", "error", "tool_calls"};
inline constexpr values chunk_choice_finish_reasons{"stop", "length", "error", "tool_calls"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model usage{
    merged::usage, "UsageInfo",
    {
        member("prompt_tokens", O, integer),
        member("completion_tokens", O, integer),
        member("total_tokens", O, integer),
        member("prompt_audio_seconds", ON, integer),
        member("service_tier", ON, text),
    }};

inline constexpr contract_model tool_function{
    merged::tool_function, "FunctionCall",
    {
        member("name", R, text),
        member("arguments", R, text | also_map),
    }};

inline constexpr contract_model tool_call{
    merged::tool_call, "ToolCall",
    {
        member("id", O, text),
        member("type", O, open(tool_types)),
        member("function", R, object(tool_function)),
        member("index", O, integer),
    }};

// The document has one model for whole tool calls and fragments.
inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "DeltaToolCall",
    {
        member("id", O, text),
        member("type", O, open(tool_types)),
        member("function", R, object(tool_function)),
        member("index", O, integer),
    }};

inline constexpr contract_model image_url{
    merged::image_url, "ImageURL",
    {
        member("url", R, text),
        member("detail", ON, open(image_details)),
    }};

// TextChunk, ReferenceChunk and ToolReferenceChunk in one.
inline constexpr contract_model thinking_part{
    merged::thinking_part, "ThinkChunkThinking",
    {
        member("type", O, open(merged::thinking_part_types)),
        member("text", O, text),
        member("reference_ids", O, list_of_scalars),
        member("tool", O, open(merged::referenced_tools)),
        member("title", O, text),
        member("url", ON, text),
        member("favicon", ON, text),
        member("description", ON, text),
    },
    {.tolerant = true}};

// All kinds of parts in one; the document keeps others as UNKNOWN.
inline constexpr contract_model content_part{
    merged::content_part, "ContentChunk",
    {
        member("type", O, open(content_part_types)),
        member("text", O, text),
        member("image_url", O, object(image_url) | also_text),
        member("document_url", O, text),
        member("document_name", ON, text),
        member("file_id", O, text),
        member("input_audio", O, object(merged::input_audio) | also_text),
        member("reference_ids", O, list_of_scalars),
        member("thinking", O, objects(thinking_part)),
        member("signature", ON, text),
        member("closed", O, boolean),
        member("tool", O, open(merged::referenced_tools)),
        member("title", O, text),
        member("url", ON, text),
        member("favicon", ON, text),
        member("description", ON, text),
    },
    {.tolerant = true}};

inline constexpr contract_model message{
    merged::message, "AssistantMessage",
    {
        member("role", O, closed(message_roles)),
        member("content", ON, content(content_part)),
        member("tool_calls", ON, objects(tool_call)),
        member("prefix", O, boolean),
    }};

inline constexpr contract_model delta{
    merged::delta, "DeltaMessage",
    {
        member("role", ON, text),
        member("content", ON, content(content_part)),
        member("tool_calls", ON, objects(tool_call_delta)),
        member("tool_call_id", ON, text),
        member("index", ON, integer),
        member("metadata", ON, map),
    }};

inline constexpr contract_model choice{
    merged::choice, "ChatCompletionChoice",
    {
        member("index", R, integer),
        member("message", O, object(message)),
        member("messages", O, objects(delta)),
        member("finish_reason", R, open(finish_reasons)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "ChatCompletionResponse",
    {
        member("id", R, text),
        member("object", R, text),
        member("model", R, text),
        member("usage", R, object(usage)),
        member("created", R, integer),
        member("choices", R, objects(choice)),
    }};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model chunk_choice{
    merged::chunk_choice, "CompletionResponseStreamChoice",
    {
        member("index", R, integer),
        member("delta", R, object(delta)),
        member("finish_reason", RN, open(chunk_choice_finish_reasons)),
    }};

inline constexpr contract_model chunk{
    merged::chat_completion_chunk, "CompletionChunk",
    {
        member("id", R, text),
        member("object", O, text),
        member("created", O, integer),
        member("model", R, text),
        member("usage", O, object(usage)),
        member("choices", R, objects(chunk_choice)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

// A list of what did not pass the validation.
inline constexpr contract_model error{
    merged::error_response, "HTTPValidationError",
    {
        member("detail", O, any_list),
    }};

}  // namespace chatwire::models::mistral
