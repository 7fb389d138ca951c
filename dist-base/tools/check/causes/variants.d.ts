import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { VariantStep } from "../reference/segment.js";
import type { Cause, Evidence } from "./evidence.js";
/** One changed form of a segment. */
export interface Variant {
    /** What is changed: "style gptj instead of neox in rotaryEmbedding of …". */
    readonly text: string;
    /** What takes the place of which records; records that are not in it stay. */
    readonly changes: ReadonlyMap<OpRecord, readonly VariantStep[]>;
    /** Puts values back that were known and had to be changed. */
    readonly undo?: () => void;
    /** What is changed, roughly: changes of different kinds are tried in pairs too. Undefined: alone only. */
    readonly kind?: string;
    /** Worth a pair even if alone it makes the numbers no better: what is taken away entirely. */
    readonly isPlain?: boolean;
}
/**
 * Runs variants, then pairs of those that may combine; the first that agrees is the cause.
 * @param likely texts of causes that were found elsewhere, without layer numbers: tried first
 */
export declare function variantCause(evidence: Evidence, variants: readonly Variant[], likely: ReadonlySet<string>): Promise<Cause | undefined>;
/** The same text for all layers. */
export declare function withoutLayers(text: string): string;
/** Changes of what an op is or takes: another function or style, inputs exchanged, the op left out. Few, and likely. */
export declare function opVariants(evidence: Evidence): Variant[];
/** Other numbers in the ops: scales, windows, caps. Many. */
export declare function numberVariants(evidence: Evidence): Variant[];
export declare function where({ op, scope }: OpRecord): string;
/** A value of the step, not a weight or a cache. */
export declare function isStep(tensor: Tensor): boolean;
