// JavaScript learns the models from the core: what it learns is what src/models says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { members, wireMembers } from "../../build/modules/core/models.js";
import { decode, toRequestMessage, toWire } from "../../build/modules/index.js";
import { lenient } from "./contracts/tables.mjs";

const letters = {
  text: "",
  integer: "n",
  count: "n",
  number: "n",
  boolean: "b",
  object: "o",
  objects: "l",
  integers: "a",
  numbers: "a",
  texts: "s",
  open: "j",
  content: "c",
};

test("encoding needs no decoding before it", () => {
  assert.deepEqual(toWire({ serviceTier: "default" }), { service_tier: "default" });
  const message = toRequestMessage({ reasoningContent: "hm" });
  assert.deepEqual(message, { role: "assistant", reasoning_content: "hm", content: "" });
});

test("the members of every model are those of the tables", () => {
  const ids = [...lenient.models.keys()];
  for (const [number, { id, fields }] of [...lenient.models.values()].entries()) {
    const expected = [...fields.values()].map(({ camel, wire, kind, object }) => {
      const child = object === null ? undefined : ids.indexOf(object);
      return { name: camel, wire, kind: letters[kind], child };
    });
    assert.deepEqual([...wireMembers(number).values()], expected, id);
    assert.deepEqual(members(number).slice(0, fields.size), expected, id);
  }
});

test("the flags that chatwire sets follow the other members", () => {
  const flag = (name) => ({ name, wire: "", kind: "b", child: undefined });
  const toolCall = [...lenient.models.keys()].indexOf("tool_call");
  assert.deepEqual(members(toolCall).slice(-2), [flag("idSynthetic"), flag("typeSynthetic")]);
});

test("objects are the same whether a builder or the table makes them", () => {
  // `messages` is no hot member, so it has its choice made by the table.
  const choice = { index: 0, message: { content: "4" }, finish_reason: "stop" };
  const { choices } = decode(JSON.stringify({ choices: [choice, { ...choice, messages: [] }] }));
  assert.deepEqual(choices[1], { ...choices[0], messages: [] });
});
