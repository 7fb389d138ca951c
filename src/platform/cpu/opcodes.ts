/** Opcodes of the native kernels, mirrored by native/cpu/kernels.inc (which also lists their arguments). */
export const opcodes = {
  embedding: 1,
  packActivations: 2,
  linear: 3,
  rmsNorm: 4,
  layerNorm: 5,
  rotaryEmbedding: 6,
  writeKVCache: 7,
  pagedAttention: 8,
  activation: 9,
  gatedActivation: 10,
  add: 11,
  scale: 12,
  copy: 13,
  gatherRows: 14,
  writeMatrixRows: 15,
  readMatrixRows: 16,
  pagedAttentionMerge: 17,
  readMemory: 18,
  multiplyPeak: 19,
  sample: 20,
  addRmsNorm: 30,
  gatedLinear: 31,
  rotaryKVCache: 32,
} as const;

export type KernelName = keyof typeof opcodes;
