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
      // A member that differs in each event, and is no text, keeps them from being compared.
      const apart = data.map((one, i) => ({ ...one, apart: { i } }));
      const follow = (list) => {
        const decoder = new StreamDecoder();
        const { events } = decoder.take(stream(...list, finish()), "events");
        if (decoder.state === "open") decoder.end();
        return {
          events,
          completion: decoder.completion(),
          codes: decoder.issues.map(({ code }) => code),
        };
      };
      const expected = follow(apart);
      delete expected.completion.extra;
      const ids = ({ choices: [{ message }] }) => {
        for (const call of message.toolCalls ?? []) if (call.idSynthetic) delete call.id;
      };
      const made = follow(data);
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
  // All that comes of a stream, without what keeps events apart.
  const outcome = (reads, options) => {
    const made = run(reads, options);
    const bodies = [...made.chunks, made.completion, made.snapshot, made.error?.partial];
    for (const body of bodies) if (body?.extra) delete body.extra.apart;
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
      const alike = bytesOf(stream(...chunks("100")));
      const apart = bytesOf(stream(...chunks("[0]")));
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

/** An event whose data has several lines, which is never compared. */
const ofTwoLines = (one) => `data: {\ndata: ${JSON.stringify(one).slice(1)}\n\n`;

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
