// The same where there is no Buffer, as in browsers: what reads the tape decides that when it is
// loaded, so this has a process of its own.
const { Buffer } = globalThis;
delete globalThis.Buffer;
await import("../../../build/modules/core/tape.js");
await import("chatwire");
globalThis.Buffer = Buffer;
await import("./strings.test.mjs");
await import("./suite.test.mjs");
await import("./like-objects.test.mjs");
