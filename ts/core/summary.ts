// What logs are counted by, read off the tape without building the rest of a completion.
import { buildUsage } from "../generated/builders.js";
import {
  chatCompletionModel,
  choiceModel,
  completionTokensDetailsModel,
  promptTokensDetailsModel,
  usageModel,
} from "../generated/model-ids.js";
import { cachedTokens, reasoningTokens, totalTokens } from "../usage.js";
import { type ModelId, members } from "./models.js";
import { base, doubles, loneText, text, words } from "./tape.js";

/** A member's place in the objects of its model. */
interface Slot {
  readonly bit: number;
  readonly word: number;
}

function slotOf(model: ModelId, name: string): Slot {
  const index = members(model).findIndex((of) => of.name === name);
  return { bit: 1 << index, word: 4 + 2 * index };
}

function findSlots() {
  return {
    model: slotOf(chatCompletionModel, "model"),
    choices: slotOf(chatCompletionModel, "choices"),
    usage: slotOf(chatCompletionModel, "usage"),
    finishReason: slotOf(choiceModel, "finishReason"),
    prompt: slotOf(usageModel, "promptTokens"),
    completion: slotOf(usageModel, "completionTokens"),
    total: slotOf(usageModel, "totalTokens"),
    promptDetails: slotOf(usageModel, "promptTokensDetails"),
    completionDetails: slotOf(usageModel, "completionTokensDetails"),
    cached: slotOf(promptTokensDetailsModel, "cachedTokens"),
    reasoning: slotOf(completionTokensDetailsModel, "reasoningTokens"),
  };
}
let slots: ReturnType<typeof findSlots> | undefined;

// Present, not null, and in the model's form.
function holds(at: number, { bit }: Slot): boolean {
  return ((words[at] as number) & ~(words[at + 1] as number) & bit) !== 0;
}

function inside(at: number, { word }: Slot): number {
  return base + (words[at + word] as number);
}

function numberIn(at: number, slot: Slot): number | undefined {
  return holds(at, slot) ? doubles[(at + slot.word) >> 1] : undefined;
}

/** Whether an object has members that its model does not know, or in another form than its own. */
function isOdd(at: number): boolean {
  return words[at + 2] !== 0 || ((words[at + 1] as number) & ~(words[at] as number)) !== 0;
}

/** A usage in numbers; those that are not told are 0. */
export interface TokenCounts {
  readonly prompt: number;
  readonly completion: number;
  readonly total: number;
  readonly cached: number;
  readonly reasoning: number;
}

/** A completion in brief. */
export interface Summary {
  model: string | undefined;
  usage: TokenCounts | undefined;
  /** One for each choice; undefined: it has none. */
  readonly finishReasons: (string | undefined)[];
}

// Servers put some numbers elsewhere; the helpers know where.
function countsByHelpers(at: number): TokenCounts {
  const usage = buildUsage(at);
  return {
    prompt: usage.promptTokens ?? 0,
    completion: usage.completionTokens ?? 0,
    total: totalTokens(usage) ?? 0,
    cached: cachedTokens(usage) ?? 0,
    reasoning: reasoningTokens(usage) ?? 0,
  };
}

function countsAt(at: number, of: ReturnType<typeof findSlots>): TokenCounts {
  if (isOdd(at)) return countsByHelpers(at);
  let cached: number | undefined;
  let reasoning: number | undefined;
  if (holds(at, of.promptDetails)) {
    const details = inside(at, of.promptDetails);
    if (isOdd(details)) return countsByHelpers(at);
    cached = numberIn(details, of.cached);
  }
  if (holds(at, of.completionDetails)) {
    const details = inside(at, of.completionDetails);
    if (isOdd(details)) return countsByHelpers(at);
    reasoning = numberIn(details, of.reasoning);
  }
  const prompt = numberIn(at, of.prompt);
  const completion = numberIn(at, of.completion);
  const sum = prompt === undefined || completion === undefined ? 0 : prompt + completion;
  return {
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: numberIn(at, of.total) ?? sum,
    cached: cached ?? 0,
    reasoning: reasoning ?? 0,
  };
}

// One for all: it is read before the next one.
const summary: Summary = { model: undefined, usage: undefined, finishReasons: [] };

/** The completion whose object is at word `at` of the tape. It holds until the next call. */
export function readSummary(at: number): Summary {
  slots ??= findSlots();
  const { model, choices, usage, finishReason } = slots;
  const { finishReasons } = summary;
  finishReasons.length = 0;
  if (holds(at, choices)) {
    let choice = inside(at, choices);
    for (let left = words[at + choices.word + 1] as number; left !== 0; left--) {
      finishReasons.push(
        holds(choice, finishReason) ? text(choice + finishReason.word) : undefined,
      );
      choice = base + (words[choice + 3] as number);
    }
  }
  summary.model = holds(at, model) ? loneText(at + model.word) : undefined;
  summary.usage = holds(at, usage) ? countsAt(inside(at, usage), slots) : undefined;
  return summary;
}
