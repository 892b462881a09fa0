// The merged models: every member that any known server sends, in the order in which servers most
// often send them. Bottom-up, and never recursive.
#pragma once

#include "models/describe.hpp"

// The tables are laid out by hand.
// clang-format off

namespace chatwire::models::merged {

// ---- Values -------------------------------------------------------------------------------------

inline constexpr values completion_objects{"chat.completion"};
inline constexpr values chunk_objects{"chat.completion.chunk"};
inline constexpr values finish_reasons{"stop",          "length", "tool_calls",  "content_filter",
                                       "function_call", "error",  "model_length"};
inline constexpr values roles{"assistant", "system", "user", "tool", "developer", "function"};
inline constexpr values service_tiers{"auto",     "default", "flex",      "scale",
                                      "priority", "fast",    "on_demand", "performance"};
inline constexpr values tool_types{"function", "custom"};
inline constexpr values part_types{"text",        "image_url", "input_audio",  "video_url",
                                   "input_video", "file",      "document_url", "reference",
                                   "thinking",    "tool_reference"};
inline constexpr values thinking_part_types{"text", "reference", "tool_reference"};
inline constexpr values referenced_tools{"web_search", "web_search_premium", "code_interpreter",
                                         "image_generation", "document_library"};
inline constexpr values image_types{"image_url"};
inline constexpr values image_details{"auto", "low", "high", "original"};
inline constexpr values cache_control_types{"ephemeral"};
inline constexpr values cache_lifetimes{"5m", "1h"};
inline constexpr values breakpoint_modes{"explicit"};
inline constexpr values annotation_types{"url_citation", "document_citation", "function_citation"};
inline constexpr values reasoning_detail_types{"reasoning.text", "reasoning.summary",
                                               "reasoning.encrypted",
                                               "reasoning.server_tool_call"};
inline constexpr values reasoning_formats{"unknown",
                                          "openai-responses-v1",
                                          "azure-openai-responses-v1",
                                          "bedrock-openai-responses-v1",
                                          "bedrock-xai-responses-v1",
                                          "xai-responses-v1",
                                          "meta-responses-v1",
                                          "anthropic-claude-v1",
                                          "google-gemini-v1"};
inline constexpr values moderation_outcome_types{"moderation_results", "error"};
inline constexpr values moderation_result_types{"moderation_result"};
inline constexpr values router_strategies{"direct",   "auto",   "free",        "latest", "alias",
                                          "fallback", "pareto", "bodybuilder", "fusion"};
inline constexpr values pipeline_types{"guardrail", "plugin", "server_tools", "response_healing",
                                       "context_compression"};
inline constexpr values chart_types{"bar",     "box_and_whisker", "line",   "pie",
                                    "scatter", "superchart",      "unknown"};
inline constexpr values misalignment_types{"potentially_unintended_data_transfer",
                                           "potentially_unintended_data_access",
                                           "potentially_unintended_destructive_activity", "other"};

// ---- Content parts ------------------------------------------------------------------------------

inline constexpr merged_model cache_control{
    model::cache_control, "CacheControl", "Asks the provider to cache the prompt up to here.",
    {
        has("type", open(cache_control_types), "The kind of cache.", "ephemeral"),
        has("ttl", open(cache_lifetimes), "How long the cache is kept.", "5m"),
    }};

inline constexpr merged_model prompt_cache_breakpoint{
    model::prompt_cache_breakpoint, "PromptCacheBreakpoint",
    "Marks where a cached prompt prefix ends.",
    {
        has("mode", open(breakpoint_modes), "How the breakpoint was set.", "explicit"),
    }};

inline constexpr merged_model image_url{
    model::image_url, "ImageUrl", "Where an image is found.",
    {
        has("url", text, "The address of the image, or the image itself as a `data:` URL."),
        has("detail", open(image_details), "How finely the model looks at the image.", "auto"),
    }};

inline constexpr merged_model input_audio{
    model::input_audio, "InputAudio", "Sound as it was given to the model.",
    {
        has("data", text, "The sound, in base64."),
        has("format", text, "The encoding of the sound.", "wav"),
    }};

inline constexpr merged_model video_url{
    model::video_url, "VideoUrl", "Where a video is found.",
    {
        has("url", text, "The address of the video, or the video itself as a `data:` URL."),
    }};

inline constexpr merged_model file{
    model::file, "FileContent", "A file as it was given to the model.",
    {
        has("file_data", text, "The file: a `data:` URL, an address or base64."),
        has("file_id", text, "The identifier of an uploaded file."),
        has("filename", text, "The name of the file."),
        has("file_name", text, "The name of the file, as some servers spell it."),
    }};

inline constexpr merged_model thinking_part{
    model::thinking_part, "ThinkingPart", "One part of what a model thought.",
    {
        has("type", open(thinking_part_types), "The kind of the part.", "text"),
        has("text", text, "The text of a `text` part."),
        has("reference_ids", list_of_scalars, "The sources that a `reference` part points to."),
        has("tool", open(referenced_tools), "The tool that a `tool_reference` part is about."),
        has("title", text, "The title of what the tool found."),
        has("url", text, "The address of what the tool found."),
        has("favicon", text, "The address of an icon for it."),
        has("description", text, "What the tool found, in a few words."),
    }};

inline constexpr merged_model content_part{
    model::content_part, "ContentPart",
    "One part of a message whose content is a list. `type` tells which of the members it has.",
    {
        has("type", open(part_types), "The kind of the part.", "text"),
        has("text", text, "The text of a `text` part."),
        has("image_url", object(image_url) | also_text, "The image of an `image_url` part."),
        has("input_audio", object(input_audio) | also_text, "The sound of an `input_audio` part."),
        has("video_url", object(video_url) | also_text,
            "The video of a `video_url` or `input_video` part."),
        has("file", object(file), "The file of a `file` part."),
        has("file_id", text, "The identifier of the uploaded file of a `file` part."),
        has("document_url", text, "The address of the document of a `document_url` part."),
        has("document_name", text, "The name of the document."),
        has("reference_ids", list_of_scalars, "The sources that a `reference` part points to."),
        has("thinking", objects(thinking_part), "What the model thought, in a `thinking` part."),
        has("signature", text, "The provider's signature of the thinking, to be sent back."),
        has("closed", boolean, "Whether the thinking is finished."),
        has("tool", open(referenced_tools), "The tool that a `tool_reference` part is about."),
        has("title", text, "The title of what the tool found."),
        has("url", text, "The address of what the tool found."),
        has("favicon", text, "The address of an icon for it."),
        has("description", text, "What the tool found, in a few words."),
        has("cache_control", object(cache_control),
            "Asks the provider to cache the prompt up to here."),
        has("prompt_cache_breakpoint", object(prompt_cache_breakpoint),
            "Marks where a cached prompt prefix ends."),
    }};

// ---- Tool calls ---------------------------------------------------------------------------------

inline constexpr merged_model tool_function{
    model::tool_function, "ToolFunction",
    "A function that the model wants called. In a stream, a fragment of it.",
    {
        has("name", text, "The name of the function."),
        has("arguments", text,
            "The arguments: JSON as the model wrote it, which need not be valid."),
    }};

inline constexpr merged_model custom_tool{
    model::custom_tool, "CustomTool",
    "A custom tool that the model wants called. In a stream, a fragment of it.",
    {
        has("name", text, "The name of the tool."),
        has("input", text, "The input, as free text."),
    }};

inline constexpr merged_model function_call{
    model::function_call, "FunctionCall",
    "The older form of a tool call. In a stream, a fragment of it.",
    {
        has("name", text, "The name of the function."),
        has("arguments", text,
            "The arguments: JSON as the model wrote it, which need not be valid."),
    }};

inline constexpr merged_model tool_call{
    model::tool_call, "ToolCall", "A call of a tool that the model asks for.",
    {
        has("id", text, "The identifier of the call, which its result refers to.", "call_abc123"),
        has("type", open(tool_types), "The kind of the tool.", "function"),
        has("function", object(tool_function), "The function to call."),
        has("index", integer, "The position of the call among its message's."),
        has("custom", object(custom_tool), "The custom tool to call."),
        has("id_synthetic", boolean, "True where the server sent no id and chatwire made one."),
        has("type_synthetic", boolean,
            "True where the server sent no type and chatwire took `function`."),
    },
    2};

inline constexpr merged_model tool_call_delta{
    model::tool_call_delta, "ToolCallDelta", "A fragment of a tool call.",
    {
        has("index", integer, "Which call of the message the fragment belongs to.", "0"),
        has("id", text, "The identifier of the call, usually on its first fragment only.",
            "call_abc123"),
        has("type", open(tool_types), "The kind of the tool, usually on its first fragment only.",
            "function"),
        has("function", object(tool_function), "A fragment of the function to call."),
        has("custom", object(custom_tool), "A fragment of the custom tool to call."),
    }};

// ---- Log probabilities --------------------------------------------------------------------------

inline constexpr merged_model top_logprob{
    model::top_logprob, "TopLogprob", "A token that was likely at a position.",
    {
        has("token", text, "The token."),
        has("logprob", number,
            "The logarithm of its probability. -9999 stands for very unlikely.", "-0.31725305"),
        has("bytes", integers, "The token's UTF-8 bytes, or null where it has none.",
            "[72, 101, 108, 108, 111]"),
    }};

inline constexpr merged_model token_logprob{
    model::token_logprob, "TokenLogprob", "A token of the answer and how likely it was.",
    {
        has("token", text, "The token."),
        has("logprob", number,
            "The logarithm of its probability. -9999 stands for very unlikely.", "-0.31725305"),
        has("bytes", integers, "The token's UTF-8 bytes, or null where it has none.",
            "[72, 101, 108, 108, 111]"),
        has("top_logprobs", objects(top_logprob), "The likeliest tokens at this position."),
    }};

inline constexpr merged_model logprobs{
    model::logprobs, "Logprobs", "How likely the tokens of a choice were.",
    {
        has("content", objects(token_logprob), "The tokens of the message's content."),
        has("refusal", objects(token_logprob), "The tokens of the message's refusal."),
        has("tokens", texts, "The tokens, in the older form that some servers send."),
        has("token_logprobs", any_list,
            "The logarithms of their probabilities, null for the first, in the older form."),
        has("top_logprobs", anything, "The likeliest tokens at each position, in the older form."),
        has("text_offset", integers, "Where each token begins in the text, in the older form."),
    }};

// ---- What comes with a message ------------------------------------------------------------------

inline constexpr merged_model url_citation{
    model::url_citation, "UrlCitation", "A passage of the message that rests on a web page.",
    {
        has("end_index", integer, "Where the passage ends in the message, in characters."),
        has("start_index", integer, "Where the passage begins in the message, in characters."),
        has("url", text, "The address of the page."),
        has("title", text, "The title of the page."),
    }};

inline constexpr merged_model document_citation{
    model::document_citation, "DocumentCitation",
    "A passage of the message that rests on a document of the request.",
    {
        has("document_id", text, "The identifier of the document."),
        has("end_index", integer, "Where the passage ends in the message, in characters."),
        has("start_index", integer, "Where the passage begins in the message, in characters."),
    }};

inline constexpr merged_model function_citation{
    model::function_citation, "FunctionCitation",
    "A passage of the message that rests on the result of a tool.",
    {
        has("end_index", integer, "Where the passage ends in the message, in characters."),
        has("start_index", integer, "Where the passage begins in the message, in characters."),
        has("tool_call_id", text, "The identifier of the tool call."),
    }};

inline constexpr merged_model annotation{
    model::annotation, "Annotation", "A note on a passage of the message: where it comes from.",
    {
        has("type", open(annotation_types), "The kind of the note.", "url_citation"),
        has("url_citation", object(url_citation), "The web page of a `url_citation`."),
        has("document_citation", object(document_citation),
            "The document of a `document_citation`."),
        has("function_citation", object(function_citation),
            "The tool call of a `function_citation`."),
        has("url", text, "The address of the page, from servers that send citations flat."),
        has("title", text, "The title of the page, from servers that send citations flat."),
        has("start_index", integer,
            "Where the passage begins, from servers that send citations flat."),
        has("end_index", integer, "Where the passage ends, from servers that send citations flat."),
    }};

inline constexpr merged_model audio{
    model::audio, "Audio", "The answer as sound. In a stream, a fragment of it.",
    {
        has("id", text, "The identifier of the sound, by which a later request refers to it."),
        has("data", text, "The sound, in base64."),
        has("expires_at", integer,
            "When the provider forgets the sound, in seconds since 1970.", "1729018505"),
        has("transcript", text, "What is said in it."),
    }};

inline constexpr merged_model image{
    model::image, "GeneratedImage", "An image that the model made.",
    {
        has("type", open(image_types), "How the image is given.", "image_url"),
        has("image_url", object(image_url), "The image."),
        has("index", integer, "The position of the image among its message's."),
    }};

inline constexpr merged_model reasoning_detail{
    model::reasoning_detail, "ReasoningDetail",
    "A piece of the model's reasoning. `type` tells which of the members it has.",
    {
        has("type", open(reasoning_detail_types), "The kind of the piece.", "reasoning.text"),
        has("text", text, "The reasoning, in a `reasoning.text`."),
        has("summary", text, "The summary, in a `reasoning.summary`."),
        has("data", text, "The encrypted reasoning, in a `reasoning.encrypted`."),
        has("signature", text, "The provider's signature of the text, to be sent back."),
        has("id", text, "The identifier of the piece."),
        has("format", open(reasoning_formats), "Which provider's form the piece has.",
            "anthropic-claude-v1"),
        has("index", integer, "The position of the piece among its message's."),
        has("tool_name", text, "The tool, in a `reasoning.server_tool_call`."),
        has("tool_call_id", text, "The identifier of the tool call."),
        has("arguments", text, "The arguments of the tool call."),
        has("result", text, "What the tool gave."),
    }};

inline constexpr merged_model browser_result{
    model::browser_result, "BrowserResult", "A page that the browser tool opened.",
    {
        has("title", text, "The title of the page."),
        has("url", text, "The address of the page."),
        has("content", text, "The text of the page."),
        has("live_view_url", text, "Where the browser can be watched."),
    }};

inline constexpr merged_model chart_element{
    model::chart_element, "ChartElement", "One series, bar, slice or box of a chart.",
    {
        has("label", text, "Its label."),
        has("angle", number, "The angle of a slice, in degrees."),
        has("first_quartile", number, "The first quartile of a box."),
        has("group", text, "The group of a bar."),
        has("max", number, "The highest value of a box."),
        has("median", number, "The median of a box."),
        has("min", number, "The lowest value of a box."),
        has("outliers", numbers, "The values outside a box."),
        has("points", list_of_numbers, "The points of a line or scatter series."),
        has("radius", number, "The radius of a slice."),
        has("third_quartile", number, "The third quartile of a box."),
        has("value", number, "The value of a bar."),
    }};

inline constexpr merged_model chart{
    model::chart, "Chart", "A chart that the code tool drew.",
    {
        has("elements", objects(chart_element), "What is drawn."),
        has("type", open(chart_types), "The kind of the chart.", "bar"),
        has("title", text, "The title of the chart."),
        has("x_label", text, "The label of the horizontal axis."),
        has("x_scale", text, "The scale of the horizontal axis.", "linear"),
        has("x_tick_labels", texts, "The labels along the horizontal axis."),
        has("x_ticks", numbers, "The ticks along the horizontal axis."),
        has("x_unit", text, "The unit of the horizontal axis."),
        has("y_label", text, "The label of the vertical axis."),
        has("y_scale", text, "The scale of the vertical axis.", "linear"),
        has("y_tick_labels", texts, "The labels along the vertical axis."),
        has("y_ticks", numbers, "The ticks along the vertical axis."),
        has("y_unit", text, "The unit of the vertical axis."),
    }};

inline constexpr merged_model code_result{
    model::code_result, "CodeResult", "What a run of the code tool gave.",
    {
        has("chart", object(chart), "The chart that it drew."),
        has("charts", objects(chart), "The charts that it drew."),
        has("png", text, "The picture that it drew: PNG, in base64."),
        has("text", text, "The text that it wrote."),
    }};

inline constexpr merged_model search_result{
    model::search_result, "SearchResult", "One result of the search tool.",
    {
        has("title", text, "The title of the page."),
        has("url", text, "The address of the page."),
        has("content", text, "The passage that was found."),
        has("score", number, "How well it fits the search."),
    }};

inline constexpr merged_model search_results{
    model::search_results, "SearchResults", "What the search tool found.",
    {
        has("results", objects(search_result), "The pages that were found."),
        has("images", texts, "The addresses of the images that were found."),
    }};

inline constexpr merged_model executed_tool{
    model::executed_tool, "ExecutedTool", "A tool that the server itself ran for the answer.",
    {
        has("index", integer, "The position of the run among its message's."),
        has("type", text, "The kind of the tool.", "search"),
        has("arguments", text, "The arguments, as JSON text."),
        has("output", text, "What the tool gave, as text."),
        has("search_results", object(search_results), "What the search tool found."),
        has("browser_results", objects(browser_result), "The pages that the browser tool opened."),
        has("code_results", objects(code_result), "What the runs of the code tool gave."),
    }};

// ---- Messages and choices -----------------------------------------------------------------------

inline constexpr merged_model message{
    model::message, "ChatCompletionMessage", "The message of a choice.",
    {
        has("role", open(roles), "Who speaks.", "assistant"),
        has("content", content(content_part), "The text of the message, or its parts.",
            "Hello! How can you help me today?"),
        has("refusal", text, "Why the model refused, where it did."),
        has("reasoning", text, "What the model thought before it answered."),
        has("reasoning_content", text,
            "What the model thought before it answered, as other servers name it."),
        has("tool_calls", objects(tool_call), "The calls of tools that the model asks for."),
        has("annotations", objects(annotation), "Where passages of the message come from."),
        has("audio", object(audio), "The answer as sound, where sound was asked for."),
        has("function_call", object(function_call), "The older form of a tool call."),
        has("name", text, "The name of the speaker.", "AI expert"),
        has("reasoning_details", objects(reasoning_detail),
            "The model's reasoning in pieces, to be sent back with the conversation."),
        has("images", objects(image), "The images that the model made."),
        has("model", text, "The model that wrote the message."),
        has("tool_call_id", text, "The tool call that a `tool` message answers."),
        has("prefix", boolean, "Whether the model must go on from this message."),
        has("executed_tools", objects(executed_tool),
            "The tools that the server itself ran for the answer."),
    }};

inline constexpr merged_model delta{
    model::delta, "Delta", "What a chunk adds to the message of a choice.",
    {
        has("role", open(roles), "Who speaks, usually on the first chunk only.", "assistant"),
        has("content", content(content_part), "The next piece of the text, or the next parts.",
            "Hello"),
        has("refusal", text, "The next piece of the refusal."),
        has("reasoning", text, "The next piece of what the model thinks."),
        has("reasoning_content", text,
            "The next piece of what the model thinks, as other servers name it."),
        has("tool_calls", objects(tool_call_delta), "Fragments of tool calls."),
        has("function_call", object(function_call),
            "A fragment of a call in the older form."),
        has("audio", object(audio), "The next piece of the sound."),
        has("annotations", objects(annotation), "Where passages of the message come from."),
        has("reasoning_details", objects(reasoning_detail),
            "The next pieces of the model's reasoning, to be sent back with the conversation."),
        has("images", objects(image), "The next images that the model made."),
        has("executed_tools", objects(executed_tool),
            "The tools that the server itself ran for the answer."),
        has("tool_call_id", text, "The tool call that a `tool` message answers."),
        has("index", integer, "The position of the piece."),
        has("metadata", map, "What the provider adds, with its own names."),
    }};

inline constexpr merged_model choice{
    model::choice, "ChatCompletionChoice", "One of the answers.",
    {
        has("index", integer, "The position of the choice among the choices.", "0"),
        has("message", object(message), "The answer."),
        has("logprobs", object(logprobs), "How likely the tokens of the answer were."),
        has("finish_reason", open(finish_reasons), "Why the model stopped.", "stop"),
        has("messages", objects(delta), "The messages of an answer that consists of several."),
        has("index_synthetic", boolean,
            "True where the server sent no index and chatwire took the position."),
    },
    1};

inline constexpr merged_model stop_reason{
    model::stop_reason, "StopReason", "What stopped the model: a token or a text.",
    {
        has("Int", integer, "The number of the token that stopped the model.", "128009"),
        has("String", text, "The text that stopped the model.", "</s>"),
    }};

inline constexpr merged_model chunk_choice{
    model::chunk_choice, "ChunkChoice", "What a chunk adds to one of the answers.",
    {
        has("index", integer, "Which of the choices the chunk adds to.", "0"),
        has("delta", object(delta), "What it adds to the message."),
        has("logprobs", object(logprobs), "How likely the tokens that it adds were."),
        has("finish_reason", open(finish_reasons),
            "Why the model stopped; null or absent until it has.", "stop"),
        has("stop_reason", object(stop_reason) | also_text | also_number,
            "The stop text or token that was met."),
        has("index_synthetic", boolean,
            "True where the server sent no index and chatwire took the position."),
    },
    1};

// ---- Usage --------------------------------------------------------------------------------------

inline constexpr merged_model prompt_tokens_details{
    model::prompt_tokens_details, "PromptTokensDetails", "What the prompt's tokens were.",
    {
        has("cached_tokens", count, "Tokens that came from the provider's cache.", "10"),
        has("audio_tokens", count, "Tokens of sound.", "0"),
        has("cache_write_tokens", count, "Tokens that were written to the provider's cache."),
        has("text_tokens", count, "Tokens of text."),
        has("image_tokens", count, "Tokens of images."),
        has("video_tokens", count, "Tokens of video."),
    }};

inline constexpr merged_model completion_tokens_details{
    model::completion_tokens_details, "CompletionTokensDetails", "What the answer's tokens were.",
    {
        has("reasoning_tokens", count, "Tokens that the model spent on thinking."),
        has("audio_tokens", count, "Tokens of sound."),
        has("accepted_prediction_tokens", count,
            "Tokens of the request's prediction that the answer has."),
        has("rejected_prediction_tokens", count,
            "Tokens of the request's prediction that the answer does not have; billed all the "
            "same."),
        has("text_tokens", count, "Tokens of text."),
    }};

inline constexpr merged_model cost_details{
    model::cost_details, "CostDetails", "What the cost is made of, in US dollars.",
    {
        has("upstream_inference_cost", number, "What the provider behind the router charged."),
        has("upstream_inference_prompt_cost", number, "Its charge for the prompt."),
        has("upstream_inference_completions_cost", number, "Its charge for the answer."),
        has("server_tool_cost", number, "The charge for tools that the server ran."),
    }};

inline constexpr merged_model server_tool_use_details{
    model::server_tool_use_details, "ServerToolUseDetails", "Which tools the server ran.",
    {
        has("web_search_requests", count, "Searches of the web."),
        has("tool_calls_requested", count, "Tool calls that the model asked for."),
        has("tool_calls_executed", count, "Tool calls that the server ran."),
    }};

inline constexpr merged_model usage{
    model::usage, "Usage", "What the request used, in tokens, time and money.",
    {
        has("prompt_tokens", count, "Tokens of the prompt.", "9"),
        has("completion_tokens", count, "Tokens of the answer.", "12"),
        has("total_tokens", count, "Tokens of both.", "21"),
        has("prompt_tokens_details", object(prompt_tokens_details),
            "What the prompt's tokens were."),
        has("completion_tokens_details", object(completion_tokens_details),
            "What the answer's tokens were."),
        has("cost", number, "What the request cost, in US dollars or the provider's credits."),
        has("cost_details", object(cost_details), "What the cost is made of."),
        has("is_byok", boolean, "Whether the request ran on a key of the customer's own."),
        has("server_tool_use_details", object(server_tool_use_details),
            "Which tools the server ran."),
        has("queue_time", number, "Seconds that the request waited."),
        has("prompt_time", number, "Seconds that the prompt took."),
        has("completion_time", number, "Seconds that the answer took."),
        has("total_time", number, "Seconds that both took."),
        has("prompt_audio_seconds", count, "Seconds of sound in the prompt."),
        has("service_tier", text, "The tier that served the request."),
        has("dram_cached_tokens", count, "Tokens that came from a cache in DRAM."),
        has("sram_cached_tokens", count, "Tokens that came from a cache in SRAM."),
    }};

inline constexpr merged_model model_usage{
    model::model_usage, "ModelUsage", "What one of several models used.",
    {
        has("model", text, "The model."),
        has("usage", object(usage), "What it used."),
    }};

inline constexpr merged_model usage_breakdown{
    model::usage_breakdown, "UsageBreakdown", "What each of several models used.",
    {
        has("models", objects(model_usage), "The models."),
    }};

// ---- Moderation ---------------------------------------------------------------------------------

inline constexpr merged_model moderation_result{
    model::moderation_result, "ModerationResult", "What the moderation found in one text or image.",
    {
        has("type", open(moderation_result_types), "The kind of the result.", "moderation_result"),
        has("model", text, "The model that judged."),
        has("flagged", boolean, "Whether any of the categories applies."),
        has("categories", map_of_bools, "Which categories apply, by name."),
        has("category_scores", map_of_numbers, "How strongly each category applies, by name."),
        has("category_applied_input_types", map_of_texts,
            "Which kinds of input each category was judged on, by name."),
    }};

inline constexpr merged_model moderation_outcome{
    model::moderation_outcome, "ModerationOutcome",
    "The results of a moderation, or why there are none.",
    {
        has("type", open(moderation_outcome_types), "Whether there are results or an error.",
            "moderation_results"),
        has("model", text, "The model that judged."),
        has("results", objects(moderation_result), "The results."),
        has("code", text, "The code of the error."),
        has("message", text, "The error in words."),
    }};

inline constexpr merged_model moderation{
    model::moderation, "Moderation", "What the moderation found.",
    {
        has("input", object(moderation_outcome), "What it found in the request."),
        has("output", object(moderation_outcome), "What it found in the answer."),
    }};

// ---- Routing ------------------------------------------------------------------------------------

inline constexpr merged_model router_attempt{
    model::router_attempt, "RouterAttempt", "One attempt to have the request answered.",
    {
        has("provider", text, "The provider that was asked."),
        has("model", text, "The model that was asked for."),
        has("status", integer, "The HTTP status that it gave.", "200"),
    }};

inline constexpr merged_model endpoint_info{
    model::endpoint_info, "EndpointInfo", "An endpoint that could have answered.",
    {
        has("provider", text, "The provider."),
        has("model", text, "The model."),
        has("selected", boolean, "Whether this one answered."),
    }};

inline constexpr merged_model endpoints_metadata{
    model::endpoints_metadata, "EndpointsMetadata", "The endpoints that could have answered.",
    {
        has("total", count, "How many endpoints there are."),
        has("available", objects(endpoint_info), "The endpoints that were available."),
    }};

inline constexpr merged_model router_params{
    model::router_params, "RouterParams", "What the router was asked to heed.",
    {
        has("quality_floor", number, "The lowest quality that was asked for."),
        has("throughput_floor", number, "The lowest throughput that was asked for."),
        has("version_group", text, "The group of versions that was asked for."),
    }};

inline constexpr merged_model pipeline_stage{
    model::pipeline_stage, "PipelineStage", "What the router did to the request on its way.",
    {
        has("type", open(pipeline_types), "The kind of the stage.", "plugin"),
        has("name", text, "The name of the stage."),
        has("summary", text, "What it did, in a few words."),
        has("data", map, "What it did, with the provider's own names."),
        has("cost_usd", number, "What it cost, in US dollars."),
        has("guardrail_id", text, "The identifier of the guardrail."),
        has("guardrail_scope", text, "What the guardrail applies to."),
    }};

inline constexpr merged_model openrouter_metadata{
    model::openrouter_metadata, "OpenRouterMetadata", "How the router had the request answered.",
    {
        has("requested", text, "The model that was asked for."),
        has("strategy", open(router_strategies), "How the endpoint was chosen.", "direct"),
        has("region", text, "Where the request was served."),
        has("summary", text, "What happened, in a few words."),
        has("attempt", integer, "Which attempt succeeded.", "1"),
        has("attempts", objects(router_attempt), "The attempts."),
        has("is_byok", boolean, "Whether the request ran on a key of the customer's own."),
        has("endpoints", object(endpoints_metadata), "The endpoints that could have answered."),
        has("params", object(router_params), "What the router was asked to heed."),
        has("pipeline", objects(pipeline_stage), "What the router did to the request on its way."),
        has("generation_time", integer, "How long the answer took."),
    }};

inline constexpr merged_model mcp_tool{
    model::mcp_tool, "McpTool", "A tool that an MCP server offers.",
    {
        has("name", text, "The name of the tool."),
        has("description", text, "What the tool does."),
        has("input_schema", map, "The JSON Schema of its input."),
        has("annotations", anything, "What the server says of the tool beside that."),
    }};

inline constexpr merged_model mcp_list_tool{
    model::mcp_list_tool, "McpListTool", "The tools that an MCP server offers.",
    {
        has("id", text, "The identifier of the list."),
        has("type", text, "The kind of the list.", "mcp_list_tools"),
        has("server_label", text, "The label of the server."),
        has("tools", objects(mcp_tool), "The tools."),
    }};

inline constexpr merged_model x_groq_debug{
    model::x_groq_debug, "XGroqDebug", "The tokens that went in and came out.",
    {
        has("input_token_ids", integers, "The numbers of the prompt's tokens."),
        has("input_tokens", texts, "The prompt's tokens."),
        has("output_token_ids", integers, "The numbers of the answer's tokens."),
        has("output_tokens", texts, "The answer's tokens."),
    }};

inline constexpr merged_model x_groq{
    model::x_groq, "XGroq", "What Groq adds to a completion or chunk.",
    {
        has("id", text, "The identifier of the request, for Groq's support.",
            "req_01jbd6g2qdfw2adyrt2az8hz4w"),
        has("usage", object(usage),
            "What the request used: tokens on the last chunk, cache counters on completions."),
        has("error", text, "Why the stream broke off, where it did."),
        has("seed", integer, "The seed of the sampling."),
        has("debug", object(x_groq_debug), "The tokens that went in and came out."),
        has("usage_breakdown", object(usage_breakdown), "What each of several models used."),
    }};

// ---- Errors -------------------------------------------------------------------------------------

inline constexpr merged_model error_misalignment_steer{
    model::error_misalignment_steer, "ErrorMisalignmentSteer", "How the model may be steered on.",
    {
        has("message", text, "The instruction to go on with."),
    }};

inline constexpr merged_model error_misalignment{
    model::error_misalignment, "ErrorMisalignment",
    "Why the provider blocked the request as misaligned.",
    {
        has("detailed_explanation", text, "The explanation."),
        has("error_type", open(misalignment_types), "The kind of what was blocked.", "other"),
        has("review_target", text, "What a continued review refers to, or null."),
        has("steer", object(error_misalignment_steer), "How the model may be steered on."),
    }};

inline constexpr merged_model error_payload{
    model::error_payload, "ErrorPayload", "What went wrong, in the provider's words.",
    {
        has("message", text, "The error in words.", "Provider returned error"),
        has("type", text, "The kind of the error.", "invalid_request_error"),
        has("code", scalar, "The code of the error: a word, or a number as HTTP has them.", "429"),
        has("param", text, "The parameter of the request that is at fault."),
        has("status", scalar, "The status of the error, as some servers name it.",
            "INVALID_ARGUMENT"),
        has("metadata", map, "What the provider adds, with its own names."),
        has("failed_generation", text, "What the model wrote that could not be used."),
        has("schema_code", text, "Which rule of the JSON Schema the answer broke."),
        has("schema_kind", text, "The kind of that rule."),
        has("schema_path", text, "Where in the JSON Schema that rule is."),
        has("schema_path_segments", texts, "The same path, in segments."),
        has("debug", object(x_groq_debug), "The tokens that went in and came out."),
        has("misalignment", object(error_misalignment),
            "Why the provider blocked the request as misaligned."),
    }};

inline constexpr merged_model error_response{
    model::error_response, "ErrorResponse", "A body that is an error.",
    {
        has("error", object(error_payload) | also_text, "What went wrong."),
        has("detail", anything, "What went wrong, from servers built on FastAPI.", "Not Found"),
        has("message", text, "What went wrong, from servers that send it flat."),
        has("openrouter_metadata", map, "How the router tried to have the request answered."),
        has("user_id", text, "Whose request it was."),
    }};

// ---- Completions and chunks ---------------------------------------------------------------------

inline constexpr merged_model chat_completion{
    model::chat_completion, "ChatCompletion", "A chat completion: the answer to a request.",
    {
        has("id", text, "The identifier of the completion.", "chatcmpl-123"),
        has("object", open(completion_objects), "What the object is.", "chat.completion"),
        has("created", integer, "When the completion was made, in seconds since 1970.",
            "1677652288"),
        has("model", text, "The model that answered.", "meta-llama/Llama-3.3-70B-Instruct"),
        has("choices", objects(choice), "The answers; one, unless more were asked for."),
        has("usage", object(usage), "What the request used."),
        has("service_tier", open(service_tiers), "The tier that served the request.", "auto"),
        has("system_fingerprint", text,
            "The configuration of the backend. Where it changes, equal seeds may give other "
            "answers.",
            "fp_44709d6fcb"),
        has("metadata", map_of_text, "What the developer attached to the completion."),
        has("moderation", object(moderation), "What the moderation found."),
        has("openrouter_metadata", object(openrouter_metadata),
            "How the router had the request answered."),
        has("mcp_list_tools", objects(mcp_list_tool), "The tools of the MCP servers."),
        has("usage_breakdown", object(usage_breakdown), "What each of several models used."),
        has("x_groq", object(x_groq), "What Groq adds."),
    }};

inline constexpr merged_model chat_completion_chunk{
    model::chat_completion_chunk, "ChatCompletionChunk",
    "One chunk of a chat completion that comes as a stream.",
    {
        has("id", text, "The identifier of the completion, the same on all its chunks.",
            "chatcmpl-123"),
        has("object", open(chunk_objects), "What the object is.", "chat.completion.chunk"),
        has("created", integer,
            "When the completion was made, in seconds since 1970, the same on all its chunks.",
            "1677652288"),
        has("model", text, "The model that answers.", "meta-llama/Llama-3.3-70B-Instruct"),
        has("choices", objects(chunk_choice),
            "What the chunk adds to the answers. Empty on a chunk that has only the usage."),
        has("usage", object(usage), "What the request used, on the last chunk."),
        has("service_tier", open(service_tiers), "The tier that serves the request.", "auto"),
        has("system_fingerprint", text,
            "The configuration of the backend. Where it changes, equal seeds may give other "
            "answers.",
            "fp_44709d6fcb"),
        has("obfuscation", text, "Random characters that hide how long the chunk is."),
        has("error", object(error_payload) | also_text, "Why the stream breaks off here."),
        has("moderation", object(moderation), "What the moderation found."),
        has("openrouter_metadata", object(openrouter_metadata),
            "How the router had the request answered."),
        has("x_groq", object(x_groq), "What Groq adds."),
    }};

}  // namespace chatwire::models::merged
