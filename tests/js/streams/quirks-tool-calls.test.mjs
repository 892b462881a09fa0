// How servers send tool calls in pieces: section 5 of the list of quirks. The tests are named by the
// quirks' numbers. `decodes` cuts every stream at every place.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DecodeError,
  LimitError,
  parseToolArguments,
  StreamDecoder,
  TruncatedError,
} from "chatwire";
import {
  answer,
  calling,
  calls,
  codesOf,
  cutOff,
  decoded,
  decodes,
  delta,
  event,
  fails,
  finish,
  stream,
} from "./support.mjs";

// ---- Fragments ----------------------------------------------------------------------------------

/** The first fragment of a call, without an index. */
const start = (id, name, text = "") => ({
  id,
  type: "function",
  function: { name, arguments: text },
});
/** A fragment of arguments, without an index. */
const more = (text, members = {}) => ({ ...members, function: { arguments: text } });
const at = (index, fragment) => ({ index, ...fragment });

/** What the calls of a message are: [id, name, arguments], the id only where the server sent it. */
const summary = (toolCalls) =>
  toolCalls.map((call) => [
    call.idSynthetic ? undefined : call.id,
    call.function.name,
    call.function.arguments,
  ]);

/** Decodes a stream of these fragments, a chunk each. */
function assertCalls(fragments, expected, codes = [], options = undefined) {
  const made = decodes(calling(...fragments), codes, options);
  assert.deepEqual(summary(made.calls), expected);
  for (const call of made.calls) {
    assert.ok(!("index" in call));
    assert.equal(call.type, "function");
    assert.ok(call.id.length > 0);
  }
  assert.equal(new Set(made.calls.map(({ id }) => id)).size, made.calls.length);
  assert.equal(made.choices[0].finishReason, "tool_calls");
  return made;
}

// ---- Which call a fragment belongs to -----------------------------------------------------------

test("Q108: without indices a new id is a new call", () => {
  assertCalls(
    [start("a", "f", '{"x":1}'), start("b", "g", '{"y":2}')],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
  );
  const both = stream(
    calls(start("a", "f", '{"x":1}'), start("b", "f", '{"x":1}')),
    finish("tool_calls"),
  );
  assert.deepEqual(summary(decodes(both).calls), [
    ["a", "f", '{"x":1}'],
    ["b", "f", '{"x":1}'],
  ]);
});

test("Q108: without index and id a fragment goes on with the last call", () => {
  assertCalls(
    [start("a", "f"), more('{"x":'), more("1}"), start("b", "g"), more('{"y":'), more("2}")],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
  );
});

test("Q108: without index and id a name after complete arguments is a new call", () => {
  const made = assertCalls(
    [
      { type: "function", function: { name: "f", arguments: '{"x":1}' } },
      { type: "function", function: { name: "g", arguments: '{"y":' } },
      more("2}"),
    ],
    [
      [undefined, "f", '{"x":1}'],
      [undefined, "g", '{"y":2}'],
    ],
    ["TOOL_CALL_ID_MISSING"],
  );
  assert.ok(made.calls.every(({ idSynthetic }) => idSynthetic === true));
});

test("Q108: a fragment of no call makes one", () => {
  const { error, completion } = decoded(calling(more('{"x":'), more("1}", { type: "function" })));
  assert.equal(error, undefined);
  assert.deepEqual(summary(completion.choices[0].message.toolCalls), [
    [undefined, undefined, '{"x":1}'],
  ]);
});

test("Q108: but not under a contract that knows no index", () => {
  const chunk = (tool_calls, finish_reason = null) => ({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { tool_calls }, finish_reason }],
  });
  const text = stream(
    chunk([{ function: { name: "", arguments: "{}" } }]),
    chunk([], "tool_calls"),
  );
  fails(text, DecodeError, "AMBIGUOUS_TOOL_CALL", { contract: "mistral" });
});

test("Q109: all calls have index 0, whole", () => {
  assertCalls(
    [at(0, start("a", "f", '{"x":1}')), at(0, start("b", "g", '{"y":2}'))],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
    ["TOOL_CALL_INDEX_REUSED"],
  );
  // The same call twice is two calls, if the ids say so.
  assertCalls(
    [at(0, start("a", "f", '{"x":1}')), at(0, start("b", "f", '{"x":1}'))],
    [
      ["a", "f", '{"x":1}'],
      ["b", "f", '{"x":1}'],
    ],
    ["TOOL_CALL_INDEX_REUSED"],
  );
});

test("Q109: all calls have index 0, in pieces", () => {
  assertCalls(
    [
      at(0, start("a", "f")),
      at(0, more('{"x":')),
      at(0, more("1}")),
      at(0, start("b", "g")),
      at(0, more('{"y":')),
      at(0, more("2}")),
    ],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
    ["TOOL_CALL_INDEX_REUSED"],
  );
});

test("Q109: a name with the new id is enough, and so are complete arguments", () => {
  assertCalls(
    [at(0, start("a", "f", '{"x"')), at(0, start("b", "g", '{"y":2}'))],
    [
      ["a", "f", '{"x"'],
      ["b", "g", '{"y":2}'],
    ],
    ["TOOL_CALL_INDEX_REUSED"],
  );
  assertCalls(
    [
      at(0, start("a", "f", '{"x":1}')),
      at(0, { id: "b", type: "function", function: { arguments: '{"y":2}' } }),
      at(0, { function: { name: "g" } }),
    ],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
    ["TOOL_CALL_INDEX_REUSED"],
  );
});

test("Q109: all of them in one chunk", () => {
  const made = decodes(
    stream(calls(at(0, start("a", "f", "{}")), at(0, start("b", "g", "{}"))), finish("tool_calls")),
    ["TOOL_CALL_INDEX_REUSED"],
  );
  assert.deepEqual(summary(made.calls), [
    ["a", "f", "{}"],
    ["b", "g", "{}"],
  ]);
});

test("Q110: other arguments on the same index without an id are not glued on", () => {
  const made = decodes(
    calling(at(0, start("a", "f", '{"a":1}')), at(0, more('{"b":2}', { type: "function" }))),
    ["AMBIGUOUS_TOOL_CALL", "TOOL_CALL_ID_MISSING"],
  );
  assert.deepEqual(summary(made.calls), [
    ["a", "f", '{"a":1}'],
    [undefined, undefined, '{"b":2}'],
  ]);
  const issue = made.issues.find(({ code }) => code === "AMBIGUOUS_TOOL_CALL");
  assert.equal(issue.severity, "warning");
  assert.equal(issue.event, 1);
});

test("Q111: an empty id or name is none", () => {
  assertCalls(
    [
      at(0, start("a", "f")),
      at(0, { id: "", type: "function", function: { name: "", arguments: '{"x":' } }),
      at(1, start("b", "g", '{"y":')),
      at(0, { id: "", type: "", function: { name: "", arguments: "1}" } }),
      at(1, { id: null, type: null, function: { name: null, arguments: "2}" } }),
      at(1, { id: "", type: "function", function: { name: "", arguments: "" } }),
    ],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
  );
  // Without indices, too.
  assertCalls(
    [start("a", "f"), { id: "", function: { name: "", arguments: '{"x":1}' } }],
    [["a", "f", '{"x":1}']],
  );
});

test("Q112: the id of a call on each of its fragments", () => {
  for (const index of [{ index: 0 }, {}]) {
    const fragment = (text) => ({ ...index, ...more(text, { id: "a", type: "function" }) });
    assertCalls(
      [{ ...index, ...start("a", "f") }, fragment('{"x":'), fragment("1}"), fragment("")],
      [["a", "f", '{"x":1}']],
    );
  }
  // Ids tell calls apart even where they take turns without an index.
  assertCalls(
    [
      start("a", "f", '{"x":'),
      start("b", "g", '{"y":'),
      more("1}", { id: "a" }),
      more("2}", { id: "b" }),
    ],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ],
  );
});

test("Q113: another id on each fragment of one call", () => {
  const made = assertCalls(
    [at(0, start("a", "f")), at(0, more('{"x":', { id: "b" })), at(0, more("1}", { id: "c" }))],
    [["a", "f", '{"x":1}']],
    ["TOOL_CALL_ID_CHANGED"],
  );
  assert.ok(made.issues.every(({ severity }) => severity === "warning"));
});

// ---- Names --------------------------------------------------------------------------------------

test("Q114: the name on each fragment", () => {
  const named = (text) => at(0, { function: { name: "read_file", arguments: text } });
  assertCalls(
    [at(0, start("a", "read_file")), named('{"x":'), named("1}"), named("")],
    [["a", "read_file", '{"x":1}']],
  );
  const withId = (text) => at(0, start("a", "read_file", text));
  assertCalls([withId(""), withId('{"x":'), withId("1}")], [["a", "read_file", '{"x":1}']]);
});

test("Q115: a name in pieces", () => {
  const name = (part) => at(0, { function: { name: part } });
  assertCalls(
    [at(0, start("a", "edit_ex")), name("isting_file"), at(0, more("{}"))],
    [["a", "edit_existing_file", "{}"]],
  );
  assertCalls(
    [at(0, start("a", "edit_")), name("existing"), name("_file"), at(0, more('{"x":1}'))],
    [["a", "edit_existing_file", '{"x":1}']],
  );
});

test("Q115: a name that grows", () => {
  const name = (part) => at(0, { function: { name: part } });
  assertCalls(
    [at(0, start("a", "edit")), name("edit_file"), name("edit_file_now"), at(0, more("{}"))],
    [["a", "edit_file_now", "{}"]],
  );
});

test("Q115: another name after the arguments have begun is not taken", () => {
  assertCalls(
    [at(0, start("a", "f", '{"x":')), at(0, { function: { name: "other", arguments: "1}" } })],
    [["a", "f", '{"x":1}']],
    ["TOOL_CALL_NAME_CHANGED"],
  );
});

test("Q116: arguments before the name, and a late id", () => {
  assertCalls(
    [
      at(0, { type: "function", function: { arguments: '{"x":' } }),
      at(0, { function: { name: "f" } }),
      at(0, { id: "a", function: { arguments: "1}" } }),
    ],
    [["a", "f", '{"x":1}']],
  );
  assertCalls(
    [at(0, { id: "a", type: "function" }), at(0, { function: { name: "f" } }), at(0, more("{}"))],
    [["a", "f", "{}"]],
  );
});

test("Q26: a type that never comes is `function`, and marked", () => {
  const made = decodes(calling(at(0, { id: "a", function: { name: "f", arguments: "{}" } })), [
    "TOOL_CALL_TYPE_MISSING",
  ]);
  assert.deepEqual(made.calls, [
    { id: "a", type: "function", function: { name: "f", arguments: "{}" }, typeSynthetic: true },
  ]);
});

test("Q25: an id that never comes is made up, and marked", () => {
  const fragment = (index) =>
    at(index, { type: "function", function: { name: "f", arguments: "{}" } });
  const made = decodes(calling(fragment(0), fragment(1)), ["TOOL_CALL_ID_MISSING"]);
  assert.ok(made.calls.every(({ id, idSynthetic }) => idSynthetic && /^call_/.test(id)));
  assert.notEqual(made.calls[0].id, made.calls[1].id);
});

test("Q25: an id that is made up stays what it is while the stream goes on", () => {
  const decoder = new StreamDecoder();
  const fragment = (index, text) =>
    at(index, { type: "function", function: { name: `f${index}`, arguments: text } });
  const seen = [];
  const look = () => seen.push(decoder.snapshot().choices[0].message.toolCalls.map(({ id }) => id));
  decoder.feed(event(calls(fragment(0, '{"x":'))));
  look();
  decoder.feed(event(calls(at(0, more("1}")))));
  decoder.feed(event(delta({ content: "text" })));
  look();
  decoder.feed(event(calls(fragment(1, "{}"))));
  look();
  decoder.feed(stream(finish("tool_calls")));
  decoder.end();
  const ids = decoder.completion().choices[0].message.toolCalls.map(({ id }) => id);
  assert.deepEqual(seen, [[ids[0]], [ids[0]], ids]);
  assert.notEqual(ids[0], ids[1]);
  decoder.free();
});

test("Q27: a custom tool's input is put together as text", () => {
  const made = decodes(
    calling(
      at(0, { id: "a", type: "custom", custom: { name: "shell", input: "ls" } }),
      at(0, { custom: { input: " -l {" } }),
    ),
  );
  assert.deepEqual(made.calls, [
    { id: "a", type: "custom", custom: { name: "shell", input: "ls -l {" } },
  ]);
});

test("Q28: the older form of a call is put together by itself", () => {
  const made = decodes(
    stream(
      delta({ role: "assistant", content: null, function_call: { name: "f", arguments: "" } }),
      delta({ function_call: { arguments: '{"x":' } }),
      delta({ function_call: { arguments: "1}" } }),
      delta({ function_call: null }),
      finish("function_call"),
    ),
  );
  assert.deepEqual(made.message.functionCall, { name: "f", arguments: '{"x":1}' });
  assert.ok(!("toolCalls" in made.message));
});

// ---- Arguments ----------------------------------------------------------------------------------

test("Q21: arguments that are JSON instead of a text", () => {
  const fragment = (given) =>
    at(0, { id: "a", type: "function", function: { name: "f", arguments: given } });
  const made = decodes(calling(fragment({ x: 1, s: 'a"b' })), ["ARGUMENTS_NOT_STRING"]);
  assert.equal(made.calls[0].function.arguments, '{"x":1,"s":"a\\"b"}');
});

test("Q117: a placeholder before the real arguments", () => {
  for (const [fragments, expected] of [
    [["{}", '{"x":1}'], '{"x":1}'],
    [["{}", '{"x"', ":1}"], '{"x":1}'],
    [["{", "}", '{"x":1}'], '{"x":1}'],
    [["null", '{"x":1}'], '{"x":1}'],
    [["{}", "", '{"x":1}'], '{"x":1}'],
  ]) {
    const [first, ...rest] = fragments;
    assertCalls(
      [at(0, start("a", "f", first)), ...rest.map((text) => at(0, more(text)))],
      [["a", "f", expected]],
      ["ARGUMENTS_PLACEHOLDER"],
    );
  }
});

test("Q117: {} that stays alone are the arguments", () => {
  assertCalls([at(0, start("a", "f", "{}"))], [["a", "f", "{}"]]);
  assertCalls([at(0, start("a", "f", "{}")), at(0, more(""))], [["a", "f", "{}"]]);
  assertCalls(
    [at(0, start("a", "f", "{}")), at(1, start("b", "g", '{"x":1}'))],
    [
      ["a", "f", "{}"],
      ["b", "g", '{"x":1}'],
    ],
  );
});

test("Q118: all arguments once more are ignored", () => {
  assertCalls(
    [at(0, start("a", "f", '{"a":1}')), at(0, more('{"a":1}'))],
    [["a", "f", '{"a":1}']],
    ["ARGUMENTS_RESENT"],
  );
  assertCalls(
    [at(0, start("a", "f")), at(0, more('{"a"')), at(0, more(":1}")), at(0, more('{"a":1}'))],
    [["a", "f", '{"a":1}']],
    ["ARGUMENTS_RESENT"],
  );
  // The whole call at the end.
  assertCalls(
    [
      at(0, start("a", "f")),
      at(0, more('{"a"')),
      at(0, more(":1}")),
      at(0, start("a", "f", '{"a":1}')),
    ],
    [["a", "f", '{"a":1}']],
    ["ARGUMENTS_RESENT"],
  );
});

test("Q118: a piece that repeats what came is not all of it", () => {
  assertCalls(
    [at(0, start("a", "f", '{"a":"')), at(0, more("x")), at(0, more("x")), at(0, more('"}'))],
    [["a", "f", '{"a":"xx"}']],
  );
  assertCalls(
    [at(0, start("a", "f", "[1")), at(0, more("[1")), at(0, more("]]"))],
    [["a", "f", "[1[1]]"]],
  );
});

test("Q119: null for arguments or the function", () => {
  for (const index of [{ index: 0 }, {}]) {
    assertCalls(
      [
        { ...index, id: "a", type: "function", function: { name: "f", arguments: null } },
        { ...index, function: null },
        { ...index, function: { arguments: '{"x":1}' } },
        { ...index, function: { name: null, arguments: null } },
        { ...index, function: null },
      ],
      [["a", "f", '{"x":1}']],
    );
  }
});

test("Q120: a whole call on the chunk with the finish reason", () => {
  const call = at(0, start("a", "f", '{"x":1}'));
  const made = decodes(cutOff(delta({ tool_calls: [call] }, { finish_reason: "tool_calls" })));
  assert.deepEqual(summary(made.calls), [["a", "f", '{"x":1}']]);
  // As Mistral has it: no index, no type.
  const { type: _, ...bare } = start("b", "g", "{}");
  const mistral = delta({ content: null, tool_calls: [bare] }, { finish_reason: "tool_calls" });
  const other = decodes(stream(delta({ role: "assistant", content: "" }), mistral), [
    "TOOL_CALL_TYPE_MISSING",
  ]);
  assert.deepEqual(summary(other.calls), [["b", "g", "{}"]]);
});

test("Q121: indices that begin anywhere, have gaps, and come in any order", () => {
  assertCalls([at(1, start("a", "f")), at(1, more('{"x":1}'))], [["a", "f", '{"x":1}']]);
  assertCalls(
    [
      at(7, start("a", "f", '{"x":')),
      at(3, start("b", "g", '{"y":')),
      at(7, more("1}")),
      at(3, more("2}")),
      at(5, start("c", "h", "{}")),
    ],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
      ["c", "h", "{}"],
    ],
  );
});

test("Q121: tool calls are found by their position", () => {
  const decoder = new StreamDecoder();
  decoder.feed(event(calls(at(4, start("a", "f", '{"x":1')), at(2, start("b", "g", '{"y":[')))));
  assert.deepEqual(decoder.partialArguments(0, 0).value, { x: 1 });
  assert.deepEqual(decoder.partialArguments(0, 1).value, { y: [] });
  assert.equal(decoder.partialArguments(0, 2), undefined);
  assert.equal(decoder.partialArguments(1, 0), undefined);
  decoder.free();
});

test("Q122: an index in a text, a huge one, a negative one", () => {
  assertCalls(
    [at("0", start("a", "f", '{"x":')), at(0, more("1}")), at("1", start("b", "g", "{}"))],
    [
      ["a", "f", '{"x":1}'],
      ["b", "g", "{}"],
    ],
    ["NUMBER_FROM_STRING"],
  );
  const odd = [2 ** 31, 2 ** 32, 2 ** 53, -1, 1e300, -(2 ** 31)];
  const fragments = odd.flatMap((index, i) => [at(index, start(`id${i}`, `f${i}`, '{"x":'))]);
  const rest = odd.map((index, i) => at(index, more(`${i}}`)));
  assertCalls(
    [...fragments, ...rest],
    odd.map((_, i) => [`id${i}`, `f${i}`, `{"x":${i}}`]),
  );
});

test("Q122: under a contract an index in a text is an error", () => {
  const chunk = {
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { tool_calls: [at("0", start("a", "f"))] }, finish_reason: null }],
  };
  const { error } = fails(stream(chunk), DecodeError, "BAD_TYPE", { contract: "openai" });
  assert.equal(error.path.join("."), "choices.0.delta.tool_calls.0.index");
});

test("Q122: more tool calls or choices than the limit", () => {
  const limits = { toolCalls: 2, choices: 2 };
  const call = (i) => calls(at(i, start(`id${i}`, "f", "{}")));
  const fine = stream(call(0), call(1), call(0), finish("tool_calls"));
  assert.equal(decoded(fine, { limits }).error?.code, undefined);
  const many = fails(stream(call(0), call(5), call(9)), LimitError, "LIMIT", { limits });
  assert.equal(many.error.limit, "toolCalls");
  assert.equal(many.error.partial.choices[0].message.toolCalls.length, 2);
  const choice = (index) => ({ id: "c1", choices: [{ index, delta: { content: "a" } }] });
  const choices = stream(choice(0), choice(5), choice(9));
  assert.equal(fails(choices, LimitError, "LIMIT", { limits }).error.limit, "choices");
});

test("Q123: what parses is not finished before the end", () => {
  const decoder = new StreamDecoder();
  decoder.feed(event(calls(at(0, start("a", "f", "12")))));
  assert.equal(decoder.partialArguments(0, 0).complete, false);
  decoder.feed(event(calls(at(0, more("3")))));
  assert.equal(decoder.partialArguments(0, 0).complete, false);
  decoder.feed(stream(finish("tool_calls")));
  decoder.end();
  const [call] = decoder.completion().choices[0].message.toolCalls;
  assert.equal(call.function.arguments, "123");
  decoder.free();
});

test("Q123: where the stream breaks off, the call at hand is not complete", () => {
  const states = (...fragments) =>
    fails(cutOff(...fragments.map((one) => calls(one))), TruncatedError).error.toolCalls.map(
      ({ id, state }) => [id, state],
    );
  assert.deepEqual(states(at(0, start("a", "f", '{"x":1}'))), [["a", "truncated"]]);
  assert.deepEqual(states(at(0, start("a", "f", "12"))), [["a", "truncated"]]);
  assert.deepEqual(states(at(0, start("a", "f", '{"x":1}')), at(1, start("b", "g"))), [
    ["a", "complete"],
    ["b", "truncated"],
  ]);
  assert.deepEqual(states(at(0, start("a", "f", '{"x":1]')), at(1, start("b", "g"))), [
    ["a", "invalid"],
    ["b", "truncated"],
  ]);
});

test("Q124: arguments that are cut off at the length limit are not made whole", () => {
  const made = decodes(stream(calls(at(0, start("a", "f", '{"x":[1,'))), finish("length")), [
    "ARGUMENTS_NOT_COMPLETE",
  ]);
  assert.deepEqual(summary(made.calls), [["a", "f", '{"x":[1,']]);
  assert.equal(
    made.issues.find(({ code }) => code === "ARGUMENTS_NOT_COMPLETE").severity,
    "warning",
  );
  const parsed = parseToolArguments(made.calls[0]);
  assert.equal(parsed.ok, false);
  assert.ok(parsed.error instanceof TruncatedError);
  // Complete ones are nothing to warn of.
  decodes(stream(calls(at(0, start("a", "f", '{"x":[1]}'))), finish("length")));
});

test("Q125: text and tool calls do not disturb each other", () => {
  const made = decodes(
    stream(
      delta({ role: "assistant", content: "Let me ", tool_calls: [] }),
      delta({ content: "look.", tool_calls: [] }),
      delta({ content: null, tool_calls: [at(1, start("a", "f", '{"x":'))] }),
      delta({ content: " And", tool_calls: [] }),
      delta({ content: null, tool_calls: [at(1, more("1}"))] }),
      delta({ content: " again.", tool_calls: [at(2, start("b", "g", "{}"))] }),
      finish("tool_calls"),
    ),
  );
  assert.equal(made.message.content, "Let me look. And again.");
  assert.deepEqual(summary(made.calls), [
    ["a", "f", '{"x":1}'],
    ["b", "g", "{}"],
  ]);
});

test("Q125: empty lists of tool calls are no tool calls", () => {
  const made = decodes(answer({ content: "a", tool_calls: [] }, { content: "b", tool_calls: [] }));
  assert.equal(made.message.content, "ab");
  assert.ok(!("toolCalls" in made.message));
  assert.ok(!codesOf(made.issues).includes("FINISH_TOOLS_WITHOUT_CALLS"));
});

test("Q19: a finish reason for tools without any call", () => {
  decodes(stream(delta({ content: "x" }), finish("tool_calls")), ["FINISH_TOOLS_WITHOUT_CALLS"]);
});

test("Q22: arguments that never come", () => {
  const made = decodes(calling(at(0, start("a", "f")), at(0, more(""))), ["EMPTY_ARGUMENTS"]);
  assert.deepEqual(summary(made.calls), [["a", "f", ""]]);
});
