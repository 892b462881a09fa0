import * as chatwire from "chatwire/external";
import module from "../../chatwire.wasm?module";
import { conformance } from "../../conformance.mjs";

export const runtime = "edge";

export async function GET() {
  await chatwire.init({ module });
  return Response.json(await conformance(chatwire));
}
