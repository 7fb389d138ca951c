/** `quirelm/ops`: the functions that a model's forward records. */
export { activation, activationKinds, gatedActivation } from "./activation.js";
export type { ActivationKind } from "./activation.js";
export { add } from "./add.js";
export { pagedAttention, writeKVCache } from "./attention.js";
export { copy } from "./copy.js";
export { embedding } from "./embedding.js";
export { gatherRows } from "./gather-rows.js";
export { layerNorm } from "./layer-norm.js";
export { linear, linearInt8 } from "./linear.js";
export { rmsNorm } from "./rms-norm.js";
export { rotaryEmbedding } from "./rotary-embedding.js";
export { scale } from "./scale.js";
export type { Step } from "./step.js";
export { tap } from "./tap.js";
export { Tensor } from "../tensor/tensor.js";
