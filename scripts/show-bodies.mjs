// Decodes whole bodies and shows what comes of them, and how long it took; npm start runs it.
import {
  decode,
  messageReasoning,
  messageText,
  safeDecode,
  totalTokens,
  unifiedFinishReason,
} from "../dist/index.js";
import { show, showError, showFact, showIssues, showTitle, verdictText } from "./show.mjs";

/** What the helpers read from a completion, whichever way its server has put it. */
function showHelpers({ choices = [], usage }) {
  const [choice] = choices ?? [];
  showFact("messageText", messageText(choice?.message));
  showFact("messageReasoning", messageReasoning(choice?.message));
  showFact("unifiedFinishReason", unifiedFinishReason(choice));
  showFact("totalTokens", totalTokens(usage)?.toString());
}

/** Decodes a body and shows everything about it. Returns the verdict in a word. */
export function showBody(name, body) {
  const result = safeDecode(body);
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

/** Microseconds that `run` takes for each of the bodies. */
function timeOf(run, bodies) {
  const start = performance.now();
  let count = 0;
  do {
    for (const body of bodies) run(body);
    count += bodies.length;
  } while (performance.now() - start < 15);
  return ((performance.now() - start) * 1000) / count;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** How long these bodies take, beside TextDecoder and JSON.parse, which read less from them. */
export function showTimes(bodies) {
  const utf8 = new TextDecoder();
  const parse = (body) => JSON.parse(utf8.decode(body));
  const bothRead = bodies.filter((body) => {
    try {
      return parse(body) !== undefined && safeDecode(body).ok;
    } catch {
      return false;
    }
  });
  if (bothRead.length === 0) return;
  const rounds = Array.from({ length: 21 }, () => [
    timeOf(decode, bothRead),
    timeOf(parse, bothRead),
  ]).slice(5); // the first ones warm the engine up
  const [ours, theirs] = [0, 1].map((way) => median(rounds.map((times) => times[way])));
  console.log(
    `\nPer body (${bothRead.length} that both read): chatwire ${ours.toFixed(2)} µs, ` +
      `TextDecoder + JSON.parse ${theirs.toFixed(2)} µs, ${(theirs / ours).toFixed(1)} times as long.`,
  );
}
