// What holds for any body: the value is the wire's in camelCase, damage ends in a documented error,
// and no decode leaves a trace in another.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import * as chatwire from "chatwire";
import fc from "fast-check";
import { documentWith, inCamelCase, modelValue, write } from "./arbitraries.mjs";
import { places } from "./contracts/samples.mjs";
import { contracts, lenient, rootModel, roots } from "./contracts/tables.mjs";
import { damaged } from "./json/documents.mjs";

const { ChatwireError, DecodeError, LimitError, ProviderError, TruncatedError } = chatwire;

fc.configureGlobal({ includeErrorInReport: true });

const decoders = { completion: chatwire.decode, chunk: chatwire.decodeChunk };
const safeDecoders = { completion: chatwire.safeDecode, chunk: chatwire.safeDecodeChunk };
const encoder = new TextEncoder();

const corpus = new URL("../../../shared/corpus/bodies/", import.meta.url);
const hasCorpus = existsSync(corpus);
const recorded = hasCorpus
  ? readdirSync(corpus).map((name) => ({ name, bytes: readFileSync(new URL(name, corpus)) }))
  : [];

/** The first place of each model in the documents of a contract. */
function placesOfModels(of) {
  const found = new Map();
  for (const root of roots)
    for (const place of places(of, root)) {
      const isError = place.fields.some(({ object }) => object === "error_payload");
      const inErrors = isError || place.fields[0]?.wire === "error";
      if (!inErrors && !found.has(place.model)) found.set(place.model, { root, place });
    }
  return [...found.values()];
}

/** Any body of a contract, with its root and what decoding makes of it. */
function bodies(of) {
  return fc.constantFrom(...roots).chain((root) =>
    fc.tuple(modelValue(of, rootModel(of, root)), fc.nat()).map(([wire, seed]) => ({
      root,
      text: write(wire, seed),
      expected: inCamelCase(of, rootModel(of, root), wire),
    })),
  );
}

describe("values of every model", () => {
  for (const of of [lenient, ...contracts]) {
    const options = of.name === undefined ? undefined : { contract: of.name };
    it(`are the wire's in camelCase: ${of.name ?? "lenient"}`, () => {
      const numRuns = of.name === undefined ? 60 : 25;
      for (const { root, place } of placesOfModels(of)) {
        const property = fc.property(documentWith(of, root, place), fc.nat(), (wire, seed) => {
          const expected = inCamelCase(of, rootModel(of, root), wire);
          const text = write(wire, seed);
          assert.deepStrictEqual(decoders[root](text, options), expected);
          if (text.isWellFormed())
            assert.deepStrictEqual(decoders[root](encoder.encode(text), options), expected);
        });
        fc.assert(property, { numRuns });
      }
    });
  }

  it("are found in errors, too", () => {
    const model = lenient.models.get("error_payload");
    const property = fc.property(
      modelValue(lenient, model).filter((payload) => Object.keys(payload).length !== 0),
      fc.constantFrom(...roots),
      fc.nat(),
      (payload, root, seed) => {
        const body = { id: "x", error: payload };
        const { error } = safeDecoders[root](write(body, seed));
        assert.ok(error instanceof ProviderError);
        assert.deepStrictEqual(error.error, inCamelCase(lenient, model, payload));
        assert.deepStrictEqual(error.raw, body);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});

describe("decoding", () => {
  const anyContract = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(...contracts.map(({ name }) => name)),
  );

  it("gives the same value for the same bytes, whatever holds them", () => {
    const property = fc.property(bodies(lenient), fc.nat(9), ({ root, text, expected }, at) => {
      const decode = decoders[root];
      assert.deepStrictEqual(decode(text), expected);
      assert.deepStrictEqual(decode(text), expected);
      if (!text.isWellFormed()) return;
      const bytes = encoder.encode(text);
      const padded = new Uint8Array(at + bytes.length + 3);
      padded.set(bytes, at);
      const part = padded.subarray(at, at + bytes.length);
      for (const input of [
        bytes,
        bytes.buffer,
        part,
        Buffer.from(bytes),
        new DataView(padded.buffer, at, bytes.length),
      ])
        assert.deepStrictEqual(decode(input), expected);
      assert.deepEqual(part, bytes, "the input is as it was");
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("changes nothing that an earlier decode gave", () => {
    const property = fc.property(
      fc.array(bodies(lenient), { minLength: 2, maxLength: 30 }),
      fc.array(damaged(bodies(lenient).map(({ text }) => encoder.encode(text))), { maxLength: 10 }),
      (all, broken) => {
        const values = all.map(({ root, text }) => decoders[root](text));
        for (const bytes of broken) chatwire.safeDecode(bytes);
        chatwire.safeDecode(`["${"x".repeat(300_000)}\\n\u00e9"]`);
        all.forEach(({ expected }, i) => {
          assert.deepStrictEqual(values[i], expected);
        });
      },
    );
    fc.assert(property, { numRuns: 20 });
  });

  it("is right after large bodies, whose memory is given back", () => {
    const body = (content) =>
      JSON.stringify({ choices: [{ index: 0, finish_reason: "stop", message: { content } }] });
    const parts = ["plain ", "a\nb", "caf\u00e9 "];
    for (const size of [4_500_000, 10, 1_500_000, 5_000, 3_000_000]) {
      for (const part of parts) {
        const content = part.repeat(size / part.length);
        for (const input of [body(content), encoder.encode(body(content))]) {
          const made = chatwire.decode(input).choices[0]?.message?.content;
          if (made !== content) assert.fail(`${size} of ${JSON.stringify(part)}`);
        }
      }
    }
  });

  it("ends in a documented error where bytes are damaged, and the next decode is right", () => {
    const sound = {
      choices: [{ index: 0, message: { content: "h\u00e9\n" }, finish_reason: "stop" }],
    };
    const whole = JSON.stringify(sound);
    const expected = {
      choices: [{ index: 0, message: { content: "h\u00e9\n" }, finishReason: "stop" }],
    };
    const random = bodies(lenient).map(({ text }) => encoder.encode(text));
    const bytes = fc.oneof(
      random,
      fc.constantFrom(...recorded.map(({ bytes }) => bytes), encoder.encode(whole)),
    );
    const counts = { value: 0, error: 0 };
    const property = fc.property(
      damaged(bytes),
      anyContract,
      fc.constantFrom(...roots),
      fc.boolean(),
      (input, contract, root, asText) => {
        const given = asText ? new TextDecoder().decode(input) : input;
        const size = asText ? encoder.encode(given).length : input.length;
        try {
          const value = decoders[root](given, { contract });
          assert.equal(Object.getPrototypeOf(value), Object.prototype);
          counts.value++;
        } catch (error) {
          checkError(error, size);
          counts.error++;
        }
        assert.deepStrictEqual(chatwire.decode(whole), expected);
      },
    );
    fc.assert(property, { numRuns: 3000 });
    assert.ok(counts.value > 200 && counts.error > 200, JSON.stringify(counts));
  });

  /** An error is one of those that are documented, and all that it says makes sense. */
  function checkError(error, size) {
    if (!(error instanceof ChatwireError)) throw error;
    const kinds = [TruncatedError, LimitError, ProviderError, DecodeError];
    assert.ok(kinds.some((kind) => error instanceof kind));
    assert.ok(error.issues.some(({ severity }) => severity === "error"));
    for (const { code, severity, path, offset, message } of error.issues) {
      assert.match(code, /^[A-Z0-9_]+$/);
      assert.match(severity, /^(info|warning|error)$/);
      assert.ok(path.every((step) => typeof step === "string" || Number.isInteger(step)));
      assert.ok(Number.isInteger(offset) && offset >= 0 && offset <= size, message);
    }
    // What is left of the body is plain data.
    if (error.partial !== undefined) structuredClone(error.partial);
    JSON.stringify(error.partial);
    if (error instanceof ProviderError) structuredClone(error.raw);
  }

  it("keeps of a body that is cut off what came", () => {
    const property = fc.property(bodies(lenient), fc.nat(), ({ root, text, expected }, at) => {
      const bytes = encoder.encode(text);
      const part = bytes.subarray(0, at % bytes.length);
      const { ok, error } = safeDecoders[root](part);
      if (ok) return assert.ok(part.length >= text.trimEnd().length);
      assert.match(error.code, /^(TRUNCATED|EMPTY_BODY)$/);
      if (error.partial !== undefined) assertPart(error.partial, expected);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("keeps what came wherever a body is cut off", () => {
    const whole = {
      id: "caf\u00e9 \u{1f600}",
      created: -120,
      usage: { cost: -1.5e-3, is_byok: false, prompt_tokens: 10, total_tokens: null },
      choices: [
        {
          index: 0,
          logprobs: {
            content: [{ token: "a", bytes: [97, 98], logprob: -0.5 }],
            tokens: ["x", ""],
          },
          message: {
            content: [
              { type: "text", text: "a\nb" },
              { type: "thinking", closed: true },
            ],
            tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
            other: { a: [true, null, { b: "c" }], d: 12.5 },
          },
          finish_reason: "tool_calls",
        },
      ],
    };
    const expected = inCamelCase(lenient, rootModel(lenient, "completion"), whole);
    const bytes = encoder.encode(write(whole, 1).trim());
    for (let size = 0; size < bytes.length; size++) {
      const { ok, error, issues } = chatwire.safeDecode(bytes.subarray(0, size));
      assert.ok(!ok);
      assertPart(error.partial ?? {}, expected);
      const code = size === 0 ? "EMPTY_BODY" : "TRUNCATED";
      assert.deepEqual(
        issues.map((issue) => issue.code),
        [code],
      );
    }
    assert.deepStrictEqual(chatwire.decode(bytes), expected);
  });

  /** What is there did come. A text may be a part of what it was to be, all else is whole. */
  function assertPart(part, whole) {
    if (typeof part === "string" && typeof whole === "string") {
      const kept = part.replace(/\ufffd$|[\ud800-\udbff]$/, "");
      assert.ok(whole.toWellFormed().startsWith(kept.toWellFormed()), `${part} of ${whole}`);
    } else if (typeof part === "object" && typeof whole === "object" && part && whole) {
      for (const name of Object.keys(part)) {
        assert.ok(Object.hasOwn(whole, name), name);
        assertPart(part[name], whole[name]);
      }
    } else if (part !== null) {
      assert.ok(Object.is(part, whole), `${part} is not ${whole}`);
    }
  }
});

describe("recorded bodies", () => {
  if (!hasCorpus) {
    it("are not here", (t) => t.skip(`there is no ${fileURLToPath(corpus)}`));
    return;
  }
  for (const { name, bytes } of recorded) {
    it(name, () => {
      const wire = JSON.parse(bytes.toString());
      const { ok, value, issues, error } = chatwire.safeDecode(bytes);
      assert.ok(ok, error?.message);
      assert.deepEqual(
        issues.filter(({ severity }) => severity === "error"),
        [],
      );
      assert.deepStrictEqual(chatwire.decode(bytes.toString()), value);
      if (chatwire.encode !== undefined)
        assert.deepStrictEqual(JSON.parse(chatwire.encode(value)), wire);
    });
  }
});
