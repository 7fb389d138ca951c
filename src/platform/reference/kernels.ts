/** The reference kernel of every op. This table is the list of ops that Quire has. */
import { mlaAttention, pagedAttention, writeKVCache, writeLatents } from "./attention.js";
import { clampedSwiglu } from "./clamped-swiglu.js";
import { activation, add, clamp, copy, gatedActivation, gatherRows, mul, scale, softcap } from "./elementwise.js";
import { embedding } from "./embedding.js";
import { combineExperts, expertLinear, expertLinearInt8 } from "./experts.js";
import { headLinear } from "./head-linear.js";
import { linear, linearInt8 } from "./linear.js";
import type { ReferenceKernel } from "./memory.js";
import { layerNorm, rmsNorm } from "./norm.js";
import { quantizeActivations } from "./quantize-activations.js";
import { rotaryEmbedding } from "./rotary-embedding.js";
import { sample } from "./sample.js";
import { causalConv1d, gatedRmsNorm, selectiveScan, ssdScan } from "./state-space.js";
import { topkRouting } from "./topk-routing.js";

export const referenceKernels: Readonly<Record<string, ReferenceKernel>> = {
  activation,
  add,
  causalConv1d,
  clamp,
  clampedSwiglu,
  combineExperts,
  copy,
  embedding,
  expertLinear,
  expertLinearInt8,
  gatedActivation,
  gatedRmsNorm,
  gatherRows,
  headLinear,
  layerNorm,
  linear,
  linearInt8,
  mlaAttention,
  mul,
  pagedAttention,
  quantizeActivations,
  rmsNorm,
  rotaryEmbedding,
  sample,
  scale,
  selectiveScan,
  softcap,
  ssdScan,
  topkRouting,
  writeKVCache,
  writeLatents,
};
