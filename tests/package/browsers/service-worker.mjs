import { conformance } from "./conformance.mjs";
import * as chatwire from "./node_modules/chatwire/dist/index.js";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (new URL(event.request.url).pathname !== "/from-service-worker") return;
  event.respondWith(conformance(chatwire).then((report) => Response.json(report)));
});
