// Decodes whole bodies and shows what comes of them.
import {
  type ChatCompletion,
  messageReasoning,
  messageText,
  safeDecode,
  totalTokens,
  unifiedFinishReason,
} from "../index.js";
import type { DecodeOptions } from "../options.js";
import { show, showError, showFact, showIssues, showTitle, verdictText } from "./show.js";

/** What the helpers read from a completion, whichever way its server has put it. */
function showHelpers({ choices, usage }: ChatCompletion): void {
  const [choice] = choices ?? [];
  showFact("messageText", messageText(choice?.message));
  showFact("messageReasoning", messageReasoning(choice?.message));
  showFact("unifiedFinishReason", unifiedFinishReason(choice));
  showFact("totalTokens", totalTokens(usage)?.toString());
}

/** Decodes a body and shows everything about it. Returns the verdict in a word. */
export function showBody(name: string, body: Uint8Array, options: DecodeOptions = {}): string {
  const result = safeDecode(body, options as object);
  const repaired = result.issues.some(({ severity }) => severity === "warning");
  const verdict = result.ok ? (repaired ? "repaired" : "decoded") : result.error.name;
  showTitle(name, `${body.length} bytes`, verdictText(verdict));
  if (result.ok) {
    show(result.value);
    showHelpers(result.value);
  } else {
    showError(result.error);
  }
  showIssues(result.issues);
  return verdict;
}
