// How servers frame their streams, and what they send in place of one: section 3 of the list of
// quirks, and the parts of sections 1 and 2 that only streams show. The tests are named by the
// quirks' numbers. `decoded` cuts every stream at every place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  DecodeError,
  decode,
  LimitError,
  ProviderError,
  StreamDecoder,
  TruncatedError,
  unifiedFinishReason,
} from "chatwire";
import { completion } from "../quirks/support.mjs";
import {
  answer,
  bytesOf,
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
  run,
  stream,
} from "./support.mjs";

const hello = delta({ role: "assistant", content: "Hello" });
const world = delta({ content: " world" });
const json = JSON.stringify;

/** A text of lines that end so. */
const lines = (end, ...all) => all.map((line) => line + end).join("");

function says(made, text = "Hello world") {
  assert.equal(contentOf(made.completion), text);
}

// ---- Section 3 ----------------------------------------------------------------------------------

test("Q63: `data:` with and without a space", () => {
  for (const start of ["data:", "data: ", "data:  ", "data:\t"]) {
    const made = decodes(
      lines("\n\n", ...[hello, world, finish()].map((one) => start + json(one)), `${start}[DONE]`),
    );
    says(made);
    assert.equal(made.chunks.length, 3);
    assert.equal(made.done, true);
  }
  const mixed = `data:${json(hello)}\n\ndata: ${json(world)}\n\ndata:${json(finish())}\n\n`;
  says(decodes(`${mixed}data:[DONE]\n\n`));
});

test("Q64: comments are passed over and counted", () => {
  const comments = [": OPENROUTER PROCESSING", ": keep-alive", ":ping", ":", ": data: {}"];
  const text = comments.map((comment) => `${comment}\n\n`).join("");
  const made = decodes(text + event(hello) + text + event(world) + event(finish()) + done);
  says(made);
  assert.equal(made.chunks.length, 3);
  assert.equal(made.heartbeats, 10);
});

test("Q64: a comment within an event does not part it", () => {
  const made = decodes(
    `event: message\n: one\ndata: ${json(hello)}\n: two\n\n${event(finish())}: three\n${done}`,
  );
  says(made, "Hello");
  assert.equal(made.heartbeats, 3);
  // Between two lines of data, too.
  says(
    decodes(
      `data: {"choices":[{"index":0,\n: one\ndata: "delta":{"content":"Hello"}}]}\n\n${event(finish())}${done}`,
    ),
    "Hello",
  );
});

test("Q64: comments are counted as they come", () => {
  const decoder = new StreamDecoder();
  for (let i = 1; i <= 3; i++) {
    assert.deepEqual(decoder.feed(": ping\n\n"), []);
    assert.equal(decoder.heartbeats, i);
  }
  decoder.free();
});

test("Q65: without data there is no event", () => {
  for (const filler of [": ping\nid: 5\n\n", "id: 5\n\n", "event: message\n\n", "retry: 10\n\n"]) {
    const made = decodes(filler + event(hello) + filler + event(finish()) + filler + done);
    says(made, "Hello");
    assert.equal(made.chunks.length, 2);
    assert.ok(made.heartbeats >= 3);
  }
});

test("Q66: empty data is a heartbeat", () => {
  for (const filler of [
    "data:\n\n",
    "data: \n\n",
    "data\n\n",
    "data: \t \n\n",
    "data:\ndata:\n\n",
  ]) {
    const made = decodes(filler + event(hello) + filler + event(finish()) + filler + done);
    says(made, "Hello");
    assert.equal(made.chunks.length, 2);
    assert.equal(made.heartbeats, 3);
  }
});

test("Q67: lines end in LF, CRLF or CR", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const events = [hello, world, finish()].map((one) => `data: ${json(one)}`);
    const made = decodes(lines(end + end, ...events, "data: [DONE]"));
    says(made);
    assert.equal(made.chunks.length, 3);
    const fields = lines(end, ": a", "id: 1", `data: ${json(hello)}`, "event: message", "");
    says(decodes(fields + lines(end, `data: ${json(finish())}`, "") + done), "Hello");
  }
});

test("Q67: ends of lines of all kinds in one stream", () => {
  const [first, second, last] = [hello, world, finish()].map((one) => `data: ${json(one)}`);
  for (const text of [
    `${first}\r\n\r\n${second}\n\n${last}\r\r`,
    `${first}\n\r\n${second}\r\n\n${last}\r\r\n`,
    `${first}\r\n\r${second}\n\r${last}\n\r\n`,
    `\n\r\n\r${first}\n\n\n\n\r\n${second}\r\r\r\r${last}\r\n\r\n`,
  ]) {
    const made = decodes(text + done);
    says(made);
    assert.equal(made.chunks.length, 3);
  }
});

test("Q67: a CR ends the line at once, and the LF after it is part of it", () => {
  for (const end of ["\r\n\r", "\r\r", "\n\r"]) {
    const decoder = new StreamDecoder();
    assert.equal(decoder.feed(`data: ${json(hello)}${end}`).length, 1);
    assert.deepEqual(decoder.feed("\n"), []);
    assert.equal(decoder.feed(event(finish())).length, 1);
    assert.equal(decoder.heartbeats, 0);
    decoder.free();
  }
});

test("Q68: a byte order mark at the beginning is passed over", () => {
  says(decodes(`\ufeff${answer({ content: "Hello" }, { content: " world" })}`));
  says(decodes(`\ufeff\n\n${answer({ content: "Hello world" })}`));
  says(decodes(`\ufeff: ping\n\n${answer({ content: "Hello world" })}`));
  says(decodes(`\ufeff${json(hello)}\n${json(finish())}\n`, ["NOT_EVENT_STREAM"]), "Hello");
});

test("Q68: but only there", () => {
  // Elsewhere it makes another field of `data`, and is a character like others in content.
  const made = decodes(`${event(hello)}\ufeff${event(world)}${event(finish())}${done}`, [
    "LINE_WITHOUT_FIELD",
  ]);
  says(made, "Hello");
  assert.equal(made.chunks.length, 2);
  says(decodes(answer({ content: "\ufeffHello" }, { content: "\ufeff" })), "\ufeffHello\ufeff");
});

test("Q69: data of several lines is one document", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    for (const start of ["data:", "data: "]) {
      const pretty = (one) =>
        lines(
          end,
          ...JSON.stringify(one, null, 2)
            .split("\n")
            .map((line) => start + line),
        ) + end;
      const made = decodes(pretty(hello) + pretty(world) + pretty(finish()) + done);
      says(made);
      assert.equal(made.chunks.length, 3);
    }
  }
});

test("Q69: the line break between two lines of data is no part of a text", () => {
  const text = `data: {"choices":[{"index":0,"delta":{"content":"a\ndata: b"}}]}\n\n`;
  const { error, completion: made } = decoded(text + event(finish()) + done);
  // JSON does not have it in strings. Whatever is made of it, nothing must be made up.
  if (error === undefined) assert.equal(contentOf(made), "a\nb");
  else assert.equal(error.code, "NOT_JSON");
});

test("Q70: a last event without a blank line counts if it is whole", () => {
  for (const end of ["", "\n", "\r", "\r\n"]) {
    const made = decodes(`${event(hello)}data: ${json(finish())}${end}`, ["LAST_EVENT_CUT"]);
    says(made, "Hello");
    assert.equal(made.chunks.length, 2);
    assert.equal(made.choices[0].finishReason, "stop");
    const [issue] = made.issues;
    assert.equal(issue.severity, "info");
  }
  // Also the usage that comes after the finish, and also where it is the only event.
  const usage = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
  const made = decodes(`${cutOff(hello, finish())}data: ${json(usage)}\n`, ["LAST_EVENT_CUT"]);
  assert.equal(made.completion.usage.totalTokens, 3);
  const only = delta({ content: "Hello" }, { finish_reason: "stop" });
  says(decodes(`data:${json(only)}`, ["LAST_EVENT_CUT"]), "Hello");
});

test("Q70: it is what end() returns", () => {
  const decoder = new StreamDecoder();
  assert.equal(decoder.feed(`${event(hello)}data: ${json(finish())}\n`).length, 1);
  assert.equal(decoder.end().length, 1);
  assert.deepEqual(decoder.end(), []);
  decoder.free();
});

test("Q70: [DONE] without a blank line is [DONE]", () => {
  for (const end of ["", "\n", "\r", "\r\n"]) {
    const { error, done: isDone, state } = decoded(`${cutOff(hello, finish())}data: [DONE]${end}`);
    assert.equal(error, undefined);
    assert.equal(isDone, true);
    assert.equal(state, "complete");
  }
});

test("Q70: a last event that is cut itself is truncation", () => {
  const last = `data: ${json(finish())}`;
  for (let size = 7; size < last.length; size++) {
    const { error, chunks, state } = run([bytesOf(event(hello) + last.slice(0, size))]);
    assert.equal(error?.constructor, TruncatedError, last.slice(0, size));
    assert.equal(error.code, "TRUNCATED");
    assert.equal(state, "truncated");
    assert.equal(chunks.length, 1);
    assert.equal(contentOf(error.partial), "Hello");
  }
  // Even where all choices have finished: what is missing may be the usage.
  const usage = `data: {"choices":[],"usage":{"prompt_to`;
  const { error } = fails(cutOff(hello, finish()) + usage, TruncatedError, "TRUNCATED");
  assert.equal(error.partial.choices[0].finishReason, "stop");
});

test("Q71: without [DONE], a finish reason on every choice completes a stream", () => {
  const made = decodes(cutOff(hello, world, finish()));
  says(made);
  assert.equal(made.done, false);
  const second = (choice) => ({ id: "c1", choices: [{ index: 1, ...choice }] });
  const both = cutOff(
    hello,
    second({ delta: { content: "B" } }),
    finish(),
    second({ delta: {}, finish_reason: "length" }),
  );
  assert.deepEqual(
    decodes(both).choices.map(({ finishReason }) => finishReason),
    ["stop", "length"],
  );
});

test("Q71: one choice that has not finished is enough for truncation", () => {
  const second = { id: "c1", choices: [{ index: 1, delta: { content: "B" } }] };
  const { error } = fails(cutOff(hello, second, finish()), TruncatedError, "TRUNCATED");
  assert.deepEqual(
    error.partial.choices.map(({ message }) => message.content),
    ["Hello", "B"],
  );
});

test("Q72: [DONE] in all spellings", () => {
  for (const end of [
    "data:[DONE]\n\n",
    "data: [DONE]\r\n\r\n",
    "data:   [DONE]   \n\n",
    "data: \t[DONE]\t\n\n",
    "data:\ndata: [DONE]\n\n",
    "data: [DONE]\ndata:\n\n",
    "event: done\ndata: [DONE]\n\n",
    "id: 9\ndata: [DONE]\n\n",
    ": x\ndata: [DONE]\n\n",
  ]) {
    const made = decodes(cutOff(hello, world, finish()) + end);
    says(made);
    assert.equal(made.done, true);
    assert.equal(made.chunks.length, 3);
  }
});

test("Q73: done says that nothing more needs to be read", () => {
  const decoder = new StreamDecoder();
  decoder.feed(cutOff(hello, finish()));
  assert.equal(decoder.done, false);
  decoder.feed("data: [DO");
  assert.equal(decoder.done, false);
  assert.deepEqual(decoder.feed("NE]\n\n"), []);
  assert.equal(decoder.done, true);
  assert.deepEqual(decoder.end(), []);
  assert.equal(decoder.done, true);
  assert.equal(decoder.state, "complete");
  decoder.free();
});

test("Q74: what follows [DONE] is ignored, with one warning", () => {
  const more = cutOff(delta({ content: "X" }), { error: { message: "no" } });
  for (const tail of [event(world), more, event("{malformed"), more + more + event(finish())]) {
    const made = decodes(stream(hello, finish()) + tail, ["DATA_AFTER_DONE"]);
    says(made, "Hello");
    assert.equal(made.chunks.length, 2);
    assert.equal(countOf(made.issues, "DATA_AFTER_DONE"), 1);
    assert.equal(made.issues[0].severity, "warning");
  }
  // Nothing follows it here.
  decodes(`${stream(hello, finish())}\n\n: bye\n\n\n`);
});

test("Q75: event, id and retry lines say nothing about the data", () => {
  for (const name of ["message", "completion.chunk", "thread.message", "delta", ""]) {
    const made = decodes(
      [hello, world, finish()]
        .map((one, i) => `event: ${name}\nid: ${i}\nretry: 3000\ndata: ${json(one)}\n\n`)
        .join("") + done,
    );
    says(made);
    assert.equal(made.chunks.length, 3);
    assert.equal(made.heartbeats, 0);
  }
  // After the data, without a space, and fields that nobody knows.
  const made = decodes(
    `data: ${json(hello)}\nid:1\nevent:x\nwhatever: {"error":1}\nalone\n\n${event(finish())}${done}`,
  );
  says(made, "Hello");
});

test("Q75: events named ping are heartbeats, whatever their data is", () => {
  for (const name of ["ping", "heartbeat", "keep-alive", "keepalive"]) {
    for (const data of ["{}", '{"type": "ping"}', "x"]) {
      const ping = `event: ${name}\ndata: ${data}\n\n`;
      const made = decodes(ping + event(hello) + ping + event(finish()) + ping + done);
      says(made, "Hello");
      assert.equal(made.chunks.length, 2);
      assert.equal(made.heartbeats, 3);
    }
  }
  // The name is of one event only.
  const made = decodes(`event: ping\ndata: {}\n\n${answer({ content: "Hello" })}`);
  assert.equal(made.chunks.length, 2);
});

test("Q76: an event named error is the provider's error, in JSON", () => {
  for (const [data, expected] of [
    [
      { error: { message: "Busy", type: "t", code: 429 } },
      { message: "Busy", type: "t", code: 429, status: 429 },
    ],
    [{ error: "Busy" }, { message: "Busy" }],
    [
      { message: "Busy", code: "x" },
      { message: "Busy", code: "x" },
    ],
    [{ detail: "Busy" }, { message: "Busy" }],
    [
      { object: "error", message: "Busy", code: 500 },
      { message: "Busy", code: 500, status: 500 },
    ],
    [[{ error: { message: "Busy" } }], { message: "Busy" }],
  ]) {
    for (const framed of [
      `event: error\ndata: ${json(data)}\n\n`,
      `data:${json(data)}\nevent:error\n\n`,
    ]) {
      const { error, chunks } = refuses(event(hello) + framed + done, expected);
      assert.equal(contentOf(error.partial), "Hello");
      assert.equal(chunks.length, 1);
      assert.deepEqual(error.raw, data);
    }
  }
});

test("Q76: an event named error is the provider's error, in plain text", () => {
  for (const [data, message] of [
    ["data: Too many requests", "Too many requests"],
    ["data:Zu viele Anfragen für 東京", "Zu viele Anfragen für 東京"],
    ["data: upstream died\ndata: try again", "upstream died\ntry again"],
    ['data: "a JSON string"', "a JSON string"],
    ["data: 503", "503"],
    ["data: {not JSON", "{not JSON"],
  ]) {
    const { error } = refuses(`${event(hello)}event: error\n${data}\n\n`, { message });
    assert.equal(contentOf(error.partial), "Hello");
    refuses(`event: error\n${data}\n\n`, { message });
    refuses(`event: error\n${data}`, { message });
  }
});

test("Q76: text as data that calls itself an error is one; other text is told in the error", () => {
  const { error: called } = refuses(event(hello) + event("error: out of memory"), {
    message: "out of memory",
  });
  assert.equal(contentOf(called.partial), "Hello");
  const { error } = fails(event(hello) + event("Too many requests"), DecodeError, "NOT_JSON");
  assert.ok(error.message.includes("Too many requests"), error.message);
  assert.equal(contentOf(error.partial), "Hello");
});

test("Q77: a field named error is the provider's error", () => {
  const payload = { code: 500, message: "context full", type: "server_error" };
  const expected = { ...payload, status: 500 };
  for (const start of ["error: ", "error:"]) {
    for (const text of [`${start}${json(payload)}\n\n`, `${start}${json(payload)}`]) {
      refuses(text, expected);
      const { error, chunks } = refuses(event(hello) + text, expected);
      assert.equal(contentOf(error.partial), "Hello");
      assert.equal(chunks.length, 1);
      assert.deepEqual(error.raw, payload);
    }
    refuses(`${start}${json({ error: payload })}\n\n`, expected);
    refuses(`${event(hello)}${start}out of memory\n\n`, { message: "out of memory" });
  }
});

test("Q78: an error without any framing is the provider's error", () => {
  const payload = { message: "request exceeds the available context size", code: 400 };
  const expected = { ...payload, status: 400 };
  for (const text of [
    json({ error: payload }),
    `${json({ error: payload })}\n`,
    `\n\n  ${JSON.stringify({ error: payload }, null, 2)}\r\n`,
    json([{ error: payload }]),
    `: ping\n\n${json({ error: payload })}\n\n`,
  ]) {
    const { error, chunks } = refuses(text, expected);
    assert.deepEqual(chunks, []);
    assert.deepEqual(Array.isArray(error.raw) ? error.raw[0] : error.raw, { error: payload });
  }
  refuses('{"detail":"Not Found"}', { message: "Not Found" });
});

const ndjson = (...all) => lines("\n", ...all.map((one) => json(one)));

test("Q79: JSON values, one a line, are taken for events", () => {
  for (const text of [
    ndjson(hello, world, finish()),
    ndjson(hello, world, finish()).trim(),
    `\n \n${lines("\r\n", json(hello), "", json(world), json(finish()))}`,
    json(hello) + json(world) + json(finish()),
    [hello, world, finish()].map((one) => JSON.stringify(one, null, 1)).join("\n"),
  ]) {
    const made = decodes(text, ["NOT_EVENT_STREAM"]);
    says(made);
    assert.equal(made.chunks.length, 3);
    assert.equal(countOf(made.issues, "NOT_EVENT_STREAM"), 1);
    assert.equal(made.issues[0].severity, "warning");
  }
});

test("Q79: JSON values in one array are taken for events", () => {
  const [first, second, last] = [hello, world, finish()].map((one) => json(one));
  for (const text of [
    `[${first},${second},${last}]`,
    `[${first},\n${second},\n${last}\n]\n`,
    ` [ ${first} , ${second} , ${last} ] `,
    `[${first}\n,\r\n${second}\n,\n${last}]`,
  ]) {
    const made = decodes(text, ["NOT_EVENT_STREAM"]);
    says(made);
    assert.equal(made.chunks.length, 3);
  }
});

test("Q79: they are delivered as they come", () => {
  const decoder = new StreamDecoder();
  assert.equal(decoder.feed(ndjson(hello)).length, 1);
  assert.equal(decoder.feed(ndjson(world, finish())).length, 2);
  assert.deepEqual(decoder.end(), []);
  assert.equal(contentOf(decoder.completion()), "Hello world");
  decoder.free();
});

test("Q79: what holds for events holds for them", () => {
  const { error } = refuses(ndjson(hello, { error: "model crashed" }), {
    message: "model crashed",
  });
  assert.equal(contentOf(error.partial), "Hello");
  fails(ndjson(hello, world), TruncatedError, "TRUNCATED");
  const cutValue = fails(ndjson(hello) + json(world).slice(0, -5), TruncatedError, "TRUNCATED");
  assert.equal(cutValue.chunks.length, 1);
  // Brackets and quotes in texts are no brackets and quotes.
  const odd = '}]{[",:\\"\\\\';
  says(decodes(ndjson(delta({ content: odd }), finish()), ["NOT_EVENT_STREAM"]), odd);
});

test("Q80: events are cut anywhere, and several come at once", () => {
  const text = answer({ content: "Hello" }, { content: " world" });
  const made = decodes(text); // at every place
  says(made);
  assert.equal(made.chunks.length, 3);
  const decoder = new StreamDecoder();
  const counts = [10, 60, 61, 62, text.length].map((end, i, all) => {
    return decoder.feed(bytesOf(text).subarray(i === 0 ? 0 : all[i - 1], end)).length;
  });
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    3,
  );
  assert.deepEqual(decoder.feed(new Uint8Array()), []);
  decoder.free();
});

test("Q81: characters of several bytes are cut at any of them", () => {
  const made = decodes(
    answer({ content: "é€😀" }, { content: "中文\u07ff\uffff\u{10ffff}" }, { reasoning: "ß" }),
  );
  says(made, "é€😀中文\u07ff\uffff\u{10ffff}");
  assert.equal(made.message.reasoning, "ß");
});

/** An event whose content is these bytes. */
const rawContent = (...bytes) =>
  Buffer.concat([
    Buffer.from('data: {"id":"c1","choices":[{"index":0,"delta":{"content":"'),
    Buffer.from(bytes),
    Buffer.from('"}}]}\n\n'),
  ]);

test("Q82: bytes that are not UTF-8 become U+FFFD", () => {
  const tail = Buffer.from(stream(finish()));
  for (const [bytes, text] of [
    [[0x61, 0xff, 0x62], "a\ufffdb"],
    [[0xe6, 0x9d], "\ufffd"],
    [[0xc0, 0x80], "\ufffd\ufffd"],
    [[0xed, 0xa0, 0xbd], "\ufffd\ufffd\ufffd"],
  ]) {
    const made = decodes(Buffer.concat([rawContent(...bytes), tail]), ["INVALID_UTF8"]);
    says(made, text);
    assert.equal(made.chunks[0].choices[0].delta.content, text);
    assert.equal(made.issues[0].severity, "warning");
    assert.equal(made.issues[0].event, 0);
  }
});

test("Q82: half a character stays half a character, whatever the next event brings", () => {
  const halves = [rawContent(0xe4), rawContent(0xb8, 0xad), Buffer.from(stream(finish()))];
  const made = decodes(Buffer.concat(halves), ["INVALID_UTF8"]);
  says(made, made.chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join(""));
  says(made, "\ufffd\ufffd\ufffd");
});

test("Q82: under a contract they are no JSON", () => {
  const strict = Buffer.concat([
    Buffer.from(
      'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"finish_reason":null,"delta":{"content":"',
    ),
    Buffer.from([0xff]),
    Buffer.from('"}}]}\n\n'),
  ]);
  fails(strict, DecodeError, "NOT_JSON", { contract: "openai" });
});

test("Q83: events never tell half a pair of surrogates, in texts that come side by side", () => {
  const pieces = [
    { content: "a\ud83d", reasoning: "\ud83d" },
    { content: "\ude00b" },
    { reasoning: "\ude80", content: "\ud83d" },
  ];
  const decoder = new StreamDecoder();
  const events = [answer(...pieces), undefined].flatMap(
    (read) => decoder.take(read, "events").events,
  );
  assert.deepEqual(
    events.map(({ type, text }) => [type, text]),
    [
      ["text", "a"],
      ["text", "\u{1f600}b"],
      ["reasoning", "\u{1f680}"],
      ["text", "\ud83d"], // nothing more came
    ],
  );
});

test("Q83: a surrogate pair in two deltas is one character, in every channel", () => {
  const halves = ["\ud83d", "\ude00"];
  for (const [make, read] of [
    [(half) => ({ content: half }), ({ content }) => content],
    [(half) => ({ reasoning: half }), ({ reasoning }) => reasoning],
    [(half) => ({ reasoning_content: half }), ({ reasoningContent }) => reasoningContent],
    [(half) => ({ refusal: half }), ({ refusal }) => refusal],
    [
      (half) => ({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: half } }] }),
      ({ toolCalls }) => toolCalls[0].function.arguments,
    ],
  ]) {
    const text = answer(...["a", ...halves, "b"].map(make));
    assert.ok(!text.includes("😀") && text.includes("\\ud83d"));
    const { error, completion: made } = decoded(text);
    assert.equal(error, undefined);
    assert.equal(read(made.choices[0].message), "a😀b");
  }
});

test("Q83: chunks have the halves that they came with", () => {
  const made = decodes(answer({ content: "\ud83d" }, { content: "\ude00" }));
  assert.deepEqual(
    made.chunks.slice(0, 2).map((chunk) => chunk.choices[0].delta.content),
    ["\ud83d", "\ude00"],
  );
});

test("Q83: halves of different channels and choices do not meet, and lone ones stay", () => {
  const of = (index, members) => ({ id: "c1", choices: [{ index, delta: members }] });
  const made = decodes(
    stream(
      of(0, { content: "\ud83d", reasoning: "\ud83c" }),
      of(1, { content: "\ud83e" }),
      of(0, { reasoning: "\udf0d" }),
      of(1, { content: "\udd14" }),
      of(0, { content: "\ude00 \ud800" }),
      of(1, { content: "\udc00!" }),
      finish(),
      { id: "c1", choices: [{ index: 1, delta: {}, finish_reason: "stop" }] },
    ),
  );
  assert.equal(made.message.content, "\ud83d\ude00 \ud800");
  assert.equal(made.message.reasoning, "\u{1f30d}");
  assert.equal(made.choices[1].message.content, "\u{1f914}\udc00!");
});

test("Q84: a stream that ends with neither a finish reason nor [DONE] is truncated", () => {
  const { error, state, chunks, snapshot } = fails(
    cutOff(hello, world, { ...delta({}), usage: { completion_tokens: 2 } }),
    TruncatedError,
    "TRUNCATED",
  );
  assert.equal(state, "truncated");
  assert.equal(chunks.length, 3);
  assert.equal(contentOf(error.partial), "Hello world");
  assert.equal(error.partial.id, "c1");
  assert.equal(error.partial.usage.completionTokens, 2);
  assert.deepEqual(snapshot, error.partial);
  assert.deepEqual(error.toolCalls, []);
  // Heartbeats are no answer.
  fails(": ping\n\n: ping\n\n", TruncatedError);
});

test("Q84: it says how far each tool call came", () => {
  const { error } = fails(
    cutOff(
      calls({ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }),
      calls({ index: 1, id: "b", type: "function", function: { name: "g", arguments: '{"y' } }),
    ),
    TruncatedError,
    "TRUNCATED",
  );
  assert.deepEqual(error.toolCalls, [
    { choice: 0, toolCall: 0, id: "a", name: "f", state: "complete" },
    { choice: 0, toolCall: 1, id: "b", name: "g", state: "truncated" },
  ]);
});

test("Q85: [DONE] without a finish reason is a complete answer, with a warning", () => {
  for (const events of [
    [hello, world],
    [hello, world, delta({}, { finish_reason: null })],
  ]) {
    const made = decodes(stream(...events), ["FINISH_REASON_MISSING"]);
    says(made);
    assert.equal(made.choices[0].finishReason ?? null, null);
    assert.equal(unifiedFinishReason(made.choices[0]), "unknown");
    assert.equal(countOf(made.issues, "FINISH_REASON_MISSING"), 1);
    assert.equal(made.issues[0].severity, "warning");
  }
});

const broken = ['{"id":"c1","choices":[{]}', "not JSON", "{'a':1}", '{"choices":[', "5", '"text"'];

test("Q86: a malformed event between good ones fails the stream; what came stays", () => {
  for (const bad of broken) {
    const text = event(hello) + event(bad) + event(world) + event(finish()) + done;
    const { error, chunks, state } = decoded(text);
    assert.ok(error instanceof DecodeError, bad);
    assert.ok(["NOT_JSON", "TRUNCATED", "BAD_TYPE"].includes(error.code), error.code);
    assert.equal(state, "failed", bad);
    assert.equal(chunks.length, 1);
    assert.equal(contentOf(error.partial), "Hello");
    const issue = error.issues.find(({ severity }) => severity === "error");
    assert.equal(issue.event, 1);
    assert.ok(issue.offset >= event(hello).length, `${issue.offset}`);
    assert.ok(issue.offset <= event(hello).length + event(bad).length, `${issue.offset}`);
  }
});

test("Q86: or it is passed over, with its issue", () => {
  for (const bad of broken) {
    const made = decoded(event(hello) + event(bad) + event(world) + event(finish()) + done, {
      onBadEvent: "skip",
    });
    assert.equal(made.error, undefined, bad);
    says(made);
    assert.equal(made.chunks.length, 3);
    assert.equal(made.state, "complete");
    assert.equal(made.issues.length, 1);
    assert.equal(made.issues[0].event, 1);
  }
  // The provider's error is never passed over.
  refuses(
    event(hello) + event({ error: { message: "m" } }) + done,
    { message: "m" },
    {
      onBadEvent: "skip",
    },
  );
});

test("Q87: a long line is an event like others", () => {
  const url = `data:image/png;base64,${"iVBORw0KGgo".repeat(200_000)}`;
  const bytes = bytesOf(
    answer({ content: "x", images: [{ type: "image_url", image_url: { url } }] }),
  );
  const reads = Array.from({ length: Math.ceil(bytes.length / 16384) }, (_, i) =>
    bytes.subarray(i * 16384, (i + 1) * 16384),
  );
  for (const made of [run([bytes]), run(reads)]) {
    assert.equal(made.error, undefined);
    assert.equal(made.chunks[0].choices[0].delta.images[0].imageUrl.url, url);
    assert.equal(made.completion.choices[0].message.images[0].imageUrl.url, url);
  }
});

test("Q87: the limit of an event is seen before all of it came", () => {
  const limits = { eventBytes: 10_000 };
  const start = bytesOf('data: {"choices":[{"index":0,"delta":{"content":"');
  const more = bytesOf("x".repeat(1000));
  const decoder = new StreamDecoder({ limits });
  decoder.feed(event(hello));
  decoder.feed(start);
  let reads = 0;
  assert.throws(
    () => {
      for (; reads < 100; reads++) decoder.feed(more);
    },
    (error) => {
      assert.ok(error instanceof LimitError);
      assert.equal(error.code, "LIMIT");
      assert.equal(error.limit, "eventBytes");
      assert.equal(contentOf(error.partial), "Hello");
      return true;
    },
  );
  assert.ok(reads < 12, `${reads}`);
  assert.equal(decoder.state, "failed");
  decoder.free();
});

test("Q87: many events that are shorter than the limit are fine", () => {
  const text = stream(...Array.from({ length: 100 }, () => hello), finish());
  const limits = { eventBytes: json(hello).length + 10 };
  assert.equal(run([bytesOf(text)], { limits }).error, undefined);
  const { error } = run([bytesOf(text)], { limits: { eventBytes: json(hello).length - 1 } });
  assert.equal(error?.limit, "eventBytes");
});

test("Q88: compressed bytes are told from text", () => {
  const gzip = gzipSync(answer({ content: "Hello" }));
  const zstd = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x41, 0x00, 0x00, 0x61, 0x0a);
  for (const bytes of [gzip, zstd]) {
    const { error } = fails(bytes, DecodeError, "NOT_JSON");
    assert.match(error.message, /compressed/);
  }
});

// ---- Other things than streams: section 1 -------------------------------------------------------

const whole = completion(
  {
    role: "assistant",
    content: "Hi 😀",
    reasoning: "r",
    tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }],
  },
  { finish_reason: "tool_calls", logprobs: null, native_finish_reason: "tool_use" },
  {
    object: "chat.completion",
    created: 5,
    model: "m",
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    provider: "Some",
  },
);

test("Q50: a whole body in place of a stream is taken for one", () => {
  for (const text of [
    json(whole),
    `${json(whole)}\n`,
    `\n         \n\n  ${JSON.stringify(whole, null, 2)}\r\n`,
  ]) {
    const made = decoded(text);
    assert.equal(made.error, undefined, made.error?.message);
    assert.ok(codesOf(made.issues).includes("BODY_IN_STREAM"));
    assert.equal(countOf(made.issues, "BODY_IN_STREAM"), 1);
    assert.deepEqual(made.completion, decode(json(whole)));
    assert.equal(made.chunks.length, 1);
    assert.equal(made.state, "complete");
    assert.equal(made.done, true);
  }
});

test("Q50: also as the data of an event", () => {
  const made = decoded(event(whole) + done);
  assert.equal(made.error, undefined, made.error?.message);
  assert.ok(made.issues.some(({ code }) => /^(BODY_IN_STREAM|MESSAGE_IN_CHUNK)$/.test(code)));
  assert.deepEqual(made.completion, decode(json(whole)));
});

test("Q50: a body that is cut off is truncated", () => {
  const text = json(whole);
  const { error } = fails(text.slice(0, text.indexOf("Hi ") + 2), TruncatedError, "TRUNCATED");
  assert.equal(error.partial?.id ?? "c1", "c1");
});

test("Q49: [DONE] after a whole body", () => {
  for (const text of [`${json(whole)}\n\n${done}`, `${json(whole)}data: [DONE]`]) {
    const made = decoded(text);
    assert.equal(made.error, undefined, made.error?.message);
    assert.deepEqual(made.completion, decode(json(whole)));
  }
});

test("Q51: HTML", () => {
  const page =
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>x</body></html>";
  for (const text of [page, `\n\n${page}`, `\ufeff${page}`]) {
    const { error } = fails(text, DecodeError, "HTML_BODY");
    assert.equal(error.issues[0].received, "502 Bad Gateway");
  }
});

test("Q52: nothing at all", () => {
  for (const text of ["", " ", "\n\n\r\n\t", "\ufeff"]) fails(text, DecodeError, "EMPTY_BODY");
  const decoder = new StreamDecoder();
  assert.throws(() => decoder.end(), { code: "EMPTY_BODY" });
  decoder.free();
});

test("Q53: Cloudflare's envelope", () => {
  const refused = {
    result: null,
    success: false,
    errors: [{ code: 7009, message: "Upstream" }],
    messages: [],
  };
  for (const text of [json(refused), event(refused)])
    refuses(text, { message: "Upstream", code: 7009 });
  const made = decoded(json({ result: whole, success: true, errors: [], messages: [] }));
  assert.equal(made.error, undefined, made.error?.message);
  assert.ok(codesOf(made.issues).includes("ENVELOPE_UNWRAPPED"));
  assert.deepEqual(made.completion, decode(json(whole)));
});

// ---- The shapes of errors: section 2 ------------------------------------------------------------

/** An error as an event among others, as the first event, and without framing. */
function refusesEverywhere(shape, expected) {
  refuses(json(shape), expected);
  refuses(event(shape), expected);
  const made = refuses(event(hello) + event(shape) + event(world) + done, expected);
  assert.equal(contentOf(made.error.partial), "Hello");
  assert.equal(made.chunks.length, 1);
  assert.deepEqual(made.error.raw, shape);
  const issue = made.error.issues.find(({ code }) => code === "PROVIDER_ERROR");
  assert.equal(issue.event, 1);
  assert.equal(issue.offset, bytesOf(`${event(hello)}data: `).length);
  return made.error;
}

test("Q54: the code of an error is what was sent", () => {
  refusesEverywhere(
    { error: { message: "no", code: 429 } },
    { message: "no", code: 429, status: 429 },
  );
  refusesEverywhere({ error: { message: "no", code: "1301" } }, { message: "no", code: "1301" });
  refusesEverywhere({ error: { message: "no" } }, { message: "no" });
});

test("Q55: an error that is a text", () => {
  refusesEverywhere({ error: "model not found 😀" }, { message: "model not found 😀" });
});

test("Q56: an error of FastAPI", () => {
  refusesEverywhere({ detail: "Not Found" }, { message: "Not Found" });
  refusesEverywhere(
    { detail: [{ loc: ["body"], msg: "field required", type: "missing" }] },
    { message: "field required", type: "missing" },
  );
});

test("Q57: an error that is the event itself", () => {
  refusesEverywhere(
    { object: "error", message: "too long", type: "BadRequestError", code: 400 },
    { message: "too long", type: "BadRequestError", code: 400, status: 400 },
  );
  refusesEverywhere({ code: 400, details: "bad" }, { message: "bad", code: 400, status: 400 });
});

test("Q58: an error in a list", () => {
  const shape = [
    { error: { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT" } },
  ];
  refusesEverywhere(shape, { message: "API key not valid.", code: 400, status: 400 });
});

test("Q59: the metadata of an error", () => {
  const metadata = { raw: '{"error":{"message":"deep"}}', provider_name: "Some" };
  const error = refusesEverywhere(
    { error: { message: "Provider returned error", code: 502, metadata } },
    { message: "Provider returned error", code: 502, status: 502 },
  );
  assert.deepEqual(error.metadata, metadata);
});

test("Q60: what else an error has", () => {
  const payload = {
    message: "Failed",
    code: "tool_use_failed",
    failed_generation: "<f>{",
    innererror: { a: 1 },
  };
  const { error } = refusesEverywhere(
    { error: payload },
    { message: "Failed", code: "tool_use_failed" },
  );
  assert.equal(error.failedGeneration, "<f>{");
  assert.deepEqual(error.extra, { innererror: { a: 1 } });
});

test("Q61: an error beside an id and a usage", () => {
  const shape = { error: { message: "too long" }, id: "chatcmpl-1", usage: { prompt_tokens: 5 } };
  refusesEverywhere(shape, { message: "too long" });
});

test("Q62: plain text in place of a stream is told, bounded", () => {
  for (const text of ["Too many requests", "502 Bad Gateway\n", "Überlastet", "x".repeat(1000)]) {
    const { error } = fails(text, DecodeError, "NOT_JSON");
    assert.ok(!(error instanceof ProviderError));
    assert.ok(error.message.includes(text.trim().slice(0, 100)), error.message);
    assert.ok(error.message.length < 500);
  }
});

// ---- What breaks down between events --------------------------------------------------------------

test("Q78: words between events are told, in the server's own words", () => {
  const words = "upstream connect error or disconnect/reset before headers";
  const made = decoded(`${event(hello)}${words}\n`);
  assert.equal(made.error.name, "TruncatedError");
  const [told] = made.issues.filter(({ code }) => code === "LINE_WITHOUT_FIELD");
  assert.match(told.received, /^"?upstream connect error or disconnect/);
  assert.equal(told.offset, Buffer.byteLength(event(hello)));
  assert.equal(made.snapshot.choices[0].message.content, "Hello");
});

test("Q78: an error over several lines between events is the provider's error", () => {
  const error = JSON.stringify({ error: { message: "overloaded", code: 529 } }, null, 2);
  const { error: made } = decoded(`${event(hello)}${error}\n\n${event(world)}`);
  assert.equal(made.name, "ProviderError");
  assert.equal(made.message, "overloaded");
  assert.equal(made.partial.choices[0].message.content, "Hello");
});

test("a whole body that is cut off has all that came as its partial", () => {
  const body = JSON.stringify({
    id: "c",
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: "Hello world" } }],
  });
  for (const pretty of [body, JSON.stringify(JSON.parse(body), null, 2)]) {
    const at = pretty.indexOf("world") + 2;
    const { error } = decoded(pretty.slice(0, at));
    assert.equal(error.name, "TruncatedError");
    assert.equal(error.partial.id, "c");
    assert.equal(error.partial.choices[0].message.content, "Hello wo");
  }
});

test("an error that is cut off is the provider's error, as far as it came", () => {
  const { error } = decoded(`${event(hello)}data: {"error":{"type":"overloaded","message":"Too m`);
  assert.equal(error.name, "ProviderError");
  assert.equal(error.message, "Too m");
  assert.equal(error.partial.choices[0].message.content, "Hello");
});

test("a line that begins with a bracket is an array or [DONE], wherever it is cut", () => {
  const chunks = [delta({ content: "Hello" }), finish()].map((one) => JSON.stringify(one));
  for (const text of [`[${chunks}]`, `[\n${chunks.join(",\n")}\n]\n`, `: hi\n[${chunks}]\n`]) {
    const { completion, error } = decoded(text);
    assert.equal(error, undefined, error?.message);
    assert.equal(contentOf(completion), "Hello");
  }
});
