// decodeStream: every kind of source, every way to read it, and every way that it ends.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { getCore } from "../../../build/modules/core/load.js";
import {
  DecodeError,
  decodeChunk,
  decodeStream,
  ProviderError,
  TruncatedError,
} from "../../../build/modules/index.js";
import {
  all,
  answer,
  chunk,
  contentOf,
  done,
  drain,
  event,
  settled,
  textOf,
  turns,
  utf8,
  watched,
  watchedIterable,
} from "./reading.mjs";

const events = [...answer("Grüße, ", "世界", " 😀"), done];
const whole = events.join("");
const text = "Grüße, 世界 😀";
const chunks = events.slice(0, -1).map((of) => decodeChunk(of.slice("data: ".length)));

async function* generate(pieces) {
  yield* pieces;
}

const byBytes = (input) => Array.from(utf8(input), (byte) => Uint8Array.of(byte));

describe("sources", () => {
  const bytes = utf8(whole);
  const framed = new Uint8Array(bytes.length + 8);
  framed.set(bytes, 4);
  const sources = {
    "a Response": () => new Response(whole),
    "a Response of a stream": () => new Response(watched(byBytes(whole)).stream),
    "a ReadableStream of bytes": () => watched(events.map(utf8)).stream,
    "a ReadableStream of text": () => watched(events).stream,
    "a byte stream": () =>
      new ReadableStream({
        type: "bytes",
        start(controller) {
          for (const piece of events) controller.enqueue(utf8(piece));
          controller.close();
        },
      }),
    "an async generator of bytes": () => generate(events.map(utf8)),
    "an async generator of text": () => generate(events),
    "an async generator of single bytes": () => generate(byBytes(whole)),
    "an async generator of both": () => generate([events[0], utf8(events.slice(1).join(""))]),
    "an array of bytes": () => events.map(utf8),
    "an array of ArrayBuffers": () => events.map((of) => utf8(of).buffer),
    "an array of text": () => events,
    "an array of code units": () => whole.split(""),
    "an array with empty pieces": () => ["", new Uint8Array(0), ...events, ""],
    "a Set": () => new Set(events),
    "a generator": () =>
      (function* () {
        yield* events;
      })(),
    "a stream of Node": () => Readable.from(events.map((of) => Buffer.from(of))),
    "a stream of Node with text": () => Readable.from(events),
    "a Uint8Array": () => bytes,
    "a Buffer": () => Buffer.from(whole),
    "an ArrayBuffer": () => bytes.buffer,
    "a DataView": () => new DataView(framed.buffer, 4, bytes.length),
    "a string": () => whole,
  };

  for (const [name, make] of Object.entries(sources)) {
    test(name, async () => {
      assert.deepEqual(await all(decodeStream(make())), chunks);
      assert.deepEqual((await all(decodeStream(make()).batches())).flat(), chunks);
      assert.equal((await all(decodeStream(make()).text())).join(""), text);
      assert.equal(contentOf(await decodeStream(make()).finalCompletion()), text);
    });
  }

  test("large inputs, of bytes and of text, cut between the halves of characters", async () => {
    for (let shift = 0; shift < 4; shift++) {
      const pieces = Array.from({ length: 50 }, () => "😀".repeat(1000));
      const large = [`:${"-".repeat(shift)}\n\n`, ...answer(...pieces), done].join("");
      for (const input of [large, utf8(large), [large], new Response(large)]) {
        const stream = decodeStream(input);
        const batches = await all(stream.batches());
        assert.ok(batches.length > 1, "in slices");
        assert.equal(textOf(batches.flat()), pieces.join(""));
        assert.equal(contentOf(await stream.finalCompletion()), pieces.join(""));
      }
    }
  });

  test("what is no source, or read by somebody else", () => {
    for (const [source, says] of [
      [undefined, /not undefined/],
      [null, /not null/],
      [5, /not a number/],
      [{}, /not an object/],
      [Promise.resolve(new Response(whole)), /not an object \(Promise\)/],
      [new Request("http://localhost"), /not an object \(Request\)/],
    ]) {
      assert.throws(
        () => decodeStream(source),
        (error) => error instanceof TypeError && says.test(error.message),
      );
    }
    const { stream } = watched([]);
    stream.getReader();
    assert.throws(() => decodeStream(stream), { name: "TypeError", message: /locked/ });
    const response = new Response(whole);
    response.body.getReader();
    assert.throws(() => decodeStream(response), { name: "TypeError", message: /locked/ });
  });

  test("a response whose body was read", async () => {
    const response = new Response(whole);
    await response.text();
    assert.throws(() => decodeStream(response), { name: "TypeError", message: /read already/ });
  });

  test("wrong options are told before the source is touched", () => {
    for (const [options, says] of [
      [null, /not null/],
      [{ contract: "nobody" }, /no contract/],
      [{ limits: { depth: "5" } }, /limits\.depth/],
      [{ onIssue: 5 }, /onIssue/],
      [{ onBadEvent: "ignore" }, /onBadEvent/],
      [{ cumulativeDeltas: true }, /cumulativeDeltas/],
      [{ collect: "yes" }, /collect/],
      [{ signal: {} }, /signal must be an AbortSignal/],
      [{ signal: null }, /signal must be an AbortSignal, not null/],
    ]) {
      const { stream } = watched([]);
      assert.throws(
        () => decodeStream(stream, options),
        (error) => error instanceof TypeError && says.test(error.message),
        String(says),
      );
      assert.ok(!stream.locked);
    }
  });

  test("pieces that are neither bytes nor text", async () => {
    for (const piece of [5, null, undefined, {}, [1, 2]]) {
      const of = watchedIterable([events[0], piece, events[1]]);
      const [items, error] = await drain(decodeStream(of.iterable));
      assert.equal(items.length, 1);
      assert.ok(error instanceof TypeError && /input must be/.test(error.message));
      assert.equal(of.returned, 1);
    }
  });

  test("nothing at all", async () => {
    for (const source of ["", new Uint8Array(0), [], new Response(null), new Response("  \n ")]) {
      const [items, error] = await drain(decodeStream(source));
      assert.deepEqual(items, []);
      assert.ok(error instanceof DecodeError);
      assert.equal(error.code, "EMPTY_BODY");
    }
  });
});

describe("reading", () => {
  test("batches are the chunks of a read; reads without any are passed over", async () => {
    const [first, second, third, ...rest] = events;
    const cut = third.length >> 1;
    const pieces = [first + second, third.slice(0, cut), third.slice(cut), rest.join("")];
    const batches = await all(decodeStream(pieces).batches());
    assert.deepEqual(
      batches.map(({ length }) => length),
      [2, 1, 2],
    );
    assert.deepEqual(batches.flat(), chunks);
  });

  test("the source is read when the reader asks, and not before", async () => {
    const of = watched([events[0] + events[1], events[2], events.slice(3).join("")]);
    const iterator = decodeStream(of.stream)[Symbol.asyncIterator]();
    await turns();
    assert.equal(of.reads, 0);
    await iterator.next();
    assert.equal(of.reads, 1);
    await iterator.next(); // of the same read
    await turns();
    assert.equal(of.reads, 1);
    await iterator.next();
    await turns();
    assert.equal(of.reads, 2);
  });

  test("chunks that are there are given without a turn of the event loop", async () => {
    const iterator = decodeStream(whole)[Symbol.asyncIterator]();
    let given = 0;
    const count = async () => {
      while (!(await iterator.next()).done) given++;
    };
    await Promise.race([count(), new Promise((resolve) => setImmediate(resolve))]);
    assert.equal(given, chunks.length);
  });

  test("questions that do not wait for answers are answered in order", async () => {
    for (const source of [events, watched(events).stream, generate(byBytes(whole))]) {
      const iterator = decodeStream(source)[Symbol.asyncIterator]();
      const results = await Promise.all(Array.from({ length: 8 }, () => iterator.next()));
      assert.deepEqual(
        results.slice(0, chunks.length).map(({ value }) => value),
        chunks,
      );
      assert.ok(results.slice(chunks.length).every((result) => result.done === true));
    }
  });

  test("there is one reader", async () => {
    const ways = {
      "an iteration": (stream) => stream[Symbol.asyncIterator](),
      "batches()": (stream) => stream.batches(),
      "events()": (stream) => stream.events(),
      "text()": (stream) => stream.text(),
    };
    for (const [name, read] of Object.entries(ways)) {
      const stream = decodeStream(whole);
      const iterator = read(stream);
      assert.equal(iterator[Symbol.asyncIterator](), iterator);
      const says = (error) =>
        error.message.startsWith(`This stream is being read already: by ${name}.`);
      for (const again of Object.values(ways)) assert.throws(() => again(stream), says);
      await all(iterator);
      assert.throws(() => ways["text()"](stream), says);
      assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    }
    const stream = decodeStream(whole);
    await stream.finalCompletion();
    assert.throws(() => stream.batches(), /by finalCompletion\(\)/);
  });

  test("under a contract", async () => {
    const strict = { contract: "openai" };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const good = [...answer("Hi"), event({ ...chunk({}), choices: [], usage }), done];
    assert.equal(textOf(await all(decodeStream(good, strict))), "Hi");
    const [items, error] = await drain(decodeStream([good[0], event({ choices: [] })], strict));
    assert.equal(items.length, 1);
    assert.ok(error instanceof DecodeError);
    assert.equal(error.code, "MISSING");
  });
});

describe("finalCompletion", () => {
  test("reads by itself, as often as it is asked", async () => {
    const of = watched(events);
    const stream = decodeStream(of.stream);
    const asked = [stream.finalCompletion(), stream.finalCompletion()];
    const [first, second] = await Promise.all(asked);
    assert.equal(contentOf(first), text);
    assert.deepEqual(second, first);
    assert.deepEqual(await stream.finalCompletion(), first);
    assert.equal(first.choices[0].finishReason, "stop");
    assert.deepEqual(stream.snapshot().choices, first.choices);
  });

  test("beside a reader it waits for the end: asked before, during and after", async () => {
    const stream = decodeStream(watched(events).stream);
    const before = stream.finalCompletion();
    let during;
    for await (const _ of stream) during ??= stream.finalCompletion();
    for (const asked of [before, during, stream.finalCompletion()]) {
      assert.equal(contentOf(await asked), text);
    }
  });

  test("does not read where a reader does", async () => {
    const of = watched(events);
    const stream = decodeStream(of.stream);
    const iterator = stream[Symbol.asyncIterator]();
    const asked = stream.finalCompletion();
    assert.equal(await settled(asked), undefined);
    assert.equal(of.reads, 0);
    await all(iterator);
    assert.equal(contentOf(await asked), text);
  });

  test("with the option collect there are no chunks, but events", async () => {
    const stream = decodeStream(events, { collect: true });
    assert.deepEqual(await all(stream), []);
    assert.equal(contentOf(await stream.finalCompletion()), text);
    assert.equal((await all(decodeStream(events, { collect: true }).text())).join(""), text);
  });

  test("fails as the stream does", async () => {
    const cut = events.slice(0, 3);
    const stream = decodeStream(cut);
    const error = await stream.finalCompletion().catch((reason) => reason);
    assert.ok(error instanceof TruncatedError);
    assert.equal(contentOf(error.partial), "Grüße, 世界");
    assert.equal(contentOf(stream.snapshot()), "Grüße, 世界");
    await assert.rejects(stream.finalCompletion(), (again) => again === error);
  });

  test("beside a reader that is told of the failure, nobody has to ask", async () => {
    const stream = decodeStream(events.slice(0, 2));
    stream.finalCompletion(); // an unhandled rejection would fail this test
    const [, error] = await drain(stream);
    assert.ok(error instanceof TruncatedError);
    await turns();
  });
});

describe("leaving early", () => {
  const leave = async (stream, how) => {
    for await (const _ of stream) {
      if (how === "throw") throw new RangeError("mine");
      break;
    }
  };

  test("cancels a ReadableStream", async () => {
    const of = watched(events, { after: "hang" });
    const stream = decodeStream(of.stream);
    await leave(stream);
    await turns();
    assert.equal(of.cancelled.reason.name, "AbortError");
    assert.equal(of.reads, 1);
    await assert.rejects(stream.finalCompletion(), { name: "AbortError", message: /snapshot/ });
    assert.equal(contentOf(stream.snapshot()), "");
    assert.equal(stream.partialArguments(0, 0), undefined);
    assert.equal(stream.partialContent(0), undefined);
    assert.deepEqual(stream.issues, []);
    assert.equal(stream.usageUpdates, 0);
  });

  test("ends iterators, whatever they answer", async () => {
    for (const isAsync of [true, false]) {
      const of = watchedIterable(events, { isAsync });
      await leave(decodeStream(of.iterable));
      assert.equal(of.returned, 1);
      for (const answers of [
        () => Promise.reject(new Error("no")),
        () => {
          throw new Error("no");
        },
        () => new Promise(() => {}),
        undefined,
      ]) {
        const next = () => ({ done: false, value: events[0] });
        const iterable = { [Symbol.iterator]: () => ({ next, return: answers }) };
        await leave(decodeStream(iterable));
      }
    }
    await turns();
  });

  test("by an error of the loop", async () => {
    const of = watched(events, { after: "hang" });
    await assert.rejects(leave(decodeStream(of.stream), "throw"), RangeError);
    assert.ok(of.cancelled);
  });

  test("destroys a stream of Node", async () => {
    const source = new Readable({ read() {} });
    source.push(events[0]);
    await leave(decodeStream(source));
    await turns();
    assert.ok(source.destroyed);
  });

  test("from batches, events and text", async () => {
    for (const read of ["batches", "events", "text"]) {
      const of = watched([events.slice(0, 3).join("")], { after: "hang" });
      await leave(decodeStream(of.stream)[read]());
      assert.ok(of.cancelled, read);
    }
  });

  test("cancel() ends what waits, and tells nobody but finalCompletion()", async () => {
    for (const make of [
      () => watched(events.slice(0, 2), { after: "hang" }).stream,
      () => watchedIterable(events.slice(0, 2), { after: "hang" }).iterable,
    ]) {
      const stream = decodeStream(make());
      const reading = drain(stream);
      await turns();
      await stream.cancel(new RangeError("enough"));
      const [items, error] = await reading;
      assert.equal(items.length, 2);
      assert.equal(error, undefined);
      await assert.rejects(stream.finalCompletion(), { name: "RangeError", message: "enough" });
      assert.equal(contentOf(stream.snapshot()), "Grüße, ");
      await stream.cancel();
    }
  });

  test("cancel() before anybody reads, and after the end", async () => {
    const of = watched(events);
    const stream = decodeStream(of.stream);
    await stream.cancel();
    assert.ok(of.cancelled);
    assert.deepEqual(await all(stream), []);
    await assert.rejects(stream.finalCompletion(), { name: "AbortError" });

    const ended = decodeStream(whole);
    const iterator = ended[Symbol.asyncIterator]();
    await iterator.next();
    await ended.cancel();
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    assert.equal(contentOf(await ended.finalCompletion()), text);
  });

  test("from within a callback", async () => {
    const odd = event({ ...chunk({ content: "a" }), created: "x" });
    for (const how of ["cancel", "abort"]) {
      const controller = new AbortController();
      let stream;
      const onIssue = () => (how === "cancel" ? stream.cancel() : controller.abort());
      const of = watched([odd, ...events], { after: "hang" });
      stream = decodeStream(of.stream, { onIssue, signal: controller.signal });
      const [, error] = await drain(stream);
      assert.equal(error?.name, how === "abort" ? "AbortError" : undefined);
      assert.ok(of.cancelled);
      stream.snapshot();
    }
  });
});

test("streams that are left or aborted give their memory back at once", async () => {
  const long = event(chunk({ content: "x".repeat(20_000) }));
  const leave = async () => {
    for await (const _ of decodeStream([long, long])) break;
  };
  const abort = async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const reading = drain(decodeStream(watched([long], { after: "hang" }).stream, { signal }));
    await turns(2);
    controller.abort();
    await reading;
  };
  await leave();
  const before = getCore().HEAPU8.length;
  for (let i = 0; i < 1000; i++) await leave();
  for (let i = 0; i < 300; i++) await abort();
  assert.ok(getCore().HEAPU8.length - before < 1 << 20);
});

describe("abort", () => {
  const hanging = {
    "a ReadableStream": () => watched(events.slice(0, 2), { after: "hang" }).stream,
    "an iterator": () => watchedIterable(events.slice(0, 2), { after: "hang" }).iterable,
    "a generator": () =>
      (async function* () {
        yield* events.slice(0, 2);
        await new Promise(() => {});
      })(),
    "a stream of Node": () => {
      const source = new Readable({ read() {} });
      for (const piece of events.slice(0, 2)) source.push(piece);
      return source;
    },
  };
  for (const [name, make] of Object.entries(hanging)) {
    test(`while ${name} hangs`, async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const source = make();
      const stream = decodeStream(source, { signal });
      const final = stream.finalCompletion();
      const reading = drain(stream);
      await turns();
      assert.equal(getEventListeners(signal, "abort").length, 1);
      controller.abort();
      const [items, error] = await reading;
      assert.equal(items.length, 2);
      assert.equal(error, signal.reason);
      assert.equal(error.name, "AbortError");
      assert.equal(getEventListeners(signal, "abort").length, 0);
      await assert.rejects(final, (reason) => reason === signal.reason);
      assert.equal(contentOf(stream.snapshot()), "Grüße, ");
      await turns();
      if (source instanceof Readable) assert.ok(source.destroyed);
    });
  }

  test("before the first read, and before the stream is made", async () => {
    for (const isEarly of [true, false]) {
      const controller = new AbortController();
      if (isEarly) controller.abort("mine");
      const of = watched(events);
      const stream = decodeStream(of.stream, { signal: controller.signal });
      if (!isEarly) controller.abort("mine");
      const iterator = stream[Symbol.asyncIterator]();
      await assert.rejects(iterator.next(), (reason) => reason === "mine");
      assert.deepEqual(await iterator.next(), { done: true, value: undefined });
      assert.equal(of.cancelled.reason, "mine");
      assert.equal(of.reads, 0);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    }
  });

  test("takes back what was decoded and not read, also after the end", async () => {
    for (const isComplete of [true, false]) {
      const controller = new AbortController();
      const { signal } = controller;
      const of = watched([isComplete ? whole : events.slice(0, 3).join("")], { after: "hang" });
      const stream = decodeStream(of.stream, { signal });
      const iterator = stream[Symbol.asyncIterator]();
      await iterator.next();
      controller.abort();
      await assert.rejects(iterator.next(), { name: "AbortError" });
      assert.deepEqual(await iterator.next(), { done: true, value: undefined });
      const final = await settled(stream.finalCompletion());
      assert.equal("value" in final, isComplete);
    }
  });

  test("by a time-out", async () => {
    const { stream } = watched(events.slice(0, 1), { after: "hang" });
    const reading = drain(decodeStream(stream, { signal: AbortSignal.timeout(20) }));
    await sleep(50); // a signal's timer does not keep Node from ending
    const [items, error] = await reading;
    assert.equal(items.length, 1);
    assert.equal(error.name, "TimeoutError");
  });

  test("many streams of one signal take one listener", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const streams = Array.from({ length: 50 }, () =>
      decodeStream(watched(events.slice(0, 2), { after: "hang" }).stream, { signal }),
    );
    assert.equal(getEventListeners(signal, "abort").length, 1);
    const ends = streams.map((stream) => drain(stream));
    await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.gc?.(); // who waits is told all the same
    controller.abort("stop");
    for (const [, error] of await Promise.all(ends)) assert.equal(error, "stop");
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  test("streams leave no listeners behind, however they end", async () => {
    const { signal } = new AbortController();
    await all(decodeStream(whole, { signal }));
    await drain(decodeStream(events.slice(0, 2), { signal }));
    await drain(decodeStream(watched([], { after: "fail", error: 5 }).stream, { signal }));
    for await (const _ of decodeStream(whole, { signal })) break;
    await decodeStream(whole, { signal }).finalCompletion();
    await decodeStream(watched(events).stream, { signal }).cancel();
    await drain(decodeStream(new Response("no", { status: 500 }), { signal }));
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("failures", () => {
  const delta = (members) => ({ choices: [{ index: 0, delta: members }] });
  const reset = new TypeError("terminated");

  test("of the source cut the stream off; what came stays readable", async () => {
    const of = watched(events.slice(0, 3), { after: "fail", error: reset });
    const stream = decodeStream(of.stream);
    const final = stream.finalCompletion();
    const [items, error] = await drain(stream);
    assert.equal(items.length, 3);
    assert.ok(error instanceof TruncatedError);
    assert.equal(error.cause, reset);
    assert.equal(contentOf(error.partial), "Grüße, 世界");
    assert.equal(contentOf(stream.snapshot()), "Grüße, 世界");
    await assert.rejects(final, (reason) => reason === error);
    assert.ok(stream.timing.end >= stream.timing.start);
  });

  test("of the source after the finish reason and before [DONE] are told", async () => {
    const all = [...events.slice(0, -1)];
    const stream = decodeStream(watched(all, { after: "fail", error: reset }).stream);
    const [items, error] = await drain(stream);
    assert.equal(items.length, chunks.length);
    assert.ok(error instanceof TruncatedError);
    assert.equal(error.partial.choices[0].finishReason, "stop");
  });

  test("of the source within an event keep its text, and how far tool calls came", async () => {
    const call = { index: 0, id: "c", function: { name: "f", arguments: "" } };
    const more = { index: 0, function: { arguments: '{"city":"Par' } };
    const bytes = [
      event(delta({ content: "Let me", tool_calls: [call] })),
      event(delta({ tool_calls: [more], content: " look" })).slice(0, -9),
    ].join("");
    for (const pieces of [[bytes], [...bytes]]) {
      const of = watched(pieces, { after: "fail", error: reset });
      const [, error] = await drain(decodeStream(of.stream));
      assert.equal(error.cause, reset);
      assert.equal(contentOf(error.partial), "Let me lo");
      const { state, ...told } = error.toolCalls[0];
      assert.deepEqual(told, { choice: 0, toolCall: 0, id: "c", name: "f" });
      assert.equal(state, "truncated");
      assert.equal(
        error.partial.choices[0].message.toolCalls[0].function.arguments,
        '{"city":"Par',
      );
    }
  });

  test("of whoever stops it, or that are no errors, are passed on", async () => {
    for (const reason of [new DOMException("enough", "AbortError"), "enough", undefined]) {
      const of = watched(events.slice(0, 3), { after: "fail", error: reason });
      const [items, error] = await drain(decodeStream(of.stream));
      assert.equal(items.length, 3);
      assert.equal(error, reason);
    }
  });

  test("of a source's iterator, thrown at once", async () => {
    const next = () => {
      throw reset;
    };
    for (const symbol of [Symbol.iterator, Symbol.asyncIterator]) {
      const [, error] = await drain(decodeStream({ [symbol]: () => ({ next }) }));
      assert.equal(error, reset);
    }
  });

  test("after [DONE] there are none", async () => {
    const of = watched(events, { after: "fail", error: reset });
    const stream = decodeStream(of.stream);
    assert.deepEqual(await all(stream), chunks);
    assert.equal(contentOf(await stream.finalCompletion()), text);
    await turns();
  });

  test("of the stream come after the chunks of the same read, once, and stop the source", async () => {
    const bad = "data: {nope}\n\n";
    for (const pieces of [
      [events[0] + events[1] + bad + events[2]],
      [events[0], events[1], bad, events[2]],
    ]) {
      const of = watched(pieces, { after: "hang" });
      const stream = decodeStream(of.stream);
      const iterator = stream[Symbol.asyncIterator]();
      const [items, error] = await drain(iterator);
      assert.equal(items.length, 2);
      assert.ok(error instanceof DecodeError);
      assert.equal(error.code, "NOT_JSON");
      assert.equal(contentOf(error.partial), "Grüße, ");
      assert.equal(contentOf(stream.snapshot()), "Grüße, ");
      assert.deepEqual(stream.issues, error.issues);
      assert.equal(of.cancelled.reason, error);
      assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    }
  });

  test("of batches, events and text as well", async () => {
    const bad = [events[0] + events[1], "data: {nope}\n\n"];
    for (const read of ["batches", "events", "text"]) {
      const [items, error] = await drain(decodeStream(bad)[read]());
      assert.ok(items.length > 0, read);
      assert.ok(error instanceof DecodeError, read);
    }
  });

  test("bad events can be skipped", async () => {
    const pieces = [events[0], "data: {nope}\n\n", ...events.slice(1)];
    const stream = decodeStream(pieces, { onBadEvent: "skip" });
    assert.equal(textOf(await all(stream)), text);
    assert.ok(stream.issues.some(({ code }) => code === "NOT_JSON"));
  });

  test("the provider's, in the middle", async () => {
    const error = { message: "overloaded", code: 503 };
    const of = watched([...events.slice(0, 2), event({ error })], { after: "hang" });
    const [items, thrown] = await drain(decodeStream(of.stream));
    assert.equal(items.length, 2);
    assert.ok(thrown instanceof ProviderError);
    assert.equal(thrown.message, "overloaded");
    assert.equal(thrown.status, 503);
    assert.ok(of.cancelled);
  });

  test("cut streams, with the states of their tool calls", async () => {
    const call = (index, name, args) => ({
      tool_calls: [{ index, id: `id-${index}`, function: { name, arguments: args } }],
    });
    const pieces = [event(chunk(call(0, "a", '{"x":1}'))), event(chunk(call(1, "b", '{"y":')))];
    const [, error] = await drain(decodeStream(pieces));
    assert.ok(error instanceof TruncatedError);
    assert.deepEqual(error.toolCalls, [
      { choice: 0, toolCall: 0, id: "id-0", name: "a", state: "complete" },
      { choice: 0, toolCall: 1, id: "id-1", name: "b", state: "truncated" },
    ]);
  });

  test("of a callback go to the reader", async () => {
    const onIssue = () => {
      throw new RangeError("mine");
    };
    const odd = event({ ...chunk({ content: "a" }), created: "x" });
    const of = watched([odd], { after: "hang" });
    const stream = decodeStream(of.stream, { onIssue });
    const [, error] = await drain(stream);
    assert.ok(error instanceof RangeError);
    assert.ok(of.cancelled);
    stream.snapshot();
  });
});

describe("[DONE]", () => {
  test("ends the iteration; the source is read to its end", async () => {
    let isEnded = false;
    const source = (async function* () {
      yield whole;
      await sleep(20);
      yield ": bye\n\n";
      isEnded = true;
    })();
    const stream = decodeStream(source);
    assert.deepEqual(await all(stream), chunks);
    assert.equal(contentOf(await stream.finalCompletion()), text);
    assert.ok(!isEnded);
    await sleep(40);
    assert.ok(isEnded);
  });

  test("a source that stays open is cancelled after a second", async () => {
    const of = watched(events, { after: "hang" });
    const before = performance.now();
    const stream = decodeStream(of.stream);
    assert.deepEqual(await all(stream), chunks);
    assert.ok(performance.now() - before < 500);
    assert.equal(of.cancelled, undefined);
    await sleep(1200);
    assert.ok(of.cancelled);
    assert.equal(contentOf(await stream.finalCompletion()), text);
  });

  test("a source that has ended is left alone, and no timer is left behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout");
    for (const wait of [() => undefined, () => turns(3), () => sleep(20)]) {
      let returns = 0;
      const pieces = [whole, ": bye\n\n"].values();
      const source = {
        [Symbol.asyncIterator]: () => ({
          async next() {
            const next = pieces.next();
            if (next.done) await wait();
            return next;
          },
          async return() {
            returns++;
          },
        }),
      };
      const before = timers().length;
      assert.deepEqual(await all(decodeStream(source)), chunks);
      await sleep(40);
      assert.equal(returns, 0);
      assert.equal(timers().length, before);
    }
  });

  test("a source that never stops is cancelled after some reads", async () => {
    const of = watched([...events, ...Array(100).fill(": more\n\n")]);
    await all(decodeStream(of.stream));
    await turns(50);
    assert.ok(of.cancelled);
    assert.ok(of.reads < events.length + 20);
  });

  test("a whole body in place of a stream", async () => {
    const body = JSON.stringify({
      choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }],
    });
    for (const source of [body, [body], new Response(body), byBytes(body)]) {
      const stream = decodeStream(source);
      assert.equal((await all(stream.text())).join(""), "Hi");
      assert.equal(contentOf(await stream.finalCompletion()), "Hi");
    }
  });
});

describe("events", () => {
  test("text, usage and the end", async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const pieces = [...answer("a", "b"), event({ choices: [], usage }), done];
    const stream = decodeStream(pieces);
    assert.deepEqual(await all(stream.events()), [
      { type: "text", choice: 0, text: "a" },
      { type: "text", choice: 0, text: "b" },
      { type: "usage", usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } },
      { type: "finish", choice: 0, finishReason: "stop" },
    ]);
    assert.equal(stream.usageUpdates, 1);
  });

  test("tool calls, and several choices", async () => {
    const call = (of, choice = 0) => event(chunk({ tool_calls: [of] }, null, choice));
    const pieces = [
      call({ index: 0, id: "a", function: { name: "f", arguments: "" } }),
      call({ index: 0, function: { arguments: '{"x"' } }),
      call({ index: 0, function: { arguments: ":1}" } }),
      call({ index: 1, id: "b", function: { name: "g", arguments: '{"y":' } }),
      event(chunk({ content: "Hi" }, null, 1)),
      event(chunk({}, "length")),
      event(chunk({}, "stop", 1)),
      done,
    ];
    assert.deepEqual(
      (await all(decodeStream(pieces).events())).filter(({ type }) => type !== "issue"),
      [
        { type: "tool-call", choice: 0, toolCall: 0, id: "a", name: "f" },
        { type: "tool-call-arguments", choice: 0, toolCall: 0, text: '{"x"' },
        { type: "tool-call-arguments", choice: 0, toolCall: 0, text: ":1}" },
        { type: "tool-call", choice: 0, toolCall: 1, id: "b", name: "g" },
        { type: "tool-call-arguments", choice: 0, toolCall: 1, text: '{"y":' },
        { type: "text", choice: 1, text: "Hi" },
        {
          type: "tool-call-end",
          choice: 0,
          toolCall: 0,
          id: "a",
          name: "f",
          arguments: '{"x":1}',
          state: "complete",
        },
        {
          type: "tool-call-end",
          choice: 0,
          toolCall: 1,
          id: "b",
          name: "g",
          arguments: '{"y":',
          state: "truncated",
        },
        { type: "finish", choice: 0, finishReason: "length" },
        { type: "finish", choice: 1, finishReason: "stop" },
      ],
    );
  });

  test("heartbeats and issues", async () => {
    const odd = event({ ...chunk({ content: "a" }), created: "x" });
    const pieces = [": ping\n\n", odd, ": ping\n\n", ...answer("b"), done];
    const seen = await all(decodeStream(pieces).events());
    assert.deepEqual(
      seen.map(({ type }) => type),
      ["heartbeat", "issue", "text", "heartbeat", "text", "finish"],
    );
    assert.equal(seen[1].issue.code, "BAD_TYPE");
  });

  test("no end where the stream has none", async () => {
    const [items, error] = await drain(decodeStream(events.slice(0, 3)).events());
    assert.ok(error instanceof TruncatedError);
    assert.deepEqual(
      items.map(({ type }) => type),
      ["text", "text", "issue"],
    );
    assert.equal(items[2].issue.code, "TRUNCATED");
  });

  test("[DONE] without a reason to finish", async () => {
    const items = await all(decodeStream([...events.slice(0, 3), done]).events());
    assert.deepEqual(items.at(-1), { type: "finish", choice: 0, finishReason: null });
  });
});

describe("text", () => {
  test("of the choice that is asked for", async () => {
    const pieces = [
      event(chunk({ content: "a" })),
      event(chunk({ content: "b" }, null, 1)),
      event(chunk({ content: "c" }, "stop")),
      event(chunk({ content: "d" }, "stop", 1)),
      done,
    ];
    assert.deepEqual(await all(decodeStream(pieces).text()), ["a", "c"]);
    assert.deepEqual(await all(decodeStream(pieces).text({ choice: 1 })), ["b", "d"]);
    assert.deepEqual(await all(decodeStream(pieces).text({ choice: 2 })), []);
  });

  test("is never half a character", async () => {
    const cut = (...deltas) => [
      ...deltas.map((half) => `data: {"choices":[{"index":0,"delta":{"content":"${half}"}}]}\n\n`),
      event(chunk({}, "stop")),
      done,
    ];
    assert.equal((await all(decodeStream(cut("a\\ud83d", "\\ude00b")).text())).join(""), "a😀b");
    for (const piece of await all(decodeStream(cut("a\\ud83d", "\\ude00b")).text())) {
      assert.ok(!/\p{Surrogate}/u.test(piece));
    }
    const lone = await all(decodeStream(cut("a\\ud83d", "b", "\\ude00", "c\\ud83d")).text());
    assert.equal(lone.join(""), "a\ufffdb\ufffdc\ufffd");
  });
});

test("partial values while the stream goes on", async () => {
  const call = (of) => event(chunk({ tool_calls: [{ index: 0, ...of }] }));
  const pieces = [
    call({ id: "a", function: { name: "f", arguments: '{"x":[1' } }),
    call({ function: { arguments: ",2]}" } }),
    event(chunk({ content: '{"y"' })),
    event(chunk({ content: ":true}" }, "tool_calls")),
    done,
  ];
  const stream = decodeStream(pieces);
  const seen = [];
  for await (const _ of stream) {
    const { value, complete } = stream.partialArguments(0, 0);
    seen.push([JSON.stringify(value), complete]);
  }
  assert.deepEqual(seen.at(1), ['{"x":[1,2]}', false]); // more might come
  assert.deepEqual(seen.at(3), ['{"x":[1,2]}', true]);
  assert.deepEqual(stream.partialContent(0), { value: { y: true }, complete: true });
  assert.equal(stream.partialArguments(0, 1), undefined);
});

describe("timing", () => {
  test("of everything", async () => {
    const source = (async function* () {
      await sleep(5);
      yield ": ping\n\n";
      await sleep(5);
      yield events[0]; // the role alone
      await sleep(5);
      yield events[1];
      await sleep(5);
      yield ": ping\n\n";
      yield events.slice(2).join("");
    })();
    for (const read of ["batches", "events", "finalCompletion"]) {
      const before = performance.now();
      const stream = decodeStream(read === "batches" ? source : [": ping\n\n", ...events]);
      assert.deepEqual(Object.keys(stream.timing).sort(), ["heartbeats", "start"]);
      if (read === "finalCompletion") await stream.finalCompletion();
      else await all(stream[read]());
      const { start, firstByte, firstToken, lastEvent, end, heartbeats } = stream.timing;
      const order = [before, start, firstByte, firstToken, lastEvent, end, performance.now()];
      assert.deepEqual(order.toSorted?.((a, b) => a - b) ?? order, order);
      assert.ok(order.every(Number.isFinite), order.join());
      assert.equal(heartbeats, read === "batches" ? 2 : 1);
      if (read === "batches") assert.ok(firstToken - firstByte > 7);
    }
  });

  test("a role is no token, nor is what is empty", async () => {
    const empty = [
      event(chunk({ role: "assistant", content: "", tool_calls: [], refusal: null })),
      event(chunk({}, "stop")),
      done,
    ];
    for (const read of ["batches", "events"]) {
      const stream = decodeStream(empty);
      await all(stream[read]());
      assert.equal(stream.timing.firstToken, undefined);
    }
  });
});

describe("a response that is not ok", () => {
  const fail = async (body, init, options) => {
    const response = new Response(body, { status: 502, statusText: "Bad Gateway", ...init });
    const stream = decodeStream(response, options);
    const [items, error] = await drain(stream);
    assert.deepEqual(items, []);
    assert.ok(error instanceof ProviderError, String(error));
    await assert.rejects(stream.finalCompletion(), (again) => again === error);
    assert.equal(stream.issues, error.issues);
    assert.deepEqual(stream.snapshot().choices ?? [], []);
    return error;
  };

  test("with the provider's error", async () => {
    const body = JSON.stringify({ error: { message: "slow down", type: "limit", code: "rate" } });
    const error = await fail(body, { status: 429 });
    assert.equal(error.message, "slow down");
    assert.equal(error.code, "rate");
    assert.equal(error.status, 429);
    assert.deepEqual(error.raw, JSON.parse(body));
  });

  test("with an event that is one", async () => {
    const error = await fail(event({ error: { message: "slow down" } }), { status: 429 });
    assert.equal(error.message, "slow down");
    assert.equal(error.status, 429);
  });

  test("Q62: with plain text, with nothing, with a page", async () => {
    const text = await fail(" upstream is gone\n");
    assert.equal(text.message, "upstream is gone");
    assert.equal(text.raw, " upstream is gone\n");
    assert.equal(text.status, 502);
    assert.equal((await fail("")).message, "Bad Gateway");
    assert.equal((await fail(null)).message, "Bad Gateway");
    assert.equal((await fail(null, { statusText: "" })).message, "HTTP status 502");
    const page = "<html><head><title>502 Bad luck</title></head></html>";
    assert.equal((await fail(page)).message, "502 Bad luck");
    assert.equal((await fail("x".repeat(5000))).message, "x".repeat(1000));
  });

  test("with something that would be a completion", async () => {
    const error = await fail('{"choices":[{"index":0,"message":{},"finish_reason":"stop"}]}');
    assert.equal(error.status, 502);
  });

  test("with a body that does not end, or breaks off", async () => {
    const of = watched(Array(100).fill("x".repeat(1 << 16)), { after: "hang" });
    const bytes = of.stream.pipeThrough(new TextEncoderStream());
    assert.equal((await fail(bytes)).message, "x".repeat(1000));
    assert.ok(of.cancelled);
    const cut = watched([utf8("half a mess")], { after: "fail", error: new Error("reset") });
    assert.equal((await fail(cut.stream)).message, "half a mess");
  });

  test("issues are told once", async () => {
    const heard = [];
    const onIssue = (issue) => heard.push(issue);
    for (const body of ["plain", '{"error":{"message":"m"}}']) {
      heard.length = 0;
      const error = await fail(body, {}, { onIssue });
      assert.deepEqual(heard, error.issues);
      assert.equal(heard[0].code, "PROVIDER_ERROR");
    }
  });

  test("while it hangs it can be aborted", async () => {
    const controller = new AbortController();
    const of = watched([utf8("x")], { after: "hang" });
    const response = new Response(of.stream, { status: 500 });
    const reading = drain(decodeStream(response, { signal: controller.signal }));
    await turns();
    controller.abort();
    assert.equal((await reading)[1].name, "AbortError");
    assert.ok(of.cancelled);
  });
});
