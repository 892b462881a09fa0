// tRPC with a contract as its schema: of what comes in, and of what goes out. Both are bodies of the wire,
// and camelCase objects once they are through.
import { initTRPC } from "@trpc/server";
import { contracts, messageText, totalTokens } from "chatwire";

const { UPSTREAM, API_KEY = "none", MODEL = "plain" } = process.env;
const { procedure, router } = initTRPC.create();

export const app = router({
  /** Takes a completion, such as one from a log. What OpenAI's document forbids is a BAD_REQUEST. */
  record: procedure.input(contracts.openai).mutation(({ input }) => ({
    text: messageText(input.choices[0].message),
    tokens: totalTokens(input.usage),
  })),

  /** Gives a completion. One that is not what the document says does not reach the client. */
  ask: procedure.output(contracts.openai).mutation(async () => {
    const response = await fetch(`${UPSTREAM}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }] }),
    });
    return response.text();
  }),
});

const caller = app.createCaller({});
const completion = await caller.ask();
console.log(messageText(completion.choices[0].message));
console.log(completion.choices[0].finishReason, completion.usage?.totalTokens);

const forbidden = { id: "1", choices: [{ index: 0, message: { role: "assistant" } }] };
await caller.record(forbidden).catch(({ code, cause }) => {
  console.log(code);
  for (const { message } of cause.issues) console.log(message);
});
