/** Plans memory for lowered ops and writes them as the numbers that native/binding/program.cpp parses. */
import type { Storage } from "../../../tensor/tensor.js";
import { LifetimeError } from "../../../util/errors.js";
import type { Lifetime } from "../../plan-memory.js";
import { planMemory } from "../../plan-memory.js";
import { opcodes } from "../opcodes.js";
import type { LoweredOp } from "./lowered-op.js";
import { hostKernel } from "./lowered-op.js";

/** Ops that run natively in one go. */
export interface EncodedPiece {
  /** Index of the first of its ops in the program. */
  readonly firstOp: number;
  /** [opcode, count, arguments ...] repeated */
  readonly records: Float64Array;
  /** Indexes of addresses that count from the workspace's start. */
  readonly relocations: Int32Array;
}

/** An op that runs as TypeScript. */
export interface HostPiece {
  readonly firstOp: number;
  readonly host: LoweredOp;
  /** Where a storage lies: an address, or an offset into the workspace. */
  readonly placeOf: (storage: Storage) => { readonly address: number; readonly isOffset: boolean };
}

export interface EncodedProgram {
  /** In order; one native piece, unless there are ops that run as TypeScript. */
  readonly pieces: readonly (EncodedPiece | HostPiece)[];
  readonly workspaceBytes: number;
}

/** @throws LifetimeError if an external storage has no address */
export function encode(ops: readonly LoweredOp[]): EncodedProgram {
  const { offsets, bytes } = planStorages(ops);
  const placeOf = (storage: Storage): { address: number; isOffset: boolean } => {
    const offset = offsets.get(storage.id);
    if (offset === undefined && storage.address === undefined)
      throw new LifetimeError(`CPU platform: ${storage.label} has no address; load it before compiling`);
    return { address: offset ?? storage.address!, isOffset: offset !== undefined };
  };
  const pieces: (EncodedPiece | HostPiece)[] = [];
  let start = 0;
  ops.forEach((op, i) => {
    if (op.kernel !== hostKernel) return;
    if (i > start) pieces.push(encodePiece(ops.slice(start, i), start, placeOf));
    pieces.push({ firstOp: i, host: op, placeOf });
    start = i + 1;
  });
  if (start < ops.length || pieces.length === 0) pieces.push(encodePiece(ops.slice(start), start, placeOf));
  return { pieces, workspaceBytes: bytes };
}

function encodePiece(ops: readonly LoweredOp[], firstOp: number, placeOf: HostPiece["placeOf"]): EncodedPiece {
  const numbers: number[] = [];
  const relocations: number[] = [];
  for (const { kernel, args } of ops) {
    numbers.push(opcodes[kernel as keyof typeof opcodes], args.length);
    for (const argument of args) {
      if (typeof argument === "number") {
        numbers.push(argument);
        continue;
      }
      const { address, isOffset } = placeOf(argument.storage);
      if (isOffset) relocations.push(numbers.length);
      numbers.push(address + argument.byteOffset);
    }
  }
  return { firstOp, records: Float64Array.from(numbers), relocations: Int32Array.from(relocations) };
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
