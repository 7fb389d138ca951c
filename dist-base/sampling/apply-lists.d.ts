import type { SamplingRow } from "./sampler.js";
/** Allowed ids, banned ids, bias, in place. */
export declare function applyLists(logits: Float32Array, { state, outputTokenIds }: SamplingRow): void;
/** Penalties, temperature and min-p, in place; each value is rounded to f32 when it is stored. Not for greedy requests. */
export declare function applyDraw(logits: Float32Array, { state, outputTokenIds }: SamplingRow): void;
