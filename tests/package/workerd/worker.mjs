// A Worker that passes a stream on, decodes it on its way, and bills what it has used.
import * as chatwire from "chatwire";
import { conformance } from "./conformance.mjs";

async function bill(stream, env) {
  const { usage } = await chatwire.decodeStream(stream).finalCompletion();
  await fetch(env.BILLING, {
    method: "POST",
    body: JSON.stringify({ tokens: chatwire.totalTokens(usage) }),
  });
}

async function passOn(env, context) {
  const upstream = await fetch(env.UPSTREAM);
  const [forClient, forBill] = upstream.body.tee();
  context.waitUntil(bill(forBill, env));
  return new Response(forClient, upstream);
}

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/chat") return passOn(env, context);
    return Response.json(await conformance(chatwire));
  },
};
