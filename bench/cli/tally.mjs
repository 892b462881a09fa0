// What a script for Node counts.

/** Counts the answer in a line that was parsed. */
export function count(models, line) {
  const { model, usage, choices } = line.response?.body ?? line;
  models[model] ??= { answers: 0, prompt: 0, completion: 0, total: 0, finish: {} };
  const of = models[model];
  of.answers++;
  of.prompt += usage.prompt_tokens;
  of.completion += usage.completion_tokens;
  of.total += usage.total_tokens;
  for (const { finish_reason: reason } of choices) of.finish[reason] = (of.finish[reason] ?? 0) + 1;
}
