// Chunks that differ only in texts, log-probabilities and usage from one that was read before.
import { buildLogprobs, buildUsage } from "../generated/builders.js";
import type {
  ChatCompletionChunk,
  ChunkChoice,
  Delta,
  Extra,
  Logprobs,
  ToolCallDelta,
  Usage,
} from "../generated/types.js";
import { base, text, words } from "./tape.js";

/** A chunk that others are like: nobody else's, so that nobody changes it. */
export interface ModelChunk {
  readonly chunk: ChatCompletionChunk;
  /** What it and its choice have that no model knows, and whether that holds objects or arrays. */
  readonly extra: Extra | undefined;
  readonly choiceExtra: Extra | undefined;
  readonly isDeep: boolean;
  /** Which members it, its choice and its delta have else: places in the lists below, or -1. */
  readonly chunkSet: number;
  readonly choiceSet: number;
  readonly deltaSet: number;
}

// An object that is written out is made three times as fast as one that is copied.
const chunkSets = [
  "",
  ",usage",
  ",systemFingerprint",
  ",usage,systemFingerprint",
  ",usage,serviceTier,systemFingerprint",
  ",usage,serviceTier,systemFingerprint,obfuscation",
  ",serviceTier,systemFingerprint,obfuscation",
  ",serviceTier,systemFingerprint",
].map((more) => `id,object,created,model,choices${more}`);
const choiceSets = ["index,delta", "index,delta,finishReason", "index,delta,logprobs,finishReason"];

const deltaSets = ["content", "role,content", "content,reasoningContent", "toolCalls"];

const namesOf = (of: object) => Object.keys(of).join();

/** Copies a chunk as one that others are like. */
export function modelOf(of: ChatCompletionChunk): ModelChunk {
  const { extra, ...chunk } = of;
  const [{ extra: choiceExtra, ...choice }] = of.choices as [ChunkChoice];
  const delta = { ...choice.delta };
  if (delta.toolCalls) delta.toolCalls = delta.toolCalls.map(copyCall);
  choice.delta = delta;
  chunk.choices = [choice];
  return {
    chunk,
    extra: copyOpen(extra),
    choiceExtra: copyOpen(choiceExtra),
    isDeep: hasObjects(extra) || hasObjects(choiceExtra),
    chunkSet: chunkSets.indexOf(namesOf(chunk)),
    choiceSet: choiceSets.indexOf(namesOf(choice)),
    deltaSet: deltaSets.indexOf(deltaName(delta)),
  };
}

function deltaName(delta: Delta): string {
  const [call] = delta.toolCalls ?? [];
  const isPlain =
    call === undefined ||
    (namesOf(call) === "index,function" && namesOf(call.function as object) === "arguments");
  return isPlain ? namesOf(delta) : "";
}

function hasObjects(extra: Extra = {}): boolean {
  return Object.values(extra).some((value) => typeof value === "object" && value !== null);
}

// A copy of any JSON value, which is short.
function copyOpen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOpen) as Value;
  const made = { ...value };
  for (const name in made) {
    const member = made[name];
    if (typeof member === "object") made[name] = copyOpen(member);
  }
  return made;
}

function copyCall(call: ToolCallDelta): ToolCallDelta {
  return { ...call, function: { ...call.function } };
}

// Where there are log-probabilities, each chunk has its own.
function withDelta(
  like: ChunkChoice,
  delta: Delta,
  logprobs: Logprobs | null,
  set: number,
): ChunkChoice {
  const { index } = like;
  switch (set) {
    case 0:
      return { index, delta };
    case 1:
      return { index, delta, finishReason: null };
    case 2:
      return { index, delta, logprobs, finishReason: null };
    default: {
      const made = { ...like, delta };
      if (logprobs !== null) made.logprobs = logprobs;
      return made;
    }
  }
}

// Where there is usage, each chunk has its own.
function withChoice(
  like: ChatCompletionChunk,
  choice: ChunkChoice,
  usage: Usage | null,
  set: number,
  hidden: string | undefined,
): ChatCompletionChunk {
  const { id, object, created, model, serviceTier, systemFingerprint } = like as Required<
    typeof like
  >;
  const choices = [choice];
  switch (set) {
    case 0:
      return { id, object, created, model, choices };
    case 1:
      return { id, object, created, model, choices, usage };
    case 2:
      return { id, object, created, model, choices, systemFingerprint };
    case 3:
      return { id, object, created, model, choices, usage, systemFingerprint };
    case 4:
      return { id, object, created, model, choices, usage, serviceTier, systemFingerprint };
    case 5: {
      const obfuscation = hidden as string;
      return {
        id,
        object,
        created,
        model,
        choices,
        usage,
        serviceTier,
        systemFingerprint,
        obfuscation,
      };
    }
    case 6: {
      const obfuscation = hidden as string;
      return { id, object, created, model, choices, serviceTier, systemFingerprint, obfuscation };
    }
    case 7:
      return { id, object, created, model, choices, serviceTier, systemFingerprint };
    default: {
      const made = { ...like, choices };
      if (usage !== null) made.usage = usage;
      if (hidden !== undefined) made.obfuscation = hidden;
      return made;
    }
  }
}

// The bits of src/stream/likeness.hpp, varying.
const contentBit = 1;
const reasoningBit = 2;
const reasoningContentBit = 4;
const refusalBit = 8;
const argumentsBit = 16;
const obfuscationBit = 32;
const paddingBit = 64;
const logprobsBit = 128;
const usageBit = 256;

function withTexts(like: Delta, set: number, kinds: number, next: () => string): Delta {
  switch (set) {
    case 0:
      return { content: next() };
    case 1:
      return { role: like.role as string, content: next() };
    case 2: {
      const content = kinds & contentBit ? next() : null;
      return { content, reasoningContent: kinds & reasoningContentBit ? next() : null };
    }
    case 3: {
      const { index } = (like.toolCalls as [Required<ToolCallDelta>])[0];
      return { toolCalls: [{ index, function: { arguments: next() } }] };
    }
    default: {
      const delta = { ...like };
      if (kinds & contentBit) delta.content = next();
      if (kinds & reasoningBit) delta.reasoning = next();
      if (kinds & reasoningContentBit) delta.reasoningContent = next();
      if (kinds & refusalBit) delta.refusal = next();
      if (kinds & argumentsBit) {
        const [call] = delta.toolCalls as [ToolCallDelta];
        delta.toolCalls = [{ ...call, function: { ...call.function, arguments: next() } }];
      }
      return delta;
    }
  }
}

/** A chunk of other texts: which ones, and their cells, are at word `at`. */
export function likeChunk(model: ModelChunk, at: number): ChatCompletionChunk {
  const { chunk, extra, choiceExtra, isDeep } = model;
  const like = (chunk.choices as ChunkChoice[])[0] as ChunkChoice;
  const kinds = words[at] as number;
  if (kinds === contentBit && model.deltaSet === 0 && !extra && !choiceExtra) {
    const choice = withDelta(like, { content: text(at + 2) }, null, model.choiceSet);
    return withChoice(chunk, choice, null, model.chunkSet, undefined);
  }
  let cell = at;
  const next = () => {
    cell += 2;
    return text(cell);
  };
  const nextObject = () => {
    cell += 2;
    return base + (words[cell] as number);
  };
  const delta = withTexts(like.delta as Delta, model.deltaSet, kinds, next);
  const obfuscation = kinds & obfuscationBit ? next() : undefined;
  const padding = kinds & paddingBit ? next() : undefined;
  const logprobs = kinds & logprobsBit ? buildLogprobs(nextObject()) : null;
  const usage = kinds & usageBit ? buildUsage(nextObject()) : null;
  const choice = withDelta(like, delta, logprobs, model.choiceSet);
  if (choiceExtra) choice.extra = isDeep ? copyOpen(choiceExtra) : { ...choiceExtra };
  const made = withChoice(chunk, choice, usage, model.chunkSet, obfuscation);
  if (extra) made.extra = isDeep ? copyOpen(extra) : { ...extra };
  if (padding !== undefined) for (const name in made.extra) made.extra[name] = padding;
  return made;
}
