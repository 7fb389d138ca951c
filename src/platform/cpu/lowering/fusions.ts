/** The fusions of the CPU platform, in the order in which they are tried. */
import { addRmsNorm } from "./add-rms-norm.js";
import { expertGatedLinear } from "./experts.js";
import type { Fusion } from "./fusion.js";
import { gatedLinear } from "./gated-linear.js";
import { linearAdd } from "./linear.js";
import { packedAttention } from "./paged-attention.js";
import { rotaryKVCache } from "./rotary-kv-cache.js";

export const cpuFusions: readonly Fusion[] = [
  linearAdd,
  addRmsNorm,
  gatedLinear,
  expertGatedLinear,
  rotaryKVCache,
  packedAttention,
];
