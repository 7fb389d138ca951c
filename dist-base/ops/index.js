import "../chunks/copies-BSAA4BuG.js";
import { i as gatedActivation, n as activationKinds, t as activation } from "../chunks/activation-BsHeAGxe.js";
import { a as embedding, i as scale, n as layerNorm, r as add, t as rmsNorm } from "../chunks/rms-norm-DGbW-n_s.js";
import { n as writeKVCache, t as pagedAttention } from "../chunks/attention-C4lxNQM-.js";
import { n as convStateShape, t as causalConv1d } from "../chunks/causal-conv1d-OKN7kiNt.js";
import { t as clamp } from "../chunks/clamp-C8QnX9rm.js";
import { a as clampedSwiglu, i as topkRouting } from "../chunks/topk-routing-BHjuHnEs.js";
import { a as copy, i as Parameter, n as defineOp, t as gatherRows } from "../chunks/gather-rows-bb8SGkfy.js";
import { n as gatedRmsNorm, t as ssdScan } from "../chunks/ssd-scan-Dm29emrf.js";
import { a as expertLinearInt8, i as expertLinear, n as linearInt8, r as combineExperts, t as linear } from "../chunks/linear-DwAms2kL.js";
import { n as writeLatents, r as headLinear, t as mlaAttention } from "../chunks/mla-attention-Ick0Nbyq.js";
import { n as mul, t as sigmoid } from "../chunks/sigmoid-C2LM30-2.js";
import { t as rotaryEmbedding } from "../chunks/rotary-embedding-BBJLDoJG.js";
import { t as selectiveScan } from "../chunks/selective-scan-MR91gwIs.js";
import { t as softcap } from "../chunks/softcap-DT7Fy2yV.js";
import { n as programOf } from "../chunks/program-Dlln9x5O.js";
import { t as Tensor } from "../chunks/tensor-JGDOnnfU.js";
// src/ops/tap.ts
/**
* Names a value for `quire check --reference`, which compares it with the dump's tensor of that name, or shows it where the
* dump has none. Computes nothing, and costs nothing in ordinary runs: keep it in a model while you port it.
*
* @param name after the module that records it: "rotated" in `model.layers.0.self_attn` is `model.layers.0.self_attn.rotated`
* @param x    any tensor of the step
* @returns    x itself
* @throws LifetimeError if x belongs to no program
*/
function tap(name, x) {
	const program = programOf("tap", x);
	program.taps.push({
		name: program.scope === "" ? name : `${program.scope}.${name}`,
		tensor: x
	});
	return x;
}
export { Parameter, Tensor, activation, activationKinds, add, causalConv1d, clamp, clampedSwiglu, combineExperts, convStateShape, copy, defineOp, embedding, expertLinear, expertLinearInt8, gatedActivation, gatedRmsNorm, gatherRows, headLinear, layerNorm, linear, linearInt8, mlaAttention, mul, pagedAttention, rmsNorm, rotaryEmbedding, scale, selectiveScan, sigmoid, softcap, ssdScan, tap, topkRouting, writeKVCache, writeLatents };
