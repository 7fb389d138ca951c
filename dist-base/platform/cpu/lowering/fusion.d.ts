/** What a fusion is: several records that one kernel computes. */
import type { LoweredOp } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
export interface FusionMatch {
    /** Indexes of all records that it computes. */
    readonly records: readonly number[];
    /** Called once, if the match is taken. */
    emit(): LoweredOp[];
}
/** Looks at the records from index `i` on; record `i` must be part of the match. Matching changes nothing. */
export interface Fusion {
    readonly name: string;
    match(context: LoweringContext, i: number): FusionMatch | undefined;
}
