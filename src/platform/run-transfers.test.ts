import { expect, test } from "vitest";
import { RunTransfers } from "./run-transfers.js";

/** A kilobyte. */
class Memory {
  readonly bytes = new Uint8Array(1024);

  write(address: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, address);
  }

  read(address: number, target: Uint8Array): void {
    target.set(this.bytes.subarray(address, address + target.length));
  }
}

test("writes come first, then copies, then reads, and all is taken over when it is asked for", () => {
  const memory = new Memory();
  memory.write(500, Uint8Array.of(7, 8));
  const transfers = new RunTransfers();
  const source = Uint8Array.of(1, 2, 3, 4);
  transfers.copy(500, 101, 1);
  transfers.write(100, source);
  source.fill(9);
  transfers.write(200, new Uint8Array(0));
  expect([transfers.read(100, 3), transfers.read(500, 2)]).toEqual([0, 3]);
  transfers.bring(memory);
  expect([...memory.bytes.subarray(100, 104)]).toEqual([1, 7, 3, 4]);
  transfers.take(memory);
  expect([...transfers.results.subarray(0, 5)]).toEqual([1, 7, 3, 7, 8]);
  memory.bytes.fill(0);
  transfers.reset();
  transfers.read(0, 2);
  transfers.bring(memory);
  transfers.take(memory);
  expect([...transfers.results.subarray(0, 5)]).toEqual([0, 0, 3, 7, 8]);
  expect(memory.bytes.some((byte) => byte !== 0)).toBe(false);
});

test("copies of neighbours are one; a move is four numbers", () => {
  const transfers = new RunTransfers();
  transfers.write(10, Uint8Array.of(1, 2, 3, 4));
  transfers.copy(100, 200, 4);
  transfers.copy(104, 204, 4);
  transfers.copy(112, 208, 4);
  transfers.copy(116, 220, 4);
  transfers.read(300, 16);
  expect(transfers.numMoves).toBe(5);
  expect([...transfers.moves.subarray(0, 20)]).toEqual(
    [
      [0, 10, 0, 4],
      [1, 200, 100, 8],
      [1, 208, 112, 4],
      [1, 220, 116, 4],
      [2, 0, 300, 16],
    ].flat(),
  );
});

test("words, few and many", () => {
  const memory = new Memory();
  const transfers = new RunTransfers();
  const words = Int32Array.from({ length: 200 }, (_, i) => i);
  transfers.writeWords(0, words, 5, 3);
  transfers.writeWords(16, words, 100, 100);
  transfers.writeWords(500, words, 0, 0);
  transfers.bring(memory);
  expect([...new Int32Array(memory.bytes.buffer, 0, 5)]).toEqual([5, 6, 7, 0, 100]);
  expect(new Int32Array(memory.bytes.buffer, 16, 100)[99]).toBe(199);
  expect(() => transfers.write(0, Uint8Array.of(1))).toThrow(/whole words/);
});

test("many bytes", () => {
  const memory = new Memory();
  const transfers = new RunTransfers();
  for (let i = 0; i < 100; i++) transfers.write(i, new Uint8Array(500).fill(i));
  transfers.bring(memory);
  expect([memory.bytes[0], memory.bytes[50], memory.bytes[598]]).toEqual([0, 50, 99]);
  for (let i = 0; i < 300; i++) transfers.copy(8 * i, 4 * i, 4);
  expect(transfers.numMoves).toBe(400);
});
