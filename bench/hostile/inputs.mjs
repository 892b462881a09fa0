// Inputs that are made to cost much, and what they are compared with: each a body, or the reads of a
// stream, of about a mebibyte or more.
const encoder = new TextEncoder();
const bytesOf = (text) => encoder.encode(text);

const completion = (message, more = {}) =>
  JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1760000000,
    model: "gpt-5",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Hi", ...message },
        finish_reason: "stop",
      },
    ],
    ...more,
    usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
  });
/** A completion with wire text in place of the value of a member that nobody knows. */
const withOdd = (text) => completion({}, { odd: 0 }).replace('"odd":0', `"odd":${text}`);
const repeated = (count, make, between = ",") =>
  Array.from({ length: count }, (_, i) => make(i)).join(between);

const chunk = (delta, more = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1760000000,
  model: "gpt-5",
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
const last = `${event(chunk({}, { finish_reason: "stop" }))}data: [DONE]\n\n`;
const call = (fragment) => event(chunk({ tool_calls: [fragment] }));
const first = event(chunk({ content: "Hi" }));
const words = "The quick brown fox jumps over the lazy dog, and nobody asks it why. ";

/** Bytes cut into reads. */
function cut(text, size = 1500) {
  const bytes = bytesOf(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

/** What the others are compared with. */
export const ordinary = {
  bodies: () =>
    bytesOf(
      completion({
        tool_calls: Array.from({ length: 900 }, (_, i) => ({
          id: `call_${i}`,
          type: "function",
          function: {
            name: "get_weather",
            arguments: JSON.stringify({ city: `City ${i}`, days: i }),
          },
        })),
      }),
    ),
  streams: () => cut(repeated(4000, (i) => event(chunk({ content: ` word${i % 97}` })), "") + last),
};

const million = 1_000_000;

export const bodies = {
  "nesting, 120 deep": () =>
    withOdd(`[${repeated(4000, () => "[".repeat(120) + "]".repeat(120))}]`),
  "nesting of objects, 120 deep": () =>
    withOdd(`[${repeated(700, () => `${'{"a":'.repeat(120)}1${"}".repeat(120)}`)}]`),
  "nesting, 10,000,000 deep": () => withOdd("[".repeat(10 * million)),
  "a million members": () => withOdd(`{${repeated(million, (i) => `"key ${i}":1`)}}`),
  "a million members of the completion": () =>
    completion({}, {}).replace('"usage"', `${repeated(million, (i) => `"key ${i}":1`)},"usage"`),
  "a million empty strings": () => withOdd(`[${repeated(million, () => '""')}]`),
  "a million numbers": () => withOdd(`[${repeated(million, (i) => i % 10)}]`),
  "a number of a million digits": () => withOdd("1".repeat(million)),
  "a fraction of a million digits": () => withOdd(`0.${"3".repeat(million)}`),
  "numbers of 800 digits": () =>
    withOdd(`[${repeated(1300, (i) => `0.${"7".repeat(800)}${i}e-${i % 300}`)}]`),
  "halfway cases of decimals": () =>
    withOdd(`[${repeated(20_000, (i) => `9007199254740993.${"0".repeat(30)}${i % 2}`)}]`),
  escapes: () => completion({ content: '\n\t"\\'.repeat(250_000) }),
  "escapes of six letters": () => completion({ content: "\u0001".repeat(200_000) }),
  "surrogate pairs as escapes": () =>
    completion({ content: "%" }).replace("%", "\\ud83d\\ude00".repeat(90_000)),
  "halves of surrogate pairs": () =>
    completion({ content: "%" }).replace("%", "\\ud83d".repeat(180_000)),
  "invalid UTF-8": () => {
    const bytes = bytesOf(completion({ content: "%".repeat(million) }));
    return bytes.map((byte) => (byte === 0x25 ? 0xff : byte));
  },
  "names with escapes": () => withOdd(`{${repeated(60_000, (i) => `"\\u0061\\u0062${i}":1`)}}`),
  "the same member a thousand times": () =>
    completion({}).replace('"usage"', `${repeated(40_000, () => '"model":"again"')},"usage"`),
  "the same list of choices again and again": () =>
    `{${repeated(10_000, () => '"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]')}}`,
  "the same unknown member again and again": () =>
    withOdd(`{${repeated(100_000, () => '"same":1')}}`),
  "unknown members with equal beginnings": () =>
    completion({}).replace(
      '"usage"',
      `${repeated(20_000, (i) => `"finish_reason_of_the_choice_at_hand_${i}":1`)},"usage"`,
    ),
  "members in reverse order": () =>
    `{"choices":[{"index":0,"finish_reason":"stop","message":{"tool_calls":[${repeated(
      900,
      (i) => `{"function":{"arguments":"{}","name":"f"},"type":"function","id":"c${i}"}`,
    )}],"content":null,"role":"assistant"}}]}`,
  "members in an order that changes": () =>
    `{"choices":[${repeated(1000, (i) => {
      const parts = [
        '"index":0',
        '"finish_reason":"stop"',
        '"logprobs":null',
        '"message":{"content":"Hi","role":"assistant"}',
      ];
      return `{${[...parts.slice(i % 4), ...parts.slice(0, i % 4)].join(",")}}`;
    })}]}`,
  "a thousand choices": () =>
    `{"choices":[${repeated(1000, (i) => `{"index":${i},"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}`)}]}`,
  "a thousand choices of the same index": () =>
    `{"choices":[${repeated(1000, () => '{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}')}]}`,
  "tool calls without id": () =>
    completion({
      tool_calls: Array.from({ length: 1000 }, () => ({
        function: { name: "f", arguments: "{}" },
      })),
    }),
  "values of wrong types": () =>
    completion({
      tool_calls: Array.from({ length: 1000 }, () => ({
        id: 5,
        type: [],
        function: { name: {}, arguments: { a: 1 } },
      })),
    }),
  "white space": () => withOdd(`[${" \n\t\r".repeat(250_000)}1]`),
  "a page": () => `<html>${"<p>".repeat(300_000)}`,
  "what is cut off": () => completion({ content: words.repeat(15_000) }).slice(0, -200),
};

export const streams = {
  "a million empty events": () => cut(`${"data:\n\n".repeat(million)}${last}`),
  "a million blank lines": () => cut(`${first}${"\n".repeat(million)}${last}`),
  "a million comments": () => cut(`${": ping\n".repeat(million)}${last}`),
  "a million lines of one event": () =>
    cut(`data: {\n${"data: \n".repeat(million)}data: }\n\n${last}`),
  "a million unknown fields": () => cut(`${first}${"x: y\n".repeat(million)}\n${last}`),
  "lines that are no fields": () => cut(`${first}${"nonsense\n".repeat(100_000)}\n${last}`),
  "a million tool argument deltas of one byte": () =>
    cut(
      call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "[" } }) +
        call({ index: 0, function: { arguments: "1" } }).repeat(million / 10) +
        last,
    ),
  "content deltas of one byte": () => cut(event(chunk({ content: "x" })).repeat(20_000) + last),
  "a thousand tool calls in turns": () =>
    cut(
      repeated(
        1000,
        (i) =>
          call({ index: i, id: `c${i}`, type: "function", function: { name: "f", arguments: "" } }),
        "",
      ) +
        repeated(10_000, (i) => call({ index: (i * 7) % 1000, function: { arguments: "1" } }), "") +
        last,
    ),
  "huge indices of tool calls": () =>
    cut(
      repeated(
        1000,
        (i) =>
          call({
            index: 2 ** 31 - 1 - i * 65_537,
            id: `c${i}`,
            function: { name: "f", arguments: "{}" },
          }),
        "",
      ) + last,
    ),
  "tool calls without index or id": () =>
    cut(repeated(1000, () => call({ function: { name: "f", arguments: "{}" } }), "") + last),
  "a thousand choices in turns": () =>
    cut(
      repeated(
        10_000,
        (i) => event({ choices: [{ index: (i * 13) % 1000, delta: { content: "x" } }] }),
        "",
      ) +
        repeated(
          1000,
          (i) => event({ choices: [{ index: i, delta: {}, finish_reason: "stop" }] }),
          "",
        ),
    ),
  "chunks with unknown members": () =>
    cut(
      repeated(
        2000,
        (i) => event({ ...chunk({ content: "x" }), [`odd ${i}`]: { deep: [i] } }),
        "",
      ) + last,
    ),
  "the same unknown members again and again": () =>
    cut(
      event({
        ...chunk({ content: "x" }),
        ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`odd ${i}`, i])),
      }).repeat(2000) + last,
    ),
  "an event of many lines": () =>
    cut(
      `${JSON.stringify(chunk({ content: words.repeat(10_000) }), null, 1)
        .split("\n")
        .map((line) => `data: ${line}\n`)
        .join("")}\n${last}`,
    ),
  "reads of one byte": () =>
    cut(repeated(1000, (i) => event(chunk({ content: ` word${i}` })), "") + last, 1),
  "one event of a mebibyte, in reads of 16 bytes": () =>
    cut(event(chunk({ content: words.repeat(15_000) })) + last, 16),
  "bare JSON in reads of one byte": () =>
    cut(
      repeated(1000, (i) => `${JSON.stringify(chunk({ content: ` word${i}` }))}\n`, ""),
      1,
    ),
  "events that are skipped": () => cut(`${first}${"data: {nonsense}\n\n".repeat(40_000)}${last}`),
  "deltas that repeat all before them": () =>
    cut(repeated(1000, (i) => event(chunk({ content: words.repeat(1 + i / 50) })), "") + last),
};
