// Whether zstd is all there is told by its frames, on any Node.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as zlib from "node:zlib";
import { ZstdFrames } from "../../../build/modules/cli/zstd.js";
import { chatwire, completion, lines, scratch } from "./support.mjs";

const write = scratch();
// 97 bytes of text, with their number and a checksum.
const frame = Buffer.from(
  "KLUv/SSGbQIA0gQRGYC3LQYcv6GgGC8UuI2whTnQmSkFE0EVNwTEStYFTbuduuYMALSYKLisCzy2U15KPSv7Bmb3CBfDPlwgcYXYewcVnVUBAGBPBwWyZSPk",
  "base64",
);
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const magic = frame.subarray(0, 4);
const last = (type, size, content) =>
  Buffer.concat([Buffer.from([1 | (type << 1) | ((size << 3) & 0xff), size >> 5, 0]), content]);
const window = Buffer.from([0x00, 0x50]); // no size, no checksum
const raw = Buffer.concat([magic, window, last(0, 40, Buffer.alloc(40))]);
const run = Buffer.concat([magic, window, last(1, 5000, Buffer.alloc(1))]);

function isComplete(bytes, size) {
  const frames = new ZstdFrames();
  for (let at = 0; at < bytes.length; at += size) frames.feed(bytes.subarray(at, at + size));
  return frames.isComplete;
}

describe("frames of zstd", () => {
  for (const [name, bytes] of Object.entries({
    "a compressed block": frame,
    "a raw block": raw,
    "a run of a byte": run,
    "a frame to be skipped": skippable,
  })) {
    test(`${name} ends where it ends`, () => {
      const two = Buffer.concat([bytes, skippable, bytes]);
      const ends = [bytes.length, bytes.length + skippable.length, two.length];
      for (let length = 0; length <= two.length; length++)
        for (const size of [1, 5, two.length])
          assert.equal(
            isComplete(two.subarray(0, length), size),
            length === 0 || ends.includes(length),
            `${length}`,
          );
    });
  }
});

const skip = !zlib.zstdCompressSync && "this Node has no zstd";
test("a log that is cut off is read as far as it goes, with status 2", { skip }, async () => {
  const log = lines(
    ...Array.from({ length: 20_000 }, (_, at) => completion({ id: `c-${at * 7919}` })),
  );
  const packed = zlib.zstdCompressSync(log);
  const cut = write("cut.jsonl.zst", packed.subarray(0, packed.length >> 1));
  const { code, stdout, stderr } = await chatwire(["stats", "--json", cut]);
  assert.equal(code, 2);
  assert.match(stderr, /cut\.jsonl\.zst: it cannot be unpacked: unexpected end of file/);
  assert.ok(JSON.parse(stdout).models[0].answers > 1000);
});
