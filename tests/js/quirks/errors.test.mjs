// How providers report errors where a completion should have been: section 2 of the list of quirks.
// The same shapes in streams (events named `error`, plain text as data) are the stream tests'.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, ProviderError } from "chatwire";
import { body, chunk, completion, delta } from "./support.mjs";

/** Both of a body and of a chunk. */
function refuses(input, expected) {
  chunk.refuses(input, expected);
  return body.refuses(input, expected);
}

test("Q54: the code is what was sent; where it is an HTTP status, that too", () => {
  for (const [code, status] of [
    [429, 429],
    ["429", 429],
    [400, 400],
    [599, 599],
    [399, undefined],
    [600, undefined],
    [0, undefined],
    [-1, undefined],
    [1301, undefined],
    [450.5, undefined],
    ["invalid_api_key", undefined],
    ["", undefined],
  ]) {
    const error = refuses({ error: { message: "no", code } }, { message: "no", code, status });
    assert.equal(error.error.code, code);
  }
});

test("Q54: type, param and code may be missing or null; what does not fit is kept", () => {
  refuses({ error: { message: "no" } }, { message: "no" });
  refuses({ error: { message: "no", type: null, param: null, code: null } }, { message: "no" });
  refuses(
    { error: { message: "no", type: "t", param: "messages[0]", code: "c" } },
    { message: "no", type: "t", param: "messages[0]", code: "c" },
  );
  const error = refuses(
    { error: { message: "no", type: 5, param: ["a"], code: { deep: 1 }, metadata: "x" } },
    { message: "no" },
  );
  assert.deepEqual(error.error, {
    message: "no",
    extra: { type: 5, param: ["a"], code: { deep: 1 }, metadata: "x" },
  });
});

test("Q54: an error without a message is an error all the same", () => {
  const silent = "The provider sent an error without a message.";
  for (const error of [{ code: 500 }, { message: null, code: 500 }, { message: 5, code: 500 }]) {
    refuses({ error }, { message: silent, code: 500, status: 500 });
  }
  body.refuses({ error: {} }, { message: silent });
});

test("Q54: some call the HTTP status so", () => {
  refuses({ error: { message: "slow down", status: 429 } }, { message: "slow down", status: 429 });
  refuses(
    { status: 404, error: "Not Found", path: "/v1/x" },
    { message: "Not Found", status: 404 },
  );
});

test("Q55: an error that is a text", () => {
  const error = refuses({ error: "model not found" }, { message: "model not found" });
  assert.equal(error.error.message, "model not found");
  refuses({ error: "Schlüssel ungültig 😀" }, { message: "Schlüssel ungültig 😀" });
  refuses(
    { error: "no", code: "invalid", type: "t" },
    { message: "no", code: "invalid", type: "t" },
  );
  // Beside choices, what stands around it is the completion's.
  const partial = { ...completion({ content: "x" }), error: "cut off" };
  assert.deepEqual(body.refuses(partial, { message: "cut off" }).error, { message: "cut off" });
});

test("Q56: detail as a text, an object, or a list of what is wrong", () => {
  refuses({ detail: "Not Found" }, { message: "Not Found" });
  refuses({ detail: { error: { message: "deep", code: 1 } } }, { message: "deep", code: 1 });
  refuses({ detail: ["first", "second"] }, { message: "first" });
  const input = {
    detail: [
      { loc: ["body", "messages", 0], msg: "field required", type: "value_error.missing" },
      { loc: ["body"], msg: "another", type: "x" },
    ],
  };
  const error = refuses(input, { message: "field required", type: "value_error.missing" });
  assert.deepEqual(error.error.extra.loc, ["body", "messages", 0]);
});

test("Q57: an error that is the body itself", () => {
  refuses(
    {
      object: "error",
      message: "max_tokens too large",
      type: "BadRequestError",
      param: null,
      code: 400,
    },
    { message: "max_tokens too large", type: "BadRequestError", code: 400, status: 400 },
  );
  refuses({ message: "Unauthorized" }, { message: "Unauthorized" });
  refuses({ code: 400, details: "bad field" }, { message: "bad field", code: 400, status: 400 });
  for (const name of ["msg", "error_msg", "error_message"]) {
    refuses({ [name]: "no", code: 17 }, { message: "no", code: 17 });
  }
  refuses(
    { base_resp: { status_code: 1004, status_msg: "login fail" } },
    { message: "login fail" },
  );
});

test("Q57: a completion may have a member called message, a chunk too", () => {
  body.decodes({ ...completion({ content: "x" }), message: "hello", detail: "d", errors: ["e"] });
  chunk.decodes({ ...delta({ content: "x" }), message: "hello", detail: "d" });
  chunk.decodes({ choices: [], message: "hello" });
  chunk.decodes({ usage: { prompt_tokens: 1 }, message: "hello" });
  body.fails({ base_resp: { status_code: 0, status_msg: "success" } }, [
    ["NO_CHOICES", "error", "choices", "{"],
  ]);
});

test("Q58: an error in a list", () => {
  const error = {
    code: 400,
    message: "API key not valid.",
    status: "INVALID_ARGUMENT",
    details: [{ "@type": "x" }],
  };
  const made = refuses([{ error }], { message: "API key not valid.", code: 400, status: 400 });
  assert.deepEqual(made.error, {
    message: "API key not valid.",
    code: 400,
    status: "INVALID_ARGUMENT",
    extra: { details: [{ "@type": "x" }] },
  });
  assert.equal(made.partial, undefined);
  refuses([{ error: { message: "first" } }, { error: { message: "second" } }], {
    message: "first",
  });
});

test("Q59: what is nested in the metadata stays there", () => {
  const metadata = {
    raw: '{"error":{"message":"upstream \\"says\\" so"}}',
    provider_name: "Some",
    error_type: "x",
    list: [{ a: null }],
  };
  const error = refuses(
    { error: { message: "Provider returned error", code: 429, metadata } },
    { message: "Provider returned error", code: 429, status: 429, metadata },
  );
  assert.equal(JSON.parse(error.metadata.raw).error.message, 'upstream "says" so');
});

test("Q60: what else an error has stays readable", () => {
  const error = {
    message: "Failed to call a function.",
    type: "invalid_request_error",
    code: "tool_use_failed",
    failed_generation: '<function=f{"a":1}',
    innererror: { content_filter_result: { hate: { filtered: true } } },
  };
  const made = refuses(
    { error },
    { message: error.message, type: "invalid_request_error", code: "tool_use_failed" },
  );
  assert.equal(made.error.failedGeneration, error.failed_generation);
  assert.deepEqual(made.error.extra, { innererror: error.innererror });
});

test("Q61: an error beside an id and a usage is an error", () => {
  const input = {
    error: { message: "Range of input length should be [1, 98304]", type: "invalid_request_error" },
    id: "chatcmpl-1",
    request_id: "r",
    usage: { prompt_tokens: 5 },
  };
  const made = refuses(input, { message: input.error.message, type: "invalid_request_error" });
  assert.equal(made.partial.id, "chatcmpl-1");
  assert.deepEqual(made.partial.usage, { promptTokens: 5 });
});

test("Q61: the error of a choice is the provider's as well", () => {
  const error = { code: 502, message: "Upstream idle", metadata: { provider_name: "Some" } };
  const expected = { message: "Upstream idle", code: 502, status: 502, metadata: error.metadata };
  const made = body.refuses(
    completion({ content: "half" }, { finish_reason: "error", error }),
    expected,
  );
  assert.equal(made.partial.choices[0].message.content, "half");
  chunk.refuses(delta({ content: "" }, { finish_reason: "error", error }), expected);
  const second = completion({ content: "x" });
  second.choices.push({ index: 1, message: {}, finish_reason: "error", error: "gone" });
  body.refuses(second, { message: "gone" });
  for (const none of [null, {}, "", false]) {
    body.decodes(completion({ content: "fine" }, { error: none }));
    chunk.decodes(delta({ content: "fine" }, { error: none }));
  }
});

test("Q61: errors in other places of chunks", () => {
  chunk.refuses(
    { x_groq: { id: "r", error: "stream broke off" } },
    { message: "stream broke off" },
  );
  const made = chunk.refuses(
    { ...delta({ content: "tail" }), error: { message: "m", code: 1 } },
    { message: "m", code: 1 },
  );
  assert.deepEqual(made.partial.error, { message: "m", code: 1 });
  assert.equal(made.partial.choices[0].delta.content, "tail");
});

// There is no status to take words from where there is only a body, so the text itself is shown.
test("Q62: plain text is told by its beginning, bounded", () => {
  for (const [text, shown] of [
    ["Too many requests", "Too many requests"],
    ["upstream connect error or disconnect/reset before headers", "upstream connect error"],
    ["502 Bad Gateway", "502 Bad Gateway"],
    ["Internal Server Error", "Internal Server Error"],
    ["null pointer", "null pointer"],
    ["not found\r\n", "not found"],
    ["- nothing", "- nothing"],
    ["Überlastet", "Überlastet"],
    ["x".repeat(100_000), "x".repeat(100)],
  ]) {
    for (const made of [body, chunk]) {
      const error = made.fails(text, [["NOT_JSON", "error", "", text]]);
      assert.ok(error.message.includes(shown), error.message);
      assert.ok(error.message.length < 500);
    }
  }
});

test("Q62: an error with a message without end stays readable in full", () => {
  const message = "é".repeat(100_000);
  const error = body.refuses({ error: { message } }, { message });
  assert.ok(error.issues[0].message.length < 1000);
});

test("Q54: an error of any shape is thrown by decode() as it is", () => {
  assert.throws(
    () => decode('{"error":"no"}'),
    (error) => error instanceof ProviderError,
  );
});
