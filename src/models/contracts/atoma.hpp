// The contract of Atoma's ChatCompletionResponse, which its Python and TypeScript SDKs share.
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::atoma {

inline constexpr values message_roles{"system", "user", "tool", "assistant"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model prompt_tokens_details{
    merged::prompt_tokens_details, "PromptTokensDetails",
    {
        member("audio_tokens", R, integer),
        member("cached_tokens", R, integer),
    }};

inline constexpr contract_model usage{
    merged::usage, "CompletionUsage",
    {
        member("completion_tokens", R, integer),
        member("prompt_tokens", R, integer),
        member("prompt_tokens_details", ON, object(prompt_tokens_details)),
        member("total_tokens", R, integer),
    }};

inline constexpr contract_model top_logprob{
    merged::top_logprob, "ChatCompletionLogProb",
    {
        member("bytes", ON, integers),
        member("logprob", R, number),
        member("token", R, text),
    }};

inline constexpr contract_model token_logprob{
    merged::token_logprob, "ChatCompletionLogProbsContent",
    {
        member("top_logprobs", R, objects(top_logprob)),
    }};

inline constexpr contract_model logprobs{
    merged::logprobs, "ChatCompletionLogProbs",
    {
        member("content", ON, objects(token_logprob)),
    }};

inline constexpr contract_model image_url{
    merged::image_url, "MessageContentPartImageUrl",
    {
        member("detail", ON, text),
        member("url", R, text),
    }};

// The parts are told apart by what they have, not by `type`.
inline constexpr contract_model content_part{
    merged::content_part, "MessageContentPart",
    {
        member("text", O, text),
        member("type", R, text),
        member("image_url", O, object(image_url)),
    },
    {.rules = {one_of("text", "image_url")}}};

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

// The document has a message for each role; this is all of them.
inline constexpr contract_model message{
    merged::message, "ChatCompletionMessage",
    {
        member("content", ON, content(content_part)),
        member("name", ON, text),
        member("refusal", ON, text),
        member("role", R, closed(message_roles)),
        member("tool_call_id", O, text),
        member("tool_calls", O, objects(tool_call)),
    }};

inline constexpr contract_model choice{
    merged::choice, "ChatCompletionChoice",
    {
        member("finish_reason", ON, text),
        member("index", R, integer),
        member("logprobs", ON, object(logprobs)),
        member("message", R, object(message)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "ChatCompletionResponse",
    {
        member("choices", R, objects(choice), "A list of chat completion choices.",
               R"([{"index": 0, "message": {"role": "assistant", )"
               R"("content": "Hello! How can you help me today?"}, )"
               R"("finish_reason": null, "stop_reason": null}])"),
        member("created", R, integer,
               "The Unix timestamp (in seconds) of when the chat completion was created.",
               "1677652288"),
        member("id", R, text, "A unique identifier for the chat completion.", "chatcmpl-123"),
        member("model", R, text, "The model used for the chat completion.",
               "meta-llama/Llama-3.3-70B-Instruct"),
        member("object", R, text, "The object of the chat completion.", "chat.completion"),
        member("service_tier", ON, text, "The service tier of the chat completion.", "auto"),
        member("system_fingerprint", ON, text,
               "The system fingerprint for the completion, if applicable.", "fp_44709d6fcb"),
        member("usage", ON, object(usage)),
    },
    {.doc = "Represents the chat completion response.\n\n"
            "This is used to represent the chat completion response in the chat completion "
            "request.\nIt can be either a chat completion or a chat completion stream."}};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model delta_tool_function{
    merged::tool_function, "ChatCompletionChunkDeltaToolCallFunction",
    {
        member("arguments", ON, text),
        member("name", ON, text),
    }};

inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "ChatCompletionChunkDeltaToolCall",
    {
        member("function", ON, object(delta_tool_function)),
        member("id", R, text),
        member("index", R, integer),
        member("type", R, text),
    }};

inline constexpr contract_model delta{
    merged::delta, "ChatCompletionChunkDelta",
    {
        member("content", ON, text),
        member("reasoning_content", ON, text),
        member("role", ON, text),
        member("tool_calls", ON, objects(tool_call_delta)),
    }};

inline constexpr contract_model stop_reason{
    merged::stop_reason, "StopReason",
    {
        member("Int", O, integer),
        member("String", O, text),
    },
    {.rules = {one_of("Int", "String")}}};

inline constexpr contract_model chunk_choice{
    merged::chunk_choice, "ChatCompletionChunkChoice",
    {
        member("delta", R, object(delta)),
        member("finish_reason", ON, text),
        member("index", R, integer),
        member("logprobs", ON, object(logprobs)),
        member("stop_reason", ON, object(stop_reason)),
    }};

inline constexpr contract_model chunk{
    merged::chat_completion_chunk, "ChatCompletionChunk",
    {
        member("choices", R, objects(chunk_choice)),
        member("created", R, integer),
        member("id", R, text),
        member("model", R, text),
        member("object", R, text),
        member("usage", ON, object(usage)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

// The document has no model of an error.
inline constexpr const object_schema& error = merged::error_response;

}  // namespace chatwire::models::atoma
