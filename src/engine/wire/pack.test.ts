import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../util/errors.js";
import { FrameReader, FrameWriter } from "./frames.js";
import { Packer } from "./pack.js";
import { unpack } from "./unpack.js";

const packer = new Packer();
const through = (value: unknown): unknown => unpack(packer.pack(value));

/** Strings of all UTF-16 codes, halves of pairs among them. */
const anyString = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(undefined, null, true, false),
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    anyString,
    fc.float64Array(),
    fc.float32Array(),
    fc.int32Array(),
    fc.uint8Array(),
    fc.uint16Array(),
    fc.array(tie("value")),
    fc.dictionary(fc.oneof(anyString, fc.constant("__proto__")), tie("value"), { noNullPrototype: true }),
  ),
})).value;

describe("pack and unpack", () => {
  test("give every plain value back, to the last bit", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(through(value)).toStrictEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  test("at the borders of each length and size", () => {
    for (const size of [0, 15, 16, 31, 32, 47, 48, 49, 255, 256, 65535, 65536]) {
      expect(through("x".repeat(size))).toBe("x".repeat(size));
      expect(through("ä".repeat(size))).toBe("ä".repeat(size));
      const list = Array.from({ length: size }, (_, i) => i);
      expect(through(list)).toEqual(list);
      const map = Object.fromEntries(list.map((i) => [`k${i}`, -i]));
      expect(through(map)).toEqual(map);
      expect(through(new Uint8Array(size).fill(7))).toEqual(new Uint8Array(size).fill(7));
    }
    for (let power = 0; power < 70; power++) {
      for (const value of [2 ** power - 1, 2 ** power, -(2 ** power) - 1, -(2 ** power)])
        expect(through(value)).toBe(value);
    }
    for (const value of [-0, NaN, Infinity, -Infinity, Number.MIN_VALUE]) expect(through(value)).toBe(value);
  });

  test("keep undefined members, order, and a key __proto__ without effect", () => {
    const value = { z: undefined, a: [undefined, null], ...JSON.parse('{"__proto__": {"x": 1}}') };
    const back = through(value) as object;
    expect(Object.keys(back)).toEqual(["z", "a", "__proto__"]);
    expect((back as { x?: number }).x).toBeUndefined();
  });

  test("write MessagePack that others read", () => {
    const hex = (value: unknown) => packer.pack(value).toString("hex");
    expect(hex({ a: [1, -1, 200, 70000, 1.5, null, true, "é"] })).toBe(
      "81a1619801ffccc8ce00011170cb3ff8000000000000c0c3a2c3a9".replace("9801", "9801"),
    );
    expect(hex(new Uint8Array([1, 2]))).toBe("c4020102");
    expect(hex(5n)).toBe("d30000000000000005");
  });

  test("refuse what is not plain data, with what to do", () => {
    for (const value of [
      () => 1,
      Symbol("x"),
      new Map(),
      new Date(),
      class A {},
      2n ** 64n,
      new DataView(new ArrayBuffer(1)),
    ]) {
      expect(() => packer.pack({ a: [value] })).toThrow(ShapeError);
      expect(() => packer.pack(value)).toThrow(/only plain data can; use engine "in-process", or name a module/);
    }
    expect(through("still good")).toBe("still good");
  });

  test("unpack refuses damaged bytes with a ShapeError, always", () => {
    const bytes = packer.pack({ a: ["text", 1.5, new Float64Array(3), { b: [1, 2, 3] }], c: "x".repeat(100) });
    for (let end = 0; end < bytes.length; end++) expect(() => unpack(bytes.subarray(0, end))).toThrow(ShapeError);
    expect(() => unpack(Buffer.concat([bytes, bytes]))).toThrow(/too many/);
    fc.assert(
      fc.property(fc.uint8Array(), (garbage) => {
        try {
          unpack(Buffer.from(garbage));
        } catch (error) {
          expect(error).toBeInstanceOf(ShapeError);
        }
      }),
    );
  });
});

describe("frames", () => {
  test("come back whole and in order, wherever the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 8 }), fc.array(fc.nat({ max: 40 })), (messages, cuts) => {
        const writer = new FrameWriter();
        const reader = new FrameReader();
        let stream = Buffer.concat(messages.map((message) => writer.frame(message)));
        const read: unknown[] = [];
        for (const cut of cuts) {
          read.push(...reader.read(stream.subarray(0, cut)));
          stream = stream.subarray(cut);
        }
        read.push(...reader.read(stream));
        expect(read).toStrictEqual(messages);
      }),
    );
  });

  test("of a large message in small pieces cost no more than joining them once", () => {
    const big = new Float64Array(500_000).fill(0.1);
    const stream = new FrameWriter().frame(big);
    const reader = new FrameReader();
    const began = performance.now();
    const read: unknown[] = [];
    for (let at = 0; at < stream.length; at += 4096) read.push(...reader.read(stream.subarray(at, at + 4096)));
    expect(performance.now() - began).toBeLessThan(2000);
    expect(Buffer.from((read[0] as Float64Array).buffer).equals(Buffer.from(big.buffer))).toBe(true);
  });

  test("a broken stream is told", () => {
    expect(() => [...new FrameReader().read(Buffer.from("HTTP/1.1 400"))]).toThrow(/the stream is broken/);
  });
});
