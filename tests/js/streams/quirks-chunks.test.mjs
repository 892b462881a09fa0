// What servers put into the chunks of a stream: section 4 of the list of quirks, and the parts of
// section 1 that are about what deltas come to. The tests are named by the quirks' numbers.
// `decodes` cuts every stream at every place.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DecodeError,
  messageReasoning,
  messageText,
  StreamDecoder,
  TruncatedError,
  toRequestMessage,
  unifiedFinishReason,
} from "chatwire";
import {
  answer,
  calling,
  calls,
  codesOf,
  contentOf,
  countOf,
  cutOff,
  decoded,
  decodes,
  delta,
  done,
  event,
  fails,
  finish,
  refuses,
  stream,
} from "./support.mjs";

const hello = delta({ role: "assistant", content: "Hello" });
const world = delta({ content: " world" });

/** What the message of a stream of these deltas comes to. */
const messageOf = (...deltas) => decodes(answer(...deltas)).message;
/** A delta of one of several choices. */
const of = (index, members, choice = {}) => ({
  id: "c1",
  choices: [{ index, delta: members, ...choice }],
});

// ---- Section 4 ----------------------------------------------------------------------------------

test("Q89: a first chunk without choices, and with nothing in its members", () => {
  const filter = [{ prompt_index: 0, content_filter_results: { hate: { filtered: false } } }];
  const first = {
    id: "",
    object: "",
    created: 0,
    model: "",
    choices: [],
    prompt_filter_results: filter,
  };
  const named = { object: "chat.completion.chunk", created: 1762317021, model: "gpt" };
  const made = decodes(stream(first, { ...hello, ...named }, { ...finish(), ...named }));
  assert.deepEqual(made.completion, {
    id: "c1",
    object: "chat.completion",
    created: 1762317021,
    model: "gpt",
    choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finishReason: "stop" }],
    extra: { prompt_filter_results: filter },
  });
  assert.equal(made.chunks.length, 3);
  assert.deepEqual(made.chunks[0].choices, []);
  assert.equal(made.chunks[0].id, "");
});

test("Q90: a choice without a delta is kept for what else it has", () => {
  const results = { hate: { filtered: false, severity: "safe" } };
  const offsets = { check_offset: 4522 };
  const filter = (members) => ({
    id: "",
    choices: [{ index: 0, finish_reason: null, ...members }],
  });
  const made = decodes(
    stream(
      hello,
      filter({ content_filter_results: results, content_filter_offsets: { check_offset: 1 } }),
      filter({ delta: null, content_filter_results: {}, content_filter_offsets: offsets }),
      world,
      finish(),
    ),
  );
  assert.equal(made.message.content, "Hello world");
  assert.deepEqual(made.choices[0].extra, {
    content_filter_results: results,
    content_filter_offsets: offsets,
  });
  assert.equal(made.chunks.length, 5);
});

test("Q91: {} is no chunk", () => {
  const made = decodes(event("{}") + event(hello) + event("{ }") + stream(finish()), [
    "EMPTY_EVENT",
  ]);
  assert.equal(made.message.content, "Hello");
  assert.equal(made.chunks.length, 2);
  assert.equal(made.issues[0].severity, "warning");
  assert.equal(made.issues[0].event, 0);
});

test("Q92: a chunk that is only the usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 45, total_tokens: 57 };
  const expected = { promptTokens: 12, completionTokens: 45, totalTokens: 57 };
  const made = decodes(stream(hello, finish(), { usage }));
  assert.deepEqual(made.completion.usage, expected);
  assert.equal(made.usageUpdates, 1);
  assert.deepEqual(made.chunks[2], { usage: expected });
  assert.equal(made.completion.id, "c1");
  // First, and with null for choices.
  assert.deepEqual(
    decodes(stream({ usage, choices: null }, hello, finish())).completion.usage,
    expected,
  );
});

const withUsage = (chunk, completion_tokens) => ({ ...chunk, usage: { completion_tokens } });

test("Q93: usage in every chunk: the last one counts", () => {
  const made = decodes(stream(withUsage(hello, 1), withUsage(world, 2), withUsage(finish(), 3)));
  assert.deepEqual(made.completion.usage, { completionTokens: 3 });
  assert.equal(made.usageUpdates, 3);
  const decoder = new StreamDecoder();
  decoder.feed(event(withUsage(hello, 1)));
  assert.equal(decoder.usageUpdates, 1);
  assert.deepEqual(decoder.snapshot().usage, { completionTokens: 1 });
  decoder.free();
});

test("Q94: null does not undo a usage", () => {
  const none = (chunk) => ({ ...chunk, usage: null });
  const made = decodes(
    stream(none(hello), withUsage(world, 2), none(finish()), none({ choices: [] })),
  );
  assert.deepEqual(made.completion.usage, { completionTokens: 2 });
  assert.equal(made.usageUpdates, 1);
  assert.equal(decodes(stream(none(hello), none(finish()))).completion.usage ?? null, null);
});

test("Q95: usage in the choice, in x_groq, and twice", () => {
  const usage = (completion_tokens) => ({ completion_tokens });
  const inChoice = delta({}, { finish_reason: "stop", usage: usage(4) });
  assert.deepEqual(decodes(stream(hello, inChoice)).completion.usage, { completionTokens: 4 });
  const inGroq = finish("stop", { x_groq: { id: "r", usage: usage(5) } });
  const groq = decodes(stream({ ...hello, x_groq: { id: "r", seed: 7 } }, inGroq)).completion;
  assert.deepEqual(groq.usage, { completionTokens: 5 });
  assert.deepEqual(groq.xGroq, { id: "r", seed: 7, usage: { completionTokens: 5 } });
  const both = { ...inGroq, usage: usage(6) };
  assert.deepEqual(decodes(stream(hello, both)).completion.usage, { completionTokens: 6 });
  const twice = stream(withUsage(hello, 1), inGroq, withUsage({ choices: [] }, 9));
  assert.deepEqual(decodes(twice).completion.usage, { completionTokens: 9 });
  // One of an earlier chunk counts where the last one has none.
  const early = stream(withUsage(hello, 1), finish());
  assert.deepEqual(decodes(early).completion.usage, { completionTokens: 1 });
});

test("Q96: a role that is missing, null, empty or repeated", () => {
  for (const roles of [
    [undefined, undefined],
    [null, null],
    ["", ""],
    ["assistant", "assistant"],
    ["", "assistant"],
    ["assistant", ""],
    [null, "assistant"],
    ["assistant", null],
  ]) {
    const deltas = roles.map((role) => ({ role, content: "a" }));
    assert.deepEqual(messageOf(...deltas), { role: "assistant", content: "aa" });
  }
  assert.equal(messageOf({ role: "tool", content: "a" }, { role: "assistant" }).role, "tool");
});

test("Q97: an empty finish reason is none", () => {
  for (const none of ["", "null", null]) {
    const going = (members) => delta(members, { finish_reason: none });
    const made = decodes(
      cutOff(going({ content: "a" }), going({ content: "b" }), finish("length")),
    );
    assert.equal(made.message.content, "ab");
    assert.equal(made.choices[0].finishReason, "length");
    assert.equal(made.chunks[0].choices[0].finishReason, null);
    // Nor is it an end.
    fails(cutOff(going({ content: "a" }), going({ content: "b" })), TruncatedError, "TRUNCATED");
    const ended = decodes(stream(going({ content: "a" })), ["FINISH_REASON_MISSING"]);
    assert.equal(ended.choices[0].finishReason ?? null, null);
    // After the real one, too.
    const after = decodes(stream(delta({ content: "a" }), finish(), going({})));
    assert.equal(after.choices[0].finishReason, "stop");
  }
});

test("Q98: content on the chunk with the finish reason", () => {
  const made = decodes(cutOff(hello, delta({ content: " world" }, { finish_reason: "stop" })));
  assert.equal(made.message.content, "Hello world");
});

test("Q98: what comes after the finish reason counts, with a warning", () => {
  const late = [
    [{ content: " late" }, ({ content }) => content === "Hello late"],
    [{ reasoning: "late" }, ({ reasoning }) => reasoning === "late"],
    [
      {
        tool_calls: [
          { index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } },
        ],
      },
      ({ toolCalls }) => toolCalls.length === 1,
    ],
  ];
  for (const [members, isThere] of late) {
    const made = decodes(stream(hello, finish(), delta(members)), ["DELTA_AFTER_FINISH"]);
    assert.ok(isThere(made.message));
    assert.equal(made.choices[0].finishReason, "stop");
    assert.equal(made.issues[0].severity, "warning");
    assert.equal(made.issues[0].event, 2);
  }
});

test("Q98: nothing new after the finish reason is nothing to warn of", () => {
  for (const members of [
    {},
    { content: "" },
    { role: "assistant", content: null },
    { tool_calls: [] },
  ]) {
    decodes(stream(hello, finish(), delta(members), { choices: [] }));
  }
  const other = stream(hello, finish(), of(1, { content: "B" }, { finish_reason: "stop" }));
  assert.equal(decodes(other).choices.length, 2);
});

test("Q98: two finish reasons", () => {
  const reason = (codes, ...reasons) =>
    decodes(stream(hello, ...reasons.map((one) => finish(one))), codes).choices[0].finishReason;
  assert.equal(reason([], "length", "length"), "length");
  for (const [first, second, kept] of [
    ["length", "stop", "length"],
    ["content_filter", "stop", "content_filter"],
    ["length", "content_filter", "length"],
    ["stop", "length", "length"],
    ["stop", "content_filter", "content_filter"],
  ]) {
    assert.equal(reason(["FINISH_REASON_CHANGED"], first, second), kept);
  }
  const called = { index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const made = decodes(stream(calls(called), finish("stop"), finish("tool_calls")), [
    "FINISH_REASON_CHANGED",
  ]);
  assert.equal(made.choices[0].finishReason, "tool_calls");
});

const withMessage = (members, content, choice = {}) =>
  delta(members, { message: { role: "assistant", content }, ...choice });

test("Q99: a message beside the deltas says nothing new", () => {
  // The last chunk has all of it.
  const last = withMessage({}, "Hello world", { finish_reason: "stop" });
  const made = decodes(stream(hello, world, last), ["MESSAGE_IN_CHUNK"]);
  assert.equal(made.message.content, "Hello world");
  assert.equal(made.issues[0].severity, "warning");
  // So has the last chunk without a delta.
  const { delta: _, ...choice } = last.choices[0];
  const bare = { id: "c1", choices: [choice] };
  assert.equal(
    decodes(stream(hello, world, bare), ["MESSAGE_IN_CHUNK"]).message.content,
    "Hello world",
  );
  // Every chunk has all so far.
  const each = stream(
    withMessage({ role: "assistant", content: "Hello" }, "Hello"),
    withMessage({ content: " world" }, "Hello world"),
    withMessage({}, "Hello world", { finish_reason: "stop" }),
  );
  const both = decodes(each, ["MESSAGE_IN_CHUNK"]);
  assert.deepEqual(both.message, { role: "assistant", content: "Hello world" });
});

test("Q99: messages without any delta are the content", () => {
  const only = (content, choice = {}) => ({
    id: "c1",
    choices: [{ index: 0, message: { role: "assistant", content }, ...choice }],
  });
  const one = decodes(stream(only("Hello", { finish_reason: "stop" })), ["MESSAGE_IN_CHUNK"]);
  assert.deepEqual(one.message, { role: "assistant", content: "Hello" });
  const growing = [only("Hel"), only("Hello"), only("Hello!", { finish_reason: "stop" })];
  assert.equal(decodes(stream(...growing), ["MESSAGE_IN_CHUNK"]).message.content, "Hello!");
});

test("Q99: a message adds what no delta said", () => {
  const message = { role: "assistant", content: "Hello world", reasoning: "r", refusal: null };
  const last = delta({}, { finish_reason: "stop", message });
  const made = decodes(stream(hello, last), ["MESSAGE_IN_CHUNK"]);
  assert.equal(made.message.content, "Hello");
  assert.equal(made.message.reasoning, "r");
});

test("Q100: cumulative deltas are taken as they are, unless asked", () => {
  const text = answer({ content: "Hel" }, { content: "Hello" }, { content: "Hello!" });
  assert.equal(decodes(text).message.content, "HelHelloHello!");
  assert.equal(decodes(text, [], { cumulativeDeltas: "off" }).message.content, "HelHelloHello!");
});

test("Q100: where asked, what came before is left out", () => {
  const options = { cumulativeDeltas: "auto" };
  const text = "The quick brown fox jumps over the lazy dog, again and again.";
  const growing = text.split(" ").map((_, i, words) => words.slice(0, i + 1).join(" "));
  for (const name of ["content", "reasoning", "reasoning_content"]) {
    const deltas = growing.map((part) => ({ [name]: part }));
    const { error, issues, completion } = decoded(answer(...deltas), options);
    assert.equal(error, undefined);
    const message = completion.choices[0].message;
    assert.equal(name === "content" ? message.content : messageReasoning(message), text);
    assert.ok(codesOf(issues).includes("CUMULATIVE_DELTAS"));
    assert.equal(issues[0].severity, "warning");
  }
  const short = answer({ content: "Hel" }, { content: "Hello" }, { content: "Hello!" });
  assert.equal(decodes(short, ["CUMULATIVE_DELTAS"], options).message.content, "Hello!");
});

test("Q100: text that only looks like it is not touched", () => {
  const options = { cumulativeDeltas: "auto" };
  for (const parts of [
    ["ha", "haha", " funny"],
    ["ha", "ha", "ha"],
    [" ", "  ", "x"],
    ["a", "b", "ab", "c"],
    ["1", "10", "0"],
    ["Hello", " world"],
  ]) {
    const made = decodes(answer(...parts.map((content) => ({ content }))), [], options);
    assert.equal(made.message.content, parts.join(""));
  }
});

test("Q101: several choices, interleaved", () => {
  const call = (index, part) => ({ tool_calls: [{ index, ...part }] });
  const start = (id) => ({ id, type: "function", function: { name: id, arguments: "" } });
  const more = (text) => ({ function: { arguments: text } });
  const made = decodes(
    stream(
      of(1, { role: "assistant", content: "X" }),
      of(0, { role: "assistant", content: "A" }),
      {
        id: "c1",
        choices: [
          { index: 1, delta: { content: "Y" } },
          { index: 0, delta: { content: "B" } },
        ],
      },
      of(0, call(0, start("f"))),
      of(1, call(0, start("g"))),
      of(0, call(0, more('{"a":'))),
      of(1, call(0, more('{"b":'))),
      of(0, call(0, more("1}"))),
      of(1, call(0, more("2}"))),
      of(2, { content: "Z" }, { finish_reason: "length" }),
      of(0, {}, { finish_reason: "tool_calls" }),
      of(1, {}, { finish_reason: "tool_calls" }),
    ),
  );
  assert.deepEqual(
    made.choices.map(({ index, message, finishReason }) => [
      index,
      message.content,
      message.toolCalls?.map((one) => [one.id, one.function.arguments]),
      finishReason,
    ]),
    [
      [0, "AB", [["f", '{"a":1}']], "tool_calls"],
      [1, "XY", [["g", '{"b":2}']], "tool_calls"],
      [2, "Z", undefined, "length"],
    ],
  );
});

test("Q102: the id, the model and the time are the first that say something", () => {
  const named = (chunk, id, model, created) => ({ ...chunk, id, model, created });
  const made = decodes(
    stream(
      named(hello, "", "", 0),
      named(world, "first", "m1", 10),
      named(delta({ content: "!" }), "second", "m1", 11),
      named(delta({ content: "!" }), "third", "m2", 12),
      named(finish(), "", "", 0),
    ),
    ["STREAM_ID_CHANGED"],
  );
  const { id, model, created } = made.completion;
  assert.deepEqual([id, model, created], ["first", "m1", 10]);
  assert.equal(made.message.content, "Hello world!!");
  assert.equal(countOf(made.issues, "STREAM_ID_CHANGED"), 1);
  assert.equal(made.issues[0].severity, "warning");
  assert.deepEqual(
    made.chunks.map((chunk) => chunk.id),
    ["", "first", "second", "third", ""],
  );
});

test("Q102: the warning says what changes, and where", () => {
  const named = (chunk, id, model) => ({ ...chunk, id, model });
  const { id: _, ...noId } = finish("stop", { model: "m2" });
  for (const [member, last] of [
    ["id", named(finish(), "second", "m1")],
    ["model", named(finish(), "first", "m2")],
    ["model", noId],
  ]) {
    const text = stream(named(hello, "first", "m1"), last);
    const [issue] = decodes(text, ["STREAM_ID_CHANGED"]).issues;
    assert.deepEqual(issue.path, [member]);
    assert.ok(text.slice(issue.offset).startsWith(JSON.stringify(last[member])), `${issue.offset}`);
  }
});

test("Q102: empty and missing ones are no change", () => {
  const { id: _, ...bare } = world;
  decodes(stream(hello, { ...world, id: "" }, { ...world, id: null }, bare, finish()));
});

test("Q103: an error beside choices", () => {
  const error = { code: 502, message: "Upstream idle", metadata: { provider_name: "Some" } };
  const expected = { message: "Upstream idle", code: 502, status: 502 };
  for (const chunk of [
    { ...delta({ content: "" }, { finish_reason: "error" }), error },
    delta({ content: "" }, { finish_reason: "error", error }),
    of(1, {}, { finish_reason: "error", error }),
  ]) {
    const made = refuses(cutOff(hello, world, chunk) + done, expected);
    assert.equal(contentOf(made.error.partial), "Hello world");
    assert.deepEqual(made.error.metadata, error.metadata);
    assert.deepEqual(made.error.raw, chunk);
    assert.ok(made.chunks.length >= 2);
  }
});

test("Q104: an error in the middle of a stream, and what came before it", () => {
  const usage = { completion_tokens: 2 };
  const made = refuses(
    cutOff(
      { ...hello, usage },
      calls({ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x' } }),
      { error: { message: "CUDA out of memory", type: "server_error", code: 500 } },
    ) + done,
    { message: "CUDA out of memory", type: "server_error", code: 500, status: 500 },
  );
  const { partial } = made.error;
  assert.equal(partial.id, "c1");
  assert.equal(contentOf(partial), "Hello");
  assert.equal(partial.usage.completionTokens, 2);
  assert.equal(partial.choices[0].message.toolCalls[0].function.arguments, '{"x');
  assert.deepEqual(made.snapshot, partial);
  assert.equal(made.chunks.length, 2);
});

test("Q104: one that comes after the finish is one all the same", () => {
  const { error } = refuses(cutOff(hello, finish(), { error: { message: "late" } }) + done, {
    message: "late",
  });
  assert.equal(contentOf(error.partial), "Hello");
});

test("Q105: an error that says nothing is none", () => {
  for (const error of [null, {}, "", false, []]) {
    const { error: failure, completion } = decoded(
      stream({ ...hello, error }, { ...world, error }, { ...finish(), error }),
    );
    assert.equal(failure, undefined);
    assert.equal(contentOf(completion), "Hello world");
  }
  for (const error of [null, {}, ""]) {
    const made = decoded(stream(delta({ content: "Hello" }, { error }), finish()));
    assert.equal(contentOf(made.completion), "Hello");
  }
});

test("Q106: deltas with nothing in them", () => {
  const made = decodes(
    answer(
      { role: "assistant", content: "" },
      { content: "" },
      {},
      { content: "Hello" },
      { content: "", reasoning: "", refusal: "", tool_calls: [] },
      { content: null },
    ),
  );
  assert.deepEqual(made.message.content, "Hello");
  assert.equal(made.chunks.length, 7);
  const empty = decodes(answer({ role: "assistant", content: "" }, { content: "" }));
  assert.deepEqual(empty.message, { role: "assistant", content: "" });
});

test("Q106: they are no events", () => {
  const decoder = new StreamDecoder();
  const text = answer(
    { role: "assistant", content: "" },
    { content: "a" },
    { content: "", refusal: "" },
  );
  const { events } = decoder.take(text, "events");
  assert.deepEqual(events, [{ type: "text", choice: 0, text: "a" }]);
  decoder.free();
});

test("Q107: log probabilities are put together", () => {
  const token = (text) => ({ token: text, logprob: -0.5, bytes: [97], top_logprobs: [] });
  const camel = (text) => ({ token: text, logprob: -0.5, bytes: [97], topLogprobs: [] });
  const piece = (content, logprobs) => delta({ content }, { logprobs });
  const made = decodes(
    stream(
      piece("", null),
      piece("a", { content: [token("a")], refusal: null }),
      piece("b", { content: [], refusal: [] }),
      piece("cd", { content: [token("c"), token("d")] }),
      piece("", { content: null, refusal: [token("r")] }),
      piece("", null),
      finish(),
    ),
  );
  assert.deepEqual(made.choices[0].logprobs, {
    content: ["a", "c", "d"].map(camel),
    refusal: [camel("r")],
  });
});

test("Q107: also in the older form", () => {
  const piece = (members) => delta({ content: "a" }, { logprobs: members });
  const made = decodes(
    stream(
      piece({ tokens: ["a"], token_logprobs: [null], text_offset: [0], top_logprobs: null }),
      piece({
        tokens: ["b", "c"],
        token_logprobs: [-1, -2],
        text_offset: [1, 2],
        top_logprobs: null,
      }),
      piece({ tokens: null, token_logprobs: null, text_offset: null, top_logprobs: null }),
      finish(),
    ),
  );
  const { tokens, tokenLogprobs, textOffset } = made.choices[0].logprobs;
  assert.deepEqual(tokens, ["a", "b", "c"]);
  assert.deepEqual(tokenLogprobs, [null, -1, -2]);
  assert.deepEqual(textOffset, [0, 1, 2]);
});

// ---- Section 1: what deltas come to -------------------------------------------------------------

test("Q2: choices that are null are a chunk without choices", () => {
  const made = decodes(stream({ id: "c1", choices: null }, hello, finish()));
  assert.equal(made.chunks.length, 3);
  assert.equal(made.chunks[0].choices, null);
  assert.equal(made.message.content, "Hello");
});

test("Q2: a stream that never has a choice is no completion", () => {
  const made = decoded(stream({ id: "c1", choices: null, usage: { prompt_tokens: 9 } }));
  assert.ok(made.error instanceof DecodeError);
  assert.equal(made.error.code, "NO_CHOICES");
  assert.deepEqual(made.error.partial.usage, { promptTokens: 9 });
});

test("Q3: unless it may", () => {
  const made = decodes(stream({ id: "c1", choices: [] }), [], { allowEmptyChoices: true });
  assert.deepEqual(made.choices, []);
});

test("Q8: what `object` says makes no difference", () => {
  for (const object of ["", "chat.completion", "text_completion.chunk", null]) {
    const made = decodes(stream({ ...hello, object }, { ...finish(), object }));
    assert.equal(made.completion.object, "chat.completion");
    assert.equal(made.message.content, "Hello");
    assert.equal(made.chunks[0].object, object);
  }
});

test("Q6: content in parts: neighbours of one kind become one", () => {
  const thinking = (text) => ({ type: "thinking", thinking: [{ type: "text", text }] });
  const text = (part) => ({ type: "text", text: part });
  const made = messageOf(
    { role: "assistant", content: [thinking("The user")] },
    { content: [thinking(" asks"), thinking("...")] },
    { content: [text("2 + 2")] },
    { content: " = " },
    { content: [text("4"), { type: "image_url", image_url: { url: "u" } }] },
    { content: "" },
    { content: [text("!")] },
  );
  assert.deepEqual(made.content, [
    { type: "thinking", thinking: [{ type: "text", text: "The user asks..." }] },
    { type: "text", text: "2 + 2 = 4" },
    { type: "image_url", imageUrl: { url: "u" } },
    { type: "text", text: "!" },
  ]);
  assert.equal(messageText(made), "2 + 2 = 4!");
  assert.equal(messageReasoning(made), "The user asks...");
});

test("Q6: text before the first part becomes a part", () => {
  const made = messageOf(
    { content: "" },
    { content: "a" },
    { content: [{ type: "text", text: "b" }] },
  );
  assert.deepEqual(made.content, [{ type: "text", text: "ab" }]);
});

test("Q37: reasoning under two names is kept under both, and read once", () => {
  const both = (text) => ({ reasoning: text, reasoning_content: text });
  const message = messageOf(both("The"), both(" user"), { content: "Hi" });
  assert.equal(message.reasoning, "The user");
  assert.equal(message.reasoningContent, "The user");
  assert.equal(messageReasoning(message), "The user");
});

test("Q38: a member that comes twice in a delta: null does not undo it", () => {
  const twice =
    '{"id":"c1","choices":[{"index":0,"delta":{"reasoning_content":"cot","content":"a","content":"hi","reasoning_content":null}}]}';
  const made = decodes(event(twice) + event(twice) + stream(finish()), ["DUPLICATE_KEY"]);
  assert.equal(made.message.reasoningContent, "cotcot");
  assert.equal(made.message.content, "hihi");
  assert.equal(made.chunks[0].choices[0].delta.reasoningContent, "cot");
});

test("Q39: details of reasoning are put together by index and type", () => {
  const details = (...all) => ({ reasoning_details: all });
  const message = messageOf(
    details({ type: "reasoning.text", index: 0, text: "a", format: "anthropic-claude-v1" }),
    details({ type: "reasoning.text", index: 0, text: "b", signature: null }),
    details(
      { type: "reasoning.text", index: 0, text: "c", signature: "sig" },
      { type: "reasoning.summary", index: 1, summary: "s" },
    ),
    details({ type: "reasoning.summary", index: 1, summary: "t" }),
    details({ type: "reasoning.encrypted", index: 0, data: "AA", id: "e" }),
    details({ type: "reasoning.encrypted", index: 0, data: "BB" }),
  );
  assert.deepEqual(message.reasoningDetails, [
    {
      type: "reasoning.text",
      index: 0,
      text: "abc",
      format: "anthropic-claude-v1",
      signature: "sig",
    },
    { type: "reasoning.summary", index: 1, summary: "st" },
    { type: "reasoning.encrypted", index: 0, data: "AABB", id: "e" },
  ]);
});

test("Q39: without an index, text goes on, and the rest stands by itself", () => {
  const details = (...all) => ({ reasoning_details: all });
  const message = messageOf(
    details({ type: "reasoning.text", text: "a" }),
    details({ type: "reasoning.text", text: "b" }),
    details({ type: "reasoning.encrypted", data: "AA" }),
    details({ type: "reasoning.encrypted", data: "BB" }),
    details({ type: "reasoning.new", what: 1 }),
    details({ type: "reasoning.new", what: 2 }),
  );
  assert.deepEqual(message.reasoningDetails, [
    { type: "reasoning.text", text: "ab" },
    { type: "reasoning.encrypted", data: "AA" },
    { type: "reasoning.encrypted", data: "BB" },
    { type: "reasoning.new", extra: { what: 1 } },
    { type: "reasoning.new", extra: { what: 2 } },
  ]);
});

test("Q40: what must be sent back survives", () => {
  const google = { google: { thought_signature: "AY89==" } };
  const call = { index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const made = decodes(
    stream(
      delta({ reasoning_content: "th", reasoning_signature: "s1" }),
      delta({ reasoning_content: "ink" }),
      calls({ ...call, extra_content: google }),
      finish("tool_calls"),
    ),
  );
  assert.deepEqual(made.message, {
    role: "assistant",
    reasoningContent: "think",
    toolCalls: [
      {
        id: "a",
        type: "function",
        function: { name: "f", arguments: "{}" },
        extra: { extra_content: google },
      },
    ],
    extra: { reasoning_signature: "s1" },
  });
  const sent = toRequestMessage(made.message);
  assert.deepEqual(sent.tool_calls[0].extra_content, google);
  assert.equal(sent.reasoning_content, "think");
});

test("Q40: a signature that comes on another fragment than the name", () => {
  const first = { index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"a"' } };
  const signature = { google: { thought_signature: "x" } };
  const made = decodes(
    calling(first, { index: 0, function: { arguments: ":1}" }, extra_content: signature }),
  );
  assert.deepEqual(made.calls, [
    {
      id: "a",
      type: "function",
      function: { name: "f", arguments: '{"a":1}' },
      extra: { extra_content: signature },
    },
  ]);
});

test("Q42: a refusal is put together as content is, and kept apart from it", () => {
  const message = messageOf(
    { role: "assistant", content: null, refusal: null },
    { refusal: "I " },
    { refusal: "cannot" },
    { refusal: null },
  );
  assert.deepEqual(message, { role: "assistant", content: null, refusal: "I cannot" });
});

test("Q43: annotations are appended, whatever their shape", () => {
  const nested = {
    type: "url_citation",
    url_citation: { url: "u1", start_index: 0, end_index: 1 },
  };
  const flat = { type: "url_citation", url: "u2" };
  const message = messageOf(
    { content: "a", annotations: [nested] },
    { annotations: [] },
    { annotations: [flat, nested] },
  );
  const camel = { type: "url_citation", urlCitation: { url: "u1", startIndex: 0, endIndex: 1 } };
  assert.deepEqual(message.annotations, [camel, flat, camel]);
});

test("Q44: citations at the top level: the last that says something", () => {
  const made = decodes(
    stream(
      { ...hello, citations: ["u1"], search_results: [{ title: "t" }], low: "low" },
      { ...world, citations: ["u1", "not a url"], search_results: null, low: "low" },
      { ...finish(), citations: [], low: "" },
    ),
  );
  assert.deepEqual(made.completion.extra, {
    citations: ["u1", "not a url"],
    search_results: [{ title: "t" }],
    low: "low",
  });
});

test("Q45: sound is put together, and its expiry finishes the choice", () => {
  const piece = (audio) => delta({ audio });
  const text = cutOff(
    piece({ id: "audio_1" }),
    piece({ transcript: "Hel" }),
    piece({ data: "AAAA", transcript: "lo" }),
    piece({ data: "BBBB" }),
    piece({ expires_at: 1729018505 }),
  );
  const expected = { id: "audio_1", data: "AAAABBBB", transcript: "Hello", expiresAt: 1729018505 };
  for (const end of ["", done]) {
    const { error, state, completion } = decoded(text + end);
    assert.equal(error, undefined);
    assert.equal(state, "complete");
    assert.deepEqual(completion.choices[0].message.audio, expected);
  }
  // Without it the sound may go on.
  fails(cutOff(piece({ id: "audio_1" }), piece({ data: "AAAA" })), TruncatedError, "TRUNCATED");
});

test("Q46: images are appended", () => {
  const image = (url) => ({ type: "image_url", image_url: { url } });
  const message = messageOf(
    { role: "assistant", content: "", images: [image("data:,1")] },
    { images: [image("data:,2"), image("data:,3")] },
  );
  assert.deepEqual(
    message.images.map(({ imageUrl }) => imageUrl.url),
    ["data:,1", "data:,2", "data:,3"],
  );
});

test("Q47: what providers add is kept, and what is only for the wire is not", () => {
  const made = decodes(
    stream(
      { ...hello, provider: "Some", obfuscation: "abc", timings: { a: 1 } },
      {
        ...delta(
          {},
          { finish_reason: "stop", native_finish_reason: "STOP", matched_stop: 7, token_ids: [3] },
        ),
        provider: "Some",
        obfuscation: "de",
        timings: { a: 2 },
      },
    ).replace(
      '"content":"Hello"}',
      '"content":"Hello"},"native_finish_reason":null,"token_ids":[1,2]',
    ),
  );
  assert.deepEqual(made.completion.extra, { provider: "Some", timings: { a: 2 } });
  assert.deepEqual(made.choices[0].extra, {
    native_finish_reason: "STOP",
    matched_stop: 7,
    token_ids: [1, 2, 3],
  });
  assert.equal(unifiedFinishReason(made.choices[0]), "stop");
});

test("Q47: members of deltas that no model knows: texts in pieces are joined, others are not", () => {
  const message = messageOf(
    { thinking: "a", new_text: "x", state: "low", list: [1], object: { a: 1 } },
    { thinking: "b", new_text: "y", state: "low", list: [2, 3], object: { b: 2 } },
    { thinking: "", state: "", list: [], object: {} },
  );
  assert.deepEqual(message.extra, {
    thinking: "ab",
    new_text: "xy",
    state: "low",
    list: [1, 2, 3],
    object: { b: 2 },
  });
});
