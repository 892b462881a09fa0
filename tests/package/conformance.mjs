// What chatwire comes to must be the same wherever JavaScript runs: one file for all runtimes and all
// bundles, which uses nothing of any of them. It is compared with what the modules come to that the
// package is bundled from; that this is right is for the tests of tests/js.
import { expected, samples } from "./data.mjs";

const utf8 = new TextEncoder();
const names = Object.keys(samples);
const bodies = names.filter((name) => name.endsWith(".json"));
const streams = names.filter((name) => !name.endsWith(".json"));
const sizes = [1, 7, 64, 1000, Number.POSITIVE_INFINITY];

/** FNV-1a, since a whole value is too long to be listed: two that differ are told apart. */
function hashOf(value) {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(value) ?? "undefined") {
    hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

function piecesOf(bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

const codesOf = (issues) => issues.map(({ code, path }) => `${code} ${path.join(".")}`.trim());

/** An error, as a program tells it from others. */
function errorOf(chatwire, error) {
  const classes = ["ProviderError", "LimitError", "TruncatedError", "DecodeError", "ChatwireError"];
  const kind = classes.filter((name) => error instanceof chatwire[name]);
  if (kind.length === 0) throw error;
  const { code, status, offset, toolCalls } = error;
  return { kind, code, status, offset, toolCalls, partial: hashOf(error.partial) };
}

function bodyResult(chatwire, body, options) {
  const { ok, value, error, issues } = chatwire.safeDecode(body, options);
  const codes = codesOf(issues);
  if (!ok) return { error: errorOf(chatwire, error), codes };
  const [{ message, finishReason }] = value.choices;
  return {
    text: chatwire.messageText(message),
    reasoning: chatwire.messageReasoning(message),
    finishReason,
    calls: message.toolCalls?.map((call) => chatwire.parseToolArguments(call).value),
    tokens: value.usage && chatwire.totalTokens(value.usage),
    codes,
    hash: hashOf(value),
    encoded: hashOf(JSON.parse(chatwire.encode(value))),
  };
}

async function streamResult(chatwire, source, options) {
  const stream = chatwire.decodeStream(source, options);
  const counts = {};
  let error;
  try {
    for await (const { type } of stream.events()) counts[type] = (counts[type] ?? 0) + 1;
  } catch (thrown) {
    error = errorOf(chatwire, thrown);
  }
  const whole = stream.snapshot();
  const [first] = whole.choices;
  return {
    counts: Object.entries(counts).sort(), // within one read, issues come first
    error,
    text: first && chatwire.messageText(first.message),
    tokens: whole.usage && chatwire.totalTokens(whole.usage),
    codes: codesOf(stream.issues),
    hash: hashOf(whole),
  };
}

/** The same, without promises. */
function decoderResult(chatwire, pieces) {
  const decoder = new chatwire.StreamDecoder();
  let chunks = 0;
  try {
    for (const piece of pieces) chunks += decoder.feed(piece).length;
    chunks += decoder.end().length;
    return { chunks, hash: hashOf(decoder.completion()) };
  } catch (error) {
    return { chunks: chunks + error.chunks.length, error: errorOf(chatwire, error) };
  } finally {
    decoder.free();
  }
}

/** As a server that passes a stream on: decoded on its way, and encoded again for others. */
async function proxied(chatwire, bytes) {
  const chunks = new Response(bytes).body.pipeThrough(new chatwire.ChatCompletionDecoderStream());
  return hashOf(await new Response(chatwire.encodeStream(chunks)).text());
}

/** A source that gives its pieces when they are asked for, as the body of a response does. */
function sourceOf(pieces) {
  const left = pieces.values();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

const broken = {
  "no bytes": "",
  "a page": "<!doctype html><title>Busy</title>",
  "no JSON": "upstream connect error",
  "too deep": `{"choices":[],"deep":${"[".repeat(200)}${"]".repeat(200)}}`,
  "an error": '{"error":{"message":"No credits left","code":402}}',
};

/** Every case: its name, and what gives its result. */
function* cases(chatwire) {
  for (const name of bodies) {
    yield [`${name}, bytes`, () => bodyResult(chatwire, utf8.encode(samples[name]))];
    yield [`${name}, text`, () => bodyResult(chatwire, samples[name])];
  }
  for (const contract of Object.keys(chatwire.contracts)) {
    for (const name of ["plain.json", "tool-calls.json"])
      yield [
        `${name} under ${contract}`,
        () => bodyResult(chatwire, utf8.encode(samples[name]), { contract }),
      ];
    yield [
      `chat.sse under ${contract}`,
      () => streamResult(chatwire, samples["chat.sse"], { contract }),
    ];
  }
  for (const name of streams) {
    const bytes = utf8.encode(samples[name]);
    // However it is cut, it is the same stream.
    for (const size of sizes) {
      yield [name, () => streamResult(chatwire, sourceOf(piecesOf(bytes, size))), size];
      yield [`${name}, read by read`, () => decoderResult(chatwire, piecesOf(bytes, size)), size];
    }
    const half = bytes.subarray(0, bytes.length >> 1);
    yield [`${name}, broken off`, () => streamResult(chatwire, half)];
  }
  yield ["chat.sse, passed on", () => proxied(chatwire, utf8.encode(samples["chat.sse"]))];
  for (const [name, text] of Object.entries(broken))
    yield [name, () => bodyResult(chatwire, utf8.encode(text))];
}

/** The results of all cases, by their names; one for those that must be the same. */
export async function results(chatwire) {
  const all = {};
  for (const [name, run, size] of cases(chatwire)) {
    const result = JSON.parse(JSON.stringify(await run()));
    const before = all[name];
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(result))
      throw new Error(`${name}: in pieces of ${size} bytes it is another`);
    all[name] = result;
  }
  return all;
}

/**
 * Runs all cases.
 * @param chatwire the module, as it is imported
 * @returns `{ passed, failures }`: how many are as expected, and what is said of others
 */
export async function conformance(chatwire) {
  await Promise.all([chatwire.init(), chatwire.init()]);
  const all = await results(chatwire);
  const failures = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(all)])) {
    const [is, should] = [all[name], expected[name]].map((result) => JSON.stringify(result));
    if (is !== should) failures.push(`${name}: is ${is}, should be ${should}`);
  }
  return { passed: Object.keys(all).length - failures.length, failures };
}
