// What holds for any stream of a server that behaves: the completion is what its chunks come to, and
// nothing depends on how the network cut the bytes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { decodeChunk, messageText, StreamDecoder, TruncatedError } from "chatwire";
import fc from "fast-check";
import { placesIn, smallStream, someCalls, someStream } from "./generator.mjs";
import { completionOf, dataOf } from "./reference.mjs";
import { bytesOf, calling, codesOf, cut, oneByOne, run } from "./support.mjs";

fc.configureGlobal({ includeErrorInReport: true });

const somePlaces = fc.array(fc.nat(), { maxLength: 20 });

/** What a decoder makes of these reads; the stream must be flawless. */
function flawless(reads, options) {
  const { chunks, completion, error, issues, snapshot, state } = run(reads, options);
  if (error !== undefined) throw error;
  assert.deepEqual(issues, []);
  assert.equal(state, "complete");
  assert.deepStrictEqual(snapshot, completion);
  return { chunks, completion };
}

/** Changes all that an object holds: what a reader does with it must not show elsewhere. */
function spoil(value) {
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === "object" && inner !== null) spoil(inner);
    value[name] = "spoilt";
  }
}

describe("a stream of a server that behaves", () => {
  it("is what its events are", () => {
    const property = fc.property(someStream, ({ data, bytes }) => {
      assert.deepEqual(
        dataOf(bytes).map((one) => JSON.parse(one)),
        data.map((one) => JSON.parse(one)),
      ); // so the reference reads what was written
      const { chunks, completion } = flawless([bytes]);
      assert.deepStrictEqual(
        chunks,
        data.map((one) => decodeChunk(one)),
      );
      assert.deepStrictEqual(completion, completionOf(data));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("is the same in any cut", () => {
    const property = fc.property(someStream, somePlaces, ({ bytes }, numbers) => {
      const expected = flawless([bytes]);
      assert.deepStrictEqual(flawless(cut(bytes, placesIn(bytes, numbers))), expected);
      assert.deepStrictEqual(flawless(oneByOne(bytes)), expected);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("is the same cut at each place", () => {
    const property = fc.property(smallStream, ({ bytes }) => {
      const expected = flawless([bytes]);
      for (let at = 0; at <= bytes.length; at++)
        assert.deepStrictEqual(flawless(cut(bytes, [at])), expected, `cut at ${at}`);
    });
    fc.assert(property, { numRuns: 20 });
  });

  it("is the same as texts, also where a pair of surrogates is cut", () => {
    const property = fc.property(someStream, fc.nat(), ({ bytes }, number) => {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      const expected = flawless([bytes]);
      assert.deepStrictEqual(flawless([text]), expected);
      const at = number % (text.length + 1);
      assert.deepStrictEqual(flawless([text.slice(0, at), text.slice(at)]), expected);
      assert.deepStrictEqual(flawless(text.split("")), expected);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("comes to the same completion where no chunks are made", () => {
    const property = fc.property(someStream, somePlaces, ({ bytes }, numbers) => {
      const { completion } = flawless([bytes]);
      const reads = cut(bytes, placesIn(bytes, numbers));
      assert.deepStrictEqual(flawless(reads, { collect: true }), { chunks: [], completion });
      assert.deepStrictEqual(flawless([bytes], { collect: true }), { chunks: [], completion });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("is the same whatever is made of its reads, and whatever becomes of its chunks", () => {
    const property = fc.property(
      someStream,
      somePlaces,
      fc.array(fc.constantFrom("chunks", "events", "nothing"), { minLength: 1 }),
      ({ bytes }, numbers, wants) => {
        const { chunks, completion } = flawless([bytes]);
        const decoder = new StreamDecoder();
        cut(bytes, placesIn(bytes, numbers)).forEach((read, i) => {
          for (const chunk of decoder.take(read, wants[i % wants.length]).chunks) {
            assert.ok(chunks.some((one) => isDeepStrictEqual(one, chunk)));
            spoil(chunk);
          }
        });
        decoder.end();
        assert.deepStrictEqual(decoder.completion(), completion);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it("is told by events as it is by the completion", () => {
    const property = fc.property(someStream, somePlaces, ({ bytes }, numbers) => {
      const decoder = new StreamDecoder();
      const told = {};
      const add = ({ type, choice, toolCall, text }) => {
        const key = `${type} ${choice} ${toolCall ?? ""}`;
        if (text !== undefined) told[key] = (told[key] ?? "") + text;
      };
      for (const read of [...cut(bytes, placesIn(bytes, numbers)), undefined])
        decoder.take(read, "events").events.forEach(add);
      for (const { index, message } of decoder.completion().choices) {
        const text = (name) => told[name] ?? "";
        assert.equal(text(`text ${index} `), messageText(message) ?? "");
        assert.equal(text(`refusal ${index} `), message.refusal ?? "");
        (message.toolCalls ?? []).forEach(({ function: { arguments: given } }, i) => {
          assert.equal(text(`tool-call-arguments ${index} ${i}`), given);
        });
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("is at any time what came of it", () => {
    const property = fc.property(someStream, fc.nat(), fc.boolean(), (stream, number, collect) => {
      const { data } = stream;
      const part = data.slice(0, 1 + (number % data.length));
      const text = part.map((one) => one.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`));
      const decoder = new StreamDecoder({ collect });
      decoder.feed(`${text.map((lines) => lines.join("")).join("\n")}\n`);
      assert.equal(decoder.state, "open");
      const expected = completionOf(part);
      assert.deepStrictEqual(decoder.snapshot(), expected);
      assert.deepStrictEqual(decoder.snapshot(), expected, "a second time");
      assert.deepStrictEqual(decoder.completion(), expected);
      decoder.free();
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("that breaks off anywhere is truncated or whole, and keeps what came", () => {
    const property = fc.property(someStream, fc.nat(), (stream, number) => {
      const bytes = stream.bytes.subarray(0, number % (stream.bytes.length + 1));
      const { chunks, completion, error, snapshot, state } = run([bytes]);
      const expected = stream.data.map((one) => decodeChunk(one));
      assert.deepStrictEqual(chunks, expected.slice(0, chunks.length));
      if (error === undefined) {
        assert.equal(state, "complete");
        return assert.deepStrictEqual(
          completion,
          completionOf(stream.data.slice(0, chunks.length)),
        );
      }
      // Before there is data it might be any text.
      const begun = new TextDecoder().decode(bytes).includes("data:");
      if (begun) assert.equal(error.code, "TRUNCATED");
      else assert.match(error.code, /^(TRUNCATED|NOT_JSON|EMPTY_BODY)$/);
      if (error.code === "TRUNCATED") assert.ok(error instanceof TruncatedError);
      assert.deepStrictEqual(
        error.partial ?? {},
        chunks.length === 0 ? (error.partial ?? {}) : snapshot,
      );
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("is not changed by what other decoders do meanwhile", () => {
    const property = fc.property(
      fc.array(someStream, { minLength: 2, maxLength: 5 }),
      (streams) => {
        const expected = streams.map(({ bytes }) => flawless([bytes]));
        const decoders = streams.map(() => ({ decoder: new StreamDecoder(), chunks: [] }));
        for (let at = 0; streams.some(({ bytes }) => at < bytes.length); at += 100)
          streams.forEach(({ bytes }, i) => {
            const { decoder, chunks } = decoders[i];
            chunks.push(...decoder.feed(bytes.subarray(at, at + 100)));
          });
        decoders.forEach(({ decoder, chunks }, i) => {
          chunks.push(...decoder.end());
          assert.deepStrictEqual({ chunks, completion: decoder.completion() }, expected[i]);
          decoder.free();
        });
      },
    );
    fc.assert(property, { numRuns: 50 });
  });

  it("can be decoded by one decoder after another", () => {
    const decoder = new StreamDecoder();
    const property = fc.property(someStream, fc.nat(), fc.boolean(), ({ bytes }, number, early) => {
      decoder.reset();
      decoder.feed(bytes.subarray(0, number % (bytes.length + 1)));
      if (early) decoder.reset();
      const rest = early ? bytes : bytes.subarray(number % (bytes.length + 1));
      decoder.feed(rest);
      decoder.end();
      assert.deepStrictEqual(decoder.completion(), flawless([bytes]).completion);
    });
    fc.assert(property, { numRuns: 100 });
    decoder.free();
  });
});

it("the bytes of the reads are not changed", () => {
  const bytes = bytesOf('data: {"choices":\r\ndata:[]}\r\n\r\n: x\n\ndata: [DONE]\n\n');
  const copy = bytes.slice();
  run([bytes], { allowEmptyChoices: true });
  assert.deepEqual(bytes, copy);
});

describe("tool calls one after the other", () => {
  const first = (call, more) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: "" },
    ...more,
  });
  const next = (text, more) => ({ function: { arguments: text }, ...more });
  // How servers spell the fragments of a call: the first one, and those with the arguments.
  const spellings = {
    "as it should be": (call, index) => [first(call, { index }), (text) => next(text, { index })],
    "without an index": (call) => [first(call), (text) => next(text)],
    "with an empty id": (call, index) => [
      first(call, { index }),
      (text) => ({ ...next(text, { index, id: "" }), type: "function" }),
    ],
    "with the id on each fragment": (call, index) => [
      first(call, { index }),
      (text) => next(text, { index, id: call.id }),
    ],
    "with the id on each fragment, without an index": (call) => [
      first(call),
      (text) => next(text, { id: call.id }),
    ],
    "with the name on each fragment": (call, index) => [
      first(call, { index }),
      (text) => ({ index, function: { name: call.name, arguments: text } }),
    ],
    "with everything on each fragment": (call, index) => [
      first(call, { index }),
      (text) => ({ ...first(call, { index }), function: { name: call.name, arguments: text } }),
    ],
    "with other indices": (call, index) => [
      first(call, { index: 7 - 3 * index }),
      (text) => next(text, { index: 7 - 3 * index }),
    ],
    "with indices in texts": (call, index) => [
      first(call, { index: `${index}` }),
      (text) => next(text, { index: `${index}` }),
    ],
    "with index 0 for all": (call) => [
      first(call, { index: 0 }),
      (text) => next(text, { index: 0 }),
    ],
    "with index 0 for all, and the id": (call) => [
      first(call, { index: 0 }),
      (text) => next(text, { index: 0, id: call.id }),
    ],
  };
  const expectedCodes = (name) => [
    ...(name.includes("texts") ? ["NUMBER_FROM_STRING"] : []),
    ...(name.includes("index 0 for all") ? ["TOOL_CALL_INDEX_REUSED"] : []),
  ];

  for (const [name, spell] of Object.entries(spellings)) {
    it(name, () => {
      const property = fc.property(someCalls, (all) => {
        const fragments = all.flatMap((call, index) => {
          const [start, more] = spell(call, index);
          return [start, ...call.texts.map(more)];
        });
        const { completion, error, issues } = run([bytesOf(calling(...fragments))]);
        assert.equal(error, undefined);
        assert.deepEqual(
          completion.choices[0].message.toolCalls.map(({ id, function: called }) => ({
            id,
            name: called.name,
            text: called.arguments,
          })),
          all.map(({ id, name, texts }) => ({ id, name, text: texts.join("") })),
        );
        const codes = codesOf(issues);
        assert.ok(
          codes.every((code) => expectedCodes(name).includes(code)),
          codes.join(),
        );
      });
      fc.assert(property, { numRuns: 200 });
    });
  }
});

describe("a stream of any values", () => {
  // Members that chunks have, with whatever JSON for values: what comes of them is JSON.
  const names = {
    chunk: ["id", "object", "created", "model", "usage", "x_groq", "system_fingerprint", "other"],
    choice: ["index", "finish_reason", "logprobs", "message", "other"],
    delta: [
      ..."role content refusal reasoning reasoning_content tool_calls function_call".split(" "),
      ..."audio annotations reasoning_details images executed_tools other".split(" "),
    ],
    call: ["index", "id", "type", "function", "custom", "other"],
  };
  const texts = ["", "a", "stop", "null", "tool_calls", "{}", '{"a":1}', "\\", '"', "\ud800", "0"];
  const scalar = fc.constantFrom(null, true, false, 0, 1, -1.5, 1e300, ...texts);
  const parts = [
    { type: "text", text: "b" },
    { type: "thinking", thinking: [{ type: "text", text: "c" }] },
    { name: "f", arguments: '{"a":' },
    { index: 0, type: "reasoning.text", text: "d" },
    { content: [{ token: "a", logprob: -1 }] },
    { prompt_tokens: 1 },
  ];
  const value = fc.oneof(
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.constantFrom(...parts) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(scalar, fc.constantFrom(...parts)), { maxLength: 3 }),
    },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom("a", "id", "text"), scalar) },
  );
  const some = (which, more = {}) =>
    fc.record(
      { ...Object.fromEntries(names[which].map((name) => [name, value])), ...more },
      { requiredKeys: [] },
    );
  const call = fc.oneof(value, some("call"));
  const message = some("delta", {
    tool_calls: fc.oneof(value, fc.array(call, { maxLength: 3 })),
  });
  const choice = some("choice", {
    index: fc.constantFrom(0, 0, 1, "0", null),
    delta: fc.oneof({ weight: 6, arbitrary: message }, { weight: 1, arbitrary: value }),
  });
  const chunk = some("chunk", {
    choices: fc.oneof(
      { weight: 8, arbitrary: fc.array(choice, { maxLength: 3 }) },
      { weight: 1, arbitrary: value },
    ),
  });

  it("never comes to a completion that is no JSON, at any time", () => {
    const property = fc.property(fc.array(chunk, { minLength: 1, maxLength: 6 }), (chunks) => {
      const decoder = new StreamDecoder({ onBadEvent: "skip", cumulativeDeltas: "auto" });
      const read = (of) => {
        try {
          of();
        } catch (error) {
          assert.ok(!["NOT_JSON", "TRUNCATED"].includes(error.code), error);
        }
      };
      for (const one of chunks) {
        read(() => decoder.feed(`data: ${JSON.stringify(one)}\n\n`));
        if (decoder.state !== "open") break;
        decoder.snapshot();
      }
      if (decoder.state === "open") read(() => decoder.feed("data: [DONE]\n\n"));
      if (decoder.state === "open") read(() => decoder.end());
      if (decoder.state === "complete") read(() => decoder.completion());
      assert.equal(typeof decoder.snapshot(), "object");
      decoder.free();
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
