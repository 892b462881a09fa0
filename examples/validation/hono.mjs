// Hono's validator with a contract as its schema: a route that takes completions as they came over the
// wire, and has camelCase objects.
import { sValidator } from "@hono/standard-validator";
import { contracts, messageText, totalTokens } from "chatwire";
import { Hono } from "hono";

export const app = new Hono().post("/record", sValidator("json", contracts.openai), (context) => {
  const { choices, usage } = context.req.valid("json");
  return context.json({ text: messageText(choices[0].message), tokens: totalTokens(usage) });
});

async function record(completion) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(completion);
  const response = await app.request("/record", { method: "POST", headers, body });
  console.log(response.status, JSON.stringify(await response.json()));
}

const message = { role: "assistant", content: "Hello!", refusal: null };
const choice = { index: 0, message, finish_reason: "stop", logprobs: null };
const usage = { prompt_tokens: 8, completion_tokens: 3, total_tokens: 11 };
const completion = { id: "c-1", object: "chat.completion", created: 1, model: "m" };
await record({ ...completion, choices: [choice], usage });
await record({ ...completion, choices: [{ ...choice, finish_reason: "bored" }] });
