import * as chatwire from "chatwire";
import { conformance } from "../../conformance.mjs";

export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await conformance(chatwire));
}
