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
  const source = Uint8Array.of(1, 2, 3);
  transfers.copy(500, 101, 1);
  transfers.write(100, source);
  source.fill(9);
  transfers.write(200, new Uint8Array(0));
  expect([transfers.read(100, 3), transfers.read(500, 2)]).toEqual([0, 3]);
  transfers.bring(memory);
  expect([...memory.bytes.subarray(100, 103)]).toEqual([1, 7, 3]);
  transfers.take(memory);
  const { results } = transfers;
  expect([...results]).toEqual([1, 7, 3, 7, 8]);
  transfers.reset();
  transfers.bring(memory);
  transfers.take(memory);
  expect(transfers.results.length).toBe(0);
  expect([...results]).toEqual([1, 7, 3, 7, 8]);
});

test("copies of neighbours are one; the numbers are lists after their lengths", () => {
  const transfers = new RunTransfers();
  transfers.write(10, Uint8Array.of(1, 2, 3, 4));
  transfers.copy(100, 200, 4);
  transfers.copy(104, 204, 4);
  transfers.copy(112, 208, 4);
  transfers.copy(116, 220, 4);
  transfers.read(300, 16);
  expect([...transfers.encode()]).toEqual([1, 10, 4, 3, 200, 100, 8, 208, 112, 4, 220, 116, 4, 1, 300, 16]);
  expect([...new RunTransfers().encode()]).toEqual([0, 0, 0]);
});

test("many bytes", () => {
  const memory = new Memory();
  const transfers = new RunTransfers();
  for (let i = 0; i < 100; i++) transfers.write(i, new Uint8Array(500).fill(i));
  transfers.bring(memory);
  expect([memory.bytes[0], memory.bytes[50], memory.bytes[598]]).toEqual([0, 50, 99]);
});
