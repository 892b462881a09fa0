// Chunks that differ in some members only from one that was read before.
import {
  buildChatCompletionChunk,
  buildChunkChoice,
  buildDelta,
  buildLogprobs,
  buildUsage,
} from "../generated/builders.js";
import type {
  ChatCompletionChunk,
  ChunkChoice,
  Delta,
  Extra,
  Logprobs,
  ToolCallDelta,
  Usage,
} from "../generated/types.js";
import { openValue, tagText } from "./open-value.js";
import { base, text, words } from "./tape.js";

/** A chunk that others are like: nobody else's, so that nobody changes it. */
export interface ModelChunk {
  readonly chunk: ChatCompletionChunk;
  /** What it, its choice and its delta have that no model knows, and the names of that. */
  readonly extras: readonly (Extra | undefined)[];
  readonly names: readonly string[][];
  readonly hasExtras: boolean;
  /** Whether they hold objects or arrays, and nothing that each chunk has its own of. */
  isDeep: boolean;
  isLean: boolean;
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
  const { extra: deltaExtra, ...delta } = choice.delta as Delta;
  const extras = [extra, choiceExtra, deltaExtra];
  if (delta.toolCalls) delta.toolCalls = delta.toolCalls.map(copyCall);
  const chunkSet = chunkSets.indexOf(namesOf(chunk));
  const choiceSet = choiceSets.indexOf(namesOf(choice));
  const deltaSet = deltaSets.indexOf(deltaName(delta));
  choice.delta = withPlace(delta, deltaSet, deltaExtra);
  chunk.choices = [withPlace(choice, choiceSet, choiceExtra)];
  return {
    chunk: withPlace(chunk, chunkSet, extra),
    extras: extras.map((one) => copyOpen(one)),
    names: extras.map((one) => Object.keys(one ?? {})),
    hasExtras: extras.some((one) => one !== undefined),
    isDeep: extras.some(hasObjects),
    isLean: false,
    chunkSet,
    choiceSet,
    deltaSet,
  };
}

// What is added to a copy of an object costs ten times as much as what is set in it.
function withPlace<Of extends object>(of: Of, set: number, extra: Extra | undefined): Of {
  return set < 0 && extra ? { ...of, extra } : of;
}

function deltaName(delta: Delta): string {
  const [call] = delta.toolCalls ?? [];
  const isPlain =
    delta.toolCalls === undefined ||
    (call !== undefined &&
      namesOf(call) === "index,function" &&
      namesOf(call.function as object) === "arguments");
  return isPlain ? namesOf(delta) : "";
}

function hasObjects(extra: Extra | undefined): boolean {
  return Object.values(extra ?? {}).some((value) => typeof value === "object" && value !== null);
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
const logprobsBit = 64;
const usageBit = 128;
const chunkBit = 256;
const choiceBit = 512;
const deltaBit = 1024;
// Of the members that no model knows (src/stream/stream.hpp).
const countShift = 16;
const unknownOf = 3;
const orderShift = 2;

function withTexts(like: Delta, set: number, kinds: number, next: () => string): Delta {
  switch (set) {
    case 0:
      return { content: kinds & contentBit ? next() : null };
    case 1:
      return { role: like.role as string, content: kinds & contentBit ? next() : null };
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

function setKnown<Of extends object>(made: Of, at: number, build: (at: number) => Of): void {
  const own = build(at);
  for (const name in own) made[name] = own[name];
}

// Sets what each chunk has its own of beside texts and objects, from the cell at `at` on.
function setMembers(
  model: ModelChunk,
  made: ChatCompletionChunk,
  choice: ChunkChoice,
  delta: Delta,
  kinds: number,
  at: number,
): void {
  let cell = at;
  const next = () => {
    cell += 2;
    return base + (words[cell - 2] as number);
  };
  if (kinds & chunkBit) setKnown(made, next(), buildChatCompletionChunk);
  if (kinds & choiceBit) setKnown(choice, next(), buildChunkChoice);
  if (kinds & deltaBit) setKnown(delta, next(), buildDelta);
  for (let left = kinds >>> countShift; left !== 0; left--) {
    const which = words[cell + 1] as number;
    const value = next();
    const of = which & unknownOf;
    const name = (model.names[of] as string[])[which >>> orderShift] as string;
    const extra = (of === 0 ? made : of === 1 ? choice : delta).extra as Extra;
    extra[name] = words[value + 1] === tagText ? text(value + 2) : openValue(value);
    // What is copied for each chunk need not be what comes in its place.
    if (!model.isLean) (model.extras[of] as Extra)[name] = null;
  }
  if (!model.isLean) model.isDeep = model.extras.some(hasObjects);
  model.isLean = true;
}

/** A chunk of other values: which ones, and their cells, are at word `at`. */
export function likeChunk(model: ModelChunk, at: number): ChatCompletionChunk {
  const kinds = words[at] as number;
  const like = (model.chunk.choices as ChunkChoice[])[0] as ChunkChoice;
  if (kinds === contentBit && model.deltaSet === 0 && !model.hasExtras) {
    const choice = withDelta(like, { content: text(at + 2) }, null, model.choiceSet);
    return withChoice(model.chunk, choice, null, model.chunkSet, undefined);
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
  const logprobs = kinds & logprobsBit ? buildLogprobs(nextObject()) : null;
  const usage = kinds & usageBit ? buildUsage(nextObject()) : null;
  const choice = withDelta(like, delta, logprobs, model.choiceSet);
  const made = withChoice(model.chunk, choice, usage, model.chunkSet, obfuscation);
  if (model.hasExtras) {
    const { extras, isDeep } = model;
    const extra = extras[0];
    const choiceExtra = extras[1];
    const deltaExtra = extras[2];
    // A copy is made faster where all that are made there are of one form.
    if (extra) made.extra = isDeep ? copyOpen(extra) : { ...extra };
    if (choiceExtra) choice.extra = isDeep ? copyOpen(choiceExtra) : { ...choiceExtra };
    if (deltaExtra) delta.extra = isDeep ? copyOpen(deltaExtra) : { ...deltaExtra };
  }
  if (kinds >= chunkBit) setMembers(model, made, choice, delta, kinds, cell + 2);
  return made;
}
