// The contract of Groq, as its TypeScript SDK documents it.
#pragma once

#include "models/merged.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::groq {

inline constexpr values annotation_types{"document_citation", "function_citation"};
inline constexpr values chart_types{"bar", "box_and_whisker", "line", "pie", "scatter",
                                    "superchart", "unknown"};
inline constexpr values tool_call_types{"function"};
inline constexpr values message_roles{"assistant"};
inline constexpr values finish_reasons{"stop", "length", "tool_calls", "function_call"};
inline constexpr values completion_objects{"chat.completion"};
inline constexpr values service_tiers{"auto", "on_demand", "flex", "performance"};
inline constexpr values delta_roles{"system", "user", "assistant", "tool"};
inline constexpr values chunk_objects{"chat.completion.chunk"};

// ---- Completions --------------------------------------------------------------------------------

inline constexpr contract_model completion_tokens_details{
    merged::completion_tokens_details, "CompletionTokensDetails",
    {
        member("reasoning_tokens", R, count),
    }};

inline constexpr contract_model prompt_tokens_details{
    merged::prompt_tokens_details, "PromptTokensDetails",
    {
        member("cached_tokens", R, count),
    }};

inline constexpr contract_model usage{
    merged::usage, "CompletionUsage",
    {
        member("completion_tokens", R, count),
        member("prompt_tokens", R, count),
        member("total_tokens", R, count),
        member("completion_time", O, number),
        member("completion_tokens_details", ON, object(completion_tokens_details)),
        member("prompt_time", O, number),
        member("prompt_tokens_details", ON, object(prompt_tokens_details)),
        member("queue_time", O, number),
        member("total_time", O, number),
    }};

inline constexpr contract_model model_usage{
    merged::model_usage, "UsageBreakdownModel",
    {
        member("model", R, text),
        member("usage", R, object(usage)),
    }};

inline constexpr contract_model usage_breakdown{
    merged::usage_breakdown, "UsageBreakdown",
    {
        member("models", R, objects(model_usage)),
    }};

inline constexpr contract_model top_logprob{
    merged::top_logprob, "TopLogprob",
    {
        member("token", R, text),
        member("bytes", RN, integers),
        member("logprob", R, number),
    }};

inline constexpr contract_model token_logprob{
    merged::token_logprob, "ChatCompletionTokenLogprob",
    {
        member("token", R, text),
        member("bytes", RN, integers),
        member("logprob", R, number),
        member("top_logprobs", R, objects(top_logprob)),
    }};

inline constexpr contract_model logprobs{
    merged::logprobs, "ChoiceLogprobs",
    {
        member("content", RN, objects(token_logprob)),
    }};

inline constexpr contract_model document_citation{
    merged::document_citation, "DocumentCitation",
    {
        member("document_id", R, text),
        member("end_index", R, integer),
        member("start_index", R, integer),
    }};

inline constexpr contract_model function_citation{
    merged::function_citation, "FunctionCitation",
    {
        member("end_index", R, integer),
        member("start_index", R, integer),
        member("tool_call_id", R, text),
    }};

inline constexpr contract_model annotation{
    merged::annotation, "Annotation",
    {
        member("type", R, closed(annotation_types)),
        member("document_citation", O, object(document_citation)),
        member("function_citation", O, object(function_citation)),
    }};

inline constexpr contract_model browser_result{
    merged::browser_result, "BrowserResult",
    {
        member("title", R, text),
        member("url", R, text),
        member("content", O, text),
        member("live_view_url", O, text),
    }};

inline constexpr contract_model chart_element{
    merged::chart_element, "ChartElement",
    {
        member("label", R, text),
        member("angle", O, number),
        member("first_quartile", O, number),
        member("group", O, text),
        member("max", O, number),
        member("median", O, number),
        member("min", O, number),
        member("outliers", O, numbers),
        member("points", O, list_of_numbers),
        member("radius", O, number),
        member("third_quartile", O, number),
        member("value", O, number),
    }};

inline constexpr contract_model chart{
    merged::chart, "Chart",
    {
        member("elements", R, objects(chart_element)),
        member("type", R, closed(chart_types)),
        member("title", O, text),
        member("x_label", O, text),
        member("x_scale", O, text),
        member("x_tick_labels", O, texts),
        member("x_ticks", O, numbers),
        member("x_unit", O, text),
        member("y_label", O, text),
        member("y_scale", O, text),
        member("y_tick_labels", O, texts),
        member("y_ticks", O, numbers),
        member("y_unit", O, text),
    }};

inline constexpr contract_model code_result{
    merged::code_result, "CodeResult",
    {
        member("chart", O, object(chart)),
        member("charts", O, objects(chart)),
        member("png", O, text),
        member("text", O, text),
    }};

inline constexpr contract_model search_result{
    merged::search_result, "SearchResult",
    {
        member("content", O, text),
        member("score", O, number),
        member("title", O, text),
        member("url", O, text),
    }};

inline constexpr contract_model search_results{
    merged::search_results, "SearchResults",
    {
        member("images", O, texts),
        member("results", O, objects(search_result)),
    }};

inline constexpr contract_model executed_tool{
    merged::executed_tool, "ExecutedTool",
    {
        member("arguments", R, text),
        member("index", R, integer),
        member("type", R, text),
        member("browser_results", O, objects(browser_result)),
        member("code_results", O, objects(code_result)),
        member("output", ON, text),
        member("search_results", ON, object(search_results)),
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
        member("arguments", R, text),
        member("name", R, text),
    }};

inline constexpr contract_model tool_call{
    merged::tool_call, "ChatCompletionMessageToolCall",
    {
        member("id", R, text),
        member("function", R, object(tool_function)),
        member("type", R, closed(tool_call_types)),
    }};

inline constexpr contract_model message{
    merged::message, "ChatCompletionMessage",
    {
        member("content", RN, text),
        member("role", R, closed(message_roles)),
        member("annotations", O, objects(annotation)),
        member("executed_tools", O, objects(executed_tool)),
        deprecated(member("function_call", O, object(function_call))),
        member("reasoning", ON, text),
        member("tool_calls", O, objects(tool_call)),
    }};

inline constexpr contract_model choice{
    merged::choice, "Choice",
    {
        member("finish_reason", R, closed(finish_reasons)),
        member("index", R, integer),
        member("logprobs", RN, object(logprobs)),
        member("message", R, object(message)),
    }};

inline constexpr contract_model mcp_tool{
    merged::mcp_tool, "McpListToolTool",
    {
        member("annotations", ON, anything),
        member("description", O, text),
        member("input_schema", O, map),
        member("name", O, text),
    }};

inline constexpr contract_model mcp_list_tool{
    merged::mcp_list_tool, "McpListTool",
    {
        member("id", O, text),
        member("server_label", O, text),
        member("tools", O, objects(mcp_tool)),
        member("type", O, text),
    }};

inline constexpr contract_model x_groq_debug{
    merged::x_groq_debug, "XGroqDebug",
    {
        member("input_token_ids", O, integers),
        member("input_tokens", O, texts),
        member("output_token_ids", O, integers),
        member("output_tokens", O, texts),
    }};

inline constexpr contract_model x_groq_usage{
    merged::usage, "XGroqUsage",
    {
        member("dram_cached_tokens", O, count),
        member("sram_cached_tokens", O, count),
    }};

inline constexpr contract_model x_groq{
    merged::x_groq, "XGroq",
    {
        member("id", R, text),
        member("debug", ON, object(x_groq_debug)),
        member("seed", ON, integer),
        member("usage", ON, object(x_groq_usage)),
    }};

inline constexpr contract_model completion{
    merged::chat_completion, "ChatCompletion",
    {
        member("id", R, text),
        member("choices", R, objects(choice)),
        member("created", R, integer),
        member("model", R, text),
        member("object", R, closed(completion_objects)),
        member("mcp_list_tools", ON, objects(mcp_list_tool)),
        member("service_tier", ON, closed(service_tiers)),
        member("system_fingerprint", O, text),
        member("usage", O, object(usage)),
        member("usage_breakdown", O, object(usage_breakdown)),
        member("x_groq", O, object(x_groq)),
    }};

// ---- Chunks -------------------------------------------------------------------------------------

inline constexpr contract_model delta_tool_function{
    merged::tool_function, "DeltaToolCallFunction",
    {
        member("arguments", O, text),
        member("name", O, text),
    }};

inline constexpr contract_model tool_call_delta{
    merged::tool_call_delta, "DeltaToolCall",
    {
        member("index", R, integer),
        member("id", O, text),
        member("function", O, object(delta_tool_function)),
        member("type", O, closed(tool_call_types)),
    }};

inline constexpr contract_model delta_function_call{
    merged::function_call, "DeltaFunctionCall",
    {
        member("arguments", O, text),
        member("name", O, text),
    }};

inline constexpr contract_model delta{
    merged::delta, "Delta",
    {
        member("annotations", O, objects(annotation)),
        member("content", ON, text),
        member("executed_tools", O, objects(executed_tool)),
        deprecated(member("function_call", O, object(delta_function_call))),
        member("reasoning", ON, text),
        member("role", O, closed(delta_roles)),
        member("tool_calls", O, objects(tool_call_delta)),
    }};

inline constexpr contract_model chunk_choice{
    merged::chunk_choice, "ChunkChoice",
    {
        member("delta", R, object(delta)),
        member("finish_reason", RN, closed(finish_reasons)),
        member("index", R, integer),
        member("logprobs", ON, object(logprobs)),
    }};

inline constexpr contract_model chunk_x_groq{
    merged::x_groq, "ChunkXGroq",
    {
        member("id", ON, text),
        member("debug", ON, object(x_groq_debug)),
        member("error", ON, text),
        member("seed", ON, integer),
        member("usage", ON, object(usage)),
        member("usage_breakdown", ON, object(usage_breakdown)),
    }};

inline constexpr contract_model chunk{
    merged::chat_completion_chunk, "ChatCompletionChunk",
    {
        member("id", R, text),
        member("choices", R, objects(chunk_choice)),
        member("created", R, integer),
        member("model", R, text),
        member("object", R, closed(chunk_objects)),
        member("system_fingerprint", O, text),
        member("x_groq", O, object(chunk_x_groq)),
    }};

// ---- Errors -------------------------------------------------------------------------------------

inline constexpr contract_model error_payload{
    merged::error_payload, "ErrorObject",
    {
        member("message", R, text),
        member("type", R, text),
        member("code", ON, scalar),
        member("debug", O, object(x_groq_debug)),
        member("failed_generation", ON, text),
        member("param", ON, text),
        member("schema_code", ON, text),
        member("schema_kind", ON, text),
        member("schema_path", ON, text),
        member("schema_path_segments", O, texts),
    }};

inline constexpr contract_model error{
    merged::error_response, "ErrorResponse",
    {
        member("error", R, object(error_payload)),
    }};

}  // namespace chatwire::models::groq
