// Reads of a few bytes, some of which wait for others: each shows what a single read of all the bytes up
// to its end shows, an event with the very byte that completes it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ChatwireError, decodeStream, StreamDecoder } from "chatwire";
import { bytesOf, calls, cutOff, delta, done, event, finish, stream } from "./support.mjs";

const answer = stream(delta({ content: "Hel" }), delta({ content: "lo }" }), finish());
const ends = (end) => answer.replaceAll("\n", end);
const bare = [delta({ content: "a\n]" }), finish()].map((data) => JSON.stringify(data));
const first = event(delta({ content: "Hi" }));
const long = "x".repeat(5000);

const streams = {
  "line feeds": ends("\n"),
  "carriage returns": ends("\r"),
  both: ends("\r\n"),
  "a byte order mark": `\ufeff${answer}`,
  "a byte order mark before bare JSON": `\ufeff{}${bare.join("")}`,
  "bare JSON in lines": bare.join("\n"),
  "bare JSON, one after the other": bare.join(""),
  "bare JSON in an array, and [DONE]": `[${bare}][DONE]`,
  "JSON between events, cut off by an event": `${first}{"choices":[\n${answer}`,
  "[DONE] in a line of its own": `${cutOff(delta({ content: "a" }))}[DONE]\n`,
  "events without blank lines": answer.replaceAll("\n\n", "\n"),
  "what comes after [DONE]": `${answer}: ping\n\n${first}`,
  "comments and pings": `: ping\n\n${first}:\nevent: ping\ndata: {}\n\nid: 7\nretry: 10\n${answer}`,
  "events like others": stream(
    ...Array.from("many words", (content) => delta({ content })),
    finish(),
  ),
  "tool calls": stream(
    calls({ index: 0, id: "a", function: { name: "f", arguments: "" } }),
    calls({ index: 0, function: { arguments: '{"a":' } }),
    calls({ index: 0, function: { arguments: "1}" } }),
    finish("tool_calls", { usage: { prompt_tokens: 1 } }),
  ),
  "an event of many lines": `data: {"choices":\ndata: [{"index":0,"delta":\ndata:{}}\ndata: ]}\n\n${done}`,
  "an event named error": `${first}event: error\ndata: {"message":"overloaded"}\n\n${answer}`,
  "a field named error": `${first}error: {"message":"overloaded"}\n\n`,
  "an error in the middle": `${first}${event({ error: { message: "no" } })}${answer}`,
  "an event that is no JSON": `${first}data: {nonsense}\n\n${answer}`,
  "lines that are no fields": `${first}nonsense [1]}\n[ERROR] no\nda\n${answer}`,
  "a long line that is no field": `${first}${long}\n${answer}`,
  "text before the first event": `upstream is\nslow\n[no]\n${answer}`,
  "other text": `upstream is gone ${long}`,
  "a page": `<html>${"<p>".repeat(1500)}`,
  "text in brackets": `[ERROR] ${long}`,
  "text after a bracket and blanks": `[${" ".repeat(4070)}ERROR ${long}`,
  "a long comment": `:${long}\n${answer}`,
  "white space": ` \n\t\n${answer.replaceAll("data: ", "data:   ")}`,
  "an event that is cut off": answer.slice(0, -60),
  "a body": `{"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]} `,
  nothing: "",
};

const optionsOf = {
  "as usual": {},
  "with small limits": { limits: { eventBytes: 90 } },
  "with events that are skipped": { onBadEvent: "skip" },
};

const members = ["state", "done", "heartbeats", "events", "usageUpdates", "issues"];

/** What a decoder shows, and what was given of chunks and errors so far. */
function shown(decoder, { chunks, error }) {
  const about = members.map((name) => decoder[name]);
  const { chunks: _, ...rest } = error ?? {};
  return structuredClone({ chunks, error: error && { ...rest, message: error.message }, about });
}

function attempt(made, act) {
  try {
    made.chunks.push(...act());
  } catch (error) {
    if (!(error instanceof ChatwireError)) throw error;
    made.chunks.push(...error.chunks);
    made.error = error;
  }
}

/** How much has shown, which tells when something does. */
const count = ({ chunks, error, about }) =>
  JSON.stringify([chunks.length, error === undefined, about.map((one) => one.length ?? one)]);

/** What a single read of bytes shows, and what the end after it. */
function atOnce(bytes, options) {
  const decoder = new StreamDecoder(options);
  const made = { chunks: [], error: undefined };
  attempt(made, () => decoder.feed(bytes));
  const open = shown(decoder, made);
  if (made.error === undefined) attempt(made, () => decoder.end());
  const ended = { ...shown(decoder, made), snapshot: decoder.snapshot() };
  decoder.free();
  return { open, ended };
}

describe("reads of a few bytes show what one read of them shows", () => {
  for (const [how, options] of Object.entries(optionsOf)) {
    for (const [name, text] of Object.entries(streams)) {
      it(`${name}, ${how}`, () => {
        const bytes = bytesOf(text);
        // Of long streams that is compared at some places, and before and after something has shown.
        const step = bytes.length > 2000 ? 37 : 1;
        for (const size of [1, 3, 16]) {
          const decoder = new StreamDecoder(options);
          const made = { chunks: [], error: undefined };
          let before = shown(decoder, made);
          for (let at = 0; at < bytes.length && made.error === undefined; at += size) {
            attempt(made, () => decoder.feed(bytes.subarray(at, at + size)));
            const now = shown(decoder, made);
            const hasChanged = count(now) !== count(before);
            const ends = [[at + size, now]];
            if (hasChanged && at !== 0) ends.push([at, before]);
            before = now;
            if (!hasChanged && (at / size) % step !== 0) continue;
            for (const [end, there] of ends) {
              const { open } = atOnce(bytes.subarray(0, end), options);
              assert.deepStrictEqual(there, open, `${end} bytes, in reads of ${size}`);
            }
          }
          if (made.error === undefined) attempt(made, () => decoder.end());
          const { ended } = atOnce(bytes, options);
          const snapshot = decoder.snapshot();
          assert.deepStrictEqual({ ...shown(decoder, made), snapshot }, ended);
          decoder.free();
        }
      });
    }
  }
});

describe("bytes that wait", () => {
  const start = 'data: {"choices":[{"index":0,"delta":{"content":"Once upon';
  const fed = (text, decoder = new StreamDecoder()) => {
    for (const byte of bytesOf(text)) decoder.feed(Uint8Array.of(byte));
    return decoder;
  };

  it("are there at the end", () => {
    const decoder = fed(start);
    assert.throws(() => decoder.end(), { name: "TruncatedError", offset: start.length });
    assert.equal(decoder.snapshot().choices[0].message.content, "Once upon");
  });

  it("are those of their own stream", () => {
    const one = new StreamDecoder();
    const other = new StreamDecoder();
    const [ones, others] = [answer, answer.replace("Hel", "Yel")].map(bytesOf);
    const content = { one: "", other: "" };
    const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("");
    for (let i = 0; i < ones.length; i++) {
      content.one += textOf(one.feed(ones.subarray(i, i + 1)));
      content.other += textOf(other.feed(others.subarray(i, i + 1)));
    }
    assert.deepEqual(content, { one: "Hello }", other: "Yello }" });
  });

  it("are forgotten by a reset", () => {
    const decoder = fed(start);
    decoder.reset();
    assert.equal(fed(answer, decoder).completion().choices[0].message.content, "Hello }");
  });

  it("are the caller's no more, who may write over them", () => {
    const decoder = new StreamDecoder();
    const buffer = new Uint8Array(1);
    for (const byte of bytesOf(answer)) {
      buffer[0] = byte;
      decoder.feed(buffer);
      buffer[0] = 0;
    }
    assert.equal(decoder.completion().choices[0].message.content, "Hello }");
  });

  it("go before a large read and before text", () => {
    const decoder = fed(start);
    const [chunk] = decoder.feed(bytesOf(`${" a time".repeat(20)}"}}]}\n\n`));
    assert.equal(chunk.choices[0].delta.content, `Once upon${" a time".repeat(20)}`);
    fed(start, decoder);
    assert.equal(decoder.feed('"}}]}\n\n').length, 1);
  });

  it("are there when the source fails", async () => {
    async function* source() {
      for (const byte of bytesOf(start)) yield Uint8Array.of(byte);
      throw new TypeError("terminated");
    }
    const decoded = decodeStream(source());
    await assert.rejects(decoded.finalCompletion(), { name: "TruncatedError" });
    assert.equal(decoded.snapshot().choices[0].message.content, "Once upon");
  });
});
