// The streams that are decoded: several of each class, always the same ones.
import {
  completionId,
  escapedLength,
  fingerprint,
  model,
  now,
  pythonNumbers,
  shortFloat,
  tokenLogprob,
  usage,
} from "./parts.mjs";
import { createRandom } from "./random.mjs";
import { chineseTokens, name, text, tokens } from "./texts.mjs";

const variants = 4;
const eventCount = 2000;

// ---- Events -------------------------------------------------------------------------------------

const choice = (delta, more) => ({ index: 0, delta, logprobs: null, finish_reason: null, ...more });

/** What OpenAI sends, without `"usage":null` on every event, which some peers refuse. */
function openai(random) {
  const head = {
    id: completionId(random),
    object: "chat.completion.chunk",
    created: now(random),
    model: model(random),
    service_tier: "default",
    system_fingerprint: fingerprint(random),
  };
  return {
    event: (delta, more) => ({ ...head, choices: [choice(delta, more)] }),
    usage: { ...head, choices: [], usage: usage(random) },
  };
}

const opening = { role: "assistant", content: "", refusal: null };
const finished = (finish_reason, index = 0) => [{}, { finish_reason, index }];

function textEvents(cut) {
  return (random, variant) => {
    const { event, usage } = openai(random);
    return [
      event(opening),
      ...cut(random, eventCount, variant % 4 === 0).map((content) => event({ content })),
      event(...finished("stop")),
      usage,
    ];
  };
}

/**
 * With the member by which OpenAI hides how long its tokens are. It fills the event up to the next
 * multiple of 16 bytes.
 */
function obfuscated(random, variant) {
  return textEvents(tokens)(random, variant).map((event) => {
    const length = escapedLength(event.choices[0]?.delta.content ?? "");
    return { ...event, obfuscation: random.id(16 - ((length + 6) % 16)) };
  });
}

/** Cuts text into so many pieces, none of them empty. */
function pieces(random, text, count) {
  const mean = text.length / count;
  const starts = random.times(count, (i) =>
    i === 0 ? 0 : Math.floor((i + random.number() / 2) * mean),
  );
  return starts.map((start, i) => text.slice(start, starts[i + 1]));
}

function toolEvents(random) {
  const { event, usage } = openai(random);
  const calls = 4;
  const call = (index, more) => event({ tool_calls: [{ index, ...more }] });
  const fragments = (index) => {
    const json = JSON.stringify({
      path: `/srv/${name(random)}.py`,
      content: text(random, "code", 3000),
    });
    return [
      call(index, {
        id: `call_${random.id(24)}`,
        type: "function",
        function: { name: name(random), arguments: "" },
      }),
      ...pieces(random, json, eventCount / calls).map((piece) =>
        call(index, { function: { arguments: piece } }),
      ),
    ];
  };
  return [
    event({ role: "assistant", content: null }),
    ...random.times(calls, fragments).flat(),
    event(...finished("tool_calls")),
    usage,
  ];
}

/** A tool call and nothing else, as classifiers and routers ask for it. */
function callEvents(random) {
  const { event, usage } = openai(random);
  const call = (more, members) => event({ ...members, tool_calls: [{ index: 0, ...more }] });
  const called = { name: name(random), arguments: "" };
  return [
    call(
      { id: `call_${random.id(24)}`, type: "function", function: called },
      { role: "assistant", content: null },
    ),
    call({ function: { arguments: JSON.stringify({ label: name(random), score: 0.9 }) } }),
    event(...finished("tool_calls")),
    usage,
  ];
}

function logprobEvents(random, variant) {
  const { event, usage } = openai(random);
  const accents = variant % 4 === 0;
  return [
    event(opening, { logprobs: { content: [], refusal: null } }),
    ...tokens(random, eventCount, accents).map((token) => {
      const logprob = tokenLogprob(random, token, tokens(random, 4, accents), shortFloat);
      return event({ content: token }, { logprobs: { content: [logprob], refusal: null } });
    }),
    event(...finished("stop")),
    usage,
  ];
}

/** As DeepSeek sends it: first what the model thinks, then the answer. */
function reasoningEvents(random, variant) {
  const head = {
    id: random.id(36, "0123456789abcdef-"),
    object: "chat.completion.chunk",
    created: now(random),
    model: "deepseek-reasoner",
    system_fingerprint: `${fingerprint(random)}_prod0820_fp8_kvcache`,
  };
  const event = (delta, more) => ({ ...head, choices: [choice(delta, more)] });
  const all = tokens(random, eventCount, variant % 4 === 0);
  return [
    event({ role: "assistant", content: null, reasoning_content: "" }),
    ...all.slice(0, 1200).map((reasoning_content) => event({ content: null, reasoning_content })),
    ...all.slice(1200).map((content) => event({ content, reasoning_content: null })),
    {
      ...event({ content: "", reasoning_content: null }, { finish_reason: "stop" }),
      usage: usage(random),
    },
  ];
}

/** As Mistral sends it: with a member that hides how long the tokens are. */
function paddedEvents(random, variant) {
  const head = {
    id: random.id(32),
    object: "chat.completion.chunk",
    created: now(random),
    model: "mistral-small-latest",
  };
  const event = (delta, finish_reason = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
    p: random.id(random.integer(1, 36)),
  });
  return [
    event({ role: "assistant", content: "" }),
    ...tokens(random, eventCount, variant % 4 === 0).map((content) => event({ content })),
    { ...event({ content: "" }, "stop"), usage: usage(random) },
  ];
}

/** As vLLM sends it where it is asked to tell the usage all the time. */
function countedEvents(random, variant) {
  const head = {
    id: `chatcmpl-${random.id(32)}`,
    object: "chat.completion.chunk",
    created: now(random),
    model: "Qwen/Qwen3-32B",
  };
  const prompt_tokens = random.integer(10, 900);
  const counted = (completion_tokens) => ({
    usage: { prompt_tokens, total_tokens: prompt_tokens + completion_tokens, completion_tokens },
  });
  const event = (delta, i, more) => ({ ...head, choices: [choice(delta, more)], ...counted(i) });
  return [
    event({ role: "assistant", content: "" }, 0),
    ...tokens(random, eventCount, variant % 4 === 0).map((content, i) => event({ content }, i + 1)),
    event({ content: "" }, eventCount + 1, { finish_reason: "stop" }),
  ];
}

function choiceEvents(random, variant) {
  const { event, usage } = openai(random);
  const of = (index) => ({ index });
  const indices = [0, 1, 2, 3];
  return [
    ...indices.map((index) => event(opening, of(index))),
    ...tokens(random, eventCount, variant % 4 === 0).map((content) =>
      event({ content }, of(random.pick(indices))),
    ),
    ...indices.map((index) => event(...finished("stop", index))),
    usage,
  ];
}

// ---- The classes --------------------------------------------------------------------------------

const event = "event"; // the length of a read

/**
 * The classes of streams: what they are, what makes the events, how long the network reads are, and which
 * members no model knows.
 */
export const streamClasses = {
  text: { about: "2,000 text events, reads of 1.5 KB", events: textEvents(tokens), read: 1500 },
  "text-event": { about: "the same, one event per read", like: "text", read: event },
  "text-64k": { about: "the same, reads of 64 KB", like: "text", read: 65_536 },
  obfuscated: {
    about: "2,000 text events with OpenAI's obfuscation, reads of 1.5 KB",
    events: obfuscated,
    read: 1500,
  },
  "obfuscated-event": { about: "the same, one event per read", like: "obfuscated", read: event },
  "obfuscated-64k": { about: "the same, reads of 64 KB", like: "obfuscated", read: 65_536 },
  chinese: {
    about: "2,000 text events of Chinese, reads of 1.5 KB",
    events: textEvents(chineseTokens),
    read: 1500,
  },
  arguments: {
    about: "2,000 events of tool arguments, four calls, reads of 1.5 KB",
    events: toolEvents,
    read: 1500,
  },
  logprobs: {
    about: "2,000 text events with log-probabilities, reads of 1.5 KB",
    events: logprobEvents,
    read: 1500,
    toJson: (event) => pythonNumbers(JSON.stringify(event)),
  },
  reasoning: {
    about: "1,200 events of reasoning, 800 of text, reads of 1.5 KB",
    events: reasoningEvents,
    read: 1500,
  },
  padded: {
    about: "2,000 text events with Mistral's padding, reads of 1.5 KB",
    events: paddedEvents,
    read: 1500,
    unknown: ["p"],
  },
  counted: {
    about: "2,000 text events with usage on each, reads of 1.5 KB",
    events: countedEvents,
    read: 1500,
  },
  short: { about: "a tool call in 4 events, 1.6 KB in one read", events: callEvents, read: 4096 },
  choices: {
    about: "2,000 text events of four choices, interleaved, reads of 1.5 KB",
    events: choiceEvents,
    read: 1500,
  },
};

const encoder = new TextEncoder();

/** Cuts bytes into reads of about a length, anywhere. */
function cut(bytes, length, random) {
  const reads = [];
  for (let from = 0; from < bytes.length; ) {
    const to = from + random.integer(Math.ceil(length * 0.8), Math.floor(length * 1.2));
    reads.push(bytes.slice(from, to));
    from = to;
  }
  return reads;
}

/** A stream: the JSON of its events, and what is read from the network. */
export function makeStream(className, variant) {
  const { like = className, read } = streamClasses[className];
  const { events, toJson = JSON.stringify } = streamClasses[like];
  const made = events(createRandom(`${like} ${variant}`), variant).map((event) => toJson(event));
  const framed = [...made, "[DONE]"].map((data) => `data: ${data}\n\n`);
  const reads =
    read === event
      ? framed.map((text) => encoder.encode(text))
      : cut(encoder.encode(framed.join("")), read, createRandom(`${className} ${variant}`));
  return { events: made, reads };
}

/** The streams of a class. */
export function streams(className) {
  return Array.from({ length: variants }, (_, variant) => makeStream(className, variant));
}
