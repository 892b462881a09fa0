// What can go wrong with a StreamDecoder: bad input, bad arguments, calls at the wrong time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as chatwire from "chatwire";
import fc from "fast-check";
import { inCamelCase, modelValue, write } from "../arbitraries.mjs";
import { lenient, rootModel } from "../contracts/tables.mjs";
import { damaged } from "../json/documents.mjs";
import { someStream } from "./generator.mjs";
import {
  answer,
  bytesOf,
  calls,
  contentOf,
  cutOff,
  decoded,
  delta,
  done,
  event,
  finish,
  oneByOne,
  run,
  stream,
} from "./support.mjs";

const {
  ChatwireError,
  DecodeError,
  decode,
  LimitError,
  ProviderError,
  StreamDecoder,
  TruncatedError,
} = chatwire;

fc.configureGlobal({ includeErrorInReport: true });

const hello = delta({ role: "assistant", content: "Hello" });
const world = delta({ content: " world" });
const good = answer({ content: "Hello" }, { content: " world" });

/** What a call throws. */
function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

/** Uses a decoder and frees it. */
function using(options, use) {
  const decoder = new StreamDecoder(options);
  use(decoder);
  decoder.free();
}

/** A decoder works as if nothing had been. */
function assertFit(decoder) {
  assert.equal(decoder.state, "open");
  assert.equal(decoder.done, false);
  assert.equal(decoder.heartbeats, 0);
  assert.equal(decoder.usageUpdates, 0);
  assert.deepEqual(decoder.issues, []);
  const chunks = [...decoder.feed(good), ...decoder.end()];
  assert.equal(chunks.length, 3);
  assert.equal(contentOf(decoder.completion()), "Hello world");
  assert.equal(decoder.state, "complete");
}

// ---- Failures -----------------------------------------------------------------------------------

const failures = [
  ["a malformed event", event("{nonsense}"), DecodeError, "NOT_JSON"],
  ["the provider's error", event({ error: { message: "m" } }), ProviderError, undefined],
  ["a nested event", event(`{"x":${"[".repeat(200)}`), LimitError, "LIMIT"],
];

describe("a failure in the middle of a read", () => {
  for (const [name, bad, ErrorClass, code] of failures) {
    test(`${name}: the chunks before it are on the error`, () =>
      using(undefined, (decoder) => {
        assert.equal(decoder.feed(event(hello)).length, 1);
        const error = thrownBy(() =>
          decoder.feed(event(world) + event(world) + bad + event(finish())),
        );
        assert.equal(error.constructor, ErrorClass);
        assert.ok(error instanceof ChatwireError);
        if (code !== undefined) assert.equal(error.code, code);
        assert.deepEqual(
          error.chunks.map((chunk) => chunk.choices[0].delta.content),
          [" world", " world"],
        );
        assert.equal(contentOf(error.partial), "Hello world world");
        assert.equal(decoder.state, "failed");
        assert.deepEqual(decoder.snapshot(), error.partial);
      }));

    test(`${name}: end() throws the same again, and feed() does not go on`, () =>
      using(undefined, (decoder) => {
        const error = thrownBy(() => decoder.feed(event(hello) + bad));
        assert.equal(
          thrownBy(() => decoder.end()),
          error,
        );
        assert.equal(
          thrownBy(() => decoder.end()),
          error,
        );
        assert.ok(thrownBy(() => decoder.feed(good)) instanceof Error);
        assert.equal(contentOf(decoder.snapshot()), "Hello");
        assert.equal(decoder.state, "failed");
      }));

    test(`${name}: after reset() the decoder is fit`, () =>
      using(undefined, (decoder) => {
        thrownBy(() => decoder.feed(event(hello) + bad));
        decoder.reset();
        assertFit(decoder);
      }));

    test(`${name}: where no chunks are made`, () =>
      using({ collect: true }, (decoder) => {
        const error = thrownBy(() => decoder.feed(event(hello) + event(world) + bad));
        assert.deepEqual(error.chunks, []);
        assert.equal(contentOf(error.partial), "Hello world");
      }));
  }

  test("an error that bodies give has no chunks", () => {
    assert.deepEqual(thrownBy(() => decode("{}")).chunks, []);
    assert.deepEqual(thrownBy(() => decode("{")).toolCalls, []);
  });
});

describe("truncation", () => {
  test("is thrown by end(), each time the same", () =>
    using(undefined, (decoder) => {
      decoder.feed(cutOff(hello, world));
      const error = thrownBy(() => decoder.end());
      assert.equal(error.constructor, TruncatedError);
      assert.deepEqual(error.chunks, []);
      assert.equal(contentOf(error.partial), "Hello world");
      assert.equal(decoder.state, "truncated");
      assert.equal(
        thrownBy(() => decoder.end()),
        error,
      );
      decoder.reset();
      assertFit(decoder);
    }));

  test("has the chunk of a last event that is whole", () =>
    using(undefined, (decoder) => {
      decoder.feed(event(hello));
      decoder.feed(event(world).trim());
      const error = thrownBy(() => decoder.end());
      assert.equal(error.constructor, TruncatedError);
      assert.equal(error.chunks.length, 1);
      assert.equal(contentOf(error.partial), "Hello world");
    }));
});

describe("bad events that are passed over", () => {
  const options = { onBadEvent: "skip" };

  test("cost nothing but themselves", () => {
    const bad = ["{", "x", "[1]", '{"a":}', '{"choices":[{"delta":{"content":"lost"}}]', "\u0000"];
    for (const one of bad) {
      const made = decoded(
        event(one) + event(hello) + event(one) + event(one) + stream(finish()),
        options,
      );
      assert.equal(made.error, undefined);
      assert.equal(made.chunks.length, 2);
      assert.deepEqual(made.completion.choices[0].message, { role: "assistant", content: "Hello" });
      assert.deepEqual([...new Set(made.issues.map((issue) => issue.event))], [0, 2, 3]);
    }
  });

  test("leave nothing of themselves in what is put together", () => {
    // Half of it could be read before it shows that it is malformed.
    const half =
      '{"id":"c1","usage":{"prompt_tokens":7},"choices":[{"index":0,"delta":{"content":"lost"},]}';
    const made = run([bytesOf(event(hello) + event(half) + stream(finish()))], options);
    assert.equal(contentOf(made.completion), "Hello");
    assert.ok(!("usage" in made.completion));
    assert.equal(made.usageUpdates, 0);
  });

  test("may be all that there is", () => {
    const made = run([bytesOf(event("{") + event("{"))], options);
    assert.ok(made.error instanceof DecodeError);
  });

  test("are also those that a contract does not allow", () => {
    const chunk = (choice) => ({
      id: "c1",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, finish_reason: null, ...choice }],
    });
    const text = cutOff(
      chunk({ delta: { role: "assistant", content: "Hello" } }),
      chunk({ delta: { content: 5 } }),
      chunk({ delta: {}, finish_reason: "stop" }),
    );
    const strict = { contract: "openai" };
    const failed = run([bytesOf(text)], strict);
    assert.equal(failed.error.code, "BAD_TYPE");
    assert.equal(failed.error.path.join("."), "choices.0.delta.content");
    assert.equal(contentOf(failed.error.partial), "Hello");
    const passed = run([bytesOf(text)], { ...strict, ...options });
    assert.equal(passed.error, undefined, passed.error?.message);
    assert.equal(contentOf(passed.completion), "Hello");
    assert.equal(passed.chunks.length, 2);
  });
});

describe("contracts", () => {
  const chunk = (choice, more) => ({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, finish_reason: null, ...choice }],
    ...more,
  });

  test("a stream that keeps to its contract is a completion that does", () => {
    const call = {
      index: 0,
      id: "a",
      type: "function",
      function: { name: "f", arguments: '{"x"' },
    };
    const text = stream(
      chunk({ delta: { role: "assistant", content: null } }),
      chunk({ delta: { tool_calls: [call] } }),
      chunk({ delta: { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] } }),
      chunk({ delta: {}, finish_reason: "tool_calls" }),
      {
        ...chunk(),
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      },
    );
    for (const contract of ["openai", "log10"]) {
      const { error, completion, issues } = decoded(text, { contract });
      assert.equal(error, undefined, error?.message);
      assert.deepEqual(issues, []);
      const { content, refusal, toolCalls } = completion.choices[0].message;
      assert.equal(content, null);
      assert.equal(refusal ?? null, null);
      assert.deepEqual(toolCalls, [
        { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
      ]);
      assert.equal(completion.usage.totalTokens, 3);
    }
  });

  test("what a chunk departs in fails the stream there", () => {
    for (const [bad, code, path] of [
      [chunk({ delta: { content: 5 } }), "BAD_TYPE", "choices.0.delta.content"],
      [chunk({ delta: {}, finish_reason: "eos" }), "BAD_VALUE", "choices.0.finish_reason"],
      [chunk({}), "MISSING", "choices.0.delta"],
      [chunk({ delta: {} }, { id: null }), "NULL_VALUE", "id"],
    ]) {
      const { error, chunks } = decoded(cutOff(chunk({ delta: { content: "a" } }), bad), {
        contract: "openai",
      });
      assert.equal(error.code, code);
      assert.equal(error.path.join("."), path);
      assert.equal(chunks.length, 1);
      assert.equal(contentOf(error.partial), "a");
    }
  });

  test("what only the whole lacks shows at the end", () => {
    // The document wants a usage, which no chunk brought.
    const text = stream(chunk({ delta: { content: "a" }, finish_reason: "stop" }));
    const { error } = decoded(text, { contract: "sudo" });
    assert.ok(error instanceof DecodeError, error?.message ?? "nothing was thrown");
    assert.equal(error.code, "MISSING");
    assert.equal(error.path.join("."), "usage");
    assert.equal(contentOf(error.partial), "a");
  });
});

describe("limits", () => {
  test("nesting", () => {
    const deep = event(`{"x":${"[".repeat(9)}${"]".repeat(9)}}`);
    assert.equal(run([deep + good], { limits: { depth: 10 } }).error, undefined);
    const { error } = run([deep + good], { limits: { depth: 9 } });
    assert.ok(error instanceof LimitError);
    assert.equal(error.limit, "depth");
    assert.equal(
      run([deep + good], { limits: { depth: 9 }, onBadEvent: "skip" }).error?.limit ?? "depth",
      "depth",
    );
  });

  test("a body in place of a stream has the limit of events or bodies", () => {
    const body = `{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"${"x".repeat(9000)}"}}]}`;
    const { error } = run([body], { limits: { eventBytes: 1000, bodyBytes: 1000 } });
    assert.ok(error instanceof LimitError);
  });

  test("text without an end", () => {
    using({ limits: { eventBytes: 10_000, bodyBytes: 10_000 } }, (decoder) => {
      const error = thrownBy(() => {
        for (let i = 0; i < 1000; i++) decoder.feed("no stream at all, and no line either ");
        decoder.end();
      });
      assert.ok(error instanceof DecodeError);
    });
  });
});

// ---- Time ---------------------------------------------------------------------------------------

describe("calls at the wrong time", () => {
  const methods = {
    feed: (decoder) => decoder.feed(good),
    end: (decoder) => decoder.end(),
    completion: (decoder) => decoder.completion(),
    snapshot: (decoder) => decoder.snapshot(),
    partialArguments: (decoder) => decoder.partialArguments(0, 0),
    partialContent: (decoder) => decoder.partialContent(0),
  };

  test("after free() there is nothing to call", () => {
    for (const free of ["free", Symbol.dispose]) {
      const decoder = new StreamDecoder();
      decoder.feed(event(hello));
      decoder[free]();
      assert.equal(decoder.state, "freed");
      for (const call of Object.values(methods)) {
        const error = thrownBy(() => call(decoder));
        assert.match(error.message, /^This StreamDecoder was freed\./);
        assert.ok(!(error instanceof ChatwireError));
      }
      decoder.free();
      decoder.free();
      assert.equal(decoder.state, "freed");
    }
  });

  test("what a freed decoder gave stays", () => {
    const decoder = new StreamDecoder();
    const chunks = decoder.feed(good);
    decoder.end();
    const completion = decoder.completion();
    decoder.free();
    run([stream(...Array.from({ length: 100 }, () => delta({ content: "X".repeat(300) })))]);
    assert.equal(contentOf(completion), "Hello world");
    assert.equal(chunks[0].choices[0].delta.content, "Hello");
  });

  test("after end() nothing more is taken", () =>
    using(undefined, (decoder) => {
      decoder.feed(good);
      assert.deepEqual(decoder.end(), []);
      const error = thrownBy(() => decoder.feed(good));
      assert.ok(!(error instanceof ChatwireError));
      assert.match(error.message, /end/);
      assert.deepEqual(decoder.end(), []);
      assert.equal(contentOf(decoder.completion()), "Hello world");
    }));

  test("before end(), completion() is what there is so far", () =>
    using(undefined, (decoder) => {
      assert.doesNotThrow(() => decoder.completion());
      decoder.feed(event(hello));
      const first = decoder.completion();
      assert.equal(contentOf(first), "Hello");
      assert.deepEqual(first, decoder.snapshot());
      decoder.feed(event(world));
      assert.equal(contentOf(decoder.completion()), "Hello world");
      assert.equal(contentOf(first), "Hello");
      assert.deepEqual(decoder.issues, []);
    }));

  test("completion() can be asked again and again", () =>
    using(undefined, (decoder) => {
      decoder.feed(stream(hello, callWithoutId("f")));
      decoder.end();
      const first = decoder.completion();
      const { length } = decoder.issues;
      assert.deepEqual(decoder.completion(), first);
      assert.deepEqual(decoder.snapshot(), first);
      assert.equal(decoder.issues.length, length);
    }));

  test("reset() at any time makes the decoder new", () =>
    using(undefined, (decoder) => {
      decoder.reset();
      assertFit(decoder);
      decoder.reset();
      decoder.feed(`${event(hello)}: x\n\ndata: {"choi`);
      decoder.reset();
      assertFit(decoder);
      decoder.reset();
      // Of a text that was cut within a pair of surrogates, and of bytes within a character.
      decoder.feed(`${event(hello)}data: {"x":"\ud83d`);
      decoder.reset();
      assertFit(decoder);
      decoder.reset();
      decoder.feed(Uint8Array.of(0xef, 0xbb));
      decoder.reset();
      assertFit(decoder);
      decoder.reset();
      decoder.feed(`data: x\r`);
      decoder.reset();
      assertFit(decoder);
    }));

  test("reset() keeps the options", () =>
    using({ onBadEvent: "skip", contract: undefined }, (decoder) => {
      for (let i = 0; i < 3; i++) {
        assert.equal(decoder.feed(event("{") + good).length, 3);
        decoder.end();
        decoder.reset();
      }
    }));

  test("a decoder that is thrown away is none of the others' business", () => {
    for (let i = 0; i < 200; i++) new StreamDecoder().feed(event(hello));
    globalThis.gc?.();
    assert.equal(contentOf(run([good]).completion), "Hello world");
  });

  test("an exception of onIssue leaves the decoder as it is", () => {
    const thrown = new Error("mine");
    const decoder = new StreamDecoder({
      onIssue() {
        throw thrown;
      },
    });
    assert.equal(
      thrownBy(() => decoder.feed(event("{}"))),
      thrown,
    );
    decoder.reset();
    assertFit(decoder);
    decoder.free();
  });
});

/** A chunk with a call that lacks an id. */
function callWithoutId(name) {
  return calls({ index: 0, type: "function", function: { name, arguments: "{}" } });
}

// ---- Issues -------------------------------------------------------------------------------------

test("issues say in which event and at which byte of the stream they are", () => {
  const odd = delta({ content: "a" }, {}, { created: "17" });
  const before = `: x\r\n\r\n${event(hello)}`;
  const seen = [];
  const text = before + event(odd) + stream(finish());
  for (const reads of [[text], oneByOne(bytesOf(text)), [before, event(odd), stream(finish())]]) {
    seen.length = 0;
    const { issues } = run(reads, { onIssue: (issue) => seen.push(issue) });
    assert.equal(issues.length, 1);
    const [issue] = issues;
    assert.equal(issue.code, "NUMBER_FROM_STRING");
    assert.equal(issue.event, 1);
    assert.deepEqual(issue.path, ["created"]);
    assert.ok(text.slice(issue.offset).startsWith('"17"'), `${issue.offset}`);
    assert.deepEqual(seen, issues);
  }
});

test("onIssue gets each issue once, when it is found", () => {
  const seen = [];
  const decoder = new StreamDecoder({ onIssue: ({ code }) => seen.push(code) });
  decoder.feed(event("{}"));
  assert.deepEqual(seen, ["EMPTY_EVENT"]);
  decoder.feed(event(hello) + event({ ...world, id: "c2" }));
  assert.deepEqual(seen, ["EMPTY_EVENT", "STREAM_ID_CHANGED"]);
  decoder.feed(event(finish()).trim());
  decoder.end();
  decoder.completion();
  decoder.completion();
  assert.deepEqual(seen, ["EMPTY_EVENT", "STREAM_ID_CHANGED", "LAST_EVENT_CUT"]);
  assert.deepEqual(
    decoder.issues.map(({ code }) => code),
    seen,
  );
  decoder.free();
});

test("the issues of a failure are those of the stream so far", () => {
  const { error, issues } = run([event("{}") + event(hello) + event("{nonsense")]);
  assert.deepEqual(
    error.issues.map(({ code }) => code),
    ["EMPTY_EVENT", error.code],
  );
  assert.deepEqual(issues, [...error.issues]);
});

test("endless issues are not kept endlessly", () => {
  const text = stream(
    ...Array.from({ length: 5000 }, () => ({ ...hello, created: "1" })),
    finish(),
  );
  const { issues, error } = run([text]);
  assert.equal(error, undefined);
  assert.equal(issues.length, 256);
});

// ---- Arguments ----------------------------------------------------------------------------------

test("what is no input is a TypeError, and the stream goes on", () => {
  using(undefined, (decoder) => {
    decoder.feed(event(hello));
    for (const bad of [undefined, null, 5, true, {}, [], hello, Symbol("x"), () => good]) {
      assert.ok(thrownBy(() => decoder.feed(bad)) instanceof TypeError);
      assert.equal(decoder.state, "open");
    }
    decoder.feed(stream(world, finish()));
    decoder.end();
    assert.equal(contentOf(decoder.completion()), "Hello world");
  });
});

test("all kinds of inputs are taken, also in turns", () => {
  const bytes = bytesOf(good);
  const third = Math.floor(bytes.length / 3);
  const padded = new Uint8Array(bytes.length + 20);
  padded.set(bytes, 7);
  const reads = [
    bytes.slice(0, third).buffer,
    new DataView(padded.buffer, 7 + third, third),
    good.slice(2 * third),
  ];
  assert.equal(contentOf(run(reads).completion), "Hello world");
  assert.equal(contentOf(run([Buffer.from(good)]).completion), "Hello world");
  assert.equal(
    contentOf(run([new Uint16Array(0), good, "", new ArrayBuffer(0)]).completion),
    "Hello world",
  );
});

test("what is no option is a TypeError", () => {
  for (const options of [
    null,
    5,
    "openai",
    { contract: "nobody" },
    { onBadEvent: "ignore" },
    { onBadEvent: true },
    { onBadEvent: null },
    { cumulativeDeltas: "on" },
    { cumulativeDeltas: true },
    { cumulativeDeltas: null },
    { collect: "yes" },
    { collect: 1 },
    { collect: null },
    { limits: { eventBytes: -1 } },
    { limits: { chunks: 1 } },
    { onIssue: "log" },
    { nonFinite: "string" },
    { allowEmptyChoices: 1 },
  ]) {
    const error = thrownBy(() => new StreamDecoder(options));
    assert.ok(error instanceof TypeError, JSON.stringify(options));
    assert.ok(error.message.length > 10);
  }
  for (const options of [
    undefined,
    {},
    { onBadEvent: undefined, cumulativeDeltas: undefined, collect: undefined, contract: undefined },
    { onBadEvent: "error", cumulativeDeltas: "off", collect: false },
  ]) {
    assert.equal(contentOf(run([good], options).completion), "Hello world");
  }
});

test("numbers that are no choice and no tool call have nothing", () =>
  using(undefined, (decoder) => {
    decoder.feed(event(callWithoutId("f")));
    assert.deepEqual(decoder.partialArguments(0, 0).value, {});
    for (const odd of [1, -1, 0.5, 2 ** 32, NaN, Infinity]) {
      assert.equal(decoder.partialArguments(odd, 0), undefined);
      assert.equal(decoder.partialArguments(0, odd), undefined);
      assert.equal(decoder.partialContent(odd), undefined);
    }
  }));

// ---- Partial JSON -------------------------------------------------------------------------------

test("tool arguments can be read while they come", () =>
  using(undefined, (decoder) => {
    const piece = (text) => decoder.feed(event(calls({ index: 0, function: { arguments: text } })));
    assert.equal(decoder.partialArguments(0, 0), undefined);
    decoder.feed(event(calls({ index: 0, id: "a", type: "function", function: { name: "f" } })));
    assert.deepEqual(decoder.partialArguments(0, 0), { value: undefined, complete: false });
    piece('{"city":"Z\\u00fc');
    assert.deepEqual(decoder.partialArguments(0, 0), { value: { city: "Zü" }, complete: false });
    piece('rich","days":[1,2');
    assert.equal(decoder.partialArguments(0, 0).value.city, "Zürich");
    piece("3]}");
    assert.deepEqual(decoder.partialArguments(0, 0).value, { city: "Zürich", days: [1, 23] });
    decoder.feed(stream(finish("tool_calls")));
    decoder.end();
    assert.deepEqual(decoder.partialArguments(0, 0), {
      value: { city: "Zürich", days: [1, 23] },
      complete: true,
    });
  }));

test("structured content can be read while it comes", () =>
  using(undefined, (decoder) => {
    assert.equal(decoder.partialContent(0), undefined);
    decoder.feed(event(delta({ content: ' {"a":' })));
    assert.deepEqual(decoder.partialContent(0), { value: {}, complete: false });
    decoder.feed(event(delta({ content: '"x' })));
    assert.deepEqual(decoder.partialContent(0).value, { a: "x" });
    decoder.feed(event(delta({ content: '"}' })) + stream(finish()));
    decoder.end();
    assert.deepEqual(decoder.partialContent(0), { value: { a: "x" }, complete: true });
  }));

// ---- Damage -------------------------------------------------------------------------------------

test("damaged streams end in a documented error or a completion, however they are cut", () => {
  const counts = { completion: 0, error: 0 };
  const bytes = someStream.map((made) => made.bytes);
  const options = fc.record(
    {
      onBadEvent: fc.constantFrom("error", "skip"),
      cumulativeDeltas: fc.constantFrom("off", "auto"),
      collect: fc.boolean(),
      contract: fc.constantFrom(undefined, "openai", "mistral"),
    },
    { requiredKeys: [] },
  );
  const property = fc.property(damaged(bytes), options, fc.nat(), (input, given, number) => {
    const made = run([input], given);
    const at = number % (input.length + 1);
    const other = run([input.subarray(0, at), input.subarray(at)], given);
    assert.equal(other.error?.message, made.error?.message);
    assert.deepEqual(other.completion, made.completion);
    assert.deepEqual(other.issues, made.issues);
    assert.deepEqual(other.chunks, made.chunks);
    structuredClone([made.chunks, made.snapshot, made.completion]);
    for (const { offset, message } of made.issues)
      assert.ok(Number.isInteger(offset) && offset >= 0 && offset <= input.length, message);
    counts[made.error === undefined ? "completion" : "error"]++;
    assert.equal(contentOf(run([good]).completion), "Hello world");
  });
  fc.assert(property, { numRuns: 1500 });
  assert.ok(counts.completion > 50 && counts.error > 50, JSON.stringify(counts));
});

test("lines of JSON without framing among events, and what follows it there", () => {
  const bare = JSON.stringify(world);
  for (const line of [
    bare,
    `${bare}${bare}`,
    `${bare} x`,
    "{}{}",
    `{}${bare}`,
    `${bare}]`,
    "{",
    "}",
  ]) {
    for (const end of ["", "\n", "\n\n"]) {
      const { completion, error } = decoded(event(hello) + line + end + event(finish()));
      const content = contentOf(completion ?? error.partial);
      assert.ok(content.startsWith("Hello"), content);
      assert.ok("Hello world world".startsWith(content), content);
    }
  }
});

test("any bytes at all end in an error or a completion", () => {
  const word = fc.constantFrom(
    "data:",
    "data: ",
    "event: error",
    "error: ",
    ": ",
    "\n",
    "\n\n",
    "\r",
    "[DONE]",
    "{}",
    "{",
    "}",
    "[",
    "]",
    ",",
    '"',
    JSON.stringify(hello),
    JSON.stringify(finish()),
    JSON.stringify(callWithoutId("f")),
    "<html>",
    "\ufeff",
    done,
  );
  const property = fc.property(fc.array(word, { maxLength: 30 }), fc.nat(), (parts, number) => {
    const bytes = bytesOf(parts.join(""));
    const made = run([bytes]);
    const at = number % (bytes.length + 1);
    const other = run([bytes.subarray(0, at), bytes.subarray(at)]);
    assert.equal(other.error?.message, made.error?.message);
    assert.deepEqual(other.chunks, made.chunks);
    assert.deepEqual(other.issues, made.issues);
  });
  fc.assert(property, { numRuns: 3000 });
});

test("chunks with any members at all are put together to a completion", () => {
  const model = rootModel(lenient, "chunk");
  const chunks = fc.array(fc.tuple(modelValue(lenient, model), fc.nat()), { maxLength: 6 });
  const property = fc.property(chunks, fc.boolean(), fc.nat(), (given, collect, number) => {
    const lines = (text) => text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
    const events = given.map(([wire, seed]) => `${lines(write(wire, seed)).join("")}\n`);
    const bytes = bytesOf(events.join("") + event(hello) + done);
    const made = run([bytes], { collect });
    assert.equal(made.error, undefined, made.error?.message);
    if (!collect) {
      const wanted = given.map(([wire]) => inCamelCase(lenient, model, wire));
      assert.deepStrictEqual(made.chunks.slice(0, -1), wanted);
    }
    assert.ok(made.completion.choices.every(({ message }) => message.role.length > 0));
    const at = number % (bytes.length + 1);
    const other = run([bytes.subarray(0, at), bytes.subarray(at)], { collect });
    assert.deepStrictEqual({ ...other }, { ...made });
  });
  fc.assert(property, { numRuns: 300 });
});
