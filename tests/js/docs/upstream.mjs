// A server for the examples of the documents, which talk to one as they would to a provider. The model
// that a request names decides how it answers.
import { createServer } from "node:http";

const meta = { id: "chatcmpl-1", created: 1763719200, system_fingerprint: "fp_1" };
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
const words = ["Tea", " takes", " patience."];

const completion = (model, message, more = {}) => ({
  ...meta,
  object: "chat.completion",
  model,
  choices: [
    {
      index: 0,
      message: { role: "assistant", refusal: null, ...message },
      logprobs: null,
      finish_reason: message.tool_calls ? "tool_calls" : "stop",
    },
  ],
  usage,
  ...more,
});

const chunk = (model, delta, finish_reason = null) => ({
  ...meta,
  object: "chat.completion.chunk",
  model,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
});

const texts = (model, pieces) => [
  chunk(model, { role: "assistant", content: "" }),
  ...pieces.map((content) => chunk(model, { content })),
  chunk(model, {}, "stop"),
  { ...meta, object: "chat.completion.chunk", model, choices: [], usage },
];

const call = (given) => ({ tool_calls: [{ index: 0, ...given }] });
const weather = { name: "weather", arguments: '{"city":"Bern"}' };
const recipe = '{"title":"Green tea","steps":["Boil water","Let it cool","Wait two minutes"]}';

/** How each model answers: `body`, `events`; `breaks` leaves the stream without its end. */
const models = {
  default: (model) => ({
    body: completion(model, { content: words.join("") }),
    events: texts(model, words),
  }),
  "breaks-off": (model) => ({
    body: completion(model, { content: words.join("") }),
    events: texts(model, words).slice(0, 3),
    breaks: true,
  }),
  "writes-json": (model) => ({
    body: completion(model, { content: recipe }),
    events: texts(model, recipe.match(/.{1,16}/g)),
  }),
  "calls-tools": (model) => ({
    body: completion(model, {
      content: null,
      tool_calls: [{ id: "call_1", type: "function", function: weather }],
    }),
    events: [
      chunk(model, { role: "assistant", content: null }),
      chunk(
        model,
        call({ id: "call_1", type: "function", function: { name: weather.name, arguments: "" } }),
      ),
      ...weather.arguments
        .match(/.{1,6}/g)
        .map((text) => chunk(model, call({ function: { arguments: text } }))),
      chunk(model, {}, "tool_calls"),
      { ...meta, object: "chat.completion.chunk", model, choices: [], usage },
    ],
  }),
  thinks: (model) => ({
    body: completion(model, { content: "42", reasoning_content: "Six by seven." }),
    events: [
      chunk(model, { role: "assistant", reasoning_content: "Six by" }),
      chunk(model, { reasoning_content: " seven." }),
      chunk(model, { content: "42" }),
      chunk(model, {}, "stop"),
    ],
  }),
  "no-credits": () => ({
    status: 402,
    body: { error: { message: "No credits left", type: "billing", code: "402" } },
  }),
};

async function answer(request, response) {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-allow-headers", "*");
  if (request.method === "OPTIONS") return response.end();
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  const { model = "gpt-4o-mini", stream = false, messages = [] } = text ? JSON.parse(text) : {};
  // Whoever answers a call is told something else.
  const isAnswered = messages.at(-1)?.role === "tool";
  const how = (!isAnswered && models[model]) || models.default;
  const { status = 200, body, events, breaks } = how(model);
  if (!stream || events === undefined) {
    response.writeHead(status, { "content-type": "application/json" });
    return response.end(JSON.stringify(body));
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end(breaks ? "" : "data: [DONE]\n\n");
}

/** Starts it: `{ url, close }`. `also(request, response)` may answer first. */
export async function startUpstream(also = () => false) {
  const server = createServer((request, response) => {
    if (!also(request, response)) answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
