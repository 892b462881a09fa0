// The bodies that are decoded: several of each class, always the same ones.
import {
  byteLength,
  completionId,
  escapedLength,
  fingerprint,
  logprobs,
  model,
  now,
  pythonNumbers,
  shortFloat,
  usage,
} from "./parts.mjs";
import { createRandom } from "./random.mjs";
import { name, text } from "./texts.mjs";

// So many that neither branch predictors nor caches of strings learn them by heart.
const variants = 16;

/** JSON as Python's json.dumps writes it by default: ASCII only. */
const toAscii = (json) =>
  json.replace(/[\u0080-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });

// ---- Bodies as OpenAI sends them ----------------------------------------------------------------

function choice(message, more = {}) {
  return {
    index: 0,
    message: { role: "assistant", content: null, ...message, refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: "stop",
    ...more,
  };
}

function completion(random, choices) {
  return {
    id: completionId(random),
    object: "chat.completion",
    created: now(random),
    model: model(random),
    choices,
    usage: usage(random),
    service_tier: "default",
    system_fingerprint: fingerprint(random),
  };
}

/** A completion of `size` bytes that is one text. */
function answer(kind, size) {
  return (random) => {
    const frame = completion(random, [choice({ content: "" })]);
    const left = size - byteLength(JSON.stringify(frame));
    const content = text(random, kind, left, escapedLength);
    frame.choices[0].message.content = left < 10_000 ? content.slice(0, left) : content;
    return frame;
  };
}

const languages = ["russian", "korean", "hindi", "thai"];

/** A completion with 2,000 letters of one of the languages. */
const inLanguages = (random, variant) =>
  completion(random, [
    choice({ content: text(random, languages[variant % languages.length], 2000).slice(0, 2000) }),
  ]);

function withLogprobs(round, count) {
  return (random, variant) => {
    const content = logprobs(random, count, round, variant % 4 === 0);
    const joined = content.map(({ token }) => token).join("");
    return completion(random, [
      choice({ content: joined }, { logprobs: { content, refusal: null } }),
    ]);
  };
}

// ---- Values of any form -------------------------------------------------------------------------

// As in real APIs, there are a few forms of objects only, and a member has one kind of value.
const kinds = "text text text text integer integer number boolean numbers objects object".split(
  " ",
);
const forms = makeForms(createRandom("forms"));

function makeForms(random) {
  const member = () => ({ name: name(random), kind: random.pick(kinds) });
  return random.times(24, () => random.times(random.integer(2, 6), member));
}

function anyValue(random, kind, depth) {
  if (random.chance(0.05)) return null;
  switch (kind) {
    case "text":
      return text(random, "prose", 20).slice(0, random.integer(5, 80)).trimEnd();
    case "integer":
      return random.integer(0, 1_000_000);
    case "number":
      return random.integer(0, 1e6) / 1e4;
    case "boolean":
      return random.chance(0.5);
    case "numbers":
      return random.times(random.integer(0, 8), () => random.integer(0, 1000));
    case "objects":
      return random.times(depth === 0 ? 0 : random.integer(1, 4), () =>
        anyObject(random, depth - 1),
      );
    default:
      return depth === 0 ? {} : anyObject(random, depth - 1);
  }
}

function anyObject(random, depth) {
  const members = random.pick(forms);
  return Object.fromEntries(
    members.map((member) => [member.name, anyValue(random, member.kind, depth)]),
  );
}

/** A list of objects that takes about `size` bytes as JSON. */
function anyList(random, size) {
  const list = [];
  for (let length = 0; length < size; ) {
    const item = anyObject(random, 2);
    list.push(item);
    length += byteLength(JSON.stringify(item)) + 1;
  }
  return list;
}

// ---- Bodies of several kinds --------------------------------------------------------------------

function toolCalls(random, count, size) {
  return random.times(count, () => ({
    id: `call_${random.id(24)}`,
    type: "function",
    function: {
      name: name(random),
      arguments: JSON.stringify({
        path: `/srv/${name(random)}.py`,
        dry_run: random.chance(0.5),
        content: text(random, "code", size / 4, escapedLength),
        items: anyList(random, size / 3),
      }),
    },
  }));
}

const withTools = (random) =>
  completion(random, [
    choice({ tool_calls: toolCalls(random, 10, 2000) }, { finish_reason: "tool_calls" }),
  ]);

const withChoices = (random) =>
  completion(
    random,
    random.times(8, (index) => choice({ content: text(random, "prose", 1000) }, { index })),
  );

const withUnknown = (random) => ({
  ...answer("prose", 3000)(random),
  provider_trace: { version: 2, spans: anyList(random, 20_000) },
});

// What several services send, in the order in which they send it.
const services = {
  openai: (random, content) => completion(random, [choice({ content })]),
  groq: (random, content) => ({
    id: `chatcmpl-${random.id(36)}`,
    object: "chat.completion",
    created: now(random),
    model: "llama-3.3-70b-versatile",
    choices: [
      { index: 0, message: { role: "assistant", content }, logprobs: null, finish_reason: "stop" },
    ],
    usage: {
      queue_time: shortFloat(random.number()),
      prompt_tokens: random.integer(10, 900),
      prompt_time: random.number() / 100,
      completion_tokens: random.integer(10, 900),
      completion_time: random.number(),
      total_tokens: random.integer(900, 1800),
      total_time: random.number() + 1,
    },
    usage_breakdown: null,
    system_fingerprint: `fp_${random.id(10)}`,
    x_groq: { id: `req_${random.id(26)}`, seed: random.integer(0, 2 ** 31 - 1) },
    service_tier: "on_demand",
  }),
  deepseek: (random, content) => ({
    id: random.id(36),
    object: "chat.completion",
    created: now(random),
    model: "deepseek-reasoner",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, reasoning_content: text(random, "prose", 500) },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: random.integer(10, 900),
      completion_tokens: random.integer(10, 900),
      total_tokens: random.integer(900, 1800),
      prompt_tokens_details: { cached_tokens: 320 },
      completion_tokens_details: { reasoning_tokens: random.integer(10, 900) },
      prompt_cache_hit_tokens: 320,
      prompt_cache_miss_tokens: random.integer(10, 900),
    },
    system_fingerprint: `fp_${random.id(10)}_prod0820_fp8_kvcache`,
  }),
  mistral: (random, content) => ({
    id: random.id(32),
    created: now(random),
    model: "mistral-small-latest",
    usage: {
      prompt_tokens: random.integer(10, 900),
      total_tokens: random.integer(900, 1800),
      completion_tokens: random.integer(10, 900),
    },
    object: "chat.completion",
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", tool_calls: null, content },
      },
    ],
  }),
};

const withServices = (random, variant) => {
  const send = Object.values(services)[variant % 4];
  const kind = ["prose", "prose", "accents", "code"][(variant >> 2) % 4];
  return send(random, text(random, kind, random.integer(300, 3000)));
};

// ---- The classes --------------------------------------------------------------------------------

/**
 * The classes of bodies: what they are, what makes the body, how it becomes JSON, which of its members
 * no model knows, and whether all of it is ASCII.
 */
export const bodyClasses = {
  small: { about: "an answer of 0.7 KB", body: answer("prose", 700) },
  answer: { about: "an answer of 4.5 KB", body: answer("prose", 4500) },
  indented: {
    about: "the same, indented by two spaces",
    body: answer("prose", 4500),
    toJson: (body) => JSON.stringify(body, null, 2),
  },
  "answer-accents": {
    about: "an answer of 4.5 KB with some accents and typographic quotes",
    body: answer("accents", 4500),
  },
  languages: {
    about: "answers of 5 KB in Russian, Korean, Hindi and Thai, in turn",
    body: inLanguages,
  },
  services: {
    about: "answers of 1 to 4 KB in the forms of four services, in turn",
    body: withServices,
    unknown: ["prompt_cache_hit_tokens", "prompt_cache_miss_tokens"],
  },
  prose: { about: "100 KB of prose", body: answer("prose", 100_000) },
  accents: {
    about: "100 KB of prose with accents and typographic quotes",
    body: answer("accents", 100_000),
  },
  code: { about: "100 KB of code, with many escapes", body: answer("code", 100_000) },
  chinese: { about: "100 KB of Chinese with emoji", body: answer("chinese", 100_000) },
  escaped: {
    about: "100 KB of Chinese or Russian, all of it as \\uXXXX",
    body: (random, variant) =>
      answer(variant % 2 ? "russian" : "chinese", variant % 2 ? 36_000 : 50_000)(random),
    toJson: (body) => toAscii(JSON.stringify(body)),
  },
  logprobs: {
    about: "120 KB of log-probabilities with numbers of 8 or 9 digits",
    body: withLogprobs(shortFloat, 276),
    toJson: (body) => pythonNumbers(JSON.stringify(body)),
  },
  "logprobs-long": {
    about: "120 KB of log-probabilities with numbers of 16 or 17 digits",
    body: withLogprobs(Number, 246),
    toJson: (body) => pythonNumbers(JSON.stringify(body)),
  },
  tools: { about: "ten tool calls with arguments of 2 KB", body: withTools },
  choices: { about: "eight choices of 1 KB", body: withChoices },
  unknown: {
    about: "3 KB, and 20 KB that no model knows",
    body: withUnknown,
    unknown: ["provider_trace"],
  },
};

/** The bodies of a class, as JSON text. */
export function bodies(className) {
  const { body, toJson = JSON.stringify } = bodyClasses[className];
  return Array.from({ length: variants }, (_, variant) =>
    // JSON.stringify takes more arguments than the body.
    toJson(body(createRandom(`${className} ${variant}`), variant)),
  );
}
