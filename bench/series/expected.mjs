// What decoding must come to: made by JSON.parse and the plainest code, and compared before anything is
// timed.

const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** What JSON.parse made, with chatwire's names. Unknown members stay as they are, under `extra`. */
export function renamed(value, unknown = []) {
  if (Array.isArray(value)) return value.map((item) => renamed(item, unknown));
  if (typeof value !== "object" || value === null) return value;
  const made = {};
  for (const [name, member] of Object.entries(value)) {
    if (unknown.includes(name)) made.extra = { ...made.extra, [name]: member };
    else made[camelCase(name)] = renamed(member, unknown);
  }
  return made;
}

/** The completion that a stream's events come to, with the wire's names. */
export function assembled(events) {
  const completion = {};
  const choices = new Map();
  for (const event of events.map((json) => JSON.parse(json))) {
    const { choices: some, ...head } = event;
    Object.assign(completion, head);
    for (const { index, delta, logprobs, finish_reason } of some) {
      if (!choices.has(index)) choices.set(index, { index, message: {}, finish_reason: null });
      const choice = choices.get(index);
      if (finish_reason) choice.finish_reason = finish_reason;
      if (logprobs) {
        choice.logprobs ??= { content: [] };
        choice.logprobs.content.push(...logprobs.content);
      }
      for (const name of ["content", "reasoning_content"]) {
        if (delta[name]) choice.message[name] = (choice.message[name] ?? "") + delta[name];
      }
      for (const { index: at, ...call } of delta.tool_calls ?? []) {
        choice.message.tool_calls ??= [];
        const calls = choice.message.tool_calls;
        if (calls[at] === undefined) calls[at] = call;
        else calls[at].function.arguments += call.function.arguments;
      }
    }
  }
  completion.choices = [...choices.values()].sort((a, b) => a.index - b.index);
  return completion;
}

function tokenEssence({ token, logprob, bytes, topLogprobs }) {
  const head = { token, logprob, bytes };
  return topLogprobs ? { ...head, topLogprobs: topLogprobs.map(tokenEssence) } : head;
}

function choiceEssence({ index, message, delta, finishReason, logprobs }) {
  const { content, reasoningContent, toolCalls } = message ?? delta;
  return {
    index,
    content: content || null,
    reasoning: reasoningContent || null,
    toolCalls: (toolCalls ?? []).map(({ id, function: called }) => ({
      id: id ?? null,
      name: called?.name ?? null,
      arguments: called?.arguments ?? null,
    })),
    finishReason: finishReason ?? null,
    logprobs: logprobs?.content?.map(tokenEssence) ?? [],
  };
}

/**
 * What matters of a completion or a chunk, in camelCase.
 * @param omits what a peer leaves out by its design
 */
export function essence({ id, model, created, choices, usage }, omits = []) {
  const of = {
    id,
    model,
    created,
    choices: choices.map((choice) => {
      const kept = choiceEssence(choice);
      for (const name of omits) delete kept[name];
      return kept;
    }),
    usage: usage
      ? [usage.promptTokens, usage.completionTokens, usage.totalTokens].map(Number)
      : null,
  };
  for (const name of omits) delete of[name];
  return of;
}
