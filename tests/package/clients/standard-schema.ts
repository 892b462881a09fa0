// What tRPC and Hono's validator take the type of a contract to be. Compiled, never run.
import { sValidator } from "@hono/standard-validator";
import { type inferProcedureInput, type inferProcedureOutput, initTRPC } from "@trpc/server";
import { contracts, type openai } from "chatwire";
import { Hono } from "hono";

type Completion = openai.CreateChatCompletionResponse;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const { procedure, router } = initTRPC.create();
const trpc = router({
  record: procedure.input(contracts.openai).mutation(({ input }) => {
    const isTyped: Same<typeof input, Completion> = true;
    return isTyped && input.choices[0]?.finishReason;
  }),
  answer: procedure.output(contracts.openai).query(async () => new Uint8Array()),
});
// Whoever calls hands over JSON of the wire, in any form, and is given what the contract says.
export const input: Same<inferProcedureInput<typeof trpc.record>, unknown> = true;
export const output: Same<inferProcedureOutput<typeof trpc.answer>, Completion> = true;

new Hono().post("/record", sValidator("json", contracts.openai), (context) => {
  const completion = context.req.valid("json");
  const isTyped: Same<typeof completion, Completion> = true;
  // @ts-expect-error: the wire's names are gone
  void completion.choices[0]?.finish_reason;
  return context.json({ isTyped });
});
