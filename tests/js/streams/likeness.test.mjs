// Events that are like the one before are compared, not decoded. That must never show: neither in what
// they come to nor in chunks that share anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeChunk, LimitError, StreamDecoder } from "chatwire";
import fc from "fast-check";
import { contracts } from "../contracts/tables.mjs";
import { someLogprobChunks } from "./logprobs.mjs";
import { bytesOf, calls, cut, delta, event, finish, run, stream } from "./support.mjs";

const text = (content) => delta({ content }, { finish_reason: null });
const contentOf = ({ completion }) => completion.choices[0].message.content;

const jsonOf = (one) => (typeof one === "string" ? one : JSON.stringify(one));
/** An event whose data has several lines, which is never compared; and one of the same offsets. */
const ofTwoLines = (one) => `data: {\ndata: ${jsonOf(one).slice(1)}\n\n`;
const ofOneLine = (one) => `data: {       ${jsonOf(one).slice(1)}\n\n`;

test("several chunks in one event, the first like the event before", () => {
  const [a, b, c] = ["a", "b", "c"].map((content) => JSON.stringify(text(content)));
  const made = run([`data: ${a}\n\ndata: ${b}\ndata: ${c}\n\n${event(finish())}data: [DONE]\n\n`]);
  assert.equal(contentOf(made), "abc");
  assert.equal(made.chunks.length, 4);
  const done = run([`data: ${a}\n\ndata: ${b}\n\ndata: ${c}\ndata: [DONE]\n\n`]);
  assert.equal(contentOf(done), "abc");
});

test("bytes after the JSON of such an event", () => {
  const odd = `data: ${JSON.stringify(text("c"))},\n\n`;
  const made = run([event(text("a")) + event(text("b")) + odd + event(finish())]);
  assert.equal(contentOf(made), "abc");
  const strict = { contract: "openai", onBadEvent: "skip" };
  const whole = (one) => ({
    ...one,
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
  });
  const said = [text("a"), text("b")].map((one) => event(whole(one)));
  const refused = `data: ${JSON.stringify(whole(text("c")))},\n\n`;
  const { completion } = run([...said, refused, event(whole(finish()))], strict);
  assert.equal(completion.choices[0].message.content, "ab");
});

test("two calls of one index, told apart by their ids on each fragment", () => {
  const of = (id, given, name) =>
    calls({
      index: 0,
      id,
      type: "function",
      function: { ...(name && { name }), arguments: given },
    });
  const made = run([
    stream(
      of("a", "", "f"),
      of("b", "", "g"),
      of("a", '{"x":'),
      of("a", '"1"'),
      of("a", "}"),
      of("b", '{"y":'),
      of("b", "2"),
      of("b", "}"),
      finish("tool_calls"),
    ),
  ]);
  const made_calls = made.completion.choices[0].message.toolCalls;
  assert.deepEqual(
    made_calls.map((call) => call.function.arguments),
    ['{"x":"1"}', '{"y":2}'],
  );
});

test("reasoning under two names, one of them empty, is told", () => {
  const decoder = new StreamDecoder();
  const pieces = ["a", "b", "c"].map((one) => delta({ reasoning: "", reasoning_content: one }));
  const { events } = decoder.take(stream(...pieces, finish()), "events");
  assert.equal(events.map((one) => one.text ?? "").join(""), "abc");
});

test("text and thinking in one delta are told in one order", () => {
  const decoder = new StreamDecoder();
  const pieces = [1, 2, 3].map((i) => delta({ reasoning: `r${i}`, content: `t${i}` }));
  const { events } = decoder.take(stream(...pieces, finish()), "events");
  const types = events.map(({ type }) => type);
  assert.deepEqual(types, ["text", "reasoning", "text", "reasoning", "text", "reasoning"]);
});

test("its chunk has the members of the one before, in their order", () => {
  const mores = [
    {},
    { usage: null },
    { system_fingerprint: "f" },
    { usage: null, system_fingerprint: "f" },
    { usage: null, service_tier: "t", system_fingerprint: "f" },
    { usage: null, service_tier: "t", system_fingerprint: "f", obfuscation: "o" },
    { service_tier: "t", system_fingerprint: "f", obfuscation: "o" },
    { service_tier: "t", system_fingerprint: "f" },
    { odd: 1 },
  ];
  const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
  for (const more of mores)
    for (const choice of [{}, { finish_reason: null }, { logprobs: null, finish_reason: null }]) {
      const of = (content) =>
        event({ ...head, choices: [{ index: 0, delta: { content }, ...choice }], ...more });
      const decoder = new StreamDecoder();
      const [model, like] = decoder.feed(of("a") + of("b"));
      assert.equal(JSON.stringify(like), JSON.stringify(model).replace('"a"', '"b"'));
      decoder.free();
    }
});

test("such an event has the limit of events", () => {
  const bytes =
    event(text("a")) + event(text("b")) + event(text("z".repeat(3000))) + event(finish());
  const limits = { eventBytes: 1000 };
  assert.ok(run([bytes], { limits }).error instanceof LimitError);
  assert.ok(run([...bytes], { limits }).error instanceof LimitError);
});

test("what a reader does to the calls of a chunk does not show in the next one", () => {
  const decoder = new StreamDecoder();
  const piece = (given) => calls({ index: 0, function: { arguments: given } });
  decoder.feed(event(calls({ index: 0, id: "a", function: { name: "f", arguments: "" } })));
  const [first] = decoder.feed(event(piece("[")));
  first.choices[0].delta.toolCalls[0].function.name = "mine";
  first.choices[0].delta.toolCalls.length = 0;
  assert.deepEqual(decoder.feed(event(piece("1"))), [decodeChunk(JSON.stringify(piece("1")))]);
  decoder.free();
});

const someDelta = fc.oneof(
  fc.record({ content: fc.string() }),
  fc.record({ content: fc.string(), reasoning: fc.string() }),
  fc.record({ content: fc.constant(null), reasoning_content: fc.string() }),
  fc.record({ refusal: fc.string() }),
  fc.record({
    tool_calls: fc.array(
      fc.record(
        {
          index: fc.nat(2),
          id: fc.constantFrom("a", "b", ""),
          function: fc.record(
            {
              name: fc.constantFrom("f", "g", ""),
              arguments: fc.constantFrom("{", "}", '"x"', "{}", "1"),
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

test("chunks, events and completion are those of events that are never alike", () => {
  const property = fc.property(
    fc.array(someDelta, { minLength: 1 }),
    fc.nat(3),
    (deltas, often) => {
      const data = deltas.flatMap((one) => Array.from({ length: 1 + often }, () => delta(one)));
      const follow = (eventOf) => {
        const decoder = new StreamDecoder();
        const bytes = [...data, finish()].map(eventOf).join("");
        const { events } = decoder.take(bytes, "events");
        if (decoder.state === "open") decoder.end();
        return {
          events,
          completion: decoder.completion(),
          codes: decoder.issues.map(({ code }) => code),
        };
      };
      const expected = follow(ofTwoLines);
      const ids = ({ choices: [{ message }] }) => {
        for (const call of message.toolCalls ?? []) if (call.idSynthetic) delete call.id;
      };
      const made = follow(event);
      ids(made.completion);
      ids(expected.completion);
      assert.deepEqual(made, expected);
      const { chunks } = run([stream(...data, finish())]);
      assert.deepEqual(
        chunks,
        [...data, finish()].map((one) => decodeChunk(JSON.stringify(one))),
      );
    },
  );
  fc.assert(property, { numRuns: 1000 });
});

test("log-probabilities, by whatever contract and wherever cut, as where no event is like another", () => {
  const strict = contracts.map(({ id }) => id);
  // All that comes of a stream.
  const outcome = (reads, options) => {
    const made = run(reads, options);
    const { error, ...rest } = made;
    return { ...rest, error: error && { ...error, chunks: undefined, message: error.message } };
  };
  const follow = (reads, options) => {
    const decoder = new StreamDecoder(options);
    const events = reads.flatMap((bytes) => decoder.take(bytes, "events").events);
    decoder.free();
    return events;
  };
  const property = fc.property(
    someLogprobChunks,
    fc.constantFrom(undefined, undefined, ...strict),
    fc.constantFrom("error", "skip"),
    fc.array(fc.nat(), { maxLength: 5 }),
    (chunks, contract, onBadEvent, places) => {
      const options = { contract, onBadEvent };
      const alike = bytesOf(chunks.map(ofOneLine).join(""));
      const apart = bytesOf(chunks.map(ofTwoLines).join(""));
      const expected = outcome([apart], options);
      const cuts = places.map((at) => at % alike.length).sort((a, b) => a - b);
      for (const reads of [[alike], cut(alike, cuts)]) {
        assert.deepStrictEqual(outcome(reads, options), expected);
        const collected = outcome(reads, { ...options, collect: true });
        assert.deepStrictEqual(collected, { ...expected, chunks: [] });
      }
      if (expected.error === undefined)
        assert.deepStrictEqual(follow(cut(alike, cuts), options), follow([apart], options));
    },
  );
  fc.assert(property, { numRuns: 1500 });
});

test("what a reader does to the log-probabilities of a chunk does not show in the next one", () => {
  const of = (token) => {
    const logprobs = {
      content: [{ token, logprob: -1, bytes: [1], top_logprobs: [] }],
      refusal: null,
    };
    return delta({ content: token }, { logprobs, finish_reason: null });
  };
  const decoder = new StreamDecoder();
  const [first] = decoder.feed(event(of("a")));
  first.choices[0].logprobs.content[0].token = "mine";
  first.choices[0].logprobs.refusal = "mine";
  assert.deepEqual(decoder.feed(event(of("b"))), [decodeChunk(JSON.stringify(of("b")))]);
  decoder.free();
});

const someUsage = fc.oneof(
  fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat(), total_tokens: fc.nat() }),
  fc.record({ prompt_tokens: fc.nat(9), cost: fc.double({ noNaN: true }), odd: fc.string() }),
  fc.record({ completion_tokens_details: fc.record({ reasoning_tokens: fc.nat() }) }),
  fc.constantFrom(null, {}, { total_tokens: "7" }, { total_tokens: null }),
);

test("usage and padding that differ, as where no event is like another", () => {
  const outcome = (reads, options) => {
    const { chunks, completion, error, issues } = run(reads, options);
    const codes = issues.map(({ code, event }) => [code, event]);
    return { chunks, completion, codes, partial: error?.partial };
  };
  const follow = (reads, options) => {
    const decoder = new StreamDecoder(options);
    const events = reads.flatMap((bytes) => decoder.take(bytes, "events").events);
    const { usageUpdates } = decoder;
    decoder.free();
    return { events, usageUpdates };
  };
  const property = fc.property(
    fc.array(fc.record({ usage: someUsage, p: fc.string({ unit: "binary" }) }), { maxLength: 20 }),
    fc.constantFrom(["usage"], ["p"], ["usage", "p"], ["p", "usage"], ["__proto__"]),
    fc.constantFrom(undefined, undefined, "openai", "mistral", "openrouter"),
    fc.array(fc.nat(), { maxLength: 5 }),
    (pieces, members, contract, places) => {
      const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
      const data = pieces.map((piece, i) => {
        const more = members.map((name) => [name, piece[name] ?? `${i}`]);
        const { choices } = text(`${i}`);
        return Object.fromEntries([...Object.entries(head), ...more, ["choices", choices]]);
      });
      const all = [...data, { ...head, ...finish() }];
      const alike = bytesOf(all.map(event).join(""));
      const options = { contract };
      const expected = outcome([bytesOf(all.map(ofTwoLines).join(""))], options);
      const cuts = places.map((at) => at % alike.length).sort((a, b) => a - b);
      for (const reads of [[alike], cut(alike, cuts)])
        assert.deepStrictEqual(outcome(reads, options), expected);
      if (expected.partial === undefined)
        assert.deepStrictEqual(
          follow(cut(alike, cuts), options),
          follow([bytesOf(all.map(ofTwoLines).join(""))], options),
        );
    },
  );
  fc.assert(property, { numRuns: 1500 });
});

test("what a reader does to the usage and the padding of a chunk does not show in the next one", () => {
  const of = (i) => ({ ...text(`${i}`), usage: { total_tokens: i }, p: "x".repeat(i) });
  const decoder = new StreamDecoder();
  for (let i = 0; i < 20; i++) {
    const [chunk] = decoder.feed(event(of(i)));
    assert.deepEqual(chunk, decodeChunk(JSON.stringify(of(i))));
    chunk.usage.totalTokens = -1;
    chunk.extra.p = chunk.extra.q = "mine";
  }
  decoder.free();
});

test("objects that no model knows are each chunk's own, and add what they add each time", () => {
  const filtered = { hate: { filtered: false, severity: "safe" }, ranks: [1, [2, { a: null }]] };
  const inChoice = [
    { content_filter_results: filtered },
    { ["__proto__"]: { a: 1 } },
    { token_ids: [1, 2] },
    { usage: { total_tokens: 3 } },
    { message: { role: "assistant", content: "whole" } },
    { long: { of: Array.from({ length: 600 }, (_, i) => i) } },
  ];
  const spoil = (value) => {
    for (const member of Object.values(value ?? {})) {
      if (typeof member !== "object" || member === null) continue;
      spoil(member);
      member.mine = true;
    }
  };
  for (const more of inChoice)
    for (const head of [{}, { citations: ["a", { b: [] }] }, { token_ids: [3] }]) {
      const data = ["a", "b", "", "c"].map((content) => ({
        ...delta({ content }, { finish_reason: null, ...more }),
        ...head,
      }));
      const decoder = new StreamDecoder();
      for (const one of data) {
        const [chunk] = decoder.feed(event(one));
        assert.deepStrictEqual(chunk, decodeChunk(JSON.stringify(one)));
        spoil(chunk.extra);
        spoil(chunk.choices[0].extra);
      }
      decoder.feed(event(finish()));
      decoder.end();
      const apart = run([...data, finish()].map(ofTwoLines));
      assert.deepStrictEqual(decoder.completion(), apart.completion);
      assert.equal(decoder.usageUpdates, more.usage ? data.length : 0);
    }
});

test("an error that follows values of its name that say nothing", () => {
  const nothing = [null, "", null, "", null, ""];
  for (const of of [nothing, [...nothing, "it broke"], [...nothing, { message: "it broke" }]]) {
    const data = of.map((error, i) => delta({ content: `${i}` }, { finish_reason: null, error }));
    const outcomes = [event, ofTwoLines].map((eventOf) => {
      const { chunks, error } = run([...data, finish()].map(eventOf));
      return { chunks, failure: error?.name, message: error?.message };
    });
    assert.deepEqual(outcomes[0], outcomes[1]);
    assert.equal(outcomes[0].failure, of === nothing ? undefined : "ProviderError");
  }
});

test("arguments that go on with a bracket, and those that begin anew", () => {
  const of = (given) => calls({ index: 0, function: { arguments: given } });
  const called = (...given) => {
    const begin = calls({
      index: 0,
      id: "a",
      type: "function",
      function: { name: "f", arguments: "" },
    });
    const made = run([stream(begin, ...given.map(of), finish("tool_calls"))]);
    const codes = made.issues.map(({ code }) => code);
    const { toolCalls } = made.completion.choices[0].message;
    return [toolCalls.map((call) => call.function.arguments), codes];
  };
  const pieces = ['{"a":', "[", '{"b"', ":", "{", "}", "}", ", ", "[", "1", "]", "]", "}"];
  const whole = pieces.join("");
  assert.deepEqual(called(...pieces), [[whole], []]);
  assert.deepEqual(called(...pieces, whole), [[whole], ["ARGUMENTS_RESENT"]]);
  assert.deepEqual(called("{}", ...pieces), [[whole], ["ARGUMENTS_PLACEHOLDER"]]);
  assert.deepEqual(called(...pieces, '{"c":', "2}")[0], [whole, '{"c":2}']);
});

test("events that are like none before, then many that are, then none again", () => {
  const pieces = Array.from({ length: 300 }, (_, i) => {
    const repeats = i > 100 && i < 200;
    return {
      ...text(`<${i}>`),
      id: repeats ? "same" : `other ${i}`,
      service_tier: "x".repeat(i % 7),
    };
  });
  const whole = stream(...pieces, finish());
  const reads = [[whole], whole.match(/.{1,97}/gs)];
  for (const [once, byEvent] of reads.map((cut) => [run(cut), pieces])) {
    assert.deepEqual(
      once.chunks.slice(0, -1).map(({ id, choices }) => [id, choices[0].delta.content]),
      byEvent.map(({ id, choices }) => [id, choices[0].delta.content]),
    );
    assert.equal(contentOf(once), pieces.map((_, i) => `<${i}>`).join(""));
  }
});

// Members of any names and values, some of which are the same in all events.
const detail = fc.record(
  {
    type: fc.constantFrom("reasoning.text", "reasoning.summary"),
    text: fc.string(),
    index: fc.nat(1),
    odd: fc.constantFrom(1, [2], null),
  },
  { requiredKeys: ["type"] },
);
const anyValue = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.nat(),
  fc.array(fc.nat(), { maxLength: 3 }),
  fc.constantFrom(null, true, "", {}, [], "\u00fc", "\ud83d\ude00\n", [[{ a: 1 }], "x"], {
    a: { b: [] },
  }),
  fc.jsonValue(),
);
const knownOf = {
  chunk: {
    id: fc.constantFrom("a", "b", "", null),
    created: fc.oneof(fc.nat(), fc.constantFrom(null, 1.5, "7")),
    model: fc.constantFrom("m", "n", "\u00fc", null),
    object: fc.constantFrom("chat.completion.chunk", "chat.completion.chunk", ""),
    system_fingerprint: fc.constantFrom("f", "g", null),
    service_tier: fc.constantFrom("default", "flex", null),
    usage: someUsage,
    obfuscation: fc.string(),
    x_groq: fc.constantFrom({ id: "r" }, { usage: { total_tokens: 3 } }, { odd: [1] }, null),
    openrouter_metadata: fc.constantFrom({ a: 1 }, {}, null),
    moderation: fc.constantFrom({}, null),
  },
  choice: {
    finish_reason: fc.constantFrom(null, null, "", "stop"),
    stop_reason: fc.constantFrom(null, null, "x", 7),
    logprobs: fc.constantFrom(null, { content: [] }, { content: [{ token: "a", logprob: -1 }] }),
  },
  delta: {
    role: fc.constantFrom("assistant", "tool", "", null),
    content: fc.oneof(fc.string(), fc.constantFrom(null, [{ type: "text", text: "part" }])),
    reasoning: fc.constantFrom("why", "", null),
    refusal: fc.constantFrom("no", null),
    reasoning_details: fc.oneof(fc.array(detail, { maxLength: 2 }), fc.constant(null)),
    annotations: fc.constantFrom([{ type: "url_citation" }], [], null),
    images: fc.constantFrom([{ type: "image_url", index: 0 }], null),
    executed_tools: fc.constantFrom([{ index: 0, type: "a" }], [{ index: 1, output: "b" }], null),
    function_call: fc.constantFrom({ name: "f", arguments: "{" }, { arguments: "1" }, null),
    audio: fc.constantFrom({ id: "a", data: "QQ==" }, { expires_at: 1 }, null),
    metadata: fc.constantFrom({ a: "b" }, {}, null),
    tool_call_id: fc.constantFrom("t", "u", null),
    index: fc.nat(2),
  },
};
const unknownNames = [
  "token_ids",
  "odd",
  "other_text",
  "message",
  "usage",
  "p",
  "1",
  "0x",
  "error",
];
const rawNames = ["__proto__", "\\u0070", "\u00fc", "extra", "constructor"];
const someMembers = (level) => {
  const known = Object.entries(knownOf[level]).map(([name, value]) =>
    fc.tuple(fc.constant(name), fc.array(value, { minLength: 1, maxLength: 4 })),
  );
  const unknown = fc.tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom("token_ids", "odd", "other_text") },
      fc.constantFrom(...unknownNames, ...rawNames),
    ),
    fc.array(anyValue, { minLength: 1, maxLength: 4 }),
  );
  return fc.tuple(
    fc.uniqueArray(fc.oneof(...known), { maxLength: 3, selector: ([name]) => name }),
    fc.array(unknown, { maxLength: 3 }),
    fc.boolean(),
  );
};

/** The members of an object of the event at a place, as JSON: names may come again. */
const membersAt = ([known, unknown, unknownFirst], i, ...more) =>
  [...(unknownFirst ? [...unknown, ...known] : [...known, ...unknown]), ...more]
    .map(([name, values]) => `"${name}":${JSON.stringify(values[i % values.length])}`)
    .join();

test("members that differ, of whatever object, as where no event is like another", () => {
  const outcome = (reads, options) => {
    const { chunks, completion, snapshot, error, issues } = run(reads, options);
    return { chunks, completion, snapshot, issues, failure: error?.name, partial: error?.partial };
  };
  const follow = (reads, options) => {
    const decoder = new StreamDecoder(options);
    const events = reads.flatMap((bytes) => decoder.take(bytes, "events").events);
    const { usageUpdates } = decoder;
    decoder.free();
    return { events, usageUpdates };
  };
  const property = fc.property(
    fc.tuple(someMembers("chunk"), someMembers("choice"), someMembers("delta")),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 2 }),
    fc.constantFrom(undefined, undefined, undefined, "openai", "openrouter"),
    fc.boolean(),
    fc.array(fc.nat(), { maxLength: 5 }),
    ([ofChunk, ofChoice, ofDelta], count, choices, contract, hasHead, places) => {
      const data = Array.from({ length: count }, (_, i) => {
        const turn = Math.floor(i / choices);
        const delta = `{${membersAt(ofDelta, turn)}}`;
        const choice = `{"index":${i % choices},"delta":${delta},${membersAt(ofChoice, turn, ["end", [0]])}}`;
        const head = hasHead
          ? '"id":"c","object":"chat.completion.chunk","created":1,"model":"m",'
          : "";
        return `{${head}"choices":[${choice}],${membersAt(ofChunk, i, ["end", [0]])}}`;
      });
      const ends = Array.from({ length: choices }, (_, i) =>
        JSON.stringify(delta({}, { index: i, finish_reason: "stop" })),
      );
      const all = [...data, ...ends];
      const alike = bytesOf(all.map(ofOneLine).join(""));
      const apart = bytesOf(all.map(ofTwoLines).join(""));
      const options = { contract };
      const expected = outcome([apart], options);
      const cuts = places.map((at) => at % alike.length).sort((a, b) => a - b);
      for (const reads of [[alike], cut(alike, cuts)]) {
        const made = outcome(reads, options);
        assert.deepStrictEqual(made, expected);
        assert.equal(JSON.stringify(made.chunks), JSON.stringify(expected.chunks));
        const collected = outcome(reads, { ...options, collect: true });
        assert.deepStrictEqual(collected, { ...expected, chunks: [] });
      }
      if (expected.failure === undefined)
        assert.deepStrictEqual(follow(cut(alike, cuts), options), follow([apart], options));
    },
  );
  fc.assert(property, { numRuns: 3000 });
});
