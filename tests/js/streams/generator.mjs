// Arbitrary streams of servers that behave: what a stream says is in no doubt, but it says it in any
// order, in pieces of any size, in any spelling of JSON, framed in any way that is allowed.
import fc from "fast-check";
import { write } from "../arbitraries.mjs";
import { setMember } from "../contracts/wire-text.mjs";

// ---- Texts in pieces ----------------------------------------------------------------------------

const words = [
  "",
  "a",
  " the",
  "\n\n",
  '"\\/\u0000',
  "caf\u00e9",
  "\u4e2d\u6587",
  "\u{1f600}",
  "\ud800",
];
const someText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((all) => all.join("")),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.nat(400).map((length) => "0123456789".repeat(40).slice(0, length)) },
);

/** A text, cut anywhere: between the halves of a surrogate pair, too. */
function inPieces(arbitrary) {
  return fc.tuple(arbitrary, fc.array(fc.nat(), { maxLength: 5 })).map(([text, places]) => {
    const cuts = places.map((place) => place % (text.length + 1)).sort((a, b) => a - b);
    return [...cuts, text.length].map((end, i) => text.slice(i === 0 ? 0 : cuts[i - 1], end));
  });
}

const someValue = fc.jsonValue({ maxDepth: 2, stringUnit: "binary" });
const someObject = fc
  .array(fc.tuple(fc.oneof(someText, fc.constant("__proto__")), someValue), { maxLength: 4 })
  .map((entries) => {
    const made = {};
    for (const [name, value] of entries) setMember(made, name, value);
    return made;
  });

// ---- Deltas -------------------------------------------------------------------------------------

const pieces = (name) =>
  inPieces(someText).map((all) => all.map((text) => ({ delta: { [name]: text } })));

const image = fc.webUrl().map((url) => ({ type: "image_url", image_url: { url } }));
const annotation = someText.map((url) => ({ type: "url_citation", url_citation: { url } }));
const lists = (name, item) =>
  fc
    .array(fc.array(item, { minLength: 1, maxLength: 2 }), { maxLength: 2 })
    .map((all) => all.map((list) => ({ delta: { [name]: list } })));

const token = fc.record({
  token: someText,
  logprob: fc.double({ min: -20, max: 0, noNaN: true }),
  bytes: fc.oneof(fc.constant(null), fc.array(fc.nat(255), { maxLength: 3 })),
  top_logprobs: fc.constant([]),
});
const logprobs = fc.oneof(
  fc.constant(null),
  fc.record({
    content: fc.array(token, { minLength: 1, maxLength: 2 }),
    refusal: fc.constant(null),
  }),
);
/** Text with the log probabilities of its tokens beside it. */
const withLogprobs = fc
  .tuple(pieces("content"), fc.array(logprobs, { maxLength: 5 }))
  .map(([all, probabilities]) =>
    all.map((part, i) =>
      i < probabilities.length ? { ...part, logprobs: probabilities[i] } : part,
    ),
  );

const part = fc.oneof(
  someText.filter((text) => text !== "").map((text) => ({ type: "text", text })),
  someText.map((text) => ({ type: "thinking", thinking: [{ type: "text", text }] })),
  image,
);
const parts = lists("content", part);

/** One tool call: its name first, then its arguments, of which all but the first may be anything. */
const toolCall = fc
  .record({
    id: fc.uuid(),
    name: fc.string({ minLength: 1, maxLength: 10 }),
    texts: inPieces(someObject.map((value) => JSON.stringify(value))),
    first: fc.boolean(),
    extra: fc.option(someObject, { nil: undefined }),
  })
  .map(({ id, name, texts, first, extra }) => {
    const [start, ...rest] = first ? texts : ["", ...texts];
    const fragments = [
      { id, type: "function", function: { name, arguments: start } },
      ...rest.map((text) => ({ function: { arguments: text } })),
    ];
    if (extra !== undefined) fragments[0].extra_content = extra;
    return fragments;
  });

/** Takes from the lists in turns, as the numbers say; each list stays in order. */
function interleave(all, order) {
  const left = all.filter((list) => list.length !== 0).map((list) => [...list]);
  const made = [];
  for (let i = 0; left.length !== 0; i++) {
    const at = (order[i % order.length] ?? 0) % left.length;
    made.push(left[at].shift());
    if (left[at].length === 0) left.splice(at, 1);
  }
  return made;
}

const turns = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });

const toolCalls = fc
  .tuple(fc.array(toolCall, { maxLength: 3 }), fc.nat(2), turns, fc.boolean())
  .map(([all, from, order, atOnce]) => {
    const lists = all.map((fragments, i) =>
      fragments.map((fragment) => ({ index: from + i, ...fragment })),
    );
    // One after the other, or side by side.
    const fragments = atOnce ? interleave(lists, order) : lists.flat();
    return fragments.map((fragment) => ({ delta: { tool_calls: [fragment] } }));
  });

/** The calls of a message, one after the other: `{ id, name, texts }`, the arguments in pieces. */
export const someCalls = fc
  .array(
    fc.record({
      id: fc.uuid(),
      name: fc.stringMatching(/^[a-z_]{1,12}$/),
      texts: inPieces(someObject.map((value) => JSON.stringify(value))),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .filter((all) => new Set(all.map(({ id }) => id)).size === all.length);

// ---- Choices ------------------------------------------------------------------------------------

const content = fc.oneof(
  { weight: 4, arbitrary: pieces("content") },
  { weight: 2, arbitrary: withLogprobs },
  { weight: 1, arbitrary: parts },
);
const rarely = (arbitrary) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary });
const channels = fc.tuple(
  content,
  fc.oneof(fc.constant([]), toolCalls),
  fc.oneof(fc.constant([]), pieces("reasoning"), pieces("reasoning_content")),
  rarely(pieces("refusal")),
  rarely(lists("images", image)),
  rarely(lists("annotations", annotation)),
);

/** The pieces of one choice in order: members of choices, without an index. */
const choice = fc
  .record({
    channels,
    order: turns,
    first: fc.constantFrom({}, { content: "" }, { content: null }, { refusal: null }),
    reason: fc.constantFrom("stop", "length", "content_filter"),
    native: fc.option(someText, { nil: undefined }),
    withNulls: fc.boolean(),
  })
  .map(({ channels: all, order, first, reason, native, withNulls }) => {
    const called = all[1].length !== 0;
    const steps = [
      { delta: { role: "assistant", ...first } },
      ...interleave(all, order).map((step) =>
        withNulls ? { finish_reason: null, logprobs: null, ...step } : step,
      ),
    ];
    const last = { delta: {}, finish_reason: called ? "tool_calls" : reason };
    if (native !== undefined) last.native_finish_reason = native;
    return [...steps, last];
  });

// ---- Chunks -------------------------------------------------------------------------------------

const usage = fc.record({
  prompt_tokens: fc.nat(),
  completion_tokens: fc.nat(),
  total_tokens: fc.nat(),
  completion_tokens_details: fc.record({ reasoning_tokens: fc.nat(9) }),
});

const header = fc.record(
  {
    id: fc.uuid(),
    object: fc.constant("chat.completion.chunk"),
    created: fc.integer({ min: 1, max: 2 ** 31 }),
    model: fc.constantFrom("gpt-5", "\u6a21\u578b", 'odd "name"'),
    system_fingerprint: fc.constantFrom("fp_1", null),
    service_tier: fc.constantFrom("default", null),
    provider: someText,
    usage: fc.constant(null),
    x_groq: fc.constant({ id: "r" }),
  },
  { requiredKeys: ["id", "object", "created", "model"] },
);

/** The chunks of a stream, as they are on the wire. */
const chunksOf = (choices) =>
  fc
    .record({
      choices,
      order: turns,
      header,
      usage: fc.option(usage, { nil: undefined }),
      together: fc.boolean(),
      obfuscation: fc.boolean(),
    })
    .map((given) => {
      const lists = given.choices.map((steps, index) => steps.map((step) => ({ index, ...step })));
      const steps = interleave(lists, given.order);
      const made = [];
      for (let i = 0; i < steps.length; i++) {
        const chunk = { ...given.header, choices: [steps[i]] };
        // Pieces of several choices in one chunk.
        if (given.together && i + 1 < steps.length && steps[i + 1].index !== steps[i].index)
          chunk.choices.push(steps[++i]);
        if (given.obfuscation) chunk.obfuscation = "x".repeat(i % 7);
        made.push(chunk);
      }
      if (given.usage !== undefined)
        made.push({ ...given.header, choices: [], usage: given.usage });
      return made;
    });

// ---- Framing ------------------------------------------------------------------------------------

/** The lines of an event with this data. */
function eventLines(data, { start, names, i }) {
  const lines = data.split(/\r\n|\r|\n/).map((line) => start + line);
  if (names) lines.unshift(`event: message`, `id: ${i}`);
  return lines;
}

const framing = fc.record({
  ends: fc.array(fc.constantFrom("\n", "\r\n", "\r"), { minLength: 1, maxLength: 4 }),
  start: fc.constantFrom("data:", "data: "),
  names: fc.boolean(),
  comments: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  isDone: fc.boolean(),
  mark: fc.boolean(),
  spelling: fc.option(fc.nat()), // of the JSON; null: as JSON.stringify has it
});

/** The text of a stream of these chunks. The ends of lines may change between events only. */
function frame(data, { ends, start, names, comments, isDone, mark }) {
  let text = mark ? "\ufeff" : "";
  const all = isDone ? [...data, "[DONE]"] : data;
  all.forEach((one, i) => {
    const end = ends[i % ends.length];
    const lines = eventLines(one, { start, names, i });
    if (comments[i % comments.length]) lines.unshift(": PROCESSING", "");
    text += lines.map((line) => line + end).join("") + end;
  });
  return text;
}

/** A stream that reports show as its text. */
function shown(data, text) {
  const made = { data, bytes: new TextEncoder().encode(text) };
  const show = () => JSON.stringify(text);
  return Object.defineProperty(made, fc.toStringMethod, { value: show });
}

/**
 * A chunk as JSON. What pieces are known by is always spelled the same: the id and the model of the
 * stream, the types of parts.
 */
function spell(chunk, seed) {
  const { id, model, ...rest } = chunk;
  if (chunk.choices.some(({ delta }) => Array.isArray(delta.content))) return JSON.stringify(chunk);
  const start = JSON.stringify({ id, model }).slice(0, -1);
  return `${start},${write(rest, seed).trim().slice(1)}`;
}

const streamOf = (chunks) =>
  fc.tuple(chunks, framing).map(([all, options]) => {
    const { spelling } = options;
    const data = all.map((chunk, i) =>
      spelling === null ? JSON.stringify(chunk) : spell(chunk, spelling + i),
    );
    return shown(data, frame(data, options));
  });

/** A stream: `{ data, bytes }`, with the JSON of each event. */
export const someStream = streamOf(
  chunksOf(
    fc.oneof(
      { weight: 2, arbitrary: fc.tuple(choice) },
      { weight: 1, arbitrary: fc.array(choice, { minLength: 2, maxLength: 3 }) },
    ),
  ),
);

/** One of few bytes. */
export const smallStream = streamOf(chunksOf(fc.tuple(choice))).filter(
  ({ bytes }) => bytes.length < 4000,
);

/** Places to cut bytes at, in order. */
export function placesIn(bytes, numbers) {
  return [...new Set(numbers.map((number) => number % (bytes.length + 1)))].sort((a, b) => a - b);
}
