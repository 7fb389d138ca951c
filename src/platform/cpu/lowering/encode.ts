/** Plans memory for lowered ops and writes them as the numbers that native/binding/program.cpp parses. */
import type { Storage } from "../../../tensor/tensor.js";
import { LifetimeError } from "../../../util/errors.js";
import type { Lifetime } from "../../plan-memory.js";
import { planMemory } from "../../plan-memory.js";
import { opcodes } from "../opcodes.js";
import type { LoweredOp } from "./lowered-op.js";

export interface EncodedProgram {
  /** [opcode, count, arguments ...] repeated */
  readonly records: Float64Array;
  /** Indexes of addresses that count from the workspace's start. */
  readonly relocations: Int32Array;
  readonly workspaceBytes: number;
}

/** @throws LifetimeError if an external storage has no address */
export function encode(ops: readonly LoweredOp[]): EncodedProgram {
  const { offsets, bytes } = planStorages(ops);
  const numbers: number[] = [];
  const relocations: number[] = [];
  for (const { kernel, args } of ops) {
    numbers.push(opcodes[kernel], args.length);
    for (const argument of args) {
      if (typeof argument === "number") {
        numbers.push(argument);
        continue;
      }
      const { storage, byteOffset } = argument;
      const offset = offsets.get(storage.id);
      if (offset === undefined && storage.address === undefined)
        throw new LifetimeError(`CPU platform: ${storage.label} has no address; load it before compiling`);
      if (offset !== undefined) relocations.push(numbers.length);
      numbers.push((offset ?? storage.address!) + byteOffset);
    }
  }
  return { records: Float64Array.from(numbers), relocations: Int32Array.from(relocations), workspaceBytes: bytes };
}

/** Offsets of the storages that live in the workspace, by id. */
function planStorages(ops: readonly LoweredOp[]): { offsets: Map<number, number>; bytes: number } {
  const lives = new Map<number, Lifetime & { storage: Storage }>();
  ops.forEach(({ args }, i) => {
    for (const argument of args) {
      if (typeof argument === "number") continue;
      const { storage } = argument;
      if (storage.kind !== "step" || storage.address !== undefined) continue;
      lives.set(storage.id, { storage, bytes: storage.bytes, first: lives.get(storage.id)?.first ?? i, last: i });
    }
  });
  const list = [...lives.values()];
  const plan = planMemory(list);
  return { offsets: new Map(list.map(({ storage }, i) => [storage.id, plan.offsets[i]!])), bytes: plan.bytes };
}
