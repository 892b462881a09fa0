// The model that Atoma documents, in zod, with names changed as Atoma's SDK changes them.
import * as z from "zod";

const optional = (schema) => schema.nullish();
const text = z.string();
const integer = z.int();

const imageUrl = z.object({ detail: optional(text), url: text });
const contentPart = z.union([
  z.object({ text, type: text }),
  z
    .object({ image_url: imageUrl, type: text })
    .transform(({ image_url, ...rest }) => ({ ...rest, imageUrl: image_url })),
]);
const content = optional(z.union([text, z.array(contentPart)]));

const toolCall = z.object({
  function: z.object({ arguments: text, name: text }),
  id: text,
  type: text,
});

const message = z.discriminatedUnion("role", [
  z
    .object({
      content,
      name: optional(text),
      refusal: optional(text),
      role: z.literal("assistant"),
      tool_calls: z.array(toolCall).optional(),
    })
    .transform(({ tool_calls, ...rest }) =>
      tool_calls === undefined ? rest : { ...rest, toolCalls: tool_calls },
    ),
  z.object({ content, name: optional(text), role: z.literal("system") }),
  z.object({ content, name: optional(text), role: z.literal("user") }),
  z
    .object({ content, role: z.literal("tool"), tool_call_id: text.optional() })
    .transform(({ tool_call_id, ...rest }) => ({ ...rest, toolCallId: tool_call_id })),
]);

const logprob = z.object({ bytes: optional(z.array(integer)), logprob: z.number(), token: text });
const logprobs = z.object({
  content: optional(
    z.array(
      z
        .object({ top_logprobs: z.array(logprob) })
        .transform(({ top_logprobs }) => ({ topLogprobs: top_logprobs })),
    ),
  ),
});

const choice = z
  .object({ finish_reason: optional(text), index: integer, logprobs: optional(logprobs), message })
  .transform(({ finish_reason, ...rest }) => ({ ...rest, finishReason: finish_reason }));

const usage = z
  .object({
    completion_tokens: integer,
    prompt_tokens: integer,
    prompt_tokens_details: optional(
      z
        .object({ audio_tokens: integer, cached_tokens: integer })
        .transform(({ audio_tokens, cached_tokens }) => ({
          audioTokens: audio_tokens,
          cachedTokens: cached_tokens,
        })),
    ),
    total_tokens: integer,
  })
  .transform((of) => ({
    completionTokens: of.completion_tokens,
    promptTokens: of.prompt_tokens,
    promptTokensDetails: of.prompt_tokens_details,
    totalTokens: of.total_tokens,
  }));

export const completion = z
  .object({
    choices: z.array(choice),
    created: integer,
    id: text,
    model: text,
    object: text,
    service_tier: optional(text),
    system_fingerprint: optional(text),
    usage: optional(usage),
  })
  .transform(({ service_tier, system_fingerprint, ...rest }) => ({
    ...rest,
    serviceTier: service_tier,
    systemFingerprint: system_fingerprint,
  }));
