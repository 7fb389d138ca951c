/** Attention mistakes that no attribute has: which KV head serves which query head, how a fused product is cut, sinks. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
/** Variants of a segment that attends. */
export declare function attentionVariants(evidence: Evidence): Variant[];
/** The value that an op's first input was before ops of this segment (rotary) changed it. */
export declare function lastInput(record: OpRecord, records: readonly OpRecord[]): Tensor;
