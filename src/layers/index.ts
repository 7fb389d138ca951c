/** `quirelm/layers`: what a model file is built from. */
import "../util/copies.js";
export { fields, hfConfig } from "../config/hf-config.js";
export type { ConfigOf, Field, FieldOptions, HfConfig } from "../config/hf-config.js";
export { readHeads } from "../config/hf-heads.js";
export { mamba2Heads, mambaSizes, timeStepLimit } from "../config/hf-mamba.js";
export type { HeadsConfig } from "../config/hf-heads.js";
export { readRope } from "../config/hf-rope.js";
export type { RopeConfig, RopeOptions } from "../config/hf-rope.js";
export { rawEntry, rawValue, wrongField } from "../config/raw-config.js";
export type { RawConfig } from "../config/raw-config.js";
export { Attention } from "./attention.js";
export type { AttentionOptions } from "./attention.js";
export { CausalConv1d } from "./causal-conv1d.js";
export type { CausalConv1dOptions } from "./causal-conv1d.js";
export { CausalLM } from "./causal-lm.js";
export type { CausalLMClass, Rename } from "./causal-lm.js";
export { Embedding, ParallelLMHead, VocabParallelEmbedding } from "./embedding.js";
export { expertWeightSource } from "./experts-weight.js";
export type { ExpertNames, ExpertPart, ExpertsSpec } from "./experts-weight.js";
export { GatedMLP } from "./gated-mlp.js";
export { GatedRMSNorm } from "./gated-rms-norm.js";
export type { GatedRMSNormOptions } from "./gated-rms-norm.js";
export { declareKVCache, declareState, kvCacheOf, stateOf } from "./layer-cache.js";
export type { KVLayerSpec, LayerCacheSpec, Sight, StateLayerSpec } from "./layer-cache.js";
export { expertParts, unquantized, weightSource } from "./linear-method.js";
export type { ExpertsWeight, LinearMethod, LinearPart, LinearSpec, LinearWeight } from "./linear-method.js";
export {
  ColumnParallelLinear,
  MergedColumnParallelLinear,
  QKVParallelLinear,
  ReplicatedLinear,
  RouterLinear,
  RowParallelLinear,
} from "./linear.js";
export type { LinearOptions, MergedColumnOptions } from "./linear.js";
export { MambaMixer } from "./mamba-mixer.js";
export type { MambaMixerOptions } from "./mamba-mixer.js";
export { Mamba2Mixer } from "./mamba2-mixer.js";
export type { Mamba2MixerOptions } from "./mamba2-mixer.js";
export { MLP } from "./mlp.js";
export type { MLPOptions } from "./mlp.js";
export { MLAAttention } from "./mla-attention.js";
export type { MLAAttentionOptions } from "./mla-attention.js";
export { MLABlock } from "./mla-block.js";
export type { MLABlockOptions } from "./mla-block.js";
export { Module } from "./module.js";
export { HeadLayerNorm, LayerNorm, RMSNorm } from "./norm.js";
export type { HeadLayerNormOptions, LayerNormOptions, RMSNormOptions } from "./norm.js";
export { FusedMoE } from "./moe.js";
export type { ClampedSwiglu, FusedMoEOptions } from "./moe.js";
export { Prefix } from "./prefix.js";
export type { FusedQKV, QKVSources } from "./qkv-parts.js";
export { RotaryEmbedding } from "./rotary.js";
export { Source } from "./source.js";
