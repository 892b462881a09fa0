// The contract of OpenAI today: its specification, with what only its own client for Node.js
// documents beside (sound and custom tools in streams, misalignment of errors).
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::openai {

inline constexpr values moderation_result_types{"moderation_result"};
inline constexpr values moderation_outcome_types{"moderation_results", "error"};
inline constexpr values annotation_types{"url_citation"};
inline constexpr values tool_types{"function", "custom"};
inline constexpr values message_roles{"assistant"};
inline constexpr values finish_reasons{"stop", "length", "tool_calls", "content_filter",
                                       "function_call"};
inline constexpr values service_tiers{"auto", "default", "flex", "scale", "priority", "fast"};
inline constexpr values completion_objects{"chat.completion"};
inline constexpr values delta_roles{"developer", "system", "user", "assistant", "tool"};
inline constexpr values chunk_objects{"chat.completion.chunk"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model completion_tokens_details{
    merged::completion_tokens_details, "CompletionTokensDetails",
    {
        member("accepted_prediction_tokens", O, integer),
        member("audio_tokens", O, integer),
        member("reasoning_tokens", O, integer),
        member("text_tokens", O, integer),
        member("rejected_prediction_tokens", O, integer),
    }};

inline constexpr contract_model prompt_tokens_details{
    merged::prompt_tokens_details, "PromptTokensDetails",
    {
        member("audio_tokens", O, integer),
        member("cached_tokens", O, integer),
        member("text_tokens", O, integer),
        member("image_tokens", O, integer),
        member("cache_write_tokens", O, integer),
    }};

inline constexpr contract_model usage{
    merged::usage, "CompletionUsage",
    {
        member("completion_tokens", R, integer),
        member("prompt_tokens", R, integer),
        member("total_tokens", R, integer),
        member("completion_tokens_details", O, object(completion_tokens_details)),
        member("prompt_tokens_details", O, object(prompt_tokens_details)),
    }};

inline constexpr contract_model top_logprob{
    merged::top_logprob, "TopLogprob",
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
    merged::logprobs, "ChoiceLogprobs",
    {
        member("content", RN, objects(token_logprob)),
        member("refusal", RN, objects(token_logprob)),
    }};

inline constexpr contract_model moderation_result{
    merged::moderation_result, "ModerationResultBody",
    {
        member("type", R, closed(moderation_result_types)),
        member("model", R, text),
        member("flagged", R, boolean),
        member("categories", R, map_of_bools),
        member("category_scores", R, map_of_numbers),
        member("category_applied_input_types", R, map_of_texts),
    }};

// ChatCompletionModerationResults or ChatCompletionModerationError.
inline constexpr contract_model moderation_outcome{
    merged::moderation_outcome, "ChatCompletionModerationOutcome",
    {
        member("type", R, closed(moderation_outcome_types)),
        member("model", O, text),
        member("results", O, objects(moderation_result)),
        member("code", O, text),
        member("message", O, text),
    },
    {.rules = {when("type", "moderation_results", "model", "results"),
               when("type", "error", "code", "message")}}};

inline constexpr contract_model moderation{
    merged::moderation, "ChatCompletionModeration",
    {
        member("input", R, object(moderation_outcome)),
        member("output", R, object(moderation_outcome)),
    }};

inline constexpr contract_model url_citation{
    merged::url_citation, "UrlCitation",
    {
        member("end_index", R, integer),
        member("start_index", R, integer),
        member("url", R, text),
        member("title", R, text),
    }};

inline constexpr contract_model annotation{
    merged::annotation, "Annotation",
    {
        member("type", R, closed(annotation_types)),
        member("url_citation", R, object(url_citation)),
    }};

inline constexpr contract_model audio{
    merged::audio, "Audio",
    {
        member("id", R, text),
        member("expires_at", R, integer),
        member("data", R, text),
        member("transcript", R, text),
    }};

inline constexpr contract_model function_call{
    merged::function_call, "FunctionCall",
    {
        member("arguments", R, text),
        member("name", R, text),
    }};

inline constexpr contract_model tool_function{
    merged::tool_function, "ToolCallFunction",
    {
        member("name", R, text),
        member("arguments", R, text),
    }};

inline constexpr contract_model custom_tool{
    merged::custom_tool, "CustomToolCallCustom",
    {
        member("name", R, text),
        member("input", R, text),
    }};

// Calls of functions and ChatCompletionMessageCustomToolCall.
inline constexpr contract_model tool_call{
    merged::tool_call, "ChatCompletionMessageToolCall",
    {
        member("id", R, text),
        member("type", R, closed(tool_types)),
        member("function", O, object(tool_function)),
        member("custom", O, object(custom_tool)),
    },
    {.rules = {when("type", "function", "function"), when("type", "custom", "custom")}}};

inline constexpr contract_model message{
    merged::message, "ChatCompletionResponseMessage",
    {
        member("content", RN, text),
        member("refusal", RN, text),
        member("tool_calls", O, objects(tool_call)),
        member("annotations", O, objects(annotation)),
        member("role", R, closed(message_roles)),
        deprecated(member("function_call", O, object(function_call))),
        member("audio", ON, object(audio)),
    }};

inline constexpr contract_model choice{
    merged::choice, "Choice",
    {
        member("finish_reason", R, closed(finish_reasons)),
        member("index", R, integer),
        member("message", R, object(message)),
        member("logprobs", RN, object(logprobs)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "CreateChatCompletionResponse",
    {
        member("id", R, text),
        member("choices", R, objects(choice)),
        member("created", R, integer),
        member("model", R, text),
        member("metadata", ON, map_of_text),
        member("service_tier", ON, closed(service_tiers)),
        deprecated(member("system_fingerprint", O, text)),
        member("object", R, closed(completion_objects)),
        member("usage", O, object(usage)),
        member("moderation", ON, object(moderation)),
    },
    {.doc = "Represents a chat completion response returned by model, based on the provided "
            "input."}};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model delta_tool_function{
    merged::tool_function, "ToolCallChunkFunction",
    {
        member("name", O, text),
        member("arguments", O, text),
    }};

inline constexpr contract_model delta_custom_tool{
    merged::custom_tool, "ToolCallChunkCustom",
    {
        member("name", O, text),
        member("input", O, text),
    }};

inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "ChatCompletionMessageToolCallChunk",
    {
        member("index", R, integer),
        member("id", O, text),
        member("type", O, closed(tool_types)),
        member("function", O, object(delta_tool_function)),
        member("custom", O, object(delta_custom_tool)),
    }};

inline constexpr contract_model delta_function_call{
    merged::function_call, "DeltaFunctionCall",
    {
        member("arguments", O, text),
        member("name", O, text),
    }};

inline constexpr contract_model delta_audio{
    merged::audio, "DeltaAudio",
    {
        member("id", O, text),
        member("data", O, text),
        member("expires_at", O, integer),
        member("transcript", O, text),
    }};

inline constexpr contract_model delta{
    merged::delta, "ChatCompletionStreamResponseDelta",
    {
        member("content", ON, text),
        deprecated(member("function_call", O, object(delta_function_call))),
        member("tool_calls", O, objects(tool_call_delta)),
        member("role", O, closed(delta_roles)),
        member("refusal", ON, text),
        member("audio", O, object(delta_audio)),
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
        member("obfuscation", O, text),
        member("service_tier", ON, closed(service_tiers)),
        deprecated(member("system_fingerprint", O, text)),
        member("object", R, closed(chunk_objects)),
        member("usage", ON, object(usage)),
        member("moderation", ON, object(moderation)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

inline constexpr contract_model error_misalignment_steer{
    merged::error_misalignment_steer, "ErrorMisalignmentSteer",
    {
        member("message", R, text),
    }};

inline constexpr contract_model error_misalignment{
    merged::error_misalignment, "ErrorMisalignment",
    {
        member("detailed_explanation", O, text),
        member("error_type", O, open(merged::misalignment_types)),
        member("review_target", ON, text),
        member("steer", O, object(error_misalignment_steer)),
    }};

inline constexpr contract_model error_payload{
    merged::error_payload, "ErrorObject",
    {
        member("code", RN, scalar),
        member("message", R, text),
        member("param", RN, text),
        member("type", R, text),
        member("misalignment", O, object(error_misalignment)),
    }};

inline constexpr contract_model error{
    merged::error_response, "ErrorResponse",
    {
        member("error", R, object(error_payload)),
    }};

}  // namespace chatwire::models::openai
