// Chunks put together to a completion, by hand: for those that only have chunks.

const message = () => ({ role: "assistant", content: null });

/** Text, reasoning, tool calls and log-probabilities; no checks. */
export class Assembly {
  completion = {
    id: "",
    object: "chat.completion",
    created: 0,
    model: "",
    choices: [],
    usage: undefined,
  };

  #choice(index) {
    let choice = this.completion.choices[index];
    if (choice === undefined) {
      choice = { index, message: message(), finishReason: null, logprobs: null };
      this.completion.choices[index] = choice;
    }
    return choice;
  }

  #call(of, index, call) {
    of.toolCalls ??= [];
    const known = of.toolCalls[index];
    if (known !== undefined) {
      known.function.arguments += call.function.arguments;
      return;
    }
    const { name, arguments: text } = call.function;
    of.toolCalls[index] = { id: call.id, type: call.type, function: { name, arguments: text } };
  }

  #head(chunk) {
    const { completion } = this;
    completion.id = chunk.id;
    completion.created = chunk.created;
    completion.model = chunk.model;
  }

  /** Takes a chunk with the wire's names. */
  addWire(chunk) {
    this.#head(chunk);
    if (chunk.usage) {
      const { prompt_tokens, completion_tokens, total_tokens } = chunk.usage;
      this.completion.usage = {
        promptTokens: prompt_tokens,
        completionTokens: completion_tokens,
        totalTokens: total_tokens,
      };
    }
    for (const { index, delta, finish_reason, logprobs } of chunk.choices) {
      const choice = this.#choice(index);
      const of = choice.message;
      if (delta.content) of.content = (of.content ?? "") + delta.content;
      if (delta.reasoning_content)
        of.reasoningContent = (of.reasoningContent ?? "") + delta.reasoning_content;
      if (delta.tool_calls) for (const call of delta.tool_calls) this.#call(of, call.index, call);
      if (finish_reason) choice.finishReason = finish_reason;
      if (logprobs) {
        choice.logprobs ??= { content: [] };
        for (const { top_logprobs, ...token } of logprobs.content)
          choice.logprobs.content.push({ ...token, topLogprobs: top_logprobs });
      }
    }
  }

  /** Takes a chunk with names in camelCase. */
  add(chunk) {
    this.#head(chunk);
    if (chunk.usage) this.completion.usage = chunk.usage;
    for (const { index, delta, finishReason, logprobs } of chunk.choices) {
      const choice = this.#choice(index);
      const of = choice.message;
      if (delta.content) of.content = (of.content ?? "") + delta.content;
      if (delta.toolCalls) for (const call of delta.toolCalls) this.#call(of, call.index, call);
      if (finishReason) choice.finishReason = finishReason;
      if (logprobs) {
        choice.logprobs ??= { content: [] };
        for (const token of logprobs.content) choice.logprobs.content.push(token);
      }
    }
  }
}
