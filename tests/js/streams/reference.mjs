// What a well-behaved stream comes to, in the plainest JavaScript: TextDecoder, lines, JSON.parse,
// and texts put together by choice and tool call. Nothing is repaired here.
import { decode } from "chatwire";
import { write } from "../arbitraries.mjs";

/** The data of the events of a stream, up to [DONE]. */
export function dataOf(bytes) {
  const text = new TextDecoder().decode(bytes); // takes the byte order mark away
  const all = [];
  let data = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    if (line !== "") continue;
    const joined = data.join("\n").trim();
    data = [];
    if (joined === "[DONE]") break;
    if (joined !== "") all.push(joined);
  }
  return all;
}

// ---- Members ------------------------------------------------------------------------------------

const isNothing = (value) =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

function define(object, name, value) {
  Object.defineProperty(object, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** The last value that says something; one that says nothing only where there is no other. */
function takeLast(to, name, value) {
  if (!Object.hasOwn(to, name) || !isNothing(value)) define(to, name, value);
}

/** Texts, one after the other; null only where there is no text. */
function append(to, name, value) {
  if (typeof value === "string") to[name] = (to[name] ?? "") + value;
  else if (!(name in to)) to[name] = value;
}

function appendList(to, name, value) {
  if (Array.isArray(value)) to[name] = [...(to[name] ?? []), ...value];
  else if (!(name in to)) to[name] = value;
}

// ---- Parts --------------------------------------------------------------------------------------

/** Neighbours of one kind become one. */
function addPart(parts, part) {
  const last = parts.at(-1);
  if (last?.type !== part.type) parts.push(structuredClone(part));
  else if (part.type === "text") last.text += part.text;
  else if (part.type === "thinking")
    for (const inner of part.thinking) addPart(last.thinking, inner);
  else parts.push(structuredClone(part));
}

function addContent(message, content) {
  if (!Array.isArray(content) && !Array.isArray(message.content))
    return append(message, "content", content);
  const text = (given) => (given ? [{ type: "text", text: given }] : []);
  if (!Array.isArray(message.content)) message.content = text(message.content);
  for (const part of Array.isArray(content) ? content : text(content))
    addPart(message.content, part);
}

function addCall(message, { index, function: piece, ...members }, places) {
  message.tool_calls ??= [];
  if (!places.has(index)) {
    places.set(index, message.tool_calls.length);
    message.tool_calls.push({ function: {} });
  }
  const call = message.tool_calls[places.get(index)];
  for (const [name, value] of Object.entries(members)) takeLast(call, name, value);
  for (const [name, value] of Object.entries(piece ?? {}))
    if (name === "arguments") append(call.function, name, value);
    else takeLast(call.function, name, value);
}

const texts = new Set(["refusal", "reasoning", "reasoning_content"]);
const lists = new Set(["annotations", "images"]);

function addDelta(message, delta, places) {
  for (const [name, value] of Object.entries(delta)) {
    if (name === "content") addContent(message, value);
    else if (texts.has(name)) append(message, name, value);
    else if (lists.has(name)) appendList(message, name, value);
    else if (name === "tool_calls") for (const call of value) addCall(message, call, places);
    else if (name === "role") message.role = message.role || value;
    else takeLast(message, name, value);
  }
}

function addLogprobs(choice, logprobs) {
  if (logprobs === null) {
    if (!("logprobs" in choice)) choice.logprobs = null;
    return;
  }
  choice.logprobs ??= {};
  for (const name of ["content", "refusal"])
    if (name in logprobs) appendList(choice.logprobs, name, logprobs[name]);
}

// ---- Chunks -------------------------------------------------------------------------------------

class Choice {
  constructor(index) {
    this.places = new Map();
    this.made = { index, message: {} };
  }

  add({ index: _, delta, logprobs, finish_reason, ...members }) {
    addDelta(this.made.message, delta ?? {}, this.places);
    if (logprobs !== undefined) addLogprobs(this.made, logprobs);
    if (finish_reason !== undefined) takeLast(this.made, "finish_reason", finish_reason);
    for (const [name, value] of Object.entries(members)) takeLast(this.made, name, value);
  }
}

const firstOnes = ["id", "created", "model"];

/** The completion that these chunks come to, as it would be on the wire. */
export function wireCompletion(chunks) {
  const made = {};
  const choices = new Map();
  for (const chunk of chunks) {
    for (const [name, value] of Object.entries(chunk)) {
      if (["choices", "object", "obfuscation"].includes(name)) continue;
      if (firstOnes.includes(name)) made[name] = made[name] || value;
      else takeLast(made, name, value);
    }
    for (const choice of chunk.choices) {
      if (!choices.has(choice.index)) choices.set(choice.index, new Choice(choice.index));
      choices.get(choice.index).add(choice);
    }
  }
  const sorted = [...choices.values()].map((choice) => choice.made);
  sorted.sort((a, b) => a.index - b.index);
  for (const { message } of sorted) message.role = message.role || "assistant";
  return { ...made, object: "chat.completion", choices: sorted };
}

/** The completion that these events come to: an array of JSON texts. */
export function completionOf(data) {
  const wire = wireCompletion(data.map((one) => JSON.parse(one)));
  return decode(write(wire, 0), { allowEmptyChoices: true });
}
