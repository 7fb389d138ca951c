/** Falcon 7B, 40B, 180B, 11B and RW: one or more KV heads, blocks one after the other or side by side. Follows HF modeling_falcon.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { readHeads } from "../config/hf-heads.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import type { RawConfig } from "../config/raw-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { MLP } from "../layers/mlp.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
import { ConfigError } from "../util/errors.js";

/** num_kv_heads counts in the new architecture; before, there was one KV head, or one for each query head. */
function falconHeads(raw: RawConfig): HeadsConfig {
  const { new_decoder_architecture: isNew, multi_query: isMultiQuery = true, num_kv_heads: numKvHeads } = raw;
  return readHeads({ ...raw, num_key_value_heads: isNew ? numKvHeads : isMultiQuery ? 1 : undefined });
}

export const config = hfConfig((f) => ({
  hiddenSize: f.int(undefined, { from: ["hidden_size", "n_embed"] }),
  ffnHiddenSize: f.optionalInt(),
  numHiddenLayers: f.int(),
  heads: falconHeads,
  rope: f.rope(),
  vocabSize: f.int(),
  activation: f.oneOf(activationKinds, "gelu"),
  layerNormEpsilon: f.number(1e-5),
  alibi: f.boolean(false),
  bias: f.boolean(false),
  parallelAttn: f.boolean(true),
  multiQuery: f.boolean(true),
  newDecoderArchitecture: f.boolean(false),
  numLnInParallelAttn: f.optionalInt(),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEpsilon });

/** How a layer's blocks get their input: norms one after the other, one norm for both, or one for each. */
type Blocks = "sequential" | "shared norm" | "two norms";

/** @throws ConfigError for combinations that HF cannot run either */
function blocksOf(c: Config): Blocks {
  const { newDecoderArchitecture: isNew, parallelAttn, numLnInParallelAttn: norms = isNew ? 2 : 1 } = c;
  if (!isNew && !parallelAttn) return "sequential";
  if (isNew && parallelAttn && norms === 2) return "two norms";
  if (parallelAttn && norms === 1) return "shared norm";
  throw new ConfigError(
    `config.json: new_decoder_architecture ${isNew} with parallel_attn ${parallelAttn} and num_ln_in_parallel_attn ${norms} ` +
      "is no Falcon; the new architecture has parallel_attn and 1 or 2 norms, the old one has 1",
  );
}

class FalconAttention extends Module<Config> {
  private c = this.config;
  private queryKeyValue = new QKVParallelLinear(this.at("query_key_value"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.bias,
    fused: "grouped",
  });
  private dense = new RowParallelLinear(this.at("dense"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: this.c.bias,
  });
  private rotaryEmb = this.c.alibi ? undefined : new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private scale = this.c.heads.headDim ** -0.5;
  /** The biases are scaled with the products. HF's eager attention adds them twice, its default once, as the models learned. */
  private attention = new Attention(this.at("attn"), {
    ...this.c.heads,
    scale: this.scale,
    alibi: this.c.alibi ? { scale: this.scale, rounding: "bf16" } : false,
  });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    let [q, k, v] = this.queryKeyValue.forward(x);
    if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
    return this.dense.forward(this.attention.forward(q, k, v));
  }
}

class FalconDecoderLayer extends Module<Config> {
  private c = this.config;
  private blocks = blocksOf(this.c);
  private selfAttention = new FalconAttention(this.at("self_attention"));
  private mlp = new MLP(this.at("mlp"), {
    hiddenSize: this.c.hiddenSize,
    intermediateSize: this.c.ffnHiddenSize ?? 4 * this.c.hiddenSize,
    hiddenAct: this.c.activation,
    names: ["dense_h_to_4h", "dense_4h_to_h"],
    bias: this.c.bias,
  });
  private lnAttn = new LayerNorm(
    this.at(this.blocks === "two norms" ? "ln_attn" : "input_layernorm"),
    normOptions(this.c),
  );
  private lnMlp =
    this.blocks === "shared norm"
      ? undefined
      : new LayerNorm(
          this.at(this.blocks === "two norms" ? "ln_mlp" : "post_attention_layernorm"),
          normOptions(this.c),
        );

  forward(positions: Tensor, x: Tensor): Tensor {
    const h = this.lnAttn.forward(x);
    const attended = this.selfAttention.forward(positions, h);
    if (this.blocks === "sequential") {
      x = add(x, attended);
      return add(x, this.mlp.forward(this.lnMlp!.forward(x)));
    }
    return add(x, add(attended, this.mlp.forward(this.lnMlp ? this.lnMlp.forward(x) : h)));
  }
}

class FalconModel extends Module<Config> {
  wordEmbeddings = new VocabParallelEmbedding(this.at("word_embeddings"), this.config);
  private h = this.list("h", this.config.numHiddenLayers, FalconDecoderLayer);
  private lnF = new LayerNorm(this.at("ln_f"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.wordEmbeddings.forward(inputIds);
    for (const layer of this.h) x = layer.forward(positions, x);
    return this.lnF.forward(x);
  }
}

export class FalconForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private transformer = new FalconModel(this.at("transformer"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), {
    ...this.config,
    bias: false,
    tiedTo: this.transformer.wordEmbeddings,
  });

  forward(step: Step): Tensor {
    return this.transformer.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
