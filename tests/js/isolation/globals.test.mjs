// Nothing that others see is changed: by an import, by decodes, streams, errors or encoding.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { root } from "../../../scripts/shell.mjs";

/** Runs in a fresh process: prints every place among the globals that was made, lost or changed. */
async function changes() {
  // What is reached from the globals: functions, prototypes, all that they have.
  const reached = () => {
    const seen = new Map();
    const visit = (value, path) => {
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
      // The process's own state changes by itself; a module's loader keeps modules.
      if (seen.has(value) || /^globalThis\.(process|performance)\b/.test(path)) return;
      const members = new Map();
      seen.set(value, { path, members, prototype: Object.getPrototypeOf(value) });
      for (const key of Reflect.ownKeys(value)) {
        const descriptor = Object.getOwnPropertyDescriptor(value, key);
        members.set(key, descriptor);
        for (const part of ["value", "get", "set"])
          visit(descriptor[part], `${path}.${String(key)}`);
      }
      visit(Object.getPrototypeOf(value), `${path}.[[Prototype]]`);
    };
    visit(globalThis, "globalThis");
    return seen;
  };
  const isSame = (one, other) =>
    one !== undefined &&
    other !== undefined &&
    Reflect.ownKeys(one).every((part) => Object.is(one[part], other[part]));
  const differences = (before, after) => {
    const found = [];
    for (const [value, { path, members, prototype }] of before) {
      const now = after.get(value);
      if (now === undefined) {
        found.push(`${path} is gone`);
        continue;
      }
      if (now.prototype !== prototype) found.push(`${path} has another prototype`);
      for (const key of new Set([...members.keys(), ...now.members.keys()]))
        if (!isSame(members.get(key), now.members.get(key))) found.push(`${path}.${String(key)}`);
    }
    return found;
  };

  // Node makes some globals when they are first looked at, and some when they are first used.
  reached();
  await new Response(new ReadableStream({ start: (controller) => controller.close() })).text();
  new WebAssembly.Memory({ initial: 1 });
  reached();
  const before = reached();
  globalThis.made = 1;
  Array.prototype.made = 1;
  const self = differences(before, reached());
  delete globalThis.made;
  delete Array.prototype.made;

  const chatwire = await import("chatwire");
  await chatwire.init();
  const event =
    'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n';
  const completion = chatwire.decode(
    '{"choices":[{"message":{"content":"a"}}],"__proto__":{"x":1}}',
  );
  chatwire.encode(completion);
  chatwire.safeDecode("{");
  chatwire.safeDecode('{"error":"no"}');
  const chunks = await new Response(chatwire.encodeStream(chatwire.decodeStream([event]))).text();
  chatwire.parseToolArguments('{"a":1}');
  const decoder = new chatwire.StreamDecoder();
  decoder.feed(event);
  decoder.free();
  console.log(
    JSON.stringify({ self, found: differences(before, reached()), count: before.size, chunks }),
  );
}

test("globals and their prototypes stay as they are", () => {
  const output = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", `await (${changes})();`],
    { cwd: root, encoding: "utf8" },
  );
  const { self, found, count, chunks } = JSON.parse(output);
  assert.deepEqual(self.sort(), ["globalThis.Array.prototype.made", "globalThis.made"]);
  assert.ok(count > 1000, `${count} objects compared`);
  assert.match(chunks, /\[DONE\]/);
  assert.deepEqual(found, []);
});
