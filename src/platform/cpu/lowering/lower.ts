/** Lowers a recorded program to kernel calls: one walk, each fusion tried at each record, what is left one kernel an op. */
import type { RecordedProgram } from "../../platform.js";
import { UnsupportedError } from "../../../util/errors.js";
import { emitCustomOp } from "./custom-op.js";
import { emitRecord } from "./emit.js";
import type { Fusion } from "./fusion.js";
import type { LoweredOp } from "./lowered-op.js";
import { LoweringContext } from "./lowering-context.js";

/** The address of an op's function in a shared library. */
export type FindOp = (path: string, symbol: string) => number;

/**
 * @param fusions tried in order at every record; none: the plain list
 * @throws UnsupportedError naming the record when an op has no kernel
 */
export function lower(
  program: RecordedProgram,
  threads: number,
  fusions: readonly Fusion[],
  findOp?: FindOp,
): LoweredOp[] {
  const context = new LoweringContext(program, threads);
  const ops: LoweredOp[] = [];
  const done = new Set<number>();
  program.records.forEach((record, i) => {
    if (done.has(i)) return;
    for (const fusion of fusions) {
      const match = fusion.match(context, i);
      if (!match || match.records.some((index) => done.has(index))) continue;
      for (const index of match.records) done.add(index);
      ops.push(...match.emit());
      return;
    }
    const emitted = record.custom ? emitCustomOp(record, record.custom, findOp) : emitRecord(record, context);
    if (!emitted)
      throw new UnsupportedError(
        `program "${program.label}", record ${i}, op ${record.op} in ${record.scope || "the program itself"}: the CPU platform has no kernel for it`,
      );
    ops.push(...emitted);
  });
  return ops;
}
