// The contract of OpenRouter, as its TypeScript SDK documents it. Parts of contents and details of
// reasoning that do not fit are kept as they are.
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::openrouter {

inline constexpr values cache_control_types{"ephemeral"};
inline constexpr values breakpoint_modes{"explicit"};
inline constexpr values content_part_types{"text", "image_url", "input_audio", "video_url",
                                           "input_video", "file"};
inline constexpr values tool_call_types{"function"};
inline constexpr values message_roles{"assistant"};
inline constexpr values finish_reasons{"tool_calls", "stop", "length", "content_filter", "error"};
inline constexpr values completion_objects{"chat.completion"};
inline constexpr values chunk_objects{"chat.completion.chunk"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model completion_tokens_details{
    merged::completion_tokens_details, "ChatUsageCompletionTokensDetails",
    {
        member("accepted_prediction_tokens", ON, integer),
        member("audio_tokens", ON, integer),
        member("reasoning_tokens", ON, integer),
        member("rejected_prediction_tokens", ON, integer),
    }};

inline constexpr contract_model prompt_tokens_details{
    merged::prompt_tokens_details, "ChatUsagePromptTokensDetails",
    {
        member("audio_tokens", O, integer),
        member("cache_write_tokens", O, integer),
        member("cached_tokens", O, integer),
        member("video_tokens", O, integer),
    }};

inline constexpr contract_model cost_details{
    merged::cost_details, "CostDetails",
    {
        member("upstream_inference_completions_cost", R, number),
        member("upstream_inference_cost", ON, number),
        member("upstream_inference_prompt_cost", R, number),
        member("server_tool_cost", ON, number),
    }};

inline constexpr contract_model server_tool_use_details{
    merged::server_tool_use_details, "ServerToolUseDetails",
    {
        member("tool_calls_executed", ON, integer),
        member("tool_calls_requested", ON, integer),
        member("web_search_requests", ON, integer),
    }};

inline constexpr contract_model usage{
    merged::usage, "ChatUsage",
    {
        member("completion_tokens", R, integer),
        member("completion_tokens_details", ON, object(completion_tokens_details)),
        member("cost", ON, number),
        member("cost_details", ON, object(cost_details)),
        member("is_byok", O, boolean),
        member("prompt_tokens", R, integer),
        member("prompt_tokens_details", ON, object(prompt_tokens_details)),
        member("server_tool_use_details", ON, object(server_tool_use_details)),
        member("total_tokens", R, integer),
    }};

inline constexpr contract_model top_logprob{
    merged::top_logprob, "ChatTokenLogprobTopLogprob",
    {
        member("bytes", RN, integers),
        member("logprob", R, number),
        member("token", R, text),
    }};

inline constexpr contract_model token_logprob{
    merged::token_logprob, "ChatTokenLogprob",
    {
        member("bytes", RN, integers),
        member("logprob", R, number),
        member("token", R, text),
        member("top_logprobs", R, objects(top_logprob)),
    }};

inline constexpr contract_model logprobs{
    merged::logprobs, "ChatTokenLogprobs",
    {
        member("content", RN, objects(token_logprob)),
        member("refusal", ON, objects(token_logprob)),
    }};

inline constexpr contract_model router_attempt{
    merged::router_attempt, "RouterAttempt",
    {
        member("model", R, text),
        member("provider", R, text),
        member("status", R, integer),
    }};

inline constexpr contract_model endpoint_info{
    merged::endpoint_info, "EndpointInfo",
    {
        member("model", R, text),
        member("provider", R, text),
        member("selected", R, boolean),
    }};

inline constexpr contract_model endpoints_metadata{
    merged::endpoints_metadata, "EndpointsMetadata",
    {
        member("available", R, objects(endpoint_info)),
        member("total", R, integer),
    }};

inline constexpr contract_model router_params{
    merged::router_params, "RouterParams",
    {
        member("quality_floor", O, number),
        member("throughput_floor", O, number),
        member("version_group", O, text),
    }};

inline constexpr contract_model pipeline_stage{
    merged::pipeline_stage, "PipelineStage",
    {
        member("cost_usd", ON, number),
        member("data", O, map),
        member("guardrail_id", O, text),
        member("guardrail_scope", O, text),
        member("name", R, text),
        member("summary", O, text),
        member("type", R, open(merged::pipeline_types)),
    }};

inline constexpr contract_model openrouter_metadata{
    merged::openrouter_metadata, "OpenRouterMetadata",
    {
        member("attempt", R, integer),
        member("attempts", O, objects(router_attempt)),
        member("endpoints", R, object(endpoints_metadata)),
        member("is_byok", R, boolean),
        member("params", O, object(router_params)),
        member("pipeline", O, objects(pipeline_stage)),
        member("region", RN, text),
        member("requested", R, text),
        member("strategy", R, open(merged::router_strategies)),
        member("summary", R, text),
        member("generation_time", O, integer),
    }};

inline constexpr contract_model cache_control{
    merged::cache_control, "ChatContentCacheControl",
    {
        member("ttl", O, open(merged::cache_lifetimes)),
        member("type", R, closed(cache_control_types)),
    }};

inline constexpr contract_model prompt_cache_breakpoint{
    merged::prompt_cache_breakpoint, "PromptCacheBreakpoint",
    {
        member("mode", R, closed(breakpoint_modes)),
    }};

inline constexpr contract_model image_url{
    merged::image_url, "ChatContentImageImageUrl",
    {
        member("detail", O, open(merged::image_details)),
        member("url", R, text),
    }};

inline constexpr contract_model input_audio{
    merged::input_audio, "ChatContentAudioInputAudio",
    {
        member("data", R, text),
        member("format", R, text),
    }};

inline constexpr contract_model video_url{
    merged::video_url, "ChatContentVideoInput",
    {
        member("url", R, text),
    }};

inline constexpr contract_model file{
    merged::file, "FileT",
    {
        member("file_data", O, text),
        member("file_id", O, text),
        member("filename", O, text),
    }};

// All kinds of parts in one; the document keeps others and misfits as UNKNOWN.
inline constexpr contract_model content_part{
    merged::content_part, "ChatContentItems",
    {
        member("cache_control", O, object(cache_control)),
        member("prompt_cache_breakpoint", ON, object(prompt_cache_breakpoint)),
        member("text", O, text),
        member("type", R, open(content_part_types)),
        member("image_url", O, object(image_url)),
        member("input_audio", O, object(input_audio)),
        member("video_url", O, object(video_url)),
        member("file", O, object(file)),
    },
    {.tolerant = true}};

inline constexpr contract_model generated_image_url{
    merged::image_url, "ChatAssistantImagesImageUrl",
    {
        member("url", R, text),
    }};

inline constexpr contract_model image{
    merged::image, "ChatAssistantImages",
    {
        member("image_url", R, object(generated_image_url)),
    }};

inline constexpr contract_model audio{
    merged::audio, "ChatAudioOutput",
    {
        member("data", O, text),
        member("expires_at", O, integer),
        member("id", O, text),
        member("transcript", O, text),
    }};

inline constexpr contract_model tool_function{
    merged::tool_function, "ChatToolCallFunction",
    {
        member("arguments", R, text),
        member("name", R, text),
    }};

inline constexpr contract_model tool_call{
    merged::tool_call, "ChatToolCall",
    {
        member("function", R, object(tool_function)),
        member("id", R, text),
        member("type", R, closed(tool_call_types)),
    }};

// All kinds of details in one; the document keeps others and misfits as UNKNOWN.
inline constexpr contract_model reasoning_detail{
    merged::reasoning_detail, "ReasoningDetailUnion",
    {
        member("format", ON, open(merged::reasoning_formats)),
        member("id", ON, text),
        member("index", O, integer),
        member("signature", ON, text),
        member("text", ON, text),
        member("type", R, open(merged::reasoning_detail_types)),
        member("summary", O, text),
        member("data", O, text),
        member("arguments", O, text),
        member("result", O, text),
        member("tool_call_id", ON, text),
        member("tool_name", O, text),
    },
    {.tolerant = true}};

inline constexpr contract_model message{
    merged::message, "ChatAssistantMessage",
    {
        member("audio", O, object(audio)),
        member("content", ON, content(content_part)),
        member("images", O, objects(image)),
        member("model", O, text),
        member("name", O, text),
        member("reasoning", ON, text),
        member("reasoning_details", O, objects(reasoning_detail)),
        member("refusal", ON, text),
        member("role", R, closed(message_roles)),
        member("tool_calls", O, objects(tool_call)),
    }};

inline constexpr contract_model choice{
    merged::choice, "ChatChoice",
    {
        member("finish_reason", RN, open(finish_reasons)),
        member("index", R, integer),
        member("logprobs", ON, object(logprobs)),
        member("message", R, object(message)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "ChatResult",
    {
        member("choices", R, objects(choice)),
        member("created", R, integer),
        member("id", R, text),
        member("model", R, text),
        member("object", R, closed(completion_objects)),
        member("openrouter_metadata", O, object(openrouter_metadata)),
        member("service_tier", ON, text),
        member("system_fingerprint", RN, text),
        member("usage", O, object(usage)),
    }};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model delta_tool_function{
    merged::tool_function, "ChatStreamToolCallFunction",
    {
        member("arguments", O, text),
        member("name", O, text),
    }};

inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "ChatStreamToolCall",
    {
        member("function", O, object(delta_tool_function)),
        member("id", O, text),
        member("index", R, integer),
        member("type", O, closed(tool_call_types)),
    }};

inline constexpr contract_model delta{
    merged::delta, "ChatStreamDelta",
    {
        member("audio", O, object(audio)),
        member("content", ON, text),
        member("reasoning", ON, text),
        member("reasoning_details", O, objects(reasoning_detail)),
        member("refusal", ON, text),
        member("role", O, closed(message_roles)),
        member("tool_calls", O, objects(tool_call_delta)),
    }};

inline constexpr contract_model chunk_choice{
    merged::chunk_choice, "ChatStreamChoice",
    {
        member("delta", R, object(delta)),
        member("finish_reason", RN, open(finish_reasons)),
        member("index", R, integer),
        member("logprobs", ON, object(logprobs)),
    }};

inline constexpr contract_model chunk_error{
    merged::error_payload, "ChatStreamChunkError",
    {
        member("code", R, scalar),
        member("message", R, text),
        member("metadata", O, map),
    }};

inline constexpr contract_model chunk{
    merged::chat_completion_chunk, "ChatStreamChunk",
    {
        member("choices", R, objects(chunk_choice)),
        member("created", R, integer),
        member("error", O, object(chunk_error)),
        member("id", R, text),
        member("model", R, text),
        member("object", R, closed(chunk_objects)),
        member("openrouter_metadata", O, object(openrouter_metadata)),
        member("service_tier", ON, text),
        member("system_fingerprint", O, text),
        member("usage", O, object(usage)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

inline constexpr contract_model error_payload{
    merged::error_payload, "ErrorPayload",
    {
        member("code", R, scalar),
        member("message", R, text),
        member("metadata", ON, map),
    }};

inline constexpr contract_model error{
    merged::error_response, "ErrorResponse",
    {
        member("error", R, object(error_payload)),
        member("openrouter_metadata", ON, map),
        member("user_id", ON, text),
    }};

}  // namespace chatwire::models::openrouter
