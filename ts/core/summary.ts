// What logs are counted by, read off the tape without building the rest of a completion.
import { buildUsage } from "../generated/builders.js";
import { chatCompletionModel, choiceModel } from "../generated/model-ids.js";
import type { Usage } from "../generated/types.js";
import { type ModelId, members } from "./models.js";
import { base, text, words } from "./tape.js";

/** A member's place in the objects of its model. */
interface Slot {
  readonly bit: number;
  readonly word: number;
}

function slotOf(model: ModelId, name: string): Slot {
  const index = members(model).findIndex((of) => of.name === name);
  return { bit: 1 << index, word: 4 + 2 * index };
}

interface Slots {
  readonly model: Slot;
  readonly choices: Slot;
  readonly usage: Slot;
  readonly finishReason: Slot;
}
let slots: Slots | undefined;

function findSlots(): Slots {
  return {
    model: slotOf(chatCompletionModel, "model"),
    choices: slotOf(chatCompletionModel, "choices"),
    usage: slotOf(chatCompletionModel, "usage"),
    finishReason: slotOf(choiceModel, "finishReason"),
  };
}

// Present, not null, and in the model's form.
function holds(at: number, { bit }: Slot): boolean {
  return ((words[at] as number) & ~(words[at + 1] as number) & bit) !== 0;
}

/** A completion in brief. */
export interface Summary {
  readonly model: string | undefined;
  readonly usage: Usage | undefined;
  /** One for each choice; undefined: it has none. */
  readonly finishReasons: readonly (string | undefined)[];
}

/** The completion whose object is at word `at` of the tape. */
export function readSummary(at: number): Summary {
  slots ??= findSlots();
  const { model, choices, usage, finishReason } = slots;
  const finishReasons: (string | undefined)[] = [];
  if (holds(at, choices)) {
    let choice = base + (words[at + choices.word] as number);
    for (let left = words[at + choices.word + 1] as number; left !== 0; left--) {
      finishReasons.push(
        holds(choice, finishReason) ? text(choice + finishReason.word) : undefined,
      );
      choice = base + (words[choice + 3] as number);
    }
  }
  return {
    model: holds(at, model) ? text(at + model.word) : undefined,
    usage: holds(at, usage) ? buildUsage(base + (words[at + usage.word] as number)) : undefined,
    finishReasons,
  };
}
